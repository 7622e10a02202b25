#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Lazy allocation: lazy.c reserves 16 MiB, writes to 4 MiB, gives them back.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

say "Lazy allocation: when does a program get its memory?"
start lazy
say "1. mmap() of 16 MiB. Expect an area, and not a single entry in a page table."
run "vmscope map $pid $range --empty"
expect "16 MiB without an entry" "$(kib 'state == none')" -eq 16384
expect "nothing is resident" "$(smaps Rss)" -eq 0
before=$(faults minor)
next
say "2. A byte is written to each page of the first 4 MiB. Expect a page fault,
   a frame and an entry for each of the 1024 pages, and for no other."
run "vmscope map $pid $range --empty"
run "vmscope tree $pid $range"
expect "4 MiB of anonymous memory" "$(kib 'state == anon && perm == "rw-"')" -eq 4096
expect "12 MiB without an entry" "$(kib 'state == none')" -eq 12288
expect "the kernel says so, too" "$(smaps Rss)" -eq 4096
expect "1024 faults or more" $(($(faults minor) - before)) -ge 1024
next
say "3. madvise(MADV_DONTNEED) gives them back. Expect empty entries again, in
   tables that stay."
run "vmscope map $pid $range --empty"
run "vmscope tree $pid $range"
expect "16 MiB without an entry" "$(kib 'state == none')" -eq 16384
expect "nothing is resident" "$(smaps Rss)" -eq 0
