#!/usr/bin/env bats
# Two images with a difference of each kind, made by real tools; mica diff must name every one.
load ../functional/lib/helpers

side() {
    cp context/Dockerfile "$1/"
    "$MICA" build --progress quiet --timestamp 1700000000 --no-cache --build-arg "SIDE=$1" \
        --build-context busybox="oci-layout://$BASES/busybox" --output "type=oci,dest=$WORK/image-$1,tar=false" "$1"
}

both() {
    python3 "$BATS_TEST_DIRNAME/planted.py" "$WORK"
    dockerfile <<'DOCKERFILE'
FROM busybox
ARG SIDE
LABEL team=$SIDE org.opencontainers.image.revision=$SIDE
ENV SIDE_OF=$SIDE
COPY . /
RUN mkdir /made && cd /made && touch owner kind && \
    case $SIDE in left) ln -s a link; mkfifo fifo;; right) ln -s b link; chown 5 owner; rm kind; mkdir kind fifo; touch only;; esac
DOCKERFILE
    side left
    side right
    run "$MICA" diff --format json "$WORK/image-left" "$WORK/image-right"
    [ "$status" -eq 1 ]
    jq -r '.images[0].layers[].files[] | [(.path | ltrimstr("/")), .cause.code] | @tsv' <<< "$output" | sort > found.tsv
}

@test "each planted difference is found, named, and nothing else" {
    both
    # --timestamp gives all files one time, so none differs in it.
    grep -v 'file-time' causes.tsv | sort > wanted.tsv
    diff wanted.tsv found.tsv
    [ "$(wc -l < wanted.tsv)" -ge 30 ]
    jq -e '[.images[0].config[].cause.code] | contains(["environment", "revision", "label"])' <<< "$output"
}

@test "each difference stands under the instruction that made it" {
    both
    jq -e '[.images[0].layers[].created_by | test("^(COPY|RUN) ")] == [true, true]' <<< "$output"
}
