#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What one CPU second of the load generator asks, beside memcaslap: the same memcached, keys of 16 bytes, values of 64, GETs
of 64 k keys over 64 connections. Tools take turns, so that a disturbed machine disturbs all; the ratio is taken within each turn.

Usage: load_bench.py BUILD [--repetitions N] [--seconds S]
"""
import argparse
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


def tare_load(tare, target, pipeline, seconds, cpu, keys=65536):
    """Requests per CPU second in the window; every reply is verified."""
    told = subprocess.run([tare, "load", *target, "--cpus", str(cpu), "--connections", str(CONNECTIONS), "--pipeline", str(pipeline),
                           "--keys", str(keys), "--key-bytes", "16", "--value-bytes", "64", "--duration", str(seconds), "--format", "json"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    result = json.loads(told.stdout)
    assert result["replies_received"] == result["requests_sent"] > 0
    return result["requests_sent"] / (result["client_cpu_ns"] / 1e9)


def show(name, values, unit, bar=None):
    verdict = "" if bar is None else f"   bar {bar}: {'met' if statistics.median(values) >= bar else 'MISSED'}"
    print(f"{name:58} {statistics.median(values):>12,.2f} ({min(values):,.2f} to {max(values):,.2f}) {unit}{verdict}")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("--repetitions", type=int, default=5)
    options.add_argument("--seconds", type=int, default=2)
    options = options.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    client, server = cores[0], cores[-1]
    tare = str(options.build / "tare")
    null = ["--server", "null/epoll_level/fixed_reply"]
    rates = {"memcaslap": [], "tare load, depth 1": [], "tare load, depth 16": [], "null, depth 1": [], "null, depth 16": []}
    with tempfile.TemporaryDirectory(prefix="tare-bench-") as folder, Memcached(server) as memcached:
        config = pathlib.Path(folder) / "memcaslap.cfg"
        config.write_text(MEMCASLAP_CONFIG, encoding="utf-8")
        port = ["--port", str(memcached.port)]
        for repetition in range(options.repetitions):
            print(f"[{repetition + 1}/{options.repetitions}]", file=sys.stderr)
            rates["memcaslap"].append(memcaslap(memcached.port, options.seconds, client, config))
            rates["tare load, depth 1"].append(tare_load(tare, port, 1, options.seconds, client))
            rates["tare load, depth 16"].append(tare_load(tare, port, 16, options.seconds, client))
            rates["null, depth 1"].append(tare_load(tare, null, 1, options.seconds, client, keys=1))
            rates["null, depth 16"].append(tare_load(tare, null, 16, options.seconds, client, keys=1))
    print(f"median (range) of {options.repetitions}; {CONNECTIONS} connections, GET, key 16, value 64")
    for name, values in rates.items():
        show(name, values, "requests per client CPU second")
    ratio = [tare / other for tare, other in zip(rates["tare load, depth 1"], rates["memcaslap"])]
    show("tare load over memcaslap, memcached at depth 1", ratio, "x", bar=1.4)
    depth = [deep / flat for deep, flat in zip(rates["null, depth 16"], rates["null, depth 1"])]
    show("depth 16 over depth 1, null/epoll_level/fixed_reply", depth, "x", bar=6)
    met = statistics.median(ratio) >= 1.4 and statistics.median(depth) >= 6
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
