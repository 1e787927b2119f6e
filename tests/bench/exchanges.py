"""What goes by between a client and a server: each request, and how long its answer took."""
import re
import socket
import threading
import time

from proxy import Proxy

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding: *chunked")


class Exchange:
    """One request: `GET /path?query`, and when it began and its answer ended."""

    def __init__(self, head, begin):
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        self.line = f"{method} {target}"
        self.begin = self.end = begin


class Exchanges(Proxy):
    """A proxy on loopback before a server that speaks HTTP/1.1; `seen` is what went by."""

    def __init__(self, target_port):
        self.seen = []
        super().__init__(target_port)

    def carry(self, client):
        Connection(self, client).carry()

    def taken(self):
        """What went by since the last time."""
        seen, self.seen = self.seen, []
        return seen


class Connection:
    def __init__(self, exchanges, client):
        self.exchanges, self.client = exchanges, client
        self.server = socket.create_connection(("127.0.0.1", exchanges.target_port))
        for one in (self.client, self.server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.latest = None

    def carry(self):
        threading.Thread(target=self.carry_answers, daemon=True).start()
        rest = b""
        while request := self.next_head(rest):
            head, rest = request
            rest = self.pass_body(head, rest)
        self.server.shutdown(socket.SHUT_WR)

    def next_head(self, rest):
        """The head of a request, and what came after it; nothing where there is no further one."""
        begin = time.perf_counter()
        while b"\r\n\r\n" not in rest:
            if not rest:
                begin = None
            data = self.client.recv(65536)
            begin = begin or time.perf_counter()
            if not data:
                return None
            rest += data
        end = rest.index(b"\r\n\r\n") + 4
        self.latest = Exchange(rest[:end], begin)
        self.exchanges.seen.append(self.latest)
        return rest[:end], rest[end:]

    def pass_body(self, head, rest):
        """Passes the request on; gives what came after it."""
        self.server.sendall(head)
        if CHUNKED.search(head):
            body = rest
            self.server.sendall(rest)
            while not body.endswith(b"0\r\n\r\n"):
                body = body[-4:] + (data := self.client.recv(65536))
                self.server.sendall(data)
            return b""
        length = LENGTH.search(head)
        left = int(length[1]) if length else 0
        while len(rest) < left:
            self.server.sendall(rest)
            left -= len(rest)
            rest = self.client.recv(65536)
        self.server.sendall(rest[:left])
        return rest[left:]

    def carry_answers(self):
        try:
            while data := self.server.recv(65536):
                # Before the client has it: it may be gone before we run again.
                self.latest.end = time.perf_counter()
                self.client.sendall(data)
            self.client.shutdown(socket.SHUT_WR)
        except OSError:
            self.server.close()


def waited(exchanges):
    """Milliseconds in which at least one of them was under way."""
    total, until = 0, 0
    for one in sorted(exchanges, key=lambda exchange: exchange.begin):
        total += max(0, one.end - max(until, one.begin))
        until = max(until, one.end)
    return total * 1e3
