#!/usr/bin/env python3
"""The Python binding."""
import logging
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import samebits
from memory_ports import PORTS
from samebits import _library

TOP = pathlib.Path(__file__).resolve().parents[2]


def make_pipeline():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="samebits-python-"))
    subprocess.run([sys.executable, str(TOP / "tests" / "support" / "make_pipeline.py"), str(folder)], check=True)
    return folder, (folder / "commits.txt").read_text(encoding="ascii").split()


class Library(unittest.TestCase):
    """What the library says of itself is what the header declares and the binding offers."""

    def setUp(self):
        self.features = samebits.features()

    def test_every_operation_is_named_and_bound(self):
        header = (TOP / "capi" / "include" / "samebits.h").read_text(encoding="ascii")
        declared = set(re.findall(r"sb_code sb_(\w+)\((?:sb_client\* client|const void\* bytes, size_t size), "
                                  r"const char\* request_json, sb_result\*\* result\);", header))
        self.assertIn("values_edit", declared)
        self.assertEqual(set(self.features["operations"]), declared)
        self.assertEqual(set(_library.OPERATIONS), declared - {"values_edit", "values_read"})
        verbs = {name for name in dir(samebits.Client) if not name.startswith("_")}
        offline = {"init", "tag_parse", "tag_format", "tag_sort", "values_get", "values_set", "values_delete", "values_append"}
        self.assertEqual(set(_library.OPERATIONS) - offline - verbs, set())

    def test_every_port_can_be_an_object(self):
        self.assertEqual(set(self.features["ports"]), set(PORTS))

    def test_the_libraries_below_say_their_versions(self):
        self.assertEqual(set(self.features["libraries"]), {"libcurl", "libgit2", "openssl"})
        for version in self.features["libraries"].values():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$")
        self.assertIn("argocd", self.features["reconcilers"])
        self.assertIn("github", self.features["forges"])


class Values(unittest.TestCase):
    """Tags and values need no client."""

    def test_bytes_are_edited_and_nothing_else_changes(self):
        edit = samebits.edit_values(b"image:\r\n  tag: v1 # keep\r\n\xc3\xa4: 1", set={"image.tag": "v2"})
        self.assertEqual(edit.data, b"image:\r\n  tag: v2 # keep\r\n\xc3\xa4: 1")
        self.assertEqual(edit.changes, [samebits.ValueChange("image.tag", 2, "v1", "v2")])

    def test_any_json_value_can_be_set(self):
        edit = samebits.edit_values(b"a: 1\n", set={"b": [1, {"c": None}], "d": True, "e": "1"}, create=True)
        found = {value.path: value.value for value in samebits.read_values(edit.data, ["b", "d", "e", "a"])}
        self.assertEqual(found, {"b": [1, {"c": None}], "d": True, "e": "1", "a": 1})

    def test_a_refusal_says_where(self):
        with self.assertRaises(samebits.UsageError) as raised:
            samebits.edit_values(b"a: 1\na: 2\n", set={"a": 3}, file="values.yaml")
        self.assertEqual(raised.exception.code, "duplicate_key")
        self.assertEqual((raised.exception.where.file, raised.exception.where.line), ("values.yaml", 2))
        self.assertIn("values.yaml:2:", str(raised.exception))

    def test_files_are_edited(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "values.yaml"
            file.write_bytes(b"image: {tag: v1}\nhosts: [a]\n")
            samebits.values_set(file, ["image.tag=v2"])
            samebits.values_append(file, {"hosts": "b"})
            samebits.values_delete(file, ["image.tag"], dry_run=True)
            self.assertEqual([value.value for value in samebits.values_get(file, ["image.tag", "hosts"])], ["v2", ["a", "b"]])
            with self.assertRaises(samebits.NotFoundError) as raised:
                samebits.values_set(file, {"absent": 1})
            self.assertEqual(raised.exception.code, "key_missing")

    def test_tags(self):
        sha = "4f9d3c1a" * 5
        self.assertEqual(samebits.format_tag("pull-request", number=42, sha=sha), f"pr-42-{sha}")
        self.assertEqual(samebits.parse_tag(f"main-{sha}").source.commit, sha)
        self.assertEqual(samebits.sort_tags(["v1.10.0", "v1.9.0"]), ["v1.9.0", "v1.10.0"])
        with self.assertRaises(samebits.UsageError):
            samebits.parse_tag("latest")


class Pipeline(unittest.TestCase):
    """The verbs, on local repositories."""

    def setUp(self):
        self.folder, (self.first, self.second) = make_pipeline()
        self.client = samebits.Client(str(self.folder / "gitops.git"), author="Ada <ada@example.com>")

    def tearDown(self):
        self.client.close()
        subprocess.run(["rm", "-rf", str(self.folder)], check=True)

    def test_from_preview_to_rollback(self):
        client = self.client
        self.assertEqual(client.check(all=True).findings, [])
        self.assertTrue(client.preview_up(42, self.first).changed)
        self.assertEqual([environment.name for environment in client.preview_list().environments], ["pr-42"])
        with self.assertRaises(samebits.Error) as raised:
            client.preview_prune()
        self.assertEqual(raised.exception.code, "unsupported")
        self.assertTrue(client.preview_down(42).changed)
        self.assertFalse(client.preview_prune().changed)
        plan = client.promote("preprod", self.second, dry_run=True)
        self.assertIn("+  tag: ", plan.diff)
        self.assertTrue(client.apply(plan).changed)
        self.assertFalse(client.promote("preprod", self.second).changed)
        with self.assertRaises(samebits.PolicyError) as raised:
            client.release("1.0.0")
        self.assertEqual(raised.exception.code, "gate_missing")
        self.assertIn("samebits gate show", raised.exception.hint)
        self.assertFalse(client.gate_show(self.second).passed)
        client.gate_post("preprod-tests", self.second, "success", url="https://ci.example.com/1")
        self.assertTrue(client.gate_show(self.second).passed)
        receipt = client.release("1.0.0")
        self.assertEqual([change.environment for change in receipt.changes], ["prod", "dev"])
        self.assertEqual(receipt.actor, "Ada <ada@example.com>")
        self.assertTrue(client.status().good)
        self.assertEqual(client.history("prod", limit=1).entries[0].tag, "v1.0.0")
        self.assertIn("v1.0.0", client.trace(self.second).images[0].tags)
        image = client.image_show(f"oci:{self.folder}/images:v1.0.0")
        self.assertIn("linux/arm64", image.platforms)
        self.assertTrue(client.image_tag(f"oci:{self.folder}/images:v1.0.0", "stable").changed)
        self.assertEqual(len(client.image_list(f"oci:{self.folder}/images", track="release").images), 1)
        self.assertEqual(client.rollback("production", "v1.0.0", dry_run=True).operation, "rollback")

    def test_a_typo_in_the_configuration_is_refused(self):
        with self.assertRaises(samebits.UsageError) as raised:
            samebits.Client("x", gitpos="y")
        self.assertIn("did you mean 'gitops'", raised.exception.hint)

    def test_a_closed_client_says_so(self):
        self.client.close()
        self.client.close()
        with self.assertRaises(ValueError):
            self.client.status()

    def test_log_lines_go_to_logging(self):
        with samebits.Client(str(self.folder / "gitops.git"), log_level="debug") as client:
            client.promote("preprod", self.first)
            with self.assertLogs("samebits", logging.DEBUG) as lines:
                client.gate_post("preprod-tests", self.first, "success")
        self.assertTrue(any("ledger" in line for line in lines.output))

    def test_init_writes_once(self):
        where = self.folder / "new"
        self.assertTrue(samebits.init(where, service="api", image="oci:../images", source="../source.git").changed)
        self.assertFalse(samebits.init(where, service="api", image="oci:../images", source="../source.git").changed)


class Refreshing:
    """An application that is live once a refresh was asked for."""

    def __init__(self, gitops, tag):
        self.gitops, self.tag = gitops, tag
        self.asked, self.refreshed, self.synced = [], False, None

    def application(self, call, name, refresh):
        self.asked.append(refresh)
        if name != "api-preprod":
            return None
        self.refreshed = self.refreshed or refresh == "normal"
        tip = subprocess.run(["git", "-C", str(self.gitops), "rev-parse", "main"], check=True, capture_output=True,
                             text=True).stdout.strip()
        return {"name": name, "automatic": True, "sources": [{"repository": "https://git.example.com/gitops"}],
                "sync": "Synced", "compared": [tip if self.refreshed else "0" * 40], "health": "Healthy",
                "reconciledAt": "2026-11-24T09:00:00Z", "images": [f"registry.example.com/api:{self.tag}"]}

    def request_sync(self, call, name, revisions, promotion_id):
        self.synced = revisions


class Waits(unittest.TestCase):
    """`wait`, with a reconciler in Python."""

    def setUp(self):
        self.folder, (_, self.commit) = make_pipeline()
        config = self.folder / "samebits.yaml"
        config.write_text("apiVersion: samebits/v1\nservices: {api: {image: oci:../images, source: ../source.git}}\n"
                          "reconciler: {kind: argocd, url: https://argocd.example.com}\n", encoding="ascii")
        self.reconciler = Refreshing(self.folder / "gitops.git", f"main-{self.commit}")
        self.client = samebits.Client(str(self.folder / "gitops.git"), author="Ada <ada@example.com>", config=str(config),
                                      ports={"reconciler": self.reconciler})

    def tearDown(self):
        self.client.close()
        subprocess.run(["rm", "-rf", str(self.folder)], check=True)

    def test_what_was_promoted_is_waited_for(self):
        self.client.promote("preprod", self.commit)
        rollout = self.client.wait("preprod", hold="0s")
        self.assertTrue(rollout.rolled_out)
        self.assertEqual(self.reconciler.asked[:2], ["none", "normal"])
        application = rollout.applications[0]
        self.assertEqual((application.state, application.live.health), ("healthy", "Healthy"))
        self.assertEqual(application.desired.tag, f"main-{self.commit}")
        self.assertEqual(self.client.status().environments[-1].rollout, None)

    def test_evidence_about_another_image_than_the_live_one_is_refused(self):
        self.client.promote("preprod", self.commit)
        self.reconciler.tag = "main-0"
        with self.assertRaises(samebits.PolicyError) as raised:
            self.client.gate_post("preprod-tests", self.commit, "success")
        self.assertEqual(raised.exception.code, "superseded")
        self.reconciler.tag = f"main-{self.commit}"
        self.assertTrue(self.client.gate_post("preprod-tests", self.commit, "success").changed)

    def test_a_promotion_may_wait_itself(self):
        receipt = self.client.promote("preprod", self.commit, wait=True, timeout="1m")
        self.assertEqual(receipt.applications[0].state, "healthy")

    def test_what_is_not_rolled_out_comes_with_the_last_facts(self):
        self.reconciler.tag = "main-0"
        self.client.promote("preprod", self.commit)
        rollout = self.client.wait("preprod", timeout="1s")
        self.assertFalse(rollout.rolled_out)
        self.assertEqual(rollout.error["code"], "not_rolled_out")
        self.assertEqual(rollout.applications[0].state, "settling")


if __name__ == "__main__":
    unittest.main(verbosity=2)
