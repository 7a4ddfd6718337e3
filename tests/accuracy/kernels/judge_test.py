# SPDX-License-Identifier: Apache-2.0
"""The judgement of `make kernels` on what made-up guests wrote: right, absent, and each way to be wrong."""
import json
import pathlib
import re
import tempfile
import unittest

import judge

DOCTOR = """ok      kernel                   Linux 6.1
absent  wiring uring/bundle      this kernel has no IORING_FEAT_RECVSEND_BUNDLE, which came with Linux 6.10
ok      wiring uring/oneshot     its server can run
ok      probe system_calls       system calls by name
absent  probe socket_bytes       Linux 6.1 has no tracepoint sock_recv_length, which came with Linux 6.3
ok      probe fdinfo             tails of the io_uring queues in /proc
"""
HEADER = "server,wiring,rung,build,op,repetition,source,metric,detail,value,status"
DOCUMENT = """uring,oneshot,as_described,counted,get_hit,0,ledger,syscalls,,1000,ok
uring,oneshot,as_described,counted,get_hit,0,bpf,syscalls,,1000,ok
uring,oneshot,as_described,counted,get_hit,0,ledger,sqes,,1000,ok
uring,oneshot,as_described,counted,get_hit,0,fdinfo,sqes,,1000,ok
"""
WIRINGS = """uring,oneshot,gathered_reply,counted,get_hit,0,ledger,syscalls,,2,ok
uring,bundle,gathered_reply,counted,get_hit,0,ledger,syscalls,,,"absent:tare-server: this kernel has no IORING_FEAT_RECVSEND_BUNDLE, which came with Linux 6.10"
"""
NO_MODULE = """epoll,level,as_described,counted,get_hit,0,ledger,syscalls,,3,ok
epoll,level,as_described,counted,set_noreply,0,ledger,syscalls,,,absent:the module is not there: modprobe tcp_diag
"""


def probe_test(name, probes, failure=""):
    test = {"name": name, "probes": probes, "result": "COMPLETED"}
    return {**test, "failures": [{"failure": failure}]} if failure else test


class Judgement(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-judge-")
        self.addCleanup(folder.cleanup)
        self.out = pathlib.Path(folder.name)
        self.write("release", "6.1.0-test\n")
        self.write("doctor.out", DOCTOR)
        self.write("capabilities.out", DOCTOR)
        self.write("steps", "doctor 0 1\nno_module 0 1\nprobes 0 1\nstat 77 1\noverhead-analysis 0 1\nwirings 0 1\n")
        self.tests = [probe_test("SystemCalls", "system_calls"), probe_test("Fdinfo", "fdinfo")]
        for run, rows in (("overhead-analysis", DOCUMENT), ("wirings", WIRINGS), ("no_module", NO_MODULE)):
            (self.out / f"run-{run}").mkdir()
            self.write(f"run-{run}/observations.csv", HEADER + "\n" + rows)

    def write(self, name, text):
        (self.out / name).write_text(text, encoding="utf-8")

    def judged(self):
        self.write("probes.json", json.dumps({"testsuites": [{"name": "Counters", "testsuite": self.tests}]}))
        return judge.judge(self.out, ("doctor", "capabilities", "no_module", "probes", "stat", "overhead-analysis", "wirings"))

    def fault(self, *words):
        faults = self.judged().faults
        self.assertTrue(faults)
        for word in words:
            self.assertIn(word, " ".join(faults))

    def test_what_is_held_is_right_and_what_is_absent_has_its_reason(self):
        judged = self.judged()
        self.assertEqual(judged.faults, [])
        words = {name: held.word(name) for name, held in judged.probes.items()}
        self.assertEqual(words["system_calls"], "right (2 counts held)")
        self.assertEqual(words["fdinfo"], "right (2 counts held)")
        self.assertIn("absent: Linux 6.1 has no tracepoint sock_recv_length", words["socket_bytes"])
        self.assertIn("6.10", judged.wirings["uring/bundle"])

    def test_a_probe_test_that_fails_makes_its_probe_wrong(self):
        self.tests[0] = probe_test("SystemCalls", "system_calls", "Expected 693, got 692")
        self.fault("system_calls is WRONG", "got 692")

    def test_two_sources_that_differ_make_the_probe_wrong(self):
        self.write("run-overhead-analysis/observations.csv", HEADER + "\n" + DOCUMENT.replace("fdinfo,sqes,,1000", "fdinfo,sqes,,999"))
        self.fault("fdinfo is WRONG", "999, by ledger 1000")

    def test_a_probe_that_nothing_held_is_not_right(self):
        self.write("doctor.out", DOCTOR + "ok      probe copies             memcpy family\n")
        self.fault("copies is WRONG: present, and held by nothing")

    def test_a_run_that_ends_badly_is_a_fault(self):
        self.write("steps", "doctor 0 1\noverhead-analysis 5 1\n")
        self.write("overhead-analysis.err", "tare: the server died\n")
        self.fault("overhead-analysis ended with exit code 5: tare: the server died")

    def test_doctor_and_run_must_say_the_same_of_a_wiring(self):
        self.write("doctor.out", DOCTOR.replace("absent  wiring uring/bundle      this kernel has no IORING_FEAT_RECVSEND_BUNDLE, which "
                                                "came with Linux 6.10", "ok      wiring uring/bundle      its server can run"))
        self.fault("uring/bundle is absent in a run, and doctor says that it works")

    def test_a_missing_module_must_be_named(self):
        self.write("run-no_module/observations.csv", HEADER + "\n" + NO_MODULE.replace("modprobe tcp_diag", ""))
        self.fault("set_noreply was not absent")

    def test_a_capability_that_is_missing_must_be_named(self):
        refused = "ok      probe system_calls       system calls by name"
        self.write("capabilities.out", DOCTOR.replace(refused, "absent  probe system_calls   a perf event, which needs CAP_SYS_ADMIN"))
        self.assertEqual(self.judged().faults, [])
        self.write("capabilities.out", DOCTOR.replace(refused, "absent  probe system_calls   Permission denied"))
        self.fault("system_calls with CAP_BPF and CAP_PERFMON alone is absent: Permission denied")

    def test_a_kernel_that_is_too_old_is_refused_in_one_sentence_by_each_command(self):
        sentence = "tare: this is Linux 6.1.0-test, and tare's probes need Linux 5.15 or later\n"
        self.write("steps", "refused_stat 4 1\nrefused_run 4 1\n")
        for part in ("refused_stat", "refused_run"):
            self.write(f"{part}.err", sentence)
        self.assertEqual(judge.judge_refusals(self.out, ("refused_stat", "refused_run")).faults, [])
        self.write("refused_run.err", sentence + "and more\n")
        self.assertEqual(len(judge.judge_refusals(self.out, ("refused_stat", "refused_run")).faults), 1)
        self.assertEqual(len(judge.judge_refusals(self.out, ("refused_doctor",)).faults), 1)

    def test_the_guest_names_tests_that_there_are(self):
        here = pathlib.Path(__file__).resolve().parent
        named = re.findall(r"Stat\.(test_\w+)", (here / "guest.sh").read_text(encoding="utf-8"))
        there = re.findall(r"    def (test_\w+)", (here.parent / "external/stat_test.py").read_text(encoding="utf-8"))
        self.assertGreater(len(named), 4)
        self.assertEqual([name for name in named if name not in there], [])

    def test_a_guest_without_its_results_is_a_fault(self):
        self.write("doctor.out", "")
        self.fault("doctor named no probe")


if __name__ == "__main__":
    unittest.main()
