"""The floors of src/ (docs/architecture.md), and who includes what."""
import hashlib
import os
import re

# Lowest first. A folder includes itself and what lies lower, nothing beside it.
FLOORS = [
    ["base"],
    ["io", "dockerfile"],
    ["os"],
    ["tar", "net", "oci"],
    ["layer", "auth", "context"],
    ["registry", "sandbox", "plan"],
    ["cache"],
    ["exec", "output", "verify"],
    ["ui"],
    ["cli"],
]
# Stricter than its floor: the renderers know events and nothing of what sends them.
ONLY = {"ui": {"base"}}

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SRC = os.path.join(ROOT, "src")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
FLOOR_OF = {folder: number for number, folders in enumerate(FLOORS) for folder in folders}


def sources(*endings):
    """Files below src/, as paths relative to it, sorted."""
    found = []
    for directory, _, names in os.walk(SRC):
        for name in names:
            if name.endswith(endings):
                found.append(os.path.relpath(os.path.join(directory, name), SRC))
    return sorted(found)


def read(path):
    with open(os.path.join(SRC, path), encoding="utf-8") as file:
        return file.read()


def includes(path):
    """What a file includes with quotes, in order, with line numbers."""
    text = read(path)
    return [(text.count("\n", 0, match.start()) + 1, match[1]) for match in INCLUDE.finditer(text)]


def fingerprint(path, *more):
    """A hash that changes when the file, what it includes from src/, or `more` changes."""
    seen, waiting = set(), [path]
    digest = hashlib.sha256("\0".join(more).encode())
    while waiting:
        name = waiting.pop()
        if name in seen or not os.path.exists(os.path.join(SRC, name)):
            continue
        seen.add(name)
        waiting.extend(included for _, included in includes(name))
    for name in sorted(seen):
        digest.update(f"{name}\0{read(name)}\0".encode())
    return digest.hexdigest()
