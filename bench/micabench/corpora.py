"""What the workloads are about: base images in a registry, and contexts on disk.

Made once for each size, from bytes of this machine's own /usr (programs and source texts compress
as those of real images do), by a seeded generator, so that two runs on a machine have the same.
"""

import gzip
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from micabench import places

MIB = 1 << 20
EPOCH = 1_700_000_000


def pool(roots, suffixes, limit):
    """The first `limit` bytes of the files below `roots` in name order."""
    out = bytearray()
    for root in roots:
        for directory, subdirectories, names in os.walk(root):
            subdirectories.sort()
            for name in sorted(names):
                path = os.path.join(directory, name)
                if not os.path.islink(path) and (not suffixes or name.endswith(suffixes)):
                    with open(path, "rb") as file:
                        out += file.read(limit - len(out))
                if len(out) >= limit:
                    return bytes(out)
    return bytes(out)


class Pieces:
    """Bytes of files: cut anywhere from the pools, or random."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.text = pool(["/usr/include", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/share/perl"],
                         (".h", ".py", ".pm", ".pl", ".txt", ".hpp"), 160 * MIB)
        self.binary = pool(["/usr/bin", "/usr/lib"], (), 512 * MIB)

    def cut(self, kind, size):
        if kind == "random":
            return self.random.randbytes(size)
        source = self.text if kind == "text" else self.binary
        size = min(size, len(source))
        start = self.random.randrange(len(source) - size + 1)
        return source[start:start + size]

    def sizes(self, count, total):
        """`count` sizes as files have them (log-normal), `total` together."""
        weights = [self.random.lognormvariate(0, 1.4) for _ in range(count)]
        scale = total / sum(weights)
        return [int(weight * scale) for weight in weights]


def paths(count, per_directory, rng):
    """Paths three levels deep."""
    for number in range(count):
        directory = number // per_directory
        yield f"d{directory % 37}/sub{directory % 1009}/{directory:05x}/file-{rng.randrange(1 << 24):06x}-{number}"


def write_tree(root, specs, pieces, per_directory=10):
    for kind, count, total in specs:
        for path, size in zip(paths(count, per_directory, pieces.random), pieces.sizes(count, total)):
            file = root / kind / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(pieces.cut(kind, size))


def add(tar, name, data=None, mode=0o644, link=None):
    info = tarfile.TarInfo(name)
    info.mtime, info.mode = EPOCH, mode
    if link is not None:
        info.type, info.linkname = tarfile.SYMTYPE, link
    elif data is None:
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    else:
        info.size = len(data)
    tar.addfile(info, io.BytesIO(data) if data else None)


def add_busybox(tar):
    program = Path(shutil.which("busybox")).read_bytes()
    for directory in ("bin", "etc", "tmp"):
        add(tar, directory)
    add(tar, "bin/busybox", program, 0o755)
    for applet in ("sh", "cat", "echo", "sleep", "true", "touch", "ls", "find"):
        add(tar, f"bin/{applet}", link="busybox")
    add(tar, "etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    add(tar, "etc/group", b"root:x:0:\n")


def add_files(tar, top, specs, pieces):
    add(tar, top)
    for kind, count, total in specs:
        seen = set()
        for path, size in zip(paths(count, 10, pieces.random), pieces.sizes(count, total)):
            name = f"{top}/{kind}/{path}"
            parts = name.split("/")
            for depth in range(2, len(parts)):
                directory = "/".join(parts[:depth])
                if directory not in seen:
                    seen.add(directory)
                    add(tar, directory)
            add(tar, name, pieces.cut(kind, size), 0o755 if kind == "binary" else 0o644)


class Store:
    """An OCI layout that is written blob by blob."""

    def __init__(self, root):
        self.root = root
        (root / "blobs/sha256").mkdir(parents=True, exist_ok=True)
        (root / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def add(self, data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        (self.root / "blobs/sha256" / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}


def layer_bytes(fill):
    """The tar that `fill` writes, as gzip -6 (what most images have)."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        fill(tar)
    data = plain.getvalue()
    return "sha256:" + hashlib.sha256(data).hexdigest(), gzip.compress(data, 6, mtime=0)


def make_image(root, fills):
    store = Store(root)
    with ThreadPoolExecutor(2) as workers:
        layers = list(workers.map(layer_bytes, fills))
    config = {"architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"]},
              "rootfs": {"type": "layers", "diff_ids": [diff_id for diff_id, _ in layers]},
              "history": [{"created_by": "bench"} for _ in layers]}
    kind = "application/vnd.oci.image."
    manifest = {
        "schemaVersion": 2, "mediaType": kind + "manifest.v1+json",
        "config": store.add(json.dumps(config).encode(), kind + "config.v1+json"),
        "layers": [store.add(packed, kind + "layer.v1.tar+gzip") for _, packed in layers],
    }
    entry = store.add(json.dumps(manifest).encode(), kind + "manifest.v1+json")
    entry["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    (root / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))


def in_child(body):
    """So that this process stays small: what it starts is charged with the memory that it has then."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            body()
            status = 0
        except Exception as error:  # the parent tells by the status
            print(f"bench: {error}", file=sys.stderr)
        finally:
            os._exit(status)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
        sys.exit("bench: a corpus cannot be made")


class Corpora:
    """Directories below `root`; `scale` is a part of the full size."""

    VERSION = 2

    def __init__(self, data, scale):
        self.root = data / f"corpora-{self.VERSION}-{scale}"
        self.scale = scale
        self._pieces = None

    @property
    def pieces(self):
        self._pieces = self._pieces or Pieces(1)
        return self._pieces

    def _make(self, name, fill):
        place = self.root / name
        if not place.exists():
            print(f"bench: making {name}", file=sys.stderr, flush=True)
            partial = self.root / f".{name}.{os.getpid()}"
            partial.mkdir(parents=True)
            in_child(lambda: fill(partial))
            partial.rename(place)
        return place

    def _scaled(self, *specs):
        return [(kind, max(1, int(count * self.scale)), int(total * self.scale)) for kind, count, total in specs]

    def context(self, name):
        specs = {
            # As node_modules are: many small texts.
            "npm": self._scaled(("text", 40_000, 245_000_000)),
            "mixed": self._scaled(("binary", 1_500, 640 * MIB), ("text", 30_000, 300 * MIB),
                                  ("random", 12, 84 * MIB)),
        }[name]
        return self._make(name, lambda place: write_tree(place, specs, self.pieces))

    def image(self, name):
        """A layout with one image."""
        return self._make("image-" + name, lambda place: make_image(place, self._fills(name)))

    def _fills(self, name):
        # Each filler has a generator of its own: layers are made side by side.
        def filler(top, specs, seed, busybox=False):
            def fill(tar):
                pieces = Pieces.__new__(Pieces)
                pieces.random, pieces.text, pieces.binary = random.Random(seed), self.pieces.text, self.pieces.binary
                if busybox:
                    add_busybox(tar)
                add_files(tar, top, specs, pieces)
            return fill

        if name == "tiny":
            return [lambda tar: add_busybox(tar)]
        if name == "debian":
            return [filler("usr", self._scaled(("text", 8_000, 60_000_000), ("binary", 1_500, 120_000_000)), 10, True)]
        parts = (0.24, 0.34, 0.16, 0.14, 0.10, 0.02)
        return [filler(f"layer{number}",
                       self._scaled(("text", int(80_000 * part), int(0.8e9 * part)),
                                    ("binary", int(8_000 * part), int(1.2e9 * part))), 20 + number, number == 0)
                for number, part in enumerate(parts)]

    def blobs(self, names):
        """The root directory of a registry that has these images as bench/NAME."""
        for name in names:
            self.image(name)

        def fill(place):
            registry = places.Registry(place / "root")
            try:
                for name in names:
                    done = subprocess.run(
                        ["skopeo", "copy", "--quiet", "--dest-tls-verify=false", f"oci:{self.image(name)}:latest",
                         f"docker://{registry.host}/bench/{name}:latest"], check=False)
                    if done.returncode != 0:
                        sys.exit("bench: a base image cannot be pushed")
            finally:
                registry.stop()
        return self._make("registry-" + "-".join(names), fill) / "root"
