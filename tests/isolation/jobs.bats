#!/usr/bin/env bats
# What a job does in one container: builds side by side and after each other, stages side by side, every kind of mount.
load lib/helpers

# in_job KIND SCRIPT [options of container.py]: a shell in a new container; $build is the command, with the state and
# the bases.
in_job() {
    container "$1" "${@:3}" --env MICA_STATE="${STATE:-/state}" --env "build=/usr/local/bin/mica build --progress plain \
        --debug --build-context busybox=oci-layout:///bases/busybox" -- /bin/sh -c "$2"
}

several_builds_in() {
    local kind="$1" backend="$2"
    mkdir -p context/{one,two,bad}
    printf 'FROM busybox\nRUN echo one > /made && sleep 1\nRUN cat /made\n' > context/one/Dockerfile
    printf 'FROM busybox\nRUN echo two > /made && sleep 1\nRUN cat /made\n' > context/two/Dockerfile
    printf 'FROM busybox\nRUN echo three > /made && sleep 99 & exit 7\n' > context/bad/Dockerfile
    run in_job "$kind" '
        $build /context/one > /volume/one 2>&1 & one=$!
        $build /context/two > /volume/two 2>&1 & two=$!
        wait $one && wait $two || { cat /volume/one /volume/two; exit 1; }
        grep -q " one" /volume/one && grep -q " two" /volume/two || exit 2
        $build /context/bad; [ $? = 7 ] || exit 3
        ! ps | grep -q "[s]leep 99" || exit 4
        $build --no-cache /context/one || exit 5
        ls "$MICA_STATE/scratch" | wc -l | sed s/^/left:/'
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"commands run with isolation '$backend'"* ]]
    [[ "$output" == *left:0* ]]
}

four_stages_in() {
    local kind="$1" name
    for name in a b c d; do
        printf 'FROM busybox AS %s\nRUN echo %s > /%s && sleep 2\n' $name $name $name >> context/Dockerfile
    done
    printf 'FROM busybox\nCOPY --from=a /a /\nCOPY --from=b /b /\nCOPY --from=c /c /\nCOPY --from=d /d /\nRUN echo all: $(cat /a /b /c /d)\n' \
        >> context/Dockerfile
    run in_job "$kind" '$build /context'
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *" all: a b c d"* ]]
}

mounts_in() {
    local kind="$1"
    mkdir context/shown
    echo "from the context" > context/shown/file
    dockerfile <<'END'
FROM busybox
RUN --mount=type=secret,id=s,uid=1000,mode=0440 stat -c '%u %a %s' /run/secrets/s && cat /run/secrets/s
RUN --mount=type=secret,id=s,env=WORD test ${#WORD} = 16
RUN --mount=type=bind,source=shown,target=/shown cat /shown/file
RUN --mount=type=bind,source=shown,target=/shown,rw echo dropped > /shown/new
RUN --mount=type=cache,target=/cache echo kept > /cache/file
RUN --mount=type=cache,target=/cache cat /cache/file
RUN --mount=type=tmpfs,target=/scratch touch /scratch/file
RUN --mount=type=bind,from=busybox,source=/etc,target=/other test -e /other/passwd
RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK"
RUN ! ls /run/secrets /shown /cache /scratch /other 2> /dev/null
END
    # An agent that hangs up is enough to be forwarded.
    mkdir -m 0777 agent
    python3 -c 'import os, socket, time
s = socket.socket(socket.AF_UNIX); s.bind("agent/socket"); os.chmod("agent/socket", 0o777); s.listen(); time.sleep(60)' 3>&- &
    local agent=$! try
    for try in $(seq 50); do [ ! -S agent/socket ] || break; sleep 0.1; done
    run in_job "$kind" 'printf very-secret-word > /tmp/secret
        $build --secret id=s,src=/tmp/secret --ssh default=/agent/socket /context || exit 1
        rm /tmp/secret; grep -rlq very-secret-word "$MICA_STATE" && echo LEAKED' --bind "$PWD/agent:/agent"
    kill "$agent"
    echo "$output"
    [[ "$output" == *" 1000 440 16"*" very-secret-word"*" from the context"*" kept"* ]]
    [[ "$output" != *LEAKED* && "$output" == *"image sha256:"* ]]
}

@test "several builds in Docker's default" { several_builds_in docker chroot; }
@test "several builds in a pod without a security context" { several_builds_in kubernetes userns; }
@test "several builds in a restricted pod" { STATE=/volume/state several_builds_in restricted translate; }
@test "several builds with one id" { STATE=/volume/state several_builds_in unfiltered userns; }

@test "four stages in Docker's default" { four_stages_in docker; }
@test "four stages in a pod without a security context" { four_stages_in kubernetes; }
@test "four stages in a restricted pod" { STATE=/volume/state four_stages_in restricted; }
@test "four stages with one id" { STATE=/volume/state four_stages_in unfiltered; }

@test "every kind of mount in Docker's default" { mounts_in docker; }
@test "every kind of mount in a pod without a security context" { mounts_in kubernetes; }
@test "every kind of mount in a restricted pod" { STATE=/volume/state mounts_in restricted; }
@test "every kind of mount with one id" { STATE=/volume/state mounts_in unfiltered; }
