# SPDX-License-Identifier: Apache-2.0
"""The report as a reader finds it: short, about the servers of the suite, with every link, picture and note in its place."""
import re
import shutil

import tare

ONE_SERVER = """description = "one server of a user's own"
[server.memcached]
argv = ["memcached", "-l", "127.0.0.1", "-p", "{port}", "-U", "0", "-t", "1", "-u", "root"]
version = ["memcached", "-V"]
[[cells]]
variant = "memcached"
op = ["get_hit", "get_miss", "set"]
key_bytes = 16
value_bytes = 64
requests = 50
[[load]]
variant = "memcached"
build = "timed"
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 8
duration_ms = 30
repetitions = 6
"""


class Report(tare.Case):
    def reported(self, suite):
        folder = self.run_suite(suite)
        return folder, tare.report(folder)

    def assert_in_place(self, folder, files):
        """Links lead to files of the folder, and each note is told where it is referred to."""
        for name, text in files.items():
            base = folder if name == "report.md" else folder / "details"
            for target in re.findall(r"\]\(([^)]+)\)", text):
                self.assertTrue((base / target.split("#")[0]).exists(), f"{name}: {target}")
            told = set(re.findall(r"^(\[\^[^\]]+\]):", text, re.M))
            # A note is told at the start of a line, and referred to anywhere else, also before a colon.
            self.assertEqual(set(re.findall(r"(?<=.)\[\^[^\]]+\]", text)), told, name)

    def test_one_server_of_a_user(self):
        tare.required(shutil.which("memcached"), "memcached")
        folder, files = self.reported(self.suite(ONE_SERVER))
        text = files["report.md"]
        self.assertTrue(text.startswith("# What memcached adds to a request\n"), text[:200])
        self.assertLessEqual(text.count("\n"), 120)
        self.assertLess(text.index("`memcached` (memcached 1."), text.index("## Scoreboard"))
        for word in ("reference document", "Ladders", "claims"):
            self.assertFalse([name for name, each in files.items() if word in each], word)
        self.assert_in_place(folder, files)

    def test_the_suite_of_servers(self):
        for server in ("memcached", "redis-server", "nginx"):
            tare.required(shutil.which(server), server)
        folder, files = self.reported("servers")
        text = files["report.md"]
        self.assertTrue(text.startswith("# What memcached, nginx and redis add to a request\n"), text[:200])
        self.assertLessEqual(text.count("\n"), 200)
        first_rows = [line for line in text.split("## Scoreboard")[1].splitlines() if line.startswith("| `")][:2]
        self.assertEqual([line.split("`")[1] for line in first_rows], ["memcached", "nginx"])
        self.assertNotIn("reference document", text)
        self.assert_in_place(folder, files)

    def test_the_ladders_stand_in_the_order_of_the_servers_own_list(self):
        first_words = [line.split()[0] for line in tare.run("list", "servers").stdout.splitlines() if line]
        variants = [word for word in first_words if word.count("/") == 2]
        for server in ("epoll", "uring"):
            for part, names in ((1, WIRINGS), (2, RUNGS)):
                listed = list(dict.fromkeys(variant.split("/")[part] for variant in variants if variant.startswith(server + "/")))
                self.assertEqual(listed, [name for name in names if name in listed])


def names_of(array):
    """The names in an array of analysis/model/ladder_order.h."""
    text = (tare.SOURCE / "analysis" / "model" / "ladder_order.h").read_text(encoding="utf-8")
    return re.findall(r'"(\w+)"', re.search(array + r"\{(.*?)\};", text, re.S)[1])


WIRINGS, RUNGS = names_of("wirings_in_order"), names_of("rungs_in_order")

if __name__ == "__main__":
    tare.main()
