#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The zero page: zero.c reads 1 MiB that nobody has written to, then writes.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

say "The zero page: what is read before it is written?"
start zero
say "1. Each page of 1 MiB is read. Expect 256 entries that all map one frame, which
   is read-only and counts as nobody's memory."
run "vmscope pages $pid $range -o start,perm,state,pfn" 5
expect "1 MiB of the zero page, not writable" \
	"$(kib 'state == zero && perm == "r--"')" -eq 1024
expect "one frame" "$(pages pfn 'state == zero' | sort -u | wc -l)" -eq 1
expect "nothing is resident" "$(smaps Rss)" -eq 0
next
say "2. The sixth page is written. Expect a frame of its own there, and there only."
run "vmscope map $pid $range"
run "vmscope explain $pid $(printf '%x' $((${range%+*} + 5 * 4096)))"
expect "4 KiB of anonymous memory" "$(kib 'state == anon && perm == "rw-"')" -eq 4
expect "the rest is the zero page" "$(kib 'state == zero')" -eq 1020
expect "one page is resident" "$(smaps Rss)" -eq 4
