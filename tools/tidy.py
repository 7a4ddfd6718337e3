#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy with the checks of .clang-tidy as errors, one file per core at a time.

Usage: tidy.py BUILD changed   what differs from the merge base with origin/main, or from the last commit's parent
       tidy.py BUILD all       every source
       tidy.py --self-test

A changed header stands for the sources that include it; where only headers include it, for the sources that include those. A
changed .clang-tidy stands for all."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^[ \t]*#\s*include\s+"([^"]+)"', re.M)
# What CMake adds for a precompiled header, which is of g++ and not for clang.
PRECOMPILED = re.compile(r"-Winvalid-pch|-include \S*cmake_pch\.hxx")


def git(*arguments):
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def changed_files():
    """Names of what is not as it was, committed or not; None where there is nothing to hold it against."""
    head = git("rev-parse", "HEAD")
    base = git("merge-base", "HEAD", "origin/main")
    if not base or base == head:
        base = git("rev-parse", "--verify", "--quiet", "HEAD~1")
    if not base:
        return None
    return git("diff", "--name-only", "--diff-filter=d", *base) + git("ls-files", "--others", "--exclude-standard")


def stands_for(changed, sources, included):
    """The sources to look at; `included` has the headers that each file includes."""
    if changed is None or any(pathlib.PurePath(name).name == ".clang-tidy" for name in changed):
        return sorted(sources)
    chosen, seen, headers = set(changed) & sources, set(), [name for name in changed if name.endswith(".h")]
    while headers:
        header = headers.pop()
        seen.add(header)
        includers = {name for name, names in included.items() if header in names}
        own = header.removesuffix(".h") + ".cc"
        found = (includers | {own}) & sources
        chosen |= found
        if not found:
            headers += sorted(includers - seen)
    return sorted(chosen)


def includes():
    files = git("ls-files", "--cached", "--others", "--exclude-standard", "*.cc", "*.h")
    return {name: set(INCLUDE.findall(pathlib.Path(name).read_text(encoding="utf-8"))) for name in files if os.path.exists(name)}


def compile_commands(build):
    """Writes BUILD's compile commands as clang understands them; returns their folder and the sources that they name."""
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    for command in commands:
        command["command"] = PRECOMPILED.sub("", command["command"])
    folder = build / "tidy"
    folder.mkdir(exist_ok=True)
    (folder / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    return folder, {os.path.relpath(command["file"]) for command in commands}


def tidy(folder, source):
    done = subprocess.run(["clang-tidy", "-p", folder, "--quiet", "--warnings-as-errors=*", source], capture_output=True, text=True, check=False)
    # How many warnings were suppressed goes to stderr; what failed without a finding is said there too.
    return done.returncode, done.stdout or (done.stderr if done.returncode != 0 else "")


def self_test():
    included = {"a.cc": {"a.h"}, "a.h": set(), "b.cc": {"b.h"}, "b.h": {"c.h"}, "c.h": set(), "d.cc": {"a.h"}}
    sources = {"a.cc", "b.cc", "d.cc"}
    for changed, expected in ((["a.h"], ["a.cc", "d.cc"]), (["c.h"], ["b.cc"]), (["d.cc", "README.md"], ["d.cc"]), ([], []),
                              (["tests/.clang-tidy"], ["a.cc", "b.cc", "d.cc"]), (None, ["a.cc", "b.cc", "d.cc"])):
        found = stands_for(changed, sources, included)
        assert found == expected, (changed, found)
    assert PRECOMPILED.sub("", "g++ -Winvalid-pch -include /b/CMakeFiles/t.dir/cmake_pch.hxx -c a.cc").split() == ["g++", "-c", "a.cc"]


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    if len(sys.argv) != 3 or sys.argv[2] not in ("changed", "all"):
        sys.exit(__doc__)
    folder, compiled = compile_commands(pathlib.Path(sys.argv[1]))
    included = includes()
    sources = {name for name in included if name.endswith(".cc")} & compiled
    chosen = stands_for(changed_files() if sys.argv[2] == "changed" else None, sources, included)
    print(f"clang-tidy: {len(chosen)} of {len(sources)} sources", flush=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for code, said in pool.map(lambda source: tidy(folder, source), chosen):
            failed = failed or code != 0
            if said:
                print(said, end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
