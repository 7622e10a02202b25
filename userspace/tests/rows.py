#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Instructions that the tool takes for a row, counted by callgrind.

    tests/rows.py FAKESCOPE

Two runs that differ only in how often the made-up process is reported are
compared; the made-up device itself is not counted. Instructions repeat, so a
bound is a test; a time is not.
"""

import os
import re
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
ENV = {"PATH": os.environ["PATH"], "FAKE_PROC": HERE + "/proc", "LC_ALL": "C.UTF-8"}
FEW, MANY = 50, 150

# Areas of a few pages that are all different, and one of many pages
SHAPES = [("small areas", {}), ("a large area", {"FAKE_ONE_AREA": "1"})]

# command line, goal, and by shape a bound little above what was measured
CASES = [
    (["pages", "1"], 400, [800, 640]),
    (["pages", "1", "-r"], 300, [820, 640]),
    (["pages", "1", "-J"], 700, [940, 720]),
    (["map", "1"], None, [1380, 1000]),
]


def run(args, env, times):
    """Instructions and rows."""
    with tempfile.TemporaryDirectory() as tmp:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp}/out",
             "--toggle-collect=fake_ioctl", "--collect-atstart=yes", TOOL, "-q", *args],
            env={**ENV, **env, "FAKE_TIMES": str(times)}, capture_output=True, check=True)
    counted = re.search(rb"Collected : (\d+)", done.stderr)
    return int(counted[1]), done.stdout.count(b"\n")


def main():
    failed = 0
    for args, goal, bounds in CASES:
        for (shape, env), bound in zip(SHAPES, bounds):
            few, many = run(args, env, FEW), run(args, env, MANY)
            each = (many[0] - few[0]) / (many[1] - few[1])
            word = f"MORE THAN {bound}" if each > bound else ""
            failed += each > bound
            print(f"{' '.join(args):12} {shape:13}{each:6.0f} instructions a row; "
                  f"goal {goal} {word}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
