# SPDX-License-Identifier: Apache-2.0
"""Each of the reference document's allocations at its own line, exactly as often as a request makes it; in rows, report and folded stacks."""
import os
import pathlib
import re

import tare

SOURCES = pathlib.Path(__file__).parent.parent.parent / "servers/path"
VARIANTS = ("epoll/level/as_described", "uring/oneshot/as_described")


def line_of(file, text):
    numbers = [number for number, line in enumerate((SOURCES / file).read_text().splitlines(), 1) if text in line]
    assert len(numbers) == 1, f"{file}: {text}: {numbers}"
    return f"(path/{file}:{numbers[0]})"


INPUT_COPY = line_of("input.h", "copy_(accumulated.size())")
KEYS_REF = line_of("keys.h", "allocate_bytes(AllocationSite::keys_ref")
ITEM_CLONE = line_of("value.h", "clone(item.value().size())")
RESPONSE = {part: line_of("reply.h", f"response_.append(CopyEdge::{part}") for part in (
    "header_to_response", "value_to_response", "status_to_response")}
VALUE_END = line_of("reply.h", "void value_end() { response_")
END = line_of("reply.h", "void end() { response_")
EXPECTED = {
    "get_hit": {INPUT_COPY, KEYS_REF, ITEM_CLONE, RESPONSE["header_to_response"], RESPONSE["value_to_response"], VALUE_END},
    "get_miss": {INPUT_COPY, KEYS_REF, END},
    "set": {INPUT_COPY, RESPONSE["status_to_response"]},
}


class CallSites(tare.Case):
    def test_each_of_the_documents_allocations_at_its_line(self):
        tare.required(os.geteuid() == 0 and os.path.exists("/sys/kernel/btf/vmlinux"), "root and a kernel with BTF")
        folder = self.run_suite("overhead-analysis", "--only", "as_described timed (get_hit|get_miss|set) 16 64$")
        seen = tare.per_request(tare.rows_of(folder))
        for variant in VARIANTS:
            for op, lines in EXPECTED.items():
                with self.subTest(variant=variant, op=op):
                    sites = {key[7]: count for key, count in seen.items()
                             if key[0] == variant and key[2] == op and key[6] == "allocation_sites"}
                    value, requests = sites.pop("")
                    self.assertEqual(value, len(lines) * requests)
                    self.assertEqual({re.search(r"\(.*\)$", site)[0] for site in sites}, lines)
                    self.assertEqual(set(sites.values()), {(requests, requests)})
                    for metric, counted in (("copy_sites", "copies"), ("syscall_sites", "syscalls")):
                        total = seen[(variant, "timed", op, 64, 2, "bpf", metric, "")]
                        self.assertEqual(total, seen[(variant, "timed", op, 64, 0, "bpf", counted, "")], metric)

        stacks = (folder / "call_sites.folded").read_text().splitlines()
        self.assertTrue(any(re.match(r"epoll/level/as_described timed get_hit 16 64;allocations;.*CopiedInput.*;malloc 500$", line)
                            for line in stacks))
        self.assertIn("call_sites.folded", (folder / "COMPLETE").read_text())
        report = tare.report(folder)
        self.assertIn("## Call Sites", report["report.md"])
        text = report["call-sites.md"]
        for place in EXPECTED["get_hit"] | EXPECTED["get_miss"] | EXPECTED["set"]:
            self.assertIn(f"`{place}`", text)
        self.assertIn("call_sites.folded", (folder / "COMPLETE").read_text())

    def test_a_comparison_names_the_site_of_what_was_planted(self):
        tare.required(os.geteuid() == 0 and os.path.exists("/sys/kernel/btf/vmlinux"), "root and a kernel with BTF")
        suite = self.suite('description = "one cell by call site"\n[[cells]]\nvariant = "epoll/level/allocation_in_1"\nbuild = "counted"\nop = "get_hit"\nkey_bytes = 16\n'
                           'value_bytes = 64\nrequests = 50\ncall_sites = true\n')
        base, head = (self.run_suite(suite, "--servers", str(tare.BUILD / "power" / side)) for side in ("base", "head"))
        compared = tare.run("compare", str(base), str(head))
        self.assertEqual(compared.returncode, 1, compared.stderr)
        self.assertRegex(compared.stdout, r"allocation_sites tare::power::Allocation::happen \(power/patches\.h:\d+\) +bpf +0 -> 1 ")


if __name__ == "__main__":
    tare.main()
