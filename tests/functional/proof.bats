#!/usr/bin/env bats
# Builds that repeat themselves, provenance, bills of software, verification, locks: on a busybox base.
load lib/helpers
load lib/servers

digest_of() { jq -r '.manifests[0].digest' "$1/index.json"; }

# repeated [options]: builds into out, again in other surroundings without a cache, and compares.
repeated() {
    build "$@" -t example.test/r:1
    find "$WORK/context" -exec touch -d '2001-02-03' {} +
    (umask 077; export TZ=Asia/Tokyo LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 HOME=/nonexistent
     MICA_STATE="$WORK/other-state" build "$@" --jobs 1 -t example.test/r:1 --output "type=oci,dest=$WORK/again,tar=false")
    [ "$(digest_of "$WORK/out")" = "$(digest_of "$WORK/again")" ] || { "$MICA" diff "$WORK/out" "$WORK/again"; return 1; }
}

stages() {
    mkdir -p context/dir/sub
    echo 1 > context/dir/a
    echo 2 > context/dir/sub/b
    dockerfile <<'DOCKERFILE'
FROM busybox AS one
WORKDIR /made/here
COPY dir /copied
RUN echo x > /x && mkdir -p /y/z && stat -c "%n %Y %a" /copied/* > /listing && tar cf /y/all.tar /copied
FROM busybox
RUN echo first > /first
RUN stat -c %Y /first > /time-of-first
COPY --from=one /x /listing /y /from-one/
LABEL a=b
DOCKERFILE
}

@test "with SOURCE_DATE_EPOCH a build gives the same digest elsewhere and later" {
    stages
    repeated --build-arg SOURCE_DATE_EPOCH=1700000000
}

@test "with --reproducible it is the epoch 0, and RUN sees it" {
    stages
    echo 'RUN echo "$SOURCE_DATE_EPOCH" > /epoch' >> context/Dockerfile
    repeated --reproducible
    config_of "$WORK/out:1" | jq -e '.created == "1970-01-01T00:00:00Z"'
    root_tar root.tar --reproducible
    [ "$(tar -xOf root.tar epoch)" = 0 ]
    config_of "$WORK/out:1" | jq -e '.config.Env | any(startswith("SOURCE_DATE")) | not'
}

@test "what comes from the cache is what is built without one" {
    stages
    build --reproducible -t example.test/r:1 --output "type=oci,dest=$WORK/first,tar=false"
    build --reproducible -t example.test/r:1 --output "type=oci,dest=$WORK/cached,tar=false"
    build --reproducible --no-cache -t example.test/r:1 --output "type=oci,dest=$WORK/cold,tar=false"
    # the first RUN cached, the second not
    sed -i 's/time-of-first/other/' context/Dockerfile
    build --reproducible -t example.test/r:1 --output "type=oci,dest=$WORK/half,tar=false"
    build --reproducible --no-cache -t example.test/r:1 --output "type=oci,dest=$WORK/none,tar=false"
    [ "$(digest_of first)" = "$(digest_of cached)" ]
    [ "$(digest_of first)" = "$(digest_of cold)" ]
    [ "$(digest_of half)" = "$(digest_of none)" ]
}

@test "--timestamp is the one time of every new file" {
    mkdir -p context/files
    touch -d '2001-01-01' context/old
    tar -C context --mtime='1999-01-01' -cf context/files/a.tar old
    dockerfile <<< $'FROM scratch\nADD files/a.tar /unpacked/\nCOPY old /old'
    root_tar root.tar --timestamp 1000000000
    [ "$(TZ=UTC tar -tvf root.tar | awk '{print $4}' | sort -u)" = 2001-09-09 ]
}

@test "the epoch may be the time of the context's commit" {
    git -C context init -q
    dockerfile <<< $'FROM scratch\nCOPY Dockerfile /'
    git -C context add .
    GIT_COMMITTER_DATE='2020-02-02T02:02:02Z' git -C context -c user.name=a -c user.email=a@b commit -qm x
    build --build-arg SOURCE_DATE_EPOCH=context -t example.test/r:1
    config_of "$WORK/out:1" | jq -e '.created == "2020-02-02T02:02:02Z"'
}

@test "a context without a commit has no time to give" {
    dockerfile <<< 'FROM scratch'
    run build --build-arg SOURCE_DATE_EPOCH=context
    [ "$status" -ne 0 ]
    [[ "$output" == *"no commit"* ]]
}

@test "what varies in a RUN is told with its line" {
    dockerfile <<'DOCKERFILE'
FROM busybox
RUN echo ok > /ok
RUN mkdir -p /var/log && date > /var/log/x && date +%s > /stamp
DOCKERFILE
    run build --reproducible
    [ "$status" -eq 0 ]
    [[ "$output" == *"/var/log/x may vary"*"[log]"* ]]
    [[ "$output" == *"/stamp may vary"*"[build-time]"* ]]
    [[ "$output" == *"Dockerfile:3"* ]]
    [[ "$output" != *"/ok may vary"* ]]
}

@test "fixups leave out what varies, also for the RUN after" {
    dockerfile <<'DOCKERFILE'
FROM busybox
RUN mkdir -p /var/log /root/.cache && date +%N > /var/log/x && date +%N > /root/.cache/y && echo keep > /keep
RUN ls -R /var/log /root/.cache > /seen || true
RUN date +%N | gzip > /junk.gz; echo x | gzip > /x.gz; rm /junk.gz
DOCKERFILE
    repeated --reproducible --fixup=logs,caches,gzip
    root_tar root.tar --reproducible --fixup=logs,caches,gzip
    ! tar -tf root.tar | grep -qE 'log/x|cache/y'
    [ "$(tar -xOf root.tar keep)" = keep ]
    ! tar -xOf root.tar seen | grep -qE '^[xy]$'
}

@test "attestations stand beside the image as BuildKit's do, and are the same again" {
    mkdir -p context/node_modules/left-pad
    echo '{"name":"left-pad","version":"1.3.0","license":"WTFPL"}' > context/node_modules/left-pad/package.json
    dockerfile <<< $'FROM busybox\nCOPY node_modules /srv/node_modules\nRUN echo x > /x'
    local options=(--reproducible --provenance max --sbom spdx --sbom cyclonedx --attestation-dir "$WORK/proof")
    repeated "${options[@]}"
    jq -e '.packages | any(.name == "left-pad")' proof/sbom.spdx.json
    jq -e '.components | any(.purl == "pkg:npm/left-pad@1.3.0")' proof/sbom.cdx.json
    jq -e '.buildDefinition.resolvedDependencies[0].digest.sha256' proof/provenance.json
    local index
    index="$WORK/out/blobs/sha256/$(digest_of out | cut -d: -f2)"
    jq -e '.manifests[1].annotations["vnd.docker.reference.digest"] == .manifests[0].digest' "$index"
    jq -e '.manifests[1].platform.os == "unknown"' "$index"
    local manifest
    manifest="$WORK/out/blobs/sha256/$(jq -r '.manifests[1].digest' "$index" | cut -d: -f2)"
    jq -e '.subject.digest' "$manifest"
    [ "$(jq '.layers | length' "$manifest")" -eq 3 ]
    skopeo inspect "oci:$WORK/out:1" > /dev/null
}

@test "attestations can be pushed" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    local name="$REGISTRY/proof/push:1"
    build --reproducible --provenance min -t "$name" --push
    skopeo inspect --raw --tls-verify=false "docker://$name" | jq -e '.manifests | length == 2'
    skopeo copy -q --src-tls-verify=false "docker://$name" "dir:$WORK/copy"
}

@test "inspect shows what is attached, and what it says" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    local name="$REGISTRY/proof/inspect:1"
    build --reproducible --provenance min --sbom spdx,cyclonedx -t "$name" --push
    local place
    for place in "$name" "oci-layout://$WORK/out"; do
        "$MICA" inspect "$place" > inspect.json
        jq -e '[.Attestations[] | .Kind + " " + .Format] ==
            ["provenance SLSA provenance v1", "SBOM SPDX", "SBOM CycloneDX"]' inspect.json
        jq -e '.Attestations[0].Image == .Manifests[0].Digest and (.Attestations[0] | has("Document") | not)' inspect.json
    done
    "$MICA" inspect --platform linux/amd64 --attestations "$name" > inspect.json
    jq -e '(.Attestations | length) == 3 and .Attestations[1].Document.predicate.spdxVersion == "SPDX-2.3"' inspect.json
}

@test "a registry without a list of referrers gets it under a tag" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    local name="$REGISTRY/proof/referrers"
    build --reproducible --provenance min -t "$name:1" --push
    local image
    image="$("$MICA" inspect "$name:1" | jq -r '.Manifests[0].Digest')"
    skopeo inspect --raw --tls-verify=false "docker://$name:${image/:/-}" > list.json
    jq -e '.manifests | length == 1' list.json
    jq -e '.manifests[0].artifactType == "application/vnd.docker.attestation.manifest.v1+json"' list.json
    # the same again adds nothing; something else does
    build --reproducible --provenance min -t "$name:1" --push
    build --reproducible --sbom spdx -t "$name:1" --push
    skopeo inspect --raw --tls-verify=false "docker://$name:${image/:/-}" | jq -e '.manifests | length == 2'
    "$MICA" inspect "$name@$image" | jq -e '[.Attestations[].Kind] | sort == ["SBOM", "provenance"]'
}

@test "an image verifies from its provenance" {
    dockerfile <<< $'FROM busybox\nARG A=1\nRUN echo "$A" > /x\nLABEL l=m'
    build --reproducible --provenance max --build-arg A=2 --label n=o -t example.test/v:1
    run "$MICA" verify "$WORK/out" --from-provenance --build-context busybox="oci-layout://$BASES/busybox"
    [ "$status" -eq 0 ] || { echo "$output"; false; }
    [ "${#lines[@]}" -eq 1 ]
}

@test "an image whose source is another does not verify, and the report says why" {
    echo one > context/file
    dockerfile <<< $'FROM busybox\nCOPY file /file'
    build --reproducible --provenance max -t example.test/v:1
    echo two > context/file
    run "$MICA" verify "$WORK/out" --context "$WORK/context" --build-context busybox="oci-layout://$BASES/busybox"
    [ "$status" -eq 1 ]
    [[ "$output" == *"/file"* ]]
    [[ "$output" == *"-one"*"+two"* ]]
}

@test "without a provenance the options say what is built" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    build --build-arg SOURCE_DATE_EPOCH=1700000000 -t example.test/v:1
    "$MICA" verify "$WORK/out" --context "$WORK/context" --build-context busybox="oci-layout://$BASES/busybox"
    run "$MICA" verify "$WORK/out" --from-provenance
    [ "$status" -eq 2 ]
}

@test "provenance names what ADD fetched, and verify takes the same again" {
    mkdir files
    echo one > files/data
    serve "$WORK/files"
    repository repos/repo
    serve_git "$WORK/repos"
    dockerfile <<< $'FROM busybox\nADD '"$URL/data /data"$'\nADD '"$GIT_URL/repo#side /repo"
    build --reproducible --provenance max --attestation-dir proof -t example.test/v:1
    jq -e --arg uri "$URL/data" --arg sum "$(sha256sum < files/data | cut -d' ' -f1)" \
        '.buildDefinition.resolvedDependencies | any(.uri == $uri and .digest.sha256 == $sum)' proof/provenance.json
    jq -e --arg uri "git+$GIT_URL/repo@side" --arg commit "$(git -C repos/repo rev-parse side)" \
        '.buildDefinition.resolvedDependencies | any(.uri == $uri and .digest.gitCommit == $commit)' proof/provenance.json
    "${GIT[@]}" -C repos/repo branch -f side v1
    "$MICA" verify "$WORK/out" --from-provenance --build-context busybox="oci-layout://$BASES/busybox"
    echo two > files/data
    run "$MICA" verify "$WORK/out" --from-provenance --build-context busybox="oci-layout://$BASES/busybox"
    [ "$status" -eq 2 ]
    [[ "$output" == *"digest mismatch"* ]]
}

@test "an image of a git context verifies from its provenance alone, after the branch moved on" {
    repository repos/repo
    mkdir repos/repo/docker
    printf 'FROM busybox\nCOPY . /src\n' > repos/repo/docker/app.Dockerfile
    printf 'docs\n' > repos/repo/docker/app.Dockerfile.dockerignore
    (cd repos/repo && "${GIT[@]}" add . && "${GIT[@]}" commit -q -m 3)
    local commit
    commit="$(git -C repos/repo rev-parse HEAD)"
    serve_git "$WORK/repos"
    "$MICA" build --build-context busybox="oci-layout://$BASES/busybox" --provenance max --attestation-dir proof \
        --build-arg SOURCE_DATE_EPOCH=context -f docker/app.Dockerfile --output "type=oci,dest=$WORK/out,tar=false" \
        -t example.test/v:1 "$GIT_URL/repo#main"
    jq -e --arg uri "$GIT_URL/repo#main" --arg commit "$commit" '.buildDefinition.externalParameters.configSource ==
        {uri: $uri, digest: {gitCommit: $commit}, path: "docker/app.Dockerfile"}' proof/provenance.json
    (cd repos/repo && echo four > a && "${GIT[@]}" commit -q -a -m 4)
    "$MICA" verify "$WORK/out" --from-provenance --build-context busybox="oci-layout://$BASES/busybox"
}

@test "the recorded Dockerfile keeps its ignore file when a directory is verified" {
    mkdir context/docker
    printf 'FROM busybox\nCOPY . /src\n' > context/docker/app.Dockerfile
    echo secret > context/docker/app.Dockerfile.dockerignore
    touch context/secret context/open
    build --reproducible --provenance max -f context/docker/app.Dockerfile -t example.test/v:1
    "$MICA" verify "$WORK/out" --context context --build-context busybox="oci-layout://$BASES/busybox"
}

@test "an image of a directory says so if none is given to verify it" {
    dockerfile <<< $'FROM busybox\nCOPY Dockerfile /x'
    build --reproducible --provenance max -t example.test/v:1
    run "$MICA" verify "$WORK/out" --from-provenance --build-context busybox="oci-layout://$BASES/busybox"
    [ "$status" -eq 2 ]
    [[ "$output" == *"--context DIR"* ]]
}
