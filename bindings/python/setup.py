"""Builds the wheel: it carries the C library, so its tag names this platform and no Python version."""
import os
import pathlib
import shutil
import subprocess

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from wheel.bdist_wheel import bdist_wheel

TOP = pathlib.Path(__file__).resolve().parents[2]


def build_library(folder):
    """The library that SAMEBITS_LIBRARY names, or one that is built now from the sources around this folder."""
    named = os.environ.get("SAMEBITS_LIBRARY")
    if named:
        return pathlib.Path(named)
    build = pathlib.Path(folder).absolute() / "samebits"
    subprocess.run(["cmake", "-S", str(TOP), "-B", str(build), "-C", str(TOP / "cmake" / "release.cmake"),
                    "-DSAMEBITS_DEVELOPER=OFF"], check=True)
    subprocess.run(["cmake", "--build", str(build), "--parallel", str(os.cpu_count() or 1), "--target", "samebits_c"], check=True)
    return build / "capi" / "libsamebits.so.0"


class BuildWithLibrary(build_py):
    """Puts the library beside the modules."""

    def run(self):
        super().run()
        library = build_library(self.get_finalized_command("build").build_temp)
        target = pathlib.Path(self.build_lib) / "samebits" / "libsamebits.so.0"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(library.resolve(), target)


class PlatformWheel(bdist_wheel):
    """The library is for one platform and for every Python 3; it uses the system's libgit2, OpenSSL, yaml-cpp and fmt,
    so the tag is that of this system and not a manylinux one."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


class BinaryDistribution(Distribution):
    def has_ext_modules(self):
        return True


setup(cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel}, distclass=BinaryDistribution)
