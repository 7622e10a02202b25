# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# guest.sh - boots a kernel in QEMU, runs a command there and judges the run.

# Messages that a kernel only logs if something is wrong.
readonly COMPLAINTS='(^|\] |>)(WARNING: |BUG: |kernel BUG at |KASAN: |BUG KFENCE|KFENCE: |UBSAN: |KCSAN: |Oops: |Oops\[|general protection fault, |Kernel panic|watchdog: BUG|INFO: (task .* blocked|rcu|possible |trying |suspicious|inconsistent)|rcu: INFO|Bad page |unreferenced object |vmscope-vm: [^ep])'

# A path or value inside a QEMU option.
qemu_value() { printf '%s' "${1//,/,,}"; }

mib_of() {
	local bytes
	bytes=$(numfmt --from=iec -- "${1^^}" 2>/dev/null) && ((bytes >= 1048576)) ||
		usage_error "'$1' is no size: write 512M or 2G"
	echo $((bytes / 1048576))
}

# kvm_works: does a guest really boot under KVM here? Boots one to find out.
kvm_works() {
	local answer=$cache/kvm log dir
	[[ -r /dev/kvm && -w /dev/kvm ]] || return 1
	if ! fresh "$answer" "$KVM_MAX_AGE" || [[ $(sed -n 2p "$answer") != "$(</proc/sys/kernel/random/boot_id)" ]]; then
		lock kvm
		dir=$(mktemp -d "$cache/run/tmp-XXXXXX")
		log=$dir/log
		mkdir -p "$dir/tree/vmscope"
		echo 'probe=1' >"$dir/tree/vmscope/config"
		{
			cat "$kernel_dir/initrd"
			pack_tree "$dir/tree"
		} >"$dir/initrd"
		(timeout -s KILL 20 qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
			-machine q35 -accel kvm -cpu max,la57=off -m 512M -kernel "$kernel_dir/vmlinuz" \
			-initrd "$dir/initrd" -append 'console=ttyS0 panic=-1' -serial "file:$(qemu_value "$log")" \
			|| true) </dev/null >/dev/null 2>&1
		{
			if grep -q 'vmscope-vm: probe ok' "$log" 2>/dev/null; then echo yes; else echo no; fi
			cat /proc/sys/kernel/random/boot_id
		} >"$answer.new"
		mv "$answer.new" "$answer"
		rm -rf "$dir"
		unlock kvm
	fi
	[[ $(head -n 1 "$answer") = yes ]]
}

# overlay_tree DIR: the files of this run, as a tree to lay over the initramfs:
# the installed project under stage, the rest under vmscope.
overlay_tree() {
	local tree=$1 dir
	mkdir -p "$tree"/{stage,vmscope}
	if [[ -d $cache/build/$kernel/stage ]]; then
		cp -a "$cache/build/$kernel/stage/." "$tree/stage/"
	fi
	if [[ -n $debug_dir ]]; then
		mkdir -p "$tree/stage/usr/lib/modules"
		cp -a "$debug_dir/modules/lib/modules/." "$tree/stage/usr/lib/modules/"
	fi
	# the root's /lib and so on are links into /usr: a directory would hide
	# them
	for dir in bin sbin lib lib32 lib64 libx32; do
		if [[ -d $tree/stage/$dir && ! -L $tree/stage/$dir ]]; then
			mkdir -p "$tree/stage/usr/$dir"
			cp -a "$tree/stage/$dir/." "$tree/stage/usr/$dir/"
			rm -rf "${tree:?}/stage/$dir"
		fi
	done
	chmod -R go=u-w "$tree"
	install -m 755 "$here/sandbox/"{guest-setup,guest-finish} "$tree/vmscope/"
	install -D -m 755 "$here/sandbox/vm-hotplug" "$tree/stage/usr/local/bin/vm-hotplug"
	printf '%s\0' "${command[@]}" >"$tree/vmscope/argv"
	cat >"$tree/vmscope/config" <<-CONFIG
		module=${module}
		share=${share:+1}
		dir=${share:+/mnt/share}
		dir=\${dir:-/root}
		disk=$disk
		port='$port'
		tty='${tty:+--tty --size $tty_size}'
		probe=
		export HOME=/root USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8
		export TERM='${TERM:-dumb}'
		export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	CONFIG
}

# qemu_args: sets $qemu from the options.
qemu_args() {
	local mib i per cpus first n size append kernel_file
	mib=$(mib_of "$mem")
	append="console=ttyS0 loglevel=7 panic=-1 oops=panic printk.devkmsg=on random.trust_cpu=on"
	# slow under emulation, and not needed here
	append+=" cryptomgr.notests initcall_blacklist=jent_mod_init"
	# Started without its own unpacker, the kernel has neither a random text
	# address nor five levels.
	kernel_file=$kernel_dir/vmlinux
	if [[ -n $unpacker || ! -e $kernel_file || ,$cpu, =~ ,\+?la57(=on)?, ]]; then
		kernel_file=$kernel_dir/vmlinuz
	fi
	qemu=(qemu-system-x86_64 -name vmscope -nodefaults -no-user-config -display none -no-reboot
		-cpu "$cpu" -smp "$smp,sockets=$smp,cores=1,threads=1")
	if [[ -n $icount ]]; then
		qemu+=(-accel tcg,thread=single -icount shift=0)
	elif kvm_works; then
		qemu+=(-accel kvm)
	else
		qemu+=(-accel "tcg,thread=${VMSCOPE_TCG_THREAD:-multi}")
	fi
	if [[ -n $hotplug ]]; then
		hotplug_mib=$(mib_of "$hotplug")
		qemu+=(-m "${mib}M,slots=1,maxmem=$((mib + hotplug_mib))M")
	else
		qemu+=(-m "${mib}M")
	fi
	if ((nodes > 1)); then
		per=$((mib / nodes / 2 * 2))
		for ((i = 0; i < nodes; i++)); do
			n=$per
			((i > 0)) || n=$((mib - per * (nodes - 1)))
			qemu+=(-object "memory-backend-ram,id=mem$i,size=${n}M")
			cpus=
			first=$((smp * i / nodes))
			if ((smp * (i + 1) / nodes > first)); then
				cpus=",cpus=$first-$((smp * (i + 1) / nodes - 1))"
			fi
			qemu+=(-numa "node,nodeid=$i,memdev=mem$i$cpus")
		done
	fi
	qemu+=(-machine q35 -kernel "$kernel_file" -initrd "$run/initrd" -append "$append $append_user"
		-chardev "file,id=log,path=$(qemu_value "$run/log")" -serial chardev:log
		-device virtio-serial-pci,max_ports=2
		-chardev socket,id=agent,fd=3 -device virtserialport,chardev=agent,name=vmscope
		-chardev socket,id=qmp,fd=4 -mon chardev=qmp,mode=control
		-drive "if=none,id=root,format=raw,readonly=on,file=$(qemu_value "$root_dir/image.erofs")"
		-device virtio-blk-pci,drive=root)
	i=0
	for size in "${disks[@]}"; do
		i=$((i + 1))
		truncate -s "$(mib_of "$size")M" "$run/disk$i"
		qemu+=(-drive "if=none,id=disk$i,format=raw,cache=unsafe,discard=unmap,file=$(qemu_value "$run/disk$i")"
			-device "virtio-blk-pci,drive=disk$i")
	done
	if [[ -n $share ]]; then
		qemu+=(-fsdev "local,id=share,security_model=none,readonly=on,path=$(qemu_value "$share")"
			-device virtio-9p-pci,fsdev=share,mount_tag=share)
	fi
}

# um_args: sets $qemu to start a user-mode Linux, whose processes all end with
# it, and whose memory is a file in a tmpfs. They unmap what libc registered for
# restartable sequences, and the host's kernel would kill them for that.
um_args() {
	local append
	read -ra append <<<"$append_user"
	qemu=(unshare --pid --mount-proc --fork --kill-child
		env GLIBC_TUNABLES=glibc.pthread.rseq=0
		sh -c 'log=$1; shift; exec "$@" 2>"$log"' sh "$run/log"
		"$kernel_dir/vmlinuz" "mem=$(mib_of "$mem")M" initrd="$run/initrd"
		ubd0rs="$root_dir/image.erofs" con0=null,fd:2 con1=fd:3 con=null uml_dir="$run/"
		loglevel=7 panic=-1 oops=panic printk.devkmsg=on "${append[@]}")
}

# run_agent: sets $result to how ${agent[@]} ended, which runs ${qemu[@]}.
run_agent() {
	rm -f "$run/result"
	# wait like this, so that a signal to this script takes effect at once
	"${agent[@]}" -- "${qemu[@]}" <&0 &
	agent_pid=$!
	wait "$agent_pid" || true
	agent_pid=
	result=$(cat "$run/result" 2>/dev/null || echo died)
}

# run_guest: boots $kernel and runs ${command[@]} there. Sets $guest_status to
# the command's, or to 125 if the guest itself failed.
run_guest() {
	local qemu result agent=() why disk=/dev/vda port=
	[[ $kernel != um ]] || disk=/dev/ubda port='--port /dev/tty1'
	run=$(mktemp -d "$cache/run/tmp-XXXXXX")
	at_exit+=("$run")
	overlay_tree "$run/tree"
	[[ -z ${lock_fds["build/$kernel"]-} ]] || unlock "build/$kernel"
	{
		cat "$kernel_dir/initrd"
		pack_tree "$run/tree"
	} >"$run/initrd"
	rm -rf "$run/tree"
	: >"$run/log"
	if [[ $kernel = um ]]; then um_args; else qemu_args; fi

	agent=("$boot_dir/agent" host --result "$run/result" --log "$run/log" --timeout "$timeout")
	[[ -z $tty ]] || agent+=(--tty)
	[[ -n $tty || -t 0 ]] || agent+=(--stdin)
	[[ -z $hotplug ]] || agent+=(--hotplug $((hotplug_mib * 1048576)))
	[[ -z ${verbose-} ]] || note "${qemu[*]}"
	run_agent
	# A kernel that changes its own code can die of that where each CPU is
	# emulated by a thread. Before it runs anything of ours, try again.
	if [[ $result = died ]] && ! grep -qa 'Run /init as init' "$run/log"; then
		note "$kernel died before it was up; once more"
		: >"$run/log"
		run_agent
	fi
	[[ -z $log_file ]] || cp "$run/log" "$log_file"

	case $result in
	exit\ *)
		guest_status=${result#exit }
		if ! grep -qaE "$COMPLAINTS" "$run/log"; then
			return 0
		fi
		why="the kernel complained (the command's exit status was $guest_status)"
		;;
	fail\ *) why=${result#fail } ;;
	timeout) why="no end after $timeout seconds (--timeout SEC allows more)" ;;
	signal\ *)
		guest_status=$((128 + ${result#signal }))
		return 0
		;;
	*) why="the guest died" ;;
	esac
	show_log "$why"
	guest_status=125
}

show_log() {
	local first total keep=$cache/run/failed.log
	cp "$run/log" "$keep"
	total=$(wc -l <"$run/log")
	first=$(grep -anE -m 1 "$COMPLAINTS" "$run/log" | cut -d: -f1) || true
	if [[ -n $first ]]; then
		first=$((first > 20 ? first - 20 : 1))
	else
		first=$((total > 100 ? total - 100 : 1))
	fi
	{
		echo "--- kernel log of $kernel from line $first of $total (all of it: ${log_file:-$keep}) ---"
		tail -n "+$first" "$run/log" | tr -d '\r'
		echo "--- end of kernel log ---"
		first=$(grep -aoE -m 1 "$COMPLAINTS.*" "$run/log" | head -n 1 | tr -d '\r' | sed 's/^[] >]* *//') || true
		echo "vm: the run on $kernel failed: $1${first:+: $first}"
	} >&2
}
