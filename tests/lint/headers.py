#!/usr/bin/env python3
"""Refuses a header that does not compile alone.

usage: headers.py BUILD_DIRECTORY

foo.cc must include foo.hh before anything else; then the compiler proves it for foo.hh with
every build. Headers without a source file of their own are compiled here.
"""
import os
import sys

from checked import check_all
from floors import SRC, includes, sources

FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-x", "c++", f"-I{SRC}", "-D_FILE_OFFSET_BITS=64", "-"]


def has_source(header):
    return os.path.exists(os.path.join(SRC, header[:-3] + ".cc"))


def not_first():
    """Source files that hide what their header needs."""
    for header in filter(has_source, sources(".hh")):
        source = header[:-3] + ".cc"
        first = includes(source)[:1]
        if not first or first[0][1] != header:
            yield f'src/{source}: must include "{header}" before anything else'


def main():
    complaints = list(not_first())
    for line in complaints:
        print(line)
    alone = [header for header in sources(".hh") if not has_source(header)]
    failed = check_all(sys.argv[1], "headers", alone,
                       lambda header: (["g++", *FLAGS], f'#include "{header}"\n'), " ".join(FLAGS))
    return 1 if complaints or failed else 0


if __name__ == "__main__":
    sys.exit(main())
