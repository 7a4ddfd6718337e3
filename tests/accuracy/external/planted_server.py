# SPDX-License-Identifier: Apache-2.0
"""A server with one fault: planted_server.py FAULT PORT. It speaks enough of memcached's protocol to be asked."""
import os
import signal
import socket
import sys
import time


def answers(stream, give_up_after, tires_after_s):
    """Serves get and set of whole lines until the client goes, ends the process after so many requests, or answers no more after so
    long."""
    stored = {}
    begin = time.monotonic()
    while line := stream.readline():
        if tires_after_s is not None and time.monotonic() > begin + tires_after_s:
            time.sleep(3600)
        words = line.split()
        if words[0] == b"set":
            stored[words[1]] = stream.read(int(words[4]) + 2)
            reply = b"STORED\r\n"
        else:
            value = stored.get(words[1])
            reply = b"END\r\n" if value is None else b"VALUE %s 0 %d\r\n%sEND\r\n" % (words[1], len(value) - 2, value)
        stream.write(reply)
        stream.flush()
        give_up_after -= 1
        if give_up_after == 0:
            print("planted: about to be killed", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)


def serve(fault, listener):
    while True:
        connection, _ = listener.accept()
        if fault == "garbage":
            connection.recv(1)
            connection.sendall(b"I speak another protocol\r\n")
        elif fault == "closes":
            connection.recv(4096)
            connection.close()
        elif fault == "silent":
            while connection.recv(4096):
                pass
        else:
            answers(connection.makefile("rwb"), 150 if fault == "killed" else 0, 3 if fault == "tires" else None)


def main():
    fault, port = sys.argv[1], int(sys.argv[2])
    if fault == "dies":
        print("planted: cannot read its configuration", file=sys.stderr, flush=True)
        sys.exit(3)
    if fault == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    listener = socket.create_server(("127.0.0.1", port))
    if fault == "daemon":
        if os.fork() > 0:
            os._exit(0)
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
    serve(fault, listener)


main()
