# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# machine.sh - the machine that the selftests are written for: memory for huge
# pages of both sizes, two nodes, and disks to swap to. Sourced by scripts/check
# and scripts/test.

readonly machine=(--mem 4G --nodes 2 --disk 256M --disk 64M)
readonly huge='hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=16'
