#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The tool: how it handles bad input, and pipes and disks that fail, and whether
# its JSON is valid and agrees with the kernel. $VMSCOPE is the tool to test.

dir=$(cd "$(dirname "$0")" && pwd) || exit 1
tool=${VMSCOPE:-vmscope}
ko=${VMSCOPE_KO:-/lib/modules/vmscope.ko}

skip_all() { echo "1..0 # SKIP $*"; exit 4; }

[ "$(id -u)" = 0 ] || skip_all "needs root"
[ -e /dev/vmscope ] || skip_all "there is no /dev/vmscope: load the module first"
command -v "$tool" >/dev/null || skip_all "there is no $tool"

tmp=$(mktemp -d) || exit 1
pids=
cleanup() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap cleanup EXIT

echo "TAP version 13"
nr=0 failed=0

# result STATUS NAME: reports a test; 0 is a pass
result() {
	nr=$((nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $nr $2"
	else
		failed=$((failed + 1))
		echo "not ok $nr $2"
	fi
}

skip() { nr=$((nr + 1)); echo "ok $nr # SKIP $*"; }

run() {
	"$tool" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	status=$?
}

# One line that begins with the tool's name
one_line_of_error() {
	[ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -q '^vmscope: ' "$tmp/err"
}

explain() {
	echo "# status $status, standard error:"
	head -n 5 "$tmp/err" | sed 's/^/#   /'
	head -n 5 "$tmp/out" | sed 's/^/#   out: /'
}

# verdict STATUS NAME: reports the result of "run", with its output if it failed
verdict() {
	[ "$1" -eq 0 ] || explain
	result "$1" "$2"
}

# python_verdict STATUS NAME: the same for a program whose last line says why
python_verdict() {
	[ "$1" -eq 0 ] || tail -n 4 "$tmp/err" | sed 's/^/# /'
	result "$1" "$2"
}

# refuses STATUS ARGUMENT...: exits with it, one line of error and no output
refuses() {
	want=$1
	shift
	run "$@"
	[ "$status" -eq "$want" ] && [ ! -s "$tmp/out" ] && one_line_of_error
	verdict $? "refuses $want: vmscope $*"
}

# takes NAME ARGUMENT...: exits 0, with output, and with -q nothing else
takes() {
	name=$1
	shift
	run -q "$@"
	[ "$status" -eq 0 ] && [ -s "$tmp/out" ] && [ ! -s "$tmp/err" ]
	verdict $? "$name: vmscope -q $*"
}

# await PID FILE: waits until FILE has "ready", or the process has ended
await() {
	n=0
	until grep -q '^ready' "$2"; do
		n=$((n + 1))
		if [ $n -eq 3000 ] || ! kill -0 "$1" 2>/dev/null; then
			echo "Bail out! ${2##*/} is not ready"
			exit 1
		fi
		sleep 0.1
	done
}

# peak ARGUMENT...: sets kb to the memory that the tool takes with these
# arguments
peak() {
	kb=16384
	"$dir/peak" "$tmp/peak" "$tool" -q "$@" >"$tmp/out" 2>"$tmp/err" &&
		kb=$(cat "$tmp/peak")
	echo "# $*: $kb kB for $(wc -l <"$tmp/out") rows"
}

# Anything logged from here on is from this test.
marker="tool.sh $$ begins at $(date +%s)"
echo "$marker" >/dev/kmsg
loads=0

# A process with every kind of memory, and one that can be killed.
"$dir/mkmap" all >"$tmp/mkmap" &
target=$!
pids="$pids $target"
await $target "$tmp/mkmap"
address_of() { sed -n "s/^$1 0x\([0-9a-f]*\) .*/\1/p" "$tmp/mkmap"; }
anon=$(address_of anon)

# Processes that cannot be looked at

dead=$(sh -c 'echo $$')
refuses 3 map "$dead"
refuses 3 "$dead"
refuses 1 map 2
refuses 1 walk 2 1000

python3 -c '
import os, time
if os.fork():
    print("ready", flush=True)
    time.sleep(1000)' >"$tmp/zombie" &
parent=$!
pids="$pids $parent"
await $parent "$tmp/zombie"
zombie=$(pgrep -P "$parent" | head -n 1)
until grep -q 'State:.*Z' "/proc/$zombie/status"; do sleep 0.1; done
refuses 3 map "$zombie"

# Addresses and ranges

takes "address in no area" walk "$target" 0
takes "address of the kernel" walk "$target" ffffffff81000000
takes "address with and without 0x" walk "$target" "0x$anon" "$anon"
refuses 1 walk "$target" 8000000000000000
refuses 1 map "$target" no-such-area
takes "range of all addresses" map "$target" 0-ffffffffffffffff
takes "range that begins within a page" map "$target" "$anon+1"
takes "range as maps has it" map "$target" "$(sed -n '1s/ .*//p' "/proc/$target/maps")"
takes "range by the name of an area" map "$target" '[stack]'

# Machines that lack something

if command -v setpriv >/dev/null; then
	cp "$(command -v "$tool")" "$tmp/vmscope" && chmod 755 "$tmp" "$tmp/vmscope"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$tmp/vmscope" map "$target" \
		>"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq 1 ] && [ ! -s "$tmp/out" ] && one_line_of_error &&
		grep -q root "$tmp/err"
	result $? "refuses 1: who is not root"
else
	skip "not root: there is no setpriv"
fi

if unshare --mount sh -c 'umount -l /sys/kernel/debug' 2>/dev/null; then
	unshare --mount sh -c 'umount -l /sys/kernel/debug; exec "$@"' sh \
		"$tool" -q map "$target" >"$tmp/out" 2>"$tmp/err" &&
		[ -s "$tmp/out" ] && [ ! -s "$tmp/err" ]
	result $? "works where debugfs is not mounted"
else
	skip "debugfs is not mounted, or cannot be unmounted"
fi

if [ -r "$ko" ] && [ "$(cat /sys/module/vmscope/refcnt)" = 0 ] && rmmod vmscope; then
	for command in "map $target" "$target" ps info; do
		# shellcheck disable=SC2086  # a command and its argument
		refuses 1 $command
	done
	grep -q 'not loaded' "$tmp/err"
	result $? "says that the module is not loaded"
	insmod "$ko" && loads=$((loads + 1))
else
	skip "module not loaded: it cannot be unloaded here"
fi

# In a PID namespace of its own, 1 is the program itself.
if unshare --pid --fork --mount-proc true 2>/dev/null; then
	unshare --pid --fork --mount-proc "$tool" -q areas 1 >"$tmp/out" 2>"$tmp/err" &&
		grep -q "$(basename "$tool")" "$tmp/out"
	result $? "counts PIDs as its own namespace does"
	unshare --pid --fork --mount-proc "$tool" map "$target" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq 3 ] && [ ! -s "$tmp/out" ] && one_line_of_error
	result $? "refuses 3: a PID of another namespace"
	unshare --pid --fork --mount-proc "$tool" ps >"$tmp/out" 2>"$tmp/err" &&
		! grep -q 'more is on the devices' "$tmp/err"
	result $? "explains devices only where all processes are seen"
else
	skip "the kernel has no PID namespaces"
fi

# Output that goes nowhere

for command in map pages areas forecast; do
	{ "$tool" -q "$command" "$target" 2>"$tmp/err"; echo $? >"$tmp/status"; } |
		head -n 1 >"$tmp/out"
	status=$(cat "$tmp/status")
	if [ "$status" -eq 0 ] && [ -s "$tmp/out" ] && [ ! -s "$tmp/err" ]; then
		result 0 "a reader that leaves is no error: $command"
	else
		result 1 "a reader that leaves is no error: $command"
	fi
done

for command in "map $target" "pages $target -J" "areas $target" "forecast $target" \
	"explain $target 0" "$target" ps info; do
	# shellcheck disable=SC2086  # a command and its arguments
	"$tool" -q $command >/dev/full 2>"$tmp/err"
	status=$?
	: >"$tmp/out"
	[ $status -eq 1 ] && one_line_of_error && grep -q 'No space left' "$tmp/err"
	verdict $? "a full disk is an error: $command"
done

# The first file that is opened must not be taken for standard output.
"$tool" -q map "$target" >&- 2>"$tmp/err"
[ $? -eq 1 ] && grep -q 'Bad file descriptor' "$tmp/err"
result $? "closed standard output is an error, and no other file's"

# A target that exits half-way: at that time the pipe is full, and its 32,768
# entries need more calls.
python3 -c '
import mmap, time
memory = mmap.mmap(-1, 128 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
memory.madvise(mmap.MADV_NOHUGEPAGE)
for i in range(0, len(memory), 4096): memory[i] = 1
print("ready", flush=True)
time.sleep(1000)' >"$tmp/large" &
large=$!
pids="$pids $large"
await $large "$tmp/large"
{ "$tool" -q pages "$large" 2>"$tmp/err"; echo $? >"$tmp/status"; } | {
	read -r _
	sleep 1
	kill -KILL "$large"
	wait "$large" 2>/dev/null
	while grep -qs . "/proc/$large/maps"; do sleep 0.1; done
	cat >/dev/null
}
status=$(cat "$tmp/status")
: >"$tmp/out"
[ "$status" -eq 3 ] && one_line_of_error
verdict $? "a target that goes half-way is reported: 3"

# JSON, checked by an independent parser, and its contents

cat >"$tmp/check.py" <<'PYTHON'
import ctypes, json, mmap, re, subprocess, sys, os

tool, what, pid = sys.argv[1:4]

def run(*args, **kw):
    return subprocess.run([tool, "-q", *args], capture_output=True, check=True, **kw).stdout

def rows(command, *args):
    data = json.loads(run(command, pid, "-J", *args))
    assert list(data) == [command], list(data)
    return data[command]

def check_types(row):
    for key, value in row.items():
        assert re.fullmatch("[a-z0-9_]+", key), key
        if key in ("start", "end", "raw", "virtual", "physical", "phys"):
            assert value is None or re.fullmatch("0x[0-9a-f]+", value), (key, value)
        if key in ("size", "pages", "pfn", "swap_type", "swap_offset", "page_size", "rss"):
            assert value is None or isinstance(value, int), (key, value)

def maps():
    areas = []
    for line in open(f"/proc/{pid}/maps"):
        span, perms, _, _, _, *name = line.rstrip("\n").split(maxsplit=5)
        start, end = (int(x, 16) for x in span.split("-"))
        if start < 1 << 63:
            areas.append((start, end, perms, name[0] if name else ""))
    return areas

def pieces(rows):
    """Merges equal neighbours."""
    out = []
    for row in rows:
        start, end = int(row["start"], 16), int(row["end"], 16)
        key = (row["level"], row["state"], row["perm"], row["area"])
        if out and out[-1][1] == start and out[-1][2] == key:
            out[-1][1] = end
        else:
            out.append([start, end, key])
    return out

def check_json():
    for command in ("areas", "map", "pages", "swap", "tree", "tables", "audit", "forecast"):
        for row in rows(command):
            check_types(row)
    keys = ("start", "end", "size", "pages", "level", "page_size", "raw", "pte_flags", "perm",
            "lperm", "vperm", "vma_flags", "page_flags", "state", "pfn", "swap_type",
            "swap_offset", "swap_device", "area")
    assert not set(keys) - set(rows("pages", "-o", ",".join(keys))[0])
    assert not set(keys) - set(rows("pages", "--output-all")[0])
    for command in ("ps", "info"):
        data = json.loads(run(command, "-J"))
        assert list(data) == [command] and data[command]
    data = json.loads(run(pid, "-J"))
    assert len(data) == 1

def check_null():
    """What is unknown is null, never 0."""
    for row in rows("pages", "-o", "state,pfn,swap_type,swap_offset"):
        slot = row["state"] in ("swap", "shmem-swap")
        assert (row["swap_type"] is None) != slot, row
        assert (row["swap_offset"] is None) != slot, row
        if slot or row["state"] in ("none", "marker-uffd", "marker-poison", "marker-guard"):
            assert row["pfn"] is None, row
        if row["state"] in ("anon", "file", "shmem", "ksm", "hugetlb"):
            assert row["pfn"], row

def check_areas():
    ours = [(int(r["start"], 16), int(r["end"], 16), r["vperm"]) for r in rows("areas")
            if r["start"] is not None]
    assert ours == [a[:3] for a in maps()]

def check_segments():
    """The tool reads this process, whose bounds come from stat and sbrk()."""
    own, heap = str(os.getpid()), None
    sbrk = ctypes.CDLL(None).sbrk
    sbrk.restype = ctypes.c_void_p
    while heap != sbrk(0):
        heap = sbrk(0)
        data = json.loads(run("areas", own, "-J", "--output-all"))["areas"]
    stat = [0, 0, 0] + [int(word) for word in open("/proc/self/stat").read().split(") ")[1].split()[1:]]
    bounds = {"code": stat[25:27], "data": stat[44:46], "heap": [stat[46], heap],
              "args": stat[47:49], "env": stat[49:51]}
    for row in data:
        start, end = int(row["start"], 16), int(row["end"], 16)
        wanted = {name: max(0, min(end, to) - max(start, at)) for name, (at, to) in bounds.items()}
        assert {name: row[name] for name in wanted} == wanted, (row, wanted)
        stack = start <= stat[27] < end
        assert row["start_stack"] == (f"{stat[27]:#x}" if stack else None), row
        names = [name for name, size in wanted.items() if size] + ["stack"] * stack
        assert row["segments"] == " ".join(names), row
    for name, (start, end) in bounds.items():
        assert 0 < end - start == sum(row[name] for row in data), name

def check_merged():
    columns = "start,end,level,state,perm,area"
    assert pieces(rows("map", "--empty", "-o", columns)) == pieces(rows("pages", "-o", columns))

def check_empty_range():
    """A RANGE of empty entries only shows them."""
    whole = os.sysconf("SC_PAGE_SIZE") * 4
    area = mmap.mmap(-1, whole)
    start = ctypes.addressof(ctypes.c_char.from_buffer(area))
    data = json.loads(run("map", str(os.getpid()), f"{start:#x}+{whole}", "-J",
                          "-o", "start,end,state"))["map"]
    assert data == [{"start": f"{start:#x}", "end": f"{start + whole:#x}", "state": "none"}]

def check_filter():
    every = rows("pages", "-o", "start,size,state,perm,level,pfn")
    filters = {
        "state == anon": lambda r: r["state"] == "anon",
        "state != anon": lambda r: r["state"] != "anon",
        "perm =~ 'w'": lambda r: "w" in r["perm"],
        "size > 4K": lambda r: r["size"] > 4096,
        "level == pmd || state == swap": lambda r: r["level"] == "pmd" or r["state"] == "swap",
        "!(state == none) && perm == '---'": lambda r: r["state"] != "none" and r["perm"] == "---",
    }
    for text, wanted in filters.items():
        got = rows("pages", "-o", "start,size,state,perm,level,pfn", "-Q", text)
        assert got == [r for r in every if wanted(r)], text
        assert got, text

def kilobytes(name, key):
    with open(f"/proc/{pid}/{name}") as file:
        return int(re.search(rf"^{key}:\s*([0-9]+) kB$", file.read(), re.M)[1])

def check_tree():
    """As many tables as the kernel counts, and entries where pagemap has any."""
    page, shift = os.sysconf("SC_PAGE_SIZE"), {"pgd": 39, "pud": 30, "pmd": 21, "pte": 12}
    every = rows("tree", "-o", "level,index,last_index,start,end,table,used,entries,leaves,state,area")
    tables = [r for r in every if r["used"] is not None]
    # The root is not counted; each huge page has a spare table.
    reserve = kilobytes("smaps_rollup", "AnonHugePages") // 2048
    assert (len(tables) - 1 + reserve) * page == kilobytes("status", "VmPTE") * 1024
    assert len({r["table"] for r in tables}) == len(tables)
    used, leaves, entries = sum(r["used"] for r in tables), sum(r["leaves"] for r in tables), set()
    for row in every:
        start, end = int(row["start"], 16), int(row["end"], 16)
        used -= row["last_index"] - row["index"] + 1 if row["level"] else 0
        if row["level"]:
            assert row["index"] == start >> shift[row["level"]] & 511, row
        if row["state"] and row["area"] != "[vvar]":
            entries.update(range(start // page, end // page))
    # Each used entry is in one row.
    assert used == 0 and leaves > 20000, (used, leaves)
    with open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        for start, end, _, name in maps():
            pagemap.seek(start // page * 8)
            words = pagemap.read((end - start) // page * 8)
            for i in range(0, len(words) if name != "[vvar]" else 0, 8):
                number = start // page + i // 8
                assert (number in entries) == (words[i + 7] >> 6 != 0), hex(number * page)

def check_debugfs():
    path = "/sys/kernel/debug/vmscope/"
    open(path + "attach", "w").write(pid)
    try:
        lines = open(path + pid + "/map", errors="surrogateescape").read().splitlines()
    finally:
        open(path + "detach", "w").write(pid)
    names = lines[0][1:].split()
    theirs = []
    for line in lines[1:]:
        row = dict(zip(names, line.split(" ", len(names) - 1)))
        theirs.append((int(row["start"], 16), int(row["end"], 16), row["level"], row["perm"],
                       row["state"]))
    ours = [(int(r["start"], 16), int(r["end"], 16), r["level"], r["perm"], r["state"])
            for r in rows("map", "--empty", "-o", "start,end,level,perm,state")]
    assert ours == theirs

def rows_of(addresses):
    text = "".join(f"{a:016x}\n" for a in addresses)
    out = run("what", "-J", "--output-all", input=text.encode())
    found = json.loads(out)["what"]
    assert [int(r["address"], 16) for r in found] == addresses
    return found

def direct_map():
    layout = json.loads(run("kernel", "layout", "-J", "-o", "start,region"))["layout"]
    return min(int(r["start"], 16) for r in layout if r["region"] == "direct-map")

def memory_frames():
    for line in open("/proc/iomem"):
        span, name = line.strip().split(" : ")
        if name == "System RAM":
            start, end = (int(x, 16) for x in span.split("-"))
            yield range(start >> 12, end + 1 >> 12)

def frames_of_tables():
    """The frames that the kernel marks as page tables."""
    flags = open("/proc/kpageflags", "rb", buffering=0)
    found = []
    for frames in memory_frames():
        for pfn in range(frames.start, frames.stop, 4096):
            data = os.pread(flags.fileno(), 8 * min(4096, frames.stop - pfn), 8 * pfn)
            words = memoryview(data).cast("Q")
            found += [pfn + i for i, word in enumerate(words) if word >> 26 & 1]
    return found

def still_marked(frames):
    flags = open("/proc/kpageflags", "rb", buffering=0)
    words = {pfn: os.pread(flags.fileno(), 8, 8 * pfn) for pfn in frames}
    return {pfn for pfn, word in words.items() if int.from_bytes(word, "little") >> 26 & 1}

def rows_of_tables(entry):
    """For frames that are tables before and after the question. One may have been
    freed and allocated again: ask again about those not reported as one."""
    base, ask, seen = direct_map(), frames_of_tables(), {}
    marked, tries = len(ask), 10
    while ask and tries:
        rows = []
        for i in range(0, len(ask), 4096):
            rows += rows_of([base + (pfn << 12) + 8 * entry for pfn in ask[i:i + 4096]])
        still = still_marked(ask)
        for pfn, row in zip(ask, rows):
            seen[pfn] = row
            if pfn not in still:
                del seen[pfn]
        ask = [pfn for pfn in sorted(still) if seen[pfn]["frame_kind"] != "table"]
        tries -= 1
    assert not ask, [seen[pfn] for pfn in ask[:4]]
    print(f"# {marked} marked, {len(seen)} still")
    assert len(seen) > marked // 2
    return seen.values()

def number(path, key):
    lines = open(f"/proc/{pid}/{path}").read().splitlines()
    return next(int(l.split()[1]) for l in lines if l.startswith(key + ":"))

def check_whose():
    """The kernel's own count of a process's tables, and its marks on frames."""
    areas, entry = maps(), 5
    mine = [r for r in rows_of_tables(entry) if r["pid"] == int(pid)]
    levels = [r["table_level"] for r in mine]
    # A huge page has a spare table, which is in no tree.
    wanted = number("status", "VmPTE") // 4 - number("smaps_rollup", "AnonHugePages") // 2048
    got = sum(level in ("pte", "pmd", "pud") for level in levels)
    # Older kernels do not mark tables above PMD tables.
    unmarked = 0 if "pud" in levels else len({a[0] >> 39 for a in areas})
    print(f"# {wanted} of the process, {got} found, {unmarked} unmarked")
    assert wanted - unmarked <= got <= wanted, (wanted, got)
    shift = {"pte": 12, "pmd": 21, "pud": 30, "p4d": 39, "pgd": 48}
    for r in mine:
        assert r["table_entry"] == entry and r["comm"] == open(f"/proc/{pid}/comm").read()[:-1]
        start, one = int(r["table_address"], 16), 1 << shift[r["table_level"]]
        if r["table_level"] == "pgd":
            continue
        assert int(r["entry_address"], 16) == start + entry * one
        assert int(r["table_end"], 16) == start + 512 * one
        assert any(a[0] < start + 512 * one and a[1] > start for a in areas), r

def check_plants():
    """Per-CPU data of later chunks and slots of the fixmap, as a module has it."""
    directory = "/sys/kernel/debug/vmscope_plant/"
    for i in range(40):
        open(directory + "control", "w").write(f"new percpu 16384 later-{i}")
    plants = []
    for line in open(directory + "objects"):
        name, kind, addr, _, _, *words = line.split()
        if kind in ("percpu", "slot"):
            plants.append((kind, int(addr, 16), dict(w.split("=") for w in words), name))
    later = 0
    for (kind, addr, words, name), row in zip(plants, rows_of([p[1] for p in plants])):
        if kind == "percpu":
            assert row["cpu"] == int(words["cpu"]), (name, row)
            assert int(row["cpu_offset"], 16) == int(words["offset"], 16), (name, row)
            later += row["caller"] is not None
            continue
        index, first = int(words["slot"]), int(words["first"])
        text = words["name"] + (f"+{index - first}" if index > first else "")
        assert row["slot"] == index and row["slot_name"] == (None if text == "-" else text), row
    print(f"# {later} in later chunks")
    assert later

globals()["check_" + what]()
PYTHON

if command -v python3 >/dev/null; then
	for check in \
		"json:JSON is JSON, keyed as designed" \
		"null:JSON has null where nothing is known" \
		"areas:areas are those of maps" \
		"segments:segments of areas are those of stat" \
		"merged:map is pages merged" \
		"empty_range:a RANGE of empty entries alone shows them" \
		"filter:filters are filters over all rows" \
		"debugfs:map is the map of debugfs"; do
		python3 "$tmp/check.py" "$tool" "${check%%:*}" "$target" 2>"$tmp/err" >"$tmp/out"
		python_verdict $? "${check#*:}"
	done
	# one process with many areas, and the tool itself in each of its
	# commands
	python3 -c '
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + 3 * [ctypes.c_int] + [ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
base = libc.mmap(None, 40000 * 4096, 1, 0x4022, -1, 0)
for i in range(0, 40000, 2):
    libc.mprotect(base + i * 4096, 4096, 3)
    ctypes.memset(base + i * 4096, 1, 1)
print("ready", flush=True)
time.sleep(1000)' >"$tmp/many" &
	many=$!
	pids="$pids $many"
	await $many "$tmp/many"
	good=0
	for command in map pages swap tree; do
		peak $command "$parent"
		least=$kb
		peak $command "$many"
		[ "$kb" -lt 16384 ] && [ "$kb" -lt $((least + 1024)) ] || good=1
	done
	result $good "a large map takes less than 16 MiB, and no more than a small one"

	python3 "$tmp/check.py" "$tool" tree "$many" 2>"$tmp/err"
	python_verdict $? "the tree has the tables of VmPTE and the entries of pagemap"
	python3 "$tmp/check.py" "$tool" whose "$many" 2>"$tmp/err"
	python_verdict $? "page tables are found to be of whom the kernel counts them to"
	# The table that the walk went through, whose end does not fit into a
	# number.
	run walk kernel ffffffff81000000
	entry=$(awk '/PUD\[/ { print $2 }' "$tmp/out")
	direct=$(awk '/direct-map/ { print $1; exit }' /sys/kernel/debug/vmscope/kernel/layout)
	run what "$(python3 -c "print('%x' % (0x$direct + $entry))")"
	[ "$status" -eq 0 ] &&
		grep -q 'pud entries of the kernel, 0xffffff8000000000-0xffffffffffffffff$' "$tmp/out"
	verdict $? "a table at the end of all addresses is no root"

	restrict=$(cat /proc/sys/kernel/kptr_restrict)
	if insmod "$dir/modules/plant.ko" 2>/dev/null; then
		echo 1 >/proc/sys/kernel/kptr_restrict
		python3 "$tmp/check.py" "$tool" plants "$many" 2>"$tmp/err"
		good=$?
		echo "$restrict" >/proc/sys/kernel/kptr_restrict
		rmmod plant
		[ $good -eq 0 ] || tail -n 4 "$tmp/err" | sed 's/^/# /'
		result $good "per-CPU data and slots are reported as they were planted"
	else
		skip "per-CPU data and slots: modules/plant.ko does not load"
	fi
else
	skip "JSON: there is no python3"
fi

# Symbols: each ends where the next one begins, as in an oops. They are listed in
# the order of their addresses; sorting them takes a minute on an older release.

awk '
	found && $1 != found { print found, $1; exit }
	$3 == "commit_creds" { found = $1 }' /proc/kallsyms | sed 's/ffffffff//g' >"$tmp/symbol"
read -r start end <"$tmp/symbol"
inside=$(printf 'ffffffff%08x' $((0x$start + 16)))
size=$(printf '0x%x' $((0x$end - 0x$start)))
run -q what "$inside"
line=$(head -n 1 "$tmp/out")
run -q what commit_creds+0x10
# Only the line of the address: accessed bits of entries change.
[ "$line" = "$(head -n 1 "$tmp/out")" ] && grep -q 'commit_creds+0x10$' "$tmp/out"
verdict $? "a symbol and an offset are an address"

echo "[ 1.5] RIP: 0010:commit_creds+0x10/$size" |
	"$tool" what >"$tmp/out" 2>"$tmp/err"
grep -q "^$inside .*commit_creds+0x10\$" "$tmp/out"
verdict $? "an oops that says where by symbol is understood"

# The registers of the FPU are a part of a task.
run kernel pid $$ -n -b -o type,size -Q 'type == task'
awk '{ print $2 }' "$tmp/out" | head -n 1 |
	grep -qx "$(cat /sys/kernel/slab/task_struct/object_size)"
verdict $? "a task is as large as its cache makes it"

run what runqueues
[ "$status" -ne 0 ] && grep -q 'an offset of per-CPU data' "$tmp/err"
verdict $? "a per-CPU variable has no address of its own"

# The kernel frees it after boot, and may take it out of its map.
run what start_kernel
grep -Eq '(start_kernel\+0x0 was freed after boot|not mapped.*|own map)$' "$tmp/out"
verdict $? "what only boots is no longer what its symbol says"

# Findings

# Use a new page: forks write-protect those of mkmap.
python3 -c '
import ctypes, mmap, time
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)
page[0] = 1
print("ready %x" % ctypes.addressof(ctypes.c_char.from_buffer(page)), flush=True)
time.sleep(1000)' >"$tmp/rwx" &
rwx=$!
pids="$pids $rwx"
await $rwx "$tmp/rwx"
address=$(sed 's/ready //' "$tmp/rwx")
for expr in 'size > 0' 'finding == W+X' 'finding == w+x' 'finding =~ ^w.x$'; do
	run -q audit "$rwx" --check -Q "$expr"
	[ "$status" -eq 1 ] && grep -q "W+X  *$address" "$tmp/out"
	verdict $? "audit finds a page that is writable and executable: $expr"
done
run audit "$rwx" --check -Q 'finding == wider'
[ "$status" -eq 0 ] && grep -q 'no findings match the filter' "$tmp/err"
result $? "audit says that a filter hid what it found"

"$dir/mkmap" anon >"$tmp/plain" &
plain=$!
pids="$pids $plain"
await $plain "$tmp/plain"
run -q audit "$plain" --check -Q 'finding == W+X'
[ "$status" -eq 0 ] && ! grep -q 'W+X' "$tmp/out"
result $? "audit finds no such page where there is none"

run -q map "$target" -n -o perm,area -Q 'perm =~ "x"'
grep -q 'r-x.*mkmap' "$tmp/out"
result $? "program text is executable"

# All errors above were the caller's, and none was logged: the module only logs
# that it was loaded.
dmesg >"$tmp/log"
if grep -qF "$marker" "$tmp/log"; then
	sed "1,/$marker/d" "$tmp/log" | grep -i vmscope >"$tmp/out"
	said=$(grep -c '\] vmscope [^ ]* loaded$' "$tmp/out")
	good=0
	if [ "$said" -ne "$loads" ] || [ "$(wc -l <"$tmp/out")" -ne "$said" ]; then
		sed 's/^/# /' "$tmp/out"
		good=1
	fi
	result $good "nothing was logged"
else
	skip "nothing was logged: the log does not reach back to where this began"
fi

echo "1..$nr"
[ "$failed" -eq 0 ]
