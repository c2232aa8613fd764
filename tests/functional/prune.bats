#!/usr/bin/env bats
# What the state directory holds, and making room in it.
load lib/helpers

cached_build() {
    build --state "$WORK/state" > "$WORK/log" 2>&1
    rm -rf "$WORK/out"
}

# bytes of the state directory on disk
size() {
    du -s --block-size=1 "$WORK/state" | cut -f1
}

one_step() {
    dockerfile << 'EOF'
FROM busybox
RUN head -c 3000000 /dev/urandom > /big
EOF
}

@test "du accounts for every byte" {
    one_step
    cached_build
    run "$MICA" du --state "$WORK/state"
    [ "$status" -eq 0 ]
    [[ "$output" == *"cached steps"* ]]
    [[ "$output" == *"extracted layers"* ]]
    "$MICA" du --verbose --state "$WORK/state" | grep -q 'RUN head'
}

@test "prune without a limit leaves nothing to prune, and the next build works" {
    one_step
    cached_build
    "$MICA" prune --state "$WORK/state"
    "$MICA" du --state "$WORK/state" | grep -q 'can be pruned *0'
    cached_build
    ! grep -q CACHED "$WORK/log"
    cached_build
    grep -q CACHED "$WORK/log"
}

@test "--keep-storage holds" {
    local i
    for i in 1 2 3 4; do
        printf 'FROM busybox\nRUN head -c 3000000 /dev/urandom > /big%s\n' $i > context/Dockerfile
        cached_build
    done
    "$MICA" prune --state "$WORK/state" --keep-storage 9m
    [ "$(size)" -le $((10 * 1024 * 1024)) ]
    cached_build # the newest stayed
    grep -q CACHED "$WORK/log"
}

@test "--unused-for keeps what was used since" {
    one_step
    cached_build
    run "$MICA" prune --state "$WORK/state" --unused-for 1h
    [[ "$output" == "removed 0 items"* ]]
    cached_build
    grep -q CACHED "$WORK/log"
}

@test "an image that was kept stays" {
    one_step
    build --state "$WORK/state" -t example.test/kept:1 > /dev/null 2>&1
    "$MICA" build --state "$WORK/state" --build-context busybox="oci-layout://$BASES/busybox" -t example.test/kept:1 context
    "$MICA" prune --state "$WORK/state"
    printf 'FROM example.test/kept:1\nRUN test -s /big\n' > context/Dockerfile
    cached_build
}

@test "what a running build uses stays" {
    dockerfile << 'EOF'
FROM busybox
RUN echo x > /x
RUN --mount=type=cache,target=/c touch /c/here && sleep 4 && cat /x /c/here
EOF
    cached_build &
    local pid=$! try
    for try in $(seq 100); do
        ! find "$WORK/state/cache-mounts" -name here 2> /dev/null | grep -q . || break
        sleep 0.1
    done
    "$MICA" prune --state "$WORK/state"
    wait "$pid"
}

@test "a build with a limit keeps the state directory within it" {
    local i
    for i in 1 2 3 4; do
        printf 'FROM busybox\nRUN head -c 3000000 /dev/urandom > /big%s\n' $i > context/Dockerfile
        MICA_KEEP_STORAGE=9m cached_build
        [ "$(size)" -le $((10 * 1024 * 1024)) ]
    done
    cached_build # the newest stayed
    grep -q CACHED "$WORK/log"
    build --keep-storage 1k --state "$WORK/state" > "$WORK/log" 2>&1
    grep -q 'removed .* items' "$WORK/log"
    run env MICA_KEEP_STORAGE=much "$MICA" build --state "$WORK/state" --build-context busybox="oci-layout://$BASES/busybox" context
    [ "$status" -ne 0 ]
    [[ "$output" == *"MICA_KEEP_STORAGE"* ]]
}

@test "Kaniko's command keeps to the limit, too" {
    local i
    skopeo copy --quiet --dest-tls-verify=false "oci:$BASES/busybox" "docker://$REGISTRY/busybox:latest"
    for i in 1 2 3; do
        printf 'FROM %s/busybox\nRUN head -c 3000000 /dev/urandom > /big%s\n' "$REGISTRY" $i > context/Dockerfile
        MICA_KEEP_STORAGE=9m MICA_STATE="$WORK/state" "$MICA" executor --context context --no-push > log 2>&1 || { cat log; false; }
        [ "$(size)" -le $((10 * 1024 * 1024)) ]
    done
}
