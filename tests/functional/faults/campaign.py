#!/usr/bin/env python3
"""Pushes and pulls of an image while the network and the registry fail, by seeded schedules.

usage: campaign.py MICA WORK [--seeds FIRST-LAST] [--mib N] [--jobs N]

Each seed makes a schedule of faults: connections that are reset before or after a piece was stored, lost answers, 429 with
and without Retry-After, 5xx, slow drips, logins that end, truncated and wrong bytes. Half of the schedules speak to ECR over
TLS, half to a registry of the specification. Every one must end with the right image, or with an error and no wrong tag,
and never hang. What is left of a failing one is its seed.
"""
import argparse
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
PATIENCE = 180


class Fake:
    """One fake a worker, so that schedules do not meet."""

    def __init__(self, directory):
        os.makedirs(directory, exist_ok=True)
        self.directory = directory
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}/tests/support"}
        self.process = subprocess.Popen([sys.executable, "-m", "fake_aws", directory], env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            if os.path.exists(f"{directory}/ports"):
                break
            time.sleep(0.1)
        with open(f"{directory}/ports") as file:
            self.port = int(file.read().split()[0])

    def control(self, name, value=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_control/{name}", method="POST",
                                         data=json.dumps(value or {}).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
        return {**kept, "HOME": self.directory, "HTTPS_PROXY": f"http://127.0.0.1:{self.port}",
                "SSL_CERT_FILE": f"{self.directory}/ca.pem", "AWS_ACCESS_KEY_ID": "AKIAFAKE",
                "AWS_SECRET_ACCESS_KEY": "fake-secret", "AWS_EC2_METADATA_DISABLED": "true"}


def fault(random_, push):
    """One thing that goes wrong."""
    kinds = ["reset", "lost", "429", "5xx", "delay"]
    kinds += ["expire"] if push else ["truncate", "drip", "wrong bytes", "expire"]
    kind = random_.choice(kinds)
    target = random_.choice(["uploads", "uploads", "manifests", "blobs/sha256", "api.ecr"] if push
                            else ["blobs/sha256", "starport|storage", "starport|storage", "manifests"])
    made = {"target": target, "skip": random_.randrange(6), "times": random_.choice([1, 1, 2, 3])}
    if kind == "reset":
        made.update(kind="reset", bytes=random_.choice([0, 1000, 3 << 20]))
    elif kind == "lost":
        made.update(kind="lost", after=True)
    elif kind == "429":
        made.update(kind="status", status=429, body='{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}')
        if random_.random() < 0.5:
            made["headers"] = {"Retry-After": "1"}
    elif kind == "5xx":
        made.update(kind="status", status=random_.choice([500, 502, 503, 504]), body=random_.choice(["", "<html>", "{}"]))
    elif kind == "delay":
        made.update(kind="delay", seconds=random_.choice([0.2, 1.0]))
    elif kind == "expire":
        made.update(kind="expire", target="uploads" if push else "manifests|blobs", times=1)
    elif kind == "truncate":
        made.update(kind="truncate", target="starport|storage", bytes=random_.choice([0, 10, 100000]))
    elif kind == "drip":
        made.update(kind="drip", target="starport|storage", times=1)
    else:
        made.update(kind="wrong bytes", target="starport|storage", times=1)
    return made


def right_tag(fake, name, digest, layout):
    shown = fake.control("show", {"name": name})
    blobs = {f"sha256:{blob}" for blob in os.listdir(f"{layout}/blobs/sha256")} - {digest}
    return shown["tags"].get("1") == digest and blobs <= set(shown["blobs"])


def whole_layout(path, digest):
    try:
        with open(f"{path}/index.json") as file:
            named = json.load(file)["manifests"]
    except OSError:
        return None
    if not named:
        return None
    for blob in os.listdir(f"{path}/blobs/sha256"):
        if not re.fullmatch("[0-9a-f]{64}", blob):
            continue
        with open(f"{path}/blobs/sha256/{blob}", "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != blob:
                return False
    return named[0]["digest"] == digest


def run(mica, fake, arguments):
    try:
        done = subprocess.run([mica, *arguments], env=fake.environment(), stdin=subprocess.DEVNULL, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return None, "it hung"


def schedule(seed, mica, fake, layout, digest, work):
    """None, or what is wrong."""
    random_ = random.Random(seed)
    push, over_tls, name = random_.random() < 0.6, random_.random() < 0.5, f"app{seed}"
    fake.control("clear")
    fake.control("set", {"mode": "ecr" if over_tls else random_.choice(["spec", "ecr"]), "anonymous": not over_tls,
                         "status_of_upload": random_.random() < 0.5, "redirect_blobs": random_.random() < 0.7})
    fake.control("repository", {"name": name})
    place = f"{ECR}/{name}:1" if over_tls else f"127.0.0.1:{fake.port}/{name}:1"
    pushing = ["push", "--progress", "plain", layout, place]
    if not over_tls and random_.random() < 0.7:
        pushing[3:3] = ["--push-chunk-size", random_.choice(["5MiB", "8MiB"])]
    if not push:
        status, said = run(mica, fake, pushing)
        if status != 0:
            return f"the push before the faults failed: {said[-800:]}"
    for _ in range(random_.randint(1, 4)):
        fake.control("fault", fault(random_, push))
    target = f"{work}/out{seed}"
    if push:
        status, said = run(mica, fake, pushing)
    else:
        status, said = run(mica, fake, ["copy", "--progress", "plain", place, f"oci-layout://{target}:1"])
    fake.control("clear")
    if status is None:
        return said
    if "ecr-password" in said or "fake-secret" in said:
        return "a secret was shown"
    good = right_tag(fake, name, digest, layout) if push else whole_layout(target, digest)
    subprocess.run(["rm", "-rf", target], check=True)
    if status == 0 and not good:
        return f"it ended well, but the image is not right: {said[-800:]}"
    if status != 0 and "error:" not in said:
        return f"it failed (status {status}) without a clear error: {said[-800:]}"
    if status != 0 and push and fake.control("show", {"name": name})["tags"].get("1") not in (None, digest):
        return "it failed and left a wrong tag"
    if status != 0 and not push and good is False:
        return "it failed and left a wrong image"
    return "" if status == 0 else "failed clearly"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mica")
    parser.add_argument("work")
    parser.add_argument("--seeds", default="1-200")
    parser.add_argument("--mib", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    first, last = (int(part) for part in options.seeds.split("-"))
    layout = f"{options.work}/image"
    share = options.mib * (1 << 20) // 10
    digest = subprocess.run([sys.executable, f"{ROOT}/tests/registry/lib/make_image.py", layout, "1",
                             *(str(share * part) for part in (5, 3, 1, 1))], check=True, stdout=subprocess.PIPE,
                            text=True).stdout.strip()
    fakes = [Fake(f"{options.work}/fake{number}") for number in range(options.jobs)]
    ended, wrong = {"well": 0, "clearly": 0}, []

    def work(number):
        for seed in range(first + number, last + 1, options.jobs):
            result = schedule(seed, options.mica, fakes[number], layout, digest, options.work)
            # What was stored is not needed any more.
            if result == "":
                ended["well"] += 1
            elif result == "failed clearly":
                ended["clearly"] += 1
            else:
                wrong.append((seed, result))
                print(f"seed {seed}: {result}", flush=True)
            fakes[number].control("forget", {"name": f"app{seed}"})

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(work, range(options.jobs)))
    for fake in fakes:
        fake.process.kill()
    print(f"{last - first + 1} schedules: {ended['well']} images arrived, {ended['clearly']} ended with a clear error, "
          f"{len(wrong)} went wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
