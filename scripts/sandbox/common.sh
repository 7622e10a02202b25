# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# common.sh - what every part of scripts/vm uses: messages, the cache, locks,
# the table of kernels.

die()  { printf 'vm: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'vm: %s (see scripts/vm --help)\n' "$*" >&2; exit 2; }
note() { [[ -n ${quiet-} ]] || printf 'vm: %s\n' "$*" >&2; }
warn() { printf 'vm: warning: %s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# Part of the key of a root file system: raise it if the sandbox puts something
# else into a root and the package list does not show it.
readonly ROOT_FORMAT=1

# Maximum age of an answer of the archive, or of the KVM probe (minutes).
readonly ARCHIVE_MAX_AGE=720 KVM_MAX_AGE=1440

readonly KERNELS=(6.1 6.12 newest 6.12-debug newest-debug um)
readonly DEFAULT_KERNEL=6.12

# release_of KERNEL: the Debian release whose root file system serves it.
release_of() {
	case $1 in
	6.1) echo bookworm ;;
	6.12|newest|6.12-debug|newest-debug|um) echo trixie ;;
	*) return 1 ;;
	esac
}

# base_of KERNEL: the kernel from whose source it is built here, or nothing if
# Debian builds it.
base_of() {
	case $1 in
	*-debug) echo "${1%-debug}" ;;
	um) echo 6.12 ;;
	esac
}

check_kernel() {
	release_of "$1" >/dev/null || usage_error "unknown kernel '$1': choose one of ${KERNELS[*]}"
}

# set_cache: sets $cache, and makes the directory if needed.
set_cache() {
	cache=${VMSCOPE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vmscope}
	[[ $cache = /* ]] || cache=$PWD/$cache
	mkdir -p "$cache"/{archive,roots,build,debug,run} ||
		die "cannot make the cache '$cache': name a writable directory with VMSCOPE_CACHE="
}

# fresh FILE MINUTES: does FILE exist, and is it younger than that?
fresh() {
	[[ -e $1 && -n $(find "$1" -maxdepth 0 -mmin "-$2" 2>/dev/null) ]]
}

# lock NAME: holds $cache/NAME.lock until this shell exits (or until unlock
# NAME). Prints a message if it has to wait.
declare -A lock_fds=()
lock() {
	local name=$1 how=${2:--x} file fd
	file=$cache/$name.lock
	mkdir -p "${file%/*}"
	exec {fd}>>"$file"
	if ! flock "$how" -n "$fd"; then
		note "waiting for another scripts/vm that works on $name"
		flock "$how" "$fd"
	fi
	lock_fds[$name]=$fd
}

unlock() {
	local fd=${lock_fds[$1]}
	exec {fd}>&-
	unset "lock_fds[$1]"
}

# Temporary directories are called tmp-* and removed at exit; sweep_cache
# removes those of killed runs.
declare -a at_exit=()

sweep_cache() {
	find "$cache"/{roots,debug,run} -maxdepth 1 -name 'tmp-*' -mmin +2880 \
		-exec rm -rf --one-file-system {} + 2>/dev/null || true
}

cleanup() {
	local status=$? dir
	if [[ -n ${agent_pid-} ]]; then
		kill "$agent_pid" 2>/dev/null || true
		wait "$agent_pid" 2>/dev/null || true
	fi
	for dir in "${at_exit[@]}"; do
		rm -rf --one-file-system "$dir"
	done
	exit "$status"
}

# need_root: everything that makes or enters a root file system needs root.
need_root() {
	((EUID == 0)) ||
		die "needs root to build and enter the sandbox's root file systems: run 'sudo scripts/vm ...'"
}
