#!/bin/sh
# Greets whom it is told to, and says where it came from.
echo "${GREETING:-Hi}, ${1:-you}! I am example-image @VERSION@, running as $(id -un) in $(pwd)."
