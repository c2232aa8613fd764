#!/usr/bin/env bats
# TLS, proxies in front of registries, mirrors, and what other tools read of what was pushed.
load lib/helpers

certificates() {
    local EC=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1)
    openssl req -x509 "${EC[@]}" -nodes -days 2 -subj "/CN=authority" -keyout ca.key -out ca.pem 2> /dev/null
    openssl req "${EC[@]}" -nodes -subj "/CN=localhost" -keyout server.key -out server.csr 2> /dev/null
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1') 2> /dev/null
    openssl req "${EC[@]}" -nodes -subj "/CN=client" -keyout client.key -out client.csr 2> /dev/null
    openssl x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out client.pem 2> /dev/null
}

tls_registry() {
    certificates
    start_docker_registry "  tls: {certificate: $WORK/server.pem, key: $WORK/server.key$1}"
}

# nginx_in_front DIRECTIVES: of a location / that leads to DOCKER_REGISTRY; NGINX has its address.
nginx_in_front() {
    local port
    port="$(free_port)"
    cat > nginx.conf <<CONF
daemon off; pid $WORK/nginx.pid; error_log $WORK/nginx.error.log; worker_processes 1;
events {}
http {
    access_log off; client_body_temp_path $WORK/body; proxy_temp_path $WORK/proxy; fastcgi_temp_path $WORK/f;
    uwsgi_temp_path $WORK/u; scgi_temp_path $WORK/s;
    limit_req_zone \$server_name zone=all:1m rate=20r/s;
    server {
        listen 127.0.0.1:$port;
        client_max_body_size 0;
        location / { proxy_pass http://$DOCKER_REGISTRY; proxy_set_header Host \$http_host; proxy_request_buffering off; $1 }
        $2
    }
}
CONF
    background nginx -c "$WORK/nginx.conf"
    NGINX="127.0.0.1:$port"
    until_true curl -s --noproxy '*' -o /dev/null "http://$NGINX/"
}

digest_at() {
    skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$1"
}

@test "skopeo and umoci read what was pushed" {
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1" "$DOCKER_REGISTRY/app:2" "$DOCKER_REGISTRY/other:1"
    [ "$(digest_at "$DOCKER_REGISTRY/app:2")" = "$IMAGE_DIGEST" ]
    skopeo copy --preserve-digests --src-tls-verify=false "docker://$DOCKER_REGISTRY/other:1" oci:out:1
    cmp <(cd "$IMAGE/blobs/sha256" && ls) <(cd out/blobs/sha256 && ls)
    umoci unpack --rootless --image out:1 bundle
    [ "$(stat -c %s bundle/rootfs/file0)" = 26000000 ]
}

@test "podman reads what was pushed" {
    command -v podman > /dev/null || skip "podman is not here"
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    podman --root "$WORK/storage" --runroot "$WORK/run" --storage-driver vfs pull --tls-verify=false "$DOCKER_REGISTRY/app:1"
    podman --root "$WORK/storage" --runroot "$WORK/run" --storage-driver vfs rmi -af
}

@test "in pieces of a chosen size the image is the same" {
    start_docker_registry ''
    mica push --push-chunk-size 5MiB "$IMAGE" "$DOCKER_REGISTRY/app:1"
    [ "$(digest_at "$DOCKER_REGISTRY/app:1")" = "$IMAGE_DIGEST" ]
}

@test "a registry of a private authority: refused, then trusted by --registry-ca, then not asked" {
    tls_registry ''
    registry="localhost:${DOCKER_REGISTRY##*:}"
    run mica push --registry-ca "$registry=$WORK/client.pem" "$IMAGE" "$registry/app:1"
    [ "$status" -ne 0 ]
    [[ "$output" == *"--registry-ca"* ]]
    mica push --registry-ca "$registry=$WORK/ca.pem" "$IMAGE" "$registry/app:1"
    mica inspect --skip-tls-verify "$registry" "$registry/app:1"
}

@test "a client certificate opens a registry that asks for one" {
    tls_registry ", clientcas: [$WORK/ca.pem]"
    registry="localhost:${DOCKER_REGISTRY##*:}"
    run mica push --push-retry 0 --registry-ca "$registry=$WORK/ca.pem" "$IMAGE" "$registry/app:1"
    [ "$status" -ne 0 ]
    mica push --registry-ca "$registry=$WORK/ca.pem" --registry-client-cert "$registry=$WORK/client.pem,$WORK/client.key" \
        "$IMAGE" "$registry/app:1"
}

@test "a proxy that limits the size of requests gets pieces" {
    start_docker_registry ''
    nginx_in_front 'client_max_body_size 8m;'
    mica push "$IMAGE" "$NGINX/app:1"
    [ "$(digest_at "$NGINX/app:1")" = "$IMAGE_DIGEST" ]
}

@test "a proxy that allows twenty requests a second is pushed through" {
    start_docker_registry ''
    nginx_in_front 'limit_req zone=all burst=3 nodelay; limit_req_status 429;'
    mica push --push-retry 8 "$IMAGE" "$NGINX/app:1"
    [ "$(digest_at "$DOCKER_REGISTRY/app:1")" = "$IMAGE_DIGEST" ]
}

@test "blobs behind a redirect to another port are pulled" {
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    nginx_in_front '' "location ~ ^/v2/(.*)/blobs/(sha256:.*)\$ { return 307 http://$DOCKER_REGISTRY/v2/\$1/blobs/\$2; }"
    mica copy "$NGINX/app:1" "oci-layout://$WORK/out:1"
    cmp <(cd "$IMAGE/blobs/sha256" && ls) <(cd out/blobs/sha256 && ls)
}

@test "a redirect that leads back to itself ends" {
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    nginx_in_front '' "location ~ /blobs/sha256: { return 307 http://\$http_host\$request_uri; }"
    run mica copy "$NGINX/app:1" "oci-layout://$WORK/out:1"
    [ "$status" -ne 0 ]
    [[ "$output" == *"redirects more than"* ]]
}

@test "a mirror serves what it has, the registry the rest" {
    start_docker_registry ''
    mica push "$IMAGE" "$DOCKER_REGISTRY/hub/app:1"
    mica push "$IMAGE" "$DOCKER_REGISTRY/only:1"
    mica copy --registry-mirror "registry.invalid=$DOCKER_REGISTRY/hub" registry.invalid/app:1 "oci-layout://$WORK/out:1"
    run mica copy --registry-mirror "$DOCKER_REGISTRY=$DOCKER_REGISTRY/hub" "$DOCKER_REGISTRY/only:1" "oci-layout://$WORK/two:1"
    [ "$status" -eq 0 ]
    [[ "$output" == *"mirror $DOCKER_REGISTRY/hub"* ]]
    run mica copy --only-mirrors --registry-mirror "$DOCKER_REGISTRY=$DOCKER_REGISTRY/hub" "$DOCKER_REGISTRY/only:1" "oci-layout://$WORK/three:1"
    [ "$status" -ne 0 ]
}

@test "nothing listens: the error says so, soon" {
    run timeout 30 "$MICA" push --progress plain --push-retry 1 "$IMAGE" "127.0.0.1:1/app:1"
    [ "$status" -ne 0 ]
    [[ "$output" == *"is a registry listening at 127.0.0.1:1?"* ]]
}

@test "a proxy leads to registries, but not to those in NO_PROXY" {
    start_docker_registry ''
    http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 mica push "$IMAGE" "$DOCKER_REGISTRY/app:1"
    http_proxy=http://127.0.0.1:1 run mica push --push-retry 0 "$IMAGE" "$DOCKER_REGISTRY/app:2"
    [ "$status" -ne 0 ]
}
