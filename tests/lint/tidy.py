#!/usr/bin/env python3
"""Runs clang-tidy over src/ (or the files named), and remembers what was good.

usage: tidy.py BUILD_DIRECTORY [FILE...]
"""
import os
import sys

from checked import check_all
from floors import ROOT, SRC, sources


def main():
    build, named = os.path.abspath(sys.argv[1]), sys.argv[2:]
    paths = [os.path.relpath(os.path.abspath(name), SRC) for name in named] or sources(".cc")
    with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as file:
        setting = file.read()
    command = ["clang-tidy-19", "--quiet", "-p", build, "--extra-arg=-Wno-unknown-warning-option"]
    failed = check_all(build, "tidy", paths, lambda path: ([*command, os.path.join(SRC, path)], ""), setting)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
