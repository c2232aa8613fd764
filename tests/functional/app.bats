#!/usr/bin/env bats
# The application of testdata/app: a multi-stage Debian build, read back by others.
load lib/helpers

app() {
    "$MICA" build --progress plain \
        --build-context debian-build="oci-layout://$BASES/debian-build" \
        --build-context debian-slim="oci-layout://$BASES/debian-slim" \
        --build-arg VERSION=1.2.3 "$@" "$SOURCE_ROOT/testdata/app"
}

@test "the application builds, is pushed, and every reader agrees on its tree" {
    app --push -t "$REGISTRY/app:latest" -t "$REGISTRY/app:v1" --output type=tar,dest="$WORK/root.tar"
    skopeo inspect --tls-verify=false "docker://$REGISTRY/app:v1" > inspect.json
    skopeo copy -q --src-tls-verify=false "docker://$REGISTRY/app:latest" "oci:$WORK/copy:latest"
    umoci unpack --image "$WORK/copy:latest" "$WORK/bundle"
    python3 "$LIB/compare_tree.py" "$WORK/bundle/rootfs" "$WORK/root.tar"
    # and it runs, as the user and with the command of the image
    run runc_bundle "$WORK/bundle"
    [ "$status" -eq 0 ]
    [[ "$output" == *"2 lines, 5 words"* ]]
}

@test "only the stages that the target needs are resolved and built" {
    run app --target build --output type=oci,dest="$WORK/out",tar=false
    [ "$status" -eq 0 ]
    [[ "$output" != *"registry.invalid"* ]]
    [[ "$output" != *"debian-slim"* ]]
}

@test "the config says what the Dockerfile says" {
    app --output type=oci,dest="$WORK/out",tar=false
    config_of "$WORK/out" > config.json
    [ "$(jq -r .config.User config.json)" = tally ]
    [ "$(jq -r .config.WorkingDir config.json)" = /home/tally/work ]
    [ "$(jq -c .config.Entrypoint config.json)" = '["tally"]' ]
    [ "$(jq -r '.config.Env[]' config.json | grep TALLY_VERSION)" = TALLY_VERSION=1.2.3 ]
    [ "$(jq -c '.config.ExposedPorts' config.json)" = '{"8080/tcp":{}}' ]
    [ "$(jq '[.history[] | select(.empty_layer != true)] | length' config.json)" = "$(jq '.rootfs.diff_ids | length' config.json)" ]
}

# Runs the bundle's own process without a terminal; runc or crun, whichever works here.
runc_bundle() {
    jq '.process.terminal = false' "$1/config.json" > "$1/config.new" && mv "$1/config.new" "$1/config.json"
    runc run -b "$1" "mica-test-$$" < /dev/null || crun run -b "$1" "mica-test-$$" < /dev/null
}
