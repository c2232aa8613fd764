"""Runs one command a file, side by side, and remembers what was good."""
import concurrent.futures
import json
import os
import subprocess

from floors import fingerprint


class Memory:
    """File names to the fingerprint that they last passed with, kept in the build directory."""

    def __init__(self, build, name):
        self.path = os.path.join(build, f"lint-{name}.json")
        try:
            with open(self.path, encoding="utf-8") as file:
                self.good = json.load(file)
        except (OSError, ValueError):
            self.good = {}

    def save(self):
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.good, file, indent=0, sort_keys=True)


def run(command, text):
    """Exit status and all output of a command that reads `text`."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def check_all(build, name, paths, command_of, setting):
    """command_of(path) gives (arguments, standard input). Prints what fails; returns how many did."""
    memory = Memory(build, name)
    marks = {path: fingerprint(path, setting) for path in paths}
    due = [path for path in paths if memory.good.get(path) != marks[path]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for path, (status, output) in zip(due, pool.map(lambda path: run(*command_of(path)), due)):
            if status == 0:
                memory.good[path] = marks[path]
            else:
                failed += 1
                print(f"src/{path}:\n{output}", flush=True)
    memory.save()
    return failed
