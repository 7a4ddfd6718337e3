# SPDX-License-Identifier: Apache-2.0
"""The frames at every instruction of programs of other compilers and languages, as call sites are named by them, against what
llvm-symbolizer and addr2line say of the same addresses."""
import json
import re
import shutil
import subprocess
import unittest

import counting
import tare

# Instructions of a program are looked at in steps, so that no program takes longer than a second or two.
ADDRESSES_MAX = 3000
PROGRAMS = ["sites_gcc_debug", "sites_gcc_lto", "sites_clang_debug", "sites_clang_lto", "sites_rust_debug", "sites_rust_lto",
            "call_sites"]


def ran(*command, text=""):
    return subprocess.run([str(part) for part in command], input=text, capture_output=True, text=True, check=True).stdout


def instructions(program):
    """The addresses of the program's own code, without what the C library starts it with, which has no debug information."""
    listing = ran("objdump", "-d", "--no-show-raw-insn", "-j", ".text", program)
    addresses = re.findall(r"^\s*([0-9a-f]+):\t", listing, re.M)
    return addresses[::len(addresses) // ADDRESSES_MAX + 1]


def by_tare(program, addresses):
    return [json.loads(line) for line in ran(tare.BUILD / "tare-frames", program, text="\n".join(addresses)).splitlines()]


def by_llvm(program, addresses):
    lines = ran("llvm-symbolizer", "--output-style=JSON", "-e", program, text="\n".join("0x" + each for each in addresses))
    return [json.loads(line)["Symbol"] for line in lines.splitlines()]


def by_addr2line(program, addresses):
    """For each address its (function, line number) pairs. The file that it names is not held against: of gcc's linked units it
    says <artificial>."""
    lines = ran("addr2line", "-f", "-i", "-a", "-C", "-e", program, text="\n".join(addresses)).splitlines()
    frames = []
    while lines:
        line = lines.pop(0)
        if re.fullmatch(r"0x[0-9a-f]+", line):
            frames.append([])
        else:
            number = re.search(r":(\d+)(?: \(discriminator \d+\))?$", lines.pop(0))
            frames[-1].append((line, int(number[1]) if number else 0))
    return frames


def is_padding(frames):
    """Between functions; others have the one before there."""
    return [frame["function"] for frame in frames] == ["[unknown]"]


class Frames(unittest.TestCase):
    def setUp(self):
        for tool in ("objdump", "addr2line", "llvm-symbolizer"):
            tare.required(shutil.which(tool) is not None, tool)

    def test_lines_are_those_of_llvm_symbolizer(self):
        for name in PROGRAMS + ["sites_lines", "sites_go"]:
            program = counting.FIXTURES / name
            addresses = instructions(program)
            with self.subTest(program=name):
                seen = 0
                for address, ours, theirs in zip(addresses, by_tare(program, addresses), by_llvm(program, addresses), strict=True):
                    expected = [(frame["FileName"].rpartition("/")[2], frame["Line"]) for frame in theirs]
                    if not any(line for _, line in expected):
                        continue  # it has no line either
                    found = [(frame["file"].rpartition("/")[2], frame["line"]) for frame in ours]
                    self.assertEqual(found, expected, address)
                    self.assertEqual([frame["inlined"] for frame in ours], [True] * (len(ours) - 1) + [False], address)
                    seen += 1
                self.assertGreater(seen, 60)

    def test_functions_and_lines_are_those_of_addr2line(self):
        # Without a function's own entry in the debug information, and in Go, addr2line names another function than that of the line.
        for name in PROGRAMS:
            program = counting.FIXTURES / name
            addresses = instructions(program)
            with self.subTest(program=name):
                ours = by_tare(program, addresses)
                for address, frames, theirs in zip(addresses, ours, by_addr2line(program, addresses), strict=True):
                    # gcc's name of the part or copy of a function that the code is.
                    expected = [(re.sub(r"(\.(cold|constprop\.\d+|part\.\d+|lto_priv\.\d+))+$", "", function), line)
                                for function, line in theirs]
                    if any(line for _, line in expected) and not is_padding(frames):
                        self.assertEqual([(frame["function"], frame["line"]) for frame in frames], expected, address)

    def test_functions_of_go_are_those_of_llvm_symbolizer(self):
        program = counting.FIXTURES / "sites_go"
        addresses = instructions(program)
        for address, ours, theirs in zip(addresses, by_tare(program, addresses), by_llvm(program, addresses), strict=True):
            if is_padding(ours):
                continue
            # The symbols of assembly say by which convention it is called.
            self.assertEqual([frame["function"].removesuffix(".abi0") for frame in ours],
                             [frame["FunctionName"].removesuffix(".abi0") for frame in theirs], address)

    def test_what_the_linker_dropped_is_nowhere(self):
        # Debian's llvm-symbolizer and addr2line have it at the code whose addresses it would have.
        program = counting.FIXTURES / "sites_discarded"
        files = {frame["file"].rpartition("/")[2] for frames in by_tare(program, instructions(program)) for frame in frames}
        self.assertEqual(files, {"", "main.c", "other.c"})

    def test_functions_that_stand_in_files_of_their_own(self):
        # As if the functions stood in the program itself: the same compiler, the same options but for that.
        split = counting.FIXTURES / "sites_split"
        lines = counting.FIXTURES / "sites_lines"
        addresses = instructions(split)
        self.assertEqual(addresses, instructions(lines))
        inlined = 0
        for address, ours, theirs in zip(addresses, by_tare(split, addresses), by_llvm(lines, addresses), strict=True):
            if any(frame["Line"] for frame in theirs):
                self.assertEqual([frame["line"] for frame in ours], [frame["Line"] for frame in theirs], address)
                inlined += len(ours) > 1
        self.assertGreater(inlined, 0)


if __name__ == "__main__":
    tare.main()
