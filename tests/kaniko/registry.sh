#!/bin/sh
# Runs the cases against a registry of its own that has a small base image.
# usage: registry.sh MICA ROOT
set -eu
mica="$(realpath "$1")" root="$(realpath "$2")"
work="$(mktemp -d)"
registry=
trap '[ -z "$registry" ] || kill "$registry" 2> /dev/null; rm -rf "$work"' EXIT
unset SOURCE_DATE_EPOCH DOCKER_CONFIG DOCKER_AUTH_CONFIG MICA_STATE

port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
cat > "$work/registry.yml" << END
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: 127.0.0.1:$port}
END
docker-registry serve "$work/registry.yml" > "$work/registry.log" 2>&1 &
registry=$!

base="$work/root"
mkdir -p "$base/bin" "$base/etc" "$base/root" "$base/tmp" "$base/var"
chmod 1777 "$base/tmp"
cp "$(command -v busybox)" "$base/bin/busybox"
for applet in $("$base/bin/busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$base/bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n' > "$base/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\nstaff:x:50:user\n' > "$base/etc/group"
tar -C "$base" --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 -cf "$work/base.tar" .
python3 "$root/tests/functional/lib/layout_from_tar.py" "$work/base.tar" "$work/base"
for _ in $(seq 50); do
    ! curl -fs "http://127.0.0.1:$port/v2/" > /dev/null || break
    sleep 0.1
done
skopeo copy --quiet --dest-tls-verify=false "oci:$work/base" "docker://127.0.0.1:$port/busybox:latest"
ln -s "$mica" "$work/executor"
python3 "$root/tests/kaniko/run.py" "$work/executor" "127.0.0.1:$port/busybox" "$root"/tests/kaniko/*.cases
