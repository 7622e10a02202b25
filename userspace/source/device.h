/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _DEVICE_H
#define _DEVICE_H

#include <vmscope/libvmscope.h>

int device_open(struct vmscope **scope);

#endif /* _DEVICE_H */
