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
        --build-context debian-slim="oci-layout://$BASES/debian-slim" \
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

# Dynamic and static, as root and as another user: the library's way of asking differs.
@test "system calls that name files do what they promise" {
    gcc -O1 -w -o context/checks "$LIB/calls.c" -lpthread
    gcc -O1 -w -static -o context/checks-static "$LIB/calls.c" -lpthread
    dockerfile <<'END'
FROM debian-slim
COPY checks checks-static /
RUN cp /checks /bin/checks && checks
RUN rm -r /w && cp /checks-static /bin/checks && checks
END
    run translated
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" != *BROKEN* ]]
    [ "$(grep -c ' ok ' <<< "$output")" -ge 120 ]
}

@test "programs of the machine's 32-bit ancestor run" {
    [ "$(uname -m)" = x86_64 ] || skip "only x86-64 has i386"
    cat > narrow.c <<'END'
static long call(long n, long a, long b, long c)
{
    long r;
    __asm__ volatile("int $0x80" : "=a"(r) : "a"(n), "b"(a), "c"(b), "d"(c) : "memory");
    return r;
}
void _start(void)
{
    char bytes[16];
    long file = call(5, (long)"/etc/marker", 0, 0);
    call(4, 1, (long)bytes, call(3, file, (long)bytes, sizeof bytes));
    if (call(12, (long)"/etc", 0, 0) == 0 && call(5, (long)"marker", 0, 0) >= 0) {
        const char *argv[] = {"/bin/echo", "executed", 0};
        call(11, (long)argv[0], (long)argv, 0);
    }
    call(1, 1, 0, 0);
}
END
    gcc -m32 -nostdlib -static -fno-pie -no-pie -fno-stack-protector -O1 -o context/narrow narrow.c
    dockerfile <<'END'
FROM busybox
COPY narrow /
RUN echo marked > /etc/marker && /narrow
END
    run translated
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" marked"*" executed"* ]]
}

@test "every kind of mount is shown, and leaves nothing" {
    echo "very-secret-word" > secret
    chmod a+r secret
    mkdir context/shown
    echo "from the context" > context/shown/file
    dockerfile <<'END'
FROM busybox
RUN --mount=type=secret,id=s,uid=1000,mode=0440 stat -c '%u %a %s' /run/secrets/s && cat /run/secrets/s
RUN --mount=type=bind,source=shown,target=/shown cat /shown/file
RUN --mount=type=cache,target=/cache echo kept > /cache/file
RUN --mount=type=cache,target=/cache cat /cache/file
RUN --mount=type=tmpfs,target=/scratch touch /scratch/file
RUN --mount=type=bind,from=busybox,source=/etc,target=/other test -e /other/passwd
RUN ! ls /run/secrets /shown /cache /scratch /other 2> /dev/null
END
    run translated --secret id=s,src=secret
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" 1000 440 17"*" very-secret-word"*" from the context"*" kept"* ]]
    ! grep -rq very-secret-word user
}

@test "a command whose supervisor is killed fails, and nothing of it is left" {
    dockerfile <<'END'
FROM busybox
RUN echo started && sleep 976; echo unreachable
END
    translated > log 2>&1 &
    local build=$! command
    until command="$(pgrep -f '^sleep 976' | head -n 1)" && [ -n "$command" ]; do sleep 0.1; done
    kill -9 "$(awk '{ print $4 }' "/proc/$(awk '{ print $4 }' "/proc/$command/stat")/stat")"
    run wait "$build"
    cat log
    [ "$status" -ne 0 ]
    ! grep -q ' unreachable' log
    ! pgrep -f '^sleep 976'
}
