#!/usr/bin/env bats
# What mica writes about images, judged by others: official schemas, a browser.
load ../functional/lib/helpers

attested() {
    mkdir -p context/apt
    dockerfile <<'DOCKERFILE'
FROM debian-slim
COPY Dockerfile /x
DOCKERFILE
    build --reproducible --provenance max --sbom spdx,cyclonedx --attestation-dir proof -t example.test/a:1
}

@test "CycloneDX: its official schema holds" {
    attested
    npm pack --silent @cyclonedx/cyclonedx-library@6.11.0 > /dev/null
    tar xf cyclonedx-*.tgz
    python3 "$BATS_TEST_DIRNAME/check_schema.py" package/res/schema bom-1.5.SNAPSHOT.schema.json proof/sbom.cdx.json
}

# Debian and npm do not have it; where the address cannot be reached, SPDX_SCHEMA can name a copy.
spdx_schema() {
    local address=https://raw.githubusercontent.com/spdx/spdx-spec/v2.3/schemas/spdx-schema.json
    mkdir spdx
    if [ -n "${SPDX_SCHEMA:-}" ]; then
        cp "$SPDX_SCHEMA" spdx/schema.json
    else
        curl --silent --fail --location --max-time 30 --output spdx/schema.json "$address" || return 1
    fi
    echo "239208b7ac287b3cf5d9a9af23f9d69863971102a5e1587a27a398b43490b89b  spdx/schema.json" | sha256sum --check --quiet
}

@test "SPDX: its official schema holds" {
    spdx_schema || skip "the schema cannot be fetched"
    attested
    python3 "$BATS_TEST_DIRNAME/check_schema.py" spdx schema.json proof/sbom.spdx.json
}

@test "SPDX: what the specification demands is there" {
    attested
    python3 "$BATS_TEST_DIRNAME/check_spdx.py" proof/sbom.spdx.json
    jq -e '[.packages[] | select(.externalRefs) | .externalRefs[0].referenceLocator] | any(startswith("pkg:deb/debian/libc6@"))' \
        proof/sbom.spdx.json
}

@test "the page of a difference is shown by a browser as it is meant" {
    dockerfile <<< $'FROM busybox\nARG X\nRUN echo "<b>$X</b>" > "/<i>x"'
    build --no-cache --build-arg X=left --output "type=oci,dest=$WORK/left,tar=false"
    build --no-cache --build-arg X=right --output "type=oci,dest=$WORK/right,tar=false"
    "$MICA" diff --format html -o page.html ./left ./right || [ $? -eq 1 ]
    chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=2000 --dump-dom "file://$WORK/page.html" \
        > dom.html 2> chromium.log
    grep -q '<h1>The images differ</h1>' dom.html
    grep -q '<span class="gone">-&lt;b&gt;left&lt;/b&gt;</span>' dom.html
    grep -q '<span class="new">+&lt;b&gt;right&lt;/b&gt;</span>' dom.html
    ! grep -qiE 'refused|blocked|violat' chromium.log
    chromium --headless --no-sandbox --disable-gpu --screenshot="$WORK/page.png" --window-size=1200,900 \
        "file://$WORK/page.html" > chromium.log 2>&1
    [ "$(stat -c %s page.png)" -gt 10000 ]
}
