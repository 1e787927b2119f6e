#!/usr/bin/env python3
"""Custom ports of the Python binding, cancellation and Ctrl-C.

usage: test_ports.py CONTRACTS  (the library of tests/contracts/ported.h)
"""
import ctypes
import dataclasses
import logging
import signal
import sys
import threading
import time
import unittest

import samebits
from memory_ports import PORTS, TEST_OPERATIONS, MemoryRegistry
from samebits import _library
from samebits._bridge import Bridge


class Waiting:
    """A registry that waits until nobody wants its answer."""

    def __init__(self):
        self.asked = threading.Event()
        self.never = threading.Event()

    def resolve(self, call, tag):
        self.asked.set()
        while not call.cancelled:
            self.never.wait(0.01)
        raise samebits.CancelledError("not wanted any more", code="cancelled")


class Failing:
    def resolve(self, call, tag):
        return {}["no such key"]


class MemoryChecks:
    """The checks of a forge."""

    def __init__(self):
        self.checks = []

    def list(self, call, commit):
        assert call.question["kinds"]
        return samebits.ports.ForgeEvidence([check for check in self.checks if check.commit == commit], "main")

    def post(self, call, commit, evidence):
        made = samebits.ports.ForgeItem(str(len(self.checks)), evidence.kind, evidence.gate, evidence.conclusion, commit=commit,
                                        digest=evidence.digest, environment=evidence.environment, app="my-ci", app_id="7")
        self.checks.append(made)
        return made


class Ports(unittest.TestCase):
    """Custom ports are plain objects."""

    GATES = ("gates: {preprod-tests: {check: CI, app: my-ci, environment: preprod}}\n"
             "release: {from: preprod, gates: [preprod-tests]}\n").encode()

    def fill(self, ports, more=b""):
        """A commit with an image, and the first files of the GitOps repository; gives commit and digest."""
        commit = ports["source"].test_commit("main")
        digest = ports["registry"].test_put(b"{}", "application/vnd.oci.image.manifest.v1+json")
        ports["registry"].tags[f"main-{commit}"] = digest
        values = b"image:\n  tag: \"\" # keep me\n"
        files = {"samebits.yaml": b"apiVersion: samebits/v1\nservices: {api: {image: ghcr.io/acme/api, source: port}}\n" + more,
                 **{f"values/{name}/api.yaml": values for name in ("preprod", "prod", "dev")}}
        changes = [samebits.ports.FileChange(path, data) for path, data in files.items()]
        ports["gitops"].commit(None, samebits.ports.NewCommit(None, changes, "Begin", "Ada <a@example.com>", "2026-11-24T09:00:00Z"))
        return commit, digest

    def test_a_whole_pipeline_in_memory(self):
        ports = {name: made() for name, made in PORTS.items()}
        commit, digest = self.fill(ports)
        with samebits.Client(branch="main", ports=ports) as client:
            client.promote("preprod", commit)
            client.gate_post("preprod-tests", commit, "success")
            receipt = client.release("1.0.0")
            self.assertEqual(client.preview_prune().outcome, "unchanged")
        self.assertEqual(receipt.images[0].digest, digest)
        self.assertEqual(ports["releases"].find(None, "v1.0.0").target, commit)
        self.assertEqual(ports["registry"].tags["v1.0.0"], digest)
        self.assertIn(b'tag: "v1.0.0" # keep me', ports["gitops"].read(None, ports["gitops"].head, "values/prod/api.yaml").data)

    def test_the_checks_of_a_forge_in_python_are_judged_by_who_made_them(self):
        ports = {name: made() for name, made in PORTS.items()} | {"evidence": MemoryChecks()}
        commit, digest = self.fill(ports, self.GATES)
        run = samebits.ports.WorkflowRun("ci.yml", commit=commit)
        check = samebits.ports.ForgeItem("1", "check", "CI", "success", digest=digest, environment="preprod", commit=commit,
                                         app="somebody", run=run)
        with samebits.Client(branch="main", ports=ports) as client:
            client.promote("preprod", commit)
            ports["evidence"].checks = [check]
            self.assertFalse(client.gate_show(commit).passed)
            ports["evidence"].checks = [dataclasses.replace(check, app="my-ci", completed=False)]
            self.assertEqual(client.gate_show(commit).gates[0].verdict, "pending")
            ports["evidence"].checks = []
            client.gate_post("preprod-tests", commit, "success")
            self.assertEqual((ports["evidence"].checks[0].kind, ports["evidence"].checks[0].gate), ("check", "CI"))
            self.assertTrue(client.release("1.0.0").changed)

    def test_an_exception_of_a_port_is_the_cause(self):
        with samebits.Client(ports={"registry": Failing()}) as client, self.assertLogs("samebits", logging.ERROR):
            with self.assertRaises(samebits.InternalError) as raised:
                client.image_show("ghcr.io/acme/api:v1")
        self.assertIsInstance(raised.exception.__cause__, KeyError)

    def test_an_unknown_port_is_refused(self):
        with self.assertRaises(samebits.UsageError):
            samebits.Client(ports={"registries": MemoryRegistry()})

    def test_another_thread_cancels(self):
        port = Waiting()
        with samebits.Client(ports={"registry": port}) as client:
            def cancel():
                port.asked.wait()
                client.cancel()
            thread = threading.Thread(target=cancel)
            thread.start()
            with self.assertRaises(samebits.CancelledError):
                client.image_show("ghcr.io/acme/api:v1")
            thread.join()
            client.reset_cancel()

    def press_control_c(self, client, port):
        """Seconds from the key to the exception."""
        pressed = []

        def press():
            port.asked.wait()
            pressed.append(time.monotonic())
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        port.asked.clear()
        thread = threading.Thread(target=press)
        thread.start()
        with self.assertRaises(KeyboardInterrupt):
            client.image_show("ghcr.io/acme/api:v1")
        ended = time.monotonic()
        thread.join()
        return ended - pressed[0]

    def test_control_c_ends_a_call_within_half_a_second(self):
        port = Waiting()
        with samebits.Client(ports={"registry": port}) as client:
            # Where others keep the machine busy one try says little.
            self.assertLess(min(self.press_control_c(client, port) for _ in range(3)), 0.5)
            with self.assertRaises(samebits.UsageError):
                client.history("prod", limit=-1)

    def test_a_deadline_ends_a_port(self):
        with samebits.Client(ports={"registry": Waiting()}) as client:
            with self.assertRaises(samebits.Error):
                client.image_show("ghcr.io/acme/api:v1", timeout="1s")


class Contracts(unittest.TestCase):
    """The ports in Python keep the contracts that our own adapters keep."""

    def test_every_port(self):
        contracts = ctypes.CDLL(CONTRACTS)
        contracts.samebits_run_contract.argtypes = [ctypes.c_char_p, _library.PORT_FUNCTION, ctypes.c_void_p]
        for name, made in PORTS.items():
            with self.subTest(name):
                port = made()

                class WithTests(Bridge):
                    def _ask(self, question, reply):
                        if question["op"] == "test_reset":
                            return port.test_reset() or {}, None
                        if question["op"].startswith("test_"):
                            act = TEST_OPERATIONS[name, question["op"]]
                            return act(port, samebits.ports.Call(reply, question), question) or {}, None
                        return super()._ask(question, reply)

                bridge = WithTests(name, port)
                self.assertEqual(contracts.samebits_run_contract(name.encode(), bridge.function, None), 0)
                self.assertIsNone(bridge.failure)


if __name__ == "__main__":
    CONTRACTS = sys.argv.pop(1)
    unittest.main(verbosity=2)
