// SPDX-License-Identifier: GPL-2.0-or-later
/* The device that answers the tool; tests link another file in its place. */
#include "source/device.h"

/* Opens /dev/vmscope: 0 or a negative errno, as vmscope_open(). */
int device_open(struct vmscope **scope)
{
	return vmscope_open(scope);
}
