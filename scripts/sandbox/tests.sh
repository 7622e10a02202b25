# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# tests.sh - reads selftests/tests. Sourced by scripts/check and scripts/test,
# in the top directory.

readonly tests_file=selftests/tests
readonly selftests=/opt/vmscope/selftests
readonly huge_pages='hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=16'

# tests_of PART: the tests of a part, or all tests.
tests_of() {
	awk -v part="$1" '/^[^#]/ && (part == "all" || index("," $2 ",", "," part ",")) {
			print $1 }' "$tests_file"
}

# machine_for TEST...: sets machine, options of scripts/vm for a guest in which
# all of them run, and environment.
machine_for() {
	local name parts needs need
	declare -A option=()

	machine=() environment=(VMSCOPE_QUIET=1 VMSCOPE_TEST_TIMEOUT=1200)
	while read -r name parts needs; do
		[[ " $* " = *" $name "* ]] || continue
		for need in $needs; do
			case $need in
			huge) option[--append]=$huge_pages ;;
			VMSCOPE_*=*) environment+=("$need") ;;
			# tests that need memory, nodes or a slot all need the
			# same amount
			*) option[--${need%%=*}]=${need#*=} ;;
			esac
		done
	done < "$tests_file"
	for name in "${!option[@]}"; do
		machine+=("$name" "${option[$name]}")
	done
}
