// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half by raw ioctls, test-only modules, and plant.ko's list.
 */
#include <dirent.h>
#include <limits.h>

#include "kernel.h"
#include "procfs.h"
#include "target.h"

#define PLANT_DIR "/sys/kernel/debug/vmscope_plant/"

/* Why no test of the kernel's half can run here, or NULL. */
const char *kernel_missing(void)
{
	const char *why = device_missing();
	__u64 features;

	if (why)
		return why;
	features = device_features();
	if (!(features & VMSCOPE_FEAT_KERNEL))
		return "the module does not read the kernel's half";
	if (!(features & VMSCOPE_FEAT_KADDR))
		return "kernel addresses are withheld here";
	return NULL;
}

/* 0 if @fd has no answer. */
__u64 kernel_start(int fd)
{
	struct vmscope_info info;

	return device_info(fd, &info) ? 0 : info.kernel_start;
}

/* 0, or -1 with errno; the same for walk_at() and other calls. */
int what_at(int fd, __u64 addr, struct vmscope_what *what)
{
	*what = (struct vmscope_what){ .size = sizeof(*what), .addr = addr };
	return ioctl(fd, VMSCOPE_IOC_WHAT, what);
}

/* False, and none, if the kernel does not report them. */
bool regions_read(int fd, struct regions *regions)
{
	struct vmscope_scan scan;
	struct records recs;

	regions->nr = 0;
	scan_init(&scan, kernel_start(fd), KERNEL_END, VMSCOPE_SCAN_AREAS);
	scan.levels = 1 << VMSCOPE_LEVEL_NONE;
	if (records_read(fd, &scan, 65536, &recs))
		return false;
	for_each_area_record(area, &recs) {
		if (regions->nr == MAX_REGIONS)
			break;
		regions->all[regions->nr++] = (struct region){
			.start = VMSCOPE_WORD_ADDR(area->where),
			.end = area->end,
			.kind = area->name_kind - VMSCOPE_NAME_REGION,
		};
	}
	records_free(&recs);
	return regions->nr;
}

/* The first region of a kind, NULL if there is none. */
const struct region *region_of(const struct regions *regions, unsigned int kind)
{
	for (size_t i = 0; i < regions->nr; i++)
		if (regions->all[i].kind == kind)
			return &regions->all[i];
	return NULL;
}

/* 0 if memory cannot go offline here. */
unsigned int memory_block_highest(void)
{
	DIR *dir = opendir(MEMORY);
	unsigned int nr, highest = 0;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (sscanf(entry->d_name, "memory%u", &nr) == 1 && nr > highest)
			highest = nr;
	if (dir)
		closedir(dir);
	return highest;
}

static bool module_path(const char *name, char path[PATH_MAX])
{
	return self_dir(path, PATH_MAX, textf("modules/%s.ko", name));
}

/* Modules for which this kernel lacks something are not built. */
bool test_module_is_there(const char *name)
{
	char path[PATH_MAX];

	return module_path(name, path) && !access(path, R_OK);
}

/* Loads modules/NAME.ko, from the directory of the test. */
bool test_module_load(const char *name)
{
	char path[PATH_MAX];
	int fd, ret;

	if (!module_path(name, path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ret = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return !ret || errno == EEXIST;
}

/* False with errno while it is in use. */
bool test_module_unload(const char *name)
{
	return !syscall(SYS_delete_module, name, O_NONBLOCK);
}

static bool plant_parse(const char *line, struct plant *plant)
{
	unsigned long long addr, bytes;
	char made[8];
	int at = 0;

	if (sscanf(line, "%39s %15s %llx %llu %7s%n", plant->name, plant->kind,
		   &addr, &bytes, made, &at) < 5)
		return false;
	plant->addr = addr;
	plant->bytes = bytes;
	plant->made = !strcmp(made, "made");
	snprintf(plant->words, sizeof(plant->words), "%s", line + at);
	plant->words[strcspn(plant->words, "\n")] = '\0';
	return true;
}

/* Replaces @plants; false if plant.ko is not loaded. */
bool plants_read(struct plants *plants)
{
	char line[512];

	plants->nr = 0;
	for_each_line_of(line, PLANT_DIR "objects")
		if (plants->nr < MAX_PLANTS)
			plants->nr +=
				plant_parse(line, &plants->all[plants->nr]);
	return plants->nr > 0;
}

/* NULL if there is none; valid as long as @plants. */
const struct plant *plants_find(const struct plants *plants, const char *name)
{
	for (size_t i = 0; i < plants->nr; i++)
		if (!strcmp(plants->all[i].name, name))
			return &plants->all[i];
	return NULL;
}

/* Copies the value of @key, cut at @room; false if the module has none. */
bool plant_word(const struct plant *plant, const char *key, char *value,
		size_t room)
{
	char wanted[32];
	const char *at;

	snprintf(wanted, sizeof(wanted), " %s=", key);
	at = strstr(plant->words, wanted);
	if (!at)
		return false;
	at += strlen(wanted);
	snprintf(value, room, "%.*s", (int)strcspn(at, " "), at);
	return true;
}

/* 0 if the module does not know. */
__u64 plant_number(const struct plant *plant, const char *key)
{
	char value[32];

	if (!plant_word(plant, key, value, sizeof(value)))
		return 0;
	return strtoull(value, NULL, 0);
}

/* Writes a line to plant.ko's control file; false with errno. */
bool plant_obeys(const char *command)
{
	return file_write(PLANT_DIR "control", command);
}
