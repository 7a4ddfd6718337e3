# SPDX-License-Identifier: Apache-2.0
"""A root that is made leaves no mount behind, and none is removed through a mount."""
import os
import pathlib
import subprocess
import sys
import unittest.mock

import bare_root
import tare

# Mounts as debootstrap does, and is killed before it unmounts.
KILLED = """#!/bin/sh
mkdir -p "$3/proc"
mount -t tmpfs tmpfs "$3/proc"
touch "$3/proc/mounted"
kill -KILL $$
"""
REMOVE = """
import pathlib, subprocess, sys
import bare_root
tree = pathlib.Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tree / "a place"], check=True)
(tree / "a place" / "kept").touch()
try:
    bare_root.remove_tree(tree)
except AssertionError as error:
    print(error)
print((tree / "a place" / "kept").exists())
"""


class Mounts(tare.Case):
    def setUp(self):
        super().setUp()
        tare.required(os.geteuid() == 0, "root")

    def test_what_is_killed_leaves_no_mount_behind(self):
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "debootstrap").write_text(KILLED, encoding="utf-8")
        (programs / "debootstrap").chmod(0o755)
        with unittest.mock.patch.object(bare_root, "CACHE", self.folder), \
                unittest.mock.patch.object(bare_root, "sources", lambda: ("http://127.0.0.1:9", [])), \
                unittest.mock.patch.dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}"):
            for _ in range(2):
                self.assertRaises(subprocess.CalledProcessError, bare_root.base)
                self.assertEqual(bare_root.mounts_below(self.folder), [])
        self.assertEqual(list((self.folder / f"{bare_root.SUITE}.partial/proc").iterdir()), [])

    def test_a_tree_with_a_mount_below_it_is_not_removed(self):
        (self.folder / "tree" / "a place").mkdir(parents=True)
        here = str(pathlib.Path(bare_root.__file__).parent)
        done = subprocess.run(["unshare", "--mount", sys.executable, "-B", "-c", REMOVE, self.folder / "tree"], check=True,
                              capture_output=True, text=True, env={**os.environ, "PYTHONPATH": f"{here}:{tare.SOURCE}/tests/system"})
        self.assertEqual(done.stdout, f"unmount first: {self.folder}/tree/a place\nTrue\n")


if __name__ == "__main__":
    tare.main()
