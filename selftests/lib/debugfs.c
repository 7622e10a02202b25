// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of the module in debugfs.
 */
#include "debugfs.h"
#include "procfs.h"

const char *const views[NR_VIEWS] = {
	"map", "pages", "swap", "tables", "summary",
};

/* Why no test of the files can run here, or NULL. */
const char *debugfs_missing(void)
{
	return access(ROOT "self/map", F_OK) ?
		       "debugfs is not mounted, or has no " ROOT :
		       NULL;
}

/* The path of a file in @pid's directory, of self for 0; as textf(). */
const char *view_path(pid_t pid, const char *view)
{
	return pid ? textf(ROOT "%d/%s", pid, view) :
		     textf(ROOT "self/%s", view);
}

/* A descriptor, or -1 with errno. */
int view_open(pid_t pid, const char *view)
{
	return open(view_path(pid, view), O_RDONLY | O_CLOEXEC);
}

/*
 * The rest of @fd, by reads of @step bytes. The caller frees it; NULL with
 * errno.
 */
char *read_text(int fd, size_t step)
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

/* A file in @pid's directory, of self for 0, as read_text(). */
char *read_view(pid_t pid, const char *view, size_t step)
{
	int fd = view_open(pid, view);
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

/* The result of a write to attach or detach: 0 or an errno. */
int write_control(const char *file, const char *text, size_t bytes)
{
	int fd, err;

	fd = open(textf(ROOT "%s", file), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	err = write(fd, text, bytes) == (ssize_t)bytes ? 0 : errno;
	close(fd);
	return err;
}

/* Attaches or detaches @pid: 0 or an errno. */
int control(const char *file, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", pid);
	return write_control(file, text, strlen(text));
}

/* Also false if the file cannot be read. */
bool view_has(pid_t pid, const char *view, const char *text)
{
	char *found = read_view(pid, view, 65536);
	bool has = found && strstr(found, text);

	free(found);
	return has;
}
