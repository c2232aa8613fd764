#!/usr/bin/env python3
"""Builds Dockerfiles as Kaniko's users write them, and compares every entry of every new layer.

usage: run.py EXECUTOR BASE CASES...

EXECUTOR is mica under the name of Kaniko's program, BASE the name of a busybox image in a registry. One line of TAP
for each case. A file of cases has, for each:

    === what it shows
    context:            one line a file: PATH MODE TEXT ("\\n" is a line's end); PATH/ MODE; PATH -> TARGET
    Dockerfile:
    args:               more arguments of the executor
    environment:        NAME=VALUE
    layers:             of each new layer "-", then its entries in order: f|d|l|h|w MODE OWNER PATH [TEXT|-> TARGET]
    config:             JSON path = JSON value, below .config
    fails:              STATUS, and a text of the message; instead of layers

A blank in a name is "\\s". Texts of files are compared where they are given; h is a hard link, w a removal. Times are all zero.
"""
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

KINDS = {tarfile.REGTYPE: "f", tarfile.DIRTYPE: "d", tarfile.SYMTYPE: "l", tarfile.LNKTYPE: "h", tarfile.FIFOTYPE: "p",
         tarfile.CHRTYPE: "c", tarfile.BLKTYPE: "b"}
SECTIONS = ("context", "Dockerfile", "args", "environment", "layers", "config", "fails")


def parse(path):
    cases, case, section = [], None, None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("=== "):
            case = {"name": line[4:], "file": path, **{name: [] for name in SECTIONS}}
            cases.append(case)
        elif line.rstrip(":") in SECTIONS and line.endswith(":"):
            section = line[:-1]
        elif line.startswith("  ") or (not line and section == "Dockerfile"):
            case[section].append(line[2:])
        elif line and not line.startswith("#"):
            sys.exit(f"{path}:{number}: what is \"{line}\"?")
    return cases


def unescape(text):
    return text.replace("\\n", "\n").encode()


def write_context(directory, lines):
    directories = []
    for line in lines:
        if " -> " in line:
            name, target = line.split(" -> ")
            os.makedirs(os.path.dirname(f"{directory}/{name}"), exist_ok=True)
            os.symlink(target, f"{directory}/{name}")
            continue
        name, mode, *text = line.split(" ", 2)
        path = f"{directory}/{name}"
        if name.endswith("/"):
            os.makedirs(path, exist_ok=True)
            directories.append((path, int(mode, 8)))
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(unescape(text[0]) if text else b"")
        os.chmod(path, int(mode, 8))
    for path, mode in directories:
        os.chmod(path, mode)


def blob(layout, digest):
    return f"{layout}/blobs/{digest.replace(':', '/')}"


def load(layout, digest):
    with open(blob(layout, digest), encoding="utf-8") as file:
        return json.load(file)


def entries(path):
    out = []
    with tarfile.open(path) as archive:
        for member in archive:
            name = member.name[2:] if member.name.startswith("./") else member.name
            base = os.path.basename(name)
            if base == ".wh..wh..opq":
                out.append(("w", None, None, f"{os.path.dirname(name)}/*", None))
                continue
            if base.startswith(".wh."):
                out.append(("w", None, None, os.path.join(os.path.dirname(name), base[4:]), None))
                continue
            kind = KINDS[member.type]
            text = archive.extractfile(member).read() if kind == "f" else None
            if kind in "lh":
                text = member.linkname.encode()
            if member.mtime != 0:
                text = f"time {member.mtime}".encode()
            path_shown = name + "/" if kind == "d" and name else name or "/"
            out.append((kind, f"{member.mode:04o}", f"{member.uid}:{member.gid}", path_shown.replace(" ", "\\s"), text))
    return out


def wanted_entry(line):
    kind, rest = line.split(" ", 1)
    if kind == "w":
        return kind, None, None, rest, None
    match = re.fullmatch(r"(\d+) (\d+:\d+) (\S+)(?: -> (.*)| (.*))?", rest)
    mode, owner, path, link, text = match.groups()
    if kind in "lh":
        return kind, mode, owner, path, link.encode()
    return kind, mode, owner, path, unescape(text) if text is not None else None


def same(have, want):
    return have[:4] == want[:4] and (want[4] is None or have[4] == want[4])


def shown(entry):
    return " ".join(str(part) for part in entry if part is not None)


def compare_layers(layout, manifest, base_layers, lines):
    want = []
    for line in lines:
        if line == "-":
            want.append([])
        else:
            want[-1].append(wanted_entry(line))
    have = [entries(blob(layout, layer["digest"])) for layer in manifest["layers"][base_layers:]]
    problems = []
    if len(have) != len(want):
        problems.append(f"{len(have)} new layers, not {len(want)}")
    for number, (a, b) in enumerate(zip(have, want)):
        if len(a) != len(b) or not all(map(same, a, b)):
            problems.append(f"layer {number} is")
            problems += ["    " + shown(entry) for entry in a]
    if problems and len(have) != len(want):
        problems += ["    " + shown(entry) for layer in have for entry in layer]
    return problems


def compare_config(config, lines):
    problems = []
    for line in lines:
        path, want = line.split(" = ", 1)
        have = config
        for key in path.split("."):
            have = (have or {}).get(key)
        if have != json.loads(want):
            problems.append(f"{path} is {json.dumps(have)}")
    return problems


def base_layers_of(config):
    """The base image's history says which layers are its own."""
    return sum(1 for entry in config["history"] if entry.get("created_by") == "test base")


def run_case(executor, base, case, work):
    context, layout = f"{work}/context", f"{work}/layout"
    os.makedirs(context)
    write_context(context, case["context"])
    with open(f"{work}/Dockerfile", "w", encoding="utf-8") as file:
        file.write("\n".join(case["Dockerfile"]).strip("\n") + "\n")
    environment = {**os.environ, "MICA_STATE": f"{work}/state",
                   **dict(line.split("=", 1) for line in case["environment"])}
    arguments = [arg.replace("$WORK", work) for arg in case["args"]]
    result = subprocess.run(
        [executor, "--context", context, "--dockerfile", f"{work}/Dockerfile", "--build-arg", f"BASE={base}", "--no-push",
         "--reproducible", f"--oci-layout-path={layout}", *arguments],
        env=environment, capture_output=True, text=True, errors="replace", check=False)
    if case["fails"]:
        status, text = case["fails"][0].split(" ", 1)
        if result.returncode != int(status) or text not in result.stderr:
            return [f"status {result.returncode}", *result.stderr.splitlines()[-12:]]
        return []
    if result.returncode != 0:
        return [f"status {result.returncode}", *result.stderr.splitlines()[-12:]]
    index = json.load(open(f"{layout}/index.json", encoding="utf-8"))
    manifest = load(layout, index["manifests"][0]["digest"])
    config = load(layout, manifest["config"]["digest"])
    return (compare_layers(layout, manifest, base_layers_of(config), case["layers"])
            + compare_config(config.get("config", {}), case["config"]))


def main():
    executor, base, *files = sys.argv[1:]
    cases = [case for path in files for case in parse(path)]
    print(f"1..{len(cases)}")
    failed = 0
    for number, case in enumerate(cases, 1):
        with tempfile.TemporaryDirectory(prefix="mica-kaniko.", ignore_cleanup_errors=True) as work:
            problems = run_case(executor, base, case, work)
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} {case['name']}", flush=True)
        for line in problems:
            print(f"# {line}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
