#!/usr/bin/env bats
# mica push, pull, copy, inspect, tag, index create.
load lib/helpers

setup_registry() {
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
}

@test "inspect shows digest, platform and layers" {
    setup_registry
    mica inspect "$DOCKER_REGISTRY/app:1" > out.json 2> /dev/null
    [ "$(jq -r .Digest out.json)" = "$IMAGE_DIGEST" ]
    [ "$(jq -r .Platform out.json)" = linux/amd64 ]
    [ "$(jq '.Layers | length' out.json)" = 4 ]
    [ "$(jq -r .Labels.seed out.json)" = 1 ]
}

@test "inspect --raw writes the manifest's bytes" {
    setup_registry
    [ "sha256:$("$MICA" inspect --raw "$DOCKER_REGISTRY/app:1" 2> /dev/null | sha256sum | cut -d' ' -f1)" = "$IMAGE_DIGEST" ]
}

@test "an image that is not there is an error" {
    setup_registry
    run mica inspect "$DOCKER_REGISTRY/app:2"
    [ "$status" -ne 0 ]
    [[ "$output" == *"there is no image"* ]]
}

@test "pull keeps the image where FROM finds it" {
    setup_registry
    mica pull --platform linux/amd64 "$DOCKER_REGISTRY/app:1"
    port="${DOCKER_REGISTRY##*:}"
    [ -n "$port" ]
    [ "$(jq -r '.manifests[0].digest' "$MICA_STATE/oci/index.json")" = "$IMAGE_DIGEST" ]
}

@test "tag puts the same manifest under more names" {
    setup_registry
    mica tag "$DOCKER_REGISTRY/app:1" latest "$DOCKER_REGISTRY/other/place:2"
    for name in app:latest other/place:2; do
        [ "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$DOCKER_REGISTRY/$name")" = "$IMAGE_DIGEST" ]
    done
}

@test "tag does not lead to another registry" {
    setup_registry
    run mica tag "$DOCKER_REGISTRY/app:1" registry.invalid/app:1
    [ "$status" -eq 2 ]
    [[ "$output" == *"mica copy"* ]]
}

@test "index create joins platforms, copy copies all of them, inspect lists them" {
    setup_registry
    make_image arm 7 1000 > /dev/null
    python3 - arm <<'PY'
import hashlib, json, sys
root = sys.argv[1]
index = json.load(open(f"{root}/index.json"))
def put(value):
    data = json.dumps(value).encode()
    digest = hashlib.sha256(data).hexdigest()
    open(f"{root}/blobs/sha256/{digest}", "wb").write(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}
path = lambda d: f"{root}/blobs/sha256/" + d["digest"].split(":")[1]
manifest = json.load(open(path(index["manifests"][0])))
config = json.load(open(path(manifest["config"])))
config["architecture"] = "arm64"
manifest["config"].update(put(config))
index["manifests"][0].update(put(manifest))
json.dump(index, open(f"{root}/index.json", "w"))
PY
    "$MICA" index create "$DOCKER_REGISTRY/joined:1" "$DOCKER_REGISTRY/app:1" "oci-layout://$WORK/arm"
    "$MICA" inspect "$DOCKER_REGISTRY/joined:1" 2> /dev/null > out.json
    [ "$(jq -r '[.Manifests[].Platform] | join(",")' out.json)" = linux/amd64,linux/arm64 ]
    skopeo inspect --tls-verify=false --override-arch arm64 "docker://$DOCKER_REGISTRY/joined:1" > /dev/null
    mica copy "$DOCKER_REGISTRY/joined:1" "$DOCKER_REGISTRY/copied:1"
    [ "$("$MICA" inspect "$DOCKER_REGISTRY/copied:1" 2> /dev/null | jq -r .Digest)" = "$(jq -r .Digest out.json)" ]
    mica copy --platform linux/arm64 "$DOCKER_REGISTRY/joined:1" "oci-layout://$WORK/one:1"
    [ "$("$MICA" inspect "oci-layout://$WORK/one:1" 2> /dev/null | jq -r .Platform)" = linux/arm64 ]
}

@test "copy writes an archive for docker load" {
    setup_registry
    mica copy --platform linux/amd64 "$DOCKER_REGISTRY/app:1" "docker-archive://$WORK/app.tar"
    tar -xOf app.tar manifest.json | jq -e '.[0].Layers | length == 4'
    skopeo inspect "docker-archive:$WORK/app.tar" > /dev/null
}

@test "a damaged blob of a layout is not pushed" {
    start_docker_registry ''
    cp -r "$IMAGE" broken
    blob="$(find broken/blobs/sha256 -size +20M | head -n 1)"
    printf x | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
    run mica push --push-retry 1 broken "$DOCKER_REGISTRY/app:1"
    [ "$status" -ne 0 ]
    run skopeo inspect --tls-verify=false "docker://$DOCKER_REGISTRY/app:1"
    [ "$status" -ne 0 ]
}

@test "every command has help" {
    for command in push pull copy inspect tag "index create" login logout; do
        # shellcheck disable=SC2086 # two words
        "$MICA" $command --help | grep -q '^Usage: mica'
    done
}

@test "what docker save writes is pushed, with its layers compressed, and inspected" {
    start_docker_registry ''
    skopeo copy -q "oci:$IMAGE" "docker-archive:$WORK/saved.tar:app:1"
    config="$(tar -xOf saved.tar manifest.json | jq -r '.[0].Config')"
    mica inspect docker-archive://saved.tar > plain.json 2> /dev/null
    [ "$(jq -r '.Layers | length' plain.json)" = 4 ]
    mica push saved.tar "$DOCKER_REGISTRY/app:saved"
    "$MICA" inspect --raw "$DOCKER_REGISTRY/app:saved" > raw.json 2> /dev/null
    [ "$(jq -r .config.digest raw.json)" = "sha256:${config%.json}" ]
    [ "$(jq -r '[.layers[].mediaType] | unique[]' raw.json)" = application/vnd.docker.image.rootfs.diff.tar.gzip ]
    skopeo copy -q --src-tls-verify=false "docker://$DOCKER_REGISTRY/app:saved" "oci:$WORK/out:1"
    # The same image again has the same digest.
    mica copy docker-archive://saved.tar "$DOCKER_REGISTRY/app:again"
    cmp raw.json <("$MICA" inspect --raw "$DOCKER_REGISTRY/app:again" 2> /dev/null)
}

@test "one image of several in an archive is named" {
    start_docker_registry ''
    make_image other 5 1000 > /dev/null
    skopeo copy -q "oci:$IMAGE" "docker-archive:$WORK/one.tar:app:1"
    skopeo copy -q oci:other "docker-archive:$WORK/two.tar:app:2"
    python3 - one.tar two.tar both.tar <<'PY'
import io, json, sys, tarfile
entries, seen = [], set()
with tarfile.open(sys.argv[3], "w") as out:
    for name in sys.argv[1:3]:
        with tarfile.open(name) as tar:
            for member in tar:
                if member.name == "manifest.json":
                    entries += json.load(tar.extractfile(member))
                elif member.name not in seen and member.name != "repositories":
                    seen.add(member.name)
                    out.addfile(member, tar.extractfile(member) if member.isfile() else None)
    text = json.dumps(entries).encode()
    info = tarfile.TarInfo("manifest.json")
    info.size = len(text)
    out.addfile(info, io.BytesIO(text))
PY
    run mica push both.tar "$DOCKER_REGISTRY/app:x"
    [ "$status" -ne 0 ]
    [[ "$output" == *"2 images"* ]]
    mica push both.tar:2 "$DOCKER_REGISTRY/app:2"
    [ "$(mica inspect "$DOCKER_REGISTRY/app:2" 2> /dev/null | jq '.Layers | length')" = 1 ]
}

@test "an archive that mica wrote keeps the digest of its image" {
    setup_registry
    mica copy --platform linux/amd64 "$DOCKER_REGISTRY/app:1" docker-archive://app.tar
    mica push app.tar "$DOCKER_REGISTRY/app:back"
    [ "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$DOCKER_REGISTRY/app:back")" = "$IMAGE_DIGEST" ]
}
