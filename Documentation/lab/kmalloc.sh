#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kmalloc against vmalloc. The selftests' planting module allocates both ways; it
# is installed next to the lab.

# shellcheck source=Documentation/lab/lab.sh disable=SC1091
. "$(dirname "$0")/lab.sh"
readonly plant=/sys/kernel/debug/vmscope_plant

# address NAME: where the module says that it is
address() {
	awk -v name="$1" '$1 == name { print $3 }' "$plant/objects"
}

# of COLUMN ADDRESS: what vmscope says of an address
of() { vmscope what "$2" -q -r -n -o "$1"; }

echo 1 > /proc/sys/kernel/kptr_restrict
insmod "$lab/../modules/plant.ko"
undo+=("rmmod plant")
echo "new kmalloc 300 little" > "$plant/control"
echo "new kmalloc 65536 block" > "$plant/control"
echo "new vmalloc 65536 mapped" > "$plant/control"

say "kmalloc and vmalloc, on $(uname -r)"
cat << 'END'
A driver wants memory. kmalloc() takes it from the direct map, where every frame
has its address once and for all: neighbours in addresses are neighbours in
memory. vmalloc() takes frames where it finds them and maps them side by side,
page by page, at addresses of their own. A module has just asked for 300 bytes
and for 64 KiB by kmalloc, and for 64 KiB by vmalloc.
END
run "grep -E '^(little|block|mapped) ' $plant/objects"

say "1. Where does the kernel's memory live?"
run "vmscope kernel layout"
say "2. 300 bytes by kmalloc: an object of a slab, in the direct map."
run "vmscope what $(address little)"
expect "it is in the direct map" "$(of region "$(address little)")" = direct-map
expect "it is an object of at least 300 bytes" "$(of object_size "$(address little)")" -ge 300
say "   kmalloc rounds up to a size that it has a cache for; each cache has
   pages of its own, cut into objects:"
run "vmscope kernel kmalloc" 16
say "3. 64 KiB by kmalloc: more than any cache has, so 16 frames in a row."
run "vmscope what $(address block)"
expect "it is in the direct map" "$(of region "$(address block)")" = direct-map
expect "in a block of 16 frames" "$(of frame_order "$(address block)")" -eq 4
say "4. 64 KiB by vmalloc: 16 pages in a row of addresses, wherever the frames
   are. PIECES says in how many parts they lie in memory."
run "vmscope what $(address mapped)"
run "vmscope map kernel $(address mapped)+64K -o start,size,pfn,perm,area"
run "vmscope kernel vmalloc" 14
expect "it is in vmalloc's region" "$(of region "$(address mapped)")" = vmalloc
expect "16 pages" "$(vmscope pages kernel "$(address mapped)+64K" -q -r -n -o pfn | wc -l)" -eq 16
say "5. The same frame has two addresses: vmalloc's, and the direct map's."
alias=$(vmscope walk kernel "$(address mapped)" |
	sed -n 's/.*kernel alias 0x\([0-9a-f]*\).*/\1/p')
run "vmscope what $alias"
expect "both are in one frame" "$(of pfn "$alias")" = "$(of pfn "$(address mapped)")"
expect "they are not one address" "$(of region "$alias")" = direct-map
say "6. What does the kernel keep for a process, and where?"
run "vmscope kernel pid 1 --sort size" 12
say "7. Plain files show the same."
run "head -n 8 /sys/kernel/debug/vmscope/kernel/vmalloc"
run "head -n 6 /sys/kernel/debug/vmscope/kernel/kmalloc"
say "Try next"
cat << 'END'
  scripts/vm shell                      a prompt here; then
  insmod /opt/vmscope/selftests/modules/plant.ko
  echo "new vmalloc 1048576 mine" > /sys/kernel/debug/vmscope_plant/control
  grep mine /sys/kernel/debug/vmscope_plant/objects
  vmscope what ADDRESS                  of it; then of any address in dmesg
  dmesg | vmscope what                  all of them at once
END
