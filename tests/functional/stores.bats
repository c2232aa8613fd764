#!/usr/bin/env bats
# Contexts in the stores of clouds, whose fakes believe only requests that prove who asks.
load lib/helpers

setup() {
    WORK="$(mktemp -d "$SUITE_DIR/test.XXXXXX")"
    cd "$WORK" || return 1
    export HOME="$WORK"
    unset AWS_PROFILE AWS_CA_BUNDLE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION \
        SSL_CERT_FILE HTTPS_PROXY https_proxy HTTP_PROXY http_proxy NO_PROXY no_proxy GOOGLE_APPLICATION_CREDENTIALS
    export AWS_EC2_METADATA_DISABLED=true
    mkdir sources
    echo hello > sources/a
    printf 'FROM scratch\nCOPY a /\n' > sources/Dockerfile
    tar -C sources -czf context.tar.gz .
    FAKE="$WORK/fake"
    mkdir "$FAKE"
    PYTHONPATH="$SOURCE_ROOT/tests/support" python3 -m fake_aws "$FAKE" '*.s3.eu-central-1.amazonaws.com' \
        's3.eu-central-1.amazonaws.com' '*.s3.us-east-1.amazonaws.com' storage.googleapis.com oauth2.googleapis.com \
        account.blob.core.windows.net login.microsoftonline.com > fake.log 2>&1 3>&- &
    FAKE_PID=$!
    for _ in $(seq 300); do
        [ ! -e "$FAKE/ports" ] || break
        sleep 0.1
    done
    read -r PLAIN _ < "$FAKE/ports"
}

teardown() {
    kill "$FAKE_PID" 2> /dev/null || true
    cd / || return 1
    rm -rf "$WORK"
}

control() {
    curl -fsS --noproxy '*' -X POST -d "${2:-}" "http://127.0.0.1:$PLAIN/_control/$1" > /dev/null
}

# store STORE BUCKET NAME: the context.
store() {
    control object "{\"store\":\"$1\",\"bucket\":\"$2\",\"name\":\"$3\",\"file\":\"$WORK/context.tar.gz\"}"
}

through_fake() {
    HTTPS_PROXY="http://127.0.0.1:$PLAIN" SSL_CERT_FILE="$FAKE/ca.pem" AWS_CA_BUNDLE="$FAKE/ca.pem" "$@"
}

# build_from CONTEXT [options]: as mica build takes it; root.tar has the files.
build_from() {
    through_fake "$MICA" build --progress plain --output type=tar,dest=root.tar "$@"
}

with_keys() {
    AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=fake-secret "$@"
}

@test "S3: signed, in the bucket's own region, whatever the name needs" {
    store s3 bucket 'some/na me+ü.tar.gz'
    with_keys build_from 's3://bucket/some/na me+ü.tar.gz'
    [ "$(tar -xOf root.tar a)" = hello ]
}

@test "S3: keys that are wrong, or none, are refused with what is missing" {
    store s3 bucket context.tar.gz
    AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=wrong run build_from s3://bucket
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"403"* && "$output" == *"s3:GetObject"* ]]
    run build_from s3://bucket
    [ "$status" -ne 0 ]
    [[ "$output" == *"there are no keys of AWS"* ]]
    control give '{"public_buckets":["bucket"]}'
    build_from s3://bucket
}

@test "S3: a configured region is taken, and an endpoint with the bucket in the path" {
    store s3 bucket dir/context.tar.gz
    AWS_REGION=eu-central-1 with_keys build_from s3://bucket/dir/context.tar.gz
    store s3 with.dots x.tgz
    AWS_REGION=eu-central-1 with_keys build_from s3://with.dots/x.tgz
    S3_ENDPOINT="http://127.0.0.1:$PLAIN" S3_FORCE_PATH_STYLE=true AWS_REGION=eu-central-1 \
        with_keys "$MICA" build --progress plain --output type=tar,dest=root.tar s3://bucket/dir/context.tar.gz
}

@test "Google: a service account's token opens the bucket" {
    store gs bucket dir/context.tar.gz
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out account.key 2> /dev/null
    jq -n --rawfile key account.key '{type:"service_account",client_email:"me@example.test",private_key_id:"1",
        private_key:$key,token_uri:"https://oauth2.googleapis.com/token"}' > account.json
    control give "$(openssl pkey -in account.key -pubout | jq -Rs '{google_accounts:{"me@example.test":.}}')"
    GOOGLE_APPLICATION_CREDENTIALS="$WORK/account.json" build_from gs://bucket/dir/context.tar.gz
    [ "$(tar -xOf root.tar a)" = hello ]
}

@test "Google: without credentials the bucket stays closed" {
    store gs bucket context.tar.gz
    GCE_METADATA_HOST=127.0.0.1:1 run build_from gs://bucket
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"401"* && "$output" == *"GOOGLE_APPLICATION_CREDENTIALS"* ]]
}

@test "Azure: the account's key signs, and a wrong one does not" {
    store azure account/files 'dir/con text.tar.gz'
    control give '{"azure_accounts":{"account":"c2VjcmV0IGtleQ=="}}'
    AZURE_STORAGE_ACCESS_KEY=c2VjcmV0IGtleQ== build_from 'https://account.blob.core.windows.net/files/dir/con%20text.tar.gz'
    [ "$(tar -xOf root.tar a)" = hello ]
    AZURE_STORAGE_ACCESS_KEY=b3RoZXI= run build_from 'https://account.blob.core.windows.net/files/dir/con%20text.tar.gz'
    echo "$output"
    [ "$status" -ne 0 ]
    [[ "$output" == *"403"* && "$output" == *"AZURE_STORAGE_ACCESS_KEY"* && "$output" != *b3RoZXI* ]]
}

@test "Azure: an address with a signature, and an identity" {
    store azure account/files context.tar.gz
    control give '{"azure_sas":"c2ln","azure_client":["tenant","client","s3cret"]}'
    run build_from 'https://account.blob.core.windows.net/files/context.tar.gz?sv=1&sig=c2ln'
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" != *c2ln* ]]
    AZURE_TENANT_ID=tenant AZURE_CLIENT_ID=client AZURE_CLIENT_SECRET=s3cret \
        build_from https://account.blob.core.windows.net/files/context.tar.gz
}

@test "the same by Kaniko's command, with a directory in the archive" {
    mkdir -p sources/sub
    printf 'FROM scratch\nCOPY b /\n' > sources/sub/Dockerfile
    echo below > sources/sub/b
    tar -C sources -cf context.tar.gz . # plain, whatever it is called
    store s3 bucket context.tar.gz
    AWS_REGION=eu-central-1 with_keys through_fake "$MICA" executor -c s3://bucket --context-sub-path sub --no-push \
        --tar-path image.tar
    mkdir image
    tar -C image -xf image.tar
    tar -xOf "image/$(jq -r '.[0].Layers[0]' image/manifest.json)" b | grep -q below
}
