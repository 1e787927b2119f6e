#!/usr/bin/env python3
"""The runner of the benchmarks shows what a program took, and nothing of the one that asks."""
import os
import unittest

from runner import Runner

PYTHON = ["python3", "-I", "-S", "-c"]


class RunnerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ballast = bytearray(os.urandom(1 << 20) * 100)
        cls.runner = Runner(dict(os.environ))

    @classmethod
    def tearDownClass(cls):
        cls.runner.close()

    def test_the_peak_is_the_child_s_and_not_that_of_the_one_who_asks(self):
        self.assertLess(self.runner.run(["true"])[2], 40)

    def test_what_the_child_takes_is_seen(self):
        peak = self.runner.run([*PYTHON, "b = b'x' * (60 << 20)"])[2]
        self.assertGreater(peak, 60)
        self.assertLess(peak, 100)

    def test_a_grandchild_that_was_waited_for_counts(self):
        script = "import os; os.spawnlp(os.P_WAIT, 'python3', 'python3', '-c', \"b = b'x' * (60 << 20)\")"
        self.assertGreater(self.runner.run([*PYTHON, script])[2], 60)

    def test_work_is_counted_and_waiting_is_not(self):
        took, processor, _ = self.runner.run(["sleep", "0.2"])
        self.assertGreater(took, 200)
        self.assertLess(processor, 100)
        busy = "import time\nwhile time.process_time() < 0.2: pass"
        self.assertGreater(self.runner.run([*PYTHON, busy])[1], 190)

    def test_a_folder_and_variables_are_given(self):
        self.runner.run(["sh", "-c", 'test "$PWD" = / && test "$NAME" = "a b"'], folder="/", variables={"NAME": "a b"})

    def test_a_failure_ends_it_with_the_words_of_the_program(self):
        with self.assertRaisesRegex(SystemExit, "no luck"):
            self.runner.run(["sh", "-c", "echo no luck >&2; exit 3"])


if __name__ == "__main__":
    unittest.main()
