# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# archive.sh - which Debian archive this machine uses, and which kernels it has.
#
# No server is named here: the archive is the one of the machine's own apt, used
# with a private apt configuration so that the machine's own state does not
# change. VMSCOPE_MIRROR= and VMSCOPE_SECURITY_MIRROR= name another one.

# Rename it if the format of its lines changes.
readonly KERNEL_LIST=kernels-2
readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# fetch_url URL FILE: uses apt's own program, so that its proxy settings apply.
fetch_url() {
	/usr/lib/apt/apt-helper -qq download-file "$1" "$2" >/dev/null 2>&1
}

# site_label SITE SUITE: the Label: line of that site's release file, if the
# site serves a Debian archive at all.
site_label() {
	local file=$cache/archive/.release.$$
	rm -f "$file"
	fetch_url "${1%/}/dists/$2/InRelease" "$file" || return 0
	if grep -qx 'Origin: Debian' "$file"; then
		sed -n 's/^Label: //p' "$file" | head -n 1
	fi
	rm -f "$file"
}

# find_sites: sets $site (Debian's main archive) and $security_site (may stay
# empty) from apt, or, if its lists are empty, from the sites themselves.
find_sites() {
	local s origin label list
	site=${VMSCOPE_MIRROR-} security_site=${VMSCOPE_SECURITY_MIRROR-}
	[[ -z $site ]] || return 0
	# shellcheck disable=SC2016  # apt expands these
	list=$(apt-get indextargets --format '$(SITE)|$(ORIGIN)|$(LABEL)' 'Created-By: Packages' | sort -u)
	while IFS='|' read -r s origin label; do
		[[ $origin = Debian ]] || continue
		case $label in
		Debian) site=${site:-$s} ;;
		Debian-Security) security_site=${security_site:-$s} ;;
		esac
	done <<<"$list"
	[[ -z $site ]] || return 0
	while IFS='|' read -r s _; do
		[[ -n $s ]] || continue
		if [[ -z $site && $(site_label "$s" trixie) = Debian ]]; then
			site=$s
		elif [[ -z $security_site && $(site_label "$s" trixie-security) = Debian-Security ]]; then
			security_site=$s
		fi
	done <<<"$(cut -d'|' -f1 <<<"$list" | sort -u)"
	[[ -n $site ]]
}

# private_apt RELEASE: writes $apt_dir/apt.conf and sources.list.
private_apt() {
	local release=$1
	apt_dir=$cache/archive/$release
	mkdir -p "$apt_dir"/{lists/partial,cache/archives/partial,debs}
	: >"$apt_dir/status"
	{
		local opts="[arch=amd64 signed-by=$KEYRING]"
		echo "deb $opts $site $release main"
		echo "deb $opts $site $release-updates main"
		[[ -z $security_site ]] || echo "deb $opts $security_site $release-security main"
		[[ $release != trixie ]] || echo "deb $opts $site $release-backports main"
	} >"$apt_dir/sources.list"
	cat >"$apt_dir/apt.conf" <<-CONF
		Dir::State "$apt_dir";
		Dir::State::lists "$apt_dir/lists";
		Dir::State::status "$apt_dir/status";
		Dir::Cache "$apt_dir/cache";
		Dir::Etc::sourcelist "$apt_dir/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Install-Recommends "false";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
	CONF
}

apt_private() {
	local tool=$1
	shift
	APT_CONFIG=$apt_dir/apt.conf "$tool" -o APT::Update::Post-Invoke-Success::= \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::sourcelist="$apt_dir/sources.list" "$@"
}

# newest_version PACKAGE [backports]: its newest version outside backports, or
# in it.
newest_version() {
	apt_private apt-cache madison "$1" 2>/dev/null |
		awk -F'|' -v b="${2-}" '/Packages/ && ((b != "") == ($3 ~ /-backports\//)) { gsub(/ /, "", $2); print $2 }' |
		sort -V | tail -n 1
}

# depend_names PACKAGE VERSION REGEX: the names it depends on that match.
depend_names() {
	apt_private apt-cache show --no-all-versions "$1=$2" | sed -n 's/^Depends: //p' | head -n 1 |
		tr ',' '\n' | sed 's/^ *//; s/[ (].*//' | grep -xE "$3" || true
}

# follow PACKAGE VERSION: adds the kernel's packages that PACKAGE depends on to
# $debs as NAME=VERSION, and their other dependencies to $needs.
follow() {
	local dep
	[[ " $debs " != *" $1="* ]] || return 0
	debs+=" $1=$2"
	for dep in $(depend_names "$1" "$2" '.*'); do
		case $dep in
		linux-base|linux-initramfs-tool|initramfs-tools) ;;
		linux-*) follow "$dep" "$(same_source_version "$dep" "$2")" ;;
		*) [[ " $needs " = *" $dep "* ]] || needs+=" $dep" ;;
		esac
	done
}

# same_source_version PACKAGE VERSION: VERSION if PACKAGE has it, otherwise its
# newest.
same_source_version() {
	if apt_private apt-cache madison "$1" 2>/dev/null | grep -qF "| $2 |"; then
		echo "$2"
	else
		newest_version "$1"
	fi
}

# ask_archive RELEASE: refreshes the lists and writes $apt_dir/$KERNEL_LIST:
#   kernel NAME RELEASE-STRING VERSION PACKAGE=VERSION...
#   source NAME PACKAGE VERSION
#   needs PACKAGE...
# The kernel's packages are unpacked, not installed: an installed image would
# pull in an initramfs builder and run it.
ask_archive() {
	local release=$1 name version krel debs needs='' backports tmp source
	find_sites ||
		die "cannot find where this machine gets Debian from: add a Debian source to /etc/apt, or set VMSCOPE_MIRROR=URL"
	private_apt "$release"
	apt_private apt-get -qq update >"$apt_dir/update.log" 2>&1 || return 1
	! grep -qE '^(W|E): (Failed|Some index)' "$apt_dir/update.log" || return 1
	tmp=$apt_dir/$KERNEL_LIST.new
	: >"$tmp"
	for name in "${KERNELS[@]}"; do
		[[ -z $(base_of "$name") && $(release_of "$name") = "$release" ]] || continue
		backports='' debs=''
		[[ $name != newest ]] || backports=1
		version=$(newest_version linux-image-amd64 $backports)
		[[ -n $version ]] || return 1
		krel=$(depend_names linux-image-amd64 "$version" 'linux-image-[0-9].*')
		krel=${krel#linux-image-}
		[[ -n $krel ]] || return 1
		follow "linux-image-$krel" "$version"
		follow "linux-headers-$krel" "$version"
		echo "kernel $name $krel $version$debs" >>"$tmp"
		# Not every kernel in backports has its source there.
		source=linux-source-$(sed -E 's/^([0-9]+\.[0-9]+).*/\1/' <<<"$krel")
		version=$(same_source_version "$source" "$version")
		[[ -n $version || $name = newest ]] || return 1
		[[ -z $version ]] || echo "source $name $source $version" >>"$tmp"
	done
	needs=$(tr ' ' '\n' <<<"$needs" | awk NF | sort -u | tr '\n' ' ')
	echo "needs $needs" >>"$tmp"
	mv "$tmp" "$apt_dir/$KERNEL_LIST"
}

# archive_kernels RELEASE: makes sure that $apt_dir/$KERNEL_LIST exists and is
# at most ARCHIVE_MAX_AGE old; an archive that cannot be reached is not an error
# if there is an older answer.
archive_kernels() {
	local release=$1
	apt_dir=$cache/archive/$release
	[[ ! -e $apt_dir/$KERNEL_LIST || -z ${VMSCOPE_OFFLINE-} ]] || return 0
	! fresh "$apt_dir/$KERNEL_LIST" "$ARCHIVE_MAX_AGE" || return 0
	lock "archive/$release"
	if ! fresh "$apt_dir/$KERNEL_LIST" "$ARCHIVE_MAX_AGE"; then
		note "asking the Debian archive for $release's kernels"
		if (ask_archive "$release"); then
			:
		elif [[ -e $apt_dir/$KERNEL_LIST ]]; then
			warn "the Debian archive cannot be reached: going on with what the cache holds"
			# ask again in an hour
			touch -d "-$((ARCHIVE_MAX_AGE - 60)) minutes" "$apt_dir/$KERNEL_LIST"
		else
			cat "$apt_dir/update.log" >&2 2>/dev/null || true
			die "cannot read $release from the Debian archive: check the network and /etc/apt, or set VMSCOPE_MIRROR=URL"
		fi
	fi
	unlock "archive/$release"
}
