#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Swap: swap.c has 4 MiB paged out, of private and then of shared memory.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

need_swap

say "Swap: where is memory that has been paged out?"
start swap
say "1. 4 MiB of private memory are paged out. Expect entries that name a swap device
   and a slot, for as much as the kernel says is swapped."
next
run "vmscope swap $pid $range" 8
expect "swapped, as the kernel counts it" "$(kib 'state == swap')" -eq "$(smaps Swap)"
expect "that is most of it" "$(smaps Swap)" -gt 2048
address=$(pages start 'state == swap' | head -n 1)
run "vmscope explain $pid $address"
before=$(faults major)
next
say "2. Each page is read. Expect them back, and that each was a page fault which had
   to read: a major one."
run "vmscope map $pid $range"
expect "4 MiB of anonymous memory" "$(kib 'state == anon')" -eq 4096
expect "major faults" $(($(faults major) - before)) -gt 0

kill "$pid"
wait "$pid" || true
start swap shared
say "3. The same with shared memory. Expect the entries to be empty: other processes
   may have it mapped, so the slot is kept once, in the page cache of the file."
next
run "vmscope map $pid $range --empty" 8
expect "swapped, as the kernel counts it" "$(kib 'state == shmem-swap')" -eq "$(smaps Swap)"
expect "that is most of it" "$(smaps Swap)" -gt 2048
address=$(pages start 'state == shmem-swap' | head -n 1)
run "vmscope explain $pid $address"
next
say "4. Each page is read. Expect them back, as pages of shared memory."
run "vmscope map $pid $range"
expect "4 MiB of shared memory" "$(kib 'state == shmem')" -eq 4096
