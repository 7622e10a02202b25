# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the exercises of the lab, and the tours, share. An exercise starts a
# program, goes on step by step, shows what vmscope says, and checks that.
set -euo pipefail

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
unexpected=0
# Commands that undo what an exercise did to the machine; the last one runs first.
undo=()
finish() {
	local status=$? i

	for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
		eval "${undo[i]}"
	done
	exit $((status || unexpected))
}
trap finish EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# run COMMAND [LINES]: print a command, then the first lines of what it says.
run() {
	local said lines

	printf '\n\033[1;32m# %s\033[0m\n' "$1"
	said=$(bash -c "$1" 2>&1) || true
	lines=$(wc -l <<< "$said")
	head -n "${2:-40}" <<< "$said"
	if [ "$lines" -gt "${2:-40}" ]; then
		echo "... and $((lines - ${2:-40})) lines more"
	fi
}

# expect WHAT A OPERATOR B: as test(1); what fails makes the exercise fail.
expect() {
	if test "$2" "$3" "$4"; then
		echo "as expected: $1"
	else
		echo "NOT AS EXPECTED: $1 ($2 $3 $4 is wrong)"
		unexpected=1
	fi
}

# start PROGRAM [ARGUMENT...]: up to its first step. A program is built when it
# is first used, unless it was installed with this file.
start() {
	[ -x "$lab/$1" ] || make -s -C "$lab" "$1"
	coproc PROGRAM { exec "$lab/$1" "${@:2}"; }
	wait_for_step
}

# Sets pid and range to what the program says of its step.
wait_for_step() {
	local what

	read -r what pid range <&"${PROGRAM[0]}"
	printf '\n\033[1;33mprocess %d: %s %s\033[0m\n' "$pid" "$what" "$range"
}

# next: lets the program make its next step.
next() {
	echo >&"${PROGRAM[1]}"
	wait_for_step
}

# Where there is no swap, a zram device of 64 MiB is made, until the end.
need_swap() {
	local zram

	[ "$(wc -l < /proc/swaps)" -eq 1 ] || return 0
	modprobe zram
	zram=$(cat /sys/class/zram-control/hot_add)
	echo 64M > "/sys/block/zram$zram/disksize"
	mkswap -q "/dev/zram$zram"
	swapon "/dev/zram$zram"
	undo+=("swapoff /dev/zram$zram
		echo $zram > /sys/class/zram-control/hot_remove")
}

# pages COLUMN EXPRESSION [PID]: of the pages in the range
pages() { vmscope pages "${3:-$pid}" "$range" -q -r -n -o "$1" -Q "$2"; }

# kib EXPRESSION: what of the range is so, in KiB
kib() {
	vmscope map "$pid" "$range" --empty -q -r -n -o size -Q "$1" |
		awk '{ sum += $1 } END { print sum / 1024 }'
}

# smaps KEY: what the kernel itself says of the area, in KiB
smaps() {
	awk -v start="$(printf '%x' "${range%+*}")-" -v key="$1:" '
		/^[0-9a-f]+-/ { here = index($1, start) == 1 }
		here && $1 == key { print $2 }' "/proc/$pid/smaps"
}

# faults KIND: page faults of the process so far; minor or major
faults() {
	sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f "$([ "$1" = minor ] && echo 8 || echo 10)"
}
