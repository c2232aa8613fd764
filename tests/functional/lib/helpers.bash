# Helpers of the functional tests; `load lib/helpers` at the top of each file.

# Each test has a directory of its own, with a context in it.
setup() {
    WORK="$(mktemp -d "$SUITE_DIR/test.XXXXXX")"
    mkdir "$WORK/context"
    cd "$WORK" || return 1
}

teardown() {
    cd / || return 1
    rm -rf "$WORK"
}

# dockerfile <<EOF … EOF: writes the context's Dockerfile.
dockerfile() {
    cat > "$WORK/context/Dockerfile"
}

# build [options]: the context, into the OCI layout $WORK/out, bases by name.
build() {
    "$MICA" build --progress plain \
        --build-context busybox="oci-layout://$BASES/busybox" \
        --build-context debian-build="oci-layout://$BASES/debian-build" \
        --build-context debian-slim="oci-layout://$BASES/debian-slim" \
        --output type=oci,dest="$WORK/out",tar=false "$@" "$WORK/context"
}

# root_tar FILE [options]: the merged root file system as a tar.
root_tar() {
    local file="$1"
    shift
    "$MICA" build --progress quiet --build-context busybox="oci-layout://$BASES/busybox" \
        --output type=tar,dest="$file" "$@" "$WORK/context"
}

# listing TAR: names in it, sorted, without the trailing slash of directories.
listing() {
    tar -tf "$1" | sed 's,/$,,; s,^\./,,' | sort
}

config_of() {
    skopeo inspect --config --raw "oci:$1"
}

# The last thing on a failing test's output is what the program said.
refute_leftovers() {
    ! find "$MICA_STATE/tmp" -mindepth 1 -print 2> /dev/null | grep -q . || { find "$MICA_STATE/tmp"; return 1; }
    ! grep -q "$MICA_STATE" /proc/self/mountinfo || { grep "$MICA_STATE" /proc/self/mountinfo; return 1; }
}
