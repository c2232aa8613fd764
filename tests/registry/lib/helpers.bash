# Helpers of the registry tests; `load lib/helpers` at the top of each file.

ACCOUNT_HOST=123456789012.dkr.ecr.eu-central-1.amazonaws.com
export ACCOUNT_HOST

setup() {
    WORK="$(mktemp -d "$SUITE_DIR/test.XXXXXX")"
    cd "$WORK" || return 1
    export HOME="$WORK/home" MICA_STATE="$WORK/state"
    mkdir -p "$HOME"
    PIDS=()
    # Nobody's keys but the test's.
    unset DOCKER_CONFIG DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE XDG_RUNTIME_DIR XDG_CONFIG_HOME AWS_PROFILE AWS_CA_BUNDLE \
        AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION CURL_CA_BUNDLE \
        SSL_CERT_FILE HTTPS_PROXY https_proxy HTTP_PROXY http_proxy NO_PROXY no_proxy
    export AWS_EC2_METADATA_DISABLED=true
}

teardown() {
    local pid
    for pid in "${PIDS[@]}"; do kill "$pid" 2> /dev/null || true; done
    cd / || return 1
    rm -rf "$WORK"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# background COMMAND...: runs it for the length of the test, with no hold on bats' descriptors.
background() {
    "$@" > "$WORK/background.log" 2>&1 < /dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    PIDS+=("$!")
}

# until_true COMMAND...: for at most half a minute.
until_true() {
    local try
    for try in $(seq 300); do
        ! "$@" > /dev/null 2>&1 || return 0
        sleep 0.1
    done
    echo "it did not become true within 30 s: $* (try $try)"
    cat "$WORK/background.log"
    return 1
}

# start_fake: ECR and its relatives; PLAIN has the port of everything, FAKE the directory.
start_fake() {
    FAKE="$WORK/fake"
    mkdir "$FAKE"
    background env PYTHONPATH="$SOURCE_ROOT/tests/support" python3 -m fake_aws "$FAKE"
    until_true test -e "$FAKE/ports"
    read -r PLAIN _ < "$FAKE/ports"
}

# through_fake COMMAND...: every https address leads to the fake.
through_fake() {
    HTTPS_PROXY="http://127.0.0.1:$PLAIN" SSL_CERT_FILE="$FAKE/ca.pem" AWS_CA_BUNDLE="$FAKE/ca.pem" "$@"
}

with_keys() {
    AWS_ACCESS_KEY_ID=AKIAFAKE AWS_SECRET_ACCESS_KEY=fake-secret "$@"
}

# control NAME [JSON]
control() {
    curl -fsS --noproxy '*' -X POST -d "${2:-}" "http://127.0.0.1:$PLAIN/_control/$1"
}

# requests JQ-FILTER: of the fake's log.
requests() {
    control log | jq -r "$1"
}

make_image() {
    python3 "$LIB/make_image.py" "$@"
}

# mica_push LAYOUT NAME... and the like, with plain text on standard error.
mica() {
    "$MICA" "$1" --progress plain "${@:2}"
}

# start_registry CONFIGURATION: docker-registry; the answer is its address.
start_docker_registry() {
    local port
    port="$(free_port)"
    {
        printf 'version: 0.1\nlog: {level: error}\n'
        printf 'storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}\n' "$WORK/registry-$port"
        printf 'http:\n  addr: 127.0.0.1:%s\n%s\n' "$port" "$1"
    } > "$WORK/registry-$port.yml"
    background docker-registry serve "$WORK/registry-$port.yml"
    DOCKER_REGISTRY="127.0.0.1:$port"
    until_true bash -c ": < /dev/tcp/127.0.0.1/$port"
}
