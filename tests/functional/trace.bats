#!/usr/bin/env bats
# --trace writes the build's timeline.
load lib/helpers

@test "the timeline has every step, and is JSON" {
    dockerfile <<'EOF'
FROM busybox
RUN true
EOF
    build --state "$WORK/state" --trace "$WORK/trace.json" -t example.test/traced:1
    jq -e 'any(.[]; .cat == "step" and .ph == "X" and (.name | endswith("RUN true")) and .args.result == "done")' \
        "$WORK/trace.json"
}

@test "a trace file that cannot be made fails before the build" {
    dockerfile <<'EOF'
FROM busybox
EOF
    run build --trace "$WORK/missing/trace.json" -t example.test/traced:1
    [ "$status" -ne 0 ]
    [[ "$output" == *"make the trace file"* ]]
}
