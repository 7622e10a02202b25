// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols, vmalloc areas and per-CPU memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/range.h"
#include "source/percpu.h"
#include "source/proc.h"
#include "source/symbols.h"
#include "source/vmallocinfo.h"
#include "unit.h"

TEST(symbols_of_one_name_are_distinguished)
{
	struct symbols symbols = { 0 };
	uint64_t addr[MAX_NAMESAKES];
	struct symbol_place p;
	bool is_size;

	EXPECT(symbol_parse("twin+2", &p));
	EXPECT(symbol_locate(&symbols, &p, addr, &is_size) == 2);
	EXPECT(addr[0] == 0xffffffffc0009002 && addr[1] == 0xffffffffc0009032);
	EXPECT(symbol_parse("twin+2/0x10", &p));
	EXPECT(symbol_locate(&symbols, &p, addr, &is_size) == 1);
	EXPECT(addr[0] == 0xffffffffc0009032 && is_size);
	EXPECT(symbol_parse("twi", &p) &&
	       !symbol_locate(&symbols, &p, addr, &is_size));
	symbols_free(&symbols);
}

TEST(modules_of_a_range_are_named)
{
	struct module_list list;

	modules_read(&list);
	EXPECT_STR("demo",
		   modules_name(&list, 0xffffffffc0000000, 0xffffffffc0002000));
	EXPECT_STR("demo,second,third",
		   modules_name(&list, 0, 0xffffffffc0200000));
	EXPECT(!modules_name(&list, 0xffffffffc0003000, UINT64_MAX));
	modules_free(&list);
}

TEST(symbols_are_found)
{
	struct symbols symbols = { 0 };
	struct symbol s;
	uint64_t addr;

	EXPECT(symbol_find(&symbols, 0xffffffff81200123, &s));
	EXPECT_STR("do_one_thing", s.name);
	EXPECT(s.addr == 0xffffffff81200100 && !s.module);
	/* Of two names, the one that the kernel lists first. */
	EXPECT(symbol_find(&symbols, 0xffffffff81000004, &s));
	EXPECT_STR("_stext", s.name);
	EXPECT(symbol_find(&symbols, 0xffffffffc0003008, &s));
	EXPECT_STR("demo", s.module);
	EXPECT(symbol_find(&symbols, 0xffffffffc0008010, &s));
	EXPECT_STR("bpf", s.module);
	EXPECT(!symbol_find(&symbols, 0xffff888000000000, &s));
	EXPECT(symbol_find(&symbols, 0x1f2c8, &s));
	EXPECT_STR("cpu_number", s.name);
	EXPECT(symbol_address(&symbols, "__per_cpu_end", &addr) &&
	       addr == 0x30000);
	symbols_free(&symbols);
}

/* Points /proc to a directory of the test, with one file in it. */
static void with_proc_file(const char *name, const char *text)
{
	static char dir[32];
	char path[128];
	FILE *f;

	snprintf(dir, sizeof(dir), "/tmp/vmscope-unit-XXXXXX");
	proc_root = mkdtemp(dir);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	EXPECT(fputs(text, f) >= 0);
	fclose(f);
}

static void without_proc_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", proc_root, name);
	unlink(path);
	rmdir(proc_root);
	proc_root = getenv("FAKE_PROC");
}

TEST(symbols_of_zeros_are_none)
{
	struct symbols symbols = { 0 };
	struct symbol s;

	with_proc_file("kallsyms", "0000000000000000 T _stext\n"
				   "0000000000000000 t x\t[demo]\n");
	EXPECT(!symbol_find(&symbols, 0xffffffff81000000, &s));
	EXPECT(!symbol_find(&symbols, 0, &s));
	symbols_free(&symbols);
	without_proc_file("kallsyms");
}

/* Newer kernels number per-CPU data among the addresses of the image. */
TEST(percpu_data_is_named_by_its_own_symbols)
{
	static const char text[] = "ffffffff83000000 D __per_cpu_start\n"
				   "ffffffff83001000 D runqueues\n"
				   "ffffffff83002000 D __per_cpu_end\n"
				   "ffffffff83002040 a counter\t[demo]\n"
				   "ffffffff83002080 t init_code\n"
				   "ffffffffc0000000 t demo_init\t[demo]\n";
	struct symbols symbols = { 0 };
	struct symbol s = { 0 };

	with_proc_file("kallsyms", text);
	EXPECT(symbol_of_percpu(&symbols, 0xffffffff83002090, &s));
	EXPECT_STR("counter", s.name);
	EXPECT(symbol_of_percpu(&symbols, 0xffffffff83001008, &s));
	EXPECT_STR("runqueues", s.name);
	EXPECT(!symbol_of_percpu(&symbols, 0xffffffff83002000 + 8192, &s));
	EXPECT(symbol_is_percpu(&symbols, 0xffffffff83001000));
	EXPECT(symbol_is_percpu(&symbols, 0xffffffff83002040));
	EXPECT(!symbol_is_percpu(&symbols, 0xffffffff83002080));
	EXPECT(!symbol_is_percpu(&symbols, 0xffffffffc0000000));
	symbols_free(&symbols);
	without_proc_file("kallsyms");
}

static const char *vmalloc_why(const char *text)
{
	struct vmalloc_info info;

	with_proc_file("vmallocinfo", text);
	vmalloc_info_read(&info, 0xffff800000000000);
	EXPECT(!info.nr == !!info.why);
	vmalloc_info_free(&info);
	without_proc_file("vmallocinfo");
	return info.why ? info.why : "";
}

TEST(vmalloc_that_user_mode_maps_is_vmalloc)
{
	struct vmalloc_info info;

	with_proc_file(
		"vmallocinfo",
		"0xffffc90000010000-0xffffc90000014000 16384 f+0x1/0x2 pages=3 vmalloc user vpages N1=3\n");
	vmalloc_info_read(&info, 0xffff800000000000);
	EXPECT(info.nr == 1);
	if (info.nr)
		EXPECT_STR("vmalloc", info.area[0].kind);
	vmalloc_info_free(&info);
	without_proc_file("vmallocinfo");
}

TEST(vmallocinfo_is_joined_where_it_is_real)
{
	const struct vmalloc_area *area;
	struct vmalloc_info info;

	vmalloc_info_read(&info, 0xffff800000000000);
	EXPECT(info.nr == 7 && !info.why);
	area = vmalloc_info_find(&info, 0xffffc90000011000);
	EXPECT(area && area->start == 0xffffc90000010000);
	if (area) {
		EXPECT_STR("vmalloc", area->kind);
		EXPECT_STR("big_table+0x0/0x1320 [demo]", area->caller);
	}
	EXPECT(!vmalloc_info_find(&info, 0xffffc90000005000));
	EXPECT(!vmalloc_info_find(&info, 0xffffc90001000000));
	EXPECT(!vmalloc_info_find(&info, 0));
	vmalloc_info_free(&info);
	EXPECT(strstr(
		vmalloc_why(
			"0x00000000a1b2c3d4-0x000000001a2b3c4d 8192 f+0x1/0x2 vmap\n"),
		"hashes"));
	EXPECT(strstr(
		vmalloc_why(
			"0x0000000000000000-0x0000000000000000 8192 f+0x1/0x2 vmap\n"),
		"zeros"));
	EXPECT_STR(
		"",
		vmalloc_why(
			"garbage\n0xffffc90000000000-0xffffc90000002000 8192 vm_map_ram\n"));
}

/* Where per-CPU memory is searched for. */
struct chunk_case {
	uint64_t units[4]; /* first chunk's parts, by processor */
	size_t nr;
	uint64_t areas[8]; /* of per-CPU memory: starts and ends */
	uint64_t addr; /* what is asked */
	int cpu; /* the processor, -1 if it is not certain */
};

/* clang-format off */
static const struct chunk_case chunk_cases[] = {
	/* one group, its parts side by side */
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x90fff, 0 },
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x91000, 1 },
	{ { 0x2000, 0x1000 }, 2, { 0x90000, 0x92000 }, 0x91000, 0 },
	/* chunks side by side */
	{ { 0x1000, 0x2000 }, 2, { 0x8e000, 0x90000, 0x90000, 0x92000 }, 0x91000, 1 },
	{ { 0x1000, 0x2000 }, 2, { 0x8e000, 0x90000, 0x90000, 0x92000 }, 0x8e000, 0 },
	/* one processor */
	{ { 0x1000 }, 1, { 0x90000, 0x98000 }, 0x97fff, 0 },
	/* two groups, the same distance apart as before */
	{ { 0x1000, 0x2000, 0x9000, 0xa000 }, 4, { 0x90000, 0x92000, 0x98000, 0x9a000 },
	  0x99000, 3 },
	{ { 0x1000, 0x2000, 0x9000, 0xa000 }, 4, { 0x90000, 0x92000, 0x98000, 0x9a000 },
	  0x91000, 1 },
	/* one of them is missing, or elsewhere */
	{ { 0x1000, 0x2000, 0x9000, 0xa000 }, 4, { 0x90000, 0x92000 }, 0x91000, -1 },
	{ { 0x1000, 0x2000, 0x9000, 0xa000 }, 4, { 0x90000, 0x92000, 0x99000, 0x9b000 },
	  0x91000, -1 },
	/* three areas, so that the middle one may belong to either */
	{ { 0x1000, 0x9000 }, 2, { 0x88000, 0x89000, 0x90000, 0x91000, 0x98000, 0x99000 },
	  0x90000, -1 },
	{ { 0x1000, 0x9000 }, 2, { 0x88000, 0x89000, 0x90000, 0x91000, 0x98000, 0x99000 },
	  0x88000, 0 },
	/* in no such area; and processors are not known */
	{ { 0x1000, 0x2000 }, 2, { 0x90000, 0x92000 }, 0x92000, -1 },
	{ { 0 }, 0, { 0x90000, 0x92000 }, 0x90000, -1 },
};

/* clang-format on */

static void fill_chunks(const struct chunk_case *c, struct vmalloc_area *areas,
			struct vmalloc_info *info)
{
	*info = (struct vmalloc_info){ .area = areas };
	for (size_t i = 0; i < ARRAY_SIZE(c->areas) && c->areas[i]; i += 2) {
		areas[info->nr++] = (struct vmalloc_area){
			.start = c->areas[i],
			.end = c->areas[i + 1],
			.caller = "pcpu_get_vm_areas+0x0/0x1000",
		};
	}
}

static void check_chunk(const struct chunk_case *c)
{
	struct percpu_unit units[ARRAY_SIZE(c->units)];
	struct percpu_layout layout = { .unit = units, .start = 0x100 };
	struct vmalloc_area areas[ARRAY_SIZE(c->areas)];
	struct vmalloc_info info;
	unsigned int cpu = 99;
	uint64_t offset = 0;
	bool found;

	fill_chunks(c, areas, &info);
	for (; layout.nr < c->nr; layout.nr++)
		units[layout.nr] =
			(struct percpu_unit){ c->units[layout.nr], layout.nr };
	array_sort(units, layout.nr, sizeof(units[0]));
	found = percpu_find(&layout, &info, c->addr, &cpu, &offset);
	EXPECT(found == (c->cpu >= 0));
	if (!found)
		return;
	EXPECT(cpu == (unsigned int)c->cpu);
	EXPECT(offset == c->addr - c->units[cpu] + 0x100);
}

TEST(later_per_cpu_chunks_are_named_if_certain)
{
	struct vmalloc_area other = { .caller = "pcpu_get_vm_areas_not+0x0" };

	for (size_t i = 0; i < ARRAY_SIZE(chunk_cases); i++)
		check_chunk(&chunk_cases[i]);
	EXPECT(!percpu_is_chunk(NULL));
	EXPECT(!percpu_is_chunk(&other));
}
