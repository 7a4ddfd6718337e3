#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What being counted costs a server: memcached's CPU per request and its throughput under each observer over those of the turn
without one. Observers take turns in a random order, so that a disturbed machine disturbs all.

Usage: probes_bench.py BUILD [--repetitions N] [--seconds S]
"""
import argparse
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from load_bench import CONNECTIONS, Memcached

BAR = 1.10  # of the CPU per request, for tare without uprobes
SETTLE_S = 2.0  # until every observer has attached
# The same as tare's probes without uprobes count: calls by number, those that returned EAGAIN or nothing, io_uring's queue
# operations, bytes through sockets and context switches.
BPFTRACE = """
tracepoint:raw_syscalls:sys_enter /pid == {pid}/ {{ @calls[args->id] = count(); }}
tracepoint:raw_syscalls:sys_exit /pid == {pid} && args->ret == -11/ {{ @again[args->id] = count(); }}
tracepoint:raw_syscalls:sys_exit /pid == {pid} && args->ret == 0/ {{ @empty[args->id] = count(); }}
tracepoint:io_uring:io_uring_submit_req /pid == {pid}/ {{ @sqes[args->opcode] = count(); }}
tracepoint:io_uring:io_uring_complete /pid == {pid}/ {{ @cqes = count(); }}
tracepoint:sock:sock_send_length /pid == {pid}/ {{ @sent = sum(args->ret); }}
tracepoint:sock:sock_recv_length /pid == {pid}/ {{ @received = sum(args->ret); }}
tracepoint:sched:sched_switch /pid == {pid}/ {{ @switches[args->prev_state] = count(); }}
"""


def observers(build, pid):
    """{name: command}; each ends at SIGINT and then prints what it counted."""
    attach = [build / "tare", "attach", "--pid", str(pid), "--idle", "0"]
    return {"tare, no uprobes": [*attach, "--no-functions"], "tare, all probes": attach,
            "bpftrace": ["bpftrace", "-e", BPFTRACE.format(pid=pid)], "perf trace -s": ["perf", "trace", "-s", "-p", str(pid)],
            "strace -c -f": ["strace", "-c", "-f", "-p", str(pid)]}


def cpu_ns(pid):
    """Time on a core of all threads so far."""
    return sum(int(path.read_text().split()[0]) for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"))


class Bench:
    def __init__(self, build, server, client_cpu, seconds):
        self.build = build
        self.server = server
        self.client_cpu = client_cpu
        self.seconds = seconds

    def load(self):
        """(server CPU ns per request, requests per second) of one window."""
        command = ["taskset", "-c", str(self.client_cpu), self.build / "tare", "load", "--port", str(self.server.port), "--connections",
                   str(CONNECTIONS), "--duration", str(self.seconds), "--warm-up", "0", "--keys", "1000", "--format", "json"]
        before = cpu_ns(self.server.process.pid)
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        spent = cpu_ns(self.server.process.pid) - before
        return spent / result["requests_sent"], result["requests_sent"] / result["elapsed_ns"] * 1e9, result["requests_sent"]

    def observed(self, command):
        with tempfile.TemporaryFile("w+") as output:
            observer = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
            try:
                time.sleep(SETTLE_S)
                if observer.poll() is not None:
                    output.seek(0)
                    raise RuntimeError(f"{command[0]} ended at once: {output.read()[-500:]}")
                figures = self.load()
            finally:
                observer.send_signal(signal.SIGINT)
                observer.wait(timeout=60)
            output.seek(0)
            # It must have seen what it was to count, or its cost is that of doing nothing.
            counted = output.read()
            if not any(number >= figures[2] for number in numbers_in(counted)):
                raise RuntimeError(f"{command[0]} counted less than {figures[2]} requests: {counted[-1000:]}")
            return figures


def numbers_in(text):
    return [int(word) for word in text.replace(",", "").replace(":", " ").split() if word.isdigit()]


def told(ratios):
    return f"{statistics.median(ratios):6.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0)
    options = parser.parse_args()
    cpus = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpus[0]})  # the observers' own work is not on the server's core
    figures = {}
    with Memcached(cpus[-1]) as server:
        bench = Bench(options.build.resolve(), server, cpus[0], options.seconds)
        commands = {"none": None, **observers(options.build.resolve(), server.process.pid)}
        bench.load()
        for turn in range(options.repetitions):
            print(f"[{turn + 1}/{options.repetitions}]", file=sys.stderr)
            for name in random.sample(list(commands), len(commands)):
                figures.setdefault(name, []).append(bench.observed(commands[name]) if commands[name] else bench.load())
    print(f"memcached, one thread, {CONNECTIONS} connections, GET of 64 bytes; median (range) of {options.repetitions} paired ratios")
    print(f"{'observer':18} {'CPU per request':>26} {'throughput':>26}")
    ratios = {}
    for name in commands:
        if name == "none":
            continue
        ratios[name] = [each[0] / plain[0] for each, plain in zip(figures[name], figures["none"])]
        rates = [each[1] / plain[1] for each, plain in zip(figures[name], figures["none"])]
        print(f"{name:18} {told(ratios[name]):>26} {told(rates):>26}")
    own, other = (statistics.median(ratios[name]) for name in ("tare, no uprobes", "bpftrace"))
    met = own <= BAR and own < other
    print(f"bar: tare without uprobes at most {BAR:.2f} and below bpftrace: {own:.3f} against {other:.3f}: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
