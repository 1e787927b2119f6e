#!/usr/bin/env python3
"""Real servers that want to know who asks: every way of the Python binding to say so.

usage: test_remote.py HOST SERVICES  (the libraries of tests/capi/registry_host.h and service_hosts.h)
"""
import base64
import ctypes
import json
import logging
import pathlib
import subprocess
import sys
import tempfile
import unittest

import samebits
from memory_ports import MemoryCredentials
from samebits.ports import Credential

TOP = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "secret-0123"
IN_HEADER = base64.b64encode(f"ci:{PASSWORD}".encode()).decode()


class Registry(unittest.TestCase):
    """Started once a mode."""

    mode = "htpasswd"

    @classmethod
    def setUpClass(cls):
        started = HOST.registry_host_start(cls.mode.encode())
        assert started, "the registry does not run"
        cls.registry = started.decode()

    @classmethod
    def tearDownClass(cls):
        HOST.registry_host_stop()

    def show(self, **options):
        with samebits.Client(**options) as client:
            return client.image_show(f"{self.registry}/app:main-1")

    def refusal(self, kind, code, **options):
        with self.assertRaises(kind) as raised:
            self.show(**options)
        self.assertEqual(raised.exception.code, code)
        self.assertNotIn(PASSWORD, str(raised.exception))
        return raised.exception

    def known(self, password=PASSWORD):
        return [{"for": f"http://{self.registry}", "username": "ci", "password": password}]


class Broken:
    def find(self, call, url, use, refresh):
        raise OSError(f"no vault for {PASSWORD}")


class Renewing:
    def __init__(self):
        self.asked = []

    def find(self, call, url, use, refresh):
        self.asked.append((url, use, refresh))
        return Credential(username="ci", password=PASSWORD if refresh else "wrong-4567")


class WhoAsks(Registry):
    def test_a_list(self):
        with samebits.Client(credentials=self.known()) as client:
            self.assertTrue(client.image_tag(f"{self.registry}/app:main-1", "v1.0.0").changed)
            self.assertFalse(client.image_tag(f"{self.registry}/app:main-1", "v1.0.0").changed)
        self.refusal(samebits.AuthError, "unauthenticated", credentials=self.known("wrong-4567"))
        self.refusal(samebits.AuthError, "unauthenticated")

    def test_a_docker_configuration(self):
        text = json.dumps({"auths": {self.registry: {"auth": IN_HEADER}}})
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(text)
            file.flush()
            self.assertTrue(self.show(docker_config=file.name).digest)
        self.assertTrue(self.show(docker_config={"text": text}).digest)

    def test_a_port(self):
        port = MemoryCredentials()
        port.known[f"http://{self.registry}"] = Credential(username="ci", password=PASSWORD)
        self.assertTrue(self.show(ports={"credentials": port}).digest)
        port.test_lose(f"http://{self.registry}")
        self.assertIn("the vault is sealed", str(self.refusal(samebits.AuthError, "unauthenticated", ports={"credentials": port})))
        port.known[f"http://{self.registry}"] = Credential()
        self.refusal(samebits.ProtocolError, "bad_answer", ports={"credentials": port})
        port.test_reset()
        self.refusal(samebits.AuthError, "unauthenticated", ports={"credentials": port})

    def test_a_port_is_asked_for_another_one(self):
        port = Renewing()
        self.assertTrue(self.show(ports={"credentials": port}).digest)
        place = f"http://{self.registry}/app"
        self.assertEqual(port.asked, [(place, "read", False), (place, "read", True)])
        self.assertNotIn(PASSWORD, repr(Credential(password=PASSWORD)))

    def test_a_port_that_fails_tells_its_type_alone(self):
        with self.assertLogs("samebits", logging.ERROR) as lines:
            error = self.refusal(samebits.InternalError, "internal", ports={"credentials": Broken()})
        self.assertIsInstance(error.__cause__, OSError)
        self.assertNotIn(PASSWORD, "".join(lines.output))

    def test_no_log_line_has_a_secret(self):
        with self.assertLogs("samebits", 5) as lines:
            self.show(credentials=self.known(), log_level="trace")
        self.assertTrue(any("GET" in line for line in lines.output))
        for secret in (PASSWORD, IN_HEADER):
            self.assertNotIn(secret, "".join(lines.output))

    def test_what_is_no_credential_is_refused_unsaid(self):
        for entry in ({"for": "https://ghcr.io", "token": PASSWORD, "password": PASSWORD, "username": "ci"},
                      {"for": f"https://ci:{PASSWORD}@ghcr.io", "token": "x"}, {"for": "https://ghcr.io", "tokn": PASSWORD}):
            with self.assertRaises(samebits.UsageError) as raised:
                samebits.Client(credentials=[entry])
            self.assertIn("credentials[0]", str(raised.exception))
            self.assertNotIn(PASSWORD, str(raised.exception))

    def test_a_release(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([sys.executable, str(TOP / "tests" / "support" / "make_pipeline.py"), name, f"{self.registry}/api"],
                           check=True)
            commit = (folder / "commits.txt").read_text(encoding="ascii").split()[1]
            self.assertEqual(HOST.registry_host_push(str(folder / "images").encode(), f"main-{commit}".encode(), b"api"), 0)
            with samebits.Client(str(folder / "gitops.git"), credentials=self.known()) as client:
                client.promote("preprod", commit)
                client.gate_post("preprod-tests", commit, "success")
                self.assertEqual(client.release("1.0.0").images[0].repository, f"{self.registry}/api")
                self.assertTrue(client.image_show(f"{self.registry}/api:v1.0.0").digest)


class OwnAuthority(Registry):
    mode = "tls"

    def test_it_is_trusted_and_only_that(self):
        self.assertTrue(self.show(ca=HOST.registry_host_ca().decode()).digest)
        self.refusal(samebits.ProtocolError, "bad_answer")


class Services(unittest.TestCase):
    """What else a client is told, so that it reaches what is remote."""

    def tearDown(self):
        SERVICES.service_host_stop()

    def start(self, kind, folder=""):
        self.assertEqual(SERVICES.service_host_start(kind.encode(), str(folder).encode()), 0)

    @staticmethod
    def fact(name):
        return SERVICES.service_host_fact(name.encode()).decode()

    def test_an_app_releases(self):
        self.start("forge")
        app = {"repository": self.fact("repository"), "app": self.fact("app"), "privateKey": self.fact("key")}
        with samebits.Client(self.fact("gitops"), apps=[{**app, "app": "1"}]) as client:
            with self.assertRaises(samebits.AuthError):
                client.promote("preprod", self.fact("commit"))
        with samebits.Client(self.fact("gitops"), apps=[app]) as client:
            client.promote("preprod", self.fact("commit"))
            client.gate_post("preprod-tests", self.fact("commit"), "success")
            self.assertTrue(client.release("1.0.0").changed)

    def test_a_client_certificate_is_shown(self):
        self.start("certificate")
        with samebits.Client(ca=self.fact("ca"), client_certificate=self.fact("certificate"),
                             client_key=self.fact("client-key")) as client:
            self.assertTrue(client.image_show(self.fact("ref")).digest)
        with samebits.Client(ca=self.fact("ca")) as client, self.assertRaises(samebits.AuthError) as raised:
            client.image_show(self.fact("ref"))
        self.assertIn("certificate", str(raised.exception))

    def test_git_is_reached_by_the_programs_that_are_given(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([sys.executable, str(TOP / "tests" / "support" / "make_pipeline.py"), name], check=True)
            commit = (folder / "commits.txt").read_text(encoding="ascii").split()[0]
            (folder / "remote.yaml").write_text(
                f'apiVersion: samebits/v1\nservices: {{api: {{image: "oci:{name}/images", source: "{name}/source.git"}}}}\n',
                encoding="ascii")
            helper = f"!f() {{ test $1 = get && cat '{name}/password'; }}; f"
            (folder / ".gitconfig").write_text(f'[credential]\n\thelper = "{helper}"\n', encoding="ascii")
            self.start("git", folder)
            (folder / "password").write_text(f"username={self.fact('username')}\npassword={self.fact('password')}\n",
                                             encoding="ascii")
            with samebits.Client(f"ssh://git{name}/gitops.git", config=f"{name}/remote.yaml",
                                 git={"ssh": json.loads(self.fact("ssh"))}) as client:
                self.assertTrue(client.promote("preprod", commit).changed)
            reached = {"gitops": f"{self.fact('http')}/gitops.git", "config": f"{name}/remote.yaml"}
            with samebits.Client(**reached, git={"environment": [f"HOME={name}"], "credentialHelpers": True}) as client:
                self.assertFalse(client.promote("preprod", commit).changed)
            with samebits.Client(**reached) as client, self.assertRaises(samebits.AuthError):
                client.status()


if __name__ == "__main__":
    HOST = ctypes.CDLL(sys.argv.pop(1))
    SERVICES = ctypes.CDLL(sys.argv.pop(1))
    SERVICES.service_host_fact.restype = ctypes.c_char_p
    HOST.registry_host_start.restype = HOST.registry_host_ca.restype = ctypes.c_char_p
    unittest.main(verbosity=2)
