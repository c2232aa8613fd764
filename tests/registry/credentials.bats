#!/usr/bin/env bats
# Where logins come from: AWS's chain against the fake, docker's files, GitLab's variables.
load lib/helpers

role=arn:aws:iam::123456789012:role/ci

inspect() {
    through_fake "$MICA" inspect --progress plain "$ACCOUNT_HOST/app:1"
}

prepare() {
    start_fake
    control repository '{"name":"app"}' > /dev/null
    through_fake with_keys "$MICA" push --progress quiet "$IMAGE" "$ACCOUNT_HOST/app:1"
}

# jwt AUD SUB [SECONDS]: a token that the fake reads; its signature is not looked at.
jwt() {
    python3 - "$@" <<'PY'
import base64, json, sys, time
part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 3600
print(part({"alg": "RS256"}), part({"aud": sys.argv[1], "sub": sys.argv[2], "exp": time.time() + seconds}), "x", sep=".")
PY
}

@test "a web identity, as GitLab and EKS give it" {
    prepare
    control give "{\"roles\":{\"$role\":{\"aud\":\"sts.amazonaws.com\",\"sub\":\"project_path:g/p:ref_type:branch:ref:main\"}}}" > /dev/null
    jwt sts.amazonaws.com project_path:g/p:ref_type:branch:ref:main > token
    AWS_WEB_IDENTITY_TOKEN_FILE="$PWD/token" AWS_ROLE_ARN="$role" run inspect
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"the role $role by AWS_WEB_IDENTITY_TOKEN_FILE"* ]]
    jwt sts.amazonaws.com project_path:g/p:ref_type:branch:ref:other > token
    AWS_WEB_IDENTITY_TOKEN_FILE="$PWD/token" AWS_ROLE_ARN="$role" run inspect
    [ "$status" -ne 0 ]
    [[ "$output" == *"Not authorized to perform sts:AssumeRoleWithWebIdentity"* && "$output" == *"aud and sub"* ]]
    [[ "$output" != *"$(cat token)"* ]]
}

@test "a profile that assumes a role" {
    prepare
    control give "{\"roles\":{\"$role\":{}}}" > /dev/null
    mkdir "$HOME/.aws"
    printf '[profile ci]\nrole_arn=%s\nsource_profile=base\n[profile base]\naws_access_key_id=AKIAFAKE\naws_secret_access_key=fake-secret\n' \
        "$role" > "$HOME/.aws/config"
    AWS_PROFILE=ci run inspect
    [ "$status" -eq 0 ]
    [[ "$output" == *"the role $role of the AWS profile ci"* ]]
}

@test "the shared credentials file" {
    prepare
    mkdir "$HOME/.aws"
    printf '[default]\naws_access_key_id=AKIAFAKE\naws_secret_access_key=fake-secret\n' > "$HOME/.aws/credentials"
    run inspect
    [ "$status" -eq 0 ]
    [[ "$output" == *"the AWS profile default"* ]]
}

@test "the login of aws sso" {
    prepare
    mkdir -p "$HOME/.aws/sso/cache"
    printf '[default]\nsso_session=corp\nsso_account_id=1\nsso_role_name=Dev\n[sso-session corp]\nsso_region=eu-central-1\n' > "$HOME/.aws/config"
    control give "{\"sso_tokens\":{\"at\":$(($(date +%s) + 3600))}}" > /dev/null
    printf '{"accessToken":"at","expiresAt":"%s"}' "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)" \
        > "$HOME/.aws/sso/cache/$(printf corp | sha1sum | cut -d' ' -f1).json"
    run inspect
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"SSO of the AWS profile default"* ]]
}

@test "the role of an instance, by version 2 of its service and past any proxy" {
    prepare
    control give '{"instance":{"role":"builder"}}' > /dev/null
    unset AWS_EC2_METADATA_DISABLED
    http_proxy=http://127.0.0.1:1 AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:$PLAIN" run inspect
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"the instance's role builder"* ]]
}

@test "a hop limit of one is named as the likely cause" {
    prepare
    control set '{"hop_limit":true}' > /dev/null
    unset AWS_EC2_METADATA_DISABLED
    AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:$PLAIN" run inspect
    [ "$status" -ne 0 ]
    [[ "$output" == *"hop limit"* ]]
}

@test "a pod's identity, whose token file changes" {
    prepare
    control give '{"container_token":"first"}' > /dev/null
    echo first > token
    export AWS_CONTAINER_CREDENTIALS_FULL_URI="http://127.0.0.1:$PLAIN/v1/credentials" AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="$PWD/token"
    inspect
    control give '{"container_token":"second"}' > /dev/null
    run inspect
    [ "$status" -ne 0 ]
    echo second > token
    inspect
}

@test "a process that gives keys" {
    prepare
    mkdir "$HOME/.aws"
    printf '#!/bin/sh\necho '"'"'{"Version":1,"AccessKeyId":"AKIAFAKE","SecretAccessKey":"fake-secret"}'"'"'\n' > keys.sh
    chmod +x keys.sh
    printf '[default]\ncredential_process=%s/keys.sh --flag "two words"\n' "$PWD" > "$HOME/.aws/config"
    run inspect
    [ "$status" -eq 0 ]
    [[ "$output" == *"credential_process of the AWS profile default"* ]]
}

@test "docker-credential-ecr-login, where the configuration names it" {
    prepare
    mkdir "$HOME/.docker"
    printf '{"credHelpers":{"%s":"ecr-login"}}' "$ACCOUNT_HOST" > "$HOME/.docker/config.json"
    run with_keys inspect
    [ "$status" -eq 0 ]
    [[ "$output" == *"docker-credential-ecr-login"* ]]
}

@test "without keys the error says where they were looked for" {
    prepare
    run inspect
    [ "$status" -ne 0 ]
    [[ "$output" == *"there are no AWS keys for ECR"* && "$output" == *"AWS_EC2_METADATA_DISABLED is set"* ]]
}

htpasswd_registry() {
    htpasswd -Bbn alice secret-word > "$WORK/htpasswd"
    start_docker_registry "auth: {htpasswd: {realm: test, path: $WORK/htpasswd}}"
}

@test "login checks and keeps, push uses, logout forgets" {
    htpasswd_registry
    run mica login -u alice --password-stdin "$DOCKER_REGISTRY" <<< wrong
    [ "$status" -ne 0 ]
    [ ! -e "$HOME/.docker/config.json" ]
    mica login -u alice --password-stdin "$DOCKER_REGISTRY" <<< secret-word
    [ "$(stat -c %a "$HOME/.docker/config.json")" = 600 ]
    run mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    [ "$status" -eq 0 ]
    [[ "$output" == *"auths in $HOME/.docker/config.json"* && "$output" != *secret-word* ]]
    skopeo inspect --tls-verify=false --creds alice:secret-word "docker://$DOCKER_REGISTRY/app:1" > /dev/null
    mica logout "$DOCKER_REGISTRY"
    run mica push "$IMAGE" "$DOCKER_REGISTRY/app:2"
    [ "$status" -ne 0 ]
}

@test "a GitLab job's variables are a login" {
    htpasswd_registry
    CI_REGISTRY="$DOCKER_REGISTRY" CI_REGISTRY_USER=alice CI_REGISTRY_PASSWORD=secret-word run mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    [ "$status" -eq 0 ]
    [[ "$output" == *"GitLab (CI_REGISTRY_USER)"* && "$output" != *secret-word* ]]
}

@test "DOCKER_AUTH_CONFIG and REGISTRY_AUTH_FILE are read" {
    htpasswd_registry
    auth="$(printf alice:secret-word | base64)"
    DOCKER_AUTH_CONFIG="{\"auths\":{\"$DOCKER_REGISTRY\":{\"auth\":\"$auth\"}}}" mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    printf '{"auths":{"%s/app":{"auth":"%s"}}}' "$DOCKER_REGISTRY" "$auth" > auth.json
    REGISTRY_AUTH_FILE="$PWD/auth.json" mica push "$IMAGE" "$DOCKER_REGISTRY/app:2"
}

@test "a token server gives tokens for what is asked" {
    port="$(free_port)"
    background python3 "$LIB/token_server.py" "$WORK" "$port" alice secret-word
    until_true test -e token.ready
    start_docker_registry "auth: {token: {realm: 'http://127.0.0.1:$port/token', service: test, issuer: test tokens, rootcertbundle: $WORK/token.pem}}"
    run mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    [ "$status" -ne 0 ]
    mica login -u alice --password-stdin "$DOCKER_REGISTRY" <<< secret-word
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    mica logout "$DOCKER_REGISTRY"
    mica inspect "$DOCKER_REGISTRY/app:1"
    # One token for the push of several blobs: single flight.
    [ "$(grep -c '^alice repository:app:pull,push' token.log)" -le 2 ]
}

# cloud_push HOST: to a repository of the registry of another cloud.
cloud_push() {
    through_fake mica push "$IMAGE" "$1/project/app:1"
}

prepare_cloud() {
    start_fake
    control set '{"mode":"spec"}' > /dev/null
    control repository '{"name":"project/app"}' > /dev/null
}

# secrets_stay: nothing that was given out is in what was said.
secrets_stay() {
    [[ "$output" != *-token-* && "$output" != *azure-secret* && "$output" != *google-secret* && "$output" != *federated* ]]
}

@test "Azure: a service principal by its secret, and by a federated token" {
    prepare_cloud
    export AZURE_CLIENT_ID=client-1 AZURE_TENANT_ID=tenant-1
    AZURE_CLIENT_SECRET=azure-secret run cloud_push team.azurecr.io
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"Azure: AZURE_CLIENT_SECRET"* ]]
    secrets_stay
    echo federated-token > token
    AZURE_FEDERATED_TOKEN_FILE="$PWD/token" run cloud_push team.azurecr.io
    [ "$status" -eq 0 ]
    secrets_stay
    AZURE_CLIENT_SECRET=wrong run cloud_push team.azurecr.io
    [ "$status" -ne 0 ]
    [[ "$output" == *"Azure gave no token to AZURE_CLIENT_SECRET: AADSTS7000215"* ]]
}

@test "Azure: a managed identity, past any proxy" {
    prepare_cloud
    export IDENTITY_ENDPOINT="http://127.0.0.1:$PLAIN/msi/token" IDENTITY_HEADER=identity-header
    http_proxy=http://127.0.0.1:1 run cloud_push team.azurecr.io
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"Azure: the managed identity"* ]]
    secrets_stay
}

@test "Google: a service account's key, a user's login, and the metadata server" {
    prepare_cloud
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem 2> /dev/null
    control give "$(jq -n --arg key "$(openssl pkey -in key.pem -pubout)" '{google_key: $key}')" > /dev/null
    jq -n --rawfile key key.pem '{type: "service_account", client_email: "ci@project", private_key_id: "1", private_key: $key}' > account.json
    GOOGLE_APPLICATION_CREDENTIALS="$PWD/account.json" run cloud_push europe-docker.pkg.dev
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"Google: $PWD/account.json"* && "$output" != *"PRIVATE KEY"* ]]
    secrets_stay
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out other.pem 2> /dev/null
    jq --rawfile key other.pem '.private_key = $key' account.json > wrong.json
    GOOGLE_APPLICATION_CREDENTIALS="$PWD/wrong.json" run cloud_push europe-docker.pkg.dev
    [ "$status" -ne 0 ]
    [[ "$output" == *"Invalid JWT Signature"* ]]
    mkdir -p "$HOME/.config/gcloud"
    printf '{"type":"authorized_user","client_id":"client-1","client_secret":"google-secret","refresh_token":"google-refresh"}' \
        > "$HOME/.config/gcloud/application_default_credentials.json"
    run cloud_push europe-docker.pkg.dev
    [ "$status" -eq 0 ]
    secrets_stay
    rm -r "$HOME/.config"
    GCE_METADATA_HOST="127.0.0.1:$PLAIN" http_proxy=http://127.0.0.1:1 run cloud_push europe-docker.pkg.dev
    [ "$status" -eq 0 ]
    [[ "$output" == *"Google's metadata server"* ]]
    secrets_stay
}
