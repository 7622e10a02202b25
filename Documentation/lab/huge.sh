#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Huge pages: huge.c writes one byte of 2 MiB, then protects one page of them.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

if grep -q '\[never\]' /sys/kernel/mm/transparent_hugepage/enabled; then
	echo madvise > /sys/kernel/mm/transparent_hugepage/enabled
fi

say "Huge pages: what does one byte cost?"
start huge
say "1. 2 MiB that may be a huge page are reserved. Expect no entry."
run "vmscope map $pid $range --empty"
expect "2 MiB without an entry" "$(kib 'state == none')" -eq 2048
next
say "2. One byte is written. Expect a single entry, one level higher, for all 2 MiB:
   512 frames in a row, and no table of PTEs."
run "vmscope tree $pid $range"
run "vmscope explain $pid ${range%+*}"
expect "one PMD that maps 2 MiB" "$(pages level,size 'level == pmd')" = "pmd 2097152"
expect "the kernel says so, too" \
	"$(awk '/AnonHugePages/ { sum += $2 } END { print sum }' "/proc/$pid/smaps")" -ge 2048
frame=$(pages pfn 'level == pmd')
next
say "3. mprotect() of one page in the middle. Expect that one entry becomes 512, for
   the same frames: half of them up to the protected page, then the rest."
run "vmscope tree $pid $range -o +pfn"
expect "512 entries" "$(pages level 'level == pte' | wc -l)" -eq 512
expect "for the same frames" "$(pages pfn 'level == pte')" = "$(seq "$frame" $((frame + 511)))"
expect "one page is read-only" "$(kib 'perm == "r--"')" -eq 4
