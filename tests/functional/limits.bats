#!/usr/bin/env bats
# What must hold when there is little of something: memory, disk, time.
load lib/helpers

@test "a 1 GiB layer is built in less than 150 MiB of memory" {
    truncate -s 960M context/zeros
    head -c 64M /dev/urandom > context/random
    dockerfile <<'EOF'
FROM scratch
COPY zeros random /
EOF
    run python3 "$LIB/peak_rss.py" "$MICA" build --progress quiet --output type=oci,dest="$WORK/out" context
    [ "$status" -eq 0 ]
    local kib="${lines[-1]}"
    echo "peak: $kib KiB"
    [ "$kib" -lt $((150 * 1024)) ]
}

@test "a full disk is a clear error that leaves nothing half-written" {
    [ "$(id -u)" = 0 ] || skip "needs root to mount a small file system"
    mkdir small
    mount -t tmpfs -o size=8m tmpfs small
    head -c 32M /dev/urandom > context/random
    dockerfile <<'EOF'
FROM scratch
COPY random /
EOF
    run "$MICA" build --progress plain --state "$WORK/small/state" --output type=oci,dest="$WORK/out" context
    local blobs
    blobs="$(find small/state -size +1M | wc -l)"
    umount small
    [ "$status" -ne 0 ]
    [[ "$output" == *"No space left on device"* ]]
    [[ "$output" == *"hint:"* ]]
    [ "$blobs" -eq 0 ]
    [ ! -e out ]
}

@test "a missing Dockerfile is named" {
    run "$MICA" build context
    [ "$status" -ne 0 ]
    [[ "$output" == *"Dockerfile"* ]]
}

@test "a context that does not exist is named" {
    run "$MICA" build nowhere
    [ "$status" -ne 0 ]
    [[ "$output" == *"nowhere"* ]]
}

@test "a base that does not exist in the registry says its name" {
    dockerfile <<< "FROM $REGISTRY/no/such:image"
    run "$MICA" build context
    [ "$status" -ne 0 ]
    [[ "$output" == *"no/such:image"* ]]
    [[ "$output" == *">>> FROM"* ]]
}
