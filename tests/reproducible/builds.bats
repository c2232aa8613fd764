#!/usr/bin/env bats
# Real Dockerfiles, built twice in surroundings that differ in all that must not matter.
load ../functional/lib/helpers

digest_of() { jq -r '.manifests[0].digest' "$1/index.json"; }

# twice [options]: once here; once at another time, in another zone and locale, with another umask and home,
# on a processor with fewer features, by one thread, in a new state directory, in another isolation if there is a
# second one, with files of the context that are newer.
twice() {
    build --reproducible --no-cache -t example.test/r:1 "$@" || return 1
    mv out one
    sleep 1
    find context -exec touch {} +
    (
        umask 077
        export TZ=Asia/Kathmandu LC_ALL=C.UTF-8 HOME="$WORK" MICA_STATE="$WORK/other-state"
        export OPENSSL_ia32cap='~0x200000200000000:~0x20000000' GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2_Usable,-AVX512F_Usable
        MICA="faketime_mica" build --reproducible --jobs 1 -t example.test/r:1 "$@" --isolation "$(other_isolation)"
    ) || return 1
    mv out two
    [ "$(digest_of one)" = "$(digest_of two)" ] || { "$MICA" diff ./one ./two; return 1; }
}

other_isolation() { if [ "$(id -u)" -eq 0 ] && [ "${OTHER_ISOLATION:-userns}" = userns ]; then echo userns; else echo auto; fi; }

setup_file() {
    mkdir -p "$SUITE_DIR/bin"
    printf '#!/bin/sh\nexec faketime "2035-05-05 05:05:05" "%s" "$@"\n' "$MICA" > "$SUITE_DIR/bin/faketime_mica"
    chmod +x "$SUITE_DIR/bin/faketime_mica"
    export PATH="$SUITE_DIR/bin:$PATH"
}

@test "a C program with a static library, in stages" {
    cat > context/main.c <<'C'
#include <stdio.h>
int helper(void);
int main(void) { printf("%s %s %d\n", __DATE__, __TIME__, helper()); return 0; }
C
    echo 'int helper(void) { return 42; }' > context/helper.c
    dockerfile <<'DOCKERFILE'
FROM debian-build AS build
WORKDIR /src
COPY *.c ./
RUN gcc -g -c helper.c && ar rc libhelper.a helper.o && gcc -g -static -o /app main.c libhelper.a
FROM scratch
COPY --from=build /app /app
COPY --from=build /src/libhelper.a /lib/
ENTRYPOINT ["/app"]
DOCKERFILE
    twice
}

@test "a shell program that packs and lists" {
    mkdir -p context/data/{a,b,c}
    for name in x y z; do echo "$name" > "context/data/a/$name"; done
    dockerfile <<'DOCKERFILE'
FROM busybox
COPY data /data
RUN tar c -f /all.tar /data && find /data | sort > /list && md5sum /data/a/* > /sums && hostname > /host && umask > /umask
DOCKERFILE
    twice
}

@test "Debian packages, with what varies left out" {
    mkdir context/apt
    cp -r /etc/apt/. context/apt/
    dockerfile <<'DOCKERFILE'
FROM debian-slim
COPY apt /etc/apt
RUN apt-get update && apt-get install -y --no-install-recommends hello && rm -rf /var/lib/apt/lists/*
DOCKERFILE
    twice --fixup all
}

@test "Python with compiled modules" {
    mkdir -p context/apt context/app
    cp -r /etc/apt/. context/apt/
    printf 'import sys\nNAMES = {"a", "b", "c"}\nprint(sys.argv)\n' > context/app/tool.py
    dockerfile <<'DOCKERFILE'
FROM debian-slim
COPY apt /etc/apt
RUN apt-get update && apt-get install -y --no-install-recommends python3-minimal libpython3-stdlib && rm -rf /var/lib/apt/lists/*
COPY app /app
ENV PYTHONHASHSEED=0
RUN python3 -m compileall /app && echo 'made = True' > /app/made.py && python3 -m compileall /app
DOCKERFILE
    twice --fixup all
}

@test "a bundle that node makes of modules" {
    mkdir -p context/apt context/app/node_modules/greeter context/app/src
    cp -r /etc/apt/. context/apt/
    echo '{"name":"greeter","version":"2.0.1","main":"index.js"}' > context/app/node_modules/greeter/package.json
    echo 'module.exports = name => `hello ${name}`;' > context/app/node_modules/greeter/index.js
    echo 'console.log(require("greeter")("world"));' > context/app/src/main.js
    cat > context/app/bundle.js <<'JS'
const fs = require('fs'), crypto = require('crypto');
const files = fs.readdirSync('src').concat(fs.readdirSync('node_modules')).sort();
const text = fs.readFileSync('src/main.js') + fs.readFileSync(require.resolve('greeter'), 'utf8');
fs.mkdirSync('dist');
fs.writeFileSync(`dist/main.${crypto.createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`, text);
fs.writeFileSync('dist/manifest.json', JSON.stringify({files, node: process.version}));
JS
    dockerfile <<'DOCKERFILE'
FROM debian-slim AS build
COPY apt /etc/apt
RUN apt-get update && apt-get install -y --no-install-recommends nodejs && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY app .
RUN node bundle.js && node src/main.js > dist/said
FROM busybox
COPY --from=build /app/dist /srv
DOCKERFILE
    twice --fixup all
    jq -e '.manifests | length == 1' one/index.json
}

@test "every isolation of this machine" {
    [ "$(id -u)" -eq 0 ] || skip "only root has all of them"
    dockerfile <<'DOCKERFILE'
FROM debian-build
RUN mkdir -p /made/deep && echo 'int main(void) { return 7; }' > /made/x.c && gcc -o /made/x /made/x.c && \
    ln -s x /made/link && ln /made/x /made/hard && chown -R 7:8 /made/deep && chmod 4711 /made/x && \
    mkfifo /made/fifo && rm -rf /usr/share/doc /etc/motd
RUN id && stat -c '%n %a %u %g %Y' /made/* > /list
DOCKERFILE
    local isolation first=
    for isolation in ns userns chroot translate; do
        build --reproducible --no-cache -t example.test/r:1 --isolation "$isolation"
        [ "$(digest_of out)" = "${first:=$(digest_of out)}" ] || { "$MICA" diff ./first ./out; return 1; }
        [ -d first ] || cp -r out first
        rm -rf out
    done
}

@test "node modules with a bill of software and a provenance" {
    mkdir -p context/node_modules/@scope/one
    echo '{"name":"@scope/one","version":"1.0.0"}' > context/node_modules/@scope/one/package.json
    dockerfile <<'DOCKERFILE'
FROM busybox
WORKDIR /srv
COPY node_modules ./node_modules
RUN ls -R node_modules > files.txt
DOCKERFILE
    twice --sbom spdx,cyclonedx --provenance max
}

@test "several platforms" {
    dockerfile <<'DOCKERFILE'
FROM scratch
ARG TARGETPLATFORM
COPY Dockerfile /made-for/$TARGETPLATFORM
LABEL for=$TARGETPLATFORM
DOCKERFILE
    twice --platform linux/amd64,linux/arm64
}

@test "zstd" {
    dockerfile <<'DOCKERFILE'
FROM debian-slim
RUN cp -r /usr/share /copied
DOCKERFILE
    twice --compression zstd
}
