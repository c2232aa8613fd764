"""One command's wall time, processor time and memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median


@dataclass
class Sample:
    wall: float  # seconds
    cpu: float  # seconds of user and system, all processes that were waited for
    rss: int  # MiB, of the largest of these processes


@dataclass
class Result:
    samples: list

    @property
    def wall(self):
        return median(sample.wall for sample in self.samples)

    @property
    def best_wall(self):
        return min(sample.wall for sample in self.samples)

    @property
    def cpu(self):
        return min(sample.cpu for sample in self.samples)

    @property
    def rss(self):
        return max(sample.rss for sample in self.samples)


def run(argv, **options):
    """Runs to the end; a failure ends the benchmark with the command's output."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **options.pop("environment", {})}
    start = time.monotonic()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=environment, **options) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.stderr.write(output.decode(errors="replace")[-4000:])
        sys.exit(f"bench: this failed: {argv if isinstance(argv, str) else ' '.join(argv)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)


def shell(script):
    return run(["bash", "-c", "set -euo pipefail; " + script])
