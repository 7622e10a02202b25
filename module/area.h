/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _VMSCOPE_AREA_H
#define _VMSCOPE_AREA_H

#include <linux/types.h>

struct address_space;
struct vm_area_struct;

/**
 * struct vmscope_area_facts - what the engine needs to know of one area
 * @start: first address
 * @end: end, exclusive
 * @vm_flags: the kernel's own flags
 * @vma_flags: enum vmscope_vma
 * @offset: into the file, in bytes
 * @inode: inode number, or 0
 * @dev: (major << 32) | minor, or 0
 * @name_kind: enum vmscope_name
 * @page_size: bytes
 * @page_state: enum vmscope_state of an ordinary present page, or 0 if that
 *	depends on the frame
 * @other_state: enum vmscope_state of a present page whose frame is not
 *	anonymous and belongs to a page cache
 * @anonymous: private anonymous memory
 * @dax: maps a file without a page cache
 * @pfnmap: frames without pages may be mapped, at any level
 * @shmem: the page cache to search for swapped pages, or NULL. The area pins
 *	it, so use it only while the area cannot go away.
 * @first_index: index in the file, in base pages, of the page at @start
 * @name_cut: vmscope_area_name() had no room for the whole name
 * @marks: VMSCOPE_AREA_*, but for VMSCOPE_AREA_NAME_CUT
 */
struct vmscope_area_facts {
	unsigned long start;
	unsigned long end;
	unsigned long vm_flags;
	u64 vma_flags;
	u64 offset;
	u64 inode;
	u64 dev;
	u64 name_kind;
	u64 page_size;
	u8 page_state;
	u8 other_state;
	bool anonymous;
	bool dax;
	bool pfnmap;
	struct address_space *shmem;
	unsigned long first_index;
	bool name_cut;
	u64 marks;
};

void vmscope_area_init(void);
void vmscope_area_describe(struct vm_area_struct *vma,
			   struct vmscope_area_facts *area);
unsigned int vmscope_area_name(struct vm_area_struct *vma, char *buf,
			       unsigned int bytes, const char **name,
			       bool *cut);
bool vmscope_area_is_all_cache(struct vm_area_struct *vma,
			       const struct vmscope_area_facts *area);
u64 vmscope_area_behind(struct vm_area_struct *vma, unsigned long addr,
			unsigned long *end);
u64 vmscope_area_key(const struct vmscope_area_facts *area);

#endif /* _VMSCOPE_AREA_H */
