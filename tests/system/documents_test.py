# SPDX-License-Identifier: Apache-2.0
"""Runs what the documents tell a reader to run, and holds what it prints against what they show.

A fenced block says by its language what it is: `console` is commands behind `$ ` with what each prints, `sh` is commands that must
succeed, `toml` must parse, and everything else (`text`, `c`, …) is not run and may hold no command. A line `…` stands for any lines, `…` within a line for
any text. A comment before the block, which a reader does not see, says what else holds:

    <!-- figures vary: WHY -->    numbers without a sign are compared by their place alone
    <!-- not run: WHY -->         the block is not run

The blocks of one document run one after the other in one folder, which looks like a clone with a build."""
import collections
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest

import tare

Block = collections.namedtuple("Block", "path line language remark text")
Step = collections.namedtuple("Step", "line command shown")

FENCE = re.compile(r"^( *)(```+)(.*)$")
REMARK = re.compile(r"^ *<!-- (figures vary|not run): (\S.*) -->$")
COMMAND = re.compile(r"^(\$ |build/|make )")
NUMBER = re.compile(r"(?<![\w.+\-])\d[\d.,]*")
# Derived from a run or by an example, and history.
LEFT_OUT = ("results/reference/", "examples/echo/", "CHANGELOG.md", "build", ".git")
BLOCK_TIMEOUT_S = 120


def documents():
    for path in sorted(tare.SOURCE.rglob("*.md")):
        if not path.relative_to(tare.SOURCE).as_posix().startswith(LEFT_OUT):
            yield path


def blocks_of(path, text):
    """The fenced blocks of a document."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        begin = FENCE.match(lines[at])
        at += 1
        if not begin:
            continue
        remark = REMARK.match(lines[at - 2]) if at > 1 else None
        first = at
        while lines[at].strip() != begin[2]:
            at += 1
        text = "\n".join(line.removeprefix(begin[1]) for line in lines[first:at])
        yield Block(path, first + 1, begin[3].strip(), remark and remark.groups(), text)
        at += 1


def steps_of(block):
    """The commands of a block, a backslash at an end of line joining lines, each with the lines shown below it (None: not shown)."""
    steps, lines = [], block.text.split("\n")
    while lines:
        line = lines.pop(0)
        number = block.line + block.text.count("\n") - len(lines)
        if block.language == "sh" or line.startswith("$ "):
            command = line.removeprefix("$ ")
            while command.endswith("\\"):
                command += "\n" + lines.pop(0)
            if command.strip():
                steps.append(Step(number, command, None if block.language == "sh" else []))
        elif not steps:
            raise ValueError(f"{block.path}:{number}: a console block begins with a command")
        else:
            steps[-1].shown.append(line)
    return steps


def pattern_of(shown, vary):
    """The regular expression that holds for what the document shows."""
    pattern = ""
    for line in shown:
        if line == "…":
            pattern += r"(?:.*\n)*?"
            continue
        parts = []
        for part in line.split("…"):
            text = re.escape(part)
            if vary:
                text = NUMBER.sub("\0", part)
                text = re.sub(r"(?:\\ |\s)+", r"\\s+", re.escape(text)).replace(re.escape("\0"), r"[\d.,]+").replace("\0", r"[\d.,]+")
            parts.append(text)
        pattern += ".*".join(parts) + "\n"
    return pattern


def prints(shown, printed, vary):
    """Whether `printed` is what the document shows."""
    text = "".join(line.rstrip() + "\n" for line in printed.splitlines())
    return re.fullmatch(pattern_of(shown, vary), text) is not None


def clone_in(folder):
    """Makes `folder` look like a clone with a build in it: what commands write to is a copy, the rest are links."""
    for entry in tare.SOURCE.iterdir():
        if entry.name not in ("build", "examples", "results") and not entry.name.startswith(".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").symlink_to(tare.BUILD)
    (folder / "results").mkdir()
    shutil.copytree(tare.SOURCE / "results" / "reference", folder / "results" / "reference")
    shutil.copytree(tare.SOURCE / "examples", folder / "examples", ignore=shutil.ignore_patterns("build"))


def end_group(group):
    """Ends what a block left in the background."""
    try:
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            os.killpg(group, wanted)
            for _ in range(50):
                time.sleep(0.1)
                os.killpg(group, 0)
    except ProcessLookupError:
        pass


def run_steps(steps, folder):
    """[(exit code, stdout, stderr)] of each command, all in one shell."""
    mark = f"@{os.getpid()}@"
    script = ["status=0"]
    for step in steps:
        script += ["(exit $status)", step.command, "status=$?", f"printf '{mark}%d{mark}' $status", f"printf '{mark}' >&2"]
    environment = {**os.environ, "PATH": f"{tare.BUILD}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as messages:
        shell = subprocess.Popen(["bash", "-c", "\n".join(script)], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=messages,
                                 env=environment, start_new_session=True)
        try:
            shell.wait(BLOCK_TIMEOUT_S)
        finally:
            end_group(shell.pid)
            shell.wait()
        out.seek(0)
        messages.seek(0)
        parts, told = out.read().split(mark), messages.read().split(mark)
    return [(int(parts[2 * at + 1]), parts[2 * at], told[at]) for at in range(len(steps))]


class Documents(unittest.TestCase):
    def test_what_they_show_is_what_is_printed(self):
        tare.required_probes("system_calls", "allocations", "copies")
        for program in ("memcached", "make", "gcc", "git"):
            tare.required(shutil.which(program), program)
        commands, left_out = 0, []
        for path in documents():
            name = path.relative_to(tare.SOURCE).as_posix()
            blocks = [block for block in blocks_of(name, path.read_text(encoding="utf-8")) if block.language in ("console", "sh")]
            left_out += [f"{name}:{block.line} ({block.remark[1]})" for block in blocks if block.remark and block.remark[0] == "not run"]
            with tempfile.TemporaryDirectory(prefix="tare-test-") as folder:
                clone_in(pathlib.Path(folder))
                for block in blocks:
                    if not block.remark or block.remark[0] != "not run":
                        commands += self.hold(block, folder)
        print(f"documents: {commands} commands run; not run: {len(left_out)} blocks: {', '.join(left_out)}", file=sys.stderr)
        self.assertGreater(commands, 0)

    def hold(self, block, folder):
        """Runs a block; how many commands it has."""
        steps = steps_of(block)
        for at, (step, (code, printed, told)) in enumerate(zip(steps, run_steps(steps, folder))):
            with self.subTest(f"{block.path}:{step.line}: {step.command}"):
                code_is_shown = at + 1 < len(steps) and steps[at + 1].command == "echo $?"
                self.assertTrue(code == 0 or code_is_shown, f"exit code {code}\n{printed}{told}")
                if step.shown is not None:
                    self.assertTrue(prints(step.shown, printed, bool(block.remark)), f"it prints\n{printed}{told}")
        return len(steps)

    def test_each_block_says_what_it_is(self):
        for path in documents():
            for block in blocks_of(path.name, path.read_text(encoding="utf-8")):
                with self.subTest(f"{path}:{block.line}"):
                    self.assertNotEqual(block.language, "", "text, console, sh, toml …?")
                    if block.language == "toml":
                        tomllib.loads(block.text)
                    elif block.language not in ("console", "sh"):
                        self.assertFalse([line for line in block.text.split("\n") if COMMAND.match(line)], "a command: console or sh")

    def test_a_document_that_is_wrong_is_found_out(self):
        text = "a\n\n<!-- figures vary: w -->\n```console\n$ echo 3 x\n4 x\n$ false\n$ echo $?\n1\n```\n"
        block, = blocks_of("d.md", text)
        self.assertEqual((block.line, block.remark), (5, ("figures vary", "w")))
        self.assertEqual([step[:2] for step in steps_of(block)], [(5, "echo 3 x"), (7, "false"), (8, "echo $?")])
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual([step[:2] for step in run_steps(steps_of(block), folder)], [(0, "3 x\n"), (1, ""), (0, "1\n")])
        for shown, printed, vary, right in (
                (["3 x"], "3 x\n", False, True), (["3 x"], "4 x\n", False, False), (["3 x"], "14.5  x\n", True, True),
                (["3 x"], "4 y\n", True, False), (["-3 x"], "-4 x\n", True, False), (["+3"], "+3\n", True, True),
                (["…", "b"], "a\na\nb\n", False, True), (["…", "b"], "a\nb\nc\n", False, False), (["a…c"], "abc\n", False, True),
                ([], "a\n", False, False), (["a."], "ab\n", True, False), (["p99 5"], "p90 5\n", True, False)):
            self.assertEqual(prints(shown, printed, vary), right, (shown, printed, vary))


if __name__ == "__main__":
    tare.main()
