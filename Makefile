# SPDX-License-Identifier: GPL-2.0-only
# For people; the kernel's build reads Kbuild. `make help` lists the targets.

VERSION	:= $(shell cat VERSION)
KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr
SRCDIR	?= $(PREFIX)/src/vmscope-$(VERSION)
INSTALL	?= install

# What building the module needs from this tree.
MODULE_FILES := Kbuild Makefile VERSION module/compat/Kbuild.include \
	$(wildcard module/*.[ch] module/*/*.[ch] include/uapi/*.h)

.DEFAULT_GOAL := all
.PHONY: all module tool selftests selftest demo grade check soak test bench bench-compare lint load unload
.PHONY: install clean help sandbox-build

all: module tool ## build the module for this kernel (or KDIR=) and the tool

module: ## build vmscope.ko; KDIR= names another kernel
	@test -e $(KDIR)/Makefile || { echo "make: $(KDIR) is missing: a module" \
		"needs the kernel's headers (Debian: apt install" \
		"linux-headers-$$(uname -r)), or KDIR=" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tool: ## build libvmscope and the tool
	$(MAKE) -C userspace VERSION=$(VERSION) PREFIX=$(PREFIX)

selftests: ## build the selftests (KSELFTEST= names the kernel's own)
	$(MAKE) -C selftests OUTPUT=$(CURDIR)/selftests

# scripts/load has loaded the module, or make install has.
selftest: tool selftests ## run the selftests on this kernel, as root (TEST=, CASE=)
	@test -e /dev/vmscope || { echo "make: there is no /dev/vmscope: make" \
		"load loads the module, as root" >&2; exit 1; }
	VMSCOPE=$(CURDIR)/userspace/build/vmscope VMSCOPE_KO=$(CURDIR)/vmscope.ko \
		selftests/run.sh $(if $(CASE),-t '$(CASE)') $(TEST)

demo: ## a tour in a virtual machine (TOUR=cow and others: see Documentation/lab)
	@scripts/setup
	@scripts/demo

grade: ## mark a student's module in a virtual machine (MODULE=its folder)
	@scripts/setup
	@scripts/grade

check: ## everything the project promises, on five kernels
	@scripts/setup
	@scripts/check

soak: ## what runs at night: repeats, long races, mutants
	@scripts/setup
	@scripts/check soak

test: ## unit tests: no root, no network, no virtual machine
	$(MAKE) -C userspace VERSION=$(VERSION) test

bench: ## speed, counted in instructions
	@scripts/setup
	@scripts/bench

bench-compare: ## fail if an operation costs more than recorded
	@scripts/setup
	@scripts/bench --compare

lint: ## sparse, checkpatch, clang-format, shellcheck, manual pages
	@scripts/setup
	@scripts/lint

load: module ## load the module into this kernel (as root)
	@scripts/load

unload: ## unload it
	@scripts/load -u

install: tool ## install the tool and the library, and the module by DKMS
	$(MAKE) -C userspace VERSION=$(VERSION) PREFIX=$(PREFIX) install
	$(foreach file,$(MODULE_FILES),$(INSTALL) -D -m 644 $(file) \
		$(DESTDIR)$(SRCDIR)/$(file)$(newline))
	sed 's/@VERSION@/$(VERSION)/' dkms.conf.in \
		> $(DESTDIR)$(SRCDIR)/dkms.conf
	@# A package's build sets DESTDIR; DKMS is for the live system.
	$(if $(DESTDIR),,@scripts/dkms-install $(VERSION))

clean: ## remove build results; the sandbox's cache stays
	$(if $(wildcard userspace),$(MAKE) -s -C userspace clean)
	$(if $(wildcard selftests),-$(MAKE) -s -C selftests \
		OUTPUT=$(CURDIR)/selftests clean)
	rm -rf .tmp_versions .selftest
	find . -name '*.o' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name '.*.cmd' -o -name modules.order \
		-o -name Module.symvers | xargs rm -f

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | \
		expand -t 16

# scripts/vm runs this for each kernel, in that kernel's Debian release. Selftests
# and test modules are installed in guests only, never by a package.
sandbox-build: module tool
	$(MAKE) -s -C userspace VERSION=$(VERSION) PREFIX=/usr install
	$(INSTALL) -D userspace/build/vmscope $(DESTDIR)/usr/sbin/vmscope
	$(MAKE) -C selftests install OUTPUT=$(CURDIR)/selftests \
		INSTALL_PATH=$(DESTDIR)/opt/vmscope/selftests
	$(INSTALL) -D -m 644 vmscope.ko $(DESTDIR)/lib/modules/vmscope.ko

define newline


endef
