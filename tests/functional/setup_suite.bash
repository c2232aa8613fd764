# What all functional tests share: bases made once, one registry for the run.
# bats calls setup_suite before the first file and teardown_suite after the last.

setup_suite() {
    local here root
    here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
    root="$(cd "$here/../.." && pwd)"
    export SOURCE_ROOT="$root"
    export LIB="$root/tests/functional/lib"
    export MICA="${MICA:-$root/build/mica}"
    export BASES="${MICA_TEST_BASES:-$root/build/test-bases}"
    # A file system of its own keeps what the tests delete away from what they measure.
    SUITE_DIR="$(mktemp -d "${TMPDIR:-/tmp}/mica-functional.XXXXXX")"
    export SUITE_DIR
    export MICA_STATE="$SUITE_DIR/state"
    unset SOURCE_DATE_EPOCH DOCKER_CONFIG DOCKER_AUTH_CONFIG
    make_bases
    start_registry
}

teardown_suite() {
    [ -z "${REGISTRY_PID:-}" ] || kill "$REGISTRY_PID" 2>/dev/null || true
    rm -rf "$SUITE_DIR"
}

make_bases() {
    mkdir -p "$BASES"
    if [ ! -e "$BASES/busybox/index.json" ]; then
        make_busybox_rootfs "$SUITE_DIR/busybox"
        tar -C "$SUITE_DIR/busybox" --numeric-owner --owner=0 --group=0 -cf "$SUITE_DIR/busybox.tar" .
        python3 "$LIB/layout_from_tar.py" "$SUITE_DIR/busybox.tar" "$BASES/busybox"
        rm -rf "$SUITE_DIR/busybox" "$SUITE_DIR/busybox.tar"
    fi
    [ -e "$BASES/debian-build/index.json" ] || make_debian debian-build gcc,libc6-dev,libcap2-bin
    [ -e "$BASES/debian-slim/index.json" ] || make_debian debian-slim libcap2-bin
}

make_busybox_rootfs() {
    mkdir -p "$1"/{bin,etc,tmp,root,var/lib}
    chmod 1777 "$1/tmp"
    cp "$(command -v busybox)" "$1/bin/busybox"
    local applet
    for applet in $("$1/bin/busybox" --list); do
        [ "$applet" = busybox ] || ln -s busybox "$1/bin/$applet"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n' > "$1/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\nstaff:x:50:user\n' > "$1/etc/group"
}

# make_debian NAME PACKAGES: a minimal Debian of this machine's own sources.
make_debian() {
    local sources=()
    [ ! -e /etc/apt/sources.list.d/debian.sources ] || sources+=(/etc/apt/sources.list.d/debian.sources)
    [ ! -s /etc/apt/sources.list ] || sources+=(/etc/apt/sources.list)
    mmdebstrap --quiet --variant=minbase --include="$2" bookworm "$SUITE_DIR/debian.tar" "${sources[@]}" \
        > "$SUITE_DIR/mmdebstrap.log" 2>&1 || { cat "$SUITE_DIR/mmdebstrap.log" >&2; return 1; }
    python3 "$LIB/layout_from_tar.py" "$SUITE_DIR/debian.tar" "$BASES/$1"
    rm -f "$SUITE_DIR/debian.tar"
}

start_registry() {
    local port
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    cat > "$SUITE_DIR/registry.yml" <<EOF
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $SUITE_DIR/registry}, delete: {enabled: true}}
http: {addr: 127.0.0.1:$port}
EOF
    docker-registry serve "$SUITE_DIR/registry.yml" > "$SUITE_DIR/registry.log" 2>&1 < /dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    export REGISTRY_PID=$!
    export REGISTRY="127.0.0.1:$port"
    local try
    for try in $(seq 50); do
        ! curl -fs "http://$REGISTRY/v2/" > /dev/null || return 0
        sleep 0.1
    done
    cat "$SUITE_DIR/registry.log" >&2
    return 1
}
