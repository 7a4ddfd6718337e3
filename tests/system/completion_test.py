# SPDX-License-Identifier: Apache-2.0
"""Completions in the shells themselves, which are asked as a key press asks them; and manual pages, held to mandoc's rules."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import tare


def written(shell, folder, name):
    path = pathlib.Path(folder) / name
    done = tare.run("generate", "completion", shell, "-o", str(path))
    assert done.returncode == 0, done.stderr
    return path


class Completion:
    """What each shell must offer; `offered(WORDS)` are its answers for the last of the words."""

    def setUp(self):
        super().setUp()
        tare.required(shutil.which(self.shell), self.shell)

    def holds(self, words, *wanted, absent=()):
        offered = self.offered(words)
        for name in wanted:
            self.assertIn(name, offered, words)
        for name in absent:
            self.assertNotIn(name, offered, words)

    def test_verbs(self):
        self.holds(["c"], "calibrate", "check", "compare", "contrast", absent=("load", "generate"))
        self.holds(["lo"], "load")
        self.holds(["-q", "lo"], "load")

    def test_verbs_below_a_verb(self):
        self.holds(["list", ""], "servers", "suites", "probes", "metrics", "cases", absent=("load",))

    def test_options_of_the_verb_alone(self):
        self.holds(["load", "--con"], "--connections")
        self.holds(["load", "--p"], "--pipeline", "--port", "--protocol", absent=("--per-thread", "--connections"))
        self.holds(["list", "cases", "--o"], "--only")
        self.holds(["doctor", "--c"], "--color")

    def test_values_of_an_option(self):
        self.holds(["load", "--format", ""], "text", "csv", "json", absent=("--help", "markdown"))
        self.holds(["load", "-p", "1", "--protocol", "r"], "resp", absent=("http",))
        self.holds(["check", "--color", "a"], "auto", "always", absent=("never",))

    def test_suites_are_those_of_the_program(self):
        suites = [line.split()[0] for line in tare.run("list", "suites").stdout.splitlines()]
        self.assertIn("overhead-analysis", suites)
        self.holds(["run", ""], *suites)
        self.holds(["run", "ov"], "overhead-analysis", absent=("gate",))
        self.holds(["list", "cases", "gat"], "gate")

    def test_variants_are_those_of_the_program(self):
        self.holds(["serve", "epoll/level/as"], "epoll/level/as_described")
        self.holds(["load", "-c", "4", "--server", "uring/id"], "uring/ideal", absent=("epoll/ideal",))
        self.holds(["contrast", "epoll/ideal", "uring/id"], "uring/ideal")

    def test_verbs_as_help_topics(self):
        self.holds(["help", "att"], "attach")

    def test_files_and_folders(self):
        (self.folder / "mine.toml").touch()
        (self.folder / "results").mkdir()
        self.holds(["run", "mi"], "mine.toml")
        self.holds(["stat", "--output", "mi"], "mine.toml")
        self.assertTrue([name for name in self.offered(["report", "res"]) if name.rstrip("/") == "results"])

    def test_a_command_of_the_user_has_its_own_words(self):
        self.holds(["stat", "--", "dash"], "dash", absent=("--diff",))
        self.holds(["stat", "dash"], "dash")


class Bash(Completion, tare.Case):
    shell = "bash"

    def offered(self, words):
        script = written("bash", self.folder, "completion.bash")
        ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tare; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "--norc", "-c", ask, "bash", script, str(tare.PROGRAM), *words], capture_output=True, text=True,
                              timeout=60, check=True, cwd=self.folder)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_a_value_behind_an_equals_sign(self):
        self.holds(["load", "--format", "=", "js"], "json", absent=("csv",))

    def test_it_is_registered_for_the_program(self):
        done = subprocess.run(["bash", "--norc", "-c", 'source "$1"; complete -p tare', "bash", written("bash", self.folder, "c")],
                              capture_output=True, text=True, timeout=60, check=True)
        self.assertIn("-F _tare tare", done.stdout)


class Fish(Completion, tare.Case):
    shell = "fish"

    def offered(self, words):
        script = written("fish", self.folder, "tare.fish")
        # The program is found on the PATH, as fish completes commands by their name.
        done = subprocess.run(["fish", "--no-config", "-c", 'source $SCRIPT; complete -C "$LINE"'], capture_output=True, text=True,
                              timeout=60, check=False, cwd=self.folder,
                              env={**os.environ, "HOME": str(self.folder), "PATH": f"{tare.BUILD}:{os.environ['PATH']}",
                                   "SCRIPT": str(script), "LINE": " ".join(["tare", *words])})
        self.assertEqual(done.stderr, "")
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def test_options_have_descriptions(self):
        script = written("fish", self.folder, "tare.fish")
        self.assertIn("-s c -l connections", script.read_text(encoding="utf-8"))


# In a zsh that is used by hand: every match is printed as it is offered, and the first completion ends the shell.
ZSH_SETUP = r'''
PROMPT=
fpath=($FUNCTIONS $fpath)
path=($TARE_FOLDER $path)
cd $HERE
autoload -Uz compinit
compinit -u -D
bindkey '^I' complete-word
compadd() {
    # Some calls only sort names into an array.
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a offered
    builtin compadd -A offered "$@"
    print -rl -- MATCH:${^offered}
    builtin compadd "$@"
}
finish() { print -r -- ASKED; exit }
comppostfuncs=(finish)
print -r -- PREPARED
'''
ZSH = r'''
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "source $SETUP"
while zpty -r shell line; do [[ $line == *PREPARED* ]] && break; done
zpty -n -w shell "$LINE"$'\t'
while zpty -r shell line; do
    print -r -- "$line"
    [[ $line == *ASKED* ]] && break
done
zpty -d shell
'''


class Zsh(Completion, tare.Case):
    shell = "zsh"

    def offered(self, words):
        functions = self.folder / "functions"
        functions.mkdir(exist_ok=True)
        written("zsh", functions, "_tare")
        setup = self.folder / "setup.zsh"
        setup.write_text(ZSH_SETUP, encoding="utf-8")
        environment = {**os.environ, "FUNCTIONS": str(functions), "HERE": str(self.folder), "TARE_FOLDER": str(tare.BUILD),
                       "LINE": " ".join(["tare", *words]), "SETUP": str(setup), "TERM": "dumb", "HOME": str(self.folder)}
        done = subprocess.run(["zsh", "-f", "-c", ZSH], capture_output=True, text=True, timeout=60, check=True, env=environment)
        self.assertIn("ASKED", done.stdout)
        self.assertNotRegex(done.stdout, "command not found|parse error")
        return [match.rstrip("\r") for match in re.findall(r"MATCH:([^\r\n]+)", done.stdout)]


class ManPages(tare.Case):
    def setUp(self):
        super().setUp()
        done = tare.run("generate", "man", str(self.folder / "man"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.pages = {path.name: path for path in (self.folder / "man").iterdir()}

    def test_there_is_one_of_each_command(self):
        commands = re.findall(r"^  ([a-z]+) ", tare.run("help").stdout.split("Commands:")[1].split("Options:")[0], re.M)
        self.assertGreater(len(commands), 10)
        self.assertEqual(set(self.pages), {"tare.1", *(f"tare-{name}.1" for name in commands)})

    def test_mandoc_finds_nothing_wrong(self):
        tare.required(shutil.which("mandoc"), "mandoc")
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *self.pages.values()], capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def text(self, name):
        tare.required(shutil.which("mandoc"), "mandoc")
        done = subprocess.run(["mandoc", "-T", "ascii", self.pages[name]], capture_output=True, text=True, timeout=60, check=True)
        return re.sub(r".\x08", "", done.stdout)

    def test_a_page_has_the_options_examples_and_codes(self):
        text = self.text("tare-load.1")
        self.assertRegex(text, r"-c, --connections NUMBER")
        self.assertRegex(text, r"--protocol memcached\|resp\|http")
        self.assertIn("tare load --server uring/ideal -c 64 -d 10s", text)
        self.assertRegex(text, r"tare-load - Generate load on a server")
        for heading in ("SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "EXIT STATUS", "EXAMPLES", "SEE ALSO"):
            self.assertIn(f"\n{heading}\n", text)

    def test_every_option_of_help_is_on_the_page(self):
        for name in ("load", "stat", "ab", "doctor"):
            helped = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", tare.run(name, "--help").stdout.split("\nOptions:")[1]))
            self.assertGreater(len(helped), 4)
            text = self.text(f"tare-{name}.1")
            self.assertEqual({option for option in helped if option not in text}, set(), name)

    def test_the_first_page_names_the_others(self):
        text = self.text("tare.1")
        for name in self.pages:
            if name != "tare.1":
                self.assertIn(f"{name[:-2]}(1)", text)

    def test_the_date_is_the_builds_where_it_has_one(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([tare.PROGRAM, "generate", "man", folder], check=True, timeout=60,
                           env={**os.environ, "SOURCE_DATE_EPOCH": "1767830400"})
            self.assertIn(".Dd January 8, 2026\n", (pathlib.Path(folder) / "tare.1").read_text(encoding="utf-8"))


if __name__ == "__main__":
    tare.main()
