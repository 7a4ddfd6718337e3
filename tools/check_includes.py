#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what each folder may include, and the bans of the servers' request path.

Usage: check_includes.py ROOT      exit 0, or 1 with one line a fault
       check_includes.py --self-test
"""
import pathlib
import re
import sys
import tempfile

# What a folder may include, besides itself and the folders in it (docs/architecture.md). A folder stands below those that name
# it, so there is no circle. Tests may look at anything.
MAY_INCLUDE = {
    "core": [],
    "run": ["core"],
    "servers": ["core", "run"],
    # The numbers and structs that a BPF program and its user half have in common; symbols finds and unwinds what they describe.
    "probes/bpf/shared": [],
    "probes/bpf": ["probes/bpf/shared"],
    "probes/symbols": ["core", "probes/bpf/shared"],
    "probes/attach": ["core", "probes/symbols", "probes/bpf/shared"],
    "probes/counters": ["core", "probes/attach", "probes/symbols", "probes/bpf/shared"],
    # The memory that the preloaded library and its reader have in common.
    "probes/preload": ["probes/bpf/shared"],
    "probes": ["core", "probes/counters"],
    "harness/process": ["core"],
    "harness/load": ["core", "probes", "harness/process"],
    "harness/trace": ["core", "run", "probes", "probes/attach", "probes/counters", "probes/symbols", "probes/preload",
                      "probes/bpf/shared", "harness/process"],
    "harness/calibrate": ["core", "harness/process"],
    "harness/bench": ["core", "run", "probes", "probes/attach", "probes/counters", "harness/process", "harness/load",
                      "harness/trace", "harness/calibrate", "analysis/model"],
    "harness/ab": ["core", "harness/process", "harness/bench"],
    "analysis/model": ["core", "run"],
    "analysis/report": ["core", "run", "analysis/model"],
    "analysis/claims": ["core", "run", "analysis/model", "analysis/report"],
    "analysis/case_study": ["core", "run", "analysis/model", "analysis/report", "analysis/claims"],
    "analysis/compare": ["core", "run", "analysis/model", "analysis/report"],
    # The command line is where all meet, except the servers, which are only executed.
    "harness/cli": ["core", "run", "probes", "probes/attach", "probes/counters", "probes/symbols", "harness/process", "harness/load",
                    "harness/trace", "harness/calibrate", "harness/bench", "harness/ab", "analysis/model", "analysis/report", "analysis/claims",
                    "analysis/case_study",
                    "analysis/compare"],
}

SOURCES = {".h", ".cc", ".c"}
INCLUDE = re.compile(r'^[ \t]*#\s*include\s+"([^"]+)"', re.M)

# In the servers every payload copy goes through copy_bytes and every allocation of the path through allocate_bytes.
BANNED_IN_SERVERS = {
    "raw copy": re.compile(r"\b(?:memcpy|memmove|mempcpy|strcpy|strncpy|bcopy|__builtin_memcpy|__builtin_memmove|std::copy|"
                           r"std::copy_n|std::ranges::copy)\s*\("),
    "raw allocation": re.compile(r"\b(?:malloc|calloc|realloc|aligned_alloc|posix_memalign)\s*\("),
}
# One #if tells the two builds apart, in one file.
BANNED_BUT_IN_LEDGER = {"conditional compilation": re.compile(r"^[ \t]*#\s*(?:if|ifdef|ifndef|elif)\b", re.M)}
# The data plane decides by type, not at run time.
BANNED_IN_PATH = {"virtual call": re.compile(r"\bvirtual\b")}
# A stream that fails must be heard of (stdout) or must not matter (stderr): core/output.h and core/standard_streams.h see to it.
BANNED_BUT_IN_TESTS = {"unchecked print": re.compile(r"\bfmt::print\s*\(|\bstd::(?:cout|cerr|printf|puts|fputs|fprintf)\b")}
DATA_PLANE = ("servers/path", "servers/epoll", "servers/uring", "servers/null")


def without_comments(text):
    """The text with comments blanked, line by line, so that line numbers hold."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return re.sub(r"//[^\n]*|/\*.*?\*/", blank, text, flags=re.S)


def line_of(text, match):
    return text.count("\n", 0, match.start()) + 1


def room_of(name):
    """The innermost folder of the rules that a file or an include stands in; None for none."""
    rooms = [room for room in MAY_INCLUDE if name.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def circles():
    """Folders that may include each other, by whatever way."""
    def reached(room, seen):
        for below in MAY_INCLUDE[room]:
            if below not in seen:
                seen.add(below)
                reached(below, seen)
        return seen
    return [f"{room}: includes itself by way of others" for room in MAY_INCLUDE if room in reached(room, set())]


def faults_of(root, path):
    name = path.relative_to(root).as_posix()
    room = room_of(name)
    text = path.read_text(encoding="utf-8")
    code = without_comments(text)
    if "SPDX-License-Identifier" not in text.split("\n", 1)[0]:
        yield f"{name}:1: no licence line"
    if name.startswith("tests/"):
        return
    if room is None:
        yield f"{name}:1: stands in no folder of the include rules"
        return
    for match in INCLUDE.finditer(code):
        target = room_of(match.group(1))
        if target is not None and target != room and target not in MAY_INCLUDE[room]:
            yield f"{name}:{line_of(code, match)}: {room} may not include {match.group(1)}"
    bans = {} if name == "core/check.h" else dict(BANNED_BUT_IN_TESTS)
    if room == "servers":
        bans |= BANNED_IN_SERVERS
    if name != "core/ledger.h":
        bans |= BANNED_BUT_IN_LEDGER
    if name.startswith(DATA_PLANE):
        bans |= BANNED_IN_PATH
    for what, pattern in bans.items():
        for match in pattern.finditer(code):
            yield f"{name}:{line_of(code, match)}: {what}: {match.group().strip()}"


def faults(root):
    found = circles()
    for room in [*sorted({room.split("/")[0] for room in MAY_INCLUDE}), "tests"]:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in SOURCES:
                found += faults_of(root, path)
    for path in sorted(root.rglob("*")):
        if path.is_dir() and path.name in ("utils", "util", "common", "helpers") and "build" not in path.parts:
            found.append(f"{path.relative_to(root)}: a folder without a subject")
    return found


PLANTED = {
    "core/a.h": ('#include "servers/catalogue.h"', "core may not include"),
    "servers/a.cc": ('#include "harness/bench/run.h"', "servers may not include"),
    "probes/a.cc": ('#include "harness/bench/run.h"', "probes may not include"),
    "probes/bpf/shared/a.h": ('#include "core/error.h"', "probes/bpf/shared may not include"),
    "probes/symbols/a.cc": ('#include "probes/attach/uprobes.h"', "probes/symbols may not include"),
    "probes/counters/a.h": ('#include "probes/catalogue.h"', "probes/counters may not include"),
    "harness/bench/a.cc": ('#include "servers/catalogue.h"', "harness/bench may not include"),
    "harness/load/b.cc": ('#include "harness/bench/session.h"', "harness/load may not include"),
    "harness/load/protocols/b.cc": ('#include "harness/trace/instruments.h"', "harness/load may not include"),
    "harness/cli/a.cc": ('#include "servers/catalogue.h"', "harness/cli may not include"),
    "harness/a.cc": ("", "stands in no folder"),
    "analysis/model/a.cc": ('#include "analysis/report/chart.h"', "analysis/model may not include"),
    "analysis/report/b.cc": ('#include "analysis/case_study/claims.h"', "analysis/report may not include"),
    "analysis/report/a.cc": ('#include "probes/probe_cost.h"', "analysis/report may not include"),
    "servers/path/a.h": ("void f() { std::memcpy(a, b, 1); }", "raw copy"),
    "servers/epoll/a.h": ("char* f() { return std::malloc(1); }", "raw allocation"),
    "servers/uring/a.h": ("#ifdef FAST", "conditional compilation"),
    "probes/bpf/a.bpf.c": ("#if FAST", "conditional compilation"),
    "harness/bench/c.cc": ('void f() { fmt::print("{}", 1); }', "unchecked print"),
    "analysis/model/a.h": ("void f() { std::cout << 1; }", "unchecked print"),
    "servers/null/a.h": ("struct A { virtual void f(); };", "virtual call"),
}
ALLOWED = {
    "harness/cli/b.cc": '#include "analysis/report/report.h"\n#include "harness/bench/run.h"',
    "harness/load/protocols/c.cc": '#include "harness/load/load_plan.h"',
    "servers/path/b.h": '#include "core/copy.h"\n// memcpy( in a comment\nvoid f() { copy_bytes(h, a, b, 1); }',
    "core/ledger.h": "#if TARE_COUNTED\n#endif",
    "tests/a.cc": '#include "servers/catalogue.h"',
}


def self_test():
    """Each planted violation is found, alone; what is allowed is not."""
    licence = "// SPDX-License-Identifier: Apache-2.0\n"
    wrong = []
    for name, (text, expected) in PLANTED.items():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True)
            path.write_text(licence + text + "\n", encoding="utf-8")
            found = faults(pathlib.Path(folder))
            line = 2 if text else 1
            if len(found) != 1 or expected not in found[0] or not found[0].startswith(f"{name}:{line}:"):
                wrong.append(f"{name}: planted '{text}', found {found}")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in ALLOWED.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(licence + text + "\n", encoding="utf-8")
        wrong += [f"allowed, yet found: {fault}" for fault in faults(pathlib.Path(folder))]
    return wrong


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    found = self_test() if arguments[0] == "--self-test" else faults(pathlib.Path(arguments[0]))
    for fault in found:
        print(fault)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
