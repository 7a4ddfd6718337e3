# SPDX-License-Identifier: Apache-2.0
"""`tare stat` of io_uring off the usual path: SQEs and CQEs equal the tails of the program's own queues, by their own opcodes."""
import csv
import io
import re
import unittest

import counting
import tare

PROGRAM = counting.FIXTURES / "queue"
# Parts that each kind must have; those that depend on when the kernel got to it are left out.
KINDS = {
    # Reported of tokio-rs/io-uring (issue 302): a queue that overflows, and nobody sees how much.
    "overflow_plain": ({"nop": 200}, {"nop": 200}),
    "overflow_deferred": ({"nop": 200}, {"nop": 200}),
    "overflow_large": ({"nop": 200}, {"nop": 200}),
    # Asked of liburing (issue 1063): a million reads before the first completion is reaped.
    "overflow_reads": ({"read": 1000}, {"read": 1000}),
    "overflow_multishot": ({"poll_add": 1}, {}),
    # Reported of liburing (issue 1055): sends without a copy overflow by their notifications.
    "overflow_zero_copy": ({"send_zc": 20}, {"send_zc": 20}),
    "zero_copy": ({"send_zc": 20}, {"send_zc": 20}),
    "refused_opcode": ({"opcode_250": 20}, {"opcode_250": 20}),
    "refused_preparation": ({"fsync": 20}, {"fsync": 20}),
    "refused_personality": ({"nop": 20}, {"nop": 20}),
    # Explained of liburing (issues 92, 1071): a submit ends with the entry that is refused.
    "refused_amid": ({"nop": 40, "opcode_250": 20}, {"nop": 40, "opcode_250": 20}),
    "refused_amid_all": ({"nop": 40, "opcode_250": 20}, {"nop": 40, "opcode_250": 20}),
    "refused_link": ({"nop": 40, "opcode_250": 20}, {"nop": 40, "opcode_250": 20}),
    "refused_link_all": ({"nop": 40, "fsync": 20}, {"nop": 40, "fsync": 20}),
    "cancelled_by_link": ({"nop": 20, "read": 20}, {"nop": 20, "read": 20}),
    # Reported of libxev (issue 233): requests of one user_data and their cancellation.
    "cancelled_at_once": ({"poll_add": 31, "async_cancel": 1}, {"poll_add": 31, "async_cancel": 1}),
    "drained": ({"nop": 40}, {"nop": 40}),
    "skipped": ({"nop": 40}, {"nop": 20}),
    "dropped": ({"nop": 10, "dropped": 10}, {"nop": 10}),
    "without_array": ({"nop": 13}, {"nop": 13}),
    "polled": ({"nop": 20}, {"nop": 20}),
    "messages": ({"msg_ring": 20}, {"msg_ring": 20, "auxiliary": 20}),
    "tags": ({}, {"auxiliary": 20}),
    "shared_by_fork": ({"nop": 20}, {"nop": 20}),
    "timed_out": ({"read": 10, "link_timeout": 10}, {"read": 10, "link_timeout": 10}),
}


class QueueOperations(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def test_every_entry_and_completion_counts_once_by_its_own_opcode(self):
        for kind, parts in KINDS.items():
            with self.subTest(kind):
                done = tare.run("stat", "--format", "csv", "--", PROGRAM, kind)
                self.assertEqual(done.returncode, 0, done.stderr)
                tails = re.search(r"tails (\d+) (\d+)", done.stderr)
                rows = [tare.Row(*fields) for fields in csv.reader(io.StringIO(done.stdout))][1:]
                seen = {(row.metric, row.detail): int(row.value) for row in rows if row.status == "ok"}
                self.assertEqual((seen[("sqes", "")], seen[("cqes", "")]), (int(tails[1]), int(tails[2])))
                for metric, expected in zip(("sqes", "cqes"), parts):
                    known = {part: count for (name, part), count in seen.items() if name == metric and part in expected}
                    self.assertEqual(known, expected, metric)
                if kind.startswith("overflow"):
                    self.assertGreater(seen[("cqe_overflows", "")], 0)


if __name__ == "__main__":
    tare.main()
