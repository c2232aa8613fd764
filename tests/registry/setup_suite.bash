# What the tests of registries share.

setup_suite() {
    SOURCE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
    export SOURCE_ROOT
    export LIB="$SOURCE_ROOT/tests/registry/lib"
    export MICA="${MICA:-$SOURCE_ROOT/build/mica}"
    SUITE_DIR="$(mktemp -d "${TMPDIR:-/tmp}/mica-registry.XXXXXX")"
    export SUITE_DIR
    export IMAGE="$SUITE_DIR/image"
    # Two layers of several pieces of ECR's size, two small ones.
    python3 "$LIB/make_image.py" "$IMAGE" 1 26000000 21000000 300000 1000 > "$SUITE_DIR/digest"
    IMAGE_DIGEST="$(cat "$SUITE_DIR/digest")"
    export IMAGE_DIGEST
}

teardown_suite() {
    rm -rf "$SUITE_DIR"
}
