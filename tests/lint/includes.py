#!/usr/bin/env python3
"""Refuses an include that goes up or sideways, and a folder that has no floor."""
import os
import sys

from floors import FLOOR_OF, ONLY, SRC, includes, sources


def complaint(path, line, included):
    folder, target = path.split("/")[0], included.split("/")[0]
    if "/" not in included or not os.path.exists(os.path.join(SRC, included)):
        return f'src/{path}:{line}: "{included}" is not the name of a header under src/ (write "folder/file.hh")'
    if target == folder:
        return None
    if target not in FLOOR_OF:
        return f'src/{path}:{line}: the folder of "{included}" has no floor in tests/lint/floors.py'
    if folder in ONLY and target not in ONLY[folder]:
        return f'src/{path}:{line}: {folder}/ includes only {", ".join(sorted(ONLY[folder]))}/, not "{included}"'
    if FLOOR_OF[target] >= FLOOR_OF[folder]:
        return f'src/{path}:{line}: {folder}/ lies on floor {FLOOR_OF[folder]} and cannot include "{included}" of floor {FLOOR_OF[target]}'
    return None


def main():
    complaints = []
    for path in sources(".cc", ".hh"):
        if path.split("/")[0] not in FLOOR_OF:
            complaints.append(f"src/{path}: its folder has no floor in tests/lint/floors.py")
            continue
        complaints += filter(None, (complaint(path, line, included) for line, included in includes(path)))
    for line in complaints:
        print(line)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
