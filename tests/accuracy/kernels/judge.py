# SPDX-License-Identifier: Apache-2.0
"""What a kernel's guest wrote, judged: for each probe whether what it counted there is right, absent with a reason, or wrong. A count
is held to what a program certainly does (the probe tests), and to what another source counted in the same window."""
import csv
import dataclasses
import json
import pathlib
import re

# Which probe fills a metric of source `bpf`; the other sources have a probe each, or need none.
PROBE_OF = {"syscalls": "system_calls", "syscalls_eagain": "system_calls", "syscalls_short": "system_calls", "syscalls_zero": "system_calls",
            "wait_events": "system_calls", "sqes": "queue_operations", "cqes": "queue_operations", "kernel_copied_bytes": "socket_bytes",
            "allocations": "allocations", "allocated_bytes": "allocations", "copies": "copies",
            "copied_bytes": "copies"}
SOURCE_PROBE = {"fdinfo": "fdinfo"}
# Its times are the emulator's, which no other source of this guest has.
NOT_HELD = {"cpu_time": "not held: the emulator's times"}
MODULE_REMEDY = "modprobe tcp_diag"


@dataclasses.dataclass
class Held:
    """What is known of one probe on one kernel."""
    absent: str = ""
    right: int = 0
    wrong: list = dataclasses.field(default_factory=list)

    def word(self, probe):
        if self.wrong:
            return f"WRONG: {'; '.join(self.wrong[:3])}"
        if self.absent:
            return f"absent: {self.absent}"
        if self.right:
            return f"right ({self.right} counts held)"
        return NOT_HELD.get(probe, "WRONG: present, and held by nothing")


@dataclasses.dataclass
class Judged:
    """`probes` by name; `wirings` and `steps` as lines; `faults` are what makes the kernel fail."""
    release: str
    probes: dict
    wirings: dict
    lines: list
    faults: list


def doctor_lines(out, step="doctor"):
    """{subject: "" or why it is absent}"""
    found = {}
    for line in text(out / f"{step}.out").splitlines():
        match = re.match(r"(ok|absent) +((?:probe|wiring) \S+) +(.*)", line)
        if match:
            found[match[2]] = "" if match[1] == "ok" else match[3] or "no reason given"
    return found


def text(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def rows_of(folder):
    with open(folder / "observations.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hold_probe_tests(out, probes, faults):
    """The tests of tare-probes-tests, each of which names the probes that it holds."""
    path = out / "probes.json"
    if not path.exists():
        faults.append("the probe tests left no result")
        return
    for suite in json.loads(text(path))["testsuites"]:
        for test in suite["testsuite"]:
            names = test.get("probes", "").split()
            if test.get("result") == "SKIPPED":
                continue
            for name in names:
                if test.get("failures"):
                    said = " ".join(test["failures"][0]["failure"].split())
                    probes[name].wrong.append(f"{test['name']}: {said[:200]}")
                else:
                    probes[name].right += 1
            if test.get("failures") and not names:
                faults.append(f"{suite['name']}.{test['name']} failed")


def hold_windows(rows, probes, faults):
    """Counts of one window by several sources: they are equal wherever there are two."""
    cells = {}
    for row in rows:
        if row["source"] == "client" or not row["status"].startswith("ok") or row["detail"]:
            continue
        # Of large values the allocator's own brk is no call that a ledger can know.
        if row["metric"] == "syscalls" and int(row.get("value_bytes") or 0) > 65536:
            continue
        window = tuple(value for name, value in row.items() if name not in ("source", "detail", "per", "divisor", "value", "status"))
        cells.setdefault(window, {})[row["source"]] = row["value"]
    for window, seen in cells.items():
        for source, value in seen.items():
            probe = SOURCE_PROBE.get(source) or (PROBE_OF.get(window[-1]) if source == "bpf" else None)
            for other in ("ledger", "prediction", "fdinfo"):
                if probe is None or other == source or other not in seen:
                    continue
                if seen[other] == value:
                    probes[probe].right += 1
                else:
                    probes[probe].wrong.append(f"{'/'.join(window)}: {value}, by {other} {seen[other]}")
    for row in rows:
        if not row["status"].startswith("ok") and len(row["status"]) <= len("absent: "):
            faults.append(f"a row is {row['status']!r} without a reason")


def judge(out, parts):
    """Judges the folder `out` of a guest that ran `parts`."""
    doctor = doctor_lines(out)
    probes = {subject.split()[1]: Held(absent=why) for subject, why in doctor.items() if subject.startswith("probe ")}
    wirings = {subject.split()[1]: why for subject, why in doctor.items() if subject.startswith("wiring ")}
    judged = Judged(text(out / "release").strip(), probes, wirings, [], [])
    codes = {}
    for line in text(out / "steps").splitlines():
        name, code, seconds = line.split()
        codes[name] = int(code)
        judged.lines.append(f"{name}: exit code {code}, {seconds} s")
        # A test that skipped something ends with 77; a run whose every case is absent, with 4, is none of ours.
        if int(code) not in (0, 77):
            errors = text(out / f"{name}.err").strip().splitlines() or text(out / f"{name}.out").strip().splitlines() or ["nothing"]
            # The last line of a test's output counts faults; the lines before it name them.
            judged.faults.append(f"{name} ended with exit code {code}: {' | '.join(errors[-8:])[-800:]}")
    if not probes:
        judged.faults.append("doctor named no probe")
        return judged
    if "capabilities" in parts:
        hold_capabilities(out, judged)
    if "probes" in parts:
        hold_probe_tests(out, probes, judged.faults)
    for part in ("overhead-analysis", "wirings", "report"):
        folder = out / f"run-{part}"
        if part in parts and folder.is_dir():
            rows = rows_of(folder)
            hold_windows(rows, probes, judged.faults)
            if part == "wirings":
                hold_wirings(rows, wirings, judged.faults)
    if "no_module" in parts and codes.get("no_module") == 0:
        hold_missing_module(rows_of(out / "run-no_module"), judged)
    judged.faults += [f"{name} is {held.word(name)}" for name, held in probes.items() if held.word(name).startswith("WRONG")]
    return judged


def judge_refusals(out, parts):
    """Judges a guest whose kernel is too old: each command ends with exit code 4 and the same one sentence."""
    judged = Judged(text(out / "release").strip(), {}, {}, [], [])
    codes = dict(line.split()[:2] for line in text(out / "steps").splitlines())
    for part in parts:
        said = text(out / f"{part}.err").strip()
        judged.lines.append(f"{part}: exit code {codes.get(part)}: {said}")
        if codes.get(part) != "4" or len(said.splitlines()) != 1 or f"this is Linux {judged.release}, and tare's probes need Linux" not in said:
            judged.faults.append(f"{part} ended with exit code {codes.get(part)}: {said[:200]}")
    return judged


def hold_wirings(rows, wirings, faults):
    """A wiring is measured where doctor says that its server can run, and absent for the same reason where not."""
    for wiring, why in wirings.items():
        name = wiring.split("/")[1]
        seen = [row["status"] for row in rows if row["wiring"] == name and row["source"] == "ledger" and not row["detail"]]
        if not seen:
            faults.append(f"{wiring} has no row")
        elif not why and any(status != "ok" for status in seen):
            faults.append(f"{wiring} is absent in a run, and doctor says that it works: {next(s for s in seen if s != 'ok')}")
        elif why and not all(why in status for status in seen):
            faults.append(f"{wiring} is {seen[0]!r} in a run, and doctor says: {why}")


def hold_capabilities(out, judged):
    """With CAP_BPF and CAP_PERFMON alone functions are counted, or the capability that is missing is named; the rest is as for root."""
    for name, held in judged.probes.items():
        why = doctor_lines(out, "capabilities").get(f"probe {name}", "not named")
        if why and why != held.absent and "needs CAP_SYS_ADMIN" not in why:
            judged.faults.append(f"{name} with CAP_BPF and CAP_PERFMON alone is absent: {why}")


def hold_missing_module(rows, judged):
    """Without tcp_diag the request without a reply is absent with the remedy, and the other is counted."""
    def statuses(operation):
        return [row["status"] for row in rows if row["op"] == operation and row["source"] == "ledger" and not row["detail"]]
    if not statuses("get_hit") or set(statuses("get_hit")) != {"ok"}:
        judged.faults.append("without tcp_diag a request with a reply was not counted")
    if not statuses("set_noreply") or not all(MODULE_REMEDY in status for status in statuses("set_noreply")):
        judged.faults.append(f"without tcp_diag set_noreply was not absent with `{MODULE_REMEDY}`")
