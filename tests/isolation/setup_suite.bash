# What the tests of isolation share: the bases and the registry of the functional tests, and a root
# file system with mica in it for the containers.

# shellcheck source=tests/functional/setup_suite.bash
source "$(dirname "${BASH_SOURCE[0]}")/../functional/setup_suite.bash"
eval "functional_$(declare -f setup_suite)"

setup_suite() {
    [ "$(id -u)" = 0 ] || { echo "these tests make containers, so they need root" >&2; return 1; }
    functional_setup_suite
    LIB="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/lib"
    export LIB
    export TEMPLATE="$SUITE_DIR/template"
    make_template "$TEMPLATE"
    export OWN_IMAGE="$SUITE_DIR/own-image"
    make_own_image "$OWN_IMAGE"
}

# A busybox with mica, with the libraries that it needs.
make_template() {
    make_busybox_rootfs "$1"
    mkdir -p "$1"/{proc,sys,dev,bases,context,volume,usr/local/bin}
    printf 'ci:x:23456:23456::/tmp:/bin/sh\n' >> "$1/etc/passwd"
    printf 'ci:100000:65536\n' | tee "$1/etc/subuid" > "$1/etc/subgid"
    install_program "$1" "$MICA" /usr/local/bin/mica 0755
    install_program "$1" "$(command -v newuidmap)" /usr/bin/newuidmap 4755
    install_program "$1" "$(command -v newgidmap)" /usr/bin/newgidmap 4755
}

# The root file system of mica's own image: nothing but mica, below a directory of its own. The static
# program needs no libraries; this one has them beside it.
make_own_image() {
    local library
    mkdir -p "$1"/{mica/lib,mica/state,etc,tmp,proc,sys,dev,bases,context,volume}
    touch "$1/.mica-image"
    cp "$MICA" "$1/mica/mica"
    ldd "$MICA" > /dev/null 2>&1 || return 0
    ldd "$MICA" | grep -oE '/[^ ]+' | while read -r library; do
        cp "$library" "$1/mica/lib/"
    done
    patchelf --set-interpreter "/mica/lib/$(basename "$(patchelf --print-interpreter "$MICA")")" \
        --force-rpath --set-rpath /mica/lib "$1/mica/mica"
}

# install_program ROOT FILE TARGET MODE: with its shared libraries.
install_program() {
    local library
    install -D -m "$4" "$2" "$1$3"
    { ldd "$2" 2> /dev/null || true; } | grep -oE '/[^ ]+' | while read -r library; do
        install -D -m 0755 "$library" "$1$library"
    done
}
