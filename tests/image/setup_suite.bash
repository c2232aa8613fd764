# What the tests of mica's own image share: the bases and the registry of the functional tests, the
# images that "./dev image" made, and the one with a shell unpacked, for containers.

# shellcheck source=tests/functional/setup_suite.bash
source "$(dirname "${BASH_SOURCE[0]}")/../functional/setup_suite.bash"
eval "functional_$(declare -f setup_suite)"

setup_suite() {
    [ "$(id -u)" = 0 ] || { echo "these tests make containers, so they need root" >&2; return 1; }
    export IMAGES="${MICA_IMAGES:?the directory of the images}"
    export PROGRAM="${MICA_STATIC:?the static program}"
    functional_setup_suite
    CONTAINERS="$(cd "$(dirname "${BASH_SOURCE[0]}")/../isolation/lib" && pwd)"
    export CONTAINERS
    umoci --log=error unpack --image "$IMAGES/debug:debug" "$SUITE_DIR/debug"
    export TEMPLATE="$SUITE_DIR/debug/rootfs"
    # The base of images/example-image, which is Alpine's where there is a network.
    skopeo copy --quiet --dest-tls-verify=false "oci:$BASES/busybox" "docker://$REGISTRY/library/alpine:latest"
}
