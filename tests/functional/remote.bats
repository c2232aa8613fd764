#!/usr/bin/env bats
# What lies elsewhere: ADD of URLs and repositories, and contexts that are no directory.
load lib/helpers
load lib/servers

@test "ADD of a URL: name, mode and time" {
    mkdir www
    echo hello > www/file.txt
    touch -d @1415613600 www/file.txt
    serve www
    dockerfile <<'EOF'
FROM scratch
ARG URL
ADD $URL/file.txt?x=1 /dir/
ADD --chmod=640 --chown=3:4 $URL/file.txt /named
EOF
    root_tar root.tar --build-arg URL="$URL"
    [ "$(tar -xOf root.tar dir/file.txt)" = hello ]
    [[ "$(TZ=UTC tar --numeric-owner --full-time -tvf root.tar dir/file.txt)" == "-rw------- 0/0 "*"2014-11-10 10:00:00 "* ]]
    [[ "$(tar --numeric-owner -tvf root.tar named)" == "-rw-r----- 3/4 "* ]]
}

@test "a URL that is not there is an error with its status and the line" {
    mkdir www
    serve www
    dockerfile <<'EOF'
FROM scratch
ARG URL
ADD $URL/none /
EOF
    run build --build-arg URL="$URL"
    [ "$status" -ne 0 ]
    [[ "$output" == *404* ]]
    [[ "$output" == *"Dockerfile:3"* ]]
    refute_leftovers
}

@test "ADD --checksum is checked, and an archive is unpacked only if asked" {
    mkdir www
    echo in > member
    tar -czf www/t.tar.gz member
    serve www
    dockerfile <<'EOF'
FROM scratch
ARG URL SUM
ADD --checksum=$SUM $URL/t.tar.gz /packed/
ADD --unpack $URL/t.tar.gz /unpacked/
EOF
    root_tar root.tar --build-arg URL="$URL" --build-arg SUM="sha256:$(sha256sum www/t.tar.gz | cut -d' ' -f1)"
    [[ "$(listing root.tar)" == *packed/t.tar.gz* ]]
    [ "$(tar -xOf root.tar unpacked/member)" = in ]
    run build --build-arg URL="$URL" --build-arg SUM="sha256:$(printf '0%.0s' $(seq 64))"
    [ "$status" -ne 0 ]
    [[ "$output" == *"digest mismatch"* ]]
}

@test "a login for ADD comes from a secret and is never shown" {
    mkdir www
    echo hidden > www/private.txt
    serve www
    dockerfile <<'EOF'
FROM scratch
ARG URL
ADD $URL/private.txt /
EOF
    run build --build-arg URL="$URL"
    [ "$status" -ne 0 ]
    [[ "$output" == *"HTTP_AUTH_TOKEN_127.0.0.1"* ]]
    export TOKEN=t0ken
    run build --build-arg URL="$URL" --secret id=HTTP_AUTH_TOKEN_127.0.0.1,env=TOKEN
    [ "$status" -eq 0 ]
    [[ "$output" != *t0ken* ]]
}

@test "ADD of a repository: branch, tag, commit, subdirectory" {
    repository repos/repo
    serve_git "$WORK/repos"
    dockerfile <<'EOF'
FROM scratch
ARG GIT COMMIT
ADD $GIT/repo /head/
ADD $GIT/repo#v1 /tag/
ADD $GIT/repo#side:docs /docs/
ADD $GIT/repo#$COMMIT /commit/
ADD $GIT/repo?branch=side&subdir=docs /query/
EOF
    umask 077
    root_tar root.tar --build-arg GIT="$GIT_URL" --build-arg COMMIT="$(git -C repos/repo rev-parse 'v1^{commit}')"
    [ "$(tar -xOf root.tar head/a)" = two ]
    [ "$(tar -xOf root.tar tag/a)" = one ]
    [ "$(tar -xOf root.tar commit/a)" = one ]
    [ "$(tar -xOf root.tar docs/b)" = bee ]
    [ "$(tar -xOf root.tar query/b)" = bee ]
    [[ "$(tar -tvf root.tar tag/a)" == -rw-r--r--* ]]
    [[ "$(tar -tvf root.tar tag/run)" == -rwxr-xr-x* ]]
    [[ "$(tar --numeric-owner -tvf root.tar tag/docs/)" == *" 0/0 "* ]]
    [[ "$(listing root.tar)" != *.git* ]]
    refute_leftovers
}

@test "ADD --keep-git-dir keeps a repository that git understands" {
    repository repos/repo
    serve_git "$WORK/repos"
    dockerfile <<'EOF'
FROM scratch
ARG GIT
ADD --keep-git-dir $GIT/repo#v1 /
EOF
    root_tar root.tar --build-arg GIT="$GIT_URL"
    mkdir root
    tar -C root --no-same-owner -xf root.tar
    [ "$(git -C root describe --tags)" = v1 ]
    [ -z "$(git -C root status --porcelain)" ]
    [ "$(git -C root remote get-url origin)" = "$GIT_URL/repo" ]
}

@test "ADD --checksum of a repository is its commit" {
    repository repos/repo
    serve_git "$WORK/repos"
    dockerfile <<'EOF'
FROM scratch
ARG GIT SUM
ADD --checksum=$SUM $GIT/repo#v1 /
EOF
    build --build-arg GIT="$GIT_URL" --build-arg SUM="$(git -C repos/repo rev-parse --short=12 'v1^{commit}')"
    run build --build-arg GIT="$GIT_URL" --build-arg SUM="$(git -C repos/repo rev-parse main)"
    [ "$status" -ne 0 ]
    [[ "$output" == *"checksum mismatch"* ]]
}

@test "a repository on a plain file server, and a ref that is not there" {
    repository www/repo
    git -C www/repo update-server-info
    serve www
    dockerfile <<'EOF'
FROM scratch
ARG GIT REF
ADD $GIT/repo/.git#$REF /
EOF
    root_tar root.tar --build-arg GIT="$URL" --build-arg REF=v1
    [ "$(tar -xOf root.tar a)" = one ]
    run build --build-arg GIT="$URL" --build-arg REF=nothing
    [ "$status" -ne 0 ]
    [[ "$output" == *'does not contain the ref "nothing"'* ]]
}

@test "submodules come along, unless told otherwise" {
    repository repos/inner
    repository repos/repo
    serve_git "$WORK/repos"
    (cd repos/repo && "${GIT[@]}" submodule --quiet add "$GIT_URL/inner" sub && "${GIT[@]}" commit -q -m sub)
    dockerfile <<'EOF'
FROM scratch
ARG GIT
ADD $GIT/repo /with/
ADD $GIT/repo?submodules=false /without/
EOF
    root_tar root.tar --build-arg GIT="$GIT_URL"
    [ "$(tar -xOf root.tar with/sub/docs/b)" = bee ]
    [[ "$(listing root.tar)" != *without/sub/docs* ]]
    [[ "$(listing root.tar)" != *.git$'\n'* ]]
}

@test "without git the error says so" {
    dockerfile <<'EOF'
FROM scratch
ADD git://127.0.0.1:1/repo /
EOF
    run env PATH=/nonexistent "$MICA" build --progress plain --output type=oci,dest="$WORK/out",tar=false "$WORK/context"
    [ "$status" -ne 0 ]
    [[ "$output" == *"need the git program"* ]]
}

@test "a git repository is the context, with its Dockerfile and ignore file" {
    repository repos/repo
    printf 'FROM scratch\nCOPY . /all/\n' > repos/repo/docs/Dockerfile
    printf 'hidden\n' > repos/repo/docs/.dockerignore
    echo secret > repos/repo/docs/hidden
    (cd repos/repo && "${GIT[@]}" add . && GIT_COMMITTER_DATE=@1600000000 "${GIT[@]}" commit -q -m ctx)
    serve_git "$WORK/repos"
    "$MICA" build --progress plain --output type=tar,dest=root.tar --build-arg SOURCE_DATE_EPOCH=context \
        "$GIT_URL/repo#main:docs"
    [ "$(tar -xOf root.tar all/b)" = bee ]
    [[ "$(listing root.tar)" != *hidden* ]]
    [[ "$(TZ=UTC tar --full-time -tvf root.tar all/b)" == *"2020-09-13 12:26:40"* ]]
    refute_leftovers
}

@test "an archive is the context: on standard input, of a file, and over HTTP" {
    mkdir -p ctx www
    printf 'FROM scratch\nCOPY f /f\n' > ctx/My.Dockerfile
    echo data > ctx/f
    tar -C ctx -cJf www/ctx.tar.xz .
    serve www
    local place
    for place in - "tar://$WORK/www/ctx.tar.xz" "$URL/ctx.tar.xz"; do
        rm -f root.tar
        "$MICA" build --progress plain -f My.Dockerfile --output type=tar,dest=root.tar "$place" < www/ctx.tar.xz
        [ "$(tar -xOf root.tar f)" = data ]
    done
}

@test "a Dockerfile alone is the context: on standard input and over HTTP" {
    mkdir www
    printf 'FROM scratch\nCOPY <<EOF /f\ndata\nEOF\n' > www/some.Dockerfile
    serve www
    "$MICA" build --progress plain --output type=tar,dest=one.tar - < www/some.Dockerfile
    [ "$(tar -xOf one.tar f)" = data ]
    "$MICA" build --progress plain --output type=tar,dest=two.tar "$URL/some.Dockerfile"
    [ "$(tar -xOf two.tar f)" = data ]
    "$MICA" build --progress plain --output type=tar,dest=three.tar -f "$URL/some.Dockerfile" "$WORK/context"
    [ "$(tar -xOf three.tar f)" = data ]
}

@test "a named context is a repository or a file" {
    repository repos/repo
    serve_git "$WORK/repos"
    mkdir www
    echo hello > www/file.txt
    serve www
    dockerfile <<'EOF'
FROM scratch
COPY --from=repo a /a
COPY --from=file context /b
EOF
    root_tar root.tar --build-context repo="$GIT_URL/repo#v1" --build-context file="$URL/file.txt"
    [ "$(tar -xOf root.tar a)" = one ]
    [ "$(tar -xOf root.tar b)" = hello ]
}

@test "under SOURCE_DATE_EPOCH the times of a directory's files mean nothing" {
    echo x > context/f
    dockerfile <<'EOF'
FROM scratch
COPY f /
EOF
    touch -d @1600000000 context/f
    "$MICA" build --progress quiet --build-arg SOURCE_DATE_EPOCH=1700000000 --iidfile one --no-cache context
    touch -d @1600001111 context/f
    "$MICA" build --progress quiet --build-arg SOURCE_DATE_EPOCH=1700000000 --iidfile two --no-cache context
    [ "$(cat one)" = "$(cat two)" ]
}

@test "docker-image://scratch stands for no image" {
    echo x > context/f
    dockerfile <<'EOF'
FROM base
COPY f /
EOF
    root_tar root.tar --build-context base=docker-image://scratch
    [ "$(listing root.tar | tr '\n' ' ')" = "f " ]
}
