/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _AUDIT_H
#define _AUDIT_H

#include <vmscope/libvmscope.h>

/* What an audit looks for. */
enum finding {
	/* user mode, or the kernel in its half, may write and execute it */
	FINDING_WX,
	FINDING_WX_AREA, /* the area allows both */
	FINDING_WIDER, /* the entry allows what its area does not */
	/* an executable private file page that is no longer the file's */
	FINDING_DIRTY_CODE,
	FINDING_EXEC_ANON, /* an executable anonymous page */
	/* an entry of the user range that is the kernel's */
	FINDING_SUPERVISOR,
	FINDING_USER, /* an entry of the kernel's half that user mode may use */
	NR_FINDINGS,
};

unsigned int audit_record(const struct vmscope_record *rec);
const struct vmscope_bit *finding_table(void);
bool is_wx(const struct vmscope_record *rec);

#endif /* _AUDIT_H */
