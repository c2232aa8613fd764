"""What the machine needs for the unavoidable part of a workload, by the fastest plain tools."""

import json

from micabench import measure


def layer_files(image):
    manifest_digest = json.loads((image / "index.json").read_text())["manifests"][0]["digest"]
    blobs = image / "blobs/sha256"
    manifest = json.loads((blobs / manifest_digest[7:]).read_text())
    return [blobs / layer["digest"][7:] for layer in manifest["layers"]]


def extract(image, place):
    """igzip overlapped with tar, layer after layer, into one directory."""
    (place / "floor").mkdir()
    commands = [f"igzip -dc {blob} | tar -x --numeric-owner -C {place}/floor" for blob in layer_files(image)]
    return measure.shell("; ".join(commands))


def inflate(image):
    """All layers, two at a time."""
    return measure.shell("printf '%s\\n' " + " ".join(map(str, layer_files(image))) +
                         " | xargs -P 2 -I{} sh -c 'igzip -dc {} > /dev/null'")


def pack(context):
    return measure.shell(f"tar -c -C {context} . | sha256sum > /dev/null")


def stat_walk(place):
    return measure.run(["find", str(place), "-size", "+1000000G"])
