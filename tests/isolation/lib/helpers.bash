# Helpers of the isolation tests; `load lib/helpers` at the top of each file.

# Each test has a directory of its own, with a context, and volumes for its containers.
setup() {
    WORK="$(mktemp -d "$SUITE_DIR/test.XXXXXX")"
    chmod 0755 "$WORK"
    mkdir "$WORK/context" "$WORK/containers"
    cd "$WORK" || return 1
}

teardown() {
    local mounted
    cd / || return 1
    for mounted in "$WORK"/containers/*/root; do
        umount "$mounted" 2> /dev/null || true
    done
    rm -rf "$WORK"
}

dockerfile() {
    cat > "$WORK/context/Dockerfile"
}

# container KIND [options of container.py] -- WORD...: runs the words in a new container. Its root is
# an overlay, as everywhere; /volume is a directory of the host's that everybody may write to.
container() {
    local kind="$1" options=() place
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    place="$(mktemp -d "$WORK/containers/XXXXXX")"
    mkdir "$place"/{root,upper,work,volume,bundle}
    chmod 0755 "$place"
    chmod 1777 "$place/volume"
    mount -t overlay -o "lowerdir=${ROOT_OF_CONTAINER:-$TEMPLATE},upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
    "$LIB/container.py" "$kind" "$place/bundle" "$place/root" --bind "$BASES:/bases:ro" \
        --bind /etc/resolv.conf:/etc/resolv.conf:ro --bind "$WORK/context:/context:ro" --bind "$place/volume:/volume" "${options[@]}" -- "$@"
    local status=0
    runc run -b "$place/bundle" "mica-$$-${place##*/}" < /dev/null || status=$?
    umount "$place/root"
    return "$status"
}

# built_in KIND [options of container.py] -- [options of mica build]: builds the context.
built_in() {
    local kind="$1" options=()
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    container "$kind" --env MICA_STATE="${STATE:-/state}" --env SOURCE_DATE_EPOCH=1700000000 "${options[@]}" -- \
        "${MICA_INSIDE:-/usr/local/bin/mica}" build --progress plain --debug \
        --build-context busybox=oci-layout:///bases/busybox \
        --build-context debian-build=oci-layout:///bases/debian-build \
        --build-context debian-slim=oci-layout:///bases/debian-slim \
        "$@" /context
}

# layers_of NAME: the digests of the layers of an image in the registry.
layers_of() {
    skopeo inspect --config --tls-verify=false "docker://$REGISTRY/$1" | jq -r '.rootfs.diff_ids[]'
}
