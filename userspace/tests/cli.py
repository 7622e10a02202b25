#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the tool as a whole, against a made-up process (see fake.c)."""

import json
import os
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
ENV = {"PATH": os.environ["PATH"], "FAKE_PROC": HERE + "/proc", "LC_ALL": "C.UTF-8"}
NAMED = ["map", "pages", "swap", "areas", "tree", "tables", "audit"]
KERNEL = ["layout", "map", "vmalloc", "kmalloc"]


class Result:
    def __init__(self, args, env, text=b""):
        done = subprocess.run([TOOL, *args], env={**ENV, **env}, input=text,
                              capture_output=True, timeout=60)
        self.status = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode(errors="surrogateescape")
        self.err = done.stderr.decode(errors="surrogateescape")


def run(*args, **env):
    return Result(args, env)


def rows(*args, **env):
    """The rows of -J, checked by an independent parser."""
    result = run(*args, "-J", **env)
    assert result.status == 0, result.err
    result.raw.decode("utf-8")
    data = json.loads(result.raw)
    lists = [key for key, value in data.items() if isinstance(value, list)]
    assert len(data) == len(lists) == 1, data.keys()
    name = args[0] if not args[0].isdigit() else "summary"
    name = args[1] if name == "kernel" else name
    assert lists == ["walk" if name == "vtop" else name], lists
    return data[lists[0]]


def refused(status, text, *args, **env):
    """One clear line, nothing on standard output."""
    result = run(*args, **env)
    assert result.status == status, (args, result.status, result.err)
    assert result.out == "", (args, result.out)
    lines = result.err.splitlines()
    assert len(lines) == 1 or lines[0].startswith("vmscope: filter:"), result.err
    assert lines[0].startswith("vmscope: ") and text in lines[0], result.err


def json_is_valid_for_every_command():
    for name in NAMED:
        for extra in ([], ["--output-all"], ["-o", "+start"] if name != "tables" else []):
            assert rows(name, "1", *extra), name
    assert rows("ps") and rows("info") and rows("1")
    assert rows("walk", "1", "555556000123", "1234", "--output-all")
    assert rows("vtop", "1", "0")


def empty_json_is_valid():
    for name in NAMED[:-2]:
        assert rows(name, "1", "-Q", "size == 1") == [], name
    assert rows("audit", "1", "-Q", "size == 1") == []


def json_types_are_as_promised():
    for row in rows("pages", "1", "--output-all"):
        for key in ("start", "end", "raw", "phys", "area_start", "area_end", "offset"):
            assert row[key] is None or row[key].startswith("0x"), (key, row[key])
        for key in ("size", "pages", "page_size", "pfn", "swap_type", "swap_offset", "pkey",
                    "inode"):
            assert row[key] is None or isinstance(row[key], int), (key, row[key])
        for key in ("present", "dirty", "raced"):
            assert isinstance(row[key], bool)
        assert row["state"] and row["level"] and row["perm"]
        assert (row["pfn"] is None) == (row["state"] in
                                        ("none", "swap", "shmem-swap", "marker-guard"))
        assert (row["swap_offset"] is not None) == ("swap" in row["state"])


def keys_of_the_design_are_there():
    want = ("start end size pages level page_size raw pte_flags perm lperm vperm vma_flags "
            "page_flags state pfn swap_type swap_offset swap_device area")
    keys = rows("map", "1", "--output-all")[0].keys()
    assert set(want.split()) <= set(keys)


def names_of_raw_bytes_are_valid_json():
    areas = {row["area"] for row in rows("areas", "1")}
    assert '/tmp/odd name\nwith "all" \\xff\u00e9' in areas, areas


def names_stay_on_their_line():
    out = run("map", "1").out
    assert "/tmp/odd name\\012with" in out
    assert all(len(line.split()) >= 8 for line in out.splitlines())


def map_is_pages_merged():
    keys = ("level", "perm", "state", "area")
    merged, pages = [], rows("pages", "1")
    for page in pages:
        page["end"] = hex(int(page["start"], 16) + page["size"])
        last = merged[-1] if merged else None
        raced = [p for p in (page, last) if p and "odd" in p["area"]]
        if last and last["end"] == page["start"] and not raced and \
           all(last[k] == page[k] for k in keys):
            last["end"] = page["end"]
        else:
            merged.append({k: page[k] for k in (*keys, "start", "end")})
    assert 10 < len(merged) < len(pages)
    columns = "start,end,level,perm,state,area"
    assert rows("map", "1", "--empty", "-o", columns) == merged
    full = [r for r in merged if r["state"] != "none"]
    assert rows("map", "1", "-o", columns) == full and len(full) < len(merged)


def empty_entries_are_in_the_map_when_asked_for():
    every = rows("map", "1", "--empty")
    assert "none" not in {r["state"] for r in rows("map", "1")}
    none = [r for r in every if r["state"] == "none"]
    for expr in ("state == none", "state =~ ^no", "!(state != none)"):
        assert rows("map", "1", "-Q", expr) == none != [], expr
    assert rows("kernel", "map", "--empty", "-o", "start,state") == \
        rows("map", "kernel", "--empty", "-o", "start,state")
    nothing = next(r for r in every if r["state"] == "none")
    where = f"{nothing['start']}-{nothing['end']}"
    assert rows("map", "1", where) == [nothing] == rows("map", "1", where, "--empty")
    refused(2, "does not take --empty", "pages", "1", "--empty")
    header = run("map", "1").out.splitlines()[0].split()
    assert "VPERM" in header and "PAGES" not in header
    assert "END" in run("audit", "1").out.splitlines()[0]


def raw_sizes_are_plain_bytes():
    for words in (["map", "1"], ["areas", "1"], ["tables", "1"], ["ps"]):
        sizes = [str(r["size"]) for r in rows(*words, "-o", "size")]
        assert run(*words, "-o", "size", "-r", "-n").out.split() == sizes, words


def frames_split_runs_only_when_asked_for():
    plain = rows("map", "1", "-Q", "state == anon")
    frames = rows("map", "1", "-Q", "state == anon", "-o", "+pfn")
    assert len(frames) > len(plain)
    heap = [r for r in rows("map", "1", "[heap]", "-o", "pages,pfn") if r["pages"] == 1024]
    assert heap == [{"pages": 1024, "pfn": 0x123400}]
    for row in frames:
        assert row["pfn"] is not None


def dirty_splits_runs_only_when_asked_for():
    assert len(rows("map", "1", "[heap]", "-Q", "level == pmd")) == 1
    assert len(rows("map", "1", "[heap]", "-Q", "level == pmd", "-o", "+dirty")) == 2
    assert len(rows("map", "1", "[heap]", "-Q", "level == pmd && dirty == yes")) == 1


def raw_asks_for_single_entries():
    for row in rows("map", "1", "-o", "+raw,pages", "-Q", "present == yes"):
        assert row["raw"] and row["pages"] in (1, 512)


def buffers_of_any_size_print_the_same():
    for name in ("map", "pages", "swap"):
        whole = run(name, "1", "--output-all", "-q").raw
        for room in ("200", "333", "1024"):
            assert run(name, "1", "--output-all", "-q", FAKE_ROOM=room).raw == whole


def objects(*args, **env):
    result = run("kernel", "pid", "1", "-J", *args, **env)
    assert result.status == 0, result.err
    data = json.loads(result.raw)
    assert list(data) == ["pid"], data.keys()
    return data["pid"]


def objects_have_an_address_and_an_owner():
    got = objects("--output-all")
    assert len(got) == 16
    for row in got:
        assert row["address"].startswith("0xffff") and row["size"] > 0
        assert [row["pid"], row["fd"], row["start"], row["level"]].count(None) == 3, row
    assert [row["pid"] for row in got if row["type"] == "task"] == [1, 11]
    assert [row["fd"] for row in got if row["type"] == "file"] == [0, 1, 3]
    assert [row["start"] for row in got if row["type"] == "vma"] == ["0x555555554000"]
    assert [row["level"] for row in got if row["type"] == "table"] == ["pgd"]


def objects_come_from_an_allocator():
    of = {row["type"]: row for row in objects("--output-all")}
    assert of["stack"]["allocator"] == "vmalloc" and of["stack"]["pieces"] == 4
    assert of["stack"]["cache"] is None and of["stack"]["pfn"] == 0x40408
    assert of["task"]["cache"] == "task_struct" and of["task"]["allocator"] == "cache"
    assert of["task"]["pieces"] == 1 and of["task"]["object_size"] == 4736
    assert of["fdtable"]["allocator"] == "kmalloc"
    assert of["fdtable"]["cache"] == "kmalloc-cg-2k"
    assert of["table"]["allocator"] == "pages"
    assert of["mm"]["allocator"] == "slab" and of["mm"]["cache"] is None


def unknown_allocators_are_null_and_said():
    for env, why in (({"FAKE_NO_WHAT": "1"}, "older"), ({"FAKE_NO_KERNEL": "1"}, "older")):
        for row in objects("--output-all", **env):
            assert row["allocator"] is row["cache"] is row["object_size"] is None, row
            assert row["pfn"] is not None
        result = run("kernel", "pid", "1", **env)
        assert result.status == 0
        assert "allocators and caches are not known" in result.err and why in result.err
        assert not run("kernel", "pid", "1", "-q", **env).err


def objects_are_the_same_through_any_buffer():
    whole = objects("--output-all")
    for room in (1, 32, 40, 96, 480):
        assert objects("--output-all", FAKE_ROOM=str(room)) == whole


def objects_are_added_up_once():
    out = run("kernel", "pid", "1", "-b").out
    sums = [line.split() for line in out.split("\n\n")[1].splitlines()]
    assert sums[0] == ["SUM", "OF", "OBJECTS", "DISTINCT", "SIZE"]
    sums = {line[1]: [int(word) for word in line[2:]] for line in sums[1:]}
    assert sums["task"] == [2, 2, 2 * 4736]
    assert sums["cred"] == [2, 1, 176]
    assert sums["file"] == [3, 2, 2 * 192]
    assert sums["vmalloc"] == [2, 2, 2 * 16384]
    assert sums["total"][:2] == [16, 14]
    assert len(run("kernel", "pid", "1", "-r").out.splitlines()) == 17


def objects_are_chosen_and_sorted():
    assert {row["type"] for row in objects("-Q", "type == stack")} == {"stack"}
    assert len(objects("-Q", "pieces > 1")) == 2
    assert objects("-Q", "cache == filp && fd == 3")[0]["id"] == "3"
    sizes = [row["size"] for row in objects("--sort", "size")]
    assert sizes == sorted(sizes, reverse=True)
    assert not objects("-Q", "size == 1")


def objects_that_cannot_be_read_are_an_error():
    refused(1, "kernel addresses are withheld", "kernel", "pid", "1", FAKE_WITHHELD="1")
    refused(3, "the target is gone", "kernel", "pid", "3")
    refused(1, "kernel thread", "kernel", "pid", "2")
    refused(1, "makes no sense", "kernel", "pid", "1", FAKE_GARBAGE="1")


def ranges_choose_and_clip():
    page = rows("pages", "1", "555556001000")
    assert [r["start"] for r in page] == ["0x555556001000"]
    assert page[0]["size"] == 4096 and page[0]["pfn"] == 0x123401
    both = rows("pages", "1", "0x555555554000-555555556000")
    assert len(both) == 2
    assert rows("pages", "1", "555555554000+8K") == both
    assert len(rows("map", "1", "demo")) == len(rows("map", "1", "/usr/bin/demo")) > 4
    assert {r["area"] for r in rows("map", "1", "[stack]")} == {"[stack]"}
    assert rows("map", "1", "[anon:jit]")
    assert rows("map", "1", "1000-2000") == []


def a_name_wins_over_a_number():
    for name in ("bed", "1000+4K", "2000-1000", "ffffffffffffffff0", "555556001000"):
        got = rows("map", "1", name, FAKE_NAME="/tmp/" + name)
        assert got and {r["area"] for r in got} == {"/tmp/" + name}, name
    assert rows("map", "1", "/tmp/bed", FAKE_NAME="/tmp/bed")
    page = rows("map", "1", "0x555556001000", FAKE_NAME="/tmp/555556001000")
    assert [r["area"] for r in page] == ["[heap]"], page
    assert rows("map", "1", "0xbeds", FAKE_NAME="/tmp/0xbeds")
    assert rows("map", "1", "bed") == []
    refused(1, "no range, and no area of 1 has this name", "map", "1", "beds")
    refused(2, "before it starts", "map", "1", "0x2000-1000", FAKE_NAME="/tmp/0x2000-1000")


def a_path_longer_than_path_max_is_whole():
    path = "/tmp" + 22 * ("/" + 200 * "d") + "/file"
    assert {r["area"] for r in rows("map", "1", "file", FAKE_NAME=path)} == {path}
    assert path in {r["area"] for r in rows("areas", "1", FAKE_NAME=path)}
    assert path in run("areas", "1", "-r", FAKE_NAME=path).out
    assert rows("walk", "1", "7f0080000000", FAKE_NAME=path)[0]["area"] == path
    path = "/tmp" + 400 * ("/" + 200 * "d") + "/file"
    assert {r["area"] for r in rows("map", "1", "file", FAKE_NAME=path)} == {".../file"}


def brackets_may_be_left_out():
    for name in ("heap", "stack", "anon:jit"):
        assert rows("map", "1", name) == rows("map", "1", f"[{name}]") != []
    shared = rows("map", "1", "[anon_shmem:ring]", FAKE_NAME="[anon_shmem:ring]")
    assert {r["area"] for r in shared} == {"[anon_shmem:ring]"}


def every_region_of_layout_is_a_range():
    layout = rows("kernel", "layout")
    assert {"image.text", "image.hole", "user", "errors"} <= {r["region"] for r in layout}
    for name in {r["region"] for r in layout}:
        if name in ("user", "non-canonical"):
            refused(1, "not in the kernel's half", "kernel", "map", name)
            continue
        bounds = [(int(r["start"], 16), int(r["end"], 16)) for r in layout if r["region"] == name]
        for row in rows("kernel", "map", name):
            start = int(row["start"], 16)
            end = start + row["size"]
            assert any(low <= start and end <= high for low, high in bounds), (name, row)
    assert {r["perm"] for r in rows("kernel", "map", "image.text")} == {"r-x"}
    assert rows("kernel", "map", "image.text") == rows("kernel", "map", "[image.text]")
    refused(1, "vmscope kernel layout lists them", "kernel", "map", "image.tex")


def filters_agree_with_rows():
    every = rows("pages", "1", "--output-all")
    for expr, test in {
        "state == swap": lambda r: r["state"] == "swap",
        "perm =~ w && !(dirty == yes)": lambda r: "w" in r["perm"] and not r["dirty"],
        "pfn >= 0x8000 || swap_type == 1": lambda r: (r["pfn"] or 0) >= 0x8000
                                                     or r["swap_type"] == 1,
        "area =~ 'lib|demo' && level == pte": lambda r: "demo" in r["area"]
                                                        and r["level"] == "pte",
        "start >= 7f0000000000": lambda r: int(r["start"], 16) >= 0x7f0000000000,
        "page_flags =~ dirty": lambda r: "dirty" in r["page_flags"],
        "vma_flags =~ gd": lambda r: "gd" in r["vma_flags"],
    }.items():
        assert rows("pages", "1", "--output-all", "-Q", expr) == [r for r in every if test(r)], expr


def a_filter_that_cannot_match_is_refused():
    """It would hide what a check looks for. Each list has the column's values."""
    for command, column, value, listed in (
            ("audit 1 --check", "finding", "wx", "W+X, W+X-area, wider"),
            ("map 1", "level", "huge", "none, pte, pmd"), ("map 1", "perm", "rw", "rw-, --x"),
            ("map 1", "vperm", "rw-", "rw-p"), ("map 1", "area_kind", "kernel", "region, anon"),
            ("map 1", "cache", "writeback", "wb"), ("map 1", "flags", "w+y", "W+X"),
            ("pages 1", "page_flags", "perm-read", "present, read"),
            ("areas 1", "vma_flags", "mr", "rd"), ("areas 1", "area_kind", "lib", "file"),
            ("audit kernel --check", "area", "vmaloc", "hole, guard"),
            ("kernel map", "area", "image.text", "image, modules"),
            ("map kernel", "area", "heap", "fixmap"),
            ("tables 1", "level", "sum", "deposited, total"),
            ("walk 1 0", "perm", "w", "-w-"), ("walk 1 0", "behind", "disk", "cached"),
            ("info", "name", "frmes", "module, tool"),
            ("what 0", "region", "kmalloc", "direct-map"),
            ("kernel layout", "region", "text", "image.text"),
            ("kernel layout", "known", "guess", "iomem, perm"),
            ("kernel vmalloc", "kind", "stacks", "stack, module, raced"),
            ("kernel vmalloc", "region", "vmap", "vmalloc"),
            ("kernel kmalloc", "kind", "slab", "kmalloc, cache, frames"),
            ("kernel kmalloc", "known", "name", "type"),
            ("kernel pid 1", "type", "thread", "task"),
            ("kernel pid 1", "allocator", "page", "pages"),
            ("kernel pid 1", "level", "p5d", "pgd")):
        refused(2, listed, *command.split(), "-Q", f"{column} == {value}")
        refused(2, listed, *command.split(), "-Q", f"!({column} != '{value}')")
    assert {row["name"] for row in rows("info")} <= words_of("info", "name")
    refused(2, "no finding matches", "audit", "1", "--check", "-Q", "finding =~ wx")
    refused(2, "no page_flags matches", "pages", "1", "-Q", "page_flags =~ drity")


def columns_say_nothing_but_their_words():
    """A word missing from the set would be refused, though rows have it."""
    fixed = 0
    for command in ("map 1 --empty", "kernel map", "areas 1", "tree 1", "tables 1",
                    "audit --all", "info", "walk 1 0 555556000123",
                    "what " + " ".join(WHAT), "kernel layout", "kernel vmalloc",
                    "kernel kmalloc", "kernel pid 1"):
        data = json.loads(run(*command.split(), "--output-all", "-J").out)
        said = {}
        for row in next(iter(data.values())):
            for column, value in row.items():
                if isinstance(value, str) and not value.startswith("0x"):
                    said.setdefault(column, set()).add(value)
        for column, values in said.items():
            error = run(*command.split(), "-Q", f"{column} == no-such-word").err
            if "there are: " not in error:
                continue
            fixed += 1
            words = set(error.splitlines()[0].split("there are: ")[1].split(", "))
            assert values <= words or {w for v in values for w in v.split()} <= words, \
                (command, column, values)
    assert fixed > 30, fixed


def a_word_has_no_case_in_filters():
    for command, low, high in (("audit 1", "finding == w+x", "finding == W+X"),
                               ("audit 1", "finding =~ ^DIRTY", "finding == dirty-code"),
                               ("map 1", "level == PMD", "level == pmd"),
                               ("map 1", "perm == RW-", "perm == rw-"),
                               ("areas 1", "vma_flags =~ GD", "vma_flags =~ gd"),
                               ("kernel kmalloc", "kind == TOTAL", "kind == total")):
        name = command.split()
        assert rows(*name, "-Q", low) == rows(*name, "-Q", high) != [], low


def a_base_name_is_hinted_at_where_paths_are_compared():
    for command in ("map", "areas", "audit"):
        result = run(command, "1", "-Q", "area == demo")
        assert result.status == 0 and "such as /usr/bin/demo" in result.err, result.err
        assert "such as" not in run(command, "1", "-Q", "area == /usr/bin/demo").err
        assert "such as" not in run(command, "1", "-Q", "area == nothing").err


def withheld_is_null_never_zero():
    got = {row["start"]: row for row in rows("pages", "1", "--output-all")}
    states = set()
    for row in rows("pages", "1", "--output-all", FAKE_WITHHELD="1"):
        for key in ("raw", "pfn", "phys", "swap_type", "swap_offset", "swap_device"):
            assert row[key] is None, (key, row)
        assert row["withheld"] == (row["state"] != "none"), row
        assert row["state"] == got[row["start"]]["state"], row
        states.add(row["state"])
    assert {"none", "anon", "swap", "shmem-swap", "marker-guard", "hwpoison"} <= states
    walk = rows("walk", "1", "555556000000", "--output-all", FAKE_WITHHELD="1")[0]
    for key in ("root", "physical", "pfn", "kernel_alias", "pgd_entry", "pgd_raw", "pmd_raw"):
        assert walk[key] is None, key
    result = run("walk", "1", "555556000000", FAKE_WITHHELD="1")
    assert "0x0000000000000000" not in result.out and "withheld" in result.out
    assert "lock" in result.err
    assert rows("1", FAKE_WITHHELD="1")[0]["frame_runs"] is None


def walk_looks_as_designed():
    out = run("walk", "1", "555556000123").out.splitlines()
    assert out[0] == "virtual   0x0000555556000123   area [heap] rw-p"
    assert out[1] == "  CR3             0x0000000104a3f000"
    assert out[2].endswith("=> 0x8000000105b21067   P RW US A D NX(pti)"), out[2]
    assert out[4].endswith("=> 0x80000001234000e7   P RW US A D PS NX     2M leaf"), out[4]
    assert out[5] == "  offset    0x123"
    assert out[6] == ("physical  0x0000000123400123   frame 0x123400, "
                      "kernel alias 0xffff888123400123")
    assert out[7] == "page      anon, transparent huge page"
    assert out[8] == "access    read ok \u00b7 write ok \u00b7 exec SIGSEGV (no permission)"
    assert all(len(line) <= 86 for line in out)


def walk_of_nothing_is_no_error():
    result = run("walk", "1", "1234", "-v")
    assert result.status == 0
    assert "in no area" in result.out and "empty" in result.out
    assert "SIGSEGV (no area)" in result.out and "in words" in result.out
    assert rows("walk", "1", "1234")[0]["physical"] is None


def explain_is_walk_in_words():
    words = run("explain", "1", "555556000123").out.splitlines()
    assert words == run("walk", "-v", "1", "555556000123").out.splitlines()
    assert words[4].endswith("2M leaf   bits 29-21"), words[4]
    assert words[8] == "content   frame 0x123400", words[8]
    assert words[9:11] == ["sharing   mapped 1 time", "reclaim   cannot tell"], words
    row, = rows("explain", "1", "555556407000", "--output-all")
    assert (row["content"], row["write"]) == ("frame", "minor: NUMA hint"), row
    row, = rows("explain", "1", "555556400000", "--output-all")
    assert (row["content"], row["reclaim"], row["read"]) == (
        "swap", "nothing there", "major: swap in (likely)"), row


def forecast_is_explain_of_every_page():
    columns = "read,write,exec"
    forecast = rows("forecast", "1", "--output-all")
    assert len({row[name] for row in forecast for name in columns.split(",")}) > 12
    for row in forecast:
        ends = [int(row["start"], 16), int(row["end"], 16) - 4096]
        for said in rows("explain", "1", *(f"{addr:x}" for addr in ends), "-o", columns):
            assert said == {name: row[name] for name in said}, (row, said)
        assert row["pages"] * 4096 == row["size"] == ends[1] + 4096 - ends[0]
    for a, b in zip(forecast, forecast[1:]):
        assert a["end"] != b["start"] or any(
            a[name] != b[name] for name in (*columns.split(","), "perm", "area")), a


def forecast_adds_up():
    forecast = rows("forecast", "1", "--output-all")
    fates = {"ok": "ok", "minor": "minor:", "swap": "major: swap", "file": "major: read",
             "userfaultfd": "waits for", "signal": "SIG", "unsure": "cannot"}
    for total in rows("forecast", "1", "--summary", "--output-all"):
        said = [(row[total["access"]], row["pages"]) for row in forecast]
        for name, start in fates.items():
            assert total[name] == sum(n for text, n in said if text.startswith(start)), name
        assert total["pages"] == sum(n for _, n in said) == sum(total[name] for name in fates)
        assert total["bytes"] == 4096 * (total["swap"] + total["file"])
        assert total["bytes_least"] == 4096 * total["file"]
        assert total["faults_least"] <= total["faults"]
    assert "a read of each page: " in run("forecast", "1").err
    heap = run("forecast", "1", "-Q", "read =~ swap && area == [heap]").err
    assert "a read of each page: 4 faults, at least 4; 4 pages from swap" in heap, heap
    assert len(rows("forecast", "1", "--summary", "-Q", "access == write")) == 1
    assert rows("forecast", "1", "-Q", "perm == rwx && write == ok && pages == 2")
    assert "faults_least" in run("forecast", "--summary", "-H").out
    refused(2, "does not take --summary", "map", "1", "--summary")


def swap_names_its_devices():
    devices = {r["swap_device"] for r in rows("swap", "1")}
    assert devices == {"/dev/zram0", "/swap file"}, devices
    for row in rows("swap", "1"):
        walked = rows("walk", "1", row["start"], "-o", "swap_device")[0]
        assert walked["swap_device"] == row["swap_device"], (row, walked)


def areas_have_a_total():
    table = run("areas", "1", "-b").out.splitlines()
    assert table[-1].split()[-1] == "total"
    sizes = [r["size"] for r in rows("areas", "1")]
    assert str(sum(sizes)) in table[-1].split()
    assert len(rows("areas", "1")) == len(table) - 2


def more_areas_than_a_table_holds_look_the_same():
    """The fake has ten areas: libsmartcols aligns 90, 4000 wait for widths, more do not."""
    for words in ([], ["-Q", "rss > 0"], ["-b"], ["-r"], ["--noheadings"]):
        few, more, many = (run("areas", "1", *words, FAKE_TIMES=str(times)).out.splitlines()
                           for times in (9, 400, 700))
        if "-r" not in words:  # sums differ; another test checks them
            for text in few, more, many:
                assert text.pop().split()[-1] == "total", words
        head = 0 if "--noheadings" in words else 1
        each = (len(few) - head) // 9
        assert len(more) - head == 400 * each and len(many) - head == 700 * each > 4096, words
        plain = [[" ".join(line.split()) for line in text] for text in (few, more, many)]
        assert plain[1][:len(few)] == plain[0] and plain[2][:len(more)] == plain[1], words
        assert plain[2][head:head + each] == plain[2][-each:], words
    table = run("areas", "1", "-b", FAKE_TIMES="700").out.splitlines()
    assert str(sum(r["size"] for r in rows("areas", "1", FAKE_TIMES="700"))) in table[-1].split()
    assert len({line.index(line.split()[2]) for line in table[:-1]}) == 1, "columns are not aligned"


def sorting_puts_the_largest_first():
    sizes = [r["size"] for r in rows("areas", "1", "--sort", "size")]
    assert sizes == sorted(sizes, reverse=True)
    names = [r["area"] for r in rows("areas", "1", "--sort", "area")]
    assert names == sorted(names)
    starts = [int(r["start"], 16) for r in rows("areas", "1", "--sort", "start")]
    assert starts == sorted(starts)


def ps_leaves_out_who_has_no_memory_or_has_gone():
    assert {r["pid"] for r in rows("ps")} == {1, 4}
    row = rows("ps", "-Q", "pid == 1")[0]
    assert row["swap"] == row["zram"] + row["disk"] == 6 * 4096
    assert row["shmem_swap"] == 2 * 4096


def audit_finds_and_check_fails():
    found = {r["finding"] for r in rows("audit", "1")}
    assert found == {"W+X", "W+X-area", "dirty-code", "exec-anon", "supervisor"}, found
    assert run("audit", "1").status == 0
    assert run("audit", "1", "--check").status == 1
    assert run("audit", "1", "--check", "-Q", "finding == wider").status == 0
    assert {r["pid"] for r in rows("audit", "--all")} == {1, 4}


def tables_add_up():
    table = {r["level"]: r for r in rows("tables", "1")}
    levels = [table[name] for name in ("pgd", "pud", "pmd", "pte", "deposited")]
    assert table["total"]["size"] == sum(r["size"] for r in levels)
    assert table["vmpte"]["size"] == table["total"]["size"] - table["pgd"]["size"]


def tree_leads_from_the_root_to_each_entry():
    every = rows("tree", "1", "-o", "+end,depth,level,index,entries")
    path = {}
    for row in every:
        path = {d: table for d, table in path.items() if d < row["depth"] and table["used"]}
        shift = {None: 48, "pgd": 39, "pud": 30, "pmd": 21, "pte": 12}[row["level"]]
        start = int(row["start"], 16)
        assert row["level"] is None or row["index"] == start >> shift & 511, row
        assert (row["perm"] is None) == (row["used"] is not None), row
        for table in path.values() if start < 0x555555600000 else ():
            assert int(table["start"], 16) <= start < int(table["end"], 16), (table, row)
        path[row["depth"]] = row
    runs = [[r[k] for k in ("start", "end", "perm", "state", "area")]
            for r in every if r["state"]]
    assert runs == [list(r.values()) for r in rows(
        "map", "1", "-o", "start,end,perm,state,area", "-Q", "state != shmem-swap")]
    assert [r["entry"] for r in every[:6]] == \
        ["root", "PGD[170]", "PUD[341]", "PMD[170]", "PTE[340-342]", "PTE[343]"], every[:6]
    assert (every[0]["entries"], every[1]["entries"]) == (256, 512)


def tree_shows_what_leads_to_a_match_and_no_more():
    entries = [r["entry"] for r in rows("tree", "1", "-Q", "state == migration")]
    assert entries == ["root", "PGD[170]", "PUD[341]", "PTE[4]"], entries
    shallow = rows("tree", "1", "--depth", "1", "-o", "entry")
    assert [r["entry"] for r in shallow] == ["root", "PGD[170]"], shallow
    assert rows("tree", "1", "--depth", "5") == rows("tree", "1")
    twice = [r["entry"] for r in rows("tree", "1", "/usr/bin/demo", "--depth", "4")]
    assert twice.count("root") == 1 and len(twice) == 9, twice
    root = rows("tree", "kernel", "-o", "start,entries,used")[0]
    assert root == {"start": "0xffff800000000000", "entries": 256, "used": 2}, root
    assert {r["table"] for r in rows("tree", "1", "--depth", "1", FAKE_WITHHELD="1")} == {None}
    for depth in ("0", "6", "x", ""):
        refused(2, "--depth", "tree", "1", "--depth", depth)


def areas_hold_segments():
    said = {(r["area"], r["segments"], r["code"], r["data"], r["args"], r["env"], r["start_stack"])
            for r in rows("areas", "1", "--output-all") if r["segments"]}
    assert said == {("/usr/bin/demo", "code data", 100, 4095, 0, 0, None),
                    ("/usr/bin/demo", "data", 0, 2, 0, 0, None),
                    ("[stack]", "args env stack", 0, 0, 7, 4089, "0x7ffffffe0000")}, said
    total = run("areas", "1", "-b", "-o", "data,segments,area").out.splitlines()[-1]
    assert total.split() == ["4097", "-", "total"], total


def summary_fits_and_says_it():
    result = run("1")
    for word in ("mapped", "resident", "hugetlb", "zero pages", "empty", "locked", "swapped",
                 "/dev/zram0", "tables", "audit", "TLB", "The 9 areas"):
        assert word in result.out, word
    assert "runs of frames" not in result.out, result.out
    more = run("1", "-v").out
    assert "runs of frames" in more, more
    for out in result.out, more:
        assert all(len(line) <= 80 for line in out.split("The 9")[0].splitlines()), out


def default_rows_fit_eighty_columns():
    for name in ("map", "pages", "swap", "audit"):
        for line in run(name, "1").out.splitlines():
            fixed = line.split("/")[0].split("[")[0]
            assert len(fixed) <= 75, line
    for name in ("layout", "map"):
        for line in run("kernel", name).out.splitlines():
            assert len(line) <= 80, line
    assert run("kernel", "vmalloc").out.index("OWNER") <= 64


def raw_has_one_word_per_column():
    out = run("pages", "1", "-r", "-n", "--output-all").out.splitlines()
    columns = len(run("pages", "-H").out.splitlines())
    assert out and all(len(line.split(" ")) == columns for line in out)
    assert "P,RW,US,A,D,PS,NX" in run("pages", "1", "-r", "-o", "pte_flags").out


def headings_and_columns_can_be_chosen():
    assert run("map", "1", "-o", "START,area").out.splitlines()[0].split() == ["START", "AREA"]
    assert not run("map", "1", "-n").out.startswith("START")
    assert run("map", "1", "-o", "size", "-b", "-n", "--empty").out.split()[0] == str(16 << 40)


def colour_only_when_asked_for():
    assert "\x1b" not in run("map", "1").out
    assert "\x1b[" in run("map", "1", "--color=always").out
    assert "\x1b[" in run("areas", "1", "--color=always").out
    assert "\x1b" not in run("map", "1", "--color=always", "-J").out


def quiet_leaves_only_data():
    assert run("map", "1", "-q", "-v").err == ""
    # a total of one entry, however many calls it takes
    assert run("map", "1", "-v", FAKE_ROOM="200").err.endswith(", 1 raced\n")
    cost = run("map", "1", "-v").err
    assert "entries read in" in cost and "longest lock hold" in cost and "raced" in cost


def what_it_cost_is_said_on_a_terminal_or_when_asked_for():
    """Both streams in one are still JSON, with or without hints."""
    pty, terminal = os.openpty()
    for words in (["map", "1"], ["audit", "1", "-Q", "finding == wider"], ["ps"], ["1"],
                  ["tables", "1"], ["kernel", "layout"], ["kernel", "map"]):
        assert "entries read in" not in run(*words).err, words
        assert "entries read in" in run(*words, "-J", "-v").err, words
        done = subprocess.run([TOOL, *words, "-J"], env=ENV, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=True)
        json.loads(done.stdout)
        subprocess.run([TOOL, *words], env=ENV, stdout=subprocess.DEVNULL, stderr=terminal,
                       check=True)
        said = b""
        while b"entries read in" not in said:
            assert select.select([pty], [], [], 10)[0], (words, said)
            said += os.read(pty, 4096)
    os.close(terminal)
    os.close(pty)


def help_and_version():
    for args in (["--help"], ["-h"], ["map", "--help"], ["-H"], ["info", "-H"], ["--version"]):
        result = run(*args)
        assert result.status == 0 and result.out and not result.err, args
        assert all(len(line) <= 100 for line in result.out.splitlines()), args
    for name in ("kernel layout", "kernel map", "kernel vmalloc", "what"):
        assert f"vmscope {name}" in run("--help").out
        assert run(*name.split(), "--help").out.count("\n") > 10
    assert run("kernel", "--help").out.count("vmscope kernel") == len(KERNEL) + len(["pid"])
    for name in ("ps", "areas", "map", "pages", "walk", "explain", "forecast", "swap", "tree",
                 "tables", "audit", "info"):
        assert f"vmscope {name}" in run("--help").out
        assert run(name, "--help").out.count("\n") > 10


def wrong_command_lines_are_refused():
    refused(2, "no command", "frobnicate", "1")
    for later in ("share", "who", "snap", "diff", "watch", "summary"):
        refused(2, "no command", later)
    for words, meant in {"aeras 1": "areas", "maps 1": "map", "swpa 1": "swap", "vtpo": "vtop",
                         "vmaloc": "kernel vmalloc", "kernel kmaloc": "kernel kmalloc",
                         "kernel areas": None, "xyzzy": None}.items():
        refused(2, f'did you mean "{meant}"?' if meant else "no command", *words.split())
        assert meant or "did you mean" not in run(*words.split()).err, words
    refused(2, 'did you mean "size"', "map", "1", "-o", "sise")
    refused(2, 'did you mean "state"', "map", "1", "-Q", "stat == anon")
    refused(2, 'did you mean "rss"', "areas", "1", "--sort", "rs")
    refused(2, "the command comes first: vmscope areas 1", "1", "areas")
    refused(2, "one PID and no more", "1", "2")
    refused(2, "PID does not take --check; see vmscope --help", "1", "--check")
    for words in ("kernel kmalloc 5", "kernel layout 1", "info 1", "ps 1"):
        refused(2, f"{words[:-2]} takes no argument; see", *words.split())
    refused(2, "kernel takes", "kernel")
    refused(2, "no command \"kernel frobnicate\"", "kernel", "frobnicate")
    refused(2, "kernel pid takes PID", "kernel", "pid")
    refused(2, "not a PID", "kernel", "pid", "x")
    refused(2, "no column", "kernel", "pid", "1", "--sort", "nope")
    refused(2, "which process")
    refused(2, "no option", "map", "1", "--frob")
    refused(2, "no option -Z", "map", "1", "-Z")
    refused(2, "wants an argument", "map", "1", "-o")
    refused(2, "takes PID", "map")
    refused(2, "no more", "map", "1", "1000", "2000")
    refused(2, "not a PID", "99999999999")
    refused(2, "no column", "map", "1", "-o", "nope")
    refused(2, "no column", "areas", "1", "--sort", "nope")
    refused(2, "does not take --sort", "map", "1", "--sort", "size")
    refused(2, "does not take --check", "map", "1", "--check")
    refused(2, "exclude", "map", "1", "-J", "-r")
    refused(2, "exclude", "map", "1", "-o", "start", "--output-all")
    refused(2, "--color", "map", "1", "--color=maybe")
    refused(2, "beyond 64 bits", "map", "1", "ffffffffffffffff0")
    refused(2, "empty", "map", "1", "")
    refused(2, "not an address", "walk", "1", "xyz")
    refused(2, "not both", "audit", "1", "--all")
    refused(2, "kernel takes COMMAND", "kernel")
    refused(2, "no command \"kernel frob\"", "kernel", "frob")
    refused(2, "kernel map takes [RANGE] and no more", "kernel", "map", "1000", "2000")
    refused(2, "kernel map does not take --sort", "kernel", "map", "--sort", "size")
    refused(2, "no column", "kernel", "layout", "--sort", "nope")
    for name in ("areas", "swap", "tables"):
        refused(2, "of processes", name, "kernel")
    refused(2, "not an address", "what", "1xyz")
    refused(2, "not both", "what", "-", "ffff888000000000")
    for pid in ("0", "-1", "4294967296", "abc", "1x", ""):
        refused(2, "not a PID", "map", "--", pid)
    for area in ("5000-4000", "5000-5000", "5000+0"):
        refused(2, "ends before it starts, or is empty", "map", "1", area)
    refused(2, "not an address", "walk", "1", "")
    refused(2, "takes PID", "walk", "1")
    refused(2, "takes PID", "audit")
    for columns in ("", "start,,end"):
        refused(2, "no column", "map", "1", "-o", columns)
    for words in ("state", "state ==", "state == anon &&", "(state == anon", "state == anon)",
                  "state == anon size > 1", "size > many", 'area =~ "("', ""):
        refused(2, "filter", "map", "1", "-Q", words)


def wrong_targets_are_refused():
    refused(3, "no such process", "map", "77")
    refused(1, "kernel thread", "map", "2")
    refused(1, "not in user memory", "map", "1", "ffff888000000000")
    refused(1, "no area of 1 has this name", "map", "1", "[nope]")
    refused(1, "no area of 1 has this name", "map", "1", 40 * "g")
    refused(1, "not a canonical address", "walk", "1", "8000000000000000")
    refused(3, "no such process", "77")
    refused(1, "not in the kernel's half", "kernel", "map", "1000-2000")
    refused(1, "no region has this name", "kernel", "map", "nope")
    refused(1, "not in the kernel's half", "walk", "kernel", "1000")


def a_closed_door_is_named():
    refused(1, "not loaded", "map", "1", FAKE_OPEN="2")
    refused(1, "CAP_SYS_ADMIN" if os.geteuid() == 0 else "sudo", "map", "1", FAKE_OPEN="13")
    refused(1, "version", "map", "1", FAKE_ABI="9")
    refused(1, "not loaded", "ps", FAKE_OPEN="2")
    refused(1, "not loaded", "info", FAKE_OPEN="2")
    refused(1, "not loaded", "audit", "--all", FAKE_OPEN="2")
    for args in (["layout"], ["map"], ["vmalloc"]):
        refused(1, "lockdown", "kernel", *args, FAKE_WHY="1")
        refused(1, "CAP_SYSLOG", "kernel", *args, FAKE_WHY="2")
        refused(1, "kernel.kptr_restrict=1", "kernel", *args, FAKE_WHY="4")
    for args in (["what", "ffff888000000000"], ["walk", "kernel", "ffff888000000000"],
                 ["audit", "kernel"], ["pages", "kernel"]):
        refused(1, "kernel.kptr_restrict=1", *args, FAKE_WHY="4")


def a_target_that_vanishes_ends_well_formed():
    result = run("map", "3", "-J")
    assert result.status == 3 and "gone" in result.err
    json.loads(result.out)
    assert run("areas", "3").status == 3
    assert run("3").status == 3


def nonsense_from_the_device_is_reported():
    result = run("map", "1", FAKE_GARBAGE="1")
    assert result.status == 1 and "makes no sense" in result.err


def a_full_disk_is_an_error():
    with open("/dev/full", "w", encoding="ascii") as full:
        for args in (["map", "1"], ["pages", "1", "--output-all"], ["ps"], ["1"], ["info"],
                     ["walk", "1", "0"], ["--help"], ["map", "1", "-J"]):
            done = subprocess.run([TOOL, *args, "-q"], env=ENV, stdout=full,
                                  stderr=subprocess.PIPE, check=False)
            assert done.returncode == 1, args
            assert done.stderr.count(b"\n") == 1 and b"No space left" in done.stderr, args


def a_reader_that_leaves_is_no_error():
    for args in (["pages", "1", "--output-all"], ["ps"], ["1"], ["--help"], ["map", "1", "-J"]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([TOOL, *args, "-q"], env=ENV, stdout=writer,
                              stderr=subprocess.PIPE, check=False)
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, b""), (args, done)


def streams_need_little_memory():
    """The limit includes libraries and memory that is mapped but not used. The records
    alone would exceed it."""
    if os.environ.get("VMSCOPE_SANITIZED"):
        return  # a sanitizer's own shadow is larger than any limit
    limit = 16 << 20
    many = {**ENV, "FAKE_TIMES": "10000"}

    def set_limit():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    for env, words in ((many, ["map", "1", "-J"]), (many, ["pages", "1", "-J"]),
                       (many, ["swap", "1", "-J"]), (many, ["areas", "1", "-J"]),
                       (many, ["areas", "1"]), (many, ["areas", "1", "-r"]),
                       (ENV, ["kernel", "map", "-J"]), (ENV, ["kernel", "vmalloc", "-J"])):
        done = subprocess.run([TOOL, *words, "-q", "--output-all"], env=env,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              preexec_fn=set_limit, check=False)
        assert done.returncode == 0, done.stderr


def layout_covers_every_address_once():
    layout = rows("kernel", "layout", "--output-all")
    assert layout[0]["start"] == "0x0" and layout[-1]["end"] == "0x" + 16 * "f"
    for one, other in zip(layout, layout[1:]):
        assert one["end"] == other["start"], (one, other)
        assert one["size"] == int(one["end"], 16) - int(one["start"], 16), one
    assert layout[-1]["size"] == 4096
    names = [r["region"] for r in layout]
    assert names[:2] == ["user", "non-canonical"] and names[-1] == "errors"
    for row in layout:
        if row["mapped"] is None:
            assert row["region"] in ("user", "non-canonical", "errors")
        else:
            assert row["mapped"] == row["4k"] + row["2m"] + row["1g"] <= row["size"]
    kasan = [r for r in layout if r["region"] == "kasan"][0]
    assert kasan["repeated"] == 3 << 39 and kasan["mapped"] == 0
    assert [r["wx"] for r in layout if r["region"] == "modules"] == [4096]


def layout_shows_the_parts_of_the_image():
    parts = {r["region"]: r for r in rows("kernel", "layout", "--output-all")
             if r["region"].startswith("image") and r["region"] != "image.hole"}
    assert list(parts) == ["image.text", "image.rodata", "image.data", "image.bss"]
    assert parts["image.data"]["size"] == 8192 and parts["image.data"]["4k"] == 8192
    assert {r["known"] for r in parts.values()} == {"iomem"}
    result = run("kernel", "layout", "--output-all", FAKE_PROC="/nonexistent")
    assert "perm" in result.out and "guess" in result.err and "image.bss" not in result.out


def the_kernel_is_mapped_as_a_process_is():
    every = rows("kernel", "map", "--output-all")
    assert every and all(r["area_kind"] == "region" and r["vperm"] is None for r in every)
    assert all(r["state"] != "none" for r in every)
    assert rows("map", "kernel", "--output-all") == every
    assert len(rows("map", "kernel", "--output-all", "--empty")) > len(every)
    for expr, test in {
        "state == repeat": lambda r: r["state"] == "repeat",
        "state != kernel && start > ffffc90000000000":
            lambda r: r["state"] != "kernel" and int(r["start"], 16) > 0xffffc90000000000,
        "perm =~ w && perm =~ x": lambda r: r["perm"] == "rwx",
        "flags =~ W.X": lambda r: "W+X" in (r["flags"] or ""),
        "level >= pmd && area == image": lambda r: r["level"] != "pte" and r["area"] == "image",
    }.items():
        found = rows("kernel", "map", "--output-all", "-Q", expr)
        assert found and found == [r for r in every if test(r)], expr
    assert {r["area"] for r in rows("kernel", "map", "vmalloc")} == {"vmalloc"}
    assert rows("kernel", "map", "vmalloc") == rows("kernel", "map", "ffffc90000000000+32T")
    whole = run("kernel", "map", "--output-all", "-q").raw
    for room in ("200", "333", "1024"):
        assert run("kernel", "map", "--output-all", "-q", FAKE_ROOM=room).raw == whole


def write_and_execute_is_marked_and_counted():
    result = run("kernel", "map", "-v")
    assert "1 W+X row of 4K" in result.err and "W+X" in result.out
    assert "no W+X" in run("kernel", "map", "image", "-v").err
    assert "W+X" not in run("map", "1", "[heap]", "-v").err
    found = rows("audit", "kernel")
    assert [(r["finding"], r["start"], r["pid"]) for r in found] == \
        [("W+X", "0xffffffffc0008000", None)], found
    assert run("audit", "kernel", "--check").status == 1
    assert run("audit", "kernel", "--check", "-Q", "finding == user").status == 0


def audit_says_what_changed_while_read():
    def hints(*args, **env):
        return [line[9:] for line in run("audit", *args, **env).err.splitlines()
                if "entries read in" not in line]

    lost = "1 entry changed while read, not judged: run it again"
    wx, other = "ffffffffc0008000", "ffffffffc0003000"
    assert not hints("kernel")
    assert hints("kernel", FAKE_RACED=wx) == ["no findings in the kernel, but " + lost]
    assert hints("kernel", FAKE_RACED=other) == [lost]
    assert not hints("kernel", "-q", FAKE_RACED=other)
    assert run("audit", "kernel", "--check", FAKE_RACED=wx).status == 0
    assert run("audit", "kernel", "--check", FAKE_RACED=other).status == 1
    unsure = "1 entry changed while read: run it again"
    assert hints("1") == [unsure]
    hides = "no findings match the filter, which hides %d in %s"
    assert hints("1", "-Q", "finding == wider") == [hides % (5, "1 process") + ", but " + unsure]
    assert hints("kernel", "-Q", "finding == user") == [hides % (1, "the kernel")]
    assert hints("--all") == [unsure.replace("1 entry", "3 entries")]


def walks_of_the_kernel_say_what_the_kernel_may():
    out = run("walk", "kernel", "ffffc90000001234").out
    assert "region vmalloc" in out and "the kernel rw-, user mode none" in out
    row = rows("walk", "kernel", "ffffc90000001234", "--output-all")[0]
    assert row["perm"] == "rw-" and row["read"].startswith("SIGSEGV")
    assert row["area"] == "vmalloc" and row["vperm"] is None


def vmalloc_runs_are_named_by_evidence():
    got = {r["start"][-8:]: r for r in rows("kernel", "vmalloc", "--output-all")}
    kinds = {key: row["kind"] for key, row in got.items()}
    assert kinds == {"00000000": "stack", "00008000": "stack", "00010000": "vmalloc",
                     "00020000": "ioremap", "00028000": "vmalloc", "0002c000": "vmalloc",
                     "00200000": "huge", "c0000000": "module",
                     "c0008000": "module"}, kinds
    stack, cached = got["00000000"], got["00008000"]
    assert (stack["pages"], stack["pieces"], stack["pid"], stack["comm"]) == \
        (4, 3, 42, "worker 1")
    assert cached["pieces"] == 1 and cached["pid"] is None
    assert got["00010000"]["pieces"] == 3
    assert got["00200000"]["page_size"] == 2 << 20 and got["00200000"]["pieces"] == 1
    assert got["c0000000"]["module"] == "demo,second,third" and got["c0000000"]["pages"] == 4
    assert got["c0008000"]["module"] == "bpf" and got["c0008000"]["owner"].startswith("bpf_prog")
    total = run("kernel", "vmalloc", "-b").out.splitlines()[-1].split()
    assert total[-1] == "total" and total[1] == str(sum(r["size"] for r in got.values()))


def vmalloc_says_what_it_cannot_join():
    result = run("kernel", "vmalloc", FAKE_PROC="/nonexistent")
    assert "callers are not shown" in result.err and "vmalloc/vmap" in result.out
    result = run("kernel", "vmalloc", FAKE_OLD="1")
    assert "tasks of stacks are not shown" in result.err and "worker" not in result.out
    assert "stack" in result.out


def slabs_add_up():
    table = rows("kernel", "kmalloc", "--output-all")
    named = {r["name"]: r for r in table}
    assert [r["kind"] for r in table[:3]] == ["kmalloc", "total", "cache"]
    assert named["kmalloc-64"]["known"] == "pointer" and named["kmalloc-64"]["pages"] == 3
    assert named["inode_cache"]["small_slabs"] == 1
    assert named["slab"]["pages"] == 3 + 7 + 1 and named["memory"]["pages"] == 900
    assert all(row["size"] == row["pages"] * 4096 for row in table)
    assert named["free"]["share"] == 98.8


def frames_add_up():
    table = rows("frames", "-o", "use,pages,size,lru,active,inactive,dirty,node")
    named = {r["use"]: r for r in table}
    assert [r["use"] for r in table] == ["anon", "shmem", "file", "code", "swapcache",
                                         "slab-kmalloc", "slab", "stack", "percpu", "other",
                                         "reserved", "unknown", "free"]
    assert sum(r["pages"] for r in table) == 920 and named["free"]["node"] == 1
    assert named["anon"]["active"] == named["anon"]["lru"] == 64 * 4096
    assert named["shmem"]["inactive"] == named["shmem"]["dirty"] == 8 * 4096
    assert "memory" in run("frames").out
    by_node = rows("frames", "--by", "node")
    assert sum(r["size"] for r in by_node) == 920 * 4096
    assert {r["node"] for r in by_node} == {0, 1} and list(by_node[0])[0] == "node"
    refused(2, "by \"zone\"", "frames", "--by", "zone")
    refused(2, "--by splits sums", "frames", "--by", "node", "1")
    refused(2, "does not take --by", "areas", "1", "--by", "node")
    assert {r["use"] for r in rows("frames", "--summary", "260-280")} == {"anon", "shmem", "file"}


def frames_have_the_use_of_what_maps_them():
    table = {r["use"]: r["pages"] for r in rows("frames", "-o", "use,pages")}
    assert table["code"] == 2 and table["stack"] == 3
    assert table["percpu"] == 3 and table["other"] == 5 + 3
    for pfn, use in ((4095, "file"), (4096, "code"), (4098, "file"), (0x2000, "stack"),
                     (0x2001, "other"), (0x2005, "stack"), (0x2007, "other"), (0x2402, "percpu")):
        assert [r["use"] for r in rows("frames", str(pfn))] == [use], pfn
    table = rows("frames", "4094-4100")
    assert [(r["pfn"], r["pages"]) for r in table] == [(4094, 2), (4096, 2), (4098, 2)]
    result = run("frames", FAKE_PROC="/nonexistent")
    assert "per-CPU memory counts as vmalloc" in result.err and "percpu" not in result.out


def frames_of_a_slab_have_its_cache():
    table = rows("frames", "512-514")
    assert [(r["use"], r["cache"]) for r in table] == [("slab-kmalloc", "kmalloc-64"),
                                                       ("slab", None)]
    assert "slab caches" not in run("frames").err
    result = run("frames", FAKE_OLD="1")
    assert "slab caches count as one" in result.err and "slab-" not in result.out


def frames_of_a_process_add_up():
    sums = rows("frames", "--pid", "1", "-o", "use,size,pages")
    mapped = [r for r in rows("map", "1", "-o", "size,present") if r["present"]]
    assert sum(r["size"] for r in sums) == sum(r["size"] for r in mapped)
    assert [r["use"] for r in sums] == ["anon", "shmem", "file", "code", "hugetlb", "zero"]
    assert all(r["size"] == r["pages"] * 4096 for r in sums)
    assert rows("frames", "--pid", "1", "-Q", 'use == "code"', "-o", "size") == [{"size": 12288}]
    assert "mapped" in run("frames", "--pid", "1").out
    refused(2, "frames are named by number", "frames", "--pid", "1", "5")
    refused(2, "those of all memory", "frames", "--pid", "kernel")
    refused(2, "does not take --pid", "map", "--pid", "1", "1")
    refused(1, "kernel thread", "frames", "--pid", "2")
    refused(3, "3: ", "frames", "-q", "--pid", "3")
    refused(3, "5: ", "frames", "--pid", "5")


def frames_are_named_one_by_one():
    table = rows("frames", "268", "0x63+2", "-o", "+head")
    assert [(r["pfn"], r["use"], r["pages"]) for r in table] == [
        (268, "shmem", 1), (99, "reserved", 1), (100, "hole", 1)]
    assert table[0]["order"] == 3 and table[0]["head"] == 264 and table[2]["order"] is None
    assert "swapbacked" in str(table[0]["kpageflags"])
    assert [r["pfn"] for r in rows("frames", "0-1000", "-Q", 'use == "file"')] == [272]
    for words, status, text in ((["9222"], 1, "beyond memory, which ends at frame 9222"),
                                ([str(2 ** 64 - 1)], 1, "beyond memory"),
                                (["9-9"], 2, "no frame is in"), (["9-5"], 2, "no frame is in"),
                                (["5+0"], 2, "no frame is in"), (["x"], 2, "is no frame"),
                                (["5+0x"], 2, "is no frame"), (["-1"], 2, ""),
                                (["1", "--sort", "pfn"], 2, "--sort sorts sums")):
        result = run("frames", *words)
        assert result.status == status and text in result.err, (words, result)
    assert "kept changing while they were read: 1" in run("frames").err


WHAT = {
    "ffff8880002000d4": "kmalloc-64 object 3 at ffff8880002000c0, +0x14",
    "ffff888000201010": "slab page of a cache whose name is not known",
    "ffff888000400000": "frame 0x400: anonymous memory of processes",
    "ffff888040000000": "per-CPU data of CPU 1, cpu_number+0x8",
    "ffff888040001008": "page table of the kernel: pte entry 1, for ffff888000001000",
    "ffff8880400027fa": "page table of process 1 (demo): pte entry 255, for 5555554ff000",
    "ffff888040003010": "page table of process 1 (demo) and 2 more: pmd entry 2, "
                        "for 7f0000400000",
    "ffff888040004008": "page table of process 1 (demo): pgd entry 1, for 8000000000",
    "ffff888040004ff8": "page table of process 1 (demo): pgd entry 511, for ffffff8000000000",
    "ffff888040005008": "page table of process 1 (demo), copy for user mode: pgd entry 1, "
                        "for 8000000000",
    "ffff888040006000": "frame 0x40006: allocated, not marked: vmalloc, stacks, drivers",
    "ffff888040007000": "frame 0x40007: a page table",
    "ffffc90000001234": "stack of thread 42 (worker 1), +0x1234 of 16K",
    "ffffc90000010234": "vmalloc run of 12K in 3 pieces, +0x234, for big_table",
    "ffffc90000020000": "ioremap run of 4K in 3 pieces, +0x0, for hpet_enable",
    "ffffc90000028000": "per-CPU data of CPU 0, offset 0x407fc0018000",
    "ffffc90000029010": "per-CPU data of CPU 1, offset 0x407fc0018010",
    "ffffc9000002c000": "per-CPU data, of which CPU is not certain",
    "ffffc90000004000": "not mapped: the walk ends at pte",
    "ffffea0000000048": "struct page of frame 0x1",
    "ffffec9000000000": "shadow of other memory",
    "ffffffff81200123": "do_one_thing+0x23",
    "ffffffffc0000010": "demo_init+0x10 [demo]",
    "ffffffffff579000": "fixmap slot 646, FIX_DEMO_0+133",
    "ffffffffff5fe123": "fixmap slot 513, FIX_DEMO_0; not mapped",
    "ffffffffff5ff000": "fixmap slot 512 has no name; not mapped",
    "ffffffffff600000": "page of old system calls",
    "ffffffffffffffea": "no address but the error -22, EINVAL",
    "fffffffffffff000": "the last page, which is never mapped",
    "7f0000001000": "user memory, another in each process: vmscope walk PID 7f0000001000",
    "0": "user memory, another in each process: vmscope walk PID 0",
    "8000000000000000": "not canonical: no address of this machine",
    "ffff888080000000": "in a hole: nothing belongs here",
    "ffff800000000000": "kept free for a hypervisor",
}


def merged_caches_are_said_once():
    with tempfile.TemporaryDirectory() as sys_root:
        slab = sys_root + "/kernel/slab/"
        os.makedirs(slab + ":0000064")
        for name in ("kmalloc-64", "b_cache", "a_cache", "c_cache", "d_cache", "e_cache"):
            os.symlink(":0000064", slab + name)
        os.symlink(":0000640", slab + "inode_cache")
        os.makedirs(slab + "alone")
        result = run("what", "ffff8880002000d4", "ffff8880002000d4", FAKE_SYS=sys_root)
        assert result.err == ("vmscope: the kernel merged kmalloc-64 with a_cache, b_cache, "
                              "c_cache, d_cache and 1 more: an object can be of any of them\n")
        for words in (("kernel", "kmalloc"), ("kernel", "pid", "1")):
            assert "merged 6 caches into 1," in run(*words, FAKE_SYS=sys_root).err
        assert run("what", "-q", "ffff8880002000d4", FAKE_SYS=sys_root).err == ""
        os.unlink(slab + "kmalloc-64")
        os.symlink(":0000641", slab + "kmalloc-64")
        assert run("what", "ffff8880002000d4", FAKE_SYS=sys_root).err == ""
    assert "merged" not in run("kernel", "kmalloc").err


def every_kind_of_address_has_an_answer():
    for addr, text in WHAT.items():
        result = run("what", addr)
        assert result.status == 0 and not result.err, (addr, result.err)
        assert result.out.splitlines()[-1] == "what      " + text, (addr, result.out)
    got = rows("what", *WHAT)
    assert [r["what"] for r in got] == list(WHAT.values())
    assert [int(r["address"], 16) for r in got] == [int(a, 16) for a in WHAT]
    for row in rows("what", *WHAT, "--output-all"):
        assert (row["object"] is None) == (row["object_index"] is None)
        assert (row["pid"] is None) == (row["comm"] is None)
        assert (row["pfn"] is None) == (row["frame_kind"] is None)


def a_block_shows_the_walk_and_the_object():
    out = run("what", "ffff8880002000d4", "ffffc90000001234").out
    for text in ("region direct-map", "PMD[1]", "2M leaf", "frame     0x200 is slab",
                 "cache     kmalloc-64 at 0xffff888000100000, objects of 64 bytes every 64, "
                 "known by pointer", "run       0xffffc90000000000-0xffffc90000004000, 16K, "
                 "frames in 3 pieces"):
        assert text in out, out
    assert out.count("virtual") == 2 and "\n\nvirtual" in out


def a_block_shows_table_caller_and_slot():
    out = run("what", "ffff888040003010", "ffffc90000010234", "ffffffffff579008").out
    for text in ("\ntable     pmd entries of process 1 (demo) and 2 more, "
                 "0x7f0000000000-0x7f0040000000\n",
                 "\nentry     2, 0x7f0000400000-0x7f0000600000\n",
                 "\ncaller    big_table+0x0/0x1320 [demo], vmalloc\n",
                 "\nslot      646 of the fixmap, FIX_DEMO_0+133\n"):
        assert text in out, (text, out)
    out = run("what", "ffff888040005008").out
    assert "pgd entries of process 1 (demo), the root on which user mode runs\n" in out, out


def rows_of_tables_areas_and_slots_are_typed():
    table, root, kernel, area, chunk, slot = rows(
        "what", "ffff888040003010", "ffff888040004008", "ffff888040001008", "ffffc90000010234",
        "ffffc90000029010", "ffffffffff579000", "--output-all")
    assert [table[k] for k in ("table_level", "table_address", "table_end", "table_entry",
                               "entry_address", "processes", "pid", "comm")] == \
        ["pmd", "0x7f0000000000", "0x7f0040000000", 2, "0x7f0000400000", 3, 1, "demo"], table
    assert root["table_level"] == "pgd" and root["table_end"] is None and root["processes"] == 1
    assert kernel["pid"] is None and kernel["processes"] is None
    assert (area["caller"], area["info"]) == ("big_table+0x0/0x1320 [demo]", "vmalloc")
    assert area["table_entry"] is None and area["slot"] is None and area["slot_name"] is None
    assert (chunk["cpu"], chunk["cpu_offset"]) == (1, "0x407fc0018010")
    assert chunk["caller"].startswith("pcpu_get_vm_areas")
    assert (slot["slot"], slot["slot_name"]) == (646, "FIX_DEMO_0+133") and not slot["caller"]


def what_is_not_shown_has_a_reason():
    lost = "ffff888040007000"
    result = run("what", lost, FAKE_REFUSE="1")
    assert "other processes may not" in result.err and result.err.count("\n") == 1
    assert run("what", "ffff888040003010", FAKE_REFUSE="1").err == ""
    assert rows("what", "ffff888040003010", "-o", "processes", FAKE_REFUSE="1") == \
        [{"processes": 2}]
    assert run("what", lost, lost).err == ""
    result = run("what", "ffffc90000010234", "ffffc90000020000", FAKE_PROC="/nonexistent")
    assert result.err.count("callers are not shown") == 1 and "big_table" not in result.out
    assert "not shown" not in run("what", "ffff888040003010").err


def addresses_come_from_text_too():
    oops = (b"RIP: 0010:ffffffff81200123 Code: ff\xff\n"
            b"RAX: ffffffffffffffea R13: 0xffff8880002000d4\n<ffffffff81200123>\n")
    for args in ((), ("-",)):
        result = Result(("what", *args), {}, oops)
        lines = result.out.splitlines()
        assert result.status == 0 and len(lines) == 4, result.out
        assert lines[1].split() == ["ffffffff81200123", "image", "do_one_thing+0x23"]
    assert Result(("what", "-v"), {}, oops).out.count("\nwhat ") == 3
    assert len(json.loads(Result(("what", "-J"), {}, oops).out)["what"]) == 3
    result = Result(("what",), {}, b"\x00\xff" * 5000 + b"f" * 100000)
    assert result.status == 0 and "no kernel address" in result.err


def symbols_stand_for_addresses():
    by_name = run("what", "do_one_thing+0x23")
    assert by_name.status == 0 and by_name.out == run("what", "ffffffff81200123").out
    assert rows("what", "some_data", "demo_state+8", "-o", "address") == \
        [{"address": "0xffffffff81800000"}, {"address": "0xffffffffc0003008"}]
    refused(1, "no symbol has this name", "what", "do_one_thin+0x23")
    refused(1, "2 symbols have this name; it can be ffffffffc0009000 ffffffffc0009030",
            "what", "twin")
    refused(1, "not an address", "what", "cpu_number")
    refused(1, "there is no /proc/kallsyms", "what", "some_data", FAKE_PROC="/nonexistent")
    refused(2, "nor SYMBOL+OFFSET", "what", "some_data+x")


def an_oops_names_places_by_symbol():
    """size 0x5fff00: up to the next symbol"""
    oops = b"[  12.3] RIP: 0010:do_one_thing+0x23/0x5fff00\n ? gone+0x1/0x2 [old]\n"
    result = Result(("what",), {}, oops)
    assert result.out.splitlines()[1].split() == \
        ["ffffffff81200123", "image", "do_one_thing+0x23"], result.out
    assert "symbols of this text are not known here" in result.err
    result = Result(("what",), {}, b"do_one_thing+0x23/0x30")
    assert "do_one_thing+0x23" in result.out and "other sizes here" in result.err
    result = Result(("what",), {"FAKE_PROC": "/nonexistent"}, oops)
    assert result.err.count("symbols are not shown") == 1, result.err


def text_that_pauses_has_its_answers_until_there():
    """As with dmesg -w: the text does not end."""
    for args in ([], ["-v"], ["-J"]):
        with subprocess.Popen([TOOL, "what", "-", *args], env=ENV, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tool:
            got = b""
            for addr in (b"ffffffff81200123", b"ffff8880002000d4", b"ffffffff81200123"):
                tool.stdin.write(b"[<" + addr + b">]\n")
                tool.stdin.flush()
                while addr not in got:
                    assert select.select([tool.stdout], [], [], 60)[0], got
                    got += os.read(tool.stdout.fileno(), 4096)
            tool.stdin.close()
            got += tool.stdout.read()
            assert tool.wait(60) == 0 and tool.stderr.read() == b""
        if args == ["-J"]:
            assert len(json.loads(got)["what"]) == 2
    done = subprocess.run(f"echo ffffffff81200123 | {TOOL} what -v - > /dev/full", shell=True,
                          env=ENV, capture_output=True, timeout=60)
    assert b"No space left" in done.stderr, done.stderr
    folder = os.open("/", os.O_RDONLY)
    done = subprocess.run([TOOL, "what"], env=ENV, stdin=folder, capture_output=True, timeout=60)
    os.close(folder)
    assert done.returncode == 1 and b"Is a directory" in done.stderr


def what_was_true_before_a_pause_is_asked_again():
    """Names change as modules come and go."""
    with tempfile.TemporaryDirectory() as proc:
        shutil.copytree(ENV["FAKE_PROC"], proc, dirs_exist_ok=True)
        with subprocess.Popen([TOOL, "what"], env={**ENV, "FAKE_PROC": proc},
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as tool:
            for addr, name in ((b"ffffffff81200123", b"do_one_thing+0x23"),
                               (b"ffffffff81200124", b"another+0x24"),
                               (b"ffffffff81200125", b"image"),
                               (b"ffffffff81200126", b"image")):
                tool.stdin.write(addr + b"\n")
                tool.stdin.flush()
                line = b""
                while addr not in line:
                    assert select.select([tool.stdout], [], [], 60)[0], addr
                    line = os.read(tool.stdout.fileno(), 4096)
                assert name in line, line
                with open(proc + "/kallsyms", "r+") as f:
                    names = f.read().replace("do_one_thing", "another")
                    if addr.endswith(b"4"):
                        names = "".join("0" * 16 + line[16:] for line in names.splitlines(True))
                    f.seek(0)
                    f.write(names)
                    f.truncate()
            tool.stdin.close()
            assert tool.wait(60) == 0


def an_older_module_is_asked_without_the_symbol():
    got = rows("what", "ffffffff81200123", "-o", "region,symbol", FAKE_NO_SYMBOL="1")[0]
    assert got["region"] == "image" and got["symbol"] is None
    assert rows("kernel", "vmalloc", FAKE_NO_SYMBOL="1")


def an_older_module_is_asked_for_the_walk_alone():
    got = rows("what", "ffffc90000001234", "--output-all", FAKE_OLD="1")[0]
    assert got["region"] == "vmalloc" and got["perm"] == "rw-" and got["pid"] is None
    assert "knows no more" in got["what"]


def file_of(name):
    with open(HERE + "/../../" + name, encoding="utf-8") as file:
        return file.read()


def section(page, heading):
    """The text between a heading of a manual page and the next."""
    body = re.split(rf"^\.S[hs] {re.escape(heading)}$", file_of(page), flags=re.M)
    assert len(body) == 2, (page, heading)
    return re.split(r"^\.S[hs] ", body[1], flags=re.M)[0]


def commands():
    """Each command, and its arguments."""
    lines = run("--list-commands").out.splitlines()
    return dict(line.split("\t") for line in lines)


def words_of(command, column):
    """All values of a column, from the error that lists them."""
    err = run(*command.split(), "-Q", f"{column} == no-such-word").err
    return set(err.splitlines()[0].split("there are: ")[1].split(", "))


def plain(macros):
    """The text of lines of mdoc, without blanks."""
    text = re.sub(r"^\.(Nm|Op|Ar|Cm|Fl) ?|\b(Ns|Cm|Ar|Fl|Op)\b|^\.It ", "", macros, flags=re.M)
    return re.sub(r"\s+", "", text)


def the_manual_has_the_commands_and_no_others():
    synopsis = section("man/vmscope.8", "SYNOPSIS")
    listed = set()
    for form in synopsis.split("\n.Nm\n")[1:]:
        lines = [line for line in form.splitlines() if line != ".Op options"]
        if not lines[0].startswith(".Cm"):
            assert lines == [".Ar PID"], lines
            continue
        names, takes = lines[0][4:], "\n".join(lines[1:])
        group = "kernel " if names.startswith("kernel ") else ""
        for name in names.removeprefix(group).split(" | "):
            assert plain(commands()[group + name]).translate(str.maketrans("", "", "[]-")) == \
                plain(takes).replace("-", ""), (name, takes)
            listed.add(group + name)
    every = set(commands()) - {"vtop"}
    assert listed == every, listed ^ every
    described = {re.match(r"[a-z ]+", line[7:])[0].strip()
                 for line in section("man/vmscope.8", "COMMANDS").splitlines()
                 if line.startswith(".It Cm ")}
    assert described == every, described ^ every


def readme_has_every_command():
    for name, takes in commands().items():
        shown = f"vmscope {name} {takes}".strip()
        first = re.split(r"[ |.]", takes)[0].strip("[]")
        if name not in ("vtop", "audit"):
            first = rf"( \[?{re.escape(first)}\b|`)" if first else "`"
            assert re.search(rf"`vmscope {name}{first}", file_of("README.md")), shown


def options_of(name):
    """Short and long names, as the help of a command has them."""
    return set(re.findall(r"^  (?:(-\w), |    )(--[a-z-]+)",
                          run(*name.split(), "--help").out, flags=re.M))


def the_manual_has_the_options_and_no_others():
    every = set()
    for name in ["", *commands()]:
        options = options_of(name)
        assert len(options) > 10, name
        every |= options
    manual = set()
    for line in section("man/vmscope.8", "OPTIONS").splitlines():
        item = re.match(r"\.It Fl (?:(\w) , )?-([a-z-]+)", line)
        if item:
            manual.add(("-" + item[1] if item[1] else "", "--" + item[2]))
    assert manual == every, manual ^ every


def the_manual_says_which_commands_take_an_option():
    text = section("man/vmscope.8", "OPTIONS")
    for option in ("all", "check", "empty", "sort"):
        item = re.split(r"^\.It ", text.split(f".It Fl -{option}")[1], flags=re.M)[0]
        item = item.split("the others")[0]
        named = {re.sub(r" [,:;]$", "", name)
                 for name in re.findall(r"^\.Cm (.*)$", item, flags=re.M)}
        takes = {name for name in commands() if ("", "--" + option) in options_of(name)}
        assert named == takes, (option, named ^ takes)


def the_manual_lists_every_word():
    for heading, command, column in (("STATES", "map 1", "state"),
                                     ("FINDINGS", "audit 1", "finding"),
                                     ("VMALLOC", "kernel vmalloc", "kind")):
        named = set(re.findall(r"^\.It Cm (.*)$", section("man/vmscope.8", heading), flags=re.M))
        assert named == words_of(command, column), (heading, named ^ words_of(command, column))
    regions = set(re.findall(r"^\.It Cm (.*)$", section("man/vmscope.8", "REGIONS"), flags=re.M))
    parts = set(re.findall(r"image\.[a-z]+", section("man/vmscope.8", "REGIONS")))
    assert regions | parts == words_of("kernel layout", "region"), regions


def json_is_named_after_its_command():
    for name, takes in commands().items():
        words = name.split() + (["1"] if "PID" in takes else [])
        words += ["555556000123"] if "ADDR" in takes else []
        data = json.loads(run(*words, "-J").out)
        assert list(data) == ["walk" if name == "vtop" else name.split()[-1]], (name, list(data))


def the_manual_of_the_library_has_every_function_with_its_type():
    header = re.sub(r"/\*.*?\*/", "", file_of("userspace/lib/libvmscope.h"), flags=re.S)
    prototypes = {}
    for kind, name, args in re.findall(
            r"^((?:const )?(?:struct )?\w+ \**)(vmscope_\w+)\(([^)]*)\);", header, flags=re.M):
        prototypes[name] = (kind.strip(), re.sub(r"\s+", " ", args).split(", "))
    manual = {}
    for kind, name, args in re.findall(r'^\.Ft (.*)\n\.Fn (\w+) (.*)$',
                                       section("man/vmscope.3", "SYNOPSIS"), flags=re.M):
        manual[name] = (kind.strip('"'), [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', args)])
    assert len(prototypes) > 30 and manual == prototypes, \
        [(n, manual.get(n), prototypes.get(n)) for n in {*manual, *prototypes}
         if manual.get(n) != prototypes.get(n)]
    names = set(re.findall(r"^\.Nm (\w+)", section("man/vmscope.3", "NAME"), flags=re.M))
    exported = set(re.findall(r"^\t(vmscope_\w+);", file_of("userspace/lib/libvmscope.map"),
                              flags=re.M))
    assert names == exported == set(prototypes), names ^ exported


def complete(*words):
    """What bash offers at the end of these words."""
    with tempfile.TemporaryDirectory() as path:
        os.symlink(os.path.abspath(TOOL), path + "/vmscope")
        done = subprocess.run(
            ["bash", "-c", '. "$1" ; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) ; _vmscope; '
             'printf "%s\\n" "${COMPREPLY[@]}"', "bash", HERE + "/../../completion/vmscope.bash",
             "vmscope", *words], env={**ENV, "PATH": path + ":" + ENV["PATH"]},
            capture_output=True, timeout=60, check=False)
    return set(done.stdout.decode().split())


def completion_offers_what_the_tool_takes():
    mine = str(os.getpid())
    assert {name.split()[0] for name in commands()} | {mine} <= complete("")
    assert complete("kernel", "") == {n.split()[1] for n in commands() if n.startswith("kernel ")}
    for name, takes in commands().items():
        offered = complete(*name.split(), "")
        assert (mine in offered) == takes.startswith("PID"), (name, takes)
        assert ("kernel" in offered) == ("|kernel" in takes), (name, takes)
        assert not complete(*name.split(), mine, "") or name == "kernel map", name
        options = {option for names in options_of(name) for option in names if option}
        assert complete(*name.split(), "-") == options, name
        columns = {line.split()[0] for line in run(*name.split(), "-H").out.splitlines()}
        assert complete(*name.split(), "-o", "") == columns, name
    assert "image.text" in complete("kernel", "map", "im")
    assert complete("map", "kernel", "vmall") == {"vmalloc"}
    assert complete("map", "-o", "size", "kern") == {"kernel"}
    assert complete("frames", "--by", "") == {"node"} and not complete("tree", "--depth", "")


def the_manual_names_every_column():
    listed = run("-H").out
    manual = subprocess.run(["awk", "-f", HERE + "/../../man/columns.awk"], input=listed,
                            capture_output=True, text=True, timeout=60, check=True).stdout
    lists = {"vmscope PID" if name == "PID" else "vmscope " + name: body
             for name, body in re.findall(r"^(\w[^:\n]*):\n((?:  .*\n)+)", listed, flags=re.M)}
    shown = {}
    for names, body in re.findall(r"^\.Ss (.*)\n\.Bl .*\n((?:.*\n)*?)\.El$", manual, flags=re.M):
        for name in names.removeprefix("The summary, ").split(", "):
            shown[name] = re.findall(r"^\.It Cm (.*)\n(.*)$", body, flags=re.M)
    assert len(lists) > 10 and shown == {
        name: [tuple(line.split(None, 1)) for line in body.splitlines()]
        for name, body in lists.items()}


# A test's name is a sentence: only functions with two underscores or more are tests.
TESTS = [function for name, function in list(globals().items()) if name.count("_") > 1
         and not name.startswith("_")]


def main():
    failed = 0
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            print(f"# {type(error).__name__}: {error}")
            print(f"not ok {number} - {test.__name__}")
    print(f"1..{len(TESTS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
