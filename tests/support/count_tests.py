#!/usr/bin/env python3
"""Counts the cases of a test run and ends with "N passed, M failed".

usage: count_tests.py RESULT...

A RESULT is meson's testlog.json (a line for each program: the cases that Boost.Test reports
in it, or the program itself if it reports none) or the TAP of bats. Exit status 1 if a case
failed, or if nothing was counted at all.
"""
import json
import os
import re
import sys

BOOST_CASES = re.compile(r"(\d+) test cases? out of (\d+) (passed|failed|skipped|aborted)")
MESON_GOOD = {"OK", "EXPECTEDFAIL"}


class Counts:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def boost_cases(output):
    """The counts of a Boost.Test report; None if there is none (no such program, or it died)."""
    found = BOOST_CASES.findall(output)
    if not found:
        return None
    counts = Counts()
    for number, _, what in found:
        if what == "passed":
            counts.passed += int(number)
        elif what == "skipped":
            counts.skipped += int(number)
        elif what == "failed":  # "aborted" ones are among the failed ones
            counts.failed += int(number)
    return counts


def program(entry):
    result = entry["result"]
    if result == "SKIP":
        return Counts(skipped=1)
    cases = boost_cases(entry.get("stdout", "") + entry.get("stderr", ""))
    if result in MESON_GOOD:
        return cases or Counts(passed=1)
    if cases and cases.failed:
        return cases
    # It died, hung or never began: what it did not report is at least one failure.
    cases = cases or Counts()
    cases.failed += 1
    return cases


def meson_log(path):
    counts = Counts()
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            counts += program(json.loads(line))
    return counts


def tap(path):
    counts = Counts()
    planned = None
    with open(path, encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if re.match(r"ok \d+ .*# skip", line):
                counts.skipped += 1
            elif re.match(r"ok \d+", line):
                counts.passed += 1
            elif re.match(r"not ok \d+", line):
                counts.failed += 1
            elif match := re.match(r"1\.\.(\d+)", line):
                planned = int(match[1])
    ran = counts.passed + counts.failed + counts.skipped
    if planned is None:
        counts.failed += 1
    elif ran < planned:
        counts.failed += planned - ran
    return counts


def main():
    total = Counts()
    for path in sys.argv[1:]:
        counts = tap(path) if path.endswith(".tap") else meson_log(path)
        print(f"{os.path.splitext(os.path.basename(path))[0]}: {counts}")
        total += counts
    if total.skipped:
        print(f"{total.skipped} skipped")
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
