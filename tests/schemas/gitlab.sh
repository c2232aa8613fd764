#!/bin/sh
# Writes child pipelines for several trees of images, and checks them and .gitlab-ci.yml.
# usage: gitlab.sh MICA ROOT NODE_DIRECTORY
set -eu
mica="$1" root="$2" node="$3"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# image NAME [BASE]: a folder of the tree in the working directory.
image() {
    mkdir -p "images/$1"
    if [ $# -eq 1 ]; then
        echo "FROM debian:12" > "images/$1/Dockerfile"
    else
        # shellcheck disable=SC2016 # these are the Dockerfile's variables
        printf 'ARG REGISTRY\nARG TAG=latest\nFROM ${REGISTRY}/%s:${TAG}\n' "$2" > "images/$1/Dockerfile"
    fi
}

mkdir "$work/chain" "$work/many" "$work/changes"
cd "$work/chain"
image c b
image b a
image a
"$mica" plan images > "$work/chain.yml"
cd "$work/many"
for number in $(seq 60); do image "image-$number"; done
"$mica" plan images > "$work/many.yml"
cd "$work/changes"
git init -q . && git config user.email t@t && git config user.name t
image a && image b a && image other
git add -A && git commit -qm one
"$mica" plan images --changed-since HEAD > "$work/nothing.yml"
echo "LABEL x=y" >> images/a/Dockerfile
git add -A && git commit -qm two
"$mica" plan images --changed-since HEAD~1 > "$work/some.yml"
"$mica" plan images --changed-since 0000000000000000000000000000000000000000 > "$work/new-branch.yml"
cd "$root"
"$mica" plan images > "$work/this.yml"
set -- "$root" "$root/.gitlab-ci.yml"
for name in chain many nothing some new-branch this; do set -- "$@" "$work/$name.yml"; done
node "$node/gitlab.mjs" "$@"
