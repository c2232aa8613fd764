#!/usr/bin/env bats
# mica lock: what names from elsewhere meant, and builds that take nothing else.
load lib/helpers
load lib/servers

digest_of() { jq -r '.manifests[0].digest' "$1/index.json"; }

# sources: a Dockerfile that takes a file and a repository from servers; sets FILES.
sources() {
    FILES="$WORK/files"
    mkdir "$FILES"
    echo one > "$FILES/data"
    serve "$FILES"
    repository repos/repo
    serve_git "$WORK/repos"
    dockerfile <<EOF
FROM scratch
ADD $URL/data /data
ADD $GIT_URL/repo /repo
EOF
}

# commit TEXT: a new commit on the repository's branch.
commit() {
    (cd "$WORK/repos/repo" && echo "$1" > a && "${GIT[@]}" commit -q -a -m "$1")
}

@test "a lock holds what a name meant" {
    local base="$REGISTRY/lock/base:1"
    dockerfile <<< $'FROM busybox\nRUN echo one > /which'
    build -t "$base" --push
    dockerfile <<< "FROM $base"
    run "$MICA" lock --lock mica.lock context
    [ "$status" -eq 0 ]
    [[ "$output" == *"+ $base sha256:"* ]]
    dockerfile <<< $'FROM busybox\nRUN echo two > /which'
    build -t "$base" --push --output "type=oci,dest=$WORK/ignored,tar=false"
    dockerfile <<< "FROM $base"
    root_tar locked.tar --lock mica.lock
    root_tar free.tar
    [ "$(tar -xOf locked.tar which)" = one ]
    [ "$(tar -xOf free.tar which)" = two ]
    run "$MICA" lock --update --lock mica.lock context
    [[ "$output" == *"~ $base sha256:"*"→"* ]]
    root_tar updated.tar --lock mica.lock
    [ "$(tar -xOf updated.tar which)" = two ]
}

@test "a build with a lock refuses what is not in it" {
    dockerfile <<< "FROM $REGISTRY/lock/unknown:1"
    echo '{"version": 1, "images": []}' > mica.lock
    run "$MICA" build --lock mica.lock context
    [ "$status" -ne 0 ]
    [[ "$output" == *"the lock has no digest"* ]]
}

@test "a lock holds the bytes of a URL and the commit of a repository" {
    sources
    run "$MICA" lock context
    [ "$status" -eq 0 ]
    [[ "$output" == *"+ $URL/data sha256:$(sha256sum < "$FILES/data" | cut -d' ' -f1)"* ]]
    [[ "$output" == *"+ $GIT_URL/repo $(git -C repos/repo rev-parse HEAD)"* ]]
    root_tar locked.tar --lock mica.lock
    [ "$(tar -xOf locked.tar data)" = one ]
    [ "$(tar -xOf locked.tar repo/a)" = two ]
}

@test "a repository that moved on is taken as it was locked" {
    sources
    "$MICA" lock context
    commit three
    root_tar locked.tar --lock mica.lock
    root_tar free.tar
    [ "$(tar -xOf locked.tar repo/a)" = two ]
    [ "$(tar -xOf free.tar repo/a)" = three ]
}

@test "a tag that is gone does not matter as long as its commit is there" {
    sources
    dockerfile <<< $'FROM scratch\nADD '"$GIT_URL/repo#v1 /repo"
    "$MICA" lock context
    "${GIT[@]}" -C repos/repo tag -d v1
    root_tar locked.tar --lock mica.lock
    [ "$(tar -xOf locked.tar repo/a)" = one ]
}

@test "a kept .git is the same whether the ref is locked or not" {
    sources
    dockerfile <<< $'FROM scratch\nADD --keep-git-dir '"$GIT_URL/repo#v1 /repo"
    "$MICA" lock context
    build --reproducible --lock mica.lock --output "type=oci,dest=$WORK/locked,tar=false"
    build --reproducible --output "type=oci,dest=$WORK/free,tar=false"
    [ "$(digest_of locked)" = "$(digest_of free)" ]
}

@test "a file that is not what it was locked as is refused, with its line" {
    sources
    "$MICA" lock context
    echo other > "$FILES/data"
    run "$MICA" build --lock mica.lock context
    [ "$status" -ne 0 ]
    [[ "$output" == *"digest mismatch"* ]]
    [[ "$output" == *"Dockerfile:2"* ]]
    [[ "$output" == *"mica lock --update"* ]]
    run "$MICA" lock --update context
    [[ "$output" == *"~ $URL/data sha256:"*"→"* ]]
    root_tar updated.tar --lock mica.lock
    [ "$(tar -xOf updated.tar data)" = other ]
}

@test "without --update what the lock has stays, and what is new comes" {
    sources
    dockerfile <<< $'FROM scratch\nADD '"$GIT_URL/repo /repo"
    "$MICA" lock context
    local was
    was="$(git -C repos/repo rev-parse HEAD)"
    commit three
    dockerfile <<< $'FROM scratch\nADD '"$GIT_URL/repo /repo"$'\nADD '"$URL/data /data"
    "$MICA" lock context > changes
    grep -q "^+ $URL/data sha256:" changes
    [ "$(wc -l < changes)" -eq 1 ]
    jq -e --arg commit "$was" '.repositories[0].commit == $commit' mica.lock
}

@test "a build with a lock refuses a URL and a repository that are not in it" {
    sources
    echo '{"version": 1, "images": []}' > mica.lock
    local source
    for source in "$URL/data" "$GIT_URL/repo"; do
        dockerfile <<< $'FROM scratch\nADD '"$source /x"
        run "$MICA" build --lock mica.lock context
        [ "$status" -ne 0 ]
        [[ "$output" == *"the lock has no digest of $source"* ]]
        [[ "$output" == *"Dockerfile:2"* ]]
    done
}

@test "what says its own digest needs no lock" {
    sources
    echo '{"version": 1, "images": []}' > mica.lock
    local sum commit
    sum="$(sha256sum < "$FILES/data" | cut -d' ' -f1)"
    commit="$(git -C repos/repo rev-parse HEAD)"
    dockerfile <<< $'FROM scratch\nADD --checksum=sha256:'"$sum $URL/data /data"$'\nADD '"$GIT_URL/repo#$commit /repo"
    root_tar root.tar --lock mica.lock
    [ "$(tar -xOf root.tar repo/a)" = two ]
}

@test "a named context that is fetched is locked too" {
    sources
    dockerfile <<< $'FROM scratch\nCOPY --from=other a /a'
    "$MICA" lock --build-context other="$GIT_URL/repo#side" context
    jq -e '.repositories[0].name | endswith("#side")' mica.lock
    "${GIT[@]}" -C repos/repo branch -f side v1
    root_tar root.tar --lock mica.lock --build-context other="$GIT_URL/repo#side"
    [ "$(tar -xOf root.tar a)" = two ]
}
