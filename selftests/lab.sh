#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The exercises of the lab: each checks itself. The grader of the module: it
# takes the points away that belong to each mistake, and no others. Mistakes are
# the same on every kernel, so where VMSCOPE_DEMAND= names one, they are graded
# on 6.12 only.

cd "$(dirname "$0")/lab" || exit 1
walkers=../walkers
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
nr=0 failed=0

echo "TAP version 13"
# verdict NAME STATUS
verdict() {
	nr=$((nr + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $nr $1"
		return
	fi
	failed=$((failed + 1))
	sed 's/^/# /' "$out"
	echo "not ok $nr $1"
}

for exercise in *.sh; do
	[ -x "$exercise" ] || continue
	"./$exercise" >"$out" 2>&1 && grep -q '^as expected: ' "$out"
	verdict "${exercise%.sh}" $?
done

# grade MODULE WHAT LOST: which exercises it should lose, in their order
grade() {
	module/grade "$walkers/$1.ko" >"$out" 2>&1
	status=$?
	lost=$(sed -n 's/^lost [^ ]* \([a-z-]*\):.*/\1/p' "$out" | paste -s -d ,)
	[ "$lost" = "$3" ] && grep -q '; mark: ' "$out" &&
		[ "$status" -eq "$([ -z "$3" ]; echo $?)" ]
	verdict "grade $2: lost ${lost:-nothing}" $?
}

if [ -e "$walkers/mistakes" ]; then
	grade ptwalk skeleton \
		pages,only,huge,pfn,writable,user,accessed,dirty,no-exec,exits
	grade walker solution ''
	[ "${VMSCOPE_DEMAND-6.12}" = 6.12 ] ||
		echo "# mistakes are the same on every kernel: they are graded on 6.12"
	[ "${VMSCOPE_DEMAND-6.12}" != 6.12 ] || while IFS='	' read -r name loses _; do
		case $name in
		[a-z]*) grade "walker-$name" "mistake $name" "$loses" ;;
		esac
	done <"$walkers/mistakes"
else
	nr=$((nr + 1))
	echo "ok $nr grade # SKIP there are no modules to grade: KDIR= builds them"
fi
echo "1..$nr"
[ "$failed" -eq 0 ]
