#!/usr/bin/env bats
# What a hostile RUN cannot do, in the environments whose backends promise it.
load lib/helpers

# Kinds of containers and the backends that they get.
kinds() {
    printf '%s\n' privileged kubernetes docker unfiltered restricted
}

# In each kind: builds the context, with more options for mica; the output is in $output.
attack() {
    local kind="$1" STATE="${STATE:-/state}"
    shift
    case "$kind" in unfiltered | restricted) STATE=/volume/state ;; esac
    run built_in "$kind" --env SECRET_OF_MICA=do-not-leak --env DOCKER_CONFIG=/context/docker -- \
        --no-cache --output type=oci,dest=/volume/out "$@"
    echo "== $kind"
    echo "$output"
}

@test "a RUN does not see mica's environment, nor its own supervisor's memory" {
    dockerfile <<'END'
FROM busybox
RUN env; for p in self $PPID $(seq 1 60); do tr '\0' '\n' < /proc/$p/environ; cat /proc/$p/maps; done 2>/dev/null; true
RUN ! ls -d /proc/*/root/usr/local/bin/mica
END
    for kind in $(kinds); do
        attack "$kind"
        [ "$status" -eq 0 ]
        [[ "$output" != *do-not-leak* ]]
    done
}

@test "a RUN cannot read credentials or write anything outside its root" {
    mkdir context/docker
    echo '{"auths":{"example.test":{"auth":"c2VjcmV0LXVzZXI6c2VjcmV0LXdvcmQ="}}}' > context/docker/config.json
    echo 'docker' > context/.dockerignore
    # The classic way out of a chroot, then through open directories of /proc.
    dockerfile <<'END'
FROM busybox
COPY escape.sh /
RUN sh /escape.sh
END
    cat > context/escape.sh <<'END'
mkdir -p /jail
for way in / /proc/self/root /proc/self/cwd /proc/self/fd /proc/1/root /dev/fd; do
    cd "$way" 2> /dev/null || continue
    for up in . .. ../.. ../../.. ../../../.. ../../../../.. ../../../../../.. ../../../../../../../../..; do
        cat "$up/context/docker/config.json" 2> /dev/null
        echo written 2> /dev/null > "$up/volume/written-by-run"
        chroot /jail/../"$up" cat context/docker/config.json 2> /dev/null
    done
done
true
END
    for kind in $(kinds); do
        attack "$kind"
        [ "$status" -eq 0 ]
        [[ "$output" != *c2VjcmV0* ]]
        ! ls containers/*/volume/written-by-run 2> /dev/null
    done
}

@test "a descriptor that is only a name cannot be made one to read from" {
    mkdir context/docker
    echo '{"auths":{"example.test":{"auth":"c2VjcmV0LXVzZXI6c2VjcmV0LXdvcmQ="}}}' > context/docker/config.json
    echo 'docker' > context/.dockerignore
    # Leaves a chroot as far as names go, then asks for the files behind them by way of /proc.
    cat > name.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
static void show(const char *path)
{
    char link[64], text[4096];
    int name = open(path, O_PATH), file, size;
    sprintf(link, "/proc/self/fd/%d", name);
    file = open(link, O_RDONLY);
    size = file < 0 ? 0 : read(file, text, sizeof text);
    if (size > 0)
        write(1, text, size);
}
int main(void)
{
    char path[256] = "";
    int old = open("/", O_RDONLY | O_DIRECTORY), i;
    mkdir("/jail", 0755);
    if (chroot("/jail") == 0)
        fchdir(old);
    for (i = 0; i < 12; ++i) {
        char whole[512];
        sprintf(whole, "%scontext/docker/config.json", path);
        show(whole);
        sprintf(path + 3 * i, "../");
    }
    return 0;
}
END
    gcc -static -o context/name name.c
    dockerfile <<'END'
FROM busybox
COPY name /
RUN /name
END
    for kind in $(kinds); do
        attack "$kind"
        [ "$status" -eq 0 ]
        [[ "$output" != *c2VjcmV0* ]]
    done
}

@test "a secret of one RUN is not there for the next, nor in a layer or on the disk" {
    echo "very-secret-$RANDOM$RANDOM" > context/secret
    echo secret > context/.dockerignore
    dockerfile <<'END'
FROM busybox
RUN --mount=type=secret,id=s sha256sum < /run/secrets/s && cp /run/secrets/s /dev/shm/copy
RUN ! cat /run/secrets/s && ! cat /dev/shm/copy && ! ls /run/secrets
END
    for kind in $(kinds); do
        STATE=/volume/state attack "$kind" --secret id=s,src=/context/secret
        [ "$status" -eq 0 ]
        [[ "$output" == *"$(sha256sum < context/secret | cut -d' ' -f1)"* ]]
        ! grep -rqf context/secret containers/*/volume
    done
}

@test "a RUN cannot end mica, and mica ends what a RUN leaves behind" {
    dockerfile <<'END'
FROM busybox
RUN kill -9 $PPID 2>/dev/null; kill -9 1 2>/dev/null; for p in $(seq 2 60); do [ $p = $$ ] || kill -0 $p 2>/dev/null && echo "alive: $p"; done; true
RUN (setsid sh -c 'sleep 3; touch /left-over; sleep 987' &) ; (sleep 986 &) ; sleep 0.2
RUN sleep 4; test ! -e /left-over
END
    for kind in $(kinds); do
        attack "$kind"
        [ "$status" -eq 0 ]
        ! pgrep -f "sleep 98[67]"
    done
}

@test "a network of none is none" {
    dockerfile <<'END'
FROM busybox
RUN --network=none ! wget -q -O - "http://REGISTRY/v2/" && ! nc -z -w 1 REGISTRY_HOST REGISTRY_PORT
RUN wget -q -O - "http://REGISTRY/v2/"
END
    sed -i "s,REGISTRY_HOST REGISTRY_PORT,${REGISTRY/:/ },; s,REGISTRY,$REGISTRY," context/Dockerfile
    for kind in $(kinds); do
        attack "$kind"
        [ "$status" -eq 0 ]
    done
}
