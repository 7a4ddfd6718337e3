# SPDX-License-Identifier: Apache-2.0
"""A Debian 12 root with nothing in it, in which a package is installed and run as a user would. Made by debootstrap once and kept
in the build folder; a test sees it through an overlay, with /proc, /sys and a /dev of its own in a mount namespace of its own, so
that nothing of this machine is mounted over, and nothing stays mounted."""
import os
import pathlib
import re
import shutil
import subprocess
import time

import tare

SUITE = "bookworm"
CACHE = tare.BUILD / "bare-root"
# Taken from this machine's apt, whatever its mirror is.
TARGETS = ("apt-get", "indextargets", "--format", "$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)", "Created-By: Packages")

# What follows has a loopback of its own and no other network.
WITHOUT_NETWORK = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")

# Whatever is mounted or started goes with the command, also when that is killed. A shell is the first process of the namespace,
# because signals do not come to that one.
ALONE = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", '"$@"; exit $?', "sh")

ENTER = r"""
set -eu
mount -t overlay overlay -o lowerdir="$BASE",upperdir="$TOP/upper",workdir="$TOP/work" "$TOP/root"
cd "$TOP/root"
mount -t proc proc proc
mount --rbind /sys sys
mount -t tmpfs -o mode=755 tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkdir -m 1777 dev/shm
mkdir -p var/cache/apt/archives var/lib/apt/lists
mount --bind "$CACHE/archives" var/cache/apt/archives
mount --bind "$CACHE/lists" var/lib/apt/lists
exec chroot . /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
"""


def sources():
    """The lines of sources.list for the root: those of this machine that are Debian's, of its own release."""
    rows = [line.split() for line in subprocess.run(TARGETS, capture_output=True, text=True, check=True).stdout.splitlines()]
    lines = {f"deb {row[3]} {row[1]} {row[2]}" for row in rows
             if len(row) == 4 and row[0] == "Debian" and row[1].split("-")[0] == SUITE and row[2] == "main"}
    mirror = next((row[3] for row in rows if row[:3] == ["Debian", SUITE, "main"]), None)
    tare.required(mirror, f"apt with Debian's {SUITE} in its lists: apt-get update")
    return mirror, sorted(lines)


def mounts_below(folder):
    """The places at or below it where something is mounted, as this process sees them."""
    lines = pathlib.Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    places = (re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4]) for line in lines)
    return [place for place in places if pathlib.Path(place).is_relative_to(folder.resolve())]


def remove_tree(folder):
    """Not through a mount, behind which files of this machine are."""
    assert not mounts_below(folder), f"unmount first: {' '.join(mounts_below(folder))}"
    if folder.exists():
        shutil.rmtree(folder)


def base():
    """The folder of the root that nobody writes to."""
    tare.required(os.geteuid() == 0, "root")
    tare.required(shutil.which("debootstrap"), "debootstrap")
    made = CACHE / SUITE
    if not made.exists():
        mirror, lines = sources()
        partial = CACHE / f"{SUITE}.partial"
        remove_tree(partial)
        partial.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([*ALONE, "debootstrap", "--variant=minbase", SUITE, str(partial), mirror], check=True,
                       stdout=subprocess.DEVNULL)
        (partial / "etc/apt/sources.list").write_text("\n".join(lines) + "\n", encoding="utf-8")
        # Nothing is started when it is installed.
        policy = partial / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
        partial.rename(made)
    for name in ("archives", "lists"):
        (CACHE / name / "partial").mkdir(parents=True, exist_ok=True)
    return made


class BareRoot:
    """What is written to it is kept in `folder`, which the test removes."""

    def __init__(self, folder):
        self.base = base()
        self.top = pathlib.Path(folder)
        for name in ("upper", "work", "root"):
            (self.top / name).mkdir()

    def write(self, path, text, mode=0o644):
        file = self.top / "upper" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    def copy(self, file, path):
        target = self.top / "upper" / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)

    def read(self, path):
        return (self.top / "upper" / path.lstrip("/")).read_text(encoding="utf-8")

    def run(self, *command, network=None, variables=(), timeout=120):
        """A finished command in the root, with a loopback of its own and no other network, or with the network of the process
        `network`."""
        join = WITHOUT_NETWORK if network is None else ("nsenter", f"--net=/proc/{network}/ns/net")
        environment = {**os.environ, "BASE": str(self.base), "TOP": str(self.top), "CACHE": str(CACHE)}
        return subprocess.run([*join, *ALONE, "sh", "-c", ENTER, "enter", *variables, *map(str, command)],
                              env=environment, capture_output=True, text=True, timeout=timeout, check=False)

    def install(self, *packages):
        """Resolved by apt. The lists and packages of a run before do, where they are whole and new enough."""
        said = ""
        for refresh in (False, True, True, True):
            if refresh:  # which says that it worked when nothing was fetched, unless it is told otherwise
                update = self.run("apt-get", "update", "-qq", "-o", "APT::Update::Error-Mode=any", network="self")
                said += update.stdout + update.stderr
                if update.returncode != 0:
                    time.sleep(5)
                    continue
            done = self.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, network="self", timeout=300,
                            variables=("DEBIAN_FRONTEND=noninteractive",))
            if done.returncode == 0:
                return
        raise AssertionError(said + done.stdout + done.stderr)
