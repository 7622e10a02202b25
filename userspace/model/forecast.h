/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _FORECAST_H
#define _FORECAST_H

#include "model/access.h"
#include "model/page.h"
#include "source/faultfacts.h"

/* What the settings of the kernel say of faults. */
struct forecast_facts {
	const struct vmscope_info *info;
	struct thp_sizes thp;
};

/* Neighbouring pages whose accesses end alike. */
struct forecast_row {
	struct page_row page; /* its record is @rec */
	struct vmscope_record rec;
	enum outcome outcome[NR_ACCESSES];
};

/* One access to each of many pages. */
struct forecast_sum {
	uint64_t access; /* enum access */
	uint64_t pages; /* base pages */
	uint64_t fate[NR_FATES]; /* of these, by how the access ends */
	/* faults, each page by itself; and if neighbours come with it */
	uint64_t faults;
	uint64_t faults_least;
	uint64_t bytes; /* what is read from swap devices and files */
	uint64_t bytes_least; /* the part of it that is certain */
};

extern const struct column_set forecast_columns, forecast_sum_columns;

bool forecast_row_joins(const struct forecast_row *row,
			const struct forecast_row *next);
void forecast_count(struct forecast_sum sums[NR_ACCESSES],
		    uint64_t covered[NR_ACCESSES],
		    const struct forecast_row *row,
		    const struct forecast_facts *facts);
void forecast_add(struct forecast_sum to[NR_ACCESSES],
		  const struct forecast_sum from[NR_ACCESSES]);

#endif /* _FORECAST_H */
