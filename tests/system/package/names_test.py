# SPDX-License-Identifier: Apache-2.0
"""The packages that a build needs have a name on each distribution, and the one of this distribution is installed by it."""
import os
import subprocess

import tare

SCRIPT = tare.SOURCE / "tools" / "install_packages.sh"


def lines_of(name):
    lines = (line.split("#")[0].split() for line in (tare.SOURCE / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


class Names(tare.Case):
    def test_each_package_has_a_row_of_three_and_each_row_is_of_a_package(self):
        rows = lines_of("packages_elsewhere.txt")
        self.assertEqual({len(row) for row in rows}, {3})
        self.assertEqual([row[0] for row in rows], [line[0] for line in lines_of("packages.txt")])

    def installed(self, distribution, *packages):
        """What the script asks the package manager of a machine of that distribution for, on which nothing is installed."""
        tare.required(os.geteuid() == 0, "root")
        programs = self.folder / distribution
        programs.mkdir()
        managers = {"dpkg-query": "exit 1", "rpm": "exit 1", "apt-get": 'echo "apt-get $*"', "dnf": 'echo "dnf $*"'}
        for name, text in managers.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (programs / name).chmod(0o755)
        (programs / "os-release").write_text(f"ID={distribution}\n", encoding="utf-8")
        # Seen by this command alone.
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", 'mount --bind "$1/os-release" /etc/os-release; PATH="$1:$PATH"; shift; exec "$@"',
             "sh", str(programs), str(SCRIPT), *packages], capture_output=True, text=True, check=False)

    def test_the_names_of_the_distribution_are_installed(self):
        apt = "apt-get install -y -qq --no-install-recommends g++"
        for distribution, told in (("debian", f"{apt} bpftool"),
                                   ("ubuntu", f"{apt} linux-tools-common linux-tools-generic"),
                                   ("fedora", "dnf install -y -q --setopt=install_weak_deps=False gcc-c++ bpftool")):
            done = self.installed(distribution, "g++", "bpftool")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(told, done.stderr)

    def test_another_distribution_and_an_unknown_package_are_refused_with_a_sentence(self):
        done = self.installed("plan9", "g++")
        self.assertEqual(done.returncode, 2)
        self.assertIn("install by hand: g++", done.stderr)
        done = self.installed("ubuntu", "no-such-package")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no-such-package has no row", done.stderr)


if __name__ == "__main__":
    tare.main()
