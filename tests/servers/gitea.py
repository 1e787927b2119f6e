#!/usr/bin/env python3
"""Gitea on loopback, at a free port: one administrator with a token, Git over HTTP, the API and a container registry.

usage: gitea.py FOLDER [CERTIFICATE KEY]

FOLDER, new or empty, holds all that it keeps. Speaks TLS where a certificate is given. Prints `ready URL TOKEN` when it
answers, and ends with whoever started it. Needs what tests/servers/build.sh makes; exits with 77 where that is missing.
"""
import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from processes import built, end_with_parent

USER = "bot"
PASSWORD = "bot-password-1"
SETTINGS = """
RUN_MODE = prod
RUN_USER = {run_user}
WORK_PATH = {folder}
[server]
PROTOCOL = {scheme}
{tls}
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = {url}/
STATIC_ROOT_PATH = {folder}/program/assets
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = {folder}/gitea.db
[repository]
ROOT = {folder}/repositories
DEFAULT_BRANCH = main
[security]
INSTALL_LOCK = true
SECRET_KEY = for-tests-alone
PASSWORD_HASH_ALGO = pbkdf2$1$8
[service]
DISABLE_REGISTRATION = true
[session]
PROVIDER = memory
[cron]
ENABLED = false
[indexer]
ISSUE_INDEXER_TYPE = db
[log]
MODE = console
LEVEL = Warn
"""


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


class Gitea:
    """A server that runs while the context is entered: `url`, `user`, `token`."""

    def __init__(self, folder, certificate=None, key=None):
        self.folder = pathlib.Path(folder).resolve()
        self.user = USER
        self.certificate, self.key = certificate, key
        # It refuses to be root.
        self.run_as = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.url = self.token = self.process = None

    def __enter__(self):
        self.prepare()
        self.choose_port()
        self.run("migrate")
        self.run("admin", "user", "create", "--username", USER, "--password", PASSWORD, "--email", "bot@example.com",
                 "--admin", "--must-change-password=false")
        self.token = self.run("admin", "user", "generate-access-token", "--username", USER, "--token-name", "tests",
                              "--scopes", "all", "--raw").strip()
        # Somebody else may take the port between its choice and its use.
        while not self.start():
            self.choose_port()
        return self

    def start(self):
        """False where it ended at once."""
        self.process = subprocess.Popen(self.command("web"), **self.surroundings(), stdin=subprocess.DEVNULL,
                                        stdout=sys.stderr, stderr=sys.stderr)
        trust_all = ssl._create_unverified_context() if self.certificate else None
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/api/v1/version", context=trust_all, timeout=60):
                    return True
            except urllib.error.URLError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout=0.02)
        return False

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        # A copy: the cache may lie where only its owner may look.
        shutil.copytree(built("gitea"), self.folder / "program", copy_function=link_or_copy)
        names = []
        if self.certificate:
            shutil.copyfile(self.certificate, self.folder / "certificate.pem")
            shutil.copyfile(self.key, self.folder / "key.pem")
            names = ["certificate.pem", "key.pem"]
        if self.run_as:
            # The way to it: temporary folders are their owner's alone.
            self.folder.parent.chmod(self.folder.parent.stat().st_mode | 0o011)
            for path in [self.folder, *(self.folder / name for name in names)]:
                os.chown(path, self.run_as.pw_uid, self.run_as.pw_gid)

    def choose_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        scheme = "https" if self.certificate else "http"
        # Certificates are for names.
        self.url = f"{scheme}://localhost:{port}"
        tls = ""
        if self.certificate:
            tls = f"CERT_FILE = {self.folder}/certificate.pem\nKEY_FILE = {self.folder}/key.pem"
        run_user = self.run_as.pw_name if self.run_as else pwd.getpwuid(os.getuid()).pw_name
        settings = self.folder / "app.ini"
        settings.write_text(SETTINGS.format(folder=self.folder, scheme=scheme, tls=tls, port=port, url=self.url,
                                            run_user=run_user))
        if self.run_as:
            os.chown(settings, self.run_as.pw_uid, self.run_as.pw_gid)

    def command(self, *arguments):
        return [self.folder / "program/gitea", "-w", self.folder, "-c", self.folder / "app.ini", *arguments]

    def run(self, *arguments):
        done = subprocess.run(self.command(*arguments), **self.surroundings(), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"gitea {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def surroundings(self):
        more = {}
        if self.run_as:
            more = {"user": self.run_as.pw_uid, "group": self.run_as.pw_gid, "extra_groups": []}
        return {"env": {"HOME": str(self.folder), "PATH": os.environ["PATH"]}, "preexec_fn": end_with_parent, **more}


def main():
    if built("gitea") is None:
        print("not run: Gitea is missing; tests/servers/build.sh gitea makes it", flush=True)
        sys.exit(77)
    with Gitea(*sys.argv[1:]) as server:
        print("ready", server.url, server.token, flush=True)
        server.process.wait()


if __name__ == "__main__":
    main()
