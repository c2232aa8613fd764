#!/bin/sh
# Refuses sources that clang-format would change; with --fix it changes them.
set -eu
cd "$(dirname "$0")/../.."
if [ "${1:-}" = --fix ]; then set -- -i; else set -- --dry-run --Werror; fi
find src tests \( -name '*.cc' -o -name '*.hh' \) -print0 | xargs -0 -P 2 -n 40 clang-format-19 "$@"
