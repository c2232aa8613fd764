#!/usr/bin/env bats
# RUN with no privilege at all: the isolation `translate`, as a user who may do nothing special.
load lib/helpers

# as_nobody WORD...: as a user with a number and no name, no capability, and no way to get any.
as_nobody() {
    setpriv --reuid 12345 --regid 0 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
}

# translated [options]: the context, as nobody, into $WORK/user/out.
translated() {
    chmod a+rx "$SUITE_DIR" "$WORK"
    chmod -R a+rX "$BASES" "$WORK/context"
    mkdir -p "$WORK/user"
    chown 12345:0 "$WORK/user"
    as_nobody env MICA_STATE="$WORK/user/state" "$MICA" build --isolation translate --progress plain \
        --build-context busybox="oci-layout://$BASES/busybox" \
        --build-context debian-build="oci-layout://$BASES/debian-build" \
        --output type=oci,dest="$WORK/user/out",tar=false "$@" "$WORK/context"
}

@test "a static shell runs as root of its own root directory" {
    dockerfile <<'END'
FROM busybox
RUN id -u && pwd && cat /proc/self/comm && readlink /proc/self/exe && ls / > /dev/null && ! ls /sys/kernel 2> /dev/null
END
    run translated
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" 0"*" /"*" cat"*" /bin/busybox"* ]]
}

@test "dynamic programs, scripts and compilers run" {
    dockerfile <<'END'
FROM debian-build
RUN printf '#!/bin/sh\ncat /proc/$$/comm; echo "$0 $*"\n' > /script && chmod +x /script && /script one two
RUN echo 'int main(int c, char **v) { return v[0][0] == 47 ? c : 99; }' > /a.c && gcc -o /a /a.c && /a; test $? = 1
RUN bash -c 'cat <(echo substituted)' && perl -e 'die unless -x $^X'
END
    run translated
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" script"*" /script one two"*" substituted"* ]]
}

@test "owners, modes and devices come out right in the layer" {
    dockerfile <<'END'
FROM busybox
RUN echo x > /f && chown 33:44 /f && chmod 4711 /f && mkdir -m 0 /d && touch /d/in && mknod /null c 1 3 && ln -s f /l && ln /f /hard
USER user
RUN touch /tmp/mine && ! touch /etc/forbidden 2> /dev/null && ! cat /f 2> /dev/null
END
    translated --output type=tar,dest="$WORK/user/root.tar"
    tar --numeric-owner -tvf "$WORK/user/root.tar" > listing
    cat listing
    grep -Eq '^[-h]rws--x--x 33/44 .* f( link to hard)?$' listing
    grep -Eq '^d--------- 0/0 .* d/$' listing
    grep -Eq '^crw-r--r-- 0/0 +1,3 .* null$' listing
    grep -Eq '^-rw-r--r-- 1000/1000 .* tmp/mine$' listing
    ! grep -q forbidden listing
}
