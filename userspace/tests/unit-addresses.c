// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses and symbols in the text of an oops. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/addresses.h"
#include "source/symbols.h"
#include "unit.h"

static int file_of(const char *text, size_t bytes)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	EXPECT(write(fd, text, bytes) == (ssize_t)bytes);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

TEST(addresses_are_picked_out_of_text)
{
	static const uint64_t want[] = {
		0xffffffff81234567, 0xffff888003c01230, 0xffffc90000001f00,
		0xffffffffffffffea, 0xffffffffc0008020,
	};
	static char text[] =
		"[  12.3] RIP: 0010:ffffffff81234567 Code: ff ff 88 80\n"
		"RBP: ffff888003C01230 R8: 0xffffc90000001f00\n"
		"RAX: ffffffffffffffea RBX: 0000000000000000 \xff\xfe\n"
		"<ffffffffc0008020>[<ffffffff81234567>] ffff888003c0123\n"
		"ffff888003c012300 xffff888003c01238 _ffff888003c01238\n"
		"ffff888003c0123g 0xffff888003c012380 abffff888003c01238\n"
		"0Xffff888003c01230 ffff888003c01230_";
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	size_t nr = 0;

	picker->fd = file_of(text, sizeof(text) - 1);
	while (pick_address(picker, &addr)) {
		EXPECT(nr < ARRAY_SIZE(want) && addr == want[nr]);
		nr++;
	}
	EXPECT(nr == ARRAY_SIZE(want) && !picker->full);
	close(picker->fd);
	free(picker);
}

/* A line without an end, and more addresses than any oops has. */
TEST(text_without_end_is_bounded)
{
	enum { MANY = MAX_PICKED + 10 };
	char *text = malloc(MANY * 17 + 1);
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	size_t nr = 0;

	memset(text, 'f', MANY * 17);
	picker->fd = file_of(text, MANY * 17);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	close(picker->fd);
	for (int i = 0; i < MANY; i++)
		sprintf(text + i * 17, "ffff%012x ", i);
	memset(picker, 0, sizeof(*picker));
	picker->fd = file_of(text, MANY * 17);
	while (pick_address(picker, &addr))
		nr++;
	EXPECT(nr == MAX_PICKED && picker->full && picker->ended);
	close(picker->fd);
	free(picker);
	free(text);
}

/* The text after a pause may continue the word before it. */
TEST(text_that_pauses_is_not_waited_for)
{
	static const char before[] = "ffff888003c01230 ffff8880",
			  after[] = "03c01234";
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr = 0;
	int fds[2];

	EXPECT(!pipe(fds));
	picker->fd = fds[0];
	EXPECT(write(fds[1], before, sizeof(before) - 1) > 0);
	EXPECT(pick_address(picker, &addr) && addr == 0xffff888003c01230);
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	EXPECT(write(fds[1], after, sizeof(after) - 1) > 0);
	close(fds[1]);
	EXPECT(pick_address(picker, &addr) && addr == 0xffff888003c01234);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	EXPECT(!picker->error);
	close(fds[0]);
	free(picker);
}

/* Nobody waits, so wait for the end, not for another pause. */
TEST(text_without_addresses_does_not_pause)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	int fds[2];
	pid_t pid;

	EXPECT(!pipe2(fds, O_NONBLOCK));
	EXPECT(write(fds[1], "ffff888003c01230 ", 17) == 17);
	picker->fd = fds[0];
	EXPECT(pick_address(picker, &addr));
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	pid = fork();
	if (!pid) {
		usleep(300000);
		_exit(write(fds[1], "no address ", 11) != 11);
	}
	close(fds[1]);
	EXPECT(!pick_address(picker, &addr) && picker->ended && !picker->error);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	free(picker);
}

/* It is answered nevertheless, after a while. */
TEST(text_that_never_pauses_is_answered)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;
	int fds[2];
	pid_t pid;

	EXPECT(!pipe(fds));
	EXPECT(write(fds[1], "ffff888003c01230 ", 17) == 17);
	pid = fork();
	while (!pid && write(fds[1], "no address ", 11) == 11)
		usleep(10000);
	if (!pid)
		_exit(0);
	picker->fd = fds[0];
	EXPECT(pick_address(picker, &addr));
	EXPECT(!pick_address(picker, &addr) && !picker->ended);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	free(picker);
}

TEST(text_that_cannot_be_read_is_an_error)
{
	struct picker *picker = calloc(1, sizeof(*picker));
	uint64_t addr;

	picker->fd = open("/", O_RDONLY | O_DIRECTORY);
	EXPECT(!pick_address(picker, &addr) && picker->ended);
	EXPECT(picker->error == EISDIR);
	close(picker->fd);
	free(picker);
}

TEST(places_are_picked_by_symbol)
{
	static const char text[] =
		"RIP: 0010:do_one_thing+0x23/0x5fff00 [demo]\n"
		"? do_one_thing+0x24 c+1/2 entry_SYSCALL_64+0x1/0x2\n"
		"do_one_thing+0x24/0x5fff00, ffffffff81200125+0x1/0x2\n"
		"twin+0x1/0x30 twin+0x1/0x31 twin+0x1/0x10";
	static const uint64_t want[] = { 0xffffffff81200123, 0xffffffff81200124,
					 0xffffffff81200125, 0xffffffffc0009001,
					 0xffffffffc0009031 };
	struct picker *picker = calloc(1, sizeof(*picker));
	struct symbols symbols = { 0 };
	uint64_t addr;
	size_t nr = 0;

	picker->fd = file_of(text, sizeof(text) - 1);
	picker->symbols = &symbols;
	while (pick_address(picker, &addr)) {
		EXPECT(nr < ARRAY_SIZE(want) && addr == want[nr]);
		nr++;
	}
	EXPECT(nr == ARRAY_SIZE(want));
	/* c, the entry, and the twin that has neither size */
	EXPECT(picker->lost == 3 && !picker->resized);
	close(picker->fd);
	free(picker);
	symbols_free(&symbols);
}

TEST(places_are_taken_apart)
{
	static const char *const wrong[] = {
		"",	    "+0x10",	 "1abc",       "abc+",	  "abc+0x",
		"abc+0x1/", "abc+x1",	 "abc+0x1/0x", "abc-0x1", "abc+1+2",
		"abc/0x10", "abc+0x1/y", "abc +1",
	};
	struct symbol_place p;

	EXPECT(symbol_parse("commit_creds", &p) && p.len == 12 && !p.offset);
	EXPECT(symbol_parse("commit_creds+0x10", &p) && p.offset == 0x10);
	EXPECT(symbol_parse("f.isra.0+10/0x2f0", &p) && p.len == 8 &&
	       p.offset == 0x10 && p.size == 0x2f0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT(!symbol_parse(wrong[i], &p));
}
