# SPDX-License-Identifier: Apache-2.0
"""`tare stat` finds each call at its own line, or says what can be known of it; and adds up, or is absent."""
import collections
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import counting
import tare

SOURCE = pathlib.Path(__file__).parent.parent / "fixtures/call_sites.cc"
LINES = {mark[1]: number for number, line in enumerate(SOURCE.read_text().splitlines(), 1)
         if (mark := re.search(r"// site: (\w+)", line))}
COUNTS = {"first_line": 101, "second_line": 103, "inlined": 107, "vector": 109, "thread": 3 * 113}


def sites_of(command, *options, code=0):
    document = counting.stat(command, "--call-sites", *options, code=code)
    repetition = document["command"]["repetitions"][0]
    return repetition["call_sites"], counting.counts_of(repetition)


def by_line(sites, metric):
    counts = collections.Counter()
    for site in sites["sites"]:
        if site["metric"] == metric and site["site"].get("file", "").endswith("fixtures/call_sites.cc"):
            counts[site["site"]["line"]] += site["count"]
    return counts


def named(sites, metric, pattern):
    return [site for site in sites["sites"] if site["metric"] == metric and re.search(pattern, site["name"])]


class CallSites(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def assert_whole(self, sites, counts):
        totals = {row["metric"]: row.get("value", row["status"]) for row in sites["totals"]}
        for metric, counted in (("allocation_sites", "allocations"), ("copy_sites", "copies"), ("syscall_sites", "syscalls")):
            self.assertEqual(totals[metric], counts[(counted, "")], metric)
            self.assertEqual(sum(site["count"] for site in sites["sites"] if site["metric"] == metric), totals[metric], metric)

    def test_each_line_has_its_own_count(self):
        sites, counts = sites_of([counting.FIXTURES / "call_sites"])
        self.assert_whole(sites, counts)
        allocations = by_line(sites, "allocation_sites")
        for mark, count in COUNTS.items():
            self.assertEqual(allocations[LINES[mark]], count, f"{mark}: {allocations}")
        self.assertEqual(by_line(sites, "copy_sites")[LINES["copy"]], 127)

        inlined, = [site for site in sites["sites"] if site["site"].get("line") == LINES["inlined"]]
        around = [(frame["function"].split("(")[0], frame["inlined"], frame.get("line")) for frame in inlined["frames"]]
        self.assertEqual(around[:2], [("sites::inlined", True, LINES["inlined"]),
                                      ("sites::calls_inlined", False, LINES["calls_inlined"])])
        self.assertTrue(any(frame["function"] == "main" for frame in inlined["frames"]), around)

        library, = named(sites, "allocation_sites", r"^library_allocates \(libfixture-call_sites_library.so\+0x[0-9a-f]+\)$")
        self.assertEqual(library["count"], 131)
        self.assertEqual(library["size_bytes"], 131 * 72)
        for site in sites["sites"]:
            self.assertNotIn("[stack cut]", [frame["function"] for frame in site["frames"]])

    def test_stripped_sites_are_places_in_the_file(self):
        sites, counts = sites_of([counting.FIXTURES / "call_sites_stripped"])
        self.assert_whole(sites, counts)
        places = collections.Counter()
        for site in named(sites, "allocation_sites", r"^\[unknown\] \(call_sites_stripped\+0x[0-9a-f]+\)$"):
            places[site["name"]] += site["count"]
        for count in (101, 103, 107, 109, 3 * 113):
            self.assertIn(count, places.values(), places)

    def test_children_and_what_they_execute(self):
        program = counting.FIXTURES / "call_sites"
        sites, counts = sites_of(["sh", "-c", f"{program} & {program}; wait"])
        self.assert_whole(sites, counts)
        allocations = by_line(sites, "allocation_sites")
        for mark, count in COUNTS.items():
            self.assertEqual(allocations[LINES[mark]], 2 * count, mark)

    def test_a_kind_with_more_stacks_than_there_is_room_for_has_least_counts(self):
        sites, counts = sites_of([counting.FIXTURES / "call_sites", "many"])
        totals = {row["metric"]: row for row in sites["totals"]}
        total = totals["allocation_sites"]
        self.assertEqual(total["value"], counts[("allocations", "")])
        placed = sum(site["count"] for site in sites["sites"] if site["metric"] == "allocation_sites")
        self.assertEqual(placed + total["unplaced"], total["value"])
        self.assertGreater(total["unplaced"], 0)
        # All but a few of the 30011, a stack each, found room; and the other kinds had theirs.
        self.assertGreater(by_line(sites, "allocation_sites")[LINES["many"]], 20000)
        for metric in ("copy_sites", "syscall_sites"):
            self.assertEqual(totals[metric]["status"], "ok")
            self.assertNotIn("unplaced", totals[metric])

        text = tare.run("stat", "--call-sites=1", "--", counting.FIXTURES / "call_sites", "many").stdout
        self.assertRegex(text, r"\d+ calls found no room for their stack, so each site has at least what is said")
        self.assertRegex(text, r" >= 2\d{4} +\d+\.\d %  sites::right \(.*:" + str(LINES["many"]))
        rows = tare.run("stat", "--call-sites", "--format", "csv", "--", counting.FIXTURES / "call_sites", "many").stdout
        self.assertRegex(rows, r"allocation_sites,,run,1,,\"?absent:the calls come from more different stacks than there is room for")

    def test_an_interpreter_has_its_sites_in_seconds(self):
        begin = time.monotonic()
        sites, counts = sites_of(["python3", "-c", "import json"])
        self.assertLess(time.monotonic() - begin, 60)
        totals = {row["metric"]: row["value"] for row in sites["totals"]}
        for metric, counted in (("allocation_sites", "allocations"), ("copy_sites", "copies"), ("syscall_sites", "syscalls")):
            self.assertEqual(totals[metric], counts[(counted, "")], metric)

    def test_folded_stacks_add_up(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "folded"
            sites, _ = sites_of([counting.FIXTURES / "call_sites"], "--folded", path)
            lines = [re.fullmatch(r"(allocations|copies|system calls);(.+) (\d+)", line) for line in path.read_text().splitlines()]
        self.assertTrue(all(lines))
        self.assertEqual(sum(int(line[3]) for line in lines), sum(row["value"] for row in sites["totals"]))
        self.assertTrue(any("main;sites::calls_inlined();sites::inlined(int)_[i];malloc" in line[2] for line in lines))

    def test_the_table_and_its_options(self):
        done = tare.run("stat", "--call-sites=2", "-r", "2", "--wrapper", "sites::two_lines", "--", counting.FIXTURES / "call_sites")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"allocations by call site: \d+ from \d+ sites\n +339 +\d+\.\d %  sites::in_a_thread \(.*:"
                         + str(LINES["thread"]))
        self.assertIn("other sites", done.stdout)
        # Passed over, its calls belong to main: more than any one line of it had.
        self.assertRegex(done.stdout, r" +204 +\d+\.\d %  main \(")
        self.assertEqual(tare.run("stat", "--call-sites=0", "--", "true").returncode, 2)

    def test_sites_by_bytes_and_in_the_program_itself(self):
        program = counting.FIXTURES / "call_sites"
        text = tare.run("stat", "--call-sites=3", "--sites-by", "bytes", "--", program).stdout
        self.assertRegex(text, r"copies by call site: \d+ B from \d+ sites\n +12700 +\d+\.\d %  sites::copies \(")
        self.assertRegex(text, rf"\n +{3 * 113 * 56} +\d+\.\d %  sites::in_a_thread \(")
        self.assertEqual(tare.run("stat", "--call-sites", "--sites-by", "size", "--", "true").returncode, 2)
        # The library's 131 are made by main, who called it.
        sites, counts = sites_of([program], "--program-sites")
        self.assert_whole(sites, counts)
        self.assertIn(131, [site["count"] for site in named(sites, "allocation_sites", r"^main \(")])
        self.assertFalse(named(sites, "allocation_sites", "^library_allocates"))

    def test_a_running_server_has_its_sites(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "folded"
            with subprocess.Popen([counting.FIXTURES / "call_sites", "serve"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE) as server:
                server.stdout.read(1)  # it runs
                ask = ["bash", "-c", f"for i in {{1..20}}; do echo -n x > /proc/{server.pid}/fd/0; done; sleep 0.3"]
                done = tare.run("attach", "--pid", str(server.pid), "--idle", "0", "--call-sites", "--format", "json",
                                "--folded", path, "--", *ask)
            self.assertEqual(done.returncode, 0, done.stderr)
            sites = json.loads(done.stdout)["call_sites"]
            for total in sites["totals"]:
                self.assertEqual(total["status"], "ok", total)
            self.assertEqual(by_line(sites, "allocation_sites")[LINES["served"]], 20)
            self.assertTrue(named(sites, "syscall_sites", "^read: (main|serve) "))
            self.assertIn("allocations;", path.read_text())
        self.assertEqual(tare.run("attach", "--pid", "1", "--call-sites", "--no-functions").returncode, 2)

    def test_memcached_has_a_place_for_every_site(self):
        tare.required(pathlib.Path("/usr/bin/memcached").exists(), "memcached")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        def ask():
            for _ in range(100):
                time.sleep(0.05)
                try:
                    with socket.create_connection(("127.0.0.1", port)) as peer:
                        for request in [b"set k 0 0 64\r\n" + b"x" * 64 + b"\r\n", b"get k\r\n"] * 211:
                            peer.sendall(request)
                            peer.recv(4096)
                    return
                except ConnectionError:
                    continue

        client = threading.Thread(target=ask)
        client.start()
        # Ended by timeout, which says so by its exit code.
        sites, counts = sites_of(["timeout", "3", "memcached", "-u", "root", "-l", "127.0.0.1", "-p", str(port), "-t", "1"], code=5)
        client.join()
        self.assert_whole(sites, counts)
        for call in ("read", "sendmsg"):
            requests = [site for site in named(sites, "syscall_sites", f"^{call}: ") if site["count"] >= 422]
            self.assertEqual(len(requests), 1, call)
            self.assertRegex(requests[0]["name"], r"\(memcached\+0x[0-9a-f]+\)|memcached\.c")
            # A frame of memcached's sendmsg is larger than the copy of the stack.
            functions = [frame["function"] for frame in requests[0]["frames"]]
            self.assertTrue("event_base_loop" in functions or functions[-1] == "[stack cut]", functions)
        for site in sites["sites"]:
            self.assertNotEqual(site["name"].split(": ")[-1], "[unknown]", site)


if __name__ == "__main__":
    tare.main()
