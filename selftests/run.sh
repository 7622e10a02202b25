#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-l] [TEST...] - runs the selftests that stand beside it, or those
# named. Each test's TAP is printed, indented, above its own line; the last
# line counts test cases:
#
#	# totals: pass N fail N skip N
#
# A test that ends early, or says nothing, counts as a failed case; one that is
# skipped as a whole counts as a skipped case. -l lists the tests.
# VMSCOPE_RACE_SECONDS= says how long race runs (20 seconds by itself),
# VMSCOPE_KO= which module unload and tool.sh load (/lib/modules/vmscope.ko).
# VMSCOPE_LOCKDOWN=1 lets lockdown lock the kernel down until it boots again.
# VMSCOPE_DEMAND=1 says that the machine has all that scripts/check gives its
# own: exactness and units.sh then fail where they would skip for want of it.
# A test may take as long as settings says, or VMSCOPE_TEST_TIMEOUT in seconds.
# VMSCOPE_QUIET=1 keeps khugepaged and NUMA balancing, which change entries of
# processes that stand still, from running meanwhile, but for tests that want
# them.
# Exit status: 0 if nothing failed, 1 otherwise, 2 for wrong usage.

dir=$(cd "$(dirname "$0")" && pwd) || exit 2

all="states access resident areaflags holes runs tables objects exactness ioctl_rules ioctl_rules_32 debugfs stalled limits kmalloc kernel_map kernel_vmalloc kernel_planted kernel_rules kernel_raced kernel_race unload units.sh tool.sh race lockdown"

usage() {
	echo "usage: run.sh [-l] [TEST...]" >&2
	exit 2
}

timeout=300
while IFS='=' read -r key value; do
	[ "$key" != timeout ] || timeout=$value
done 2>/dev/null <"$dir/settings"
timeout=${VMSCOPE_TEST_TIMEOUT:-$timeout}
timeout=$((timeout + ${VMSCOPE_RACE_SECONDS:-0}))

case ${1-} in
-l)
	echo "$all" | tr ' ' '\n'
	exit 0
	;;
-*) usage ;;
esac
# shellcheck disable=SC2086  # a list
[ $# -gt 0 ] || set -- $all
for name; do
	case " $all " in
	*" $name "*) ;;
	*) echo "run.sh: there is no test '$name' (-l lists them)" >&2; exit 2 ;;
	esac
done

tap=$(mktemp) || exit 2
hush=
trap 'unhush; rm -f "$tap"' EXIT
# dash does not end by EXIT when a signal ends it
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# hush FILE VALUE: writes VALUE until the end.
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

if [ -n "${VMSCOPE_QUIET-}" ]; then
	hush /proc/sys/kernel/numa_balancing 0
	hush /sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs 3600000
fi

pass=0 fail=0 skip=0 nr=0
cases_pass=0 cases_fail=0 cases_skip=0

# Counts the cases of one test: sets cases_pass, cases_fail, cases_skip.
count_cases() {
	eval "$(awk -v status="$1" '
		/^1\.\.[0-9]+/ { planned = substr($1, 4) + 0; seen_plan = 1 }
		/^ok .*# SKIP/ || /^1\.\.0.*# SKIP/ { skip++; next }
		/^ok / { pass++; next }
		/^not ok / { fail++ }
		END {
			done = pass + fail + (planned ? skip : 0)
			if (!seen_plan || done != planned ||
			    (status != 0 && status != 4 && !fail))
				fail++
			printf "cases_pass=%d cases_fail=%d cases_skip=%d",
				pass, fail, skip
		}' "$tap")"
}

echo "TAP version 13"
echo "1..$#"
for name; do
	nr=$((nr + 1))
	echo "# $name"
	if [ -x "$dir/$name" ]; then
		(cd "$dir" && timeout -k 10 "$timeout" "./$name" 2>&1)
		echo "exit status $?"
	else
		echo "1..0 # SKIP $name is not here: it could not be built"
		echo "exit status 4"
	fi | tee "$tap" | sed -u 's/^/    /'
	status=$(sed -n 's/^exit status //p' "$tap" | tail -n 1)
	count_cases "${status:-1}"
	pass=$((pass + cases_pass)) fail=$((fail + cases_fail)) skip=$((skip + cases_skip))
	if [ "$cases_fail" -gt 0 ]; then
		echo "not ok $nr - $name # pass $cases_pass fail $cases_fail skip $cases_skip"
	elif [ "$cases_pass" -eq 0 ]; then
		echo "ok $nr - $name # SKIP pass 0 skip $cases_skip"
	else
		echo "ok $nr - $name # pass $cases_pass skip $cases_skip"
	fi
done
echo "# totals: pass $pass fail $fail skip $skip"
[ "$fail" -eq 0 ]
