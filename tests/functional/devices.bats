#!/usr/bin/env bats
# RUN --device: what a machine registers with the Container Device Interface.
load lib/helpers

setup_file() {
    export REGISTRATION="$BATS_FILE_TMPDIR/vendor.yaml"
    cat > "$REGISTRATION" <<'END'
cdiVersion: "0.6.0"
kind: example.test/thing
containerEdits:
  env: [ALL_THINGS=yes]
devices:
- name: one
  annotations: {org.mobyproject.buildkit.device.class: nice}
  containerEdits:
    env: [THING=one]
    deviceNodes:
    - {path: /dev/thing, hostPath: /dev/zero, type: c, permissions: rw}
    mounts:
    - {hostPath: /etc/hostname, containerPath: /opt/thing/name, options: [ro, nosuid, nodev, bind]}
    additionalGids: [4711]
- name: hooked
  containerEdits:
    hooks: [{hookName: createContainer, path: /usr/bin/hook}]
- name: free
  annotations: {org.mobyproject.buildkit.device.autoallow: "true"}
  containerEdits: {env: [THING=free]}
END
}

# registered [options]: a build on a machine that has these devices; others see nothing of it.
registered() {
    [ "$(id -u)" = 0 ] || skip "needs root to register devices for a test alone"
    mkdir -p /run/cdi
    unshare --mount --propagation private sh -c \
        'mount -t tmpfs none /run/cdi && cp "$REGISTRATION" /run/cdi/ && exec "$@"' sh \
        "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" \
        --output type=oci,dest="$WORK/out",tar=false "$@" "$WORK/context"
}

@test "a device is there for its RUN, and leaves nothing in the layer" {
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/thing=one test "$THING $ALL_THINGS" = "one yes" && head -c 4 /dev/thing | hexdump -C && \
    test -s /opt/thing/name && ! echo x > /opt/thing/name && id -G | grep -w 4711 && touch /done
RUN test -z "$THING" && test ! -e /dev/thing && test ! -e /opt/thing
END
    run registered --allow device
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"00 00 00 00"* ]]
}

@test "a class, a kind and all of a kind" {
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/thing=nice test "$THING" = one
RUN --device=example.test/thing test "$THING" = free
END
    registered --allow device=example.test/thing=nice --allow device=example.test/thing
}

@test "a device needs permission, but for those that are free for all" {
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/thing=free test "$THING" = free
RUN --device=example.test/thing=one true
END
    run registered --target ''
    [ "$status" -ne 0 ]
    [[ "$output" == *"RUN --device needs the entitlement device"* && "$output" == *":3"* ]]
}

@test "what mica cannot do for a device is refused, not left out" {
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/thing=hooked true
END
    run registered --allow device
    [ "$status" -ne 0 ]
    [[ "$output" == *"example.test/thing=hooked"*"createContainer hook /usr/bin/hook"* ||
        "$output" == *"createContainer hook /usr/bin/hook"*"example.test/thing=hooked"* ]]
}

@test "a required device that is not registered fails, an optional one is told of" {
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/other=x echo went on
END
    run registered --allow device
    [ "$status" -eq 0 ]
    [[ "$output" == *"optional device example.test/other=x is not registered"*"went on"* ]]
    dockerfile <<'END'
FROM busybox
RUN --device=example.test/other=x,required true
END
    run registered --allow device
    [ "$status" -ne 0 ]
    [[ "$output" == *"device example.test/other=x is not registered"* ]]
}
