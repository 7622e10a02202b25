# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# debug.sh - the kernels that are built here, from Debian's source. 6.12-debug
# and newest-debug have all checks that work together (sandbox/debug.config, and
# over it, if there is one, sandbox/NAME.config). um is a user-mode Linux, whose
# vmlinuz is a program (sandbox/um.config).
#
# $cache/debug/NAME-KEY holds vmlinuz, initrd and release like a stock kernel's
# directory (no vmlinux: with KASAN the kernel cannot start without its own
# unpacker), build (what external modules are built against: headers, scripts,
# Module.symvers, .config) and modules (its /lib/modules/RELEASE).

# sanitizers NAME: variables of Kbuild that leave most of the kernel without KASAN
# and UBSAN: it builds and runs faster, and it is the module that is tested. The
# objects that are named keep KASAN: the module calls their functions with its
# buffers, or with objects that it could have released.
sanitizers() {
	local object
	[[ $1 != um ]] || return 0
	echo KASAN_SANITIZE=n UBSAN_SANITIZE=n
	for object in d_path fork idr iov_iter kallsyms kstrtox libfs maccess \
		maple_tree mmap mmap_lock pid seq_file sort usercopy vma \
		vsprintf xarray; do
		echo "KASAN_SANITIZE_$object.o=y"
	done
}

debug_kernel_key() {
	local list=$cache/archive/$(release_of "$1")/$KERNEL_LIST
	[[ -z ${root_dir-} ]] || list=$root_dir/kernels
	{
		echo "$ROOT_FORMAT"
		debug_source "$1" "$list"
		debug_config "$1"
		sanitizers "$1"
	} | sha256sum | cut -c1-12
}

# debug_source NAME LIST: the package and the version of its source.
debug_source() { awk -v n="$(base_of "$1")" '$1 == "source" && $2 == n { print $3, $4 }' "$2"; }

# debug_config NAME: its options; those of NAME.config override debug.config.
debug_config() {
	local own=$here/sandbox/$1.config
	[[ -e $own ]] || own=/dev/null
	cat "$own"
	[[ $1 != um ]] || return 0
	awk -v own="$own" '{ option = $1 == "#" && $3 == "is" ? $2 : $1; sub(/=.*/, "", option) }
	     FILENAME == own { named[option]; next }
	     !(/CONFIG_/ && option in named)' "$own" "$here/sandbox/debug.config"
}

debug_kernel_dir() { echo "$cache/debug/$1-$(debug_kernel_key "$1")"; }

# ensure_debug_kernel NAME: builds it unless the cache holds it; sets $debug_dir
# and holds a shared lock on it. Wants $root_dir.
ensure_debug_kernel() {
	local name=$1 tmp fd key
	debug_dir=$(debug_kernel_dir "$name")
	if [[ ! -e $debug_dir/ready ]]; then
		need_root
		lock "debug/$name"
		if [[ ! -e $debug_dir/ready ]]; then
			note "building the kernel $name (ten minutes on two cores, once per kernel version)"
			# kept if the build is interrupted: the next one
			# continues there
			tmp=$cache/debug/tmp-${debug_dir##*/}
			make_debug_kernel "$name" "$tmp"
			: >"$tmp/ready"
			mv "$tmp" "$debug_dir"
			ln -sfn "${debug_dir##*/}" "$cache/debug/$name"
			sweep_debug "$name"
		fi
		unlock "debug/$name"
	fi
	exec {fd}<"$debug_dir/ready"
	flock -s "$fd"
	key=$(boot_key)
	if [[ ! -e $debug_dir/initrd-$key ]]; then
		tmp=$(mktemp -d "$cache/debug/tmp-XXXXXX")
		at_exit+=("$tmp")
		make_initrd "$root_dir/root" '' "$tmp" "$boot_dir/agent"
		mv "$tmp/initrd" "$debug_dir/initrd-$key"
	fi
	ln -sfn "initrd-$key" "$debug_dir/initrd"
}

# What of this kernel nobody uses, and builds that were interrupted.
sweep_debug() {
	local dir fd
	rm -rf --one-file-system "$cache/debug/tmp-$1-"*
	for dir in "$cache/debug/$1"-*/; do
		dir=${dir%/}
		[[ $dir != "$debug_dir" ]] || continue
		exec {fd}<"$dir/ready" || continue
		if flock -x -n "$fd"; then
			rm -rf --one-file-system "$dir"
		fi
		exec {fd}<&-
	done
}

make_debug_kernel() {
	local name=$1 dir=$2 release deb tarball source version log=$2/log
	local kind=(x86 bzImage arch/x86/boot/bzImage)
	[[ $name != um ]] || kind=(um linux linux)
	release=$(release_of "$name")
	apt_dir=$cache/archive/$release
	read -r source version <<<"$(debug_source "$name" "$root_dir/kernels")"
	[[ -n $version ]] ||
		die "the Debian archive has no source of the kernel ${name%-debug}, of which $name is made: try again when it has"
	deb=$(fetch_debs "$source=$version")
	if [[ ! -e $dir/src/.unpacked ]]; then
		tarball=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep '\.tar\.xz$') || true
		rm -rf --one-file-system "$dir"
		mkdir -p "$dir/src"
		dpkg-deb --fsys-tarfile "$deb" | tar -xO "$tarball" | xz -dc -T0 |
			tar -x -C "$dir/src" --strip-components=1
		: >"$dir/src/.unpacked"
	fi
	rm -rf "$dir"/{build,modules}
	mkdir -p "$dir"/{build,modules}
	debug_config "$name" >"$dir/fragment"
	cat >"$dir/make" <<-'SCRIPT'
		set -e
		make="make -s -C /vmscope/linux/src ARCH=$1 KBUILD_BUILD_USER=vmscope KBUILD_BUILD_HOST=vmscope"
		$make KCONFIG_ALLCONFIG=/vmscope/linux/fragment allnoconfig
		# an option that the source does not know or not allow would be
		# lost silently
		lost=$(grep '^CONFIG_' /vmscope/linux/fragment | grep -vxF -f /vmscope/linux/src/.config || true)
		[ -z "$lost" ] || { echo "these options did not hold:" $lost; exit 1; }
		$make -j$(nproc) $4 $2 modules
		$make modules_install INSTALL_MOD_PATH=/vmscope/linux/modules DEPMOD=true
		depmod -b /vmscope/linux/modules "$($make kernelrelease)"
		$make run-command KBUILD_RUN_COMMAND='$(srctree)/scripts/package/install-extmod-build /vmscope/linux/build'
		cd /vmscope/linux/src
		# user-mode Linux uses headers of x86, too
		[ $1 = x86 ] || cp -a --parents arch/x86/Makefile* arch/x86/include arch/x86/um /vmscope/linux/build
		$make kernelrelease >/vmscope/linux/release
		mv $3 /vmscope/linux/vmlinuz
		mv /vmscope/linux/src/System.map /vmscope/linux/
	SCRIPT
	if ! in_plain_root --rw-bind "$dir" /vmscope/linux -- sh /vmscope/linux/make "${kind[@]}" "$(sanitizers "$name")" >"$log" 2>&1 </dev/null; then
		tail -n 40 "$log" >&2
		cp "$log" "$cache/debug/failed.log"
		die "the kernel $name does not build (the end of its log is above, all of it: $cache/debug/failed.log)"
	fi
	rm -rf "$dir/src" "$dir/make"
}
