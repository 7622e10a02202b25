// SPDX-License-Identifier: GPL-2.0-or-later
/* vmscope what: what kernel addresses are. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/format.h"
#include "cli/output.h"
#include "cmd/command.h"
#include "model/addresses.h"
#include "model/what-columns.h"
#include "model/what-say.h"
#include "source/slabmerge.h"

/* Hints about merged caches name at most this many. */
enum { MAX_CACHES = 4 };

/* A run of the command. */
struct job {
	struct request *req;
	/* of looking through processes, which the closing line omits */
	struct cost cost;
	struct what_sources from; /* where the answers come from */
	struct output *out; /* where rows go; NULL for blocks */
	uint64_t nr; /* addresses so far */
	unsigned int hinted; /* hints that were given, as bits */
	struct slab_names slabs; /* names of slab caches, once one is shown */
	char cache[MAX_CACHES][64]; /* slab caches that were shown */
	size_t nr_caches;
	size_t nr_hinted; /* caches that a hint was given for */
	struct what_row row; /* the current address */
	/* source of addresses that are not arguments */
	struct picker picker;
};

static bool from_text(const struct request *req)
{
	return !req->argc || !strcmp(req->argv[0], "-");
}

/* Print a line for each of many addresses, a block for each of a few. */
static bool as_rows(const struct request *req)
{
	return request_is_for_rows(req) ||
	       (from_text(req) && !req->opt->verbose);
}

static int what_check(const struct request *req)
{
	struct symbol_place place;
	uint64_t addr;

	if (from_text(req) && req->argc > 1) {
		message_error("what takes addresses or -, not both");
		return EXIT_USAGE;
	}
	for (int i = 0; !from_text(req) && i < req->argc; i++) {
		if (!parse_hex(req->argv[i], &addr) ||
		    symbol_parse(req->argv[i], &place))
			continue;
		message_error(
			"\"%s\" is not an address, in hex and up to 64 bits, nor SYMBOL+OFFSET",
			req->argv[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* Caches to give a hint for, when rows have been shown. */
static void see_cache(struct job *job)
{
	const char *name = (const char *)job->row.what.cache.name;
	size_t i = 0;

	if (!(job->row.what.known & VMSCOPE_WHAT_CACHE) || !*name)
		return;
	while (i < job->nr_caches && strncmp(job->cache[i], name, 63))
		i++;
	if (i == job->nr_caches && i < MAX_CACHES)
		snprintf(job->cache[job->nr_caches++], sizeof(job->cache[0]),
			 "%.63s", name);
}

static int report_one(struct job *job, uint64_t addr)
{
	int ret = what_read(&job->from, addr, &job->row);
	char text[24];

	if (ret) {
		snprintf(text, sizeof(text), "%llx", (unsigned long long)addr);
		return message_failed(VMSCOPE_OP_WHAT, ret, text);
	}
	what_say(&job->row);
	see_cache(job);
	if (!job->out) {
		if (job->nr++)
			putchar('\n');
		what_print(&job->row, job->req->opt->verbose);
		return EXIT_OK;
	}
	job->nr++;
	/* Failed output is reported once, at the end of the program. */
	if (filter_match(job->req->filter, &job->row))
		output_row(job->out, &job->row);
	return EXIT_OK;
}

/* A hint that applies is given once; @bit identifies it. */
static bool is_new_hint(struct job *job, unsigned int bit, bool applies)
{
	bool said = job->hinted >> bit & 1;

	job->hinted |= (unsigned int)applies << bit;
	return applies && !said;
}

static void hint_what(struct job *job)
{
	const struct what_sources *from = &job->from;

	while (job->nr_hinted < job->nr_caches)
		hint_merged(&job->slabs, job->cache[job->nr_hinted++]);
	if (is_new_hint(job, 0, from->symbols.tried && !from->symbols.nr))
		message_hint(
			"symbols are not shown: %s",
			from->symbols.missing ?
				"there is no /proc/kallsyms" :
				"/proc/kallsyms shows no addresses to this caller");
	if (is_new_hint(job, 1, job->picker.lost && from->symbols.nr))
		message_hint(
			"symbols of this text are not known here, or are of several functions; is it of this kernel and its modules?");
	if (is_new_hint(job, 2, job->picker.resized))
		message_hint(
			"symbols of this text have other sizes here: it seems to be of another kernel, and so are its addresses");
	if (is_new_hint(job, 3, from->vmalloc.why))
		message_hint("callers are not shown: %s", from->vmalloc.why);
	if (is_new_hint(job, 4, from->nr_lost && from->owners.refused))
		message_hint(
			"whose page table it is, is not known: other processes may not be looked at; use sudo, or grant CAP_SYS_PTRACE");
}

/* Look through processes once, whatever the number of addresses. */
static int report_some(struct job *job, const uint64_t *addrs, size_t nr)
{
	int ret = 0;

	for (size_t i = 0; i < nr && !ret; i++)
		ret = what_expect(&job->from, addrs[i]);
	if (!ret)
		ret = table_owners_find(&job->from.owners, &job->from.target,
					&job->cost);
	if (ret)
		return message_failed(VMSCOPE_OP_SCAN, ret, NULL);
	for (size_t i = 0; i < nr && !ret; i++)
		ret = report_one(job, addrs[i]);
	return ret;
}

static void print_namesakes(const char *word, const uint64_t *addr,
			    unsigned int nr)
{
	char text[MAX_NAMESAKES * 20] = "";
	size_t used = 0;

	for (unsigned int i = 0; i < nr && i < MAX_NAMESAKES; i++)
		used += snprintf(text + used, sizeof(text) - used, " %llx",
				 (unsigned long long)addr[i]);
	message_error("%s: %u symbols have this name; it can be%s%s", word, nr,
		      text, nr > MAX_NAMESAKES ? " ..." : "");
}

/* A word that can be read as a number is one. */
static int find_addr(struct job *job, const char *word, uint64_t *addr)
{
	struct symbols *symbols = &job->from.symbols;
	uint64_t found[MAX_NAMESAKES];
	struct symbol_place place;
	unsigned int nr;
	bool is_size;

	if (!parse_hex(word, addr))
		return EXIT_OK;
	symbol_parse(word, &place);
	nr = symbol_locate(symbols, &place, found, &is_size);
	*addr = found[0];
	if (nr == 1 && *addr >= job->from.target.info->kernel_start &&
	    !symbol_is_percpu(symbols, *addr))
		return EXIT_OK;
	if (nr == 1)
		message_error(
			"%s: a number, such as an offset of per-CPU data, and not an address",
			word);
	else if (nr)
		print_namesakes(word, found, nr);
	else if (symbols->missing)
		message_error(
			"%s: there is no /proc/kallsyms, which has the symbols; mount /proc",
			word);
	else if (!symbols->nr)
		message_error(
			"%s: /proc/kallsyms shows no addresses to this caller; use sudo, and kernel.kptr_restrict below 2",
			word);
	else
		message_error("%s: no symbol has this name", word);
	return EXIT_FAILED;
}

static int report_args(struct job *job)
{
	const struct request *req = job->req;
	uint64_t *addrs = calloc(req->argc, sizeof(*addrs));
	int ret = EXIT_OK;

	if (!addrs)
		return -ENOMEM;
	for (int i = 0; i < req->argc && !ret; i++)
		ret = find_addr(job, req->argv[i], &addrs[i]);
	if (!ret)
		ret = report_some(job, addrs, req->argc);
	free(addrs);
	return ret;
}

static void hint_text(const struct job *job)
{
	if (job->picker.full)
		message_hint("only the first %d addresses are shown",
			     MAX_PICKED);
	if (!job->nr)
		message_hint(
			"no kernel address in this text: none of 16 digits that begins with ffff, no known SYMBOL+0xOFFSET/0xSIZE");
}

/* What was true before a pause may have changed after it. */
static int report_paragraph(struct job *job)
{
	struct picker *picker = &job->picker;
	size_t before = picker->nr;
	uint64_t addr;
	int ret;

	while (pick_address(picker, &addr))
		;
	ret = report_some(job, picker->seen + before, picker->nr - before);
	output_flush();
	if (!ret && !picker->ended) {
		hint_what(job);
		what_sources_renew(&job->from);
	}
	return ret;
}

/* When a text pauses, as dmesg -w does, print the answers so far. */
static int report_text(struct job *job)
{
	int ret = EXIT_OK;

	job->picker.fd = STDIN_FILENO;
	job->picker.symbols = &job->from.symbols;
	if (isatty(STDIN_FILENO))
		message_hint("paste the text; Ctrl-D ends it");
	while (!ret && !job->picker.ended && !ferror(stdout))
		ret = report_paragraph(job);
	if (ret || !job->picker.error)
		return ret;
	message_error("cannot read standard input: %s",
		      strerror(job->picker.error));
	return EXIT_FAILED;
}

static int report_all(struct job *job)
{
	struct request *req = job->req;
	int ret;

	job->from.target = req->target;
	if (as_rows(req)) {
		job->out = output_start(req->cmd->name, &req->list, req->opt);
		if (!job->out)
			return -ENOMEM;
	}
	ret = from_text(req) ? report_text(job) : report_args(job);
	if (job->out)
		output_end(job->out);
	if (!ret && from_text(req))
		hint_text(job);
	if (!ret)
		hint_what(job);
	return ret;
}

static int what_run(struct request *req)
{
	struct job *job = calloc(1, sizeof(*job));
	int ret;

	if (!job)
		return -ENOMEM;
	job->req = req;
	job->cost = req->cost;
	ret = report_all(job);
	what_sources_free(&job->from);
	slab_names_free(&job->slabs);
	free(job);
	return ret;
}

const struct command cmd_what = {
	.name = "what",
	.args = "[ADDR|SYMBOL...|-]",
	.help = "what kernel addresses are; - picks them out of text",
	.on = ON_KERNEL,
	.op = VMSCOPE_OP_WHAT,
	.columns = &what_columns,
	.check = what_check,
	.run = what_run,
};
