#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds that what the documents (*.md) point at exists: links and their headings, and `paths` in the repository.

Usage: check_docs.py ROOT      exit 0, or 1 with one line a fault
       check_docs.py --self-test
"""
import pathlib
import re
import sys
import tempfile

# A path in backticks is one of the repository when it begins with a folder of it. What a command makes is not in the repository.
FOLDERS = ("analysis", "cmake", "core", "docs", "examples", "harness", "probes", "results", "run", "servers", "tests", "tools")
MADE = re.compile(r"results/(latest|power|\.|[^/]*<|report-|nightly)|[*<>…{}\[\]]|(^|/)x\.")
PATH = re.compile(r"`(?:\.\./)*((?:%s)/[^`\s:]*)(?::\d+)?`" % "|".join(FOLDERS))
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
# Derived from a run, and history: they speak of what was.
LEFT_OUT = {"results/reference/report.md", "CHANGELOG.md"}


def anchors_of(text):
    """The anchors of a document's headings, as GitHub makes them."""
    headings = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in HEADING.findall(text)]
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-") for heading in headings}


def fault_of_link(path, target):
    """Why the link in this document leads nowhere; None where it is right, or leads out of the repository."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    place = path.parent / name if name else path
    if not place.exists():
        return f"{target}: no such file"
    if anchor and place.suffix == ".md" and anchor not in anchors_of(place.read_text(encoding="utf-8")):
        return f"{target}: no such heading"
    return None


def exists(root, name):
    """Whether there is a file or folder of this name; `path.*`, `path.h`, `path` without an ending or `path.{h,cc}` count as well."""
    place = root / name.rstrip("/.")
    return place.exists() or any(place.parent.glob(place.name + ".*"))


def faults(root):
    for path in sorted(root.rglob("*.md")):
        name = path.relative_to(root).as_posix()
        if name in LEFT_OUT or name.split("/")[0] in ("build", ".git") or name.startswith(("results/", "build")) and name != "results/README.md":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for target in LINK.findall(line):
                if fault := fault_of_link(path, target):
                    yield f"{name}:{number}: {fault}"
            for target in PATH.findall(line):
                if not MADE.search(target) and not exists(root, target):
                    yield f"{name}:{number}: {target}: no such path"


def self_test():
    """Each planted fault is found; what is right is not."""
    right = "# A title\n[a](docs/b.md) [c](#a-title) [d](docs/b.md#b-c) [e](https://x.y/z) `core/c.h` `core/c` `results/latest` `epoll/level`\n"
    wrong = []
    for planted, expected in (("", None), ("[x](docs/gone.md)", "no such file"), ("[x](docs/b.md#gone)", "no such heading"),
                              ("[x](#gone)", "no such heading"), ("`core/gone.h`", "no such path"), ("`core/gone/`", "no such path")):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in (("README.md", right + planted), ("docs/b.md", "## B `c`\n"), ("core/c.h", "")):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            found = list(faults(root))
            if len(found) != (expected is not None) or (expected and expected not in found[0]):
                wrong.append(f"planted '{planted}', found {found}")
    return wrong


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    found = self_test() if arguments[0] == "--self-test" else list(faults(pathlib.Path(arguments[0])))
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
