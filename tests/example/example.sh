#!/usr/bin/env bash
# Builds images/example-image, pushes it to a registry of its own under three tags, reads it back
# with skopeo and umoci, and runs it. Needs no network, unless --online asks for the real alpine.
# usage: example.sh MICA [--online]
set -euo pipefail

mica="$(realpath "$1")"
online="${2:-}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/mica-example.XXXXXX")"
registry_pid=

clean_up() {
    [ -z "$registry_pid" ] || kill "$registry_pid" 2> /dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

step() { printf '\n== %s\n' "$*"; }
show() {
    # The command as a reader would type it, then the command.
    printf '$ %s\n' "$(printf '%s ' "$@" | sed "s,$work,\$WORK,g; s,$mica,mica,g; s,$root/,,g")"
    "$@"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_registry() {
    registry="127.0.0.1:$(free_port)"
    cat > "$work/registry.yml" << EOF
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: $registry}
EOF
    docker-registry serve "$work/registry.yml" > "$work/registry.log" 2>&1 &
    registry_pid=$!
    local try
    for try in $(seq 100); do
        if curl -fs "http://$registry/v2/" > /dev/null; then return; fi
        kill -0 "$registry_pid" 2> /dev/null || break
        sleep 0.1
    done
    cat "$work/registry.log" >&2
    echo "the registry did not start (try $try)" >&2
    exit 1
}

# The branch as a tag may be spelled: lower case, what else is not allowed becomes "-".
branch_slug() {
    local name="${CI_COMMIT_REF_NAME:-}"
    [ -n "$name" ] || name="$(git -C "$root" symbolic-ref --short -q HEAD 2> /dev/null)" || name=detached
    name="$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9]+/-/g; s/^-+//' | cut -c 1-63 | sed -E 's/-+$//')"
    printf '%s' "${name:-none}"
}

commit() {
    local id="${CI_COMMIT_SHA:-}"
    [ -n "$id" ] || id="$(git -c safe.directory='*' -C "$root" rev-parse HEAD 2> /dev/null)" || id=unknown
    printf '%s' "$id"
}

# Runs the unpacked image; says which way worked, for not every machine has every way.
run_image() {
    local bundle="$1" runtime
    switch_terminal_off "$bundle/config.json"
    for runtime in crun runc; do
        if "$runtime" run --bundle "$bundle" "mica-example-$$" < /dev/null > "$work/run.out" 2> "$work/run.err"; then
            printf '(run by %s)\n' "$runtime"
            cat "$work/run.out"
            return
        fi
        printf '(%s cannot run here: %s)\n' "$runtime" "$(tail -n 1 "$work/run.err")"
    done
    if [ "$(id -u)" -eq 0 ] &&
        chroot --userspec=1000:1000 "$bundle/rootfs" /usr/bin/env -i GREETING=Hello PATH=/bin:/usr/bin \
            /bin/sh -c 'cd /home/greeter && exec /usr/local/bin/greet world' > "$work/run.out" 2> "$work/run.err"; then
        printf '(run by chroot, as the user and with the environment of the image)\n'
        cat "$work/run.out"
        return
    fi
    cat "$work/run.err" >&2
    echo "the image was built and read back, but no way to run it works here" >&2
    return 1
}

# A program without a terminal: that of the bundle is switched off.
switch_terminal_off() {
    python3 - "$1" << 'EOF'
import json, sys
with open(sys.argv[1]) as file:
    config = json.load(file)
config["process"]["terminal"] = False
with open(sys.argv[1], "w") as file:
    json.dump(config, file)
EOF
}

main() {
    local base=() tags=() tag
    export MICA_STATE="$work/state"
    if [ "$online" != --online ]; then
        step "A stand-in for alpine, out of Debian's busybox"
        "$root/tests/support/make_base" "$work/alpine"
        base=(--build-context "alpine=oci-layout://$work/alpine")
        echo "an OCI layout of $(du -sh "$work/alpine" | cut -f 1)"
    fi

    step "A registry on the loopback interface"
    start_registry
    echo "$registry"

    step "Build and push"
    local name="$registry/example-image"
    for tag in latest "$(branch_slug)" "$(commit)"; do
        tags+=(--tag "$name:$tag")
    done
    show "$mica" build --progress plain "${base[@]}" --build-arg "VERSION=$(commit | cut -c 1-12)" \
        "${tags[@]}" --push --metadata-file "$work/metadata.json" "$root/images/example-image"

    step "What the registry has"
    show curl -fsS "http://$registry/v2/example-image/tags/list"
    show skopeo inspect --tls-verify=false --format '{{.Digest}} {{.Architecture}} {{len .Layers}} layers' \
        "docker://$name:latest"
    grep -qF "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$name:latest")" \
        "$work/metadata.json" || {
        echo "the registry has another digest than the build said" >&2
        exit 1
    }

    step "Unpack and run it"
    show skopeo copy --quiet --src-tls-verify=false "docker://$name:$(commit)" "oci:$work/copy:latest"
    local rootless=()
    [ "$(id -u)" -eq 0 ] || rootless=(--rootless)
    show umoci --log=error unpack "${rootless[@]}" --image "$work/copy:latest" "$work/bundle"
    run_image "$work/bundle"
    grep -q '^Hello, world! I am example-image' "$work/run.out"

    step "Done"
    echo "built from its Dockerfile, pushed under three tags, read back, and run"
}

main
