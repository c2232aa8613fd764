"""Runs the chosen workloads and shows what came out."""

import json
import os
import platform
import shutil
import subprocess
import sys
import time

from micabench import tools, workloads
from micabench.corpora import Corpora


def names():
    return list(workloads.ALL)


def choose(wanted):
    chosen = [name.upper() for name in wanted] or names()
    for name in chosen:
        if name not in workloads.ALL:
            sys.exit(f"bench: there is no workload \"{name}\": {', '.join(names())}")
    return chosen


def check_machine(options):
    if os.geteuid() != 0:
        sys.exit("bench: fresh file systems are mounted, which only root can")
    needed = ["skopeo", "docker-registry", "igzip", "busybox", "mkfs.ext4"]
    needed += [] if options.no_peer else ["buildah"]
    for program in needed:
        if shutil.which(program) is None:
            sys.exit(f"bench: {program} is missing; \"./dev bench\" installs it")


def facts(mica):
    version = subprocess.run([mica, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    return {"mica": version, "kernel": platform.release(), "processors": os.cpu_count(),
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "load": os.getloadavg()[0]}


def relation(row, rows):
    """How this row stands to mica's of the same workload and part."""
    mine = next((other for other in rows if other.what == row.what and other.tool == "mica"), None)
    if mine is None or row is mine:
        return ""
    return f"{row.result.wall / mine.result.wall:.2f}"


def show(name, rows):
    print(f"\n{name}: {workloads.ALL[name].__doc__}")
    print(f"  {'part':<12} {'by':<18} {'wall':>8} {'best':>8} {'cpu':>8} {'MiB':>6}  of mica's wall")
    for row in rows:
        result = row.result
        print(f"  {row.what:<12} {row.tool:<18} {result.wall:8.3f} {result.best_wall:8.3f} {result.cpu:8.3f} "
              f"{result.rss:6d}  {relation(row, rows):>6}", flush=True)


def as_json(rows):
    return [{"part": row.what, "by": row.tool, "samples": [vars(sample) for sample in row.result.samples]}
            for row in rows]


def measure_all(mica, options):
    chosen = choose(options.workloads)
    check_machine(options)
    data = options.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    peers = [] if options.no_peer else [tools.Buildah("overlay"), tools.Buildah("vfs")]
    bench = workloads.Bench(tools.Mica(mica), peers, Corpora(data, 0.1 if options.quick else 1.0), data, options)
    results = {"machine": facts(mica), "options": {"quick": options.quick, "fs": options.fs, "runs": options.runs},
               "workloads": {}}
    print("seconds; wall is the median, cpu user and system of the best run")
    for name in chosen:
        rows = list(workloads.ALL[name](bench))
        show(name, rows)
        results["workloads"][name] = as_json(rows)
        (data / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    print(f"\nkept in {data / 'results.json'}")
