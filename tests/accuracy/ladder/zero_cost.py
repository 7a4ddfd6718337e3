#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the disassembly of the timed server's request path: a rung calls the allocator if its prediction has allocations for
some operation, and only then; no rung calls the ledger.

Usage: zero_cost.py TARE_SERVER
"""
import re
import subprocess
import sys

RUNGS = {  # rung: its struct
    "as_described": "AsDescribed", "in_place_input": "InPlaceInput", "inline_keys": "InlineKeys",
    "direct_reply": "DirectReply", "get_into": "GetInto", "gathered_reply": "GatheredReply",
}
OPERATIONS = ("get_hit", "get_miss", "set", "set_noreply", "delete", "mget")
# A connection's own buffer may grow while it warms up: that is not the request's cost, and every rung can do it.
WARM_UP = re.compile(r"tare::(ByteBuffer|GatheredOutput)::grow")


def predicted(server, rung, metric):
    """Whether any operation's prediction on this rung has some of `metric`."""
    for operation in OPERATIONS:
        text = subprocess.run([server, f"epoll/level/{rung}", "--predict", operation], capture_output=True, text=True,
                              check=True).stdout
        for line in text.splitlines():
            name, detail, value, status = line.split(",", 3)
            if name == metric and not detail and status == "ok" and int(value) > 0:
                return True
    return False


def functions(server):
    """{name: set of names it calls} of every function of the program."""
    text = subprocess.run(["objdump", "-d", "-C", "--no-show-raw-insn", server], capture_output=True, text=True,
                          check=True).stdout
    calls = {}
    name = None
    for line in text.splitlines():
        start = re.match(r"[0-9a-f]+ <(.+)>:$", line)
        if start:
            name = start[1]
            calls.setdefault(name, set())
            continue
        target = re.search(r"\b(?:call|jmp)\s+[0-9a-f]+ <(.+?)(?:\+0x[0-9a-f]+)?>$", line)
        if target and name and target[1] != name:
            calls[name].add(target[1])
    return calls


def reached(calls, name, seen):
    """What `name` calls, and what these call, but not through a connection's buffers growing."""
    for target in calls.get(name, ()):
        if target in seen or WARM_UP.search(target):
            continue
        seen.add(target)
        reached(calls, target, seen)
    return seen


def main(server):
    calls = functions(server)
    faults = []
    for rung, struct in RUNGS.items():
        path = f"tare::RequestPath<tare::{struct}>::"
        roots = [name for name in calls if name.startswith(path)]
        if not roots:
            faults.append(f"{rung}: no function of its path in the program")
            continue
        names = set(roots)
        for root in roots:
            reached(calls, root, names)
        allocates = any("allocate_bytes" in name or re.match(r"(malloc|calloc|realloc|operator new)", name) for name in names)
        expected = predicted(server, rung, "allocations")
        print(f"{rung}: allocator {'called' if allocates else 'not called'}, "
              f"{'some' if expected else 'none'} predicted; {len(names)} functions reached")
        if allocates != expected:
            faults.append(f"{rung}: the allocator is {'' if allocates else 'not '}called")
        faults += [f"{rung}: calls {name}" for name in names if "Ledger" in name]
    for fault in faults:
        print(fault)
    return bool(faults)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
