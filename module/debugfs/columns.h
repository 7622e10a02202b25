/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The columns of a line, each but the first preceded by a space.
 */
#ifndef _VMSCOPE_DEBUGFS_COLUMNS_H
#define _VMSCOPE_DEBUGFS_COLUMNS_H

#include <linux/types.h>

struct seq_file;
struct vmscope_page;
struct vmscope_view;

void vmscope_print_range(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_user_perm(struct seq_file *m,
			     const struct vmscope_page *page);
void vmscope_print_leaf_perm(struct seq_file *m,
			     const struct vmscope_page *page);
void vmscope_print_area_perm(struct seq_file *m,
			     const struct vmscope_view *view);
void vmscope_print_flags(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_state(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_frame(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_slot(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_raw(struct seq_file *m, const struct vmscope_page *page);
void vmscope_print_name(struct seq_file *m, const struct vmscope_view *view);
void vmscope_print_text(struct seq_file *m, const char *text, size_t bytes,
			const char *also);

#endif /* _VMSCOPE_DEBUGFS_COLUMNS_H */
