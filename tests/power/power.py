# SPDX-License-Identifier: Apache-2.0
"""How often `tare ab` finds what was planted, and how often it finds what was not: `make power`. Each comparison is a line of
FOLDER/counts.jsonl, so that it goes on where it was stopped. It measures counts; times are not in it."""
import argparse
import json
import pathlib
import subprocess
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
# A server under the planted ones' names that does nothing more: the base.
BASE = '''#!/bin/sh
case "$*" in *--list*|*--settings*|*--predict*) exec {build}/planted/tare-server "$@";; esac
shift
exec {build}/{name} epoll/level/as_described "$@"
'''
WHAT = {"allocation": ("allocations", "malloc"), "copy": ("copies", "memcpy_memmove"), "call": ("syscalls", "getppid")}


def base_folder(build, folder):
    for name in ("tare-server", "tare-server-counted"):
        script = folder / name
        script.write_text(BASE.format(build=build, name=name), encoding="utf-8")
        script.chmod(0o755)
    return folder


def compared(build, base, head, folder):
    """The rows of base against head, and those of base against the control."""
    text = folder / "head.json"
    done = subprocess.run([build / "tare", "ab", SOURCE / "tests/power/counts.toml", "--base-root", base, "--head-root", head,
                           "--out", folder, "--format", f"json={text}"], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    runs = dict(line.split(" ", 1) for line in done.stderr.splitlines() if line.startswith(("base /", "control /")))
    against_itself = subprocess.run([build / "tare", "compare", runs["base"], runs["control"], "--format", "json"],
                                    capture_output=True, text=True, check=False)
    return json.loads(text.read_text(encoding="utf-8"))["rows"], json.loads(against_itself.stdout)["rows"]


def planted(row):
    """(what, one in how many) of a row's cell."""
    words = row["cell"]["rung"].split("_")
    return words[1], int(words[2]) if len(words) > 2 else 1


def findings(rows):
    """{"call 100": found with its exact size and its part named}."""
    found = {}
    for row in rows:
        what, every = planted(row)
        metric, part = WHAT[what]
        if (row["source"], row["metric"]) != ("bpf", metric) or row["detail"] not in ("", part):
            continue
        exact = row["verdict"] == "worse" and abs(row["difference"] - 1 / every) < 1e-9
        found.setdefault(f"{what} {every}", []).append(exact)
    return {name: len(each) == 2 and all(each) for name, each in found.items()}


def alarms(rows):
    """Gated rows that are anything but the same: in a comparison of two alike, false alarms."""
    return sum(row["outcome"] != "not gated" and row["verdict"] not in ("same", "absent") for row in rows)


def one(build, base, head, kind):
    with tempfile.TemporaryDirectory(prefix="tare-power-") as folder:
        rows, control = compared(build, base, head, pathlib.Path(folder))
    line = {"kind": kind, "control_alarms": alarms(control)}
    line["found" if kind == "planted" else "alarms"] = findings(rows) if kind == "planted" else alarms(rows)
    return line


def summary(lines):
    planted_lines = [line for line in lines if line["kind"] == "planted"]
    table = ["| planted | found, size exact, part named |", "|---|---|"]
    for what in WHAT:
        for every in (1, 100, 1000):
            hits = sum(line["found"].get(f"{what} {every}", False) for line in planted_lines)
            table.append(f"| one {what} more at one request in {every} | {hits} of {len(planted_lines)} |")
    comparisons = [line["control_alarms"] for line in lines] + [line["alarms"] for line in lines if line["kind"] == "alike"]
    alarmed = sum(each > 0 for each in comparisons)
    return "\n".join([*table, "", f"Comparisons of two alike with a false alarm: {alarmed} of {len(comparisons)}."])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--planted", type=int, default=100, help="comparisons with the planted servers")
    parser.add_argument("--alike", type=int, default=50, help="comparisons of the base with itself; each has a control, too")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    journal = arguments.folder / "counts.jsonl"
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()] if journal.exists() else []
    with tempfile.TemporaryDirectory(prefix="tare-power-") as folder, journal.open("a", encoding="utf-8") as file:
        base = base_folder(arguments.build, pathlib.Path(folder))
        for kind, wanted, head in (("planted", arguments.planted, arguments.build / "planted"), ("alike", arguments.alike, base)):
            for _ in range(wanted - sum(line["kind"] == kind for line in lines)):
                lines.append(one(arguments.build, base, head, kind))
                file.write(json.dumps(lines[-1]) + "\n")
                file.flush()
    print(summary(lines))


if __name__ == "__main__":
    main()
