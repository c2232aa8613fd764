#!/usr/bin/env bats
# Tools that break in a chroot without /proc and /dev work in every backend.
load lib/helpers

# A line "ok NAME" for each check that holds.
tools_image() {
    dockerfile <<'END'
FROM debian-build
RUN apt-get update && apt-get install -y --no-install-recommends procps python3-minimal > /dev/null
COPY checks.sh /
RUN bash /checks.sh
USER nobody
RUN bash /checks.sh
END
    cat > context/checks.sh <<'END'
check() { local name="$1"; shift; if "$@" > /tmp/out.$$ 2>&1; then echo "ok $name"; else echo "BROKEN $name"; cat /tmp/out.$$; fi; }
cd "$(mktemp -d)"
check "process substitution" bash -c 'test "$(cat <(echo hi))" = hi'
check "here documents" bash -c 'test "$(cat <<< hi)" = hi'
check "standard streams by name" bash -c 'test "$(echo x > /dev/stdout)" = x && echo y | grep -q y /dev/stdin && echo z 2> /dev/null > /dev/stderr'
check "null, zero and random" bash -c 'echo x > /dev/null && test $(head -c 5 /dev/zero | wc -c) = 5 && head -c 4 /dev/urandom'
check "ps" bash -c 'ps aux | grep -q "[p]s aux"'
check "free" free
check "uptime" uptime
check "pgrep" bash -c 'sleep 55 & until pgrep -x sleep; do sleep 0.1; done && kill %1'
check "nproc" bash -c 'test "$(nproc)" -ge 1'
check "own executable" bash -c 'test "$(readlink /proc/self/exe)" = "$(readlink -f "$(command -v readlink)")"'
check "own directory" bash -c 'cd /usr/bin && test "$(readlink /proc/$$/cwd)" = /usr/bin'
check "perl knows itself" perl -e 'die unless -x $^X'
check "python knows itself" python3 -c 'import sys, os; assert os.path.exists(sys.executable)'
check "python closes descriptors" python3 -c 'import subprocess; subprocess.check_call(["true"], close_fds=True)'
check "python counts descriptors" python3 -c 'import os; assert "0" in os.listdir("/proc/self/fd")'
check "gcc" bash -c 'echo "int main(void){return 0;}" > a.c && gcc a.c -o a && ./a'
check "shared memory" python3 -c 'import os; f = os.open("/dev/shm/x%d" % os.getpid(), os.O_CREAT | os.O_RDWR); os.write(f, b"x")'
check "memory of the machine" grep -q MemTotal /proc/meminfo
check "threads" python3 -c 'import threading; t = threading.Thread(target=len, args=("",)); t.start(); t.join()'
check "host name" bash -c 'test "$(hostname)" = mica || test "$(uname -n)" = mica'
check "mounts can be read" bash -c 'grep -q / /proc/mounts && grep -q / /proc/self/mountinfo'
! id -u | grep -qx 0 || check "writing to its own name" bash -c 'echo worker > /proc/self/comm'
END
}

works_in() {
    local kind="$1" backend="$2"
    tools_image
    run built_in "$kind" -- --output type=oci,dest=/volume/out
    echo "$output" | tail -n 80
    [ "$status" -eq 0 ]
    [[ "$output" == *"commands run with isolation '$backend'"* ]]
    [[ "$output" != *BROKEN* ]]
    [ "$(grep -c ' ok ' <<< "$output")" -ge 40 ]
}

@test "tools work in a chroot" {
    works_in docker chroot
}

@test "tools work in a user namespace" {
    works_in kubernetes userns
}

@test "tools work where paths are translated" {
    STATE=/volume/state works_in restricted translate
}

@test "tools work with one id" {
    STATE=/volume/state works_in unfiltered userns
}

# The compilers and runtimes that look for themselves, their threads and their descriptors in /proc; installed once.
toolchains() {
    [ ! -e "$BASES/toolchains/index.json" ] || return 0
    dockerfile <<'END'
FROM debian-slim
RUN apt-get update && apt-get install -y --no-install-recommends nodejs golang-go openjdk-17-jdk-headless rustc cargo > /dev/null
END
    "$MICA" build --isolation ns --state "$WORK/state" --build-context debian-slim="oci-layout://$BASES/debian-slim" \
        --output type=oci,dest="$BASES/toolchains",tar=false context
    rm -rf "$WORK/state"
}

toolchains_work_in() {
    local kind="$1" backend="$2"
    toolchains
    dockerfile <<'END'
FROM toolchains
WORKDIR /work
RUN node -e 'const { execFileSync } = require("child_process"); console.log("ok node " + execFileSync("/bin/echo", ["runs"]))'
RUN printf 'package main\nimport "fmt"\nfunc main() { fmt.Println("ok go") }\n' > hello.go && go run hello.go
RUN printf 'class Hello { public static void main(String[] a) { System.out.println("ok java"); } }\n' > Hello.java && javac Hello.java && java Hello
RUN printf 'fn main() { println!("ok rustc"); }\n' > hello.rs && rustc hello.rs && ./hello
RUN cargo new --quiet --vcs none greeter && cd greeter && cargo run --quiet --offline | sed s/Hello.*/ok\ cargo/
END
    run built_in "$kind" --bind "$BASES/toolchains:/toolchains:ro" -- --build-context toolchains=oci-layout:///toolchains \
        --output type=oci,dest=/volume/out
    echo "$output" | tail -n 60
    [ "$status" -eq 0 ]
    [[ "$output" == *"commands run with isolation '$backend'"* ]]
    local tool
    for tool in node go java rustc cargo; do
        grep -q " ok $tool" <<< "$output"
    done
}

@test "toolchains run in a chroot" {
    toolchains_work_in docker chroot
}

@test "toolchains run in a user namespace" {
    toolchains_work_in kubernetes userns
}

@test "toolchains run where paths are translated" {
    STATE=/volume/state toolchains_work_in restricted translate
}

@test "toolchains run with one id" {
    STATE=/volume/state toolchains_work_in unfiltered userns
}
