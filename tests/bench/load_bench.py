#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What one CPU second of the load generator asks, beside memcaslap: the same memcached, keys of 16 bytes, values of 64, GETs
of 64 k keys over 64 connections; by io_uring and by epoll. And how busy it keeps the no-op servers. Tools take turns, so that a disturbed machine disturbs all; the ratio is taken within each turn.

Usage: load_bench.py BUILD [--repetitions N] [--seconds S]
"""
import argparse
import collections
import itertools
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CONNECTIONS = 64
CLIENT_IOS = ("io_uring", "epoll")
NULLS = ("null/epoll_level/fixed_reply", "null/uring_skip_send_cqe/fixed_reply")
missed = []
MEMCASLAP_CONFIG = "key\n16 16 1\nvalue\n64 64 1\ncmd\n0 0\n1 1\n"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Memcached:
    """Debian's memcached with one thread, on the last core that may be used."""

    def __init__(self, cpu):
        self.port = free_port()
        # Ends with this program, however that ends.
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "taskset", "-c", str(cpu), "memcached", "-l", "127.0.0.1",
                                         "-p", str(self.port), "-U", "0", "-t", "1", "-m", "1024", "-u", "root"])

    def __enter__(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("memcached does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def run_pinned(command, cpu):
    """A command's output and the CPU seconds that it used, all its threads together."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(["taskset", "-c", str(cpu), *command], stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}\n{text}")
    return text, usage.ru_utime + usage.ru_stime


def memcaslap(port, seconds, cpu, config):
    """Requests per CPU second. It stores its keys first, which is in its CPU time: so it is run for a short and a long while, and
    the difference is what the gets took."""
    sums = []
    for length in (1, 1 + seconds):
        text, cpu_s = run_pinned(["memcaslap", "-s", f"127.0.0.1:{port}", "-T", "1", "-c", str(CONNECTIONS), "-w", "1k", "-F", str(config),
                                  "-t", f"{length}s"], cpu)
        sums.append((int(re.search(r"cmd_get: (\d+)", text).group(1)), cpu_s))
        if re.search(r"get_misses: (\d+)", text).group(1) != "0":
            raise RuntimeError(f"memcaslap's gets missed:\n{text}")
    return (sums[1][0] - sums[0][0]) / (sums[1][1] - sums[0][1])


def tare_load(tare, client_io, target, pipeline, seconds, cpu, keys=65536):
    """Requests per CPU second in the window, every reply verified, and the server's share of its core where tare started it."""
    told = subprocess.run([tare, "load", *target, "--client-io", client_io, "--cpus", str(cpu), "--connections", str(CONNECTIONS),
                           "--pipeline", str(pipeline), "--keys", str(keys), "--key-bytes", "16", "--value-bytes", "64",
                           "--duration", str(seconds), "--format", "json"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    result = json.loads(told.stdout)
    assert result["replies_received"] == result["requests_sent"] > 0
    assert result["client_io"] == client_io
    server_ns = result["server_cpu_ns"]
    return result["requests_per_client_cpu_s"], server_ns / result["elapsed_ns"] if isinstance(server_ns, int) else None


def show(name, values, unit, bar=None):
    met = bar is None or statistics.median(values) >= bar
    if not met:
        missed.append(name)
    verdict = "" if bar is None else f"   bar {bar}: {'met' if met else 'MISSED'}"
    print(f"{name:78} {statistics.median(values):>12,.2f} ({min(values):,.2f} to {max(values):,.2f}) {unit}{verdict}")


def ratios(left, right):
    """Within each turn."""
    return [one / other for one, other in zip(left, right)]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--repetitions", type=int, default=5)
    options.add_argument("--seconds", type=float, default=2)
    options = options.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    client, server = cores[0], cores[-1]
    tare = str(options.build / "tare")
    rates = collections.defaultdict(list)
    busy = collections.defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="tare-bench-") as folder, Memcached(server) as memcached:
        config = pathlib.Path(folder) / "memcaslap.cfg"
        config.write_text(MEMCASLAP_CONFIG, encoding="utf-8")
        for repetition in range(options.repetitions):
            print(f"[{repetition + 1}/{options.repetitions}]", file=sys.stderr)
            rates["memcaslap"].append(memcaslap(memcached.port, round(options.seconds), client, config))
            for client_io, depth in itertools.product(CLIENT_IOS, (1, 16)):
                port = ["--port", str(memcached.port)]
                rates[client_io, "memcached", depth].append(tare_load(tare, client_io, port, depth, options.seconds, client)[0])
                for null in NULLS:
                    rate, share = tare_load(tare, client_io, ["--server", null], depth, options.seconds, client, keys=1)
                    rates[client_io, null, depth].append(rate)
                    busy[client_io, null, depth].append(100 * share)
    print(f"median (range) of {options.repetitions}; {CONNECTIONS} connections, GET, key 16, value 64")
    for name, values in rates.items():
        text = name if isinstance(name, str) else f"tare load by {name[0]}, {name[1]}, depth {name[2]}"
        show(text, values, "requests per client CPU second")
    for (client_io, null, depth), values in busy.items():
        bar = 95 if client_io == "io_uring" and depth == 1 else None
        show(f"share of its core of {null}, by {client_io}, depth {depth}", values, "%", bar)
    over_memcaslap = {io: ratios(rates[io, "memcached", 1], rates["memcaslap"]) for io in CLIENT_IOS}
    over_epoll = {depth: ratios(rates["io_uring", "memcached", depth], rates["epoll", "memcached", depth]) for depth in (1, 16)}
    deep = {io: ratios(rates[io, NULLS[0], 16], rates[io, NULLS[0], 1]) for io in CLIENT_IOS}
    for io in CLIENT_IOS:
        show(f"tare load by {io} over memcaslap, memcached at depth 1", over_memcaslap[io], "x", 1.4)
    show("tare load by io_uring over epoll, memcached at depth 1", over_epoll[1], "x")
    show("tare load by io_uring over epoll, memcached at depth 16", over_epoll[16], "x", 1.5)
    show(f"depth 16 over depth 1 by epoll, {NULLS[0]}", deep["epoll"], "x", 6)
    show(f"depth 16 over depth 1 by io_uring, {NULLS[0]}", deep["io_uring"], "x")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
