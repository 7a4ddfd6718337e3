# SPDX-License-Identifier: Apache-2.0
"""A server that forks: forking_server.py connection|request PORT, a child for each connection, or also one for each request that burns
CPU time and ends. It answers `burn\n` with `done\n`."""
import os
import socket
import sys
import time

BURN_S = 0.002


def burn():
    until = time.process_time() + BURN_S
    while time.process_time() < until:
        pass


def serve(connection, forks):
    while connection.recv(4096):
        if forks == "request":
            child = os.fork()
            if child == 0:
                burn()
                os._exit(0)
            os.waitpid(child, 0)
        connection.sendall(b"done\n")


forks, port = sys.argv[1:]
listener = socket.create_server(("127.0.0.1", int(port)), backlog=128)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        serve(connection, forks)
        os._exit(0)
    connection.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
