"""Fresh file systems, and a registry that starts from the same blobs every time."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


@contextlib.contextmanager
def fresh_directory(kind, data):
    """A directory on a file system in which nothing was ever deleted.

    ext4 makes files many times more slowly in a place where a large tree has just been deleted.
    """
    place = Path(tempfile.mkdtemp(prefix="fresh-", dir=data))
    image = place.with_suffix(".img")
    try:
        if kind == "tmpfs":
            quiet("mount", "-t", "tmpfs", "-o", "size=90%,mode=755", "tmpfs", str(place))
        else:
            with open(image, "wb") as file:
                file.truncate(64 << 30)  # sparse; the peer without overlay copies the base for each step
            quiet("mkfs.ext4", "-q", "-E", "lazy_itable_init=1,nodiscard", str(image))
            quiet("mount", "-o", "loop,noinit_itable", str(image), str(place))
        yield place
    finally:
        subprocess.run(["umount", "-R", "-l", str(place)], check=False, stderr=subprocess.DEVNULL)
        with contextlib.suppress(OSError):
            os.rmdir(place)
        image.unlink(missing_ok=True)


def quiet(*argv):
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(argv)}: {done.stderr.strip()}")


class Registry:
    """Debian's docker-registry on loopback over `root`; what is pushed stays until stop()."""

    def __init__(self, root):
        self.root = root
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.host = f"localhost:{port}"
        config = root.with_suffix(".yml")
        config.write_text(
            "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
            f"storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}\n"
            f"http: {{addr: 127.0.0.1:{port}}}\n"
        )
        self.process = subprocess.Popen(["docker-registry", "serve", str(config)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://{self.host}/v2/").close()
                return
            time.sleep(0.05)
        sys.exit("bench: the registry does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def registry_over(blobs, data):
    """A registry with the content of `blobs` (hard links), thrown away afterwards."""
    place = Path(tempfile.mkdtemp(prefix="registry-", dir=data))
    quiet("cp", "-al", str(blobs), str(place / "root"))
    registry = Registry(place / "root")
    try:
        yield registry
    finally:
        registry.stop()
        shutil.rmtree(place, ignore_errors=True)
