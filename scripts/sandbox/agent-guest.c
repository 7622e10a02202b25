// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's side of agent: its first process, which runs the command.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const char request_fifo[] = "/run/vmscope/request";
static const char reply_fifo[] = "/run/vmscope/reply";

static int port = -1;
static struct input port_in;
static int child_stdin = -1;
static int pty_master = -1;
static int signal_fd;

static unsigned char stdin_buf[STDIN_WINDOW];
static size_t stdin_len;
static int stdin_eof;

static void send_frame(enum frame_type type, const void *data, size_t len)
{
	static unsigned char buf[HEADER + CHUNK];

	if (write_all(port, buf, frame_pack(buf, type, data, len)))
		reboot(RB_POWER_OFF);
}

static void send32(enum frame_type type, uint32_t v)
{
	unsigned char buf[4];

	put32(buf, v);
	send_frame(type, buf, 4);
}

static void __attribute__((noreturn)) guest_end(void)
{
	int fd = open("/dev/kmsg", O_WRONLY);

	if (fd >= 0)
		write_all(fd, "<1>" END_MARK "\n", strlen("<1>" END_MARK "\n"));
	/* The host takes the machine away now. */
	sleep(10);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void __attribute__((noreturn, format(printf, 1, 2)))
guest_fail(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	send_frame(F_FAIL, text, strlen(text));
	guest_end();
}

static void open_tty(const char *path)
{
	struct termios raw;

	port = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (port < 0 || tcgetattr(port, &raw))
		die("%s: %s", path, strerror(errno));
	cfmakeraw(&raw);
	tcsetattr(port, TCSANOW, &raw);
}

static void open_port(void)
{
	for (int tries = 0; tries < 6000; tries++) {
		DIR *dir = opendir("/dev");
		struct dirent *e;

		while (dir && (e = readdir(dir))) {
			char path[300];

			if (strncmp(e->d_name, "vport", 5))
				continue;
			snprintf(path, sizeof(path), "/dev/%s", e->d_name);
			port = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
			if (port >= 0)
				break;
		}
		if (dir)
			closedir(dir);
		if (port >= 0)
			return;
		usleep(10000);
	}
	die("no virtio port in the guest");
}

/* Input of the command: as much as it takes now. */
static void feed_child(void)
{
	ssize_t n;

	if (child_stdin < 0)
		return;
	if (stdin_len) {
		n = write(child_stdin, stdin_buf, stdin_len);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) { /* it reads no more: swallow */
			n = stdin_len;
			stdin_eof = 1;
		}
		stdin_len -= n;
		memmove(stdin_buf, stdin_buf + n, stdin_len);
		send32(F_STDIN_ACK, n);
	}
	if (!stdin_len && stdin_eof && child_stdin != pty_master) {
		close(child_stdin);
		child_stdin = -1;
	}
}

static void guest_frame(const struct frame *f)
{
	struct winsize ws = { 0 };
	int fd;

	switch (f->type) {
	case F_STDIN:
		if (!f->len)
			stdin_eof = 1;
		if (stdin_eof && f->len) {
			send32(F_STDIN_ACK, f->len);
			break;
		}
		if (stdin_len + f->len > sizeof(stdin_buf))
			guest_fail("the host sent more input than it may");
		memcpy(stdin_buf + stdin_len, f->data, f->len);
		stdin_len += f->len;
		feed_child();
		break;
	case F_WINSIZE:
		ws.ws_row = f->data[0] | f->data[1] << 8;
		ws.ws_col = f->data[2] | f->data[3] << 8;
		if (pty_master >= 0)
			ioctl(pty_master, TIOCSWINSZ, &ws);
		break;
	case F_REPLY:
		fd = open(reply_fifo, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0) {
			/* Stays open: a FIFO that nobody holds open forgets. */
			static int last = -1;

			write_all(fd, f->data, f->len);
			if (last >= 0)
				close(last);
			last = fd;
		}
		break;
	default:
		break;
	}
}

static void read_port(void)
{
	static struct frame f;

	if (input_read(&port_in, port) == 0)
		return;
	while (input_frame(&port_in, &f))
		guest_frame(&f);
}

/* Sends what is in the pipe now; returns 0 at its end. */
static int pump(int fd, enum frame_type type)
{
	static unsigned char buf[CHUNK];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -1;
	if (n <= 0) /* EIO: the other side of a pty is closed */
		return 0;
	send_frame(type, buf, n);
	return 1;
}

static void pump_request(int fd)
{
	static char line[256];
	static size_t len;
	ssize_t n = read(fd, line + len, sizeof(line) - len);
	char *nl;

	if (n <= 0)
		return;
	len += n;
	while ((nl = memchr(line, '\n', len))) {
		send_frame(F_REQUEST, line, nl - line);
		len -= nl + 1 - line;
		memmove(line, nl + 1, len);
	}
	if (len == sizeof(line))
		len = 0;
}

struct run {
	char **argv;
	const char *dir;
	int tty; /* a terminal of its own */
	int input; /* gets the host's input */
	struct winsize ws;
};

static void __attribute__((noreturn)) run_exec(const struct run *run)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (run->dir && chdir(run->dir))
		fprintf(stderr, "vm: %s: %s\n", run->dir, strerror(errno));
	execvp(run->argv[0], run->argv);
	fprintf(stderr, "vm: %s: %s\n", run->argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

struct child {
	pid_t pid;
	int out;
	int err;
	int ended;
	int status;
};

static void start_on_pty(const struct run *run, struct child *child)
{
	child->pid = forkpty(&pty_master, NULL, NULL, &run->ws);
	if (child->pid < 0)
		guest_fail("no terminal in the guest: %s", strerror(errno));
	if (!child->pid)
		run_exec(run);
	fcntl(pty_master, F_SETFD, FD_CLOEXEC);
	set_nonblock(pty_master);
	child_stdin = pty_master;
	child->out = pty_master;
}

static void start_on_pipes(const struct run *run, struct child *child)
{
	int out[2], err[2], in[2];

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) ||
	    pipe2(in, O_CLOEXEC))
		guest_fail("no pipe in the guest: %s", strerror(errno));
	if (!run->input) {
		close(in[0]);
		in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	child->pid = fork();
	if (child->pid < 0)
		guest_fail("no process in the guest: %s", strerror(errno));
	if (!child->pid) {
		setsid();
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		run_exec(run);
	}
	close(out[1]);
	close(err[1]);
	close(in[0]);
	child->out = out[0];
	child->err = err[0];
	set_nonblock(out[0]);
	set_nonblock(err[0]);
	set_nonblock(in[1]);
	if (run->input)
		child_stdin = in[1];
	else
		close(in[1]);
}

static void reap(struct child *child)
{
	struct signalfd_siginfo si;
	pid_t pid;
	int ws;

	if (read(signal_fd, &si, sizeof(si)) < 0)
		return;
	while ((pid = waitpid(-1, &ws, WNOHANG)) > 0) {
		if (pid != child->pid)
			continue;
		child->ended = 1;
		child->status = WIFSIGNALED(ws) ? 128 + WTERMSIG(ws) :
						  WEXITSTATUS(ws);
	}
}

static void close_output(int *fd)
{
	if (*fd >= 0 && *fd != pty_master)
		close(*fd);
	*fd = -1;
}

static void pump_output(int *fd, enum frame_type type)
{
	if (pump(*fd, type) == 0)
		close_output(fd);
}

static void serve(struct child *child, int request)
{
	struct pollfd p[] = {
		{ .fd = port, .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = child->out, .events = POLLIN },
		{ .fd = child->err, .events = POLLIN },
		{ .fd = stdin_len ? child_stdin : -1, .events = POLLOUT },
		{ .fd = request, .events = POLLIN },
	};

	if (poll(p, 6, -1) < 0)
		return;
	if (p[0].revents)
		read_port();
	if (p[1].revents)
		reap(child);
	if (p[2].revents)
		pump_output(&child->out, F_STDOUT);
	if (p[3].revents)
		pump_output(&child->err, F_STDERR);
	if (p[4].revents)
		feed_child();
	if (p[5].revents)
		pump_request(request);
}

static void drain(struct child *child)
{
	while (child->out >= 0 && pump(child->out, F_STDOUT) > 0)
		;
	while (child->err >= 0 && pump(child->err, F_STDERR) > 0)
		;
	if (child_stdin >= 0 && child_stdin != pty_master)
		close(child_stdin);
	child_stdin = -1;
	close_output(&child->out);
	close_output(&child->err);
	if (pty_master >= 0)
		close(pty_master);
	pty_master = -1;
}

/* Runs a command to its end and returns its status as a shell would. */
static int guest_run(const struct run *run, int request)
{
	struct child child = { .out = -1, .err = -1 };

	if (run->tty)
		start_on_pty(run, &child);
	else
		start_on_pipes(run, &child);
	feed_child();
	while (!child.ended)
		serve(&child, request);
	drain(&child);
	return child.status;
}

/* The sandbox's own @path, where there is one: what @fails if it does. */
static void guest_script(const char *path, const char *fails)
{
	char *argv[] = { (char *)path, NULL };
	struct run run = { .argv = argv, .dir = "/" };
	int status = path ? guest_run(&run, -1) : 0;

	if (status)
		guest_fail("%s (status %d)", fails, status);
}

/* A file of NUL-terminated words. */
static char **read_words(const char *path)
{
	static char buf[256 * 1024];
	static char *words[8192];
	size_t n = 0, i = 0, len;
	FILE *f = fopen(path, "r");

	if (!f)
		guest_fail("cannot read %s: %s", path, strerror(errno));
	len = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	while (i < len && n < 8191) {
		words[n++] = buf + i;
		i += strlen(buf + i) + 1;
	}
	if (!n)
		guest_fail("no command in %s", path);
	return words;
}

struct guest {
	const char *port;
	const char *setup;
	const char *finish;
	const char *argv_file;
	struct run run;
};

static void guest_options(struct guest *guest, char **args)
{
	for (; *args; args++) {
		if (!strcmp(*args, "--tty")) {
			guest->run.tty = 1;
			continue;
		}
		if (!args[1])
			die("%s needs an argument", *args);
		if (!strcmp(*args, "--port"))
			guest->port = *++args;
		else if (!strcmp(*args, "--setup"))
			guest->setup = *++args;
		else if (!strcmp(*args, "--finish"))
			guest->finish = *++args;
		else if (!strcmp(*args, "--argv"))
			guest->argv_file = *++args;
		else if (!strcmp(*args, "--chdir"))
			guest->run.dir = *++args;
		else if (!strcmp(*args, "--size"))
			sscanf(*++args, "%hux%hu", &guest->run.ws.ws_row,
			       &guest->run.ws.ws_col);
	}
}

static void take_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int guest_main(char **args)
{
	struct guest guest = { .run = { .dir = "/root", .input = 1 } };
	int status, request;

	guest_options(&guest, args);
	take_signals();
	if (guest.port)
		open_tty(guest.port);
	else
		open_port();
	guest_script(guest.setup, "the guest could not be set up");

	mkfifo(request_fifo, 0600);
	mkfifo(reply_fifo, 0600);
	request = open(request_fifo, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	guest.run.argv = read_words(guest.argv_file);
	status = guest_run(&guest.run, request);

	/* What the command left running must not keep the module busy. */
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	guest_script(guest.finish, "the checks at the end of the run failed");
	send32(F_EXIT, status);
	guest_end();
}
