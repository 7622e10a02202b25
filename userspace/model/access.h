/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ACCESS_H
#define _ACCESS_H

#include <stdbool.h>
#include <vmscope/libvmscope.h>

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/**
 * struct access_page - a page, and what an access depends on besides
 * @rec: the page, and its area where it has one
 * @behind: enum vmscope_behind
 * @knows_uffd: @uffd_features are known
 * @uffd_features: what the userfaultfd of the area asked for: UFFD_FEATURE_*
 *	of linux/userfaultfd.h
 */
struct access_page {
	const struct vmscope_record *rec;
	uint64_t behind;
	bool knows_uffd;
	uint64_t uffd_features;
};

const char *access_outcome(enum access access, const struct access_page *page);
const char *state_sentence(const struct access_page *page);
const char *behind_name(uint64_t behind);
const struct vmscope_bit *behind_table(void);

#endif /* _ACCESS_H */
