#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and execution: load.c has 1 MiB of code and 256 KiB of data. Pages of the
# program are in state file, or shmem if it lies on a tmpfs.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

say "Loading and execution: how does a program get into memory?"
start load
say "1. execve() has mapped the file. Expect the areas of the program, with what the
   kernel marks in them, and of 1 MiB of code that nobody has called yet, next to
   nothing."
run "vmscope areas $pid -o start,vperm,size,rss,segments,area -Q 'segments != \"\"'"
run "vmscope map $pid $range --empty"
expect "one area with code" \
	"$(vmscope areas "$pid" -q -r -n -o segments | grep -c '\bcode\b')" -eq 1
expect "most of the code has no entry" "$(kib 'state == none')" -ge 896
middle=$(printf '%x' $((${range%+*} + 512 * 1024)))
expect "its middle has none" "$(range=$middle kib 'state == none')" -eq 4
next
say "2. One function in its middle is called. Expect its page from the page cache,
   executable and not writable, and some neighbours that the same fault mapped."
run "vmscope map $pid $range --empty"
expect "the page of the function" "$(range=$middle kib 'state =~ "^(file|shmem)$" && perm == "r-x"')" -eq 4
expect "still not all of the code" "$(kib 'state == none')" -gt 0
before=$(($(faults minor) + $(faults major)))
next
say "3. One function of each page is called. Expect all of the code, with fewer faults
   than pages."
run "vmscope map $pid $range --empty"
expect "1 MiB of code" "$(kib 'state =~ "^(file|shmem)$" && perm == "r-x"')" -eq 1024
expect "fewer than 256 faults" $(($(faults minor) + $(faults major) - before)) -lt 256
next
say "4. Data of the program is read. Expect pages of the file, which may not be
   written to, though the area allows it."
run "vmscope map $pid $range"
expect "256 KiB of the file" "$(kib 'state =~ "^(file|shmem)$" && perm == "r--" && vperm == "rw-p"')" -eq 256
next
say "5. Data is written. Expect a copy of each page: anonymous memory of its own."
run "vmscope map $pid $range"
expect "256 KiB of anonymous memory" "$(kib 'state == anon && perm == "rw-"')" -eq 256
