# SPDX-License-Identifier: Apache-2.0
"""A server of a line protocol of its own: line_server.py tcp|unix|udp PORT_OR_PATH"""
import selectors
import socket
import sys


def answer(line, stored):
    words = line.rstrip(b"\n").split(b" ", 2)
    if words[0] == b"put":
        stored[words[1]] = words[2]
        return b"ok\n"
    return b"is " + stored.get(words[1], b"nothing") + b"\n"


def received(connection):
    """What came; nothing when the client has gone, in peace or not."""
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


transport, where = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX if transport == "unix" else socket.AF_INET,
                         socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)
listener.bind(where if transport == "unix" else ("127.0.0.1", int(where)))
ready, values = selectors.EpollSelector(), {}
ready.register(listener, selectors.EVENT_READ)
if transport != "udp":
    listener.listen(128)
while True:
    for key, _ in ready.select():
        if transport == "udp":
            asked, peer = listener.recvfrom(65536)
            listener.sendto(answer(asked, values), peer)
        elif key.fileobj is listener:
            ready.register(listener.accept()[0], selectors.EVENT_READ)
        elif asked := received(key.fileobj):
            key.fileobj.sendall(answer(asked, values))
        else:
            ready.unregister(key.fileobj)
            key.fileobj.close()
