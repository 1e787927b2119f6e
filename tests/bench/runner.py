"""Runs programs and says what each took, its memory too."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Runner:
    """Runs programs from a process that is small itself: what a child peaks at is never less than its parent has."""

    SCRIPT = """
import os, sys, time
for line in sys.stdin:
    words = line.rstrip("\\n").replace("\\x1e", "\\n").split("\\x1f")
    begin = time.monotonic()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
    _, status, usage = os.wait4(child, 0)
    took = time.monotonic() - begin
    print(took * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024, status, flush=True)
"""

    def __init__(self, environment):
        self.path = environment["PATH"]
        self.folder = tempfile.TemporaryDirectory()
        self.errors = pathlib.Path(self.folder.name, "errors")
        self.process = subprocess.Popen([sys.executable, "-I", "-S", "-c", self.SCRIPT, str(self.errors)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def run(self, command, folder=None, variables=None):
        """Wall time and CPU in ms and peak memory in MB of one process and those that it waited for."""
        words = list(map(str, command))
        if folder or variables:
            words = ["env", *(["-C", str(folder)] if folder else []),
                     *(f"{name}={value}" for name, value in (variables or {}).items()), *words]
        words[0] = shutil.which(words[0], path=self.path)
        self.process.stdin.write("\x1f".join(words).replace("\n", "\x1e") + "\n")
        self.process.stdin.flush()
        took, processor, peak, status = self.process.stdout.readline().split()
        if status != "0":
            sys.exit(f"{command} ended with {status}: {self.errors.read_text(errors='replace')}")
        return float(took), float(processor), float(peak)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()
