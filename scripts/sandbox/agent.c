// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent - carries a command's input, output and exit status between
 * scripts/vm and its guest.
 *
 * One program for both ends of a virtio-serial port, or of a terminal that
 * guest's --port names:
 *
 *   agent host OPTION... -- QEMU...   starts QEMU with the port's socket as
 *                                     descriptor 3 and QMP as descriptor 4
 *   agent guest OPTION...             is the guest's first process
 *
 * The stream is made of frames: a type byte, three zero bytes, the length in
 * four little-endian bytes, then that many bytes. What a command wrote is in
 * the stream before its exit status, so nothing is lost when the guest ends.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "vm: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(125);
}

volatile sig_atomic_t got_alarm, got_term;

void set_nonblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = v >> (8 * i);
}

uint32_t get32(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Writes everything, also to a descriptor that does not block. */
int write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd pfd = { .fd = fd, .events = POLLOUT };

			if (poll(&pfd, 1, -1) < 0 &&
			    (errno != EINTR || got_alarm || got_term))
				return -1;
			continue;
		}
		if (n < 0 && errno == EINTR && !got_alarm && !got_term)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/* Returns 0 at end of file, -1 if there is nothing now. */
ssize_t input_read(struct input *in, int fd)
{
	ssize_t n = read(fd, in->buf + in->len, sizeof(in->buf) - in->len);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -1 : 0;
	in->len += n;
	return n;
}

int input_frame(struct input *in, struct frame *f)
{
	if (in->len < HEADER)
		return 0;
	f->type = in->buf[0];
	f->len = get32(in->buf + 4);
	if (f->len > CHUNK)
		die("the stream between host and guest is broken: a frame of %u bytes",
		    f->len);
	if (in->len < HEADER + f->len)
		return 0;
	memcpy(f->data, in->buf + HEADER, f->len);
	f->data[f->len] = 0;
	in->len -= HEADER + f->len;
	memmove(in->buf, in->buf + HEADER + f->len, in->len);
	return 1;
}

size_t frame_pack(unsigned char *to, enum frame_type type, const void *data,
		  size_t len)
{
	memset(to, 0, HEADER);
	to[0] = type;
	put32(to + 4, len);
	memcpy(to + HEADER, data, len);
	return HEADER + len;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "guest"))
		return guest_main(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "host"))
		return host_main(argv + 2);
	die("this is a part of scripts/vm and not meant to be run by hand");
}
