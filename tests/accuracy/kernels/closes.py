# SPDX-License-Identifier: Apache-2.0
"""A client that says `quit` sees its connection end at once, whatever io_uring wiring served it: Linux 6.1 holds a direct descriptor's
socket for a second after its close, unless it is shut down before."""
import os
import pathlib
import socket
import subprocess
import sys
import time

SERVER = pathlib.Path(os.environ["TARE_BUILD"]) / "tare-server"
TRIES = 3
LIMIT_S = 0.5  # of the fastest try: a busy machine delays some, a kernel that waits delays all


def seconds_to_end(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(b"get k\r\n")
        assert client.recv(100) == b"END\r\n"
        begin_s = time.monotonic()
        client.sendall(b"quit\r\n")
        assert client.recv(100) == b""
        return time.monotonic() - begin_s


def variants():
    listed = subprocess.run([SERVER, "--list"], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    return [name for name in names if name.startswith("uring/") and name.endswith("/as_described")]


def main():
    late = False
    for variant in variants():
        with subprocess.Popen([SERVER, variant], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
            ready = server.stdout.readline()
            if not ready and server.wait() == 4:
                print(f"{variant}: absent: {server.stderr.read().strip()}")
                continue
            port = int(ready.split("port=")[1].split()[0])
            fastest_s = min(seconds_to_end(port) for _ in range(TRIES))
            server.terminate()
        print(f"{variant}: {fastest_s:.3f} s")
        late = late or fastest_s > LIMIT_S
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
