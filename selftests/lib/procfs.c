// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers of /proc/PID/{smaps,pagemap,status}, /proc/kpageflags and sysfs.
 */

#include "procfs.h"

static const struct {
	const char *name;
	enum smaps_field field;
} smaps_lines[] = {
	{ "Rss:", SMAPS_RSS },
	{ "Swap:", SMAPS_SWAP },
	{ "AnonHugePages:", SMAPS_ANON_HUGE },
	{ "ShmemPmdMapped:", SMAPS_SHMEM_HUGE },
	{ "FilePmdMapped:", SMAPS_FILE_HUGE },
	{ "Shared_Hugetlb:", SMAPS_SHARED_HUGETLB },
	{ "Private_Hugetlb:", SMAPS_PRIVATE_HUGETLB },
	{ "Locked:", SMAPS_LOCKED },
	{ "ProtectionKey:", SMAPS_PROTECTION_KEY },
};

static const struct {
	const char *word;
	__u64 flag;
} vma_words[] = {
	{ "rd", VMSCOPE_VMA_READ },	    { "wr", VMSCOPE_VMA_WRITE },
	{ "ex", VMSCOPE_VMA_EXEC },	    { "sh", VMSCOPE_VMA_SHARED },
	{ "ms", VMSCOPE_VMA_MAYSHARE },	    { "gd", VMSCOPE_VMA_GROWSDOWN },
	{ "pf", VMSCOPE_VMA_PFNMAP },	    { "mm", VMSCOPE_VMA_MIXEDMAP },
	{ "lo", VMSCOPE_VMA_LOCKED },	    { "io", VMSCOPE_VMA_IO },
	{ "sr", VMSCOPE_VMA_SEQ_READ },	    { "rr", VMSCOPE_VMA_RAND_READ },
	{ "dc", VMSCOPE_VMA_DONTFORK },	    { "de", VMSCOPE_VMA_DONTEXPAND },
	{ "ac", VMSCOPE_VMA_ACCOUNT },	    { "nr", VMSCOPE_VMA_NORESERVE },
	{ "ht", VMSCOPE_VMA_HUGETLB },	    { "wf", VMSCOPE_VMA_WIPEONFORK },
	{ "dd", VMSCOPE_VMA_DONTDUMP },	    { "sd", VMSCOPE_VMA_SOFTDIRTY },
	{ "hg", VMSCOPE_VMA_HUGEPAGE },	    { "nh", VMSCOPE_VMA_NOHUGEPAGE },
	{ "mg", VMSCOPE_VMA_MERGEABLE },    { "um", VMSCOPE_VMA_UFFD_MISSING },
	{ "uw", VMSCOPE_VMA_UFFD_WP },	    { "ui", VMSCOPE_VMA_UFFD_MINOR },
	{ "ur", VMSCOPE_VMA_UFFD_RWP },	    { "lf", VMSCOPE_VMA_LOCKONFAULT },
	{ "sf", VMSCOPE_VMA_SYNC },	    { "ar", VMSCOPE_VMA_ARCH },
	{ "ss", VMSCOPE_VMA_SHADOW_STACK }, { "mr", VMSCOPE_VMA_MAYREAD },
	{ "mw", VMSCOPE_VMA_MAYWRITE },	    { "me", VMSCOPE_VMA_MAYEXEC },
	{ "dp", VMSCOPE_VMA_DROPPABLE },    { "sl", VMSCOPE_VMA_SEALED },
	{ "gu", VMSCOPE_VMA_MAYBE_GUARD },
};

/* The flag for a word of VmFlags; 0 if there is none. */
__u64 vma_flag_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(vma_words); i++)
		if (!strncmp(vma_words[i].word, word, 2))
			return vma_words[i].flag;
	return 0;
}

/* Words of two letters, each followed by a space. */
static __u64 vma_flags_parse(const char *words)
{
	__u64 flags = 0;

	for (words += strspn(words, " "); words[0] && words[1] > ' ';
	     words += 3)
		flags |= vma_flag_of(words);
	return flags;
}

/* The kernel writes a newline in a name as \012, and escapes nothing else. */
static void name_unescape(char *name)
{
	char *to = name;

	while (*name) {
		if (!strncmp(name, "\\012", 4)) {
			*to++ = '\n';
			name += 4;
		} else {
			*to++ = *name++;
		}
	}
	*to = '\0';
}

static bool area_parse(const char *line, struct proc_area *area)
{
	unsigned long long start, end, offset, inode;
	unsigned int major, minor;
	int name = 0;

	*area = (struct proc_area){ 0 };
	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu%n", &start, &end,
		   area->perms, &offset, &major, &minor, &inode, &name) != 7)
		return false;
	while (line[name] == ' ')
		name++;
	area->name = strdup(line + name);
	if (!area->name)
		return false;
	area->name[strcspn(area->name, "\n")] = '\0';
	name_unescape(area->name);
	area->start = start;
	area->end = end;
	area->offset = offset;
	area->inode = inode;
	area->dev = ((__u64)major << 32) | minor;
	return true;
}

static void area_add_line(struct proc_area *area, const char *line)
{
	if (!strncmp(line, "VmFlags:", 8))
		area->vma_flags |= vma_flags_parse(line + 8);
	if (!strncmp(line, "ProtectionKey:", 14))
		area->vma_flags |= strtoull(line + 14, NULL, 10)
				   << VMSCOPE_VMA_PKEY_SHIFT;
	for (size_t i = 0; i < ARRAY_SIZE(smaps_lines); i++) {
		size_t len = strlen(smaps_lines[i].name);

		if (!strncmp(line, smaps_lines[i].name, len))
			area->sums[smaps_lines[i].field] = atoll(line + len);
	}
}

static bool areas_add(struct proc_areas *areas, const struct proc_area *area)
{
	if (!array_room(&areas->areas, &areas->room, areas->nr + 1,
			sizeof(*area)))
		return false;
	areas->areas[areas->nr++] = *area;
	return true;
}

static const char *proc_path(char path[64], pid_t pid, const char *file)
{
	snprintf(path, 64, "/proc/%d/%s", pid, file);
	return path;
}

/*
 * The areas of a process, with their sums. The gate area [vsyscall] is in no
 * address space, and is left out.
 */
int areas_read(pid_t pid, struct proc_areas *areas)
{
	char path[64], *line = NULL;
	FILE *file = fopen(proc_path(path, pid, "smaps"), "re");
	struct proc_area area;
	size_t room = 0;

	*areas = (struct proc_areas){ 0 };
	if (!file)
		return -1;
	while (getline(&line, &room, file) > 0) {
		if (!area_parse(line, &area)) {
			if (areas->nr)
				area_add_line(&areas->areas[areas->nr - 1],
					      line);
		} else if (!areas_add(areas, &area)) {
			break;
		}
	}
	free(line);
	fclose(file);
	if (areas->nr && areas->areas[areas->nr - 1].start >> 63)
		free(areas->areas[--areas->nr].name);
	return 0;
}

void areas_free(struct proc_areas *areas)
{
	for (size_t i = 0; i < areas->nr; i++)
		free(areas->areas[i].name);
	free(areas->areas);
	*areas = (struct proc_areas){ 0 };
}

/* The area that holds @addr, valid as long as @areas; or NULL. */
const struct proc_area *areas_find(const struct proc_areas *areas, __u64 addr)
{
	for_each_area(area, areas)
		if (area->start <= addr && addr < area->end)
			return area;
	return NULL;
}

/* The first of our own areas of this name; NULL if there is none. */
char *area_named(const char *name)
{
	struct proc_areas areas;
	char *addr = NULL;

	if (areas_read(getpid(), &areas))
		return NULL;
	for_each_area(area, &areas)
		if (!addr && !strcmp(area->name, name))
			addr = (char *)(uintptr_t)area->start;
	areas_free(&areas);
	return addr;
}

/* The sums of our own area at @addr in smaps, in kB. */
__u64 area_sum(const void *addr, enum smaps_field field)
{
	const struct proc_area *area;
	struct proc_areas areas;
	__u64 sum = 0;

	if (areas_read(getpid(), &areas))
		return 0;
	area = areas_find(&areas, address(addr));
	if (area)
		sum = area->sums[field];
	areas_free(&areas);
	return sum;
}

/* @pid's pagemap, or -1. */
int pagemap_open(pid_t pid)
{
	char path[64];

	return open(proc_path(path, pid, "pagemap"), O_RDONLY | O_CLOEXEC);
}

/* @pages entries from @addr on; false if not all can be read. */
bool pagemap_read(int fd, __u64 addr, size_t pages, __u64 *entries)
{
	size_t want = pages * sizeof(*entries);
	size_t have = 0;

	while (have < want) {
		ssize_t n = pread(fd, (char *)entries + have, want - have,
				  addr / PAGE_BYTES * 8 + have);

		if (n <= 0)
			return false;
		have += n;
	}
	return true;
}

/* The entry of our own page; 0 if it cannot be read. */
__u64 pagemap_self(const void *addr)
{
	int fd = pagemap_open(getpid());
	__u64 entry = 0;

	if (fd >= 0) {
		if (!pagemap_read(fd, address(addr), 1, &entry))
			entry = 0;
		close(fd);
	}
	return entry;
}

/*
 * The first frame of a hugetlbfs page has the page's flags. Calculate it from
 * the size: searching would take long for each of 262144 frames.
 */
static bool hugetlb_is_file(const struct leaf *leaf, __u64 pfn)
{
	__u64 bytes = leaf->level == VMSCOPE_LEVEL_PUD ? PUD_BYTES : PMD_BYTES;

	return !(page_flags(pfn & -(bytes / PAGE_BYTES)) & KPF(ANON));
}

static const char *present_disagrees(const struct leaf *leaf, __u64 addr,
				     __u64 entry)
{
	__u64 pfn = leaf->value + (addr - leaf->start) / PAGE_BYTES;
	bool file;

	if (!(entry & PM_PRESENT) || entry & PM_SWAP)
		return "present, pagemap says absent";
	if ((entry & PM_PFN_MASK) != pfn)
		return "another PFN than pagemap's";
	switch (leaf->state) {
	case VMSCOPE_STATE_ANON:
	case VMSCOPE_STATE_KSM:
	case VMSCOPE_STATE_ZERO:
		file = false;
		break;
	case VMSCOPE_STATE_FILE:
	case VMSCOPE_STATE_SHMEM:
	case VMSCOPE_STATE_DRIVER:
		/* pagemap's bit for everything that is not anonymous */
		file = true;
		break;
	case VMSCOPE_STATE_HUGETLB:
		file = hugetlb_is_file(leaf, pfn);
		break;
	case VMSCOPE_STATE_PFNMAP:
		file = false;
		break;
	default:
		return NULL;
	}
	if (!(entry & PM_FILE) == file)
		return file ? "file or shared, pagemap says anonymous" :
			      "anonymous, pagemap says file or shared";
	return NULL;
}

static const char *absent_disagrees(const struct leaf *leaf, __u64 addr,
				    __u64 entry)
{
	__u64 index = (addr - leaf->start) / PAGE_BYTES;

	if (entry & PM_PRESENT)
		return "absent, pagemap says present";
	switch (leaf->state) {
	case VMSCOPE_STATE_NONE:
	case VMSCOPE_STATE_SHMEM_SWAP:
		/* pagemap sees the marker, not what is in the page cache */
		if (leaf->flags & F(UFFD_WP))
			break;
		return entry & (PM_PFN_MASK | PM_SWAP) ?
			       "empty, pagemap says otherwise" :
			       NULL;
	case VMSCOPE_STATE_SWAP:
		if (PM_TYPE(entry) != VMSCOPE_SLOT_TYPE(leaf->value))
			return "another swap type than pagemap's";
		if (PM_OFFSET(entry) !=
		    VMSCOPE_SLOT_OFFSET(leaf->value) + index)
			return "another swap offset than pagemap's";
		break;
	case VMSCOPE_STATE_MIGRATION:
	case VMSCOPE_STATE_HWPOISON:
	case VMSCOPE_STATE_DEVICE:
		if (PM_OFFSET(entry) != leaf->value + index)
			return "another frame than pagemap's";
		break;
	}
	/* in pagemap, everything absent and not empty is swap */
	return entry & PM_SWAP ? NULL : "pagemap does not say swap";
}

/*
 * In areas of frames, and for absent hugetlb pages, pagemap shows no page.
 * Their soft-dirty bit is the area's.
 */
static const char *no_page_disagrees(__u64 entry)
{
	return entry & (PM_PRESENT | PM_SWAP | PM_PFN_MASK) ?
		       "pagemap shows a page where it never does" :
		       NULL;
}

/*
 * How /proc/PID/pagemap's @entry for @addr, a base page of @leaf, differs from
 * what the kernel is known to report for such a page; NULL if it does not.
 */
const char *pagemap_disagrees(const struct leaf *leaf, __u64 addr,
			      __u64 vma_flags, __u64 entry)
{
	bool hugetlb = vma_flags & VMSCOPE_VMA_HUGETLB;
	bool pfnmap = vma_flags & VMSCOPE_VMA_PFNMAP;
	bool soft_dirty = vma_flags & VMSCOPE_VMA_SOFTDIRTY;
	bool guard = leaf->state == VMSCOPE_STATE_MARKER_GUARD;
	const char *why;

	if (pfnmap || (hugetlb && !(leaf->flags & F(PRESENT))))
		why = no_page_disagrees(entry);
	else if (leaf->flags & F(PRESENT))
		why = present_disagrees(leaf, addr, entry);
	else
		why = absent_disagrees(leaf, addr, entry);
	if (why)
		return why;
	if (!hugetlb && !pfnmap && leaf->flags & F(SOFT_DIRTY))
		soft_dirty = true;
	if (!(entry & PM_SOFT_DIRTY) == soft_dirty)
		return "another soft-dirty bit than pagemap's";
	if (!(entry & PM_UFFD_WP) != !(leaf->flags & F(UFFD_WP)))
		return "another userfaultfd bit than pagemap's";
	if (entry & PM_GUARD && !guard)
		return "pagemap says guard region";
	return NULL;
}

/*
 * /proc/kpageflags. It ends at the end of memory: frames after it are no pages,
 * as in a hole, instead of pages without flags.
 */
__u64 page_flags(__u64 pfn)
{
	static int fd = -1;
	__u64 flags;

	if (fd < 0)
		fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	if (pread(fd, &flags, sizeof(flags), pfn * 8) != sizeof(flags))
		return KPF(NOPAGE);
	return flags;
}

/* Some flags of a compound page are only in its first page. */
__u64 folio_flags(__u64 pfn)
{
	__u64 flags = page_flags(pfn);

	while (page_flags(pfn) & KPF(COMPOUND_TAIL))
		pfn--;
	return flags | page_flags(pfn);
}

/* Some kernels call every anonymous page KSM in kpageflags. */
bool all_anon_is_called_ksm(void)
{
	char *page = map_memory(PAGE_BYTES, MAP_PRIVATE);
	bool ksm;

	*page = 1;
	ksm = page_flags(pagemap_self(page) & PM_PFN_MASK) & KPF(KSM);
	munmap(page, PAGE_BYTES);
	return ksm;
}

/* The number in the line that begins with @word; -1 if there is none. */
static long number_behind(const char *word, const char *path)
{
	size_t len = strlen(word);
	long number = -1;
	char line[256];

	for_each_line_of(line, path)
		if (!strncmp(line, word, len) && strchr(" \t", line[len]))
			number = atol(line + len);
	return number;
}

/* A number of /proc/vmstat; -1 if there is none. */
long vmstat_number(const char *name)
{
	return number_behind(name, "/proc/vmstat");
}

/* Of a line of /proc/meminfo, as "MemFree:"; 0 if there is none. */
__u64 meminfo_bytes(const char *field)
{
	long kb = number_behind(field, "/proc/meminfo");

	return kb > 0 ? kb * 1024ULL : 0;
}

/* A number of /proc/PID/status, as "VmPTE:"; -1 if there is none. */
long status_number(pid_t pid, const char *field)
{
	char path[64];

	return number_behind(field, proc_path(path, pid, "status"));
}

/* Wait for it, too: a zombie has none. */
bool process_exited(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

/* The node of a page by move_pages(), negative if it is not in memory. */
int page_node(pid_t pid, __u64 addr)
{
	void *pages[] = { (void *)(uintptr_t)addr };
	int status = -1;

	if (syscall(SYS_move_pages, pid, 1, pages, NULL, &status, 0))
		return -1;
	return status;
}

/* The number that a file begins with; -1 if there is none. */
long file_number(const char *path)
{
	FILE *file = fopen(path, "re");
	long number = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

/* In one write; false with errno if it is incomplete. */
bool file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = write(fd, text, strlen(text));
	close(fd);
	return n == (ssize_t)strlen(text);
}

static struct {
	char path[96];
	char value[64];
} knobs[32];
static size_t nr_knobs;

/* The current value: in "always [madvise] never" the word in brackets. */
static bool knob_read(const char *path, char *value, size_t room)
{
	FILE *file = fopen(path, "re");
	char line[256];
	const char *open;

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	open = strchr(line, '[');
	open = open ? open + 1 : line;
	snprintf(value, room, "%.*s", (int)strcspn(open, "]\n"), open);
	return true;
}

/*
 * Sets a file of sysfs or procfs, for knobs_restore() to restore. False if
 * there is no such file or it rejects the value.
 */
bool knob_set(const char *path, const char *value)
{
	for (size_t i = 0; i < nr_knobs; i++)
		if (!strcmp(knobs[i].path, path))
			return file_write(path, value);
	if (nr_knobs == ARRAY_SIZE(knobs) ||
	    strlen(path) >= sizeof(knobs[0].path) ||
	    !knob_read(path, knobs[nr_knobs].value, sizeof(knobs[0].value)))
		return false;
	snprintf(knobs[nr_knobs].path, sizeof(knobs[0].path), "%s", path);
	nr_knobs++;
	return file_write(path, value);
}

/* Everything that knob_set() set, in reverse order. */
void knobs_restore(void)
{
	while (nr_knobs) {
		nr_knobs--;
		file_write(knobs[nr_knobs].path, knobs[nr_knobs].value);
	}
}

/* Ignores errors: the caller checks for what the module provides. */
void load_module(const char *name)
{
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execlp("modprobe", "modprobe", name, NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}
