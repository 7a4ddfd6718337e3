# SPDX-License-Identifier: Apache-2.0
"""`tare stat` of system calls off the usual path: refused by seccomp, by another gate, of a number that nobody has."""
import unittest

import counting
import tare

PROGRAM = counting.FIXTURES / "system_calls"
PROGRAM_32 = counting.FIXTURES / "system_calls_32"


class SystemCalls(unittest.TestCase):
    COUNTERS = "bpf"

    def setUp(self):
        counting.required_privilege()

    def counts(self, *command, code=0):
        """{name: count} of the system calls, after all of them were seen to add up; and those that said EAGAIN."""
        document = counting.stat(command, "--per-thread", "--counters", self.COUNTERS, code=code)
        seen = counting.counts_of(document["command"]["repetitions"][0])
        calls = {detail: count for (metric, detail), count in seen.items() if metric == "syscalls" and detail}
        self.assertEqual(sum(calls.values()), seen[("syscalls", "")])
        self.assertEqual(seen[("thread_syscalls", "")], seen[("syscalls", "")])
        again = {detail: count for (metric, detail), count in seen.items() if metric == "syscalls_eagain" and detail}
        return calls, again

    def test_calls_that_seccomp_lets_pass_or_refuses_count_once(self):
        for kind, again in {"allow": 0, "log": 0, "errno": 0, "again": 101, "trap": 0, "trace": 0, "notify": 0,
                            "notify_go_on": 0, "sync_threads": 0}.items():
            with self.subTest(kind):
                calls, eagain = self.counts(PROGRAM, kind)
                self.assertEqual(calls["getppid"], 101)
                self.assertEqual(calls["exit_group"], 1)
                self.assertEqual(eagain.get("getppid", 0), again)

    def test_a_call_that_seccomp_kills_for_counts(self):
        for kind, code in {"kill_process": 5, "strict": 5, "kill_thread": 0}.items():
            with self.subTest(kind):
                self.assertEqual(self.counts(PROGRAM, kind, code=code)[0]["getppid"], 1)

    def test_the_32_bit_gate_has_names_of_its_own(self):
        counting.required_32_bit_calls()
        calls, _ = self.counts(PROGRAM, "int80")
        self.assertEqual((calls["i386:getpid"], calls["i386:close"], calls["i386:syscall_4000"]), (101, 53, 7))
        self.assertFalse({"writev", "lstat"} & set(calls))

    def test_a_32_bit_program_is_counted_by_its_own_names(self):
        counting.required_32_bit_calls()
        # Reported of traceloop (issue 25) and tracee (issue 4401): read shown as close, poll as swapoff.
        calls, _ = self.counts(PROGRAM_32)
        self.assertEqual(calls, {"i386:write": 211, "i386:read": 101, "i386:exit": 1})

    def test_a_64_bit_program_that_ends_by_the_32_bit_gate(self):
        counting.required_32_bit_calls()
        # Reported of strace (issue 103): its write and exit shown as stat and write.
        calls, _ = self.counts(PROGRAM, "int80_exit")
        self.assertEqual((calls["i386:write"], calls["i386:exit"]), (1, 1))
        self.assertNotIn("exit_group", calls)

    def test_x32_has_names_of_its_own(self):
        calls, _ = self.counts(PROGRAM, "x32")
        self.assertEqual(calls["x32:getppid"], 101)
        self.assertNotIn("getppid", calls)

    def test_a_number_that_nobody_has_counts_by_itself_and_takes_nothing_away(self):
        for number, name in {"440": "process_madvise", "511": "syscall_511", "9999": "syscall_9999", "-1": "syscall_-1",
                             "1000000": "syscall_1000000", "0x4000270f": "x32:syscall_9999",
                             "0x7fffffffffff": "syscall_-1"}.items():
            with self.subTest(number):
                calls, _ = self.counts(PROGRAM, "number", number, number, number)
                self.assertEqual((calls["getppid"], calls[name]), (101, 3))

    def test_more_such_numbers_than_there_is_room_for_are_counted_together(self):
        calls, _ = self.counts(PROGRAM, "many_numbers")
        self.assertEqual(calls["getppid"], 101)
        self.assertEqual(sum(count for name, count in calls.items() if name.startswith("syscall_")) + calls["other numbers"], 3000)

    def test_a_call_in_which_a_thread_ends_counts_once(self):
        # Reported of tracee (pull request 1930) and strace.ebpf (issue 38): exit and exit_group were never seen.
        calls, _ = self.counts(PROGRAM, "exit_threads")
        self.assertEqual((calls["exit"], calls["exit_group"]), (7, 1))

    def test_an_interrupted_call_and_the_one_that_goes_on_with_it_are_entries_of_their_own(self):
        # Reported of strace (issue 322), which gave the second one the name of another call.
        calls, _ = self.counts(PROGRAM, "restarted")
        self.assertEqual(calls["poll"], 1)
        self.assertGreaterEqual(calls["restart_syscall"], 1)  # the tracer may wake it once more

    def test_an_exec_that_succeeds_counts_once_and_one_that_fails_once(self):
        # Reported of bcc (issue 3978): of execve only the return of failed ones was seen.
        calls, _ = self.counts("/bin/sh", "-c", "/nowhere/to/be/found; exec /bin/sh -c 'exec /bin/true'")
        self.assertEqual(calls["execve"], 3)


class WithoutBpf(SystemCalls):
    """The stops of a tracer, by the same rules."""
    COUNTERS = "unprivileged"


if __name__ == "__main__":
    tare.main()
