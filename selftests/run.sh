#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-l] [-t CASE]... [--repeat N] [--busy] [TEST...] - runs the selftests
# in the file tests, or those named. Each test's TAP is printed, indented, above
# its own line; the last line counts test cases:
#
#	# totals: pass N fail N skip N
#
# A test that ends early, or has no cases, counts as a failed case; one that is
# skipped as a whole counts as a skipped case. -l lists the tests, -t runs only
# the cases with that name, or of that variant, which is a row of a table (any
# number of -t). --repeat runs each test N times; with --busy a neighbour
# allocates, forks, and reads and writes files.
# VMSCOPE_RACE_SECONDS= is how long race runs (by default 20 seconds),
# VMSCOPE_KO= the module that unload and tool.sh load (/lib/modules/vmscope.ko).
# VMSCOPE_LOCKDOWN=1 lets lockdown lock the kernel down until it boots again.
# VMSCOPE_DEMAND=KERNEL says that the machine has everything that scripts/check
# gives its guests: a skip not in expected-skips for KERNEL is a failure.
# A test may take as long as settings says, or VMSCOPE_TEST_TIMEOUT in seconds.
# VMSCOPE_QUIET=1 stops khugepaged and NUMA balancing, which change entries of
# idle processes, except for tests that need them.
# Exit status: 0 if nothing failed, 1 if a case failed or -t matches none, 2 for
# wrong usage, 4 if every case was skipped.

dir=$(cd "$(dirname "$0")" && pwd) || exit 2

all=$(sed -n "s/^\([^#[:space:]]*\)[[:space:]].*/\1/p" "$dir/tests" | xargs)

usage() {
	echo "usage: run.sh [-l] [-t CASE]... [--repeat N] [--busy] [TEST...]" >&2
	exit 2
}

timeout=300
while IFS='=' read -r key value; do
	[ "$key" != timeout ] || timeout=$value
done 2>/dev/null <"$dir/settings"
timeout=${VMSCOPE_TEST_TIMEOUT:-$timeout}
timeout=$((timeout + ${VMSCOPE_RACE_SECONDS:-0}))

cases='' named='' repeat=1 busy=''
while [ $# -gt 0 ]; do
	case $1 in
	-l)
		echo "$all" | tr ' ' '\n'
		exit 0
		;;
	-t)
		named="$named ${2:?"run.sh: -t takes the name of a case"}"
		cases="$cases -t $2 -v $2"
		shift
		;;
	--repeat)
		repeat=${2-}
		case $repeat in
		'' | 0* | *[!0-9]*) echo "run.sh: --repeat takes a number" >&2; exit 2 ;;
		esac
		shift
		;;
	--busy) busy=1 ;;
	-*) usage ;;
	*) break ;;
	esac
	shift
done
# shellcheck disable=SC2086  # a list
[ $# -gt 0 ] || set -- $all
for name; do
	case " $all " in
	*" $name "*) ;;
	*) echo "run.sh: there is no test '$name' (-l lists them)" >&2; exit 2 ;;
	esac
done

tap=$(mktemp) || exit 2
hush=''
neighbour=''
trap 'unhush; disturb_no_more; rm -rf "$tap" "$tap.busy"' EXIT
# dash does not run the EXIT trap when a signal ends it
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# hush FILE VALUE: writes VALUE, until the end of the run.
hush() {
	[ -w "$1" ] || return 0
	hush="$hush $1=$(cat "$1")"
	echo "$2" >"$1"
}

unhush() {
	for knob in $hush; do
		echo "${knob#*=}" >"${knob%%=*}"
	done
}

# Activity beside the tests: page cache, anonymous memory, stacks and page
# tables of processes, slabs of files.
disturb() {
	mkdir -p "$tap.busy"
	while :; do
		head -c 8388608 /dev/zero >"$tap.busy/file"
		sort "$tap.busy/file" >/dev/null
		for i in 1 2 3 4 5 6 7 8; do
			: >"$tap.busy/$i"
			(exec true)
		done
		rm -f "$tap.busy"/*
	done
}

disturb_no_more() {
	[ -n "$neighbour" ] || return 0
	kill "$neighbour" 2>/dev/null
	wait "$neighbour" 2>/dev/null
	neighbour=
}

if [ -n "${VMSCOPE_QUIET-}" ]; then
	hush /proc/sys/kernel/numa_balancing 0
	hush /sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs 3600000
fi

pass=0 fail=0 skip=0 nr=0
cases_pass=0 cases_fail=0 cases_skip=0

# count_cases TEST STATUS: sets cases_pass, cases_fail, cases_skip, and prints
# failures that the test itself does not report. A line of expected-skips for
# this kernel (or *) and the test allows each skip whose line contains the rest
# of it.
count_cases() {
	eval "$(awk -v name="$1" -v status="$2" -v one="$cases" \
		-v kernel="${VMSCOPE_DEMAND-}" '
		function allowed(line,    i) {
			for (i = 1; i <= nr_allowed; i++)
				if (index(line, reason[i]))
					return 1
			return kernel == ""
		}
		function skipped() {
			if (allowed($0)) {
				skip++
				return
			}
			gsub(/[^ -~]|\047/, "?")
			printf "echo \047# no such skip is expected on %s: %s\047\n",
				kernel, $0
			fail++
		}
		FILENAME ~ /expected-skips$/ {
			if (!/^#/ && ($1 == "*" || $1 == kernel) && $2 == name) {
				sub(/^[^ \t]+[ \t]+[^ \t]+[ \t]+/, "")
				reason[++nr_allowed] = $0
			}
			next
		}
		/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0; seen_plan = 1 }
		/^ok .*# SKIP/ { seen_skip++; skipped(); next }
		/^1\.\.0.*# SKIP/ { skipped_all = 1; skipped(); next }
		/^ok / { pass++; next }
		/^not ok / { failed++ }
		END {
			fail += failed
			if (!seen_plan || pass + failed + seen_skip != planned ||
			    (!planned && !skipped_all && one == "") ||
			    (status != 0 && status != 4 && !failed &&
			     (planned || one == "")))
				fail++
			printf "cases_pass=%d cases_fail=%d cases_skip=%d",
				pass, fail, skip
		}' "$dir/expected-skips" "$tap")"
}

# Programs with the kernel's harness know their cases; others run as a whole.
run_test() {
	if [ ! -x "$dir/$1" ]; then
		echo "1..0 # SKIP $1 is not here: it could not be built"
		return 4
	fi
	case $1 in
	*.sh | exactness | race*)
		[ -z "$cases" ] || { echo 1..0; return 1; }
		;;
	esac
	# shellcheck disable=SC2086  # options and names, any number of times
	(cd "$dir" && exec timeout -k 10 "$timeout" "./$1" $cases 2>&1)
}

# report_test TEST SECONDS
report_test() {
	if [ "$cases_fail" -gt 0 ]; then
		echo "not ok $nr - $1 # pass $cases_pass fail $cases_fail skip $cases_skip, $2 s"
	elif [ "$cases_pass" -eq 0 ]; then
		echo "ok $nr - $1 # SKIP pass 0 skip $cases_skip, $2 s"
	else
		echo "ok $nr - $1 # pass $cases_pass skip $cases_skip, $2 s"
	fi
}

if [ -n "$busy" ]; then
	disturb &
	neighbour=$!
fi

echo "TAP version 13"
echo "1..$(($# * repeat))"
for name; do
	round=0
	while [ $((round += 1)) -le "$repeat" ]; do
		nr=$((nr + 1))
		echo "# $name"
		begun=$(date +%s)
		{
			run_test "$name"
			echo "exit status $?"
		} | tee "$tap" | sed -u 's/^/    /'
		status=$(sed -n 's/^exit status //p' "$tap" | tail -n 1)
		count_cases "$name" "${status:-1}"
		pass=$((pass + cases_pass)) fail=$((fail + cases_fail))
		skip=$((skip + cases_skip))
		report_test "$name" $(($(date +%s) - begun))
	done
done
if [ -n "$cases" ] && [ $((pass + fail + skip)) -eq 0 ]; then
	echo "# no test has such a case:$named (TEST -l lists them)"
	fail=1
fi
echo "# totals: pass $pass fail $fail skip $skip"
[ "$fail" -eq 0 ] || exit 1
[ "$pass" -gt 0 ] || exit 4
