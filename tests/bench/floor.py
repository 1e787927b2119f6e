"""The floor of a client: the same requests, sent by one that does nothing but send them and read what comes."""
import http.client
import re
import socket
import threading
import time

from proxy import Proxy


class Recorder(Proxy):
    """A TCP proxy on loopback that keeps what the client sends."""

    def __init__(self, target_port):
        self.sent = bytearray()
        super().__init__(target_port)

    def carry(self, client):
        server = socket.create_connection(("127.0.0.1", self.target_port))
        threading.Thread(target=self.pass_on, args=(server, client, None), daemon=True).start()
        self.pass_on(client, server, self.sent)

    @staticmethod
    def pass_on(source, sink, keep):
        while data := source.recv(65536):
            if keep is not None:
                keep += data
            sink.sendall(data)
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def requests(self):
        """What was sent, request by request."""
        rest, found = bytes(self.sent), []
        while rest:
            head = rest.index(b"\r\n\r\n") + 4
            length = re.search(rb"(?i)content-length: (\d+)", rest[:head])
            end = head + (int(length[1]) if length else 0)
            found.append(rest[:end])
            rest = rest[end:]
        return found


def replay(requests, port):
    """Milliseconds, on one connection; each is sent when the one before it is answered."""
    begin = time.perf_counter()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for request in requests:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.status == 200, response.status
        response.read()
    took = (time.perf_counter() - begin) * 1e3
    connection.close()
    return took
