#!/usr/bin/env bats
# Steps that were done before are not done again: keys are made of content.
load lib/helpers

unique() {
    umoci unpack --image "$WORK/out:1" "$WORK/bundle" > /dev/null
    cat "$WORK/bundle/rootfs/unique"
    rm -rf "$WORK/bundle" "$WORK/out"
}

again() {
    build --state "$WORK/state" -t example.test/cached:1 "$@" > /dev/null 2>&1
    unique
}

@test "an equal build takes every step from the cache" {
    dockerfile <<'EOF'
FROM busybox
WORKDIR /w
COPY f /f
RUN cat /proc/sys/kernel/random/uuid > /unique
EOF
    echo one > context/f
    local first
    first="$(again)"
    [ "$(again)" = "$first" ]
    touch -d '2001-01-01' context/f # times are no part of a key
    [ "$(again)" = "$first" ]
}

@test "a changed byte, mode, argument or environment is a miss" {
    dockerfile <<'EOF'
FROM busybox
ARG A=1
ENV E=1
COPY f /f
RUN cat /proc/sys/kernel/random/uuid > /unique
EOF
    echo one > context/f
    local seen first
    first="$(again)"
    echo two > context/f
    seen="$(again)"
    [ "$seen" != "$first" ]
    chmod 0600 context/f
    [ "$(again)" != "$seen" ]
    seen="$(again)"
    [ "$(again --build-arg A=2)" != "$seen" ]
    sed -i s/E=1/E=2/ context/Dockerfile
    [ "$(again)" != "$seen" ]
}

@test "--no-cache does every step again" {
    dockerfile <<'EOF'
FROM busybox
RUN cat /proc/sys/kernel/random/uuid > /unique
EOF
    local first
    first="$(again)"
    [ "$(again --no-cache)" != "$first" ]
}

@test "a stage that is rebuilt to the same files costs its users nothing" {
    dockerfile <<'EOF'
FROM busybox AS a
ARG N
RUN echo $N > /ignored && echo same > /f
FROM busybox
COPY --from=a /f /f
RUN cat /proc/sys/kernel/random/uuid > /unique
EOF
    local first
    first="$(again --build-arg N=1)"
    [ "$(again --build-arg N=2)" = "$first" ]
}

@test "owner of the checkout, umask, comments, unused arguments, proxies and secrets are no part of a key" {
    dockerfile << 'EOF'
FROM busybox
COPY f dir /d/
RUN --mount=type=secret,id=s cat /proc/sys/kernel/random/uuid > /unique
EOF
    mkdir context/dir
    echo one > context/f
    echo two > context/dir/g
    echo secret > secret
    local first
    first="$(again --secret id=s,src=secret)"
    chown 1234:1234 context/f || true
    [ "$(again --secret id=s,src=secret)" = "$first" ]
    sed -i '1i # a comment' context/Dockerfile
    [ "$(again --secret id=s,src=secret)" = "$first" ]
    [ "$(again --secret id=s,src=secret --build-arg UNUSED=1)" = "$first" ]
    [ "$(again --secret id=s,src=secret --build-arg HTTP_PROXY=http://127.0.0.1:1)" = "$first" ]
    echo other > secret
    [ "$(again --secret id=s,src=secret)" = "$first" ]
    rm -rf context/copy && cp -r context/dir context/copy && rm -rf context/dir && mv context/copy context/dir
    [ "$(again --secret id=s,src=secret)" = "$first" ] # other inodes, the same files
}

@test "COPY --link is found again on another base" {
    dockerfile << 'EOF'
ARG BASE=busybox
FROM $BASE
COPY --link f /f
EOF
    echo one > context/f
    build --state "$WORK/state" > /dev/null 2>&1
    rm -rf "$WORK/out"
    build --state "$WORK/state" --build-arg BASE=scratch > log 2>&1
    grep -q 'CACHED' log
}
