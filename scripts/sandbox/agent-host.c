// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's side of agent: starts QEMU, and answers its guest.
 */
#define _GNU_SOURCE
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t got_winch;

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

static struct {
	const char *result_path;
	const char *log_path;
	unsigned int timeout;
	int tty;
	int input;
} options;

/* Returns QEMU's words. */
static char **host_options(char **args)
{
	for (; *args && strcmp(*args, "--"); args++) {
		if (!strcmp(*args, "--tty")) {
			options.tty = 1;
			options.input = 1;
			continue;
		}
		if (!strcmp(*args, "--stdin")) {
			options.input = 1;
			continue;
		}
		if (!args[1])
			die("%s needs an argument", *args);
		if (!strcmp(*args, "--timeout"))
			options.timeout = atoi(*++args);
		else if (!strcmp(*args, "--result"))
			options.result_path = *++args;
		else if (!strcmp(*args, "--log"))
			options.log_path = *++args;
		else if (!strcmp(*args, "--hotplug"))
			hotplug_size = *++args;
		else
			die("agent: unknown option %s", *args);
	}
	if (!*args || !args[1])
		die("agent: nothing to start");
	return args + 1;
}

static void __attribute__((noreturn)) qemu_exec(char **args, int port, int qmp)
{
	int port_copy = fcntl(port, F_DUPFD, 10),
	    qmp_copy = fcntl(qmp, F_DUPFD, 10);
	int nullfd = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	dup2(nullfd, 0);
	dup2(2, 1);
	dup2(port_copy, 3);
	dup2(qmp_copy, 4);
	close(port_copy);
	close(qmp_copy);
	execvp(args[0], args);
	fprintf(stderr, "vm: cannot start %s: %s\n", args[0], strerror(errno));
	_exit(127);
}

static pid_t start_qemu(char **args)
{
	int s[2], q[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, q))
		die("no socket for the guest: %s", strerror(errno));
	child = fork();
	if (child < 0)
		die("cannot start QEMU: %s", strerror(errno));
	if (!child)
		qemu_exec(args, s[1], q[1]);
	close(s[1]);
	close(q[1]);
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* no guest outlives its script */
	sock = s[0];
	qmp = q[0];
	set_nonblock(sock);
	set_nonblock(qmp);
	return child;
}

static void take_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGALRM, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	if (options.tty)
		sigaction(SIGWINCH, &sa, NULL);
}

static void make_tty_raw(void)
{
	struct termios raw;

	if (tcgetattr(0, &saved_tty))
		return;
	raw = saved_tty;
	cfmakeraw(&raw);
	atexit(restore_tty);
	tty_changed = 1;
	tcsetattr(0, TCSADRAIN, &raw);
}

static char result[CHUNK + 16] = "died";
static int done, stdin_open;
static size_t in_flight;

static void host_frame(const struct frame *f)
{
	switch (f->type) {
	case F_STDOUT:
	case F_STDERR:
		/* a reader may go before the end */
		write_all(f->type == F_STDOUT ? 1 : 2, f->data, f->len);
		break;
	case F_STDIN_ACK:
		in_flight -= get32(f->data);
		break;
	case F_REQUEST:
		host_request((char *)f->data);
		break;
	case F_EXIT:
		snprintf(result, sizeof(result), "exit %u", get32(f->data));
		done = 1;
		break;
	case F_FAIL:
		snprintf(result, sizeof(result), "fail %s", (char *)f->data);
		done = 1;
		break;
	default:
		break;
	}
}

/* Returns 0 at the stream's end. */
static int host_stream(void)
{
	static struct input in;
	static struct frame f;

	if (input_read(&in, sock) == 0)
		return 0;
	while (!got_alarm && !got_term && input_frame(&in, &f))
		host_frame(&f);
	return 1;
}

static void host_stdin(void)
{
	static unsigned char chunk[CHUNK];
	ssize_t len = read(0, chunk, sizeof(chunk));

	if (len > 0) {
		in_flight += len;
		host_send(F_STDIN, chunk, len);
	} else if (len == 0 || (errno != EINTR && errno != EAGAIN)) {
		stdin_open = 0;
		host_send(F_STDIN, "", 0);
	}
}

/* Returns 0 when the guest can send no more, or is to be stopped. */
static int serve(void)
{
	int room = stdin_open && in_flight + CHUNK <= STDIN_WINDOW;
	struct pollfd p[] = {
		{ .fd = sock, .events = POLLIN | (out_len ? POLLOUT : 0) },
		{ .fd = room ? 0 : -1, .events = POLLIN },
		{ .fd = qmp, .events = POLLIN },
	};
	int n = poll(p, 3, 2000);

	if (got_alarm || got_term)
		return 0;
	/* Some guests die without getting round to the reboot. */
	if (n == 0 && log_has(options.log_path, "Kernel panic - not syncing")) {
		sleep_ms(2000);
		return 0;
	}
	if (got_winch)
		host_winsize();
	if (n < 0)
		return 1;
	if (p[0].revents & POLLOUT)
		host_flush();
	if (p[2].revents)
		host_qmp();
	if (p[1].revents)
		host_stdin();
	if (p[0].revents & (POLLIN | POLLHUP | POLLERR))
		return host_stream();
	return 1;
}

/* Makes the guest log where it is: it panics on this. Returns QEMU, if left. */
static pid_t interrupt_guest(pid_t child)
{
	if (qmp >= 0)
		qmp_send("{\"execute\":\"inject-nmi\"}");
	for (int i = 0; i < 50; i++) {
		sleep_ms(100);
		if (waitpid(child, NULL, WNOHANG) == child)
			return 0;
	}
	return child;
}

static void stop_qemu(pid_t child)
{
	if (got_term) {
		snprintf(result, sizeof(result), "signal %d", got_term);
	} else if (got_alarm && !done) {
		snprintf(result, sizeof(result), "timeout");
		child = interrupt_guest(child);
	} else if (done) {
		for (int i = 0; i < 300 && !log_has(options.log_path, END_MARK);
		     i++)
			sleep_ms(10);
	}
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

static void write_result(void)
{
	const char *path = options.result_path;
	FILE *out = path ? fopen(path, "w") : NULL;

	if (!out || fprintf(out, "%s\n", result) < 0 || fclose(out))
		die("cannot write %s: %s", path ? path : "the result",
		    strerror(errno));
}

/*
 * Ends with 0 when the guest ran the command to its end, whatever came of it;
 * how it went is written to the result file: "exit N", "fail WHY", "timeout",
 * "signal N" or "died".
 */
int host_main(char **args)
{
	pid_t child = start_qemu(host_options(args));

	take_signals();
	if (options.tty) {
		make_tty_raw();
		host_winsize();
	}
	if (options.timeout)
		alarm(options.timeout);
	qmp_send("{\"execute\":\"qmp_capabilities\"}");
	stdin_open = options.input;
	if (!stdin_open)
		host_send(F_STDIN, "", 0);
	while (!done && serve())
		;
	restore_tty();
	stop_qemu(child);
	write_result();
	return 0;
}
