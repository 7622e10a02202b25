/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FAULTFACTS_H
#define _FAULTFACTS_H

#include <stdbool.h>
#include <stdint.h>

struct target;
struct vmscope_area;

enum fact { FACT_UNKNOWN, FACT_NO, FACT_YES };

/* Bytes of the largest page that a fault may make. */
struct thp_sizes {
	uint64_t always; /* in any area of anonymous memory */
	uint64_t advised; /* in one with MADV_HUGEPAGE */
	bool no_huge_zero; /* the huge page of zeros is not in use */
};

void thp_sizes_read(struct thp_sizes *sizes, uint64_t page_bytes);
enum fact file_system_full(const struct target *target,
			   const struct vmscope_area *area);
enum fact huge_page_left(const struct target *target,
			 const struct vmscope_area *area);
enum fact stack_may_grow(const struct target *target, uint64_t addr,
			 uint64_t *vma_flags);
bool proc_of_target(const struct target *target, const char *name, char *path,
		    unsigned long bytes);

#endif /* _FAULTFACTS_H */
