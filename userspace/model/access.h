/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _ACCESS_H
#define _ACCESS_H

#include <stdbool.h>
#include <vmscope/libvmscope.h>

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/* A page, and the other facts that an access depends on. */
struct access_page {
	/* the page, and its area if it has one */
	const struct vmscope_record *rec;
	uint64_t behind; /* enum vmscope_behind */
	bool knows_uffd; /* @uffd_features are known */
	/*
	 * what the userfaultfd of the area asked for: UFFD_FEATURE_* of
	 * linux/userfaultfd.h
	 */
	uint64_t uffd_features;
};

const char *access_outcome(enum access access, const struct access_page *page);
const char *state_sentence(const struct access_page *page);
const char *behind_name(uint64_t behind);
const struct vmscope_bit *behind_table(void);

#endif /* _ACCESS_H */
