// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses of frames that follow from what maps them, or from their slab cache. */
#include "model/frameuse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/array.h"
#include "model/vmallocrun.h"
#include "source/percpu.h"

/* A reading of them. */
struct reading {
	struct frame_uses *uses;
	struct cost *cost;
	const struct vmscope_info *info;
	size_t run; /* the first extent of the current run of vmalloc */
	struct frame_extent *code; /* areas of a process, by address */
	size_t nr_code;
	size_t room;
};

static int add_extent(struct frame_uses *uses, uint64_t pfn, uint64_t pages,
		      enum frame_use use)
{
	if (!array_reserve(&uses->extent, uses->nr + 1, &uses->room,
			   sizeof(uses->extent[0])))
		return -ENOMEM;
	uses->extent[uses->nr++] = (struct frame_extent){
		.start = pfn,
		.end = pfn + pages,
		.use = use,
	};
	return 0;
}

/* Sorts, and joins what overlaps: processes share code. */
static void put_in_order(struct frame_uses *uses)
{
	size_t nr = 0;

	array_sort(uses->extent, uses->nr, sizeof(uses->extent[0]));
	for (size_t i = 0; i < uses->nr; i++) {
		struct frame_extent *extent = &uses->extent[i];
		struct frame_extent *last = nr ? &uses->extent[nr - 1] : NULL;

		if (last && extent->start <= last->end &&
		    extent->use == last->use) {
			if (extent->end > last->end)
				last->end = extent->end;
			continue;
		}
		if (last && extent->start < last->end)
			extent->start = last->end;
		if (extent->start < extent->end)
			uses->extent[nr++] = *extent;
	}
	uses->nr = nr;
	uses->sorted = nr;
}

static int add_record(void *arg, const struct vmscope_record *rec)
{
	struct reading *r = arg;

	if (!vmscope_has_frame(rec))
		return 0;
	return add_extent(r->uses, rec->value,
			  (rec->end - rec->addr) / r->info->page_size,
			  USE_VMALLOC);
}

/* What the run is decides the use of its extents. */
static int end_run(void *arg, const struct vmalloc_run *run)
{
	struct reading *r = arg;
	enum frame_use use = USE_VMALLOC;

	if (run->kind == RUN_STACK)
		use = USE_STACK;
	else if (run->kind == RUN_MODULE)
		use = USE_MODULE;
	else if (percpu_is_chunk(run->area))
		use = USE_PERCPU;
	if (run->kind == RUN_IOREMAP || run->kind == RUN_RACED)
		r->uses->nr = r->run;
	for (; r->run < r->uses->nr; r->run++)
		r->uses->extent[r->run].use = use;
	return 0;
}

static int read_vmalloc(struct reading *r, struct target *kernel)
{
	struct vmalloc_runs runs = {
		.target = kernel,
		.cost = r->cost,
		.add = add_record,
		.end = end_run,
		.arg = r,
	};
	int ret = vmalloc_runs_read(&runs);

	for (size_t i = 0; i < runs.regions.nr; i++)
		if (runs.regions.region[i].region == VMSCOPE_REGION_DIRECT)
			r->uses->direct_map = runs.regions.region[i].start;
	r->uses->why = runs.vmallocinfo.why;
	vmalloc_runs_free(&runs);
	return ret;
}

static int add_code(void *arg, const struct vmscope_record *rec)
{
	struct reading *r = arg;

	if (vmscope_has_frame(rec) && rec->state == VMSCOPE_STATE_FILE)
		return add_extent(r->uses, rec->value,
				  (rec->end - rec->addr) / r->info->page_size,
				  USE_CODE);
	return 0;
}

static int note_area(void *arg, const struct vmscope_record *rec)
{
	struct reading *r = arg;

	if (rec->kind != VMSCOPE_KIND_AREA ||
	    !(rec->area->vma_flags & VMSCOPE_VMA_EXEC) ||
	    rec->area->name_kind != VMSCOPE_NAME_FILE)
		return 0;
	if (!array_reserve(&r->code, r->nr_code + 1, &r->room,
			   sizeof(r->code[0])))
		return -ENOMEM;
	r->code[r->nr_code++] = (struct frame_extent){
		.start = rec->addr,
		.end = rec->end,
	};
	return 0;
}

/* The areas first, so that entries are read in those only. */
static int read_code(void *arg, struct target *target)
{
	struct reading *r = arg;
	const struct vmscope_query areas = {
		.end = UINT64_MAX,
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS |
			 VMSCOPE_SCAN_SKIP_EMPTY,
		.levels = 1 << VMSCOPE_LEVEL_NONE,
	};
	struct vmscope_query query = {
		.flags = VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_FRAMES |
			 VMSCOPE_SCAN_SKIP_EMPTY,
	};
	int ret;

	r->nr_code = 0;
	ret = target_scan(target, &areas, r->cost, note_area, r);
	for (size_t i = 0; i < r->nr_code && !ret; i++) {
		query.start = r->code[i].start;
		query.end = r->code[i].end;
		ret = target_scan(target, &query, r->cost, add_code, r);
	}
	if (r->uses->nr > 2 * r->uses->sorted + 4096)
		put_in_order(r->uses);
	return ret;
}

/*
 * Reads what vmalloc, and executable areas of all processes, map: 0 or a
 * negative errno.
 */
int frame_uses_read(struct frame_uses *uses, struct target *kernel,
		    struct cost *cost)
{
	struct reading r = {
		.uses = uses,
		.cost = cost,
		.info = kernel->info,
	};
	int ret = read_vmalloc(&r, kernel);

	uses->scope = kernel->scope;
	if (!ret)
		ret = target_each(read_code, &r);
	if (!ret)
		put_in_order(uses);
	free(r.code);
	return ret;
}

/* Whether a frame that shows only @use can be used for @by. */
static bool is_narrower(enum frame_use use, enum frame_use by)
{
	if (by == USE_CODE)
		return use == USE_FILE;
	return use == USE_OTHER || use == USE_COMPOUND;
}

/*
 * The use of frame @pfn, which shows @use itself. Lowers @end to the first frame
 * after it that may have another one. Quick for frames in ascending order.
 */
enum frame_use frame_uses_find(struct frame_uses *uses, enum frame_use use,
			       uint64_t pfn, uint64_t *end)
{
	const struct frame_extent *extent;
	uint64_t change;
	bool inside;

	if (use != USE_FILE && use != USE_OTHER && use != USE_COMPOUND)
		return use;
	if (pfn < uses->last)
		uses->at = 0;
	uses->last = pfn;
	while (uses->at < uses->nr && uses->extent[uses->at].end <= pfn)
		uses->at++;
	if (uses->at == uses->nr)
		return use;
	extent = &uses->extent[uses->at];
	inside = extent->start <= pfn;
	change = inside ? extent->end : extent->start;
	if (change < *end)
		*end = change;
	return inside && is_narrower(use, extent->use) ? extent->use : use;
}

/* False if the slab changed meanwhile. */
static bool describe_slab(const struct frame_uses *uses,
			  const struct vmscope_frame *frame,
			  struct slab_use *slab)
{
	const uint64_t addr =
		uses->direct_map + VMSCOPE_WORD_ADDR(frame->where);
	struct vmscope_what what;

	if (!uses->direct_map || vmscope_what(uses->scope, addr, &what) ||
	    !(what.known & VMSCOPE_WHAT_CACHE) ||
	    what.cache.addr != frame->index)
		return false;
	slab->addr = what.cache.addr;
	slab->use = USE_SLAB_OTHER;
	if (what.cache.known & VMSCOPE_KNOWN_RECLAIM)
		slab->use = USE_SLAB_RECLAIM;
	else if (what.cache.known & VMSCOPE_KNOWN_POINTER)
		slab->use = USE_SLAB_KMALLOC;
	memcpy(slab->name, what.cache.name, sizeof(slab->name));
	return true;
}

/*
 * The cache of frames, or NULL if they are no slab or it is not known. The
 * module is asked once for each cache. Valid until the next call.
 */
const struct slab_use *frame_uses_slab(struct frame_uses *uses,
				       const struct vmscope_frame_run *run)
{
	struct slab_use found, *slab;
	size_t at;

	if (!(run->frame.known & VMSCOPE_FACT_CACHE))
		return NULL;
	at = array_below(uses->slab, uses->nr_slabs, sizeof(*slab),
			 run->frame.index);
	if (at && uses->slab[at - 1].addr == run->frame.index)
		return &uses->slab[at - 1];
	if (!describe_slab(uses, &run->frame, &found) ||
	    !array_reserve(&uses->slab, uses->nr_slabs + 1, &uses->slab_room,
			   sizeof(*slab)))
		return NULL;
	slab = &uses->slab[at];
	memmove(slab + 1, slab, (uses->nr_slabs++ - at) * sizeof(*slab));
	*slab = found;
	return slab;
}

void frame_uses_free(struct frame_uses *uses)
{
	free(uses->slab);
	free(uses->extent);
}
