#!/usr/bin/env bats
# mica's own image: what is in it, and that it works where GitLab's Docker executor runs it.
load ../isolation/lib/helpers

# job KIND [options of container.py] -- WORD...: in a container of the image with a shell, with the
# checkout of a project under /builds.
job() {
    local kind="$1" options=() place status=0
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    place="$(mktemp -d "$WORK/containers/XXXXXX")"
    mkdir "$place"/{root,upper,work,bundle,builds}
    chmod 0755 "$place"
    chmod 0777 "$place/builds"
    # what the image says of its root directory
    chmod 0777 "$place/upper"
    cp -r "$SOURCE_ROOT/images" "$place/builds/images"
    chmod -R a+rwX "$place/builds"
    mount -t overlay -o "lowerdir=$TEMPLATE,upperdir=$place/upper,workdir=$place/work" overlay "$place/root"
    "$CONTAINERS/container.py" "$kind" "$place/bundle" "$place/root" --bind "$place/builds:/builds" \
        --env HOME=/root --env USER=root --env DOCKER_CONFIG=/kaniko/.docker/ --env MICA_STATE=/kaniko/state \
        --env SSL_CERT_DIR=/kaniko/ssl/certs --env PATH=/usr/local/bin:/kaniko:/usr/bin:/bin:/busybox \
        --env REGISTRY="$REGISTRY" "${options[@]}" -- "$@"
    runc run -b "$place/bundle" "mica-$$-${place##*/}" < /dev/null || status=$?
    umount "$place/root"
    return "$status"
}

config_of() {
    skopeo inspect --config --raw "oci:$IMAGES/$1:$1"
}

# A job's script, as the Docker executor gives it to the image's shell.
script='set -e
mkdir -p /kaniko/.docker
echo "{\"auths\":{}}" > /kaniko/.docker/config.json
cd /builds/images/example-image
sed -i "s,^FROM alpine,FROM $REGISTRY/library/alpine," Dockerfile
/kaniko/executor --context . --dockerfile Dockerfile --destination "$REGISTRY/from-gitlab:$TAG" --insecure \
    --digest-file /builds/digest
cat /builds/digest | sed "s/^/the digest is /"'

pushes() {
    local kind="$1" tag="$2"
    run job "$kind" --env TAG="$tag" -- /bin/sh -c "$script"
    echo "$output"
    [ "$status" -eq 0 ]
    local digest
    digest="$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$REGISTRY/from-gitlab:$tag")"
    [[ "$output" == *"the digest is $digest"* ]]
    [[ "$output" == *"Pushed $REGISTRY/from-gitlab@$digest"* ]]
}

@test "the image without a shell is smaller than 20 MB" {
    [ "$(du -sb "$IMAGES/release/blobs" | cut -f 1)" -lt 20000000 ]
}

@test "the image has what Kaniko's has" {
    config_of release > config.json
    [ "$(jq -c .config.Entrypoint config.json)" = '["/kaniko/executor"]' ]
    [ "$(jq -r .config.WorkingDir config.json)" = /workspace ]
    jq -r '.config.Env[]' config.json | grep -q '^DOCKER_CONFIG=/kaniko/.docker/$'
    [ -s "$TEMPLATE/etc/ssl/certs/ca-certificates.crt" ]
    [ "$(readlink "$TEMPLATE/kaniko/warmer")" = executor ]
    [ "$(readlink "$TEMPLATE/bin/sh")" = /busybox/sh ]
    local directory
    for directory in "" kaniko kaniko/.docker workspace; do
        [ "$(stat -c %a "$TEMPLATE/$directory")" = 777 ]
    done
}

# in_root WORD...: in the directory root, with nothing of this machine, its environment included.
in_root() {
    env -i PATH="$PATH" timeout 60 chroot root "$@"
}

@test "the program runs in an empty root directory" {
    mkdir root
    cp "$PROGRAM" root/mica
    cp -r "$SOURCE_ROOT/testdata" root/context
    printf 'FROM scratch\nCOPY . /x/\n' > root/Dockerfile
    in_root /mica build --state /state --progress plain -f /Dockerfile --push -t "$REGISTRY/empty:1" /context
    skopeo inspect --tls-verify=false "docker://$REGISTRY/empty:1" > /dev/null
    [ ! -e root/lib ] && [ ! -e root/etc ]
}

@test "the program loads no module of the C library that the root directory names" {
    mkdir -p root/etc root/lib
    cp "$PROGRAM" root/mica
    echo "hosts: evil dns" > root/etc/nsswitch.conf
    run nm -D --undefined-only root/mica
    [ -z "$(echo "$output" | grep -v 'no symbols')" ]
    printf 'FROM registry.invalid/x\n' > root/Dockerfile
    mkdir root/context
    run in_root /mica build --state /state --progress plain -f /Dockerfile /context
    [ "$status" -eq 4 ]
}

@test "GitLab's Docker executor: a job builds and pushes images/example-image" {
    pushes docker docker
}

@test "a pod of Kubernetes does, too" {
    pushes kubernetes kubernetes
}

@test "two builds in one job, and the job's tools are still there" {
    run job docker --env TAG=twice -- /bin/sh -c "$script; $script; echo \"tools: \$(ls /busybox | wc -l)\""
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" =~ tools:\ [0-9]{3} ]]
}

@test "a random user to whom nothing is allowed" {
    pushes restricted restricted
}

@test "the whole tree of images, by its names" {
    run job docker -- /bin/sh -c 'cd /builds && rm -r images/mica && sed -i "s,^FROM alpine,FROM $REGISTRY/library/alpine," images/*/Dockerfile &&
        CI_COMMIT_SHA=0123 CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main CI_COMMIT_REF_SLUG=main \
        CI_COMMIT_TIMESTAMP=2026-01-02T03:04:05Z mica build-all images --registry "$REGISTRY/images" --push'
    echo "$output"
    [ "$status" -eq 0 ]
    local tag
    for tag in 0123 main latest; do
        skopeo inspect --tls-verify=false "docker://$REGISTRY/images/example-image:$tag" > /dev/null
    done
}
