#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Copy on write: cow.c writes 16 pages, forks, and writes to some of them again.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

say "Copy on write: what does fork() copy?"
start cow
say "1. Sixteen pages are written. Expect sixteen frames, writable."
run "vmscope map $pid $range"
expect "64 KiB, writable" "$(kib 'state == anon && perm == "rw-"')" -eq 64
frames=$(pages pfn 'state == anon')
next
child=$(cat "/proc/$pid/task/$pid/children")
child=${child% }
say "2. fork(). Expect entries of the child for the same frames, and no write
   permission in either process, though both areas allow it."
run "vmscope map $pid $range -o start,size,perm,vperm,state,area"
run "vmscope map $child $range -o start,size,perm,vperm,state,area"
expect "the parent has its frames" "$(pages pfn 'perm == "r--"')" = "$frames"
expect "the child has them, too" "$(pages pfn 'perm == "r--"' "$child")" = "$frames"
expect "all of it is shared" \
	"$(($(smaps Shared_Dirty) + $(smaps Shared_Clean)))" -eq 64
before=$(faults minor)
next
say "3. The parent writes to the first four. Expect new frames for the parent there;
   the child keeps the old ones, and the other twelve stay shared."
run "vmscope map $pid $range -o start,size,perm,vperm,state,area"
expect "the parent may write to 16 KiB" "$(kib 'perm == "rw-"')" -eq 16
expect "to frames that it did not have" \
	"$(comm -12 <(sort <<< "$frames") <(pages pfn 'perm == "rw-"' | sort) | wc -l)" -eq 0
expect "the child has the old frames" "$(pages pfn 'state == anon' "$child")" = "$frames"
expect "four faults or more" $(($(faults minor) - before)) -ge 4
next
say "4. The child is gone, and the parent writes to the next four. Expect no copy:
   the frames are its own now, and become writable."
run "vmscope map $pid $range -o start,size,perm,vperm,state,area"
expect "the parent may write to 32 KiB" "$(kib 'perm == "rw-"')" -eq 32
expect "twelve of the frames are still those of the start" \
	"$(comm -12 <(sort <<< "$frames") <(pages pfn 'state == anon' | sort) | wc -l)" -eq 12
