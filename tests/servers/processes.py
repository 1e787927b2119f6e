"""Servers that a test starts on loopback: they end with it, and what they say is in a file each."""
import contextlib
import ctypes
import os
import pathlib
import random
import signal
import socket
import subprocess


def built(name):
    """The folder that tests/servers/build.sh filled; none where it did not."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = pathlib.Path(cache, "samebits-servers", name)
    return folder if (folder / "version").exists() else None


def end_with_parent():
    """Called in the new process: PR_SET_PDEATHSIG, it never outlives us."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_ports(count):
    """Below those that the system gives to outgoing connections, which would take one between its choice and its use."""
    ports = set()
    while len(ports) < count:
        port = random.randrange(20000, 32000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.add(port)
    return list(ports)


class Processes:
    """Those of one folder, by name; all end with the context."""

    def __init__(self, folder, environment):
        self.folder = pathlib.Path(folder)
        self.environment = environment
        self.running = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.running.values()):
            process.kill()
            process.wait()

    def log(self, name):
        return self.folder / f"{name}.log"

    def start(self, name, *command, **variables):
        with self.log(name).open("wb") as log:
            self.running[name] = subprocess.Popen(
                [str(part) for part in command], cwd=self.folder, env={**self.environment, **variables},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent)

    def signal(self, name, number):
        self.running[name].send_signal(number)

    def wait_until(self, name, ready, seconds=120):
        """Asks again and again, while that process lives."""
        for _ in range(seconds * 10):
            with contextlib.suppress(OSError):
                if answer := ready():
                    return answer
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running[name].wait(timeout=0.1)
                break
        raise RuntimeError(f"{name} does not answer: " + self.log(name).read_text(errors="replace")[-3000:])
