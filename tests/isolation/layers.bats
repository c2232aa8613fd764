#!/usr/bin/env bats
# Layers do not depend on the backend: a Debian with packages that have users, setuid bits and file
# capabilities, built in each kind of container, has the same digests as here as root.
load lib/helpers

debian_image() {
    dockerfile <<'END'
FROM debian-slim
RUN apt-get update && apt-get install -y --no-install-recommends adduser iputils-ping cron \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig/aux-cache /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-
RUN adduser --system --group --uid 150 zapp && adduser --disabled-password --gecos "" --uid 1234 zbob \
 && rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow-
RUN mkdir -p /srv/a && chown zapp:zapp /srv/a && chmod 2750 /srv/a && cp /bin/true /srv/a/setuid && chown 33:44 /srv/a/setuid && chmod 6755 /srv/a/setuid \
 && cp /bin/true /srv/capable && setcap cap_net_bind_service=ep /srv/capable && getcap /srv/capable | grep -q cap_net_bind_service \
 && mknod /srv/null c 1 3 && mknod /srv/loop b 7 0 && mkfifo /srv/fifo && ln /srv/capable /srv/capable-too && ln -s nowhere /srv/link && chown -h zbob /srv/link
RUN su zbob -s /bin/sh -c 'echo hello > ~/mine && id -u' && test "$(stat -c %u:%g /home/zbob/mine)" = 1234:1234
RUN rm -r /usr/share/doc && mkdir /usr/share/doc && mv /srv/a /srv/b && chmod 0 /srv/b/setuid && cat /srv/b/setuid > /dev/null
USER zbob
RUN umask 027 && mkdir ~/made && touch ~/made/file && ! touch /etc/forbidden 2> /dev/null
END
}

# here: the digests of the layers that root of this machine makes, made once a file of tests.
reference() {
    local digests="$SUITE_DIR/debian-layers"
    if [ ! -s "$digests" ]; then
        SOURCE_DATE_EPOCH=1700000000 "$MICA" build --progress quiet --isolation ns --state "$WORK/state" \
            --build-context debian-slim="oci-layout://$BASES/debian-slim" \
            --push -t "$REGISTRY/debian-here:1" context > /dev/null
        layers_of debian-here:1 > "$digests"
    fi
    cat "$digests"
}

# same_layers KIND BACKEND [options of container.py]
same_layers() {
    local kind="$1" backend="$2"
    shift 2
    debian_image
    reference > want
    run built_in "$kind" "$@" -- --push -t "$REGISTRY/debian-$kind:1"
    echo "$output" | tail -n 40
    [ "$status" -eq 0 ]
    [[ "$output" == *"commands run with isolation '$backend'"* ]]
    layers_of "debian-$kind:1" > have
    diff want have
}

@test "userns makes the layers of ns" {
    same_layers kubernetes userns
}

@test "chroot makes the layers of ns" {
    same_layers docker chroot
}

@test "userns with one id makes the layers of ns" {
    STATE=/volume/state same_layers unfiltered userns
}

@test "translate makes the layers of ns" {
    STATE=/volume/state same_layers restricted translate
}

@test "in place makes the layers of ns" {
    # In mica's own image, whose root is empty but for mica.
    ROOT_OF_CONTAINER="$OWN_IMAGE" MICA_INSIDE=/mica/mica STATE=/mica/state
    debian_image
    reference > want
    run built_in docker -- --isolation inplace --push -t "$REGISTRY/debian-in-place:1"
    echo "$output" | tail -n 40
    [ "$status" -eq 0 ]
    layers_of debian-in-place:1 > have
    diff want have
}
