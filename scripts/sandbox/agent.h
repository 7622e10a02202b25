/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frames between the host's and the guest's side of agent.
 */
#ifndef _VMSCOPE_AGENT_H
#define _VMSCOPE_AGENT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum frame_type {
	F_STDIN = 1, /* host to guest: input; no bytes: end of file */
	F_STDIN_ACK, /* guest to host: le32, so many bytes were consumed */
	F_STDOUT,
	F_STDERR,
	F_EXIT, /* guest to host: le32 exit status of the command */
	F_FAIL, /* guest to host: the run failed, why in words */
	F_WINSIZE, /* host to guest: rows, columns as le16 */
	F_REQUEST, /* guest to host: one line, see host_request() */
	F_REPLY, /* host to guest: one line */
};

#define HEADER 8
#define CHUNK 32768
#define STDIN_WINDOW (256 * 1024)

/* Written to the kernel log when all is over: what was logged before is there. */
#define END_MARK "vmscope-vm: end of run"

struct frame {
	enum frame_type type;
	uint32_t len;
	unsigned char data[CHUNK + 1];
};

/* Bytes that came in and are no whole frame yet. */
struct input {
	unsigned char buf[2 * (HEADER + CHUNK)];
	size_t len;
};

/* They interrupt the host's writes. */
extern volatile sig_atomic_t got_alarm, got_term;

void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);
void set_nonblock(int fd);
void put32(unsigned char *p, uint32_t v);
uint32_t get32(const unsigned char *p);
int write_all(int fd, const void *data, size_t len);
ssize_t input_read(struct input *in, int fd);
int input_frame(struct input *in, struct frame *f);
size_t frame_pack(unsigned char *to, enum frame_type type, const void *data,
		  size_t len);

int guest_main(char **args);
int host_main(char **args);

#endif /* _VMSCOPE_AGENT_H */
