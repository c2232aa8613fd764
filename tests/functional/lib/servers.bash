# Servers of files and repositories, which end with the test; `load lib/servers` after the helpers.

GIT=(git -c user.name=t -c user.email=t@example.test -c init.defaultBranch=main -c protocol.file.allow=always)

# serve DIR: files over HTTP; sets URL.
serve() {
    python3 "$LIB/file_server.py" "$1" > "$WORK/port" 2> "$WORK/server.log" 3>&- &
    SERVER_PID=$!
    for _ in $(seq 100); do
        [ ! -s "$WORK/port" ] || break
        sleep 0.1
    done
    URL="http://127.0.0.1:$(cat "$WORK/port")"
}

# serve_git DIR: repositories by git's own protocol; sets GIT_URL.
serve_git() {
    local port
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    git daemon --base-path="$1" --export-all --listen=127.0.0.1 --port="$port" --reuseaddr \
        > "$WORK/git.log" 2>&1 3>&- &
    GIT_PID=$!
    GIT_URL="git://127.0.0.1:$port"
    for _ in $(seq 100); do
        ! git ls-remote "$GIT_URL/repo" > /dev/null 2>&1 || return 0
        sleep 0.1
    done
    cat "$WORK/git.log"
    return 1
}

teardown() {
    [ -z "${SERVER_PID:-}" ] || kill "$SERVER_PID" 2> /dev/null || true
    # git daemon has a child that serves.
    [ -z "${GIT_PID:-}" ] || pkill -P "$GIT_PID" 2> /dev/null || true
    [ -z "${GIT_PID:-}" ] || kill "$GIT_PID" 2> /dev/null || true
    cd / || return 1
    rm -rf "$WORK"
}

# repository DIR: two commits, a tag on the first, a branch, a submodule-free tree.
repository() {
    mkdir -p "$1/docs"
    echo one > "$1/a"
    echo bee > "$1/docs/b"
    printf '#!/bin/sh\n' > "$1/run"
    chmod 755 "$1/run"
    chmod 600 "$1/a"
    (
        cd "$1" || exit 1
        "${GIT[@]}" init -q
        "${GIT[@]}" add .
        GIT_COMMITTER_DATE='2020-01-02T03:04:05Z' "${GIT[@]}" commit -q -m 1
        "${GIT[@]}" tag -a -m tagged v1
        echo two > a
        GIT_COMMITTER_DATE='2021-01-02T03:04:05Z' "${GIT[@]}" commit -q -a -m 2
        "${GIT[@]}" branch side
    )
}
