#!/usr/bin/env python3
"""Makes an OCI layout of one layer out of a root file system's tar.

usage: layout_from_tar.py ROOTFS.tar LAYOUT [--env NAME=value]... [--cmd WORD]...
"""
import argparse
import gzip
import hashlib
import json
import os
import platform
import shutil

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class HashingFile:
    """Writes on and keeps digest and size."""

    def __init__(self, out):
        self.out, self.hash, self.size = out, hashlib.sha256(), 0

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)
        return self.out.write(data)

    def flush(self):
        self.out.flush()


def put(layout, data):
    digest = hashlib.sha256(data).hexdigest()
    with open(f"{layout}/blobs/sha256/{digest}", "wb") as blob:
        blob.write(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def put_layer(layout, tar_path):
    diff = hashlib.sha256()
    temporary = f"{layout}/blobs/sha256/layer"
    with open(temporary, "wb") as raw, open(tar_path, "rb") as tar:
        out = HashingFile(raw)
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0, filename="") as zipped:
            while chunk := tar.read(1 << 20):
                diff.update(chunk)
                zipped.write(chunk)
    digest = out.hash.hexdigest()
    os.rename(temporary, f"{layout}/blobs/sha256/{digest}")
    return {"digest": f"sha256:{digest}", "size": out.size}, f"sha256:{diff.hexdigest()}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tar")
    parser.add_argument("layout")
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--cmd", action="append", default=[])
    args = parser.parse_args()
    shutil.rmtree(args.layout, ignore_errors=True)
    os.makedirs(f"{args.layout}/blobs/sha256")
    layer, diff_id = put_layer(args.layout, args.tar)
    config = {
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": {
            "Env": args.env or ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Cmd": args.cmd or ["/bin/sh"],
        },
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [{"created": "2020-01-01T00:00:00Z", "created_by": "test base"}],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                   **put(args.layout, json.dumps(config).encode())},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **layer}],
    }
    index = {
        "schemaVersion": 2,
        "manifests": [{"mediaType": manifest["mediaType"], **put(args.layout, json.dumps(manifest).encode())}],
    }
    with open(f"{args.layout}/index.json", "w") as file:
        json.dump(index, file)
    with open(f"{args.layout}/oci-layout", "w") as file:
        file.write('{"imageLayoutVersion":"1.0.0"}')


if __name__ == "__main__":
    main()
