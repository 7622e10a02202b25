// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tool calls resident is smaps' Rss, and what it calls hugetlb is what
 * smaps counts as hugetlb, in each area of a process that maps everything there
 * is: also pages of drivers, and pages with a memory error.
 */
#include "harness.h"

#include <arpa/inet.h>
#include <linux/aio_abi.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sys/socket.h>

#include "mappings.h"
#include "toolrow.h"

#define TRACING "/sys/kernel/tracing/"

/*
 * A kind of memory.
 * @make: where it is, or NULL if this machine cannot have it; NULL for a
 * mapping of this name
 * @state: expected for its first page, 0 for any
 */
struct part {
	const char *name;
	char *(*make)(void);
	unsigned int state;
};

static char *ring(int fd, size_t bytes, off_t at, int prot)
{
	char *addr = fd < 0 ? MAP_FAILED :
			      mmap(NULL, bytes, prot, MAP_SHARED, fd, at);

	for (size_t i = 0; addr != MAP_FAILED && i < bytes; i += PAGE_BYTES)
		(void)*(volatile char *)(addr + i);
	return addr == MAP_FAILED ? NULL : addr;
}

static char *make_aio(void)
{
	aio_context_t ctx = 0;

	if (syscall(SYS_io_setup, 512, &ctx))
		return NULL;
	(void)*(volatile char *)ctx;
	return (char *)ctx;
}

static char *make_io_uring(void)
{
	struct io_uring_params params = { 0 };
	int fd = syscall(SYS_io_uring_setup, 256, &params);

	return ring(fd, 2 * PAGE_BYTES, IORING_OFF_SQ_RING, RW);
}

/*
 * Of a processor: events of a task make the kernel patch its scheduler, and the
 * emulator does not always survive that.
 */
static char *make_perf(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.sample_period = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0);

	return ring(fd, 5 * PAGE_BYTES, 0, RW);
}

static char *make_packet(void)
{
	struct tpacket_req req = { PAGE_BYTES, 4, 2048, 8 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd >= 0 &&
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)))
		return NULL;
	return ring(fd, 4 * PAGE_BYTES, 0, RW);
}

static char *make_bpf(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 8,
		.max_entries = 2048,
		.map_flags = BPF_F_MMAPABLE,
	};
	int fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	return ring(fd, 4 * PAGE_BYTES, 0, RW);
}

/* A regular file whose pages are in no page cache. */
static char *make_trace_buffer(void)
{
	int fd = open(TRACING "per_cpu/cpu0/trace_pipe_raw",
		      O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return ring(fd, PAGE_BYTES, 0, PROT_READ);
}

/* A file of /dev, written to. */
static char *written(const char *path, size_t bytes, int flags, off_t at)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char *addr = mmap(NULL, bytes, RW, flags, fd, at);

	if (addr == MAP_FAILED)
		return NULL;
	*addr = 1;
	return addr;
}

static char *make_dev_zero(void)
{
	return written("/dev/zero", 4 * PAGE_BYTES, MAP_PRIVATE, 0);
}

/* A copy of a frame, in an area of frames. */
static char *make_devmem_copied(void)
{
	return written("/dev/mem", PAGE_BYTES, MAP_PRIVATE, 0xf0000);
}

/* DAX, if the machine has such a disk (memmap=64M!1G). */
static char *make_dax(void)
{
	return written("/dev/dax0.0", PMD_BYTES, MAP_SHARED, 0);
}

static char *make_hugetlb_hwpoison(void)
{
	struct mapping map;

	signal(SIGBUS, go_on);
	if (mapping_make("hugetlb-2m-shared", &map) ||
	    madvise(map.addr, PMD_BYTES, MADV_HWPOISON))
		return NULL;
	return map.addr;
}

/* The page in which instructions run that a uprobe has replaced. */
static __attribute__((noipa)) int probed(int x)
{
	asm volatile("imul $3, %0, %0" : "+r"(x));
	return x;
}

static __u64 file_offset(const void *code)
{
	const struct proc_area *area;
	struct proc_areas areas;
	__u64 offset = 0;

	if (areas_read(getpid(), &areas))
		return 0;
	area = areas_find(&areas, address(code));
	if (area)
		offset = address(code) - area->start + area->offset;
	areas_free(&areas);
	return offset;
}

static char *make_uprobes(void)
{
	char path[256];
	const char *code = (const char *)probed;
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	size_t i;

	if (len < 0)
		return NULL;
	path[len] = '\0';
	/* the imul, which no kernel emulates */
	for (i = 0; i < 32 && (unsigned char)code[i] != 0x6b; i++)
		;
	if (!file_write(TRACING "uprobe_events",
			textf("p:vmscope_probe %s:0x%llx", path,
			      file_offset(code + i))) ||
	    !file_write(TRACING "events/uprobes/vmscope_probe/enable", "1"))
		return NULL;
	probed(2);
	return area_named("[uprobes]");
}

static char *make_kind(const char *kind)
{
	struct mapping map;

	return mapping_make(kind, &map) ? NULL : map.addr;
}

static const struct part parts[] = {
	{ "anon", NULL, VMSCOPE_STATE_ANON },
	{ "zero", NULL, VMSCOPE_STATE_ZERO },
	{ "thp", NULL, VMSCOPE_STATE_ANON },
	{ "hugezero", NULL, VMSCOPE_STATE_HUGEZERO },
	{ "ksm", NULL, VMSCOPE_STATE_KSM },
	{ "file-private", NULL, VMSCOPE_STATE_FILE },
	{ "file-copied", NULL, VMSCOPE_STATE_ANON },
	{ "file-thp", NULL, VMSCOPE_STATE_FILE },
	{ "memfd", NULL, VMSCOPE_STATE_SHMEM },
	{ "shmem-thp", NULL, VMSCOPE_STATE_SHMEM },
	{ "hugetlb-2m-private", NULL, VMSCOPE_STATE_HUGETLB },
	{ "hugetlb-2m-shared", NULL, VMSCOPE_STATE_HUGETLB },
	{ "devmem", NULL, VMSCOPE_STATE_PFNMAP },
	{ "devmem-copied", make_devmem_copied, VMSCOPE_STATE_ANON },
	{ "vvar", NULL, 0 },
	{ "vdso", NULL, VMSCOPE_STATE_DRIVER },
	{ "uffd-wp", NULL, VMSCOPE_STATE_ANON },
	{ "guard", NULL, VMSCOPE_STATE_MARKER_GUARD },
	{ "device", NULL, VMSCOPE_STATE_DEVICE },
	{ "dax", make_dax, VMSCOPE_STATE_DEVICE },
	{ "dev-zero", make_dev_zero, VMSCOPE_STATE_ANON },
	{ "aio", make_aio, VMSCOPE_STATE_DRIVER },
	{ "io-uring", make_io_uring, 0 },
	{ "perf", make_perf, 0 },
	{ "packet", make_packet, VMSCOPE_STATE_DRIVER },
	{ "bpf", make_bpf, VMSCOPE_STATE_DRIVER },
	{ "trace-buffer", make_trace_buffer, VMSCOPE_STATE_DRIVER },
	{ "uprobes", make_uprobes, VMSCOPE_STATE_DRIVER },
	{ "hwpoison", NULL, VMSCOPE_STATE_HWPOISON },
	{ "hugetlb-hwpoison", make_hugetlb_hwpoison, VMSCOPE_STATE_HWPOISON },
};

/* Shared with the child, which makes the parts and then stops. */
struct made {
	char *addr[ARRAY_SIZE(parts)];
	const char *volatile at;
	volatile bool done;
};

static void make_parts(struct made *made)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		made->at = parts[i].name;
		made->addr[i] = parts[i].make ? parts[i].make() :
						make_kind(parts[i].name);
	}
	made->done = true;
	child_pause();
}

FIXTURE(process)
{
	struct made *made;
	pid_t pid;
	int fd;
};

FIXTURE_SETUP(process)
{
	self->made = map_memory(sizeof(*self->made), MAP_SHARED);
	self->pid = child_fork();
	if (!self->pid)
		make_parts(self->made);
	for (int i = 0; i < 12000 && !self->made->done &&
			!waitpid(self->pid, NULL, WNOHANG);
	     i++)
		usleep(10000);
	ASSERT_TRUE(self->made->done)
	{
		TH_LOG("still at %s", self->made->at);
		kill(self->pid, SIGKILL);
	}
	self->fd = device_of(self->pid);
}

FIXTURE_TEARDOWN(process)
{
	kill_child(self->pid);
	close(self->fd);
	file_write(TRACING "events/uprobes/vmscope_probe/enable", "0");
	file_write(TRACING "uprobe_events", "-:vmscope_probe");
	knobs_restore();
}

TEST_F(process, pages_of_drivers_have_a_state_of_their_own)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		struct leaf leaf;

		if (!self->made->addr[i])
			note("%s: cannot be had here\n", parts[i].name);
		if (!self->made->addr[i] || !parts[i].state)
			continue;
		ASSERT_EQ(0, leaf_at(self->fd, self->made->addr[i], &leaf));
		about("%s: raw %llx: ", parts[i].name, leaf.raw);
		EXPECT_STREQ(state_name(parts[i].state),
			     state_name(leaf.state));
	}
}

/*
 * Older kernels skip areas of frames, which can hold pages that were copied;
 * VmRSS counts those pages nevertheless.
 */
static bool is_not_looked_into(const struct proc_area *area)
{
	return area->vma_flags & VMSCOPE_VMA_PFNMAP && !area->sums[SMAPS_RSS];
}

/* Compares each area's row with smaps; returns how many differ. */
static size_t compare_areas(pid_t pid, const struct proc_areas *areas,
			    __u64 *unseen)
{
	char row[8192];
	size_t wrong = 0, nr = 0;
	FILE *rows;

	rows = tool_run("areas %d -o start,rss,hugetlb", pid);
	while (tool_row(rows, row, sizeof(row))) {
		const struct proc_area *area =
			areas_find(areas, row_number(row, "start"));
		__u64 huge;

		if (!area || !row_number(row, "start"))
			continue;
		nr++;
		if (is_not_looked_into(area))
			*unseen += row_number(row, "rss");
		huge = area->sums[SMAPS_SHARED_HUGETLB] +
		       area->sums[SMAPS_PRIVATE_HUGETLB];
		if ((row_number(row, "rss") == area->sums[SMAPS_RSS] * 1024 ||
		     is_not_looked_into(area)) &&
		    row_number(row, "hugetlb") == huge * 1024)
			continue;
		wrong++;
		note("%s: Rss %llu kB, hugetlb %llu kB, but %s\n", area->name,
		     area->sums[SMAPS_RSS], huge, row);
	}
	tool_end(rows);
	return nr == areas->nr ? wrong : wrong + 1;
}

TEST_F(process, rss_of_each_area_is_that_of_smaps)
{
	struct proc_areas areas;
	__u64 unseen = 0, sum = 0;
	char row[8192];

	if (tool_missing())
		SKIP(return, "%s", tool_missing());
	ASSERT_EQ(0, areas_read(self->pid, &areas));
	EXPECT_EQ(0, compare_areas(self->pid, &areas, &unseen));
	for_each_area(area, &areas)
		sum += area->sums[SMAPS_RSS] * 1024;
	EXPECT_GE(PAGE_BYTES, unseen);
	ASSERT_TRUE(tool_first_row(row, sizeof(row), "%d -o rss", self->pid));
	EXPECT_EQ(sum + unseen, row_number(row, "rss"));
}

TEST_HARNESS_MAIN
