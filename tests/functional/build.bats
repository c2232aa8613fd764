#!/usr/bin/env bats
# The main job, one fact a test, on a busybox base.
load lib/helpers

@test "a RUN's files are in the image" {
    dockerfile <<'EOF'
FROM busybox
RUN echo hello > /greeting && chmod 600 /greeting
EOF
    root_tar root.tar
    [ "$(tar -xOf root.tar greeting)" = hello ]
    [[ "$(tar -tvf root.tar greeting)" == -rw-------* ]]
}

@test "a deleted file of the base is a whiteout in the layer" {
    dockerfile <<'EOF'
FROM busybox
RUN rm /etc/group
EOF
    build -t example.test/deleted:1
    umoci unpack --image "$WORK/out:1" "$WORK/bundle"
    [ ! -e "$WORK/bundle/rootfs/etc/group" ]
    [ -e "$WORK/bundle/rootfs/etc/passwd" ]
}

@test "without an output the image is kept under its name, and FROM finds it" {
    dockerfile <<'EOF'
FROM busybox
RUN echo one > /one
EOF
    run "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" -t example.test/kept:1 context
    [ "$status" -eq 0 ]
    [[ "$output" == *"sha256:"* ]]
    dockerfile <<'EOF'
FROM example.test/kept:1
RUN cat /one
EOF
    build
}

@test "a failing RUN passes its exit status on and shows the Dockerfile's line" {
    dockerfile <<'EOF'
FROM busybox
RUN exit 42
EOF
    run build
    [ "$status" -eq 42 ]
    [[ "$output" == *"RUN exit 42"* ]]
    [[ "$output" == *"exit code: 42"* ]]
    [ ! -e out ]
    refute_leftovers
}

@test "an unknown instruction is refused with a suggestion" {
    dockerfile <<'EOF'
FROM busybox
COPPY a b
EOF
    run build
    [ "$status" -ne 0 ]
    [[ "$output" == *"did you mean"* ]]
    [[ "$output" == *"Dockerfile"* ]]
}

@test "an unknown flag is a usage error with a suggestion" {
    dockerfile <<< "FROM scratch"
    run "$MICA" build --bild-arg x=y context
    [ "$status" -eq 2 ]
    [[ "$output" == *"--build-arg"* ]]
}

@test "a missing source says its name" {
    dockerfile <<'EOF'
FROM scratch
COPY nothing /x
EOF
    run build
    [ "$status" -ne 0 ]
    [[ "$output" == *"nothing"*"not found"* ]]
}

@test "a registry that is down is a clear error" {
    dockerfile <<'EOF'
FROM scratch
COPY Dockerfile /
EOF
    run build --push -t 127.0.0.1:1/x:y
    [ "$status" -ne 0 ]
    [[ "$output" == *"127.0.0.1:1"* ]]
}

# Each waits for the other in a directory that both see; after each other they would wait in vain.
@test "stages that do not depend on each other run side by side" {
    dockerfile <<'EOF'
FROM busybox AS a
RUN --mount=type=cache,id=meeting,target=/meeting touch /meeting/a; \
    for i in $(seq 600); do [ -e /meeting/b ] && exit 0; sleep 0.1; done; exit 1
FROM busybox AS b
RUN --mount=type=cache,id=meeting,target=/meeting touch /meeting/b; \
    for i in $(seq 600); do [ -e /meeting/a ] && exit 0; sleep 0.1; done; exit 1
FROM scratch
COPY --from=a /etc/passwd /a
COPY --from=b /etc/passwd /b
EOF
    build
}

@test "nothing of hosts, resolv.conf, proc, sys and dev enters a layer" {
    dockerfile <<'EOF'
FROM busybox
RUN cat /etc/hosts /etc/resolv.conf && touch /dev/shm/x && ls /proc/self /sys > /dev/null
EOF
    root_tar root.tar
    ! listing root.tar | grep -E '^(etc/(hosts|resolv.conf|hostname)|proc|sys|dev)(/|$)'
}

@test "a process left behind by a RUN is dead when the step ends" {
    dockerfile <<'EOF'
FROM busybox
RUN (sleep 987654 &) ; true
RUN true
EOF
    build
    ! pgrep -f 'sleep 987654'
}

@test "Ctrl-C ends the build at once with 130 and leaves nothing" {
    dockerfile <<'EOF'
FROM busybox
RUN sleep 987655
EOF
    "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" \
        --output type=oci,dest="$WORK/out" context > log 2>&1 3>&- &
    local pid=$!
    for _ in $(seq 100); do pgrep -f '^sleep 987655' > /dev/null && break; sleep 0.1; done
    kill -INT $pid
    local status=0
    wait $pid || status=$?
    [ "$status" -eq 130 ]
    ! pgrep -f 'sleep 987655'
    [ ! -e out ]
    refute_leftovers
    dockerfile <<< "FROM busybox"
    build # the next build works
}

@test "two builds with one state directory run at the same time" {
    dockerfile <<'EOF'
FROM busybox
ARG N
RUN echo $N > /n && sleep 1
EOF
    local pids=() n
    for n in 1 2 3; do
        "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" --build-arg N=$n -t example.test/n:1 \
            --state "$WORK/state" --output type=oci,dest="$WORK/out$n",tar=false context > log$n 2>&1 3>&- &
        pids+=($!)
    done
    for n in "${pids[@]}"; do wait "$n"; done
    for n in 1 2 3; do umoci unpack --image "$WORK/out$n:1" "$WORK/b$n"; [ "$(cat "$WORK/b$n/rootfs/n")" = $n ]; done
}

@test "iidfile and metadata-file name what was built" {
    dockerfile <<< "FROM busybox"
    build --iidfile iid --metadata-file meta.json
    grep -qE '^sha256:[0-9a-f]{64}$' iid
    [ "$(jq -r '."containerimage.digest"' meta.json)" = "$(jq -r '.manifests[0].digest' out/index.json)" ]
}

@test "a docker archive can be read by skopeo" {
    dockerfile <<'EOF'
FROM busybox
COPY Dockerfile /d
EOF
    "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" -t example.test/d:1 \
        --output type=docker,dest="$WORK/d.tar" context
    skopeo inspect "docker-archive:$WORK/d.tar" | jq -e '.Layers | length == 2'
}

@test "a rootless build gives the same tree as root's" {
    [ "$(id -u)" = 0 ] || skip "needs root to become somebody else"
    id mica-test > /dev/null 2>&1 || useradd --create-home mica-test
    grep -q '^mica-test:' /etc/subuid || skip "no subordinate ids for mica-test"
    dockerfile <<'EOF'
FROM busybox
RUN echo 'alice:x:4000:4000::/home/alice:/bin/sh' >> /etc/passwd && mkdir -p /home/alice \
 && echo hi > /home/alice/f && chown -R alice:50 /home/alice && rm /etc/group && chmod 4711 /bin/busybox
USER alice
RUN id -u > /tmp/uid
EOF
    root_tar root.tar
    chmod 0755 "$WORK" "$SUITE_DIR"; chmod -R a+rX "$BASES" "$WORK/context"
    install -d -o mica-test "$WORK/user"
    runuser -u mica-test -- env MICA_STATE="$WORK/user/state" "$MICA" build --isolation userns --progress plain \
        --build-context busybox="oci-layout://$BASES/busybox" --output type=tar,dest="$WORK/user/root.tar" context
    diff <(tar --numeric-owner -tvf root.tar | awk '{$4="";$5="";print}') \
         <(tar --numeric-owner -tvf user/root.tar | awk '{$4="";$5="";print}')
}

@test "--check finds what the build checks find, and builds nothing" {
    dockerfile <<'EOF'
FROM busybox
CMD echo hi
EOF
    run "$MICA" build --check --build-context busybox="oci-layout://$BASES/busybox" context
    [ "$status" -eq 1 ]
    [[ "$output" == *"JSONArgsRecommended"* ]]
    [[ "$output" == *">>> CMD echo hi"* ]]
}

@test "--call targets lists the stages as JSON" {
    dockerfile <<'EOF'
# builds it
FROM busybox AS build
FROM scratch AS final
EOF
    "$MICA" build --progress quiet --call targets,format=json context > targets.json
    [ "$(jq -r '.targets[1].name' targets.json)" = final ]
    [ "$(jq -r '.targets[1].default' targets.json)" = true ]
}

@test "layers that are equal can lie below a RUN" {
    local round
    for round in 1 2; do
        dockerfile <<EOF
FROM busybox
RUN true
RUN : nothing again
RUN echo $round > /round
EOF
        root_tar root.tar
        [ "$(tar -xOf root.tar round)" = "$round" ]
    done
}
