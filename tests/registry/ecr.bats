#!/usr/bin/env bats
# Amazon's ECR, by a fake that AWS's own clients believe.
load lib/helpers

setup_file() { :; }

ecr() {
    start_fake
    control repository '{"name":"app"}' > /dev/null
}

push() {
    through_fake with_keys "$MICA" push --progress plain "$IMAGE" "$ACCOUNT_HOST/app:1" "$@"
}

tag_of() {
    control show '{"name":"app"}' | jq -r ".tags[\"$1\"]"
}

@test "amazon's own credential helper gets a login from the fake" {
    start_fake
    run through_fake with_keys docker-credential-ecr-login get <<< "$ACCOUNT_HOST"
    [ "$status" -eq 0 ]
    [ "$(jq -r .Username <<< "$output")" = AWS ]
}

@test "amazon's own credential helper is refused with a wrong key" {
    start_fake
    AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=wrong run through_fake docker-credential-ecr-login get <<< "$ACCOUNT_HOST"
    [ "$status" -ne 0 ]
}

@test "aws ecr gets a login from the fake, and not with a wrong key" {
    start_fake
    export AWS_DEFAULT_REGION=eu-central-1
    run through_fake with_keys aws ecr get-login-password
    [ "$status" -eq 0 ]
    [[ "$output" == ecr-password-* ]]
    AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=wrong run through_fake aws ecr get-login-password
    [ "$status" -ne 0 ]
    [[ "$output" == *InvalidSignatureException* ]]
}

@test "an image is pushed with nothing but AWS's keys, and the source of the login is told" {
    ecr
    run push
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"logged in with AWS: the environment (AWS_ACCESS_KEY_ID)"* ]]
    [[ "$output" != *fake-secret* && "$output" != *ecr-password* ]]
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
}

@test "blobs go in ordered pieces of 10 MiB, the last one in the closing request" {
    ecr
    push
    # Of one upload: the places where its pieces begin, in the order of their coming.
    requests '[.[] | select(.content_range)] | group_by(.target | split("?")[0]) | .[]
        | [.[] | .content_range | split("-")[0] | tonumber] | @json' | sort > starts
    [ "$(cat starts)" = "$(printf '[0,10485760,20971520]\n[0,10485760,20971520]')" ]
    requests '.[] | select(.method == "PUT" and .content_range) | .content_range' | grep -q '^20971520-'
}

@test "blobs are sent side by side, at most four at once" {
    ecr
    control fault '{"method":"PATCH","target":"uploads","kind":"delay","seconds":0.3,"times":20}' > /dev/null
    push
    requests '[.[] | select(.body > 0) | [.start, 1], [.end, -1]] | sort
        | reduce .[] as $e ({now: 0, most: 0}; .now += $e[1] | .most = ([.most, .now] | max)) | .most' > most
    [ "$(cat most)" -ge 2 ]
    [ "$(cat most)" -le 4 ]
}

@test "--push-concurrency 1 sends one blob after the other" {
    ecr
    push --push-concurrency 1
    requests '[.[] | select(.body > 100000) | [.start, 1], [.end, -1]] | sort
        | reduce .[] as $e ({now: 0, most: 0}; .now += $e[1] | .most = ([.most, .now] | max)) | .most' > most
    [ "$(cat most)" -eq 1 ]
}

@test "no blob is sent twice, and a second push sends none" {
    ecr
    push
    control clear > /dev/null
    through_fake with_keys "$MICA" push --progress plain "$IMAGE" "$ACCOUNT_HOST/app:2"
    [ "$(requests '[.[] | select(.method == "PATCH" or (.method == "POST" and (.target | test("uploads"))))] | length')" -eq 0 ]
    [ "$(tag_of 2)" = "$IMAGE_DIGEST" ]
}

@test "connections are used again" {
    ecr
    push
    [ "$(requests '[.[] | .connection] | unique | length')" -le 8 ]
}

@test "the login goes to the registry alone, never to where blobs are" {
    ecr
    push
    control clear > /dev/null
    through_fake with_keys "$MICA" copy --progress plain "$ACCOUNT_HOST/app:1" "oci-layout://$WORK/out:1"
    [ "$(requests '[.[] | select(.host | test("starport"))] | length')" -ge 4 ]
    [ "$(requests '[.[] | select((.host | test("starport")) and .authorization)] | length')" -eq 0 ]
    cmp <(cd "$IMAGE/blobs/sha256" && ls) <(cd "$WORK/out/blobs/sha256" && ls)
}

@test "a missing repository is said so, with what to do" {
    start_fake
    run push
    [ "$status" -ne 0 ]
    [[ "$output" == *"The repository with name 'app' does not exist"* ]]
    [[ "$output" == *"--ecr-create-repository"* ]]
    [ "$(requests '[.[] | select(.method == "PUT")] | length')" -eq 0 ]
}

@test "a registry that hangs up at a missing repository is understood" {
    start_fake
    control set '{"unknown_repository":"hang up"}' > /dev/null
    run push --push-retry 1
    [ "$status" -ne 0 ]
    [[ "$output" == *"repository app may not exist"* ]]
}

@test "a build for a repository that does not exist ends before it builds" {
    start_fake
    mkdir context
    printf 'FROM scratch\nCOPY Dockerfile /x\n' > context/Dockerfile
    run through_fake with_keys "$MICA" build --progress plain --push -t "$ACCOUNT_HOST/app:1" context
    [ "$status" -ne 0 ]
    [[ "$output" == *"does not exist"* ]]
    [[ "$output" != *"COPY"* ]]
}

@test "--ecr-create-repository makes it" {
    start_fake
    run push --ecr-create-repository
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
    [ "$(control show '{}' | jq -r '.created[0].repositoryName')" = app ]
}

@test "--ecr-create-repository names the permission that is missing" {
    start_fake
    control give '{"denied_actions":["ecr:CreateRepository"]}' > /dev/null
    run push --ecr-create-repository
    [ "$status" -ne 0 ]
    [[ "$output" == *"needs ecr:CreateRepository on arn:aws:ecr:eu-central-1:123456789012:repository/app"* ]]
}

@test "a login that ends in the middle of a push is renewed once" {
    ecr
    control fault '{"method":"PATCH","target":"uploads","kind":"expire","skip":1,"times":1}' > /dev/null
    push
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
    [ "$(requests '[.[] | select(.host | test("^api"))] | length')" -eq 2 ]
}

@test "an answer that was lost after the piece was stored is found out" {
    ecr
    control fault '{"method":"PATCH","target":"uploads","kind":"lost","after":true,"skip":1,"times":1}' > /dev/null
    push
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
    [ "$(requests '[.[] | select(.status == 416)] | length')" -eq 1 ]
}

@test "a session that fails altogether is begun anew, in one piece at last" {
    ecr
    control fault '{"method":"PATCH","target":"uploads","kind":"status","status":404,"body":"{\"errors\":[{\"code\":\"BLOB_UPLOAD_UNKNOWN\"}]}","times":9}' > /dev/null
    push --push-retry 3
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
}

@test "Retry-After is heeded" {
    ecr
    control fault '{"method":"PUT","target":"manifests","kind":"status","status":429,"headers":{"Retry-After":"2"},"body":"{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"Rate exceeded\"}]}"}' > /dev/null
    push
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
    requests '[.[] | select(.method == "PUT" and (.target | test("manifests"))) | .start] | .[1] - .[0] > 2' | grep -q true
}

@test "a tag that cannot be moved and has the same image is no error" {
    ecr
    push
    control set '{"immutable":true}' > /dev/null
    push
}

@test "a tag that cannot be moved and has another image is an error, or a warning if that is wanted" {
    ecr
    make_image "$WORK/other" 2 1000 > /dev/null
    push
    control set '{"immutable":true}' > /dev/null
    run through_fake with_keys "$MICA" push --progress plain "$WORK/other" "$ACCOUNT_HOST/app:1"
    [ "$status" -ne 0 ]
    [[ "$output" == *immutable* && "$output" == *"--push-ignore-immutable-tag-errors"* ]]
    run through_fake with_keys "$MICA" push --progress plain --push-ignore-immutable-tag-errors "$WORK/other" "$ACCOUNT_HOST/app:1"
    [ "$status" -eq 0 ]
    control set '{"old_immutable_text":true}' > /dev/null
    run through_fake with_keys "$MICA" push --progress plain --push-ignore-immutable-tag-errors "$WORK/other" "$ACCOUNT_HOST/app:1"
    [ "$status" -eq 0 ]
    [ "$(tag_of 1)" = "$IMAGE_DIGEST" ]
}

@test "twelve tags keep ECR's pace of ten a second" {
    ecr
    through_fake with_keys "$MICA" push --progress plain "$IMAGE" "$ACCOUNT_HOST"/app:{1..12}
    requests '[.[] | select(.method == "PUT" and (.target | test("manifests"))) | .start] | (.[-1] - .[0]) / (length - 1) > 0.095' | grep -q true
    [ "$(tag_of 12)" = "$IMAGE_DIGEST" ]
}

@test "blobs of another repository are mounted where that is enabled" {
    ecr
    control repository '{"name":"second"}' > /dev/null
    control set '{"mounts":true}' > /dev/null
    push
    control clear > /dev/null
    through_fake with_keys "$MICA" copy --progress plain "$ACCOUNT_HOST/app:1" "$ACCOUNT_HOST/second:1"
    [ "$(requests '[.[] | select(.method == "PATCH")] | length')" -eq 0 ]
    [ "$(control show '{"name":"second"}' | jq -r '.tags["1"]')" = "$IMAGE_DIGEST" ]
}

@test "a refused permission is told in Amazon's words" {
    ecr
    control give '{"denied_actions":["ecr:InitiateLayerUpload"]}' > /dev/null
    run push
    [ "$status" -ne 0 ]
    [[ "$output" == *"not authorized to perform: ecr:InitiateLayerUpload"* ]]
}
