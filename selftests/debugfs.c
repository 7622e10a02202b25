// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text files say what the records say, and who may be attached is judged
 * as the design has it.
 */
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "procfs.h"
#include "target.h"

#define ROOT "/sys/kernel/debug/vmscope/"
#define MAX_TARGETS 64

static const char *const views[] = {
	"map", "pages", "swap", "tables", "summary",
};

static void __attribute__((constructor)) need_debugfs(void)
{
	if (access(ROOT "self/map", F_OK))
		ksft_exit_skip("debugfs is not mounted, or has no " ROOT "\n");
}

/* Files as text */

static char *view_path(char *path, size_t room, pid_t pid, const char *view)
{
	if (pid)
		snprintf(path, room, ROOT "%d/%s", pid, view);
	else
		snprintf(path, room, ROOT "self/%s", view);
	return path;
}

/* All of @fd from where it stands, by reads of @step bytes; NULL on errors. */
static char *read_text(int fd, size_t step)
{
	size_t room = 1 << 16, used = 0;
	char *text = malloc(room);
	ssize_t n = -1;

	while (text) {
		if (used + step + 1 > room) {
			room *= 2;
			text = realloc(text, room);
			continue;
		}
		n = read(fd, text + used, step);
		if (n <= 0)
			break;
		used += n;
	}
	if (n) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	return text;
}

static char *read_view(pid_t pid, const char *view, size_t step)
{
	char path[64];
	int fd = open(view_path(path, sizeof(path), pid, view),
		      O_RDONLY | O_CLOEXEC);
	char *text;
	int err;

	if (fd < 0)
		return NULL;
	text = read_text(fd, step);
	err = errno;
	close(fd);
	errno = err;
	return text;
}

static int write_control(const char *file, const char *text, size_t bytes)
{
	char path[64];
	int fd, err;

	snprintf(path, sizeof(path), ROOT "%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	err = write(fd, text, bytes) == (ssize_t)bytes ? 0 : errno;
	close(fd);
	return err;
}

static int control(const char *file, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", pid);
	return write_control(file, text, strlen(text));
}

static size_t nr_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

/* The @index-th of the words of a line, spaces between; the last has them too. */
static bool word(const char *line, size_t index, char *out, size_t room)
{
	while (index--) {
		line += strcspn(line, " \n");
		if (*line != ' ')
			return false;
		line++;
	}
	snprintf(out, room, "%.*s", (int)strcspn(line, " \n"), line);
	return true;
}

/* Where a column stands, by the header line; -1 if it is not there. */
static int column(const char *text, const char *name)
{
	char found[64];
	int i;

	/* behind the mark */
	for (i = 0; word(text + 1, i, found, sizeof(found)); i++)
		if (!strcmp(found, name))
			return i;
	return -1;
}

static bool column_word(const char *text, const char *line, const char *name,
			char *out, size_t room)
{
	int index = column(text, name);

	return index >= 0 && word(line, index, out, room);
}

static __u64 column_number(const char *text, const char *line, const char *name,
			   int base)
{
	char out[64];

	if (!column_word(text, line, name, out, sizeof(out)))
		return -1ULL;
	return strcmp(out, "-") ? strtoull(out, NULL, base) : 0;
}

static const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

#define for_each_line(line, text) \
	for (line = next_line(text); line; line = next_line(line))

FIXTURE(attached)
{
	pid_t pid;
};

FIXTURE_SETUP(attached)
{
	self->pid = sleeping_child();
	ASSERT_EQ(0, control("attach", self->pid));
}

FIXTURE_TEARDOWN(attached)
{
	control("detach", self->pid);
	kill_child(self->pid);
}

/* The reader's own files */

TEST(self_files_begin_with_a_header_line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(0, views[i], 4096);

		ASSERT_NE(NULL, text)
		{
			TH_LOG("%s: %s", views[i], strerror(errno));
		}
		EXPECT_EQ('#', text[0]);
		EXPECT_NE(' ', text[1]);
		EXPECT_EQ(NULL, strstr(text + 1, "\n#"));
		EXPECT_EQ('\n', text[strlen(text) - 1]);
		free(text);
	}
}

/* Every line has every column, even where there is nothing to report. */
TEST(self_files_have_as_many_words_as_columns)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(0, views[i], 65536);
		const char *line;
		char out[64];
		int columns = 0;

		ASSERT_NE(NULL, text);
		while (word(text, columns, out, sizeof(out)))
			columns++;
		for_each_line(line, text)
		{
			EXPECT_EQ(true,
				  word(line, columns - 1, out, sizeof(out)));
			EXPECT_NE('\0', out[0]);
		}
		free(text);
	}
}

static bool maps_line(const char *line, __u64 *start, __u64 *end, char *perms,
		      const char **name)
{
	unsigned long long from, to;
	int at = 0;

	if (sscanf(line, "%llx-%llx %4s %*x %*s %*u%n", &from, &to, perms,
		   &at) != 3)
		return false;
	while (line[at] == ' ')
		at++;
	*start = from;
	*end = to;
	*name = line + at;
	return true;
}

/* Lines of a map that make up one area; the line behind them, or NULL. */
static const char *check_area(struct __test_metadata *_metadata,
			      const char *text, const char *line, __u64 start,
			      __u64 end, const char *perms, const char *name)
{
	size_t len = strcspn(name, "\n");

	while (line && start < end) {
		char vperm[8], perm[8];
		const char *shown = line;
		int i = column(text, "area");

		while (i--)
			shown += strcspn(shown, " ") + 1;
		EXPECT_EQ(start, column_number(text, line, "start", 16));
		start = column_number(text, line, "end", 16);
		EXPECT_GE(end, start);
		column_word(text, line, "vperm", vperm, sizeof(vperm));
		column_word(text, line, "perm", perm, sizeof(perm));
		EXPECT_STREQ(perms, vperm);
		EXPECT_EQ(false, perm[1] == 'w' && vperm[1] != 'w');
		EXPECT_EQ(false, perm[2] == 'x' && vperm[2] != 'x');
		if (!len) {
			name = "[anon]\n";
			len = strlen("[anon]");
		}
		EXPECT_EQ(len, strcspn(shown, "\n"));
		EXPECT_EQ(0, strncmp(name, shown, len))
		{
			TH_LOG("%.60s", shown);
		}
		line = next_line(line);
	}
	EXPECT_EQ(end, start);
	return line;
}

TEST(self_map_of_cat_is_the_map_of_cat)
{
	FILE *cat = popen("cat " ROOT "self/map /proc/self/maps", "re");
	char *text = read_text(fileno(cat), 65536);
	char *maps = text, perms[8];
	const char *line, *area, *name;
	__u64 start, end;

	ASSERT_NE(NULL, text);
	while (maps && !maps_line(maps, &start, &end, perms, &name))
		maps = (char *)next_line(maps);
	ASSERT_NE(NULL, maps);
	line = next_line(text);
	area = maps;
	maps[-1] = '\0';
	while (area && maps_line(area, &start, &end, perms, &name)) {
		if (strncmp(name, "[vsyscall]", 10))
			line = check_area(_metadata, text, line, start, end,
					  perms, name);
		area = next_line(area);
	}
	EXPECT_EQ(NULL, line);
	pclose(cat);
	free(text);
}

/* An attached process: the same as the device reports */

static const char *const kinds[] = { "all", NULL };

FIXTURE(texts)
{
	struct target target;
	int fd;
};

FIXTURE_SETUP(texts)
{
	ASSERT_EQ(true, target_start(&self->target, kinds));
	ASSERT_EQ(0, control("attach", self->target.pid));
	self->fd = device_open_pid(self->target.pid);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(texts)
{
	control("detach", self->target.pid);
	target_stop(&self->target);
	close(self->fd);
}

static void check_line(struct __test_metadata *_metadata, const char *text,
		       const char *line, const struct leaf *leaf)
{
	bool slot = leaf->state == VMSCOPE_STATE_SWAP ||
		    leaf->state == VMSCOPE_STATE_SHMEM_SWAP;
	char state[32];

	EXPECT_EQ(leaf->start, column_number(text, line, "start", 16));
	EXPECT_EQ(leaf_end(leaf), column_number(text, line, "end", 16));
	EXPECT_EQ(leaf->pages * PAGE_BYTES,
		  column_number(text, line, "size", 10));
	column_word(text, line, "state", state, sizeof(state));
	EXPECT_STREQ(state_name(leaf->state), state);
	if (column(text, "pfn") >= 0) {
		EXPECT_EQ(slot ? 0 : leaf->value,
			  column_number(text, line, "pfn", 10));
	}
	if (column(text, "raw") >= 0) {
		EXPECT_EQ(leaf->raw, column_number(text, line, "raw", 16));
	}
	if (column(text, "swap_offset") >= 0) {
		EXPECT_EQ(slot ? VMSCOPE_SLOT_OFFSET(leaf->value) : 0,
			  column_number(text, line, "swap_offset", 10));
		EXPECT_EQ(slot ? VMSCOPE_SLOT_TYPE(leaf->value) : 0,
			  column_number(text, line, "swap_type", 10));
	}
}

static void check_view(struct __test_metadata *_metadata, pid_t pid, int fd,
		       const char *view, const struct vmscope_scan *scan)
{
	char *text = read_view(pid, view, 65536);
	const char *line;
	struct records recs;
	const __u64 *rec;

	ASSERT_NE(NULL, text);
	ASSERT_EQ(0, records_read(fd, scan, 65536, &recs));
	line = next_line(text);
	for_each_record(rec, &recs)
	{
		struct leaf leaf;

		if (!record_is_leaf(rec))
			continue;
		ASSERT_NE(NULL, line);
		leaf = leaf_of((const void *)rec);
		check_line(_metadata, text, line, &leaf);
		line = next_line(line);
	}
	EXPECT_EQ(NULL, line);
	records_free(&recs);
	free(text);
}

TEST_F(texts, map_is_the_runs)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS);
	check_view(_metadata, self->target.pid, self->fd, "map", &scan);
}

TEST_F(texts, pages_are_the_pages)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END, VMSCOPE_SCAN_AREAS);
	check_view(_metadata, self->target.pid, self->fd, "pages", &scan);
}

TEST_F(texts, swap_is_the_runs_of_slots)
{
	struct vmscope_scan scan;

	scan_init(&scan, 0, USER_END,
		  VMSCOPE_SCAN_RUNS | VMSCOPE_SCAN_AREAS | VMSCOPE_SCAN_FRAMES);
	scan.states = STATE_BIT(SWAP) | STATE_BIT(SHMEM_SWAP);
	check_view(_metadata, self->target.pid, self->fd, "swap", &scan);
}

TEST_F(texts, tables_are_the_census)
{
	static const char *const levels[] = { "-",   "pte", "pmd",
					      "pud", "p4d", "pgd" };
	char *text = read_view(self->target.pid, "tables", 4096);
	struct vmscope_census census;
	const char *line;
	int level;

	ASSERT_NE(NULL, text);
	ASSERT_EQ(0, census_read(self->fd, &census));
	for_each_line(line, text)
	{
		char name[32];

		column_word(text, line, "level", name, sizeof(name));
		for (level = 5; level; level--)
			if (!strcmp(levels[level], name))
				break;
		if (!level)
			continue;
		EXPECT_EQ(census.tables[level],
			  column_number(text, line, "tables", 10));
		EXPECT_EQ(census.used[level],
			  column_number(text, line, "used", 10));
		EXPECT_EQ(census.leaves[level],
			  column_number(text, line, "leaves", 10));
		EXPECT_EQ(census.empty[level],
			  column_number(text, line, "empty", 10));
		/* all of a level's tables have, of the root the user's half */
		EXPECT_EQ(census.tables[level] *
				  (level == VMSCOPE_LEVEL_PGD ? 256 : 512),
			  column_number(text, line, "entries", 10));
	}
	line = strstr(text, "\ndeposited ");
	ASSERT_NE(NULL, line);
	EXPECT_EQ(census.deposited, strtoull(line + 11, NULL, 10));
	free(text);
}

static __u64 summary_sum(const char *text, const char *state)
{
	char start[40];
	__u64 sum = 0;
	const char *line;

	snprintf(start, sizeof(start), "%s.", state);
	for_each_line(line, text) if (!strncmp(line, start, strlen(start)))
		sum += strtoull(strchr(line, ' '), NULL, 10);
	return sum;
}

TEST_F(texts, summary_is_the_sum_of_the_pages)
{
	char *text = read_view(self->target.pid, "summary", 4096);
	__u64 sums[VMSCOPE_NR_STATES] = { 0 };
	struct vmscope_scan scan;
	struct records recs;
	const __u64 *rec;
	unsigned int i;

	ASSERT_NE(NULL, text);
	scan_init(&scan, 0, USER_END, 0);
	ASSERT_EQ(0, records_read(self->fd, &scan, 65536, &recs));
	for_each_record(rec, &recs)
	{
		struct leaf leaf = leaf_of((const void *)rec);

		sums[leaf.state] += leaf.pages * PAGE_BYTES;
	}
	for (i = 0; i < VMSCOPE_NR_STATES; i++)
		EXPECT_EQ(sums[i], summary_sum(text, state_name(i)));
	records_free(&recs);
	free(text);
}

TEST_F(texts, summary_says_whose_it_is)
{
	char *text = read_view(self->target.pid, "summary", 4096), want[64];

	ASSERT_NE(NULL, text);
	snprintf(want, sizeof(want), "\npid %d\ncomm mkmap\n",
		 self->target.pid);
	EXPECT_NE(NULL, strstr(text, want));
	free(text);
}

TEST_F(texts, small_reads_give_the_same_text)
{
	static const size_t steps[] = { 1, 7, 100, 4095, 65536 };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *want = read_view(self->target.pid, views[i], 1 << 20);

		ASSERT_NE(NULL, want);
		for (j = 0; j < ARRAY_SIZE(steps); j++) {
			char *text;

			/* a million system calls would prove no more */
			if (strlen(want) / steps[j] > 20000)
				continue;
			text = read_view(self->target.pid, views[i], steps[j]);
			ASSERT_NE(NULL, text);
			EXPECT_EQ(0, strcmp(want, text))
			{
				TH_LOG("%s by %zu bytes", views[i], steps[j]);
			}
			free(text);
		}
		free(want);
	}
}

TEST_F(texts, reading_anywhere_gives_the_same_text)
{
	size_t i, j;

	srandom(3);
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *want = read_view(self->target.pid, views[i], 65536);
		char path[64], part[300];
		int fd;

		ASSERT_NE(NULL, want);
		fd = open(view_path(path, sizeof(path), self->target.pid,
				    views[i]),
			  O_RDONLY | O_CLOEXEC);
		for (j = 0; j < 20; j++) {
			size_t at = random() % strlen(want);
			ssize_t n = pread(fd, part, sizeof(part), at);

			ASSERT_LT(0, n);
			EXPECT_EQ(0, memcmp(want + at, part, n))
			{
				TH_LOG("%s at %zu", views[i], at);
			}
		}
		EXPECT_EQ(0, pread(fd, part, sizeof(part), strlen(want)));
		EXPECT_EQ(0, lseek(fd, 0, SEEK_SET));
		ASSERT_LT(0, read(fd, part, 3));
		EXPECT_EQ(0, memcmp(want, part, 3));
		close(fd);
		free(want);
	}
}

/* Who is attached */

static bool listed(pid_t pid, const char *state)
{
	int fd = open(ROOT "attach", O_RDONLY | O_CLOEXEC);
	char *text = read_text(fd, 4096), line[64];
	bool found;

	snprintf(line, sizeof(line), "\n%d %s ", pid, state);
	found = text && strstr(text, line);
	free(text);
	close(fd);
	return found;
}

TEST_F(attached, has_its_files)
{
	size_t i;

	EXPECT_EQ(true, listed(self->pid, "alive"));
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *text = read_view(self->pid, views[i], 65536);

		EXPECT_NE(NULL, text);
		free(text);
	}
}

TEST_F(attached, twice_is_eexist)
{
	EXPECT_EQ(EEXIST, control("attach", self->pid));
	EXPECT_EQ(true, listed(self->pid, "alive"));
}

TEST_F(attached, detached_is_gone)
{
	char path[64];

	EXPECT_EQ(0, control("detach", self->pid));
	EXPECT_EQ(false, listed(self->pid, "alive"));
	EXPECT_EQ(-1, access(view_path(path, sizeof(path), self->pid, "map"),
			     F_OK));
	EXPECT_EQ(ENOENT, control("detach", self->pid));
}

TEST_F(attached, detached_while_open_reads_an_error)
{
	char path[64], byte;
	int fd = open(view_path(path, sizeof(path), self->pid, "map"),
		      O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(0, control("detach", self->pid));
	EXPECT_EQ(-1, pread(fd, &byte, 1, 0));
	EXPECT_EQ(EIO, errno);
	close(fd);
}

TEST_F(attached, exit_is_esrch)
{
	size_t i;

	kill_child(self->pid);
	EXPECT_EQ(true, listed(self->pid, "gone"));
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		EXPECT_EQ(NULL, read_view(self->pid, views[i], 4096));
		EXPECT_EQ(ESRCH, errno);
	}
}

TEST_F(attached, exit_while_open_is_esrch)
{
	char path[64];
	int fd = open(view_path(path, sizeof(path), self->pid, "map"),
		      O_RDONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	kill_child(self->pid);
	EXPECT_EQ(NULL, read_text(fd, 4096));
	EXPECT_EQ(ESRCH, errno);
	close(fd);
}

/* A process with a PID of our choice. */
static pid_t child_with_pid(pid_t pid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = address(&pid),
		.set_tid_size = 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return child;
}

TEST_F(attached, pid_used_again_is_attached_anew)
{
	char *text;

	kill_child(self->pid);
	ASSERT_EQ(self->pid, child_with_pid(self->pid));
	EXPECT_EQ(NULL, read_view(self->pid, "map", 4096));
	EXPECT_EQ(ESRCH, errno);
	EXPECT_EQ(0, control("attach", self->pid));
	EXPECT_EQ(true, listed(self->pid, "alive"));
	text = read_view(self->pid, "map", 65536);
	ASSERT_NE(NULL, text);
	EXPECT_LT(3, nr_lines(text));
	free(text);
}

static int control_error(const char *file, const char *text)
{
	return write_control(file, text, strlen(text));
}

TEST(attach_garbage_is_einval)
{
	static const char *const garbage[] = {
		"abc",
		"1x",
		"x1",
		"-1",
		"0",
		"0x1",
		"1 2",
		"1\n2",
		"\n",
		" \n",
		"2147483648",
		"99999999999",
		"18446744073709551617",
		"1.5",
		"\xff",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(garbage); i++) {
		EXPECT_EQ(EINVAL, control_error("attach", garbage[i]))
		{
			TH_LOG("'%s'", garbage[i]);
		}
		EXPECT_EQ(EINVAL, control_error("detach", garbage[i]));
	}
	EXPECT_EQ(EINVAL, write_control("attach", "1\0", 2));
}

TEST(attach_overlong_is_einval)
{
	static char text[70000];

	memset(text, '1', sizeof(text));
	EXPECT_EQ(EINVAL, write_control("attach", text, sizeof(text)));
	EXPECT_EQ(EINVAL, write_control("attach", text, 16));
	memset(text, ' ', sizeof(text));
	EXPECT_EQ(EINVAL, write_control("attach", text, 4096));
}

TEST(attach_bad_buffer_is_efault)
{
	int fd = open(ROOT "attach", O_WRONLY | O_CLOEXEC);

	EXPECT_EQ(-1, syscall(SYS_write, fd, 1, 4));
	EXPECT_EQ(EFAULT, errno);
	close(fd);
}

TEST(attach_nobody_is_esrch)
{
	EXPECT_EQ(ESRCH, control("attach", 0x7fffffff));
}

TEST(attach_zombie_is_esrch)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	EXPECT_EQ(ESRCH, control("attach", pid));
	waitpid(pid, NULL, 0);
}

TEST(attach_kernel_thread_is_enodata)
{
	EXPECT_EQ(ENODATA, control("attach", 2));
}

/* A child that executes sleep when it is let go. */
static pid_t child_that_executes(int *go)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		close(ends[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (read(ends[0], &byte, 1) == 1)
			execl("/bin/sleep", "sleep", "100", NULL);
		_exit(127);
	}
	close(ends[0]);
	*go = ends[1];
	return pid;
}

static bool view_has(pid_t pid, const char *view, const char *text)
{
	char *found = read_view(pid, view, 65536);
	bool has = found && strstr(found, text);

	free(found);
	return has;
}

TEST(directory_follows_its_process_through_exec)
{
	char path[64], byte = 0;
	int go, fd;
	pid_t pid = child_that_executes(&go);

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, control("attach", pid));
	fd = open(view_path(path, sizeof(path), pid, "map"),
		  O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, write(go, &byte, 1));
	/* the new address space is there before the program is in it */
	while (!view_has(pid, "map", "/sleep")) {
		ASSERT_EQ(false, process_exited(pid));
		usleep(1000);
	}
	EXPECT_EQ(true, listed(pid, "alive"));
	EXPECT_EQ(true, view_has(pid, "summary", "\ncomm sleep\n"));
	EXPECT_EQ(EEXIST, control("attach", pid));
	/* what was open stays with the memory that it opened */
	EXPECT_EQ(NULL, read_text(fd, 4096));
	EXPECT_EQ(ESRCH, errno);
	close(fd);
	close(go);
	control("detach", pid);
	kill_child(pid);
}

/* What people type: the shell's child executes while it is attached. */
TEST(attach_of_a_child_of_the_shell_shows_its_program)
{
	int i;

	for (i = 0; i < 20; i++)
		ASSERT_EQ(0, system("cd " ROOT " && { sleep 99 & p=$!; "
				    "echo $p > attach && cat $p/tables && "
				    "echo $p > detach; s=$?; kill $p; "
				    "exit $s; } > /dev/null"));
}

TEST_F(attached, blanks_around_the_pid_are_taken)
{
	char text[32];

	snprintf(text, sizeof(text), " \t%d \n\n", self->pid);
	EXPECT_EQ(0, write_control("detach", text, strlen(text)));
	EXPECT_EQ(0, write_control("attach", text, strlen(text)));
	EXPECT_EQ(true, listed(self->pid, "alive"));
}

/* The errno of the last one's attach; 0 if one before it fails. */
static int attach_too_many(pid_t pids[MAX_TARGETS + 1])
{
	int err = 0, i;

	for (i = 0; i <= MAX_TARGETS; i++)
		pids[i] = sleeping_child();
	for (i = 0; i <= MAX_TARGETS && !err; i++)
		err = control("attach", pids[i]);
	return i > MAX_TARGETS ? err : 0;
}

TEST(dead_targets_make_room)
{
	pid_t pids[MAX_TARGETS + 1];
	int i;

	ASSERT_EQ(EMFILE, attach_too_many(pids));
	kill_child(pids[0]);
	kill_child(pids[1]);
	EXPECT_EQ(0, control("attach", pids[MAX_TARGETS]));
	EXPECT_EQ(false, listed(pids[0], "gone"));
	for (i = 1; i <= MAX_TARGETS; i++) {
		control("detach", pids[i]);
		if (i > 1)
			kill_child(pids[i]);
	}
}

TEST(attach_of_one_too_many_is_emfile)
{
	pid_t pids[MAX_TARGETS + 1];
	int i;

	ASSERT_EQ(EMFILE, attach_too_many(pids));
	EXPECT_EQ(EEXIST, control("attach", pids[0]));
	/* what is gone makes room when it is let go */
	EXPECT_EQ(0, control("detach", pids[0]));
	EXPECT_EQ(0, control("attach", pids[MAX_TARGETS]));
	for (i = 0; i <= MAX_TARGETS; i++) {
		control("detach", pids[i]);
		kill_child(pids[i]);
	}
}

/* In another PID namespace */

static int in_namespace(int (*fn)(void *arg), void *arg)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		if (unshare(CLONE_NEWPID))
			_exit(255);
		pid = fork();
		if (!pid)
			_exit(fn(arg));
		waitpid(pid, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 254);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 254;
}

/* Lists as seen from inside: the machine's PID of ours, 0 if it is not there. */
static pid_t listed_as(pid_t here)
{
	FILE *list = fopen(ROOT "attach", "re");
	char line[128];
	int pid, own, found = 0;

	while (list && fgets(line, sizeof(line), list))
		if (sscanf(line, "%d alive %d", &pid, &own) == 2 && own == here)
			found = pid;
	if (list)
		fclose(list);
	return found;
}

/* PID 1 is the child itself, and a directory 1/ would be init's. */
static int attach_ourselves(void *arg)
{
	pid_t machine;

	(void)arg;
	if (getpid() != 1)
		return 1;
	if (control("attach", 1))
		return 2;
	machine = listed_as(1);
	if (machine <= 1)
		return 3;
	if (!view_has(machine, "summary", "\ncomm debugfs\n"))
		return 4;
	if (control("attach", 1) != EEXIST)
		return 5;
	if (control("detach", machine) != ENOENT)
		return 6;
	return control("detach", 1) ? 7 : 0;
}

TEST(pid_of_another_namespace_names_no_other_process)
{
	int ret;

	ASSERT_EQ(0, control("attach", 1));
	ret = in_namespace(attach_ourselves, NULL);
	EXPECT_EQ(true, view_has(1, "summary", "\npid 1\n"));
	EXPECT_EQ(0, control("detach", 1));
	if (ret == 255)
		SKIP(return, "the kernel has no PID namespaces");
	EXPECT_EQ(0, ret);
}

/* Names that somebody else chose */

/* What is behind a name as it is shown; the length of it. */
static size_t unescape(const char *shown, char *name)
{
	size_t nr = 0;

	while (*shown && *shown != '\n') {
		if (*shown != '\\') {
			name[nr++] = *shown++;
			continue;
		}
		name[nr++] =
			strtoul((char[]){ shown[1], shown[2], shown[3], '\0' },
				NULL, 8);
		shown += 4;
	}
	name[nr] = '\0';
	return nr;
}

TEST(names_reach_a_terminal_as_text_alone)
{
	static const char path[] = "/tmp/a\x1b[31m\a\n\\b\x7f \xc2\x9b\xc3\xa9"
				   "\xe2\x82\xac\xf0\x9f\x98\x80\xff\xc0\xaf"
				   "\xed\xa0\x80\xe2\x82";
	static const char shown[] = "/a\\033[31m\\007\\012\\134b\\177 "
				    "\\302\\233\xc3\xa9\xe2\x82\xac"
				    "\xf0\x9f\x98\x80\\377\\300\\257"
				    "\\355\\240\\200\\342\\202\n";
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char *text, *found, name[128];
	void *map;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, PAGE_BYTES));
	map = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, map);
	text = read_view(0, "map", 65536);
	ASSERT_NE(NULL, text);
	found = strstr(text, shown);
	EXPECT_NE(NULL, found);
	if (found) {
		unescape(found, name);
		EXPECT_STREQ(path + strlen("/tmp"), name);
	}
	free(text);
	munmap(map, PAGE_BYTES);
	unlink(path);
	close(fd);
}

TEST(comm_reaches_a_terminal_as_text_alone)
{
	prctl(PR_SET_NAME, "a\nb\x1b[31m");
	EXPECT_EQ(true, view_has(0, "summary", "\ncomm a\\012b\\033[31m\n"));
}

/* Who may look */

static unsigned int mode_of(const char *path)
{
	struct stat stat;

	return fstatat(AT_FDCWD, path, &stat, 0) ? 0 : stat.st_mode & 07777;
}

TEST_F(attached, files_are_for_root_alone)
{
	char path[64];
	size_t i;

	EXPECT_EQ(0600, mode_of(ROOT "attach"));
	EXPECT_EQ(0200, mode_of(ROOT "detach") & ~0400);
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		EXPECT_EQ(0400,
			  mode_of(view_path(path, sizeof(path), 0, views[i])));
		EXPECT_EQ(0400, mode_of(view_path(path, sizeof(path), self->pid,
						  views[i])));
	}
}

TEST(without_sys_admin_nothing_opens)
{
	cap_drop(CAP_SYS_ADMIN);
	EXPECT_EQ(NULL, read_view(0, "map", 4096));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(EPERM, control("attach", getppid()));
	EXPECT_EQ(EPERM, control("detach", getppid()));
}

TEST_F(attached, without_sys_ptrace_others_are_eperm)
{
	size_t i;

	cap_drop(CAP_SYS_PTRACE);
	EXPECT_EQ(EPERM, control("attach", getppid()));
	for (i = 0; i < ARRAY_SIZE(views); i++) {
		char *own = read_view(0, views[i], 65536);

		EXPECT_EQ(NULL, read_view(self->pid, views[i], 4096));
		EXPECT_EQ(EPERM, errno);
		EXPECT_NE(NULL, own);
		free(own);
	}
}

/* Text that is left from an earlier read is no way around it. */
TEST_F(attached, file_handed_on_is_eperm_without_sys_ptrace)
{
	char path[64], byte;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(views); i++) {
		int fd =
			open(view_path(path, sizeof(path), self->pid, views[i]),
			     O_RDONLY | O_CLOEXEC);
		pid_t pid;
		int status;

		ASSERT_LE(0, fd);
		ASSERT_EQ(1, read(fd, &byte, 1));
		pid = fork();
		if (!pid) {
			cap_drop(CAP_SYS_PTRACE);
			_exit(read(fd, &byte, 1) < 0 ? errno : 0);
		}
		waitpid(pid, &status, 0);
		EXPECT_EQ(EPERM, WEXITSTATUS(status));
		EXPECT_EQ(1, read(fd, &byte, 1));
		close(fd);
	}
}

static int list_errno(int cap)
{
	int fd = open(ROOT "attach", O_RDONLY | O_CLOEXEC), status;
	char byte;
	pid_t pid = fork();

	if (!pid) {
		cap_drop(cap);
		_exit(read(fd, &byte, 1) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	close(fd);
	return WEXITSTATUS(status);
}

static int list_open_errno(int cap)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		cap_drop(cap);
		_exit(open(ROOT "attach", O_RDONLY) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST(list_of_targets_is_for_who_may_see_them)
{
	EXPECT_EQ(EACCES, list_open_errno(CAP_SYS_ADMIN));
	EXPECT_EQ(EPERM, list_open_errno(CAP_SYS_PTRACE));
	EXPECT_EQ(EPERM, list_errno(CAP_SYS_ADMIN));
	EXPECT_EQ(EPERM, list_errno(CAP_SYS_PTRACE));
}

TEST_HARNESS_MAIN
