# SPDX-License-Identifier: Apache-2.0
"""What tare has to say is never lost in silence and never does harm: every command with a stdout that is full, closed or a pipe
without a reader, and files that are none. Whatever is called /dev/... here is so in a mount namespace with a /dev of its own."""
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

import tare

REFERENCE = str(tare.SOURCE / "results/reference")
COMPARE = ("compare", REFERENCE, REFERENCE)
OWN_DEV = """set -e
mount -t tmpfs none /dev
mknod -m 666 /dev/null c 1 3; mknod -m 666 /dev/full c 1 7; mknod -m 666 /dev/zero c 1 5; mknod -m 666 /dev/urandom c 1 9
mknod -m 600 /dev/disk b 7 200
ln -s /proc/self/fd /dev/fd; ln -s /proc/self/fd/1 /dev/stdout; ln -s /proc/self/fd/2 /dev/stderr
mkdir /dev/shm
set +e
"""
SUITE = """
description = "one cell"

[[cells]]
variant = "epoll/ideal"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 10
"""


class Case(tare.Case):
    def inside(self, script, code=None):
        """A shell script with a /dev of its own; $T is tare, $D a folder, $R a run."""
        tare.required(os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0,
                      "root, for a mount namespace")
        done = subprocess.run(["unshare", "-m", "sh", "-c", OWN_DEV + script], capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, "T": str(tare.PROGRAM), "D": str(self.folder), "R": REFERENCE})
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Devices(Case):
    def test_a_device_is_written_to_and_stays_one(self):
        done = self.inside("""
            for device in null full zero; do
                $T compare $R $R --output /dev/$device; echo rc=$?
                $T compare $R $R --format json=/dev/$device > /dev/null; echo rc=$?
                $T load --server epoll/ideal --duration 0.05 --warm-up 0 --histogram /dev/$device > /dev/null; echo rc=$?
                stat -c '%F %a %n' /dev/$device
            done""", code=0)
        expected = []
        for device, code in (("null", 0), ("full", 5), ("zero", 0)):
            expected += [f"rc={code}"] * 3 + [f"character special file 666 /dev/{device}"]
        self.assertEqual(done.stdout.splitlines(), expected, done.stderr)
        self.assertEqual(done.stderr.count("/dev/full: No space left on device"), 3, done.stderr)

    def test_stat_and_its_stacks_too(self):
        tare.required_probes("system_calls", "allocations", "copies")
        done = self.inside("""
            $T stat --output /dev/null -- true; echo rc=$?
            $T stat --folded /dev/null --output /dev/null -- true; echo rc=$?
            $T stat --output /dev/full -- true; echo rc=$?
            stat -c %F /dev/null /dev/full""", code=0)
        self.assertEqual(done.stdout.split("\n")[:5], ["rc=0", "rc=0", "rc=5"] + ["character special file"] * 2, done.stderr)

    def test_a_disk_is_refused(self):
        done = self.inside("$T compare $R $R --output /dev/disk", code=2)
        self.assertIn("is a block device", done.stderr)

    def test_dev_stdout_is_stdout_and_goes_on_where_it_stands(self):
        done = self.inside("""
            (echo before; $T compare $R $R --output /dev/stdout; echo after) > $D/log
            head -n 1 $D/log; grep -c 'gate passed' $D/log; tail -n 1 $D/log
            $T compare $R $R --output /dev/stdout | grep -c 'gate passed'
            test -L /dev/stdout && echo link""", code=0)
        self.assertEqual(done.stdout.split(), ["before", "1", "after", "1", "link"], done.stderr)

    # Kind of sharkdp/hyperfine#640: an export to stdout beside what else goes there.
    def test_an_export_to_dev_stdout_is_whole_beside_the_text(self):
        done = self.inside("$T compare $R $R --output $D/text --format json=/dev/stdout", code=0)
        self.assertEqual(json.loads(done.stdout)["exit_code"], 0)
        self.assertIn("gate passed", (self.folder / "text").read_text(encoding="utf-8"))

    def test_a_fifo_is_served_and_one_that_nobody_reads_is_named(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen([tare.PROGRAM, *COMPARE, "--output", fifo], stderr=subprocess.PIPE, text=True) as process:
            self.assertIn(f"--output {fifo}: waiting for somebody to read the FIFO", process.stderr.readline())
            self.assertIn("gate passed", fifo.read_text(encoding="utf-8"))
            self.assertEqual(process.wait(timeout=20), 0)
        self.assertTrue(fifo.is_fifo())

    def test_a_full_disk_leaves_nothing_and_takes_nothing(self):
        done = self.inside("""
            mkdir $D/disk; mount -t tmpfs -o size=8k none $D/disk; echo old > $D/disk/old
            head -c 4096 /dev/zero > $D/disk/fill
            for file in old new; do $T compare $R $R --format json=$D/disk/$file > /dev/null; echo rc=$?; done
            ls $D/disk; cat $D/disk/old""", code=0)
        self.assertEqual(done.stdout.split(), ["rc=5", "rc=5", "fill", "old", "old"], done.stderr)

    def test_a_file_that_may_not_be_written_is_found_before_anything_is_measured(self):
        started = time.monotonic()
        done = self.inside("""
            mkdir $D/ro; mount -t tmpfs -o ro none $D/ro
            $T load --server epoll/ideal --duration 30 --histogram $D/ro/file; echo rc=$?
            $T stat --output $D/none/file -- touch $D/ran; echo rc=$?
            test -e $D/ran || echo not run""", code=0)
        self.assertEqual(done.stdout.splitlines(), ["rc=2", "rc=2", "not run"], done.stderr)
        self.assertIn("Read-only file system", done.stderr)
        self.assertIn("No such file or directory", done.stderr)
        self.assertLess(time.monotonic() - started, 20)


class Streams(Case):
    def commands(self):
        """Every command that ends by itself, as quick as it can be."""
        copy = self.folder / "copy"
        shutil.copytree(REFERENCE, copy)
        quick = [("--help",), ("--version",), ("stat", "--help"), ("list", "servers"), ("list", "suites"), ("list", "probes"),
                 ("list", "metrics"), ("doctor",), COMPARE, ("compare", "--print-gate"), ("check", REFERENCE),
                 ("report", str(copy)),
                 ("calibrate", "--repetitions", "3", "--min-time", "0.0001", "--rounds", "1"),
                 ("load", "--server", "epoll/ideal", "--duration", "0.05", "--warm-up", "0"), ("serve", "epoll/ideal"),
                 ("run", str(self.suite(SUITE)), "--out", str(self.folder / "results"))]
        return quick + ([("stat", "--", "true")] if "probe system_calls" not in tare.absences() else [])

    # Kind of sharkdp/fd#737 and of coreutils' close_stdout: a write error at the very end is an error.
    def test_every_command_with_a_full_stdout_ends_with_5_and_says_so(self):
        for command in self.commands():
            with self.subTest(command):
                with open("/dev/full", "w", encoding="utf-8") as full:  # only written to, as a stream
                    done = subprocess.run([tare.PROGRAM, *command], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120,
                                          check=False)
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertIn("write stdout: No space left on device", done.stderr)

    # Kind of rust-lang/rust#83904: a closed stdout must not pass for one that was written.
    def test_every_command_with_a_closed_stdout_ends_with_5_and_says_so(self):
        for command in self.commands():
            with self.subTest(command):
                done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", tare.PROGRAM, *command], capture_output=True, text=True,
                                      timeout=120, check=False)
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertIn("write stdout: it is closed", done.stderr)
        self.assertEqual([path.name for path in (self.folder / "results").glob("*")] if (self.folder / "results").exists() else [], [])

    # Kind of coreos/rpm-ostree#468 and PoOnesNerfect/jlf#3: a reader that went away.
    def test_a_pipe_without_a_reader_ends_with_5_and_says_so(self):
        for command in (("list", "metrics"), ("--help",), COMPARE):
            with self.subTest(command):
                reading, writing = os.pipe()
                os.close(reading)
                done = subprocess.run([tare.PROGRAM, *command], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60,
                                      check=False)
                os.close(writing)
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertIn("write stdout: Broken pipe", done.stderr)

    # Kind of relan/exfat#62: a message that cannot be written must not end the work.
    def test_a_full_or_closed_stderr_loses_no_data(self):
        for redirect in ("2>/dev/full", "2>&-"):
            for command in (COMPARE, ("load", "--server", "epoll/ideal", "--duration", "0.05", "--warm-up", "0"),
                            ("run", str(self.suite(SUITE)), "--out", str(self.folder / "results"))):
                with self.subTest((redirect, command)):
                    done = subprocess.run(["sh", "-c", f'exec "$@" {redirect}', "sh", tare.PROGRAM, *command],
                                          stdout=subprocess.PIPE, text=True, timeout=120, check=False)
                    self.assertEqual(done.returncode, 0)
                    self.assertTrue(done.stdout)

    # Kind of uutils/coreutils#11090: with a descriptor closed, the next file that is opened has its number.
    def test_no_file_takes_the_place_of_a_closed_stream(self):
        output = self.folder / "output"
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            output.unlink(missing_ok=True)
            done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", tare.PROGRAM, *COMPARE, "--output", output],
                                  capture_output=True, text=True, timeout=60, check=False)
            # Both runs are of schema 1, which is told where there is a stderr.
            told = "" if "2>&-" in closed else 2 * f"tare: {REFERENCE}: schema 1 of an earlier tare, read as schema 2\n"
            self.assertEqual((closed, done.returncode, done.stdout, done.stderr), (closed, 0, "", told))
            self.assertTrue(output.read_text(encoding="utf-8").startswith("base "))
            self.assertTrue(output.read_text(encoding="utf-8").endswith("gate passed\n"))

    # Kind of many: somebody who shares the pipe made it non-blocking, and a write ends with EAGAIN.
    def test_a_stdout_that_does_not_block_gets_everything(self):
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETFL, fcntl.fcntl(writing, fcntl.F_GETFL) | os.O_NONBLOCK)
        pieces = []

        def read_slowly():
            while piece := os.read(reading, 65536):
                pieces.append(piece)
                time.sleep(0.002)

        reader = threading.Thread(target=read_slowly)
        reader.start()
        done = subprocess.run([tare.PROGRAM, *COMPARE, "--format", "json"], stdout=writing, stderr=subprocess.PIPE, timeout=60,
                              check=False)
        os.close(writing)
        reader.join()
        os.close(reading)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(json.loads(b"".join(pieces))["rows"]), 100)

    def test_what_is_run_gets_its_signals_as_they_were(self):
        tare.required_probes("system_calls", "allocations", "copies")
        for restore in (True, False):  # SIGPIPE at its default, and ignored
            with self.subTest(restore):
                done = subprocess.run([tare.PROGRAM, "stat", "--output", self.folder / "counts", "--", "grep", "SigIgn", "/proc/self/status"],
                                      capture_output=True, text=True, timeout=60, check=False, restore_signals=restore)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(bool(int(done.stdout.split()[1], 16) & 1 << 12), not restore)

    def test_the_file_of_stdout_is_refused_as_a_second_output(self):
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            done = subprocess.run([tare.PROGRAM, *COMPARE, "--output", file.name], stdout=file, stderr=subprocess.PIPE, text=True,
                                  timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("is the file of stdout, too", done.stderr)


if __name__ == "__main__":
    tare.main()
