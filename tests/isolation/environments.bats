#!/usr/bin/env bats
# The real program in containers like those of CI systems: it chooses a backend by itself, builds a
# real image, and pushes it to a registry outside.
load lib/helpers

# A bit of everything that a backend could get wrong, and that layers must say alike everywhere.
real_image() {
    echo "from the context" > context/file
    dockerfile <<'END'
FROM busybox AS build
WORKDIR /src
COPY file .
RUN sed s/from/out\ of/ file > result
FROM busybox
COPY --from=build /src/result /result
RUN mkdir /foo && chown 33:33 /foo && chmod 2775 /foo && touch /foo/inherits \
 && cp /bin/busybox /bin/setuid && chown 0:50 /bin/setuid && chmod 4711 /bin/setuid
RUN ln -s target /foo/link && chown -h 1000:1000 /foo/link && ln /result /foo/hard \
 && umask 777 && touch /foo/none && mkfifo -m 600 /foo/fifo
RUN rm /etc/group && rm -r /var/lib && mkdir -p /var/lib/again && mv /tmp /var/moved && mkdir -m 1777 /tmp
USER user
RUN echo mine > /tmp/mine && id -u > /tmp/uid && id -g > /tmp/gid
USER root
RUN test "$(cat /tmp/uid /tmp/gid | tr '\n' ' ')" = "1000 1000 " && touch /dev/shm/x && ls /proc/self/fd > /dev/null
END
}

# builds KIND BACKEND [options of container.py]: the real image, with this backend.
builds() {
    local kind="$1" backend="$2"
    shift 2
    real_image
    run built_in "$kind" "$@" -- --push -t "$REGISTRY/from-$kind:1"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"commands run with isolation '$backend'"* ]]
    [ "$(layers_of "from-$kind:1")" = "$(reference_layers)" ]
}

# The layers of the same image, made by root of this machine.
reference_layers() {
    local image="$REGISTRY/from-here:1"
    SOURCE_DATE_EPOCH=1700000000 "$MICA" build --progress quiet --state "$WORK/state" \
        --build-context busybox="oci-layout://$BASES/busybox" --push -t "$image" context > /dev/null
    layers_of from-here:1
}

@test "a privileged container: ns, with its storage on the container's own overlay" {
    builds privileged ns
}

@test "a privileged container: ns, with its storage on a volume" {
    STATE=/volume/state builds privileged ns
}

@test "a pod without a security context: userns" {
    builds kubernetes userns
}

@test "a pod without a security context: userns, with its storage on a volume" {
    STATE=/volume/state builds kubernetes userns
}

@test "podman's default: userns" {
    builds podman userns
}

@test "a user with subordinate ids: userns" {
    STATE=/volume/state builds rootless userns
}

@test "Docker's default: chroot" {
    builds docker chroot
}

@test "Docker's default: chroot, with its storage on a volume" {
    STATE=/volume/state builds docker chroot
}

@test "mica's own image: in place, by name" {
    ROOT_OF_CONTAINER="$OWN_IMAGE" MICA_INSIDE=/mica/mica STATE=/mica/state
    # Layers with directories of the container's image are another matter: docs/isolation.md.
    real_image
    sed -i 's, && mv /tmp /var/moved && mkdir -m 1777 /tmp,,' context/Dockerfile
    run built_in docker -- --isolation inplace --push -t "$REGISTRY/in-place:1"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(layers_of in-place:1)" = "$(reference_layers)" ]
}

@test "in place is refused where it would harm" {
    real_image
    run built_in docker -- --isolation inplace --output type=oci,dest=/volume/out
    [ "$status" -ne 0 ]
    [[ "$output" == *"system of its own"*"mica's own image"* ]]
    ROOT_OF_CONTAINER="$OWN_IMAGE" MICA_INSIDE=/mica/mica STATE=/mica/state
    run built_in docker -- --output type=oci,dest=/volume/out
    echo "$output"
    [[ "$output" == *"commands run with isolation 'chroot'"* ]]
}

@test "mica doctor tells the choice, the reasons and what would help" {
    run container docker --env MICA_STATE=/state -- /usr/local/bin/mica doctor
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"userns "*"does not work: make a user namespace: Operation not permitted"*"Unconfined"* ]]
    [[ "$output" == *"A build on this machine takes chroot."* ]]
    container docker --env MICA_STATE=/state -- /usr/local/bin/mica doctor --format json > doctor.json
    [ "$(jq -r .chosen doctor.json)" = chroot ]
    [ "$(jq '.backends | map(select(.name == "ns"))[0].works' doctor.json)" = false ]
}

@test "a restricted pod: translate" {
    STATE=/volume/state builds restricted translate
}

@test "a restricted pod with a read-only root: translate" {
    STATE=/volume/state builds restricted translate --read-only
}

@test "a user without subordinate ids: userns with one id" {
    STATE=/volume/state builds unfiltered userns
}
