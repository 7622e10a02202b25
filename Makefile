# SPDX-License-Identifier: GPL-2.0-only
KDIR ?= /lib/modules/$(shell uname -r)/build

.PHONY: all module tool selftests sandbox-build

all: module tool

module:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

sandbox-build: module
	install -D -m 0644 vmscope.ko $(DESTDIR)/lib/modules/vmscope.ko
