// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the tool what an access will do, does it, and compares: the signal and
 * its code, the faults that the kernel counts for the thread, and the entry
 * that it leaves, as pagemap and kpageflags have it.
 */
#include "access.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "procfs.h"
#include "toolrow.h"

/* Newer than the headers of the oldest release that this is built on. */
#ifndef SEGV_PKUERR
#define SEGV_PKUERR 4
#endif

/* What the tool said last. */
char access_words[256];

const char *const access_names[] = { "read", "write", "exec", "exec" };

struct attempt {
	char *addr;
	int access;
	volatile int signal;
	volatile int code; /* si_code of the signal */
	volatile bool go;
	volatile bool ended;
	/* what the thread has had of them: before, then while it ran */
	volatile long minor;
	volatile long major;
};

static __thread sigjmp_buf back;
static __thread struct attempt *trying;

static void caught(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (!trying)
		_exit(99);
	trying->signal = signal;
	trying->code = info->si_code;
	siglongjmp(back, 1);
}

/* From here on, accesses that get a signal go on. */
void access_catch(void)
{
	const struct sigaction action = {
		.sa_sigaction = caught,
		.sa_flags = SA_NODEFER | SA_SIGINFO,
	};

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* The write changes nothing, because the memory may be this program's own. */
static void do_access(const struct attempt *try)
{
	switch (try->access) {
	case READ:
		(void)*(volatile char *)try->addr;
		break;
	case WRITE:
		asm volatile("lock orb $0, %0" : "+m"(*try->addr));
		break;
	default:
		((void (*)(void))try->addr)();
		break;
	}
}

static void count_faults(struct attempt *try)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	try->minor = usage.ru_minflt - try->minor;
	try->major = usage.ru_majflt - try->major;
}

/* Everything but the access itself is done once before, so it does not fault. */
static void *access_once(void *arg)
{
	struct attempt *try = arg;
	struct attempt warm = { .addr = (char *)&warm };

	count_faults(&warm);
	for (warm.access = READ; warm.access <= WRITE; warm.access++)
		do_access(&warm);
	while (!try->go)
		usleep(1000);
	trying = try;
	if (!sigsetjmp(back, 1)) {
		count_faults(try);
		do_access(try);
	}
	count_faults(try);
	trying = NULL;
	try->ended = true;
	return NULL;
}

/* Other descriptors keep a mapping's memory, and have nothing to say. */
static bool is_userfaultfd(int fd)
{
	char path[32], name[32] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name) - 1) > 0 &&
	       !strcmp(name, "anon_inode:[userfaultfd]");
}

/*
 * A thread that waits has sent a message, and goes on when nobody can answer
 * it. Without a message, it has as long as a busy machine needs.
 */
static int try_access(struct attempt *try, pthread_t thread, int *uffd)
{
	bool answered = uffd && is_userfaultfd(*uffd);
	struct pollfd answers = { .fd = answered ? *uffd : -1,
				  .events = POLLIN };
	bool waits = false;

	try->go = true;
	for (int i = 0; i < 30000 && !try->ended && !waits; i++)
		waits = poll(&answers, 1, 1) > 0 && answers.revents & POLLIN;
	if (waits) {
		close(*uffd);
		*uffd = -1;
	}
	pthread_join(thread, NULL);
	return waits ? WAITS : try->signal;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool is_zeroed(const char *addr)
{
	static const char zeros[4096];

	addr = (const char *)(address(addr) & ~(PAGE_BYTES - 1));
	return !memcmp(addr, zeros, sizeof(zeros));
}

/* The entry that each kind of fault leaves. */
static bool is_entry_of(const char *words, const char *addr, __u64 before)
{
	__u64 after = pagemap_self(addr), pfn = after & PM_PFN_MASK;
	bool file = after & PM_FILE, zero = page_flags(pfn) & KPF(ZERO_PAGE);
	bool same = before & PM_PRESENT && (before & PM_PFN_MASK) == pfn;

	if (!(after & PM_PRESENT))
		return false;
	if (strstr(words, "zero page"))
		return zero;
	if (strstr(words, "new zeroed"))
		return (!file || page_flags(pfn) & KPF(HUGE)) && !zero &&
		       is_zeroed(addr);
	if (strstr(words, "copy on write") || strstr(words, "then copy"))
		return !file && !zero && !same;
	if (strstr(words, "page cache") || strstr(words, "page-cache") ||
	    strstr(words, "read file"))
		return file;
	if (strstr(words, "write-notify"))
		return same;
	return true;
}

/* If the protection key refuses the access, too, the code names that. */
static bool is_code_of_key(const char *words, const struct attempt *try)
{
	return begins(words, "SIGSEGV (no permission") &&
	       try->code == SEGV_PKUERR &&
	       area_sum(try->addr, SMAPS_PROTECTION_KEY) > 0;
}

static bool is_code_of(const char *words, const struct attempt *try)
{
	static const struct {
		const char *words;
		int code;
	} codes[] = {
		{ "SIGSEGV (no area", SEGV_MAPERR },
		{ "SIGSEGV (no permission", SEGV_ACCERR },
		{ "SIGSEGV (protection key", SEGV_PKUERR },
		{ "SIGBUS (past", BUS_ADRERR },
		{ "SIGBUS (no huge", BUS_ADRERR },
		{ "SIGBUS (hwpoison", BUS_MCEERR_AR },
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (begins(words, codes[i].words))
			return try->code == codes[i].code ||
			       is_code_of_key(words, try);
	return true;
}

/* An unsure forecast allows two results. */
static bool is_so(const char *words, const struct attempt *try, int outcome,
		  __u64 before)
{
	if (begins(words, "waits for userfaultfd"))
		return outcome == WAITS;
	if (begins(words, "cannot tell (userfaultfd"))
		return outcome == WAITS || outcome == SIGBUS ||
		       outcome == GOES_ON;
	if (begins(words, "cannot tell (protection key"))
		return outcome == GOES_ON ||
		       (outcome == SIGSEGV && try->code == SEGV_PKUERR);
	if (begins(words, "cannot tell (driver") ||
	    begins(words, "cannot tell (huge pages") ||
	    begins(words, "cannot tell (no space") ||
	    begins(words, "cannot tell (protected file"))
		return outcome == SIGBUS || outcome == GOES_ON;
	if (begins(words, "cannot tell (stack limit"))
		return outcome == SIGSEGV || outcome == GOES_ON;
	if (begins(words, "SIG"))
		return outcome ==
			       (begins(words, "SIGSEGV") ? SIGSEGV : SIGBUS) &&
		       is_code_of(words, try);
	if (outcome != GOES_ON)
		return false;
	if (!strcmp(words, "ok"))
		return !try->minor && !try->major;
	if (!strcmp(words, "stack grows"))
		return try->minor;
	if (strstr(words, "(likely)"))
		return try->minor || try->major;
	if (begins(words, "minor: "))
		return try->minor && !try->major &&
		       is_entry_of(words, try->addr, before);
	return begins(words, "major: ") && try->major &&
	       is_entry_of(words, try->addr, before);
}

/* What the tool says of an access, valid as textf(). */
const char *access_said(const char *addr, int access)
{
	const char *words = tool_text(access_names[access],
				      "explain %d %llx -o state,%s", getpid(),
				      address(addr), access_names[access]);

	return words[0] ? words : "nothing";
}

/* Executable memory that may not be our code is not run. */
static bool may_try(const char *words, const char *addr, int access)
{
	return access != EXEC || begins(words, "SIG") ||
	       (!strcmp(words, "ok") && *(const unsigned char *)addr == RET);
}

/*
 * Returns how the access ended, or NOT_AS_SAID. Where a userfaultfd may have to
 * answer, @uffd is its descriptor, which is closed if the access waits for it;
 * otherwise it is NULL. The thread is there before the tool is asked: its stack
 * is an area, too.
 */
int access_check(const char *kind, char *addr, int access, int *uffd)
{
	struct attempt try = { .addr = addr, .access = access };
	__u64 before = is_kernel(address(addr)) ? 0 : pagemap_self(addr);
	char *words = access_words;
	pthread_t thread;
	int outcome;

	pthread_create(&thread, NULL, access_once, &try);
	snprintf(words, sizeof(access_words), "%s", access_said(addr, access));
	if (!may_try(words, addr, access)) {
		try.addr = (char *)&try;
		try.access = READ;
		return try_access(&try, thread, uffd);
	}
	outcome = try_access(&try, thread, uffd);
	if (is_so(words, &try, outcome, before))
		return outcome;
	note("%s at %p: %s is said to be \"%s\", it ended with %d (code %d), faults %ld minor, %ld major, entry %llx then %llx\n",
	     kind, addr, access_names[access], words, outcome, try.code,
	     try.minor, try.major, before,
	     is_kernel(address(addr)) ? 0 : pagemap_self(addr));
	return NOT_AS_SAID;
}

/* Whether the tool says @said, and whether it is so. */
bool access_is(const char *kind, char *addr, int access, const char *said)
{
	int outcome = access_check(kind, addr, access, NULL);

	if (strcmp(said, access_words))
		note("%s: %s is said to be \"%s\", not \"%s\"\n", kind,
		     access_names[access], access_words, said);
	return outcome != NOT_AS_SAID && !strcmp(said, access_words);
}

void disk_remove(void)
{
	umount2(DISK, MNT_DETACH);
	rmdir(DISK);
	unlink(DISK ".image");
}

/* Others cannot drop any page. False if it cannot be had. */
bool disk_make(void)
{
	int status;

	mkdir(DISK, 0700);
	status = system("exec >/dev/null 2>&1; modprobe loop; "
			"truncate -s 8M " DISK ".image && "
			"mkfs.ext4 -q -b 1024 " DISK ".image && "
			"mount -o loop " DISK ".image " DISK);
	if (status)
		disk_remove();
	return !status;
}
