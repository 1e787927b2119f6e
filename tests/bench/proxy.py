"""A proxy on loopback for benchmarks that look at what goes by."""
import socket
import threading


class Proxy:
    """Listens on `port` before the port of a server; what becomes of each client is its kind's affair: `carry(client)`."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def close(self):
        self.listener.close()
