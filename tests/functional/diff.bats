#!/usr/bin/env bats
# mica diff: real images from real tools, one fact a test.
load lib/helpers

# two LEFT RIGHT: builds the same Dockerfile with two values of ARG X, into layouts left and right.
two() {
    build --no-cache --build-arg X="$1" --output "type=oci,dest=$WORK/left,tar=false"
    build --no-cache --build-arg X="$2" --output "type=oci,dest=$WORK/right,tar=false"
}

@test "images that are the same give status 0 and no word" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    build --build-arg SOURCE_DATE_EPOCH=1 -t example.test/a:1
    run "$MICA" diff "oci-layout://$WORK/out" "$WORK/out"
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "a changed file is shown with its layer, its instruction, a diff and a cause" {
    dockerfile <<'DOCKERFILE'
FROM busybox
RUN echo same > /same
ARG X
RUN echo "id $X" > /id && chmod 600 /id
DOCKERFILE
    two 0f3c9aa1 91bbd2e0
    run "$MICA" diff "$WORK/left" "$WORK/right"
    [ "$status" -eq 1 ]
    [[ "$output" == *"layer 3: RUN"*'chmod 600 /id'* ]]
    [[ "$output" == *"-id 0f3c9aa1"* ]]
    [[ "$output" == *"+id 91bbd2e0"* ]]
    [[ "$output" == *"[random]"* ]]
}

@test "registry, layout, OCI archive and docker archive are the same image" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    local name="$REGISTRY/diff/places:1"
    build --build-arg SOURCE_DATE_EPOCH=1 -t "$name" --push --output "type=oci,dest=$WORK/oci.tar" \
        --output "type=docker,dest=$WORK/docker.tar"
    "$MICA" diff "$name" "oci-layout://$WORK/out"
    "$MICA" diff "$name" "oci-archive://$WORK/oci.tar"
    run "$MICA" diff "docker-archive://$WORK/docker.tar" "$name"
    [[ "$output" != *"configuration"* ]]
    [[ "$output" != *"    /x"* ]]
}

@test "an archive that skopeo wrote has the same files" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    build --build-arg SOURCE_DATE_EPOCH=1 -t example.test/a:1
    skopeo copy -q "oci:$WORK/out:1" "docker-archive:$WORK/skopeo.tar:example.test/a:1"
    run "$MICA" diff --format json "docker-archive://$WORK/skopeo.tar" "$WORK/out"
    [ "$(jq '[.images[].layers[]] | length' <<< "$output")" -eq 0 ]
}

@test "JSON names every difference" {
    dockerfile <<'DOCKERFILE'
FROM busybox
ARG X
ENV NAME=$X
RUN mkdir /d && echo x > /d/f && if [ "$X" = b ]; then chmod 664 /d/f; chown 5:6 /d; ln -s f /d/l; fi
DOCKERFILE
    two a b
    run "$MICA" diff --format json "$WORK/left" "$WORK/right"
    [ "$status" -eq 1 ]
    [ "$(jq -r '.images[0].config[] | select(.name == "config.Env.NAME") | .left + .right' <<< "$output")" = ab ]
    [ "$(jq -r '.images[0].layers[0].files[] | select(.path == "/d/f") | .cause.code' <<< "$output")" = umask ]
    [ "$(jq -r '.images[0].layers[0].files[] | select(.path == "/d") | .cause.code' <<< "$output")" = owner ]
    [ "$(jq -r '.images[0].layers[0].files[] | select(.path == "/d/l") | .cause.code' <<< "$output")" = one-side ]
}

@test "the page is one file that asks nobody for anything" {
    dockerfile <<< $'FROM busybox\nARG X\nRUN echo "<$X>" > /x'
    two a b
    run "$MICA" diff --format html -o page.html "$WORK/left" "$WORK/right"
    [ "$status" -eq 1 ]
    [ -z "$output" ]
    grep -q '&lt;a&gt;' page.html
    ! grep -qE '(src|href)=|url\(|<script' page.html
}

@test "trouble has a status of its own" {
    run "$MICA" diff "oci-layout://$WORK/nothing" "oci-layout://$WORK/nothing"
    [ "$status" -eq 2 ]
    [[ "$output" == *"nothing"* ]]
    run "$MICA" diff one
    [ "$status" -eq 2 ]
}

@test "equal layers are not read: a damaged one does not matter" {
    dockerfile <<< $'FROM busybox\nARG X\nLABEL x=$X'
    two a b
    local blob
    blob="$(skopeo inspect --raw "oci:$WORK/left" | jq -r '.layers[0].digest' | cut -d: -f2)"
    echo damaged > "$WORK/left/blobs/sha256/$blob"
    run "$MICA" diff "$WORK/left" "$WORK/right"
    [ "$status" -eq 1 ]
    [[ "$output" == *"config.Labels.x: a → b"* ]]
}
