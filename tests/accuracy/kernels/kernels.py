# SPDX-License-Identifier: Apache-2.0
"""`make kernels`: what tare counts on the kernels that Debian has, each booted in QEMU with the tree that was built here.

    kernels.py BUILD [--kernel VERSION]... [--report] [--limit S]

Exit code 0: no wrong count, and every run and guest ended well. 1: not so, or a kernel that was asked for by name could not be fetched."""
import argparse
import pathlib
import sys
import textwrap
import time

import boot
import fetch
import judge

SOURCE = pathlib.Path(__file__).resolve().parents[3]
USUAL = ("6.1", "6.12")
# In this order; `module` loads what `no_module` goes without.
PARTS = ("doctor", "capabilities", "no_module", "module", "probes", "stat", "overhead-analysis", "wirings", "closes")
REPORT = ("doctor", "module", "report")
REFUSALS = ("refused_doctor", "refused_stat", "refused_attach", "refused_run")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--kernel", action="append", choices=sorted(fetch.SUITES), help=f"by default {' and '.join(USUAL)}, where apt reaches them")
    parser.add_argument("--report", action="store_true", help="instead, what `make report` runs; some hours")
    parser.add_argument("--limit", type=int, help="seconds for one guest; by default 900, or four hours with --report")
    return parser.parse_args()


def run(kernel, build, report, limit_s):
    """What was found on `kernel`; raises NotFetched or DidNotEnd."""
    packages = fetch.packages(kernel, build / "kernels")
    out = build / "kernels" / kernel / "out"
    parts, judgement = (REFUSALS, judge.judge_refusals) if kernel in fetch.TOO_OLD else (REPORT if report else PARTS, judge.judge)
    begin_s = time.monotonic()
    boot.boot(packages, SOURCE / "tests/accuracy/kernels/guest.sh", {"SOURCE": SOURCE, "BUILD": build, "PARTS": " ".join(parts)}, out, limit_s)
    judged = judgement(out, parts)
    print(f"Linux {judged.release}: {time.monotonic() - begin_s:.0f} s; {'; '.join(judged.lines)}")
    return judged


def table(found):
    """A line for each probe and wiring, a word for each kernel; the reasons below it."""
    names = list(dict.fromkeys(name for judged in found.values() for name in (*judged.probes, *judged.wirings)))
    reasons = []
    print(f"\n{'':28}" + "".join(f"{kernel:>10}" for kernel in found))
    for name in names:
        words = []
        for kernel, judged in found.items():
            if name in judged.wirings:
                word = f"absent: {judged.wirings[name]}" if judged.wirings[name] else "runs"
            else:
                word = judged.probes[name].word(name) if name in judged.probes else "WRONG: doctor does not name it"
            words.append(word.split(":")[0].split(" (")[0])
            if ":" in word:
                reasons.append(f"{name} on {kernel}: {word}")
        print(f"{name:28}" + "".join(f"{word:>10}" for word in words))
    print()
    for reason in reasons:
        print(textwrap.fill(reason, 128, subsequent_indent="    "))


def main():
    given = arguments()
    found, failed = {}, False
    for kernel in given.kernel or USUAL:
        try:
            found[kernel] = run(kernel, given.build.resolve(), given.report, given.limit or (14400 if given.report else 900))
        except fetch.NotFetched as error:
            # Asked for by name, a kernel that is not to be had is a fault; else it is only said.
            failed = failed or bool(given.kernel)
            print(f"Linux {kernel} of Debian's {fetch.SUITES[kernel]} cannot be fetched: {error}")
        except boot.DidNotEnd as error:
            failed = True
            print(f"Linux {kernel}: the guest did not end: {error}")
    if found:
        table(found)
    for kernel, judged in found.items():
        for fault in judged.faults:
            failed = True
            print(textwrap.fill(f"FAULT on {kernel}: {fault}", 128, subsequent_indent="    "))
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main())
