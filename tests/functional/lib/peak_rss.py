#!/usr/bin/env python3
"""Runs a command; its peak memory in KiB is the last line of the output."""
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:], check=False).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
