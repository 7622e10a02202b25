#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The exercises of the lab: each checks itself.

cd "$(dirname "$0")/lab" || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
nr=0 failed=0

echo "TAP version 13"
for exercise in *.sh; do
	[ -x "$exercise" ] || continue
	nr=$((nr + 1))
	if "./$exercise" >"$out" 2>&1 && grep -q '^as expected: ' "$out"; then
		echo "ok $nr ${exercise%.sh}"
		continue
	fi
	failed=$((failed + 1))
	sed 's/^/# /' "$out"
	echo "not ok $nr ${exercise%.sh}"
done
echo "1..$nr"
[ "$failed" -eq 0 ]
