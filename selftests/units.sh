#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The module's unit tests: loads it again so that it runs them. VMSCOPE_KO names
# it. If it does not know the layout of the kernel's slabs, the tests of slab
# cannot run; that is a failure if VMSCOPE_DEMAND names the kernel as one that it
# must know.

ko=${VMSCOPE_KO:-/lib/modules/vmscope.ko}
parts="swap decode sink slab"
status=0 nr=0

echo "TAP version 13"
echo 1..5

report() {
	nr=$((nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $nr $2"
	else
		echo "not ok $nr $2"
		status=1
	fi
}

marker="vmscope units $$ $(date +%s)"
echo "$marker" > /dev/kmsg
rmmod vmscope
insmod "$ko" selftest=1
report $? loads_if_all_pass
log=$(dmesg | sed -n "/$marker/,\$p")
for part in $parts; do
	if [ "$part" = slab ] && [ -z "${VMSCOPE_DEMAND-}" ] &&
		echo "$log" | grep -q 'selftest slab: pass, 0 rows'; then
		nr=$((nr + 1))
		echo "ok $nr # SKIP slab: the layout of this kernel's slabs is not known"
		continue
	fi
	echo "$log" | grep -q "selftest $part: pass, [1-9]"
	report $? "$part"
done
[ "$status" -eq 0 ] || echo "$log" | grep selftest | sed 's/^/# /'
[ -e /dev/vmscope ] || insmod "$ko" || exit 1
exit $status
