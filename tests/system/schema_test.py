# SPDX-License-Identifier: Apache-2.0
"""Runs whose rows are of schema 1: reported with a note, and compared with those of schema 2, row by row."""
import csv
import hashlib
import io
import json
import pathlib
import shutil

import tare

COLUMNS_1 = ("run,server,wiring,rung,build,op,key_bytes,value_bytes,connections,pipeline,mode,repetition,source,metric,detail,"
             "requests,value,status").split(",")
REFERENCE = tare.SOURCE / "results" / "reference"
NOTE = "schema 1 of an earlier tare, read as schema 2"
RENAMED = {"not measurable": "not judged"}
# Of its parts, which the document does not state, none disproves any more.
JUDGED_OTHERWISE = {("current-memcpy-io_uring", "get_hit"): ("4", "confirmed")}
# What an external server did: idle, of its requests, and by itself beside them.
MEMCACHED = """r,memcached,,,foreign,idle,0,0,1,1,lockstep,0,bpf,syscalls,,1000,490,ok
r,memcached,,,foreign,idle,0,0,1,1,lockstep,0,bpf,syscalls,clock_nanosleep,1000,490,ok
r,memcached,,,foreign,get_hit,16,64,1,1,lockstep,0,bpf,syscalls,,100,300,ok
r,memcached,,,foreign,get_hit,16,64,1,1,lockstep,1,bpf,syscalls,,200,600,ok
r,memcached,,,foreign,get_hit_background,16,64,1,1,lockstep,0,bpf,syscalls,,20,10,ok
r,memcached,,,foreign,get_hit_background,16,64,1,1,lockstep,1,bpf,syscalls,,40,,absent:lost
"""


def as_schema_2(row):
    """A row of schema 1 in the columns of schema 2; said a second time here, apart from tare's own reader."""
    op = row["op"]
    kind = "idle" if op == "idle" else "background" if op.endswith("_background") else "request"
    row = {**row, "kind": kind, "op": "" if kind == "idle" else op.removesuffix("_background"),
           "per": "request" if kind == "request" else "ms", "divisor": row["requests"]}
    return {column: row[column] for column in tare.Row._fields}


class Schema(tare.Case):
    def write(self, name, rows, columns, schema, environment=None):
        run = self.folder / name
        run.mkdir()
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (run / "observations.csv").write_text(text.getvalue(), encoding="utf-8")
        environment = {**(environment or {"run": "r", "suite": {"name": "made_up"}, "warnings": []}), "schema": schema}
        (run / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
        (run / "COMPLETE").write_text("".join(f"{hashlib.sha256((run / each).read_bytes()).hexdigest()}  {each}\n"
                                              for each in ("observations.csv", "environment.json")), encoding="utf-8")
        return run

    def both(self, rows, environment=None):
        return (self.write("first", rows, COLUMNS_1, 1, environment),
                self.write("second", map(as_schema_2, rows), tare.Row._fields, 2, environment))

    def compared(self, base, head, code=0):
        done = tare.run("compare", str(base), str(head), "--format", "json")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count(NOTE), sum((run / "observations.csv").read_text().startswith("run,") for run in (base, head)))
        return json.loads(done.stdout)["rows"]

    def test_a_run_of_schema_1_has_its_report_and_its_note(self):
        copy = pathlib.Path(shutil.copytree(REFERENCE, self.folder / "reference"))
        done = tare.run("report", str(copy))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr.count(NOTE), 1, done.stderr)
        # More is claimed since; what was measured is what it was, and so are the verdicts but for what is known to have changed.
        before, now = ({(claim["claim"], claim["op"]): (claim["measured"], claim["verdict"]) for claim in tare.claims_of(folder)}
                       for folder in (REFERENCE, copy))
        self.assertGreater(len(before), 90)
        expected = {claim: (measured, RENAMED.get(verdict, verdict)) for claim, (measured, verdict) in before.items()}
        expected.update(JUDGED_OTHERWISE)
        self.assertEqual(expected, {claim: now.get(claim) for claim in before})

    def test_the_reference_run_is_the_same_in_both_schemas(self):
        with open(REFERENCE / "observations.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        first, second = self.both(rows, json.loads((REFERENCE / "environment.json").read_text(encoding="utf-8")))
        for base, head in ((first, second), (second, first)):
            verdicts = {row["verdict"] for row in self.compared(base, head)}
            self.assertLessEqual(verdicts, {"same", "absent"})

    def test_what_a_server_does_by_itself_is_the_same_in_both_schemas(self):
        rows = list(csv.DictReader(io.StringIO(",".join(COLUMNS_1) + "\n" + MEMCACHED)))
        first, second = self.both(rows)
        kinds = {}
        for row in self.compared(first, second):
            self.assertNotIn(row["verdict"], ("only in base", "only in head"), row)
            kinds.setdefault((row["cell"]["kind"], row["cell"]["op"]), []).append((row["base"], row["head"]))
        self.assertEqual(kinds, {("idle", ""): [(0.49, 0.49)] * 2, ("request", "get_hit"): [(3, 3)], ("background", "get_hit"): [(0.5, 0.5)]})

    def test_a_change_is_found_across_schemas(self):
        rows = list(csv.DictReader(io.StringIO(",".join(COLUMNS_1) + "\n" + MEMCACHED)))
        first = self.write("first", rows, COLUMNS_1, 1)
        for row in rows:
            if row["op"] == "get_hit":
                row["value"] = str(4 * int(row["requests"]))
        second = self.write("second", map(as_schema_2, rows), tare.Row._fields, 2)
        worse = [row for row in self.compared(first, second, code=1) if row["verdict"] == "worse"]
        self.assertEqual([(row["cell"]["kind"], row["base"], row["head"]) for row in worse], [("request", 3, 4)])

    def test_files_of_two_schemas_in_one_folder_are_refused(self):
        rows = list(csv.DictReader(io.StringIO(",".join(COLUMNS_1) + "\n" + MEMCACHED)))
        whole = self.write("whole", map(as_schema_2, rows), tare.Row._fields, 2)
        mixed = self.write("mixed", map(as_schema_2, rows), tare.Row._fields, 1)
        done = tare.run("compare", str(whole), str(mixed))
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("schema is 1 in environment.json and 2 in observations.csv", done.stderr)


if __name__ == "__main__":
    tare.main()
