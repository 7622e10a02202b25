// SPDX-License-Identifier: GPL-2.0-only
/*
 * agent - carries a command's input, output and exit status between
 * scripts/vm and its guest.
 *
 * One program for both ends of a virtio-serial port:
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
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

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

static const char request_fifo[] = "/run/vmscope/request";
static const char reply_fifo[] = "/run/vmscope/reply";

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt,
								...)
{
	va_list ap;

	fprintf(stderr, "vm: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(125);
}

static volatile sig_atomic_t got_alarm, got_winch, got_term;

static void set_nonblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = v >> (8 * i);
}

static uint32_t get32(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Writes everything, also to a descriptor that does not block. */
static int write_all(int fd, const void *data, size_t len)
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

/* Returns 0 at end of file, -1 if there is nothing now. */
static ssize_t input_read(struct input *in, int fd)
{
	ssize_t n = read(fd, in->buf + in->len, sizeof(in->buf) - in->len);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -1 : 0;
	in->len += n;
	return n;
}

static int input_frame(struct input *in, struct frame *f)
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

static size_t frame_pack(unsigned char *to, enum frame_type type,
			 const void *data, size_t len)
{
	memset(to, 0, HEADER);
	to[0] = type;
	put32(to + 4, len);
	memcpy(to + HEADER, data, len);
	return HEADER + len;
}

/* ---- the guest's side -------------------------------------------------- */

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

/* Runs a command to its end and returns its status as a shell would. */
static int guest_run(struct run *run, int request)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, in[2] = { -1, -1 };
	int status = 0, ended = 0, nullfd = -1;
	pid_t child;

	if (run->tty) {
		child = forkpty(&pty_master, NULL, NULL, &run->ws);
		if (child < 0)
			guest_fail("no terminal in the guest: %s",
				   strerror(errno));
		if (!child)
			run_exec(run);
		fcntl(pty_master, F_SETFD, FD_CLOEXEC);
		set_nonblock(pty_master);
		child_stdin = pty_master;
		out[0] = pty_master;
	} else {
		if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) ||
		    pipe2(in, O_CLOEXEC))
			guest_fail("no pipe in the guest: %s", strerror(errno));
		if (!run->input)
			nullfd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		child = fork();
		if (child < 0)
			guest_fail("no process in the guest: %s",
				   strerror(errno));
		if (!child) {
			setsid();
			dup2(run->input ? in[0] : nullfd, 0);
			dup2(out[1], 1);
			dup2(err[1], 2);
			run_exec(run);
		}
		close(out[1]);
		close(err[1]);
		close(in[0]);
		if (nullfd >= 0)
			close(nullfd);
		set_nonblock(out[0]);
		set_nonblock(err[0]);
		set_nonblock(in[1]);
		if (run->input)
			child_stdin = in[1];
		else
			close(in[1]);
	}
	feed_child();

	while (!ended) {
		struct pollfd p[] = {
			{ .fd = port, .events = POLLIN },
			{ .fd = signal_fd, .events = POLLIN },
			{ .fd = out[0], .events = POLLIN },
			{ .fd = err[0], .events = POLLIN },
			{ .fd = stdin_len ? child_stdin : -1,
			  .events = POLLOUT },
			{ .fd = request, .events = POLLIN },
		};

		if (poll(p, 6, -1) < 0)
			continue;
		if (p[0].revents)
			read_port();
		if (p[1].revents) {
			struct signalfd_siginfo si;
			int ws;
			pid_t pid;

			if (read(signal_fd, &si, sizeof(si)) < 0)
				continue;
			while ((pid = waitpid(-1, &ws, WNOHANG)) > 0) {
				if (pid != child)
					continue;
				ended = 1;
				status = WIFSIGNALED(ws) ? 128 + WTERMSIG(ws) :
							   WEXITSTATUS(ws);
			}
		}
		if (p[2].revents && pump(out[0], F_STDOUT) == 0) {
			if (out[0] != pty_master)
				close(out[0]);
			out[0] = -1;
		}
		if (p[3].revents && pump(err[0], F_STDERR) == 0) {
			close(err[0]);
			err[0] = -1;
		}
		if (p[4].revents)
			feed_child();
		if (p[5].revents)
			pump_request(request);
	}
	while (out[0] >= 0 && pump(out[0], F_STDOUT) > 0)
		;
	while (err[0] >= 0 && pump(err[0], F_STDERR) > 0)
		;
	if (child_stdin >= 0 && child_stdin != pty_master)
		close(child_stdin);
	child_stdin = -1;
	if (out[0] >= 0 && out[0] != pty_master)
		close(out[0]);
	if (err[0] >= 0)
		close(err[0]);
	if (pty_master >= 0)
		close(pty_master);
	pty_master = -1;
	return status;
}

static int guest_script(const char *path)
{
	char *argv[] = { (char *)path, NULL };
	struct run run = { .argv = argv, .dir = "/" };

	return guest_run(&run, -1);
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

static int guest_main(char **args)
{
	const char *setup = NULL, *finish = NULL, *argv_file = NULL;
	struct run run = { .dir = "/root", .input = 1 };
	int status, request, stop;
	sigset_t set;

	for (; *args; args++) {
		if (!strcmp(*args, "--tty")) {
			run.tty = 1;
			continue;
		}
		if (!args[1])
			die("%s needs an argument", *args);
		if (!strcmp(*args, "--setup"))
			setup = *++args;
		else if (!strcmp(*args, "--finish"))
			finish = *++args;
		else if (!strcmp(*args, "--argv"))
			argv_file = *++args;
		else if (!strcmp(*args, "--chdir"))
			run.dir = *++args;
		else if (!strcmp(*args, "--size"))
			sscanf(*++args, "%hux%hu", &run.ws.ws_row,
			       &run.ws.ws_col);
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	open_port();

	if (setup) {
		status = guest_script(setup);
		if (status)
			guest_fail("the guest could not be set up (status %d)",
				   status);
	}
	mkfifo(request_fifo, 0600);
	mkfifo(reply_fifo, 0600);
	request = open(request_fifo, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	run.argv = read_words(argv_file);

	status = guest_run(&run, request);

	/* What the command left running must not keep the module busy. */
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	if (finish) {
		stop = guest_script(finish);
		if (stop)
			guest_fail(
				"the checks at the end of the run failed (status %d)",
				stop);
	}
	send32(F_EXIT, status);
	guest_end();
}

/* ---- the host's side --------------------------------------------------- */

static void on_signal(int sig)
{
	if (sig == SIGALRM)
		got_alarm = 1;
	else if (sig == SIGWINCH)
		got_winch = 1;
	else
		got_term = sig;
}

static struct termios saved_tty;
static int tty_changed;

static void restore_tty(void)
{
	if (tty_changed)
		tcsetattr(0, TCSADRAIN, &saved_tty);
	tty_changed = 0;
}

static int sock, qmp;
static unsigned char out_buf[STDIN_WINDOW + 64 * 1024];
static size_t out_len;

static void host_flush(void)
{
	ssize_t n;

	if (!out_len)
		return;
	n = write(sock, out_buf, out_len);
	if (n <= 0)
		return;
	out_len -= n;
	memmove(out_buf, out_buf + n, out_len);
}

static void host_send(enum frame_type type, const void *data, size_t len)
{
	if (out_len + HEADER + len > sizeof(out_buf))
		return;
	out_len += frame_pack(out_buf + out_len, type, data, len);
	host_flush();
}

static void host_winsize(void)
{
	unsigned char buf[4];
	struct winsize ws;

	got_winch = 0;
	if (ioctl(0, TIOCGWINSZ, &ws) < 0)
		return;
	buf[0] = ws.ws_row;
	buf[1] = ws.ws_row >> 8;
	buf[2] = ws.ws_col;
	buf[3] = ws.ws_col >> 8;
	host_send(F_WINSIZE, buf, 4);
}

static void qmp_send(const char *line)
{
	write_all(qmp, line, strlen(line));
	write_all(qmp, "\n", 1);
}

static void host_reply(const char *text)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "%.500s\n", text);

	host_send(F_REPLY, line, n);
}

static const char *hotplug_size;

/* What a guest may ask for: its one DIMM slot, nothing else of the host. */
static void host_request(const char *line)
{
	char json[256];
	unsigned int node = 0;

	if (!hotplug_size) {
		host_reply("error: this guest was started without --hotplug");
	} else if (!strcmp(line, "plug") ||
		   sscanf(line, "plug %u", &node) == 1) {
		snprintf(
			json, sizeof(json),
			"{\"execute\":\"object-add\",\"arguments\":{\"qom-type\":\"memory-backend-ram\",\"id\":\"hotmem\",\"size\":%s}}",
			hotplug_size);
		qmp_send(json);
		snprintf(
			json, sizeof(json),
			"{\"execute\":\"device_add\",\"id\":\"plug\",\"arguments\":{\"driver\":\"pc-dimm\",\"id\":\"hotdimm\",\"memdev\":\"hotmem\",\"node\":%u}}",
			node);
		qmp_send(json);
	} else if (!strcmp(line, "unplug")) {
		qmp_send(
			"{\"execute\":\"device_del\",\"id\":\"unplug\",\"arguments\":{\"id\":\"hotdimm\"}}");
	} else {
		host_reply("error: unknown request, use plug [NODE] or unplug");
	}
}

/* The guest's _OST for an ejection: 0 is success, 0x84 that it is under way. */
static int eject_failed(const char *line)
{
	const char *source = strstr(line, "\"source\": "),
		   *status = strstr(line, "\"status\": ");
	int why, how;

	if (!source || !status)
		return 0;
	why = atoi(source + 10);
	how = atoi(status + 10);
	return (why == 3 || why == 0x103) && how && how != 0x84;
}

static void host_qmp_line(const char *line)
{
	const char *desc = strstr(line, "\"desc\": \"");
	char text[300];

	if (strstr(line, "\"event\": \"DEVICE_DELETED\"") &&
	    strstr(line, "\"hotdimm\"")) {
		qmp_send(
			"{\"execute\":\"object-del\",\"arguments\":{\"id\":\"hotmem\"}}");
		host_reply("ok");
	} else if (strstr(line, "\"event\": \"MEM_UNPLUG_ERROR\"") ||
		   strstr(line, "\"event\": \"DEVICE_UNPLUG_GUEST_ERROR\"") ||
		   (strstr(line, "\"event\": \"ACPI_DEVICE_OST\"") &&
		    eject_failed(line))) {
		host_reply("error: the guest would not let go of the memory");
	} else if (strstr(line, "\"id\": \"plug\"") ||
		   strstr(line, "\"id\": \"unplug\"")) {
		if (strstr(line, "\"error\"")) {
			snprintf(text, sizeof(text), "error: %.*s",
				 desc ? (int)strcspn(desc + 9, "\"") : 7,
				 desc ? desc + 9 : "refused");
			host_reply(text);
		} else if (strstr(line, "\"id\": \"plug\"")) {
			host_reply("ok");
		}
	}
}

static void host_qmp(void)
{
	static char buf[16384];
	static size_t len;
	ssize_t n = read(qmp, buf + len, sizeof(buf) - len);
	char *nl;

	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			qmp = -1;
		return;
	}
	len += n;
	while ((nl = memchr(buf, '\n', len))) {
		*nl = 0;
		host_qmp_line(buf);
		len -= nl + 1 - buf;
		memmove(buf, nl + 1, len);
	}
	if (len == sizeof(buf))
		len = 0;
}

/* Is that in the last part of the log? */
static int log_has(const char *path, const char *text)
{
	static char buf[65536];
	FILE *f = path ? fopen(path, "r") : NULL;
	size_t n;

	if (!f)
		return 0;
	if (fseek(f, -(long)(sizeof(buf) - 1), SEEK_END))
		rewind(f);
	n = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	return memmem(buf, n, text, strlen(text)) != NULL;
}

static void sleep_ms(int ms)
{
	struct timespec ts = { .tv_sec = ms / 1000,
			       .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

/*
 * Ends with 0 when the guest ran the command to its end, whatever came of it;
 * how it went is written to the result file: "exit N", "fail WHY", "timeout",
 * "signal N" or "died".
 */
static int host_main(char **args)
{
	const char *result_path = NULL, *log_path = NULL;
	static unsigned char chunk[CHUNK];
	static struct input in;
	static struct frame f;
	char result[CHUNK + 16] = "died";
	int tty = 0, use_stdin = 0, done = 0, stdin_open, s[2], q[2];
	size_t in_flight = 0;
	unsigned int timeout = 0;
	pid_t child;
	FILE *out;

	for (; *args && strcmp(*args, "--"); args++) {
		if (!strcmp(*args, "--tty")) {
			tty = 1;
			use_stdin = 1;
			continue;
		}
		if (!strcmp(*args, "--stdin")) {
			use_stdin = 1;
			continue;
		}
		if (!args[1])
			die("%s needs an argument", *args);
		if (!strcmp(*args, "--timeout"))
			timeout = atoi(*++args);
		else if (!strcmp(*args, "--result"))
			result_path = *++args;
		else if (!strcmp(*args, "--log"))
			log_path = *++args;
		else if (!strcmp(*args, "--hotplug"))
			hotplug_size = *++args;
		else
			die("agent: unknown option %s", *args);
	}
	if (!*args || !args[1])
		die("agent: nothing to start");
	args++;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, q))
		die("no socket for the guest: %s", strerror(errno));
	child = fork();
	if (child < 0)
		die("cannot start QEMU: %s", strerror(errno));
	if (!child) {
		int s1 = fcntl(s[1], F_DUPFD, 10),
		    q1 = fcntl(q[1], F_DUPFD, 10);
		int nullfd = open("/dev/null", O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setsid();
		dup2(nullfd, 0);
		dup2(2, 1);
		dup2(s1, 3);
		dup2(q1, 4);
		close(s1);
		close(q1);
		execvp(args[0], args);
		fprintf(stderr, "vm: cannot start %s: %s\n", args[0],
			strerror(errno));
		_exit(127);
	}
	close(s[1]);
	close(q[1]);
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* no guest outlives its script */
	sock = s[0];
	qmp = q[0];
	set_nonblock(sock);
	set_nonblock(qmp);
	signal(SIGPIPE, SIG_IGN);

	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	if (tty) {
		struct termios raw;

		sigaction(SIGWINCH, &sa, NULL);
		if (tcgetattr(0, &saved_tty) == 0) {
			raw = saved_tty;
			cfmakeraw(&raw);
			atexit(restore_tty);
			tty_changed = 1;
			tcsetattr(0, TCSADRAIN, &raw);
		}
		host_winsize();
	}
	if (timeout)
		alarm(timeout);
	qmp_send("{\"execute\":\"qmp_capabilities\"}");
	stdin_open = use_stdin;
	if (!use_stdin)
		host_send(F_STDIN, "", 0);

	while (!done) {
		int room = stdin_open && in_flight + CHUNK <= STDIN_WINDOW;
		struct pollfd p[] = {
			{ .fd = sock,
			  .events = POLLIN | (out_len ? POLLOUT : 0) },
			{ .fd = room ? 0 : -1, .events = POLLIN },
			{ .fd = qmp, .events = POLLIN },
		};
		int n = poll(p, 3, 2000);

		if (got_alarm || got_term)
			break;
		/* Some guests die without getting round to the reboot. */
		if (n == 0 && log_has(log_path, "Kernel panic - not syncing")) {
			sleep_ms(2000);
			break;
		}
		if (got_winch)
			host_winsize();
		if (n < 0)
			continue;
		if (p[0].revents & POLLOUT)
			host_flush();
		if (p[2].revents)
			host_qmp();
		if (p[1].revents) {
			ssize_t len = read(0, chunk, sizeof(chunk));

			if (len > 0) {
				in_flight += len;
				host_send(F_STDIN, chunk, len);
			} else if (len == 0 ||
				   (errno != EINTR && errno != EAGAIN)) {
				stdin_open = 0;
				host_send(F_STDIN, "", 0);
			}
		}
		if (p[0].revents & (POLLIN | POLLHUP | POLLERR)) {
			if (input_read(&in, sock) == 0)
				break;
			while (!got_alarm && !got_term &&
			       input_frame(&in, &f)) {
				switch (f.type) {
				case F_STDOUT:
				case F_STDERR:
					/* a reader may go before the end */
					write_all(f.type == F_STDOUT ? 1 : 2,
						  f.data, f.len);
					break;
				case F_STDIN_ACK:
					in_flight -= get32(f.data);
					break;
				case F_REQUEST:
					host_request((char *)f.data);
					break;
				case F_EXIT:
					snprintf(result, sizeof(result),
						 "exit %u", get32(f.data));
					done = 1;
					break;
				case F_FAIL:
					snprintf(result, sizeof(result),
						 "fail %s", (char *)f.data);
					done = 1;
					break;
				default:
					break;
				}
			}
		}
	}
	restore_tty();
	if (got_term) {
		snprintf(result, sizeof(result), "signal %d", got_term);
	} else if (got_alarm && !done) {
		snprintf(result, sizeof(result), "timeout");
		/* Makes the guest say where it is: it panics on this. */
		if (qmp >= 0)
			qmp_send("{\"execute\":\"inject-nmi\"}");
		for (int i = 0; i < 50 && child > 0; i++) {
			sleep_ms(100);
			if (waitpid(child, NULL, WNOHANG) == child)
				child = 0;
		}
	} else if (done) {
		for (int i = 0; i < 300 && !log_has(log_path, END_MARK); i++)
			sleep_ms(10);
	}
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}

	out = result_path ? fopen(result_path, "w") : NULL;
	if (!out || fprintf(out, "%s\n", result) < 0 || fclose(out))
		die("cannot write %s: %s",
		    result_path ? result_path : "the result", strerror(errno));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "guest"))
		return guest_main(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "host"))
		return host_main(argv + 2);
	die("this is a part of scripts/vm and not meant to be run by hand");
}
