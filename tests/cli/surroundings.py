#!/usr/bin/env python3
"""Signals, closed streams, folders that are gone or read-only: what a command makes of them.

usage: surroundings.py SAMEBITS [linked]

"linked" says that the program has libgit2 and OpenSSL's hashes in itself.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from world import World

SAMEBITS = os.path.abspath(sys.argv[1])
LINKED = "linked" in sys.argv[2:]


class Surroundings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.world = World(SAMEBITS, cls.kept.name).build()

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def test_a_signal_while_input_is_awaited_is_cancelled(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                pipe = os.path.join(self.kept.name, f"pipe-{int(number)}")
                os.mkfifo(pipe)
                process = subprocess.Popen([SAMEBITS, "apply", pipe], cwd=self.kept.name, env=self.world.environment,
                                           stderr=subprocess.PIPE)
                # Opens when the command does, which is after it began to watch for signals.
                with open(pipe, "wb"):
                    process.send_signal(number)
                    said = process.communicate(timeout=60)[1]
                self.assertEqual(process.returncode, 13)
                self.assertIn(b"(cancelled)", said)

    def test_a_closed_standard_output_is_an_error_and_no_file_gets_its_number(self):
        before = self.world.git("-C", "gitops.git", "fsck", "--strict")
        done = subprocess.run(f'"{SAMEBITS}" status --gitops gitops.git >&-', shell=True, cwd=self.kept.name,
                              env=self.world.environment, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)
        self.assertEqual(self.world.git("-C", "gitops.git", "fsck", "--strict"), before)

    def test_relative_locations_hold_however_the_repository_is_named(self):
        """What is relative in samebits.yaml is so to the repository's folder: `check --all` reaches all of it."""
        folder = pathlib.Path(self.kept.name) / "a folder of git\u00f6ps"
        folder.mkdir()
        for name in ("source.git", "images", "gitops", "gitops.git"):
            shutil.copytree(pathlib.Path(self.kept.name) / name, folder / name)
        (folder / "link.git").symlink_to("gitops.git")
        for location in (folder / "gitops.git", folder / "gitops", folder / "gitops" / ".git", folder / "link.git",
                         "gitops.git", "./gitops/.git/", "../" + folder.name + "/gitops.git",
                         (folder / "gitops.git").as_uri(), (folder / "gitops" / ".git").as_uri(),
                         (folder / "gitops.git").as_uri().replace("file://", "file://localhost")):
            with self.subTest(location):
                done = self.world.run("check", "--all", "--gitops", str(location), cwd=folder)
                self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout)
        done = self.world.run("check", "--all", "--gitops", ".git", cwd=folder / "gitops")
        self.assertEqual((done.returncode, done.stderr), (0, b""), done.stdout)

    def test_a_full_standard_output_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = self.world.run("status", "--gitops", "gitops.git", capture_output=False, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)

    def test_a_closed_standard_input_is_an_error_where_it_is_read(self):
        done = subprocess.run(f'"{SAMEBITS}" apply - --gitops gitops.git <&-', shell=True, cwd=self.kept.name,
                              env=self.world.environment, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 21)
        self.assertIn(b"standard input", done.stderr)

    def test_a_closed_standard_error_does_no_harm(self):
        done = subprocess.run(f'"{SAMEBITS}" status --gitops gitops.git 2>&-', shell=True, cwd=self.kept.name,
                              env=self.world.environment, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"preprod", done.stdout)

    def test_where_libcurl_cannot_be_loaded_only_what_speaks_http_fails(self):
        libraries = os.path.join(self.kept.name, "libraries")
        os.mkdir(libraries)
        with open(os.path.join(libraries, "libcurl.so.4"), "wb") as file:
            file.write(b"no library")
        environment = self.world.environment | {"LD_LIBRARY_PATH": libraries}
        for reference, status, said in (("oci:images:none", 21, b"(image_missing)"),
                                        ("localhost:1/demo:v1", 1, b"libcurl cannot be loaded")):
            with self.subTest(reference):
                done = subprocess.run([SAMEBITS, "image", "show", reference], cwd=self.kept.name, env=environment,
                                      capture_output=True, timeout=60)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(said, done.stderr)

    def test_libraries_prepare_no_tls_that_is_not_used(self):
        """The dynamic linker tells whose function a library calls as it begins."""
        name = "_gnutls_global_init_skip"
        said = self.world.run("image", "show", "localhost:1/demo:v1", env=self.world.environment | {"LD_DEBUG": "bindings"})
        found = [line for line in said.stderr.decode().splitlines() if f"`{name}'" in line]
        if not found:
            self.skipTest(f"no library of this machine calls {name}")
        self.assertIn(f"to {SAMEBITS} [0]", found[0])

    @unittest.skipUnless(LINKED, "this machine has no archives to link")
    def test_what_is_linked_into_the_program_is_not_loaded(self):
        for arguments in (("status", "--gitops", "gitops.git"), ("image", "show", f"oci:images:main-{self.world.commits['MAIN']}")):
            with self.subTest(arguments):
                done = self.world.run(*arguments, env=self.world.environment | {"LD_DEBUG": "files"})
                self.assertEqual(done.returncode, 0, done.stderr)
                said = done.stderr.decode()
                self.assertIn("file=libc.so", said)
                for library in ("libgit2.so", "libcrypto.so"):
                    self.assertNotIn(library, said)

    def run_in_lost_folder(self, *arguments):
        lost = os.path.join(self.kept.name, "lost")
        os.mkdir(lost)
        return subprocess.run(["bash", "-c", 'cd "$1" && rmdir "$1" && shift && exec "$@"', "bash", lost, SAMEBITS,
                               *arguments], env=self.world.environment, capture_output=True, timeout=60)

    def test_in_a_folder_that_is_gone_absolute_places_work_and_others_are_refused(self):
        good = self.run_in_lost_folder("status", "--gitops", os.path.join(self.kept.name, "gitops.git"))
        self.assertEqual(good.returncode, 0, good.stderr)
        lost = self.run_in_lost_folder("status")
        self.assertEqual(lost.returncode, 21)
        self.assertIn(b"--gitops", lost.stderr)

    @unittest.skipIf(os.geteuid() == 0 and shutil.which("setpriv") is None, "root may write everywhere")
    def test_a_read_only_folder_is_named(self):
        folder = os.path.join(self.kept.name, "sealed")
        os.makedirs(os.path.join(folder, "values"))
        file = os.path.join(folder, "values", "v.yaml")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write("a: b\n")
        os.chmod(self.kept.name, 0o755)
        os.chmod(os.path.dirname(file), 0o555)
        weak = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run([*weak, SAMEBITS, "values", "set", file, "a=c"], env=self.world.environment,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(b"values", done.stderr)
        self.assertIn(b"Permission denied", done.stderr)
        with open(file, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "a: b\n")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
