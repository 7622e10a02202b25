# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# root.sh - one root file system per Debian release.
#
# $cache/roots/RELEASE is a symlink to $cache/roots/RELEASE-KEY, which holds
#   kernels            what the archive said when it was made (see archive.sh)
#   root/              the root file system: kernels' modules and headers,
#                      compiler, programs
#   image.erofs        the same as a guest's read-only disk
#   boot-BKEY/agent    sandbox/agent*.c, linked statically
#   boot-BKEY/NAME/    for each kernel: release, vmlinuz, vmlinux (what is packed
#                      in vmlinuz, if it could be unpacked), initrd (cpio)
# KEY changes with the kernels' versions and the package list, BKEY with what
# the sandbox itself puts into the initrd.

# What a root holds besides the kernels' headers.
packages_of() {
	# building and running the project and its selftests
	printf '%s\n' gcc gcc-multilib libc6-dev make pkgconf libsmartcols-dev \
		python3 jq perl file xz-utils
	# what a person or a test uses in the guest
	printf '%s\n' busybox-static kmod procps util-linux bsdextrautils iproute2 \
		libcap2-bin numactl strace e2fsprogs redis-server redis-tools bash-completion \
		ncurses-base less
	# lint, and building the debug kernels
	if [[ $1 = trixie ]]; then
		printf '%s\n' sparse shellcheck clang-format mandoc pyflakes3 \
			flex bison bc libelf-dev libssl-dev openssl lz4
	else
		printf '%s\n' sparse mandoc
	fi
}

# What is never needed in a root.
readonly ROOT_EXCLUDE=(
	'/usr/share/doc/*' '/usr/share/info/*' '/usr/share/man/*' '/usr/share/locale/*'
	'/usr/share/lintian/*' '/usr/share/i18n/*'
)

boot_key() {
	cat "$here/sandbox/"{agent*.[ch],guest-init,root.sh} | sha256sum | cut -c1-12
}

root_key() {
	{
		echo "$ROOT_FORMAT"
		packages_of "$1"
		cat "$cache/archive/$1/$KERNEL_LIST"
	} | sha256sum | cut -c1-12
}

# fetch_debs PACKAGE=VERSION...: into $apt_dir/debs, names on standard output.
fetch_debs() {
	local spec file
	for spec; do
		file=$(cd "$apt_dir/debs" && ls -t "${spec%%=*}"_*.deb 2>/dev/null | grep -F "_$(version_in_file_name "${spec#*=}")_" | head -n 1) || true
		if [[ -z $file ]]; then
			rm -f "$apt_dir/debs/${spec%%=*}"_*.deb
			(cd "$apt_dir/debs" && apt_private apt-get -qq download "$spec" >&2) ||
				die "cannot download $spec from the Debian archive: check the network and try again"
			file=$(cd "$apt_dir/debs" && ls "${spec%%=*}"_*.deb)
		fi
		echo "$apt_dir/debs/$file"
	done
}

version_in_file_name() { sed 's/:/%3a/g' <<<"$1"; }

# unpack DEB DIR: over merged /usr.
unpack() {
	dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink
}

# The part of the kernel's source that selftests and lint use.
unpack_source() {
	local deb=$1 dest=$2 tarball
	tarball=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep -m 1 '\.tar\.xz$') || true
	[[ -n $tarball ]] || die "no source tarball in ${deb##*/}: the package has changed its layout"
	mkdir -p "$dest"
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "$tarball" | xz -dc -T0 |
		tar -x -C "$dest" --strip-components=1 --wildcards --no-wildcards-match-slash --anchored \
			'*/tools/testing/selftests/*.h' '*/tools/testing/selftests/*.mk' \
			'*/tools/testing/selftests/*.sh' '*/tools/testing/selftests/Makefile' \
			'*/tools/testing/selftests/kselftest' '*/tools/scripts' \
			'*/scripts/checkpatch.pl' '*/scripts/const_structs.checkpatch' '*/scripts/spelling.txt' \
			'*/scripts/kernel-doc' '*/scripts/get_maintainer.pl' '*/scripts/Makefile.compiler' \
			'*/scripts/subarch.include' '*/scripts/headers_install.sh' '*/.clang-format' \
			'*/Documentation/dev-tools/checkpatch.rst'
}

# make_root RELEASE DIR
make_root() {
	local release=$1 dir=$2 kind name krel version debs deb files include opts=() pattern
	apt_dir=$cache/archive/$release
	include="$(packages_of "$release") $(sed -n 's/^needs //p' "$apt_dir/$KERNEL_LIST")"
	for pattern in "${ROOT_EXCLUDE[@]}"; do
		opts+=(--dpkgopt="path-exclude=$pattern")
	done
	apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https 2>/dev/null |
		grep -i proxy >"$dir/proxy.conf" || true
	[[ ! -s $dir/proxy.conf ]] || opts+=(--aptopt="$dir/proxy.conf")

	TMPDIR=$dir mmdebstrap --quiet --mode=root --variant=minbase --architectures=amd64 \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
		--aptopt='Acquire::Retries "3"' "${opts[@]}" \
		--include="$(tr -s ' \n' ',,' <<<"$include" | sed 's/,*$//')" \
		"$release" "$dir/root" "$apt_dir/sources.list" >&2 ||
		die "mmdebstrap failed to make the $release root (its last words are above): check the network and try again"

	while read -r kind name krel version debs; do
		case $kind in
		source)
			# The others are only for the debug kernels.
			[[ ! -e $dir/root/usr/src/linux-source ]] || continue
			deb=$(fetch_debs "$krel=$version")
			unpack_source "$deb" "$dir/root/usr/src/linux-source"
			;;
		kernel)
			# shellcheck disable=SC2086  # a list
			mapfile -t files <<<"$(fetch_debs $debs)"
			for deb in "${files[@]}"; do
				unpack "$deb" "$dir/root"
			done
			chroot "$dir/root" depmod "$krel"
			;;
		esac
	done <"$apt_dir/$KERNEL_LIST"
	find "$apt_dir/debs" -name '*.deb' ! -name 'linux-source-*' -delete

	# where sandbox/enter binds the build's directories, and the guest the user's
	mkdir -p "$dir/root"/vmscope/{src,stage,linux} "$dir/root/mnt/share"
	rm -rf "$dir/root"/var/lib/apt/lists/* "$dir/root"/var/cache/apt/*
	rm -f "$dir/root"/etc/{hostname,resolv.conf}
	printf '127.0.0.1\tlocalhost vmscope\n::1\tlocalhost\n' >"$dir/root/etc/hosts"
	: >"$dir/root/etc/fstab"
}

# The modules that a guest's initramfs loads, in order; what is built in is skipped.
readonly BOOT_MODULES=(virtio_pci virtio_blk virtio_console erofs overlay)
readonly SHARE_MODULES=(9pnet_virtio 9p)

# add_modules ROOT KREL TREE LIST MODULE...: puts them and what they depend on
# into TREE/modules, unpacked, and their names in loading order into LIST there.
add_modules() {
	local root=$1 krel=$2 tree=$3 list=$4 file name
	shift 4
	chroot "$root" modprobe --set-version "$krel" --show-depends --all "$@" |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		while read -r file; do
			name=${file##*/}
			name=${name%%.ko*}.ko
			# Two lists can ask for one module: it is loaded once.
			[[ ! -e $tree/modules/$name ]] || continue
			case $file in
			*.xz) xz -dc "$root/$file" ;;
			*.zst) zstd -dcq "$root/$file" ;;
			*.gz) gzip -dc "$root/$file" ;;
			*) cat "$root/$file" ;;
			esac >"$tree/modules/$name"
			echo "$name"
		done >"$tree/modules/$list"
}

# make_initrd ROOT KREL DIR: writes DIR/initrd, an uncompressed cpio archive.
make_initrd() {
	local root=$1 krel=$2 dir=$3 agent=$4 tree=$3/tree
	rm -rf "$tree"
	mkdir -p "$tree"/{bin,dev,proc,sys,mnt,modules,vmscope,stage}
	cp "$root/bin/busybox" "$tree/bin/busybox"
	ln -s busybox "$tree/bin/sh"
	cp "$here/sandbox/guest-init" "$tree/init"
	cp "$agent" "$tree/vmscope/agent"
	chmod 755 "$tree/init" "$tree/vmscope/agent"
	mknod -m 600 "$tree/dev/console" c 5 1 2>/dev/null || true
	: >"$tree/modules/boot"
	: >"$tree/modules/share"
	if [[ -n $krel ]]; then
		add_modules "$root" "$krel" "$tree" boot "${BOOT_MODULES[@]}"
		add_modules "$root" "$krel" "$tree" share "${SHARE_MODULES[@]}"
	fi
	pack_tree "$tree" >"$dir/initrd"
	rm -rf "$tree"
}

# pack_tree DIR: DIR as a cpio archive that the kernel can unpack, all root's.
pack_tree() {
	(cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --quiet --null --create --format=newc --owner=0:0)
}

make_image() {
	local root=$1 image=$2
	mkfs.erofs --quiet -T0 --exclude-regex='^boot/(vmlinuz|System.map)' \
		--exclude-regex='^usr/lib/modules/[^/]*/(vmlinuz|System.map)' \
		--exclude-regex='^var/(cache|lib/apt)/' "$image" "$root" >/dev/null ||
		die "mkfs.erofs failed to write $image: is the disk full?"
}

make_agent() {
	local root=$1 out=$2
	rm -rf "$root/vmscope/agent"
	mkdir "$root/vmscope/agent"
	cp "$here/sandbox/"agent*.[ch] "$root/vmscope/agent/"
	chroot "$root" sh -c 'cd /vmscope/agent && gcc -O2 -Wall -Wextra -static -o agent *.c' ||
		die "the sandbox's agent does not compile in ${root}: this is a bug of scripts/sandbox/agent*.c"
	mv "$root/vmscope/agent/agent" "$out"
	rm -rf "$root/vmscope/agent"
}

# ensure_root RELEASE: makes the release's root file system unless the cache
# holds it, sets $root_dir and $boot_dir and holds a shared lock on the root.
ensure_root() {
	local release=$1 dir tmp fd key status
	archive_kernels "$release"
	dir=$cache/roots/$release-$(root_key "$release")
	if [[ ! -e $dir/ready ]]; then
		need_root
		"$here/setup" --check || exit 1
		lock "roots/$release"
		if [[ ! -e $dir/ready ]]; then
			# not in a condition: there, set -e would not count
			set +e
			(set -e; make_release "$release" "$dir")
			status=$?
			set -e
			if ((status != 0)); then
				dir=$cache/roots/$release
				[[ -e $dir/ready ]] && ((status < 128)) || exit "$status"
				warn "going on with the $release root file system made before"
				dir=$(readlink -f "$dir")
			fi
		fi
		unlock "roots/$release"
	fi
	root_dir=$dir
	exec {fd}<"$root_dir/ready"
	flock -s "$fd"

	key=$(boot_key)
	boot_dir=$root_dir/boot-$key
	if [[ ! -e $boot_dir ]]; then
		need_root
		lock "roots/$release"
		if [[ ! -e $boot_dir ]]; then
			tmp=$(mktemp -d "$cache/roots/tmp-XXXXXX")
			at_exit+=("$tmp")
			make_boot "$tmp"
			find "$root_dir" -maxdepth 1 -name 'boot-*' -mmin +120 -exec rm -rf {} +
			mv "$tmp" "$boot_dir"
			touch "$boot_dir"
		fi
		unlock "roots/$release"
	fi
}

# unpack_vmlinux VMLINUZ OUT: under emulation a kernel takes seconds to unpack
# itself. The header says where in the file the packed kernel is; its last four
# bytes are its size unpacked.
unpack_vmlinux() {
	local file=$1 out=$2 setup offset length
	setup=$(od -An -tu1 -j $((0x1f1)) -N 1 "$file")
	offset=$(od -An -tu4 -j $((0x248)) -N 4 "$file")
	length=$(od -An -tu4 -j $((0x24c)) -N 4 "$file")
	offset=$((offset + (setup + 1) * 512))
	case $(od -An -tx1 -j $offset -N 4 "$file") in
	' fd 37 7a 58') set -- xz -dcq --single-stream ;;
	' 28 b5 2f fd') set -- zstd -dcq ;;
	' 02 21 4c 18') set -- lz4 -dcq ;;
	' 1f 8b '*) set -- gzip -dcq ;;
	*) return 1 ;;
	esac
	# they complain about those four bytes
	tail -c +$((offset + 1)) "$file" | head -c $((length - 4)) | "$@" >"$out" 2>/dev/null || true
	[[ $(head -c 4 "$out" | od -An -c) = *E*L*F* &&
		$(stat -c %s "$out") -eq $(od -An -tu4 -j $((offset + length - 4)) -N 4 "$file") ]]
}

# make_release RELEASE DIR: in a subshell of its own, under the lock.
make_release() {
	local release=$1 dir=$2 tmp
	trap cleanup EXIT
	note "making the $release root file system (a few minutes, once per kernel version)"
	tmp=$(mktemp -d "$cache/roots/tmp-XXXXXX")
	at_exit=("$tmp")
	chmod 755 "$tmp"
	cp "$cache/archive/$release/$KERNEL_LIST" "$tmp/kernels"
	make_root "$release" "$tmp"
	make_image "$tmp/root" "$tmp/image.erofs"
	: >"$tmp/ready"
	mv "$tmp" "$dir"
	ln -sfn "${dir##*/}" "$cache/roots/$release"
	sweep_roots "$release"
}

# make_boot DIR: what boots the kernels of $root_dir.
make_boot() {
	local kind name krel version rest
	make_agent "$root_dir/root" "$1/agent"
	while read -r kind name krel version rest; do
		[[ $kind = kernel ]] || continue
		mkdir -p "$1/$name"
		# newer packages keep it with the modules
		cp "$root_dir/root/boot/vmlinuz-$krel" "$1/$name/vmlinuz" 2>/dev/null ||
			cp "$root_dir/root/lib/modules/$krel/vmlinuz" "$1/$name/vmlinuz"
		unpack_vmlinux "$1/$name/vmlinuz" "$1/$name/vmlinux" || rm -f "$1/$name/vmlinux"
		make_initrd "$root_dir/root" "$krel" "$1/$name" "$1/agent"
		echo "$krel" >"$1/$name/release"
	done <"$root_dir/kernels"
}

# sweep_roots RELEASE: removes the roots that are neither current nor in use.
sweep_roots() {
	local dir fd
	for dir in "$cache/roots/$1"-*/; do
		dir=${dir%/}
		[[ $dir != "$cache/roots/$(readlink "$cache/roots/$1")" ]] || continue
		exec {fd}<"$dir/ready" || continue
		if flock -x -n "$fd"; then
			rm -rf --one-file-system "$dir"
		fi
		exec {fd}<&-
	done
}
