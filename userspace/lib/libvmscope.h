/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvmscope: reads the page tables of a process, or of the kernel, through
 * /dev/vmscope.
 *
 *	struct vmscope *scope;
 *	struct vmscope_iter *iter;
 *	struct vmscope_record rec;
 *	struct vmscope_query query = { .end = UINT64_MAX };
 *	int ret = vmscope_open(&scope);
 *
 *	if (!ret)
 *		ret = vmscope_attach_pid(scope, pid);
 *	if (!ret)
 *		ret = vmscope_iter_create(&iter, scope, &query);
 *	while (!ret && (ret = vmscope_iter_next(iter, &rec)) > 0)
 *		use(&rec);
 *
 * Every function returns 0 or a negative errno unless it says otherwise. The
 * library prints nothing and keeps no global state; a handle belongs to one
 * thread at a time. The numbers are described in <vmscope/vmscope.h>.
 */
#ifndef _LIBVMSCOPE_H
#define _LIBVMSCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vmscope/vmscope.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vmscope;
struct vmscope_iter;

/**
 * struct vmscope_ops - where a handle's answers come from
 * @ioctl: carries out one VMSCOPE_IOC_* on @ctx; 0 or a negative errno
 * @close: releases @ctx; may be NULL
 *
 * The device is one such source. A recording or a test can be another.
 */
struct vmscope_ops {
	int (*ioctl)(void *ctx, unsigned long request, void *arg);
	void (*close)(void *ctx);
};

/**
 * enum vmscope_op - what was tried, for vmscope_explain()
 * @VMSCOPE_OP_OPEN: vmscope_open()
 * @VMSCOPE_OP_ATTACH: vmscope_attach_pid(), vmscope_attach_next(),
 *	vmscope_attach_pidfd(), vmscope_attach_kernel()
 * @VMSCOPE_OP_SCAN: vmscope_iter_next()
 * @VMSCOPE_OP_WALK: vmscope_walk_addr()
 * @VMSCOPE_OP_CENSUS: vmscope_count_tables(), vmscope_table_bytes()
 * @VMSCOPE_OP_WHAT: vmscope_what(), vmscope_what_symbol(),
 *	vmscope_what_of_cpu()
 * @VMSCOPE_OP_SLABS: vmscope_sum_slabs()
 * @VMSCOPE_OP_OBJECTS: vmscope_read_objects()
 * @VMSCOPE_OP_FRAMES: vmscope_read_frames()
 */
enum vmscope_op {
	VMSCOPE_OP_OPEN = 0,
	VMSCOPE_OP_ATTACH = 1,
	VMSCOPE_OP_SCAN = 2,
	VMSCOPE_OP_WALK = 3,
	VMSCOPE_OP_CENSUS = 4,
	VMSCOPE_OP_WHAT = 5,
	VMSCOPE_OP_SLABS = 6,
	VMSCOPE_OP_OBJECTS = 7,
	VMSCOPE_OP_FRAMES = 8,
};

/**
 * struct vmscope_query - what a scan reports
 * @start: first address; rounded down to a page; in the kernel's half raised to
 *	its start
 * @end: end of the range, exclusive; rounded up to a page, and cut at the end
 *	of user addresses or of the kernel's, so that UINT64_MAX means "all"
 * @flags: enum vmscope_scan_flag
 * @all_flags: entries that have all of these (enum vmscope_flag)
 * @any_flags: and any of these, unless 0
 * @none_flags: and none of these
 * @states: and whose state is one of these, (1 << enum vmscope_state); 0: any
 * @levels: and whose level is one of these, (1 << enum vmscope_level); 0: any
 * @run_flags: flags in which the entries of a run must agree
 * @facts: enum vmscope_frame_fact to report of frames; the entries of a run
 *	agree in them, too
 * @orders: and whose folio's order is one of these, (1 << order); 0: any
 * @nodes: and whose node is one of these, (1 << node), bit 63 for all above;
 *	0: any
 */
struct vmscope_query {
	uint64_t start;
	uint64_t end;
	uint64_t flags;
	uint64_t all_flags;
	uint64_t any_flags;
	uint64_t none_flags;
	uint64_t states;
	uint64_t levels;
	uint64_t run_flags;
	uint64_t facts;
	uint64_t orders;
	uint64_t nodes;
};

/**
 * struct vmscope_record - one record, decoded
 * @kind: enum vmscope_kind
 * @level: enum vmscope_level
 * @state: enum vmscope_state
 * @pkey: protection key
 * @cache: enum vmscope_cache
 * @has_raw: @raw is known: a PAGE record that is not withheld
 * @addr: first byte; of an AREA its start
 * @end: end, exclusive; of a TABLE the same as @addr
 * @flags: enum vmscope_flag
 * @raw: the entry as in memory, see @has_raw
 * @value: PFN or swap slot, see struct vmscope_page
 * @table_phys: of a TABLE: its physical address
 * @table_used: of a TABLE: entries that are not empty
 * @table_leaves: of a TABLE: entries that map a present page
 * @area: the area that holds @addr, NULL without VMSCOPE_SCAN_AREAS; valid
 *	until the next call on the iterator
 * @name: name of @area, zero-terminated raw bytes, "" if there is none; a path
 *	that is too long for a record is fetched by another call, so it is
 *	complete unless @area has VMSCOPE_AREA_NAME_CUT
 * @frame: facts of the frame of @addr, as far as they were asked for and are
 *	known; NULL if there are none. Valid as @area is.
 */
struct vmscope_record {
	unsigned int kind;
	unsigned int level;
	unsigned int state;
	unsigned int pkey;
	unsigned int cache;
	bool has_raw;
	uint64_t addr;
	uint64_t end;
	uint64_t flags;
	uint64_t raw;
	uint64_t value;
	uint64_t table_phys;
	uint64_t table_used;
	uint64_t table_leaves;
	const struct vmscope_area *area;
	const char *name;
	const struct vmscope_frame *frame;
};

/**
 * struct vmscope_cost - what a scan has cost so far
 * @entries: page table entries read
 * @raced: entries that changed while they were read
 * @max_hold_ns: longest time that a lock of the target was held
 * @calls: calls of the device
 */
struct vmscope_cost {
	uint64_t entries;
	uint64_t raced;
	uint64_t max_hold_ns;
	uint64_t calls;
};

/**
 * struct vmscope_bit - a named bit or value
 * @value: the bit, or the value of an enum
 * @name: its short name, as the tool shows it; NULL ends a table
 * @help: what it means, in one line
 */
struct vmscope_bit {
	uint64_t value;
	const char *name;
	const char *help;
};

int vmscope_open(struct vmscope **scope);
int vmscope_open_ops(struct vmscope **scope, const struct vmscope_ops *ops,
		     void *ctx);
void vmscope_close(struct vmscope *scope);
const struct vmscope_info *vmscope_get_info(const struct vmscope *scope);
int vmscope_attach_pid(struct vmscope *scope, int pid);
int vmscope_attach_next(struct vmscope *scope, int pid);
int vmscope_attach_pidfd(struct vmscope *scope, int pidfd);
int vmscope_attach_kernel(struct vmscope *scope);
const struct vmscope_attach *vmscope_get_attached(const struct vmscope *scope);
int vmscope_walk_addr(struct vmscope *scope, uint64_t addr,
		      struct vmscope_walk *walk, char *name, size_t name_bytes);
int vmscope_count_tables(struct vmscope *scope, struct vmscope_census *census);
int vmscope_table_bytes(struct vmscope *scope, uint64_t *bytes);
int vmscope_what(struct vmscope *scope, uint64_t addr,
		 struct vmscope_what *what);
int vmscope_what_symbol(struct vmscope *scope, uint64_t addr, uint64_t flags,
			char *text, size_t bytes, struct vmscope_what *what);
int vmscope_what_of_cpu(struct vmscope *scope, unsigned int cpu,
			uint64_t offset, struct vmscope_what *what);
int vmscope_sum_slabs(struct vmscope *scope, struct vmscope_slabs *slabs,
		      struct vmscope_slab_cache *caches, size_t nr);
int vmscope_read_frames(struct vmscope *scope, struct vmscope_frame_list *list,
			struct vmscope_frame_run *runs, size_t room,
			size_t *nr);
int vmscope_read_objects(struct vmscope *scope, uint64_t cursor[2],
			 struct vmscope_object *objects, size_t room,
			 size_t *nr);

int vmscope_iter_create(struct vmscope_iter **iter, struct vmscope *scope,
			const struct vmscope_query *query);
void vmscope_iter_destroy(struct vmscope_iter *iter);
int vmscope_iter_next(struct vmscope_iter *iter, struct vmscope_record *rec);
const struct vmscope_cost *vmscope_iter_cost(const struct vmscope_iter *iter);
void vmscope_page_decode(const struct vmscope_info *info,
			 const struct vmscope_page *page,
			 struct vmscope_record *rec);

const char *vmscope_explain(enum vmscope_op op, int err, char *buf,
			    size_t bytes);

/* The name of a number; "?" if this library does not know it. */
const char *vmscope_state_name(unsigned int state);
const char *vmscope_level_name(unsigned int level);
const char *vmscope_cache_name(unsigned int cache);
const char *vmscope_region_name(unsigned int region);
const char *vmscope_frame_kind_name(unsigned int kind);
const char *vmscope_object_name(unsigned int type);

/*
 * Constant tables, ended by a NULL name, by bit or by number. The help of a
 * feature says why it is off.
 */
const struct vmscope_bit *vmscope_state_table(void);
const struct vmscope_bit *vmscope_level_table(void);
const struct vmscope_bit *vmscope_cache_table(void);
const struct vmscope_bit *vmscope_flag_table(void);
const struct vmscope_bit *vmscope_vma_table(void);
const struct vmscope_bit *vmscope_page_flag_table(void);
const struct vmscope_bit *vmscope_zone_table(void);
const struct vmscope_bit *vmscope_feature_table(void);
const struct vmscope_bit *vmscope_why_table(void);
const struct vmscope_bit *vmscope_name_kind_table(void);
const struct vmscope_bit *vmscope_region_table(void);
const struct vmscope_bit *vmscope_frame_kind_table(void);
const struct vmscope_bit *vmscope_known_table(void);
const struct vmscope_bit *vmscope_object_table(void);
const struct vmscope_bit *vmscope_arch_names(void);

bool vmscope_has_frame(const struct vmscope_record *rec);
bool vmscope_has_slot(const struct vmscope_record *rec);
size_t vmscope_raw_flags(const struct vmscope_info *info, unsigned int level,
			 uint64_t addr, uint64_t raw, char *buf, size_t bytes);
size_t vmscope_word_flags(const struct vmscope_info *info, unsigned int level,
			  uint64_t what, bool leaf, char *buf, size_t bytes);
size_t vmscope_entry_flags(const struct vmscope_info *info,
			   const struct vmscope_record *rec, char *buf,
			   size_t bytes);

#ifdef __cplusplus
}
#endif

#endif /* _LIBVMSCOPE_H */
