// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frame number -> its use, and the block that it belongs to.
 *
 * No reference is held, so a page may be freed and reused between any two reads
 * of its struct. So each word is read once, the kernel's own test functions are
 * not called because they may BUG() on a page that changes, and words that are
 * inconsistent are read again.
 */
#include "block.h"

#include <linux/bits.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>

#include "../../include/uapi/vmscope.h"
#include "../compat/compat.h"
#include "../compat/pagetype.h"

#define MAX_TRIES 3

/* The words of a struct page that the decoder needs. */
struct words {
	unsigned long flags;
	unsigned long mapping;
	unsigned long private;
	u32 type;
};

static void read_words(const struct page *page, struct words *words)
{
	words->flags = compat_flags(page);
	words->type = READ_ONCE(page->page_type);
	words->mapping = (unsigned long)READ_ONCE(page->mapping);
	words->private = READ_ONCE(page->private);
}

/*
 * A page without a type: drivers use the same field for other data, so only a
 * kernel pointer counts as a mapping.
 * Source: "On an anonymous folio mapped into a user virtual memory area" in
 * include/linux/page-flags.h
 */
static unsigned int mapped_kind(const struct page *head, unsigned long mapping,
				unsigned int otherwise)
{
	if (mapping & FOLIO_MAPPING_ANON)
		return VMSCOPE_FRAME_ANON;
	if (!(mapping & FOLIO_MAPPING_FLAGS) && mapping >= PAGE_OFFSET &&
	    page_ref_count(head))
		return VMSCOPE_FRAME_CACHE;
	return otherwise;
}

static unsigned int untyped_kind(struct page *head, const struct words *words)
{
	bool compound = words->flags & BIT(PG_head);

	if (words->flags & BIT(PG_reserved))
		return VMSCOPE_FRAME_RESERVED;
	if (words->flags & COMPAT_HWPOISON && !compound)
		return VMSCOPE_FRAME_HWPOISON;
	if (compound && compat_is_hugetlb(head))
		return VMSCOPE_FRAME_HUGETLB;
	return mapped_kind(head, words->mapping,
			   compound ? VMSCOPE_FRAME_COMPOUND :
				      VMSCOPE_FRAME_OTHER);
}

/* Words from before and after a reuse could combine to a false result. */
static bool is_still(const struct page *page, const struct page *head,
		     const struct words *words)
{
	const unsigned long kept = BIT(PG_head) | BIT(PG_reserved);
	unsigned long flags = compat_flags(head);

	return (const struct page *)page_folio(page) == head &&
	       !((flags ^ words->flags) & kept) &&
	       compat_typed_kind(flags, READ_ONCE(head->page_type)) ==
		       compat_typed_kind(words->flags, words->type);
}

static bool set_order(struct vmscope_block *block, unsigned int order,
		      unsigned int max)
{
	block->order = order;
	return order <= max && IS_ALIGNED(block->head, 1UL << order);
}

static bool find_order(struct page *head, const struct words *words,
		       struct vmscope_block *block)
{
	if (block->kind == VMSCOPE_FRAME_FREE)
		return set_order(block, words->private, COMPAT_MAX_PAGE_ORDER);
	if (!(words->flags & BIT(PG_head)))
		return set_order(block, 0, 0);
	return set_order(block, compound_order(head),
			 COMPAT_MAX_COMPOUND_ORDER) &&
	       block->order;
}

static bool holds(const struct vmscope_block *block, unsigned long pfn)
{
	return pfn - block->head < 1UL << block->order;
}

/* A struct page that was never initialized has all bits set. */
static bool is_uninitialised(const struct page *page)
{
	return compat_flags(page) == ~0UL;
}

static bool look(unsigned long pfn, struct vmscope_block *block)
{
	struct page *page = pfn_to_page(pfn), *head;
	struct words words;

	block->head = pfn;
	block->order = 0;
	block->kind = VMSCOPE_FRAME_HOLE;
	if (is_uninitialised(page))
		return true;
	head = (struct page *)page_folio(page);
	if (head != page) {
		block->head = page_to_pfn(head);
		if (block->head > pfn || !pfn_to_online_page(block->head))
			return false;
	}
	read_words(head, &words);
	block->kind = compat_typed_kind(words.flags, words.type);
	if (!block->kind)
		block->kind = untyped_kind(head, &words);
	return find_order(head, &words, block) && holds(block, pfn) &&
	       is_still(page, head, &words);
}

/**
 * vmscope_block_at - classify an online frame
 * @pfn: frame number
 * @block: filled in; kind VMSCOPE_FRAME_UNKNOWN and only @pfn if it kept
 *	changing. Only vmscope_block_of() recognizes the frames of a free
 *	block after the first.
 *
 * Context: RCU read-side section in which pfn_to_online_page() found @pfn.
 */
void vmscope_block_at(unsigned long pfn, struct vmscope_block *block)
{
	unsigned int tries;

	for (tries = 0; tries < MAX_TRIES; tries++)
		if (look(pfn, block))
			return;
	block->head = pfn;
	block->order = 0;
	block->kind = VMSCOPE_FRAME_UNKNOWN;
}

#define NOT_PLAIN \
	(BIT(PG_head) | BIT(PG_reserved) | COMPAT_HWPOISON | COMPAT_SLAB_FLAG)

/* A single page without a type has a count of mappings in that field. */
static __always_inline bool is_plain(const struct page *page,
				     unsigned long flags)
{
	return !(flags & NOT_PLAIN) && (s32)READ_ONCE(page->page_type) >= -1 &&
	       !((unsigned long)READ_ONCE(page->lru.next) & 1);
}

/*
 * Classifies as vmscope_block_at() does, in a third of the time. Return: false
 * if the page is none of the commonest kinds, or changes
 */
static __always_inline bool read_plain(const struct page *page,
				       struct vmscope_plain *plain)
{
	plain->flags = compat_flags(page);
	if (!is_plain(page, plain->flags))
		return false;
	plain->mapping = (unsigned long)READ_ONCE(page->mapping);
	plain->kind = mapped_kind(page, plain->mapping, VMSCOPE_FRAME_OTHER);
	return is_plain(page, compat_flags(page));
}

/**
 * vmscope_count_plain - count frames of the commonest kinds
 * @pfn: first frame
 * @end: end, exclusive; in the same subsection
 * @kinds: by enum vmscope_frame_kind: incremented
 *
 * Context: RCU read-side section in which pfn_to_online_page() found @pfn.
 * Return: the first frame that was not counted
 */
unsigned long vmscope_count_plain(unsigned long pfn, unsigned long end,
				  u64 *kinds)
{
	const struct page *page = pfn_to_page(pfn);
	struct vmscope_plain plain;

	for (; pfn < end && read_plain(page, &plain); pfn++, page++)
		kinds[plain.kind]++;
	return pfn;
}

/**
 * vmscope_plain_run - find frames of the commonest kinds that agree
 * @pfn: first frame
 * @end: end, exclusive; in the same subsection
 * @mask: PG_* bits in which they must agree, besides kind and anonymity
 * @first: filled in unless there is none
 *
 * Context: RCU read-side section in which pfn_to_online_page() found @pfn.
 * Return: the first frame that does not agree; @pfn if that one is not plain
 */
unsigned long vmscope_plain_run(unsigned long pfn, unsigned long end,
				unsigned long mask, struct vmscope_plain *first)
{
	const struct page *page = pfn_to_page(pfn);
	struct vmscope_plain plain;

	if (pfn == end || !read_plain(page, first))
		return pfn;
	for (pfn++, page++; pfn < end && read_plain(page, &plain);
	     pfn++, page++)
		if (plain.kind != first->kind ||
		    (plain.flags ^ first->flags) & mask ||
		    (plain.mapping ^ first->mapping) & FOLIO_MAPPING_FLAGS)
			break;
	return pfn;
}

static bool is_lone_slab(unsigned long flags, u32 type)
{
	return !(flags & BIT(PG_head)) && flags != ~0UL &&
	       compat_typed_kind(flags, type) == VMSCOPE_FRAME_SLAB;
}

/**
 * vmscope_lone_slab_words - read a word of each slab of one page
 * @pfn: first frame
 * @nr: frames to examine, all in one subsection
 * @at: offset of the word in struct page, in bytes
 * @words: has room for @nr
 *
 * Finds the slabs of order 0 that vmscope_block_at() would find, in a fraction
 * of the time. Stops at the first page that is not one, before or after its
 * word was read.
 *
 * Context: RCU read-side section in which pfn_to_online_page() found @pfn.
 * Return: number of words
 */
unsigned int vmscope_lone_slab_words(unsigned long pfn, unsigned int nr,
				     unsigned int at, unsigned long *words)
{
	const unsigned long kept = BIT(PG_head) | COMPAT_SLAB_FLAG;
	const struct page *page = pfn_to_page(pfn);
	unsigned int i;

	for (i = 0; i < nr; i++, page++) {
		const void *word = (const char *)page + at;
		unsigned long flags = compat_flags(page);
		u32 type = READ_ONCE(page->page_type);

		if (!is_lone_slab(flags, type))
			break;
		words[i] = READ_ONCE(*(const unsigned long *)word);
		if ((compat_flags(page) ^ flags) & kept ||
		    READ_ONCE(page->page_type) != type)
			break;
	}
	return i;
}

/*
 * Only the first frame of a free block is marked.
 * Source: is_free_buddy_page() in mm/page_alloc.c
 */
static void find_free_block(unsigned long pfn, struct vmscope_block *block)
{
	struct vmscope_block around;
	unsigned int order;

	for (order = 1; order <= COMPAT_MAX_PAGE_ORDER; order++) {
		unsigned long head = round_down(pfn, 1UL << order);

		if (!pfn_to_online_page(head))
			return;
		vmscope_block_at(head, &around);
		if (around.kind == VMSCOPE_FRAME_FREE && holds(&around, pfn)) {
			*block = around;
			return;
		}
	}
}

/**
 * vmscope_block_of - classify any frame
 * @pfn: frame number, of memory or not
 * @block: filled in
 *
 * Context: Any context. Takes the RCU read lock.
 */
void vmscope_block_of(unsigned long pfn, struct vmscope_block *block)
{
	*block = (struct vmscope_block){
		.head = pfn,
		.kind = VMSCOPE_FRAME_HOLE,
	};
	rcu_read_lock();
	if (pfn_to_online_page(pfn)) {
		vmscope_block_at(pfn, block);
		if (block->kind == VMSCOPE_FRAME_OTHER &&
		    !page_ref_count(pfn_to_page(pfn)))
			find_free_block(pfn, block);
	}
	rcu_read_unlock();
}
