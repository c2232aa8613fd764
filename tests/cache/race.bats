#!/usr/bin/env bats
# Several builds at one time: in one state directory, and into one shared cache.
load ../functional/lib/helpers

# Times of files are clamped, so that machines which do the same step at different times make the same
# layer; else what stands on that layer is found only from the second build on.
export SOURCE_DATE_EPOCH=1700000000

# context_of N: a context of its own, with one step that all have and one of its own.
context_of() {
    mkdir -p "$WORK/context-$1"
    printf 'FROM busybox\nRUN echo common > /common\nRUN echo %s > /own && sleep 0.2\n' "$1" > "$WORK/context-$1/Dockerfile"
}

# one N STATE [options]
one() {
    local number="$1" state="$2"
    shift 2
    "$MICA" build --progress plain --build-context busybox="oci-layout://$BASES/busybox" --state "$WORK/$state" \
        --output "type=oci,dest=$WORK/out-$number.tar" "$@" "$WORK/context-$number" > "$WORK/log-$number" 2>&1
}

all_of() {
    local number pids=() pid
    for number in 1 2 3 4 5 6 7 8; do
        "$@" "$number" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || { cat "$WORK"/log-*; return 1; }; done
}

in_one_state() { one "$1" state; }
into_one_cache() { one "$1" "state-$1" --cache-from "$REGISTRY/race/app:cache" --cache-to "$REGISTRY/race/app:cache"; }
from_that_cache() { one "$1" "fresh-$1" --cache-from "$REGISTRY/race/app:cache"; }
prune_meanwhile() { "$MICA" prune --state "$WORK/state" > /dev/null; }

@test "eight builds share a state directory" {
    local number
    for number in 1 2 3 4 5 6 7 8; do context_of $number; done
    all_of in_one_state
    all_of in_one_state
    for number in 1 2 3 4 5 6 7 8; do [ "$(grep -c CACHED "$WORK/log-$number")" -eq 2 ]; done
}

@test "pruning while eight builds run takes nothing from them" {
    local number pid
    for number in 1 2 3 4 5 6 7 8; do context_of $number; done
    (while sleep 0.1; do prune_meanwhile; done) &
    pid=$!
    all_of in_one_state || { kill $pid; return 1; }
    all_of in_one_state || { kill $pid; return 1; }
    kill $pid
}

@test "eight machines that export at the same time all get into the cache" {
    local number
    for number in 1 2 3 4 5 6 7 8; do context_of $number; done
    all_of into_one_cache
    ! grep -h warning "$WORK"/log-*
    all_of from_that_cache
    for number in 1 2 3 4 5 6 7 8; do [ "$(grep -c CACHED "$WORK/log-$number")" -eq 2 ]; done
}

@test "a build that is killed while it exports leaves the cache as it was" {
    local number
    for number in 1 2; do context_of $number; done
    one 1 state-1 --cache-to "$REGISTRY/race/kill:cache"
    local before delay
    before="$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/race/kill:cache")"
    one 2 state-2
    for delay in 0.05 0.1 0.2 0.3; do
        one 2 state-2 --cache-to "$REGISTRY/race/kill:cache" &
        number=$!
        sleep $delay
        kill -9 $number 2> /dev/null || true
        wait $number || true
        skopeo copy --src-tls-verify=false "docker://$REGISTRY/race/kill:cache" "oci:$WORK/copy-$delay:1"
    done
    [ -n "$before" ]
    one 1 fresh --cache-from "$REGISTRY/race/kill:cache"
    [ "$(grep -c CACHED "$WORK/log-1")" -eq 2 ]
}
