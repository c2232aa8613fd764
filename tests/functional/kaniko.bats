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
