#!/bin/sh
# Every script of the project, however it is named, through shellcheck.
set -eu
cd "$(dirname "$0")/../.."
{
    echo dev
    for directory in .ci bench tests images testdata; do
        [ ! -d "$directory" ] || find "$directory" -type f
    done | while read -r file; do
        case "$file" in *.bats) continue ;; esac # bats has a syntax of its own
        if head -n 1 "$file" | grep -qaE '^#!.*\b(ba|da)?sh\b'; then echo "$file"; fi
    done
} | sort | xargs shellcheck
