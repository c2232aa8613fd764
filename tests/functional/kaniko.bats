#!/usr/bin/env bats
# mica under the name of Kaniko's executor: outputs, files, statuses.
load lib/helpers

executor() {
    ln -sf "$MICA" "$WORK/executor"
    "$WORK/executor" "$@"
}

simple() {
    echo hello > context/a
    printf 'FROM scratch\nCOPY a /\n' | dockerfile
}

@test "an image is pushed under each name, and the files tell its digest" {
    simple
    run executor -c context -d "$REGISTRY/k/a:1" -d "$REGISTRY/k/a:2" --digest-file out/digest \
        --image-name-with-digest-file=names --image-name-tag-with-digest-file tagged --tarPath=image.tar
    echo "$output"
    [ "$status" -eq 0 ]
    local digest
    digest="$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/k/a:2")"
    [ "$(cat out/digest)" = "$digest" ]
    [ "$(wc -c < out/digest)" -eq 71 ]
    [ "$(sort -u names)" = "$REGISTRY/k/a@$digest" ]
    [ "$(cat tagged)" = "$REGISTRY/k/a:1@$digest"$'\n'"$REGISTRY/k/a:2@$digest" ]
    [[ "$output" == *"Pushing image to $REGISTRY/k/a:1"* ]]
    [[ "$output" == *"Pushed $REGISTRY/k/a@$digest"* ]]
    skopeo inspect docker-archive:image.tar > /dev/null
}

@test "nothing is pushed or kept with --no-push" {
    simple
    KANIKO_NO_PUSH=true executor -c "dir://$WORK/context" -d "$REGISTRY/k/none:1" --digest-file digest
    [ -s digest ]
    run skopeo inspect --tls-verify=false "docker://$REGISTRY/k/none:1"
    [ "$status" -ne 0 ]
}

@test "the same digest twice with --reproducible" {
    simple
    executor -c context --no-push --reproducible --digest-file one
    touch context/a
    executor -c context --no-push --reproducible --digest-file two
    cmp one two
}

@test "a wrong command line is status 1, and said" {
    simple
    run executor -c context
    [ "$status" -eq 1 ]
    [[ "$output" == *"there is no --destination"* ]]
    run executor -c context --no-push --destinatoin=x
    [ "$status" -eq 1 ]
    [[ "$output" == *"did you mean --destination?"* ]]
    run "$MICA" executor --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"--snapshot-mode"* ]]
}

@test "a failed build says so as Kaniko does" {
    printf 'FROM scratch\nCOPY none /\n' | dockerfile
    run executor -c context --no-push
    [ "$status" -eq 1 ]
    [[ "$output" == *"error building image: "* ]]
}

@test "the value of a build argument is not in the log" {
    printf 'FROM scratch\nARG TOKEN\nLABEL x=y\n' | dockerfile
    run env TOKEN=hushhush "$MICA" executor -c context --no-push --build-arg TOKEN
    [ "$status" -eq 0 ]
    [[ "$output" != *hushhush* ]]
}

@test "a login is written where it is looked for" {
    export DOCKER_CONFIG="$WORK/docker"
    echo secret | "$MICA" executor login registry.example -u me --password-stdin
    [ "$(jq -r '.auths["registry.example"].auth' docker/config.json | base64 -d)" = me:secret ]
    [ "$(stat -c %a docker/config.json)" = 600 ]
}

@test "a log for programs, and one for people with the time" {
    simple
    executor -c context --no-push --log-format json 2> log
    jq -e . log > /dev/null
    executor -c context --no-push -v error 2> log
    [ ! -s log ]
    executor -c context --no-push --log-timestamp 2> log
    ! grep -vE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z ' log
}

# layers of an image in a docker archive, as one listing
archive_files() {
    local layer
    rm -rf unpacked
    mkdir unpacked
    tar -C unpacked -xf "$1"
    for layer in $(jq -r '.[0].Layers[]' unpacked/manifest.json); do tar -tf "unpacked/$layer"; done
}

busybox_in_registry() {
    skopeo copy --quiet --dest-tls-verify=false "oci:$BASES/busybox" "docker://$REGISTRY/busybox:latest"
}

@test "the cache of a repository serves a machine that has none" {
    busybox_in_registry
    printf 'FROM %s/busybox\nCOPY a /\nRUN cat /a > /b\n' "$REGISTRY" | dockerfile
    echo hello > context/a
    MICA_STATE="$WORK/one" executor --cache -c context -d "$REGISTRY/kc/app:1"
    touch -d 2001-01-01 context/a
    MICA_STATE="$WORK/two" run executor --cache=true -c context -d "$REGISTRY/kc/app:2"
    echo "$output"
    [[ "$output" == *"Using caching version of cmd: COPY"* && "$output" == *"Using caching version of cmd: RUN"* ]]
    MICA_STATE="$WORK/three" run executor --cache --cache-run-layers=false -c context -d "$REGISTRY/kc/app:2"
    [[ "$output" == *"Using caching version of cmd: COPY"* && "$output" == *"No cached layer found for cmd RUN"* ]]
    skopeo inspect --tls-verify=false "docker://$REGISTRY/kc/app/cache:mica" > /dev/null
}

@test "what is older than its time to live is built anew, also where the image's time is fixed" {
    busybox_in_registry
    printf 'FROM %s/busybox\nRUN echo x > /x\n' "$REGISTRY" | dockerfile
    local cache=(--cache --cache-repo="oci:$WORK/cache" --reproducible -c context --no-push)
    executor "${cache[@]}"
    MICA_STATE="$WORK/two" run executor "${cache[@]}"
    [[ "$output" == *"Using caching version of cmd: RUN"* ]]
    run executor "${cache[@]}" --cache-ttl=0s
    [[ "$output" == *"No cached layer found for cmd RUN"* ]]
}

@test "archives are contexts, compressed or not, from a file or standard input" {
    mkdir -p context/sub
    echo b > context/sub/b
    printf 'FROM scratch\nCOPY b /\n' > context/sub/Dockerfile
    tar -C context -cf plain.tar .
    tar -C context -czf packed.tar.gz .
    executor -c "tar://$WORK/plain.tar" --context-sub-path sub --no-push --tar-path image.tar
    [ "$(archive_files image.tar)" = b ]
    executor -c tar://packed.tar.gz --context-sub-path=/sub/ --no-push --tar-path image.tar
    executor -c tar://stdin --context-sub-path sub --no-push --tar-path image.tar < packed.tar.gz
    [ "$(archive_files image.tar)" = b ]
    # A Dockerfile of the host goes before one of the context.
    printf 'FROM scratch\nCOPY sub/b /c\n' > Dockerfile
    executor -c tar://packed.tar.gz --no-push --tar-path image.tar
    [ "$(archive_files image.tar)" = c ]
}

@test "a repository is a context, with a directory, a branch and history" {
    mkdir -p repo/sub
    printf 'FROM scratch\nCOPY . /\n' > repo/sub/Dockerfile
    (
        cd repo
        git init -q -b main
        git add .
        git -c user.name=t -c user.email=t@example.test commit -q -m one
        git branch side
        git update-server-info
    )
    python3 "$LIB/file_server.py" . > port 2> server.log 3>&- &
    local server=$!
    for _ in $(seq 100); do [ -s port ] || sleep 0.1; done
    local from="git://127.0.0.1:$(cat port)/repo/.git"
    export GIT_PULL_METHOD=http
    executor -c "$from" --context-sub-path sub --no-push --tar-path image.tar
    [ "$(archive_files image.tar)" = Dockerfile ]
    executor -c "$from#refs/heads/side" --context-sub-path sub --no-push
    run executor -c "$from" --git branch=none --no-push
    [ "$status" -eq 1 ]
    printf 'FROM scratch\nCOPY . /\n' > Dockerfile
    executor -c "$from#main" --git depth=0 --no-push --tar-path image.tar
    kill "$server"
    archive_files image.tar | grep -q '^.git/HEAD$'
}

@test "an image of Docker Hub comes from a mirror that is named" {
    busybox_in_registry
    printf 'FROM busybox\nLABEL a=b\n' | dockerfile
    skopeo copy --quiet --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/busybox:latest" \
        "docker://$REGISTRY/hub/library/busybox:latest"
    executor -c context --no-push --registry-mirror="$REGISTRY/hub" --skip-default-registry-fallback
    KANIKO_REGISTRY_MAP="index.docker.io=$REGISTRY/hub" executor -c context --no-push --skip-default-registry-fallback
}

@test "a plan is shown, and nothing is built" {
    printf 'FROM scratch AS one\nCOPY a /\nFROM nothing.example/x\nRUN y\n' | dockerfile
    executor -c context -d "$REGISTRY/k/plan:1" --target one --dryrun > plan
    grep -q '^FROM scratch AS one$' plan
    grep -q '^    COPY a /$' plan
    run skopeo inspect --tls-verify=false "docker://$REGISTRY/k/plan:1"
    [ "$status" -ne 0 ]
    simple
    [[ "$(KANIKO_PRINT_PLAN=1 executor -c context --no-push 2> /dev/null)" == *"COPY a /"* ]]
}

@test "that an image cannot be pushed is said before the build, unless it is not to be asked" {
    simple
    python3 - > port 3>&- << 'END' &
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.send_response(200 if self.path == "/v2/" else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_GET = do_HEAD = do_POST = do_PUT = answer
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
END
    local server=$!
    for _ in $(seq 100); do [ -s port ] || sleep 0.1; done
    run executor -c context -d "127.0.0.1:$(cat port)/a:1"
    [[ "$status" -eq 1 && "$output" == *"error checking push permissions: "* && "$output" != *"COPY a /"* ]]
    run executor -c context -d "127.0.0.1:$(cat port)/a:1" --skip-push-permission-check
    kill "$server"
    echo "$output"
    [[ "$status" -eq 1 && "$output" == *"error building image: "* && "$output" == *"COPY a /"* ]]
}

@test "what the warmer fetched serves executors" {
    busybox_in_registry
    ln -s "$MICA" warmer
    printf 'FROM %s/busybox AS one\nFROM scratch\nCOPY a /\n' "$REGISTRY" | dockerfile
    run ./warmer --cache-dir cache --image "$REGISTRY/none" --dockerfile context/Dockerfile
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"none is not warmed"* ]]
    # Only the warmed directory has the base's layer now, so that a build without it must fetch it.
    printf 'FROM %s/busybox\nRUN true\n' "$REGISTRY" | dockerfile
    MICA_STATE="$WORK/fresh" executor -c context --no-push --cache --cache-dir cache
    [ "$(find fresh/images -type f -size +500k | wc -l)" -eq 0 ]
    run ./warmer --cache-dir cache --image "$REGISTRY/none"
    [ "$status" -eq 1 ]
    run ./warmer
    [ "$status" -eq 1 ]
}

@test "an image in a layout is pushed later" {
    simple
    executor -c context --no-push --oci-layout-path layout --digest-file digest
    run executor push layout -d "$REGISTRY/k/later:1" -d "$REGISTRY/k/later:2"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"Pushed $REGISTRY/k/later@$(cat digest)"* ]]
    [ "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/k/later:2")" = "$(cat digest)" ]
    run executor push layout
    [ "$status" -eq 1 ]
}

@test "an insecure registry is spoken to as it answers" {
    simple
    executor -c context -d "$REGISTRY/k/insecure:1" --insecure --skip-tls-verify --insecure-pull
}

@test "a tree of images is built in its order, and latest never goes back" {
    mkdir -p images/base images/app
    printf 'FROM scratch\nCOPY Dockerfile /base\n' > images/base/Dockerfile
    printf 'ARG REGISTRY\nARG TAG\nFROM ${REGISTRY}/base:${TAG}\nLABEL app=1\n' > images/app/Dockerfile
    pipeline() {
        env CI_COMMIT_SHA="$1" CI_COMMIT_TIMESTAMP="$2" CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main \
            CI_COMMIT_REF_SLUG=main "$MICA" build-all images --registry "$REGISTRY/tree" --push
    }
    digest() { skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/tree/$1"; }
    pipeline new 2026-02-02T00:00:00Z
    [ "$(digest app:latest)" = "$(digest app:new)" ]
    run pipeline old 2026-01-01T00:00:00Z
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(digest app:latest)" = "$(digest app:new)" ]
    [ "$(digest app:main)" = "$(digest app:old)" ]
    [[ "$output" == *"app:latest is not moved"* ]]
}
