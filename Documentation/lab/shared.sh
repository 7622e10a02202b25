#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A shared library: the C library of shared.c, and of a shell.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"

# code PID COLUMN: of the pages of code of the C library that are mapped
code() {
	vmscope pages "$1" libc.so.6 -q -r -n -o "$2" \
		-Q 'perm == "r-x" && state == file' | sort -u
}

say "A shared library: how often is it in memory?"
start shared
say "1. Two programs, this shell ($$) and another, use the same C library. Expect it at
   another address in each, but the same frames: of code, which nobody writes to."
run "vmscope map $pid libc.so.6 -Q 'perm == \"r-x\"'" 8
run "vmscope map $$ libc.so.6 -Q 'perm == \"r-x\"'" 8
both=$(comm -12 <(code "$pid" offset) <(code $$ offset) | wc -l)
expect "pages that both have mapped" "$both" -gt 0
expect "each of them is the same frame" \
	"$(comm -12 <(code "$pid" offset,pfn) <(code $$ offset,pfn) | wc -l)" -eq "$both"
expect "no address is the same" \
	"$(comm -12 <(code "$pid" start) <(code $$ start) | wc -l)" -eq 0
say "2. What a program writes to is its own. Expect anonymous memory in the part of
   the library that holds variables, and other frames in each process."
run "vmscope map $pid libc.so.6 -Q 'state == anon'"
run "vmscope map $$ libc.so.6 -Q 'state == anon'"
own() { vmscope pages "$1" libc.so.6 -q -r -n -o pfn -Q 'perm == "rw-"' | sort; }
expect "variables that were written to" "$(own "$pid" | wc -l)" -gt 0
expect "no frame of them is shared" "$(comm -12 <(own "$pid") <(own $$) | wc -l)" -eq 0
