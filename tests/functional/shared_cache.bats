#!/usr/bin/env bats
# Caches that machines share. Each state directory here is a machine of its own.
load lib/helpers

# on STATE [options]: the context, built there; the log is in $WORK/log.
on() {
    local state="$1"
    shift
    build --state "$WORK/$state" -t example.test/shared:1 "$@" > "$WORK/log" 2>&1 || { cat "$WORK/log"; return 1; }
    cat "$WORK/log"
}

digest_of_out() {
    skopeo inspect --format '{{.Digest}}' "oci:$WORK/out"
    rm -rf "$WORK/out"
}

three_steps() {
    dockerfile << 'EOF'
FROM busybox
WORKDIR /w
RUN cat /proc/sys/kernel/random/uuid > /unique
COPY f /w/f
RUN wc -c /w/f > /w/count
EOF
    echo one > context/f
}

@test "a second machine takes every step from the registry, and fetches and extracts nothing" {
    three_steps
    local ref="$REGISTRY/team/app:cache" first
    on one --cache-to "type=registry,ref=$ref"
    first="$(digest_of_out)"
    build --state "$WORK/two" --cache-from "$ref" --output "type=registry,name=$REGISTRY/team/app:1" \
        -t "$REGISTRY/team/app:1" > "$WORK/log" 2>&1
    cat "$WORK/log"
    rm -rf "$WORK/out"
    [ "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/team/app:1")" = "$first" ]
    ! grep -q 'extract' "$WORK/log"
    [ ! -e "$WORK/two/layers" ]
}

@test "a build that is all cached is the same image again" {
    three_steps
    local first
    on one
    first="$(digest_of_out)"
    sleep 1
    on one
    [ "$(digest_of_out)" = "$first" ]
}

@test "the cache is an image that every tool can read" {
    three_steps
    local ref="$REGISTRY/team/readable:cache"
    on one --cache-to "$ref"
    skopeo copy --src-tls-verify=false "docker://$ref" "oci:$WORK/copy:1"
    umoci unpack --rootless --image "$WORK/copy:1" "$WORK/bundle"
    jq -e '.version == 1 and (.entries | length) == 5' "$WORK/bundle/rootfs/index.json"
    curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
        "http://$REGISTRY/v2/team/readable/manifests/cache" | jq -e '
        .mediaType == "application/vnd.oci.image.manifest.v1+json" and
        .config.mediaType == "application/vnd.oci.image.config.v1+json" and
        ([.layers[].mediaType] | unique) == ["application/vnd.oci.image.layer.v1.tar+gzip"]'
}

@test "a RUN after a hit fetches what it needs" {
    three_steps
    on one --cache-to "$REGISTRY/team/partial:cache"
    rm -rf "$WORK/out"
    echo 'RUN cat /unique /w/count > /all' >> context/Dockerfile
    on two --cache-from "$REGISTRY/team/partial:cache"
    rm -rf "$WORK/out"
    [ "$(grep -c ' CACHED' "$WORK/log")" -eq 4 ]
}

@test "mode=min leaves out the steps of other stages, mode=max does not" {
    dockerfile << 'EOF'
FROM busybox AS tools
RUN cat /proc/sys/kernel/random/uuid > /tool && echo > /else
FROM busybox
COPY --from=tools /tool /tool
EOF
    on one --cache-to "$REGISTRY/team/min:cache" --cache-to "type=registry,ref=$REGISTRY/team/max:cache,mode=max"
    rm -rf "$WORK/out"
    on two --cache-from "$REGISTRY/team/min:cache"
    rm -rf "$WORK/out"
    [ "$(grep -c ' CACHED' "$WORK/log")" -eq 0 ]
    on three --cache-from "$REGISTRY/team/max:cache"
    rm -rf "$WORK/out"
    [ "$(grep -c ' CACHED' "$WORK/log")" -eq 2 ]
    ! grep -q "pull sha256\|read the names" "$WORK/log" # COPY --from was found without fetching what it copies
}

@test "a directory can be the cache, and an image its own" {
    three_steps
    on one --cache-to "type=local,dest=$WORK/shared"
    rm -rf "$WORK/out"
    on two --cache-from "type=local,src=$WORK/shared"
    rm -rf "$WORK/out"
    [ "$(grep -c ' CACHED' "$WORK/log")" -eq 4 ]
    "$MICA" build --state "$WORK/one" --build-context busybox="oci-layout://$BASES/busybox" --cache-to type=inline \
        -t "$REGISTRY/team/inline:1" --push context
    on three --cache-from "$REGISTRY/team/inline:1"
    rm -rf "$WORK/out"
    [ "$(grep -c ' CACHED' "$WORK/log")" -eq 4 ]
}

@test "a cache that is not there, is down or is none does not fail the build" {
    three_steps
    on one --cache-from "$REGISTRY/team/nothing:cache"
    rm -rf "$WORK/out"
    on two --cache-from 127.0.0.1:1/team/app:cache --cache-to 127.0.0.1:1/team/app:cache
    rm -rf "$WORK/out"
    grep -q 'warning.*127.0.0.1:1/team/app:cache' "$WORK/log"
    skopeo copy --dest-tls-verify=false "oci:$BASES/busybox" "docker://$REGISTRY/team/plain:latest"
    on three --cache-from "$REGISTRY/team/plain:latest" --cache-to "$REGISTRY/team/plain:latest"
    rm -rf "$WORK/out"
    grep -q 'no cache of mica' "$WORK/log"
    [ "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/team/plain:latest")" = \
        "$(skopeo inspect --format '{{.Digest}}' "oci:$BASES/busybox")" ]
}

@test "--cache-error=fail is strict" {
    three_steps
    run build --state "$WORK/one" --cache-error fail --cache-to 127.0.0.1:1/team/app:cache
    [ "$status" -ne 0 ]
    [[ "$output" == *"exporting the cache to 127.0.0.1:1/team/app:cache"* ]]
}

@test "a miss tells what differs" {
    dockerfile << 'EOF'
FROM busybox
ARG V=1
RUN echo $V > /v
COPY f /f
RUN cat /f > /g
EOF
    echo one > context/f
    on one --cache-to "$REGISTRY/team/why:cache"
    ! grep -q 'not in the cache' "$WORK/log"
    rm -rf "$WORK/out"
    on one --build-arg V=2
    rm -rf "$WORK/out"
    grep -q 'not in the cache: RUN echo.*ENV/ARG V: was "1", is "2"' "$WORK/log"
    [ "$(grep -c 'not in the cache' "$WORK/log")" -eq 1 ]
    echo two > context/f
    on one --explain-cache
    rm -rf "$WORK/out"
    grep -q 'not in the cache: COPY f /f: file f: another content' "$WORK/log"
    grep -q 'not in the cache: RUN cat.*the layers below: number 3 of 3' "$WORK/log"
    on two --cache-from "$REGISTRY/team/why:cache" # what another machine knows explains as well
    grep -q 'not in the cache: COPY f /f: file f: another content' "$WORK/log"
}

@test "a warmed directory serves base images without a write" {
    skopeo copy --dest-tls-verify=false "oci:$BASES/busybox" "docker://$REGISTRY/team/base:1"
    "$MICA" warm --state "$WORK/warmer" --cache-dir "$WORK/warm" "$REGISTRY/team/base:1"
    printf 'FROM %s\nRUN echo x > /x\n' "$REGISTRY/team/base:1" > context/Dockerfile
    chmod -R a-w "$WORK/warm"
    on one --cache-dir "$WORK/warm"
    rm -rf "$WORK/out"
    ! grep -q 'pull sha256' "$WORK/log"
    chmod -R u+w "$WORK/warm"
    "$MICA" warm --state "$WORK/two" -f context/Dockerfile
    on two
    ! grep -q 'pull sha256' "$WORK/log"
}

@test "a cache mount survives the machine" {
    dockerfile << 'EOF'
FROM busybox
RUN --mount=type=cache,id=tools,target=/c,uid=1000 mkdir -p /c/d && echo kept > /c/d/f && chmod 600 /c/d/f
EOF
    local ref="$REGISTRY/team/mounts:cache"
    on one --cache-to "$ref" --cache-mounts all
    rm -rf "$WORK/out"
    dockerfile << 'EOF'
FROM busybox
RUN --mount=type=cache,id=tools,target=/c,uid=1000 stat -c '%n %u %a' /c/d/f > /seen && cat /c/d/f >> /seen
EOF
    on two --cache-from "$ref" --cache-to "$ref" --cache-mounts export=tools
    umoci unpack --rootless --image "$WORK/out:1" "$WORK/bundle"
    rm -rf "$WORK/out"
    [ "$(cat "$WORK/bundle/rootfs/seen")" = "/c/d/f 1000 600
kept" ]
}
