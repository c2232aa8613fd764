#!/usr/bin/env python3
"""Makes an OCI layout of one image whose layers are tars of random bytes.

usage: make_image.py LAYOUT SEED SIZE...     (bytes, one layer each; the same seed makes the same image)
"""
import hashlib
import io
import json
import os
import random
import shutil
import sys
import tarfile


def put(layout, data):
    digest = hashlib.sha256(data).hexdigest()
    with open(f"{layout}/blobs/sha256/{digest}", "wb") as blob:
        blob.write(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def tar_of(name, data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o644
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def main():
    layout, seed, sizes = sys.argv[1], int(sys.argv[2]), [int(size) for size in sys.argv[3:]]
    shutil.rmtree(layout, ignore_errors=True)
    os.makedirs(f"{layout}/blobs/sha256")
    source = random.Random(seed)
    layers = [put(layout, tar_of(f"file{number}", source.randbytes(size))) for number, size in enumerate(sizes)]
    config = put(layout, json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Labels": {"seed": str(seed)}},
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
    }).encode())
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **layer} for layer in layers],
    }
    index = {"schemaVersion": 2, "manifests": [{"mediaType": manifest["mediaType"],
                                                **put(layout, json.dumps(manifest).encode())}]}
    with open(f"{layout}/index.json", "w") as file:
        json.dump(index, file)
    with open(f"{layout}/oci-layout", "w") as file:
        file.write('{"imageLayoutVersion":"1.0.0"}')
    print(index["manifests"][0]["digest"])


if __name__ == "__main__":
    main()
