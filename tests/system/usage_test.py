# SPDX-License-Identifier: Apache-2.0
"""Wrong input: exit 2 with the place and what is allowed; wrong data: exit 3."""
import shutil

import tare

CELLS = '''description = "mine"
[[cells]]
variant = "epoll/level/as_described"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 50
'''


class Usage(tare.Case):
    def refused(self, suite, *told):
        self.run_suite(suite, code=2)
        for text in told:
            self.assertIn(text, self.stderr)
        self.assertFalse((self.folder / "results").exists())

    def test_unknown_suite(self):
        self.refused("no_such_suite", "no_such_suite", "overhead-analysis")

    def test_unknown_key(self):
        self.refused(self.suite(CELLS + "colour = 1\n"), "mine.toml:9", "colour", "value_bytes")

    def test_unknown_value(self):
        self.refused(self.suite(CELLS.replace("get_hit", "get_it")), "mine.toml:5", "get_it", "get_miss")

    def test_unknown_variant(self):
        self.refused(self.suite(CELLS.replace("level", "levle")), "mine.toml:3", "uring/oneshot/as_described")

    def test_out_of_range(self):
        self.refused(self.suite(CELLS.replace("key_bytes = 16", "key_bytes = 251")), "mine.toml:6", "250")

    def test_no_toml(self):
        self.refused(self.suite(CELLS + "op ="), "mine.toml:9")

    def test_only_matches_nothing(self):
        self.assertEqual(tare.run("run", "overhead-analysis", "--only", "nothing like this").returncode, 2)

    def test_unknown_command_and_option(self):
        done = tare.run("weigh")
        self.assertEqual(done.returncode, 2)
        self.assertIn("doctor", done.stderr)
        self.assertIn("probes", tare.run("list", "metals").stderr)
        self.assertEqual(tare.run("run", "overhead-analysis", "--fast").returncode, 2)
        self.assertEqual(tare.run("serve", "epoll/level/none").returncode, 2)

    def test_results_that_cannot_be_written(self):
        done = tare.run("run", "overhead-analysis", "--out", "/proc/here")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--out", done.stderr)

    def test_help(self):
        for arguments in (("--help",), ("run", "--help"), ("report", "--help"), ("serve", "--help"), ("list", "--help")):
            done = tare.run(*arguments)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--", done.stdout)


class Data(tare.Case):
    def test_changed_or_partial_run_is_refused(self):
        whole = self.run_suite(self.suite(CELLS.replace("[[cells]]", 'case_study = "overhead-analysis"\n[[cells]]')))
        self.assertEqual(tare.run("report", str(whole)).returncode, 0)
        for change in ("flip observations.csv", "cut environment.json", "flip claims.csv", "drop COMPLETE"):
            with self.subTest(change):
                copy = self.folder / change.replace(" ", "_")
                shutil.copytree(whole, copy)
                action, name = change.split()
                data = bytearray((copy / name).read_bytes())
                if action == "flip":
                    data[len(data) // 2] ^= 1
                (copy / name).write_bytes(data[: len(data) - 1] if action == "cut" else data)
                if action == "drop":
                    (copy / name).unlink()
                done = tare.run("report", str(copy))
                # claims.csv is derived and written anew; what was measured is not.
                self.assertEqual(done.returncode, 0 if "claims" in change else 3, done.stderr)
                if done.returncode == 3:
                    self.assertIn(name, done.stderr)

    def test_no_run(self):
        self.assertEqual(tare.run("report", str(self.folder)).returncode, 3)


if __name__ == "__main__":
    tare.main()
