# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# build.sh - builds the checkout for a kernel inside that kernel's root.
#
# $cache/build/NAME holds src (a copy of the checkout's sources, which keeps the
# build's objects, so that the next build has little to do), stage (what
# `make sandbox-build` installed: laid over the guest's root), key (the root and
# the kernel that it was built in) and built (if stage is of these sources).

# ensure_kernel NAME: sets $root_dir, $kernel_dir (vmlinuz, initrd, release)
# and $kdir (the kernel's build directory as seen inside the root).
ensure_kernel() {
	local name=$1
	debug_dir=
	ensure_root "$(release_of "$name")"
	case $name in
	*-debug|um)
		ensure_debug_kernel "$name"
		kernel_dir=$debug_dir
		kdir=/vmscope/linux
		;;
	*)
		kernel_dir=$boot_dir/$name
		kdir=/lib/modules/$(<"$kernel_dir/release")/build
		;;
	esac
}

# sync_sources DEST: copies what git would track, or, without git, everything.
# Only files that differ are written, with the present time, so that make sees
# each change, whatever its date; files that no longer exist are removed. If
# anything differed, $sources_changed is not empty.
sync_sources() {
	local dest=$1 list=$1.files
	mkdir -p "$dest"
	if git -C "$top" -c safe.directory="$top" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -C "$top" -c safe.directory="$top" ls-files -z -co --exclude-standard
	else
		(cd "$top" && find . -name .git -prune -o \( -type f -o -type l \) \
			! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' ! -name '.*.cmd' -printf '%P\0')
	fi | (cd "$top" && while IFS= read -r -d '' file; do
		if [[ -e $file || -L $file ]]; then
			printf '%s\0' "$file"
		fi
	done) | LC_ALL=C sort -zu >"$list.new"
	if [[ -e $list ]]; then
		(cd "$dest" && LC_ALL=C comm -z -23 "$list" "$list.new" | xargs -0r rm -f)
	fi
	sources_changed=$(rsync --checksum --links --perms --from0 --itemize-changes \
		--files-from="$list.new" "$top/" "$dest/")
	cmp -s "$list.new" "$list" || sources_changed+=list
	mv "$list.new" "$list"
}

# in_plain_root OPTION... -- COMMAND...: runs it in $root_dir/root with an empty
# environment; options are those of sandbox/enter.
in_plain_root() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	TMPDIR=$cache/run unshare --mount --propagation unchanged --pid --fork --kill-child -- \
		"$here/sandbox/enter" "$root_dir/root" "${options[@]}" -- \
		/usr/bin/env -i HOME=/tmp LANG=C.UTF-8 TERM="${TERM:-dumb}" \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# in_root COMMAND...: the same with the kernel's build directories bound and
# named in the environment.
in_root() {
	local arch=x86 options=(--rw-bind "$build_dir/src" /vmscope/src
		--rw-bind "$build_dir/stage" /vmscope/stage --chdir /vmscope/src)
	[[ -z $debug_dir ]] || options+=(--bind "$debug_dir/build" /vmscope/linux)
	[[ $build_dir != */um ]] || arch=um
	mkdir -p "$build_dir"/{src,stage}
	in_plain_root "${options[@]}" -- \
		/usr/bin/env ARCH="$arch" KDIR="$kdir" KSELFTEST=/usr/src/linux-source/tools/testing/selftests \
		CHECKPATCH=/usr/src/linux-source/scripts/checkpatch.pl DESTDIR=/vmscope/stage "$@"
}

# open_build NAME: locks the kernel's build directory and updates its sources.
open_build() {
	local name=$1 key was_built=
	need_root
	build_dir=$cache/build/$name
	lock "build/$name"
	key="${root_dir##*/} ${debug_dir##*/}"
	if [[ $(cat "$build_dir/key" 2>/dev/null) != "$key" ]]; then
		rm -rf --one-file-system "$build_dir"
		mkdir -p "$build_dir"
		[[ $name = um ]] || begin_with_other "$name"
		echo "$key" >"$build_dir/key"
	fi
	# if this is interrupted, the next one builds
	[[ ! -e $build_dir/built ]] || was_built=1
	rm -f "$build_dir/built"
	sync_sources "$build_dir/src"
	[[ -z $was_built || -n $sources_changed ]] || : >"$build_dir/built"
}

# begin_with_other NAME: copies the programs that another kernel's build made in
# the same root, and their sources, all with their dates: make then sees which
# sources have changed since. What is beside modules is not copied: those are of
# one kernel.
begin_with_other() {
	local other key fd
	for other in "${KERNELS[@]}"; do
		[[ $other != "$1" && $other != um ]] || continue
		read -r key _ 2>/dev/null <"$cache/build/$other/key" || continue
		[[ $key = "${root_dir##*/}" ]] || continue
		# not while something changes it
		exec {fd}>>"$cache/build/$other.lock"
		if flock -s -n "$fd" && [[ -e $cache/build/$other/built ]]; then
			mkdir -p "$build_dir/src"
			cp "$cache/build/$other/src.files" "$build_dir/"
			rsync --archive --exclude=/selftests/{modules,walkers} \
				--exclude=/Documentation/lab/module \
				--include=/{Documentation,include,selftests,userspace} \
				--exclude='/*' "$cache/build/$other/src/" "$build_dir/src/"
			exec {fd}>&-
			return
		fi
		exec {fd}>&-
	done
}

# build NAME: implements `scripts/vm build`; prints the build's output only if
# it fails, or if $verbose is set. If nothing changed, it is built already.
build() {
	local name=$1 log
	open_build "$name"
	[[ ! -e $build_dir/built ]] || return 0
	log=$build_dir/log
	[[ -e $top/Makefile ]] ||
		die "there is no Makefile in $top to build for $name: --no-build boots without"
	rm -rf --one-file-system "$build_dir/"{stage,built}
	mkdir -p "$build_dir/stage"
	local make=(make -j"$(nproc)" sandbox-build KDIR="$kdir"
		KSELFTEST=/usr/src/linux-source/tools/testing/selftests
		CHECKPATCH=/usr/src/linux-source/scripts/checkpatch.pl DESTDIR=/vmscope/stage)
	if [[ -n ${verbose-} ]]; then
		in_root "${make[@]}" </dev/null || die "the build for $name failed (its output is above)"
	elif ! in_root "${make[@]}" </dev/null >"$log" 2>&1; then
		cat "$log" >&2
		die "the build for $name failed (its output is above)"
	fi
	: >"$build_dir/built"
}
