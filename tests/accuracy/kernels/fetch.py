# SPDX-License-Identifier: Apache-2.0
"""Debian's kernels as packages, by apt from the archive that this machine uses, with a configuration of apt's own: nothing is
installed. What was fetched once stays in the build folder."""
import os
import pathlib
import re
import subprocess

# The kernel's version, and the release of Debian that has it.
SUITES = {"5.10": "bullseye", "6.1": "bookworm", "6.12": "trixie"}
# Older than what the probes need: there tare must say so.
TOO_OLD = ("5.10",)
IMAGE = "linux-image-amd64"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Newer images are of several packages.
PARTS = re.compile(r"^linux-(image|binary|base|modules)-\d")


class NotFetched(Exception):
    """The archive does not have it, or cannot be reached."""


def run(arguments, folder=None):
    done = subprocess.run(list(map(str, arguments)), cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
        raise NotFetched(f"{arguments[0]}: {said[-1]}")
    return done.stdout


def archive():
    """Where this machine's apt has Debian itself from."""
    for line in run(["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"]).splitlines():
        label, uri = line.split("|")
        if label == "Debian":
            return uri
    raise NotFetched("apt of this machine has no archive of Debian (apt-get update?)")


def options(folder, suite):
    """apt's options for a configuration below `folder` that knows `suite` alone."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {archive()} {suite} main\n", encoding="utf-8")
    chosen = {"Dir::Etc::SourceList": folder / "sources.list", "Dir::Etc::SourceParts": "/dev/null", "Dir::State::Lists": folder / "lists",
              "Dir::Cache": folder / "cache", "APT::Architecture": "amd64", "Acquire::Languages": "none", "Acquire::Retries": "2", "APT::Update::Error-Mode": "any"}
    if os.geteuid() == 0:
        chosen["APT::Sandbox::User"] = "root"  # the folder need not be readable by apt's own user
    return [word for name, value in chosen.items() for word in ("-o", f"{name}={value}")]


def parts_of(image, given):
    """The packages that make up the kernel that `image` stands for today."""
    known, unread = set(), [image]
    while unread:
        for line in run(["apt-cache", *given, "depends", unread.pop()]).splitlines():
            found = re.match(r"^\s*\|?(?:Pre)?Depends: (\S+)$", line)
            if found and PARTS.match(found[1]) and found[1] not in known:
                known.add(found[1])
                unread.append(found[1])
    if not known:
        raise NotFetched(f"{image} depends on no kernel")
    return sorted(known)


def packages(kernel, cache):
    """The paths of the packages of `kernel`, fetched into the folder `cache` unless they are there. Raises NotFetched."""
    folder = pathlib.Path(cache).resolve() / kernel  # a relative one is looked for below the folders of apt itself
    whole = folder / "fetched"
    if not whole.exists():
        folder.mkdir(parents=True, exist_ok=True)
        given = options(folder / "apt", SUITES[kernel])
        run(["apt-get", *given, "update"])
        for old in folder.glob("*.deb"):
            old.unlink()
        run(["apt-get", *given, "download", *parts_of(IMAGE, given)], folder)
        whole.touch()
    return sorted(folder.glob("*.deb"))
