#!/bin/sh
# FHIR, judged by software we did not write: tests/peers/fhir.sh BUILD
# A server answers a town's questions over mutual TLS; its replies, the messages of fhir_answers.c and docs/fhir are validated with
# packages from npm (versions: package-lock.json). JP Core is looked for in $MADO_DATA/fhir.
set -eu
cd "$(dirname "$0")/../.."
build=$1
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; [ -z "$server" ] || wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
command -v npm >/dev/null || { echo "npm is missing: ./setup --test"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
if [ ! -d tests/peers/node_modules/fhirpath ] && ! (cd tests/peers && npm ci --no-audit --no-fund >"$work/npm" 2>&1); then
    tail -5 "$work/npm"
    rm -rf tests/peers/node_modules
    echo "the validators cannot be fetched from npm here"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
status=0

"$build/mado" people --count 2000 --seed 7 --out "$work/town" >"$work/log" 2>&1
"$build/mado" import --store "$work/store" --quiet "$work"/town/insurers/*.ndjson >>"$work/log" 2>&1
"$build/mado" keys init "$work/keys" >>"$work/log" 2>&1
"$build/mado" keys institution "$work/keys" 1311234567 >>"$work/log" 2>&1
"$build/mado" serve --store "$work/store" --keys "$work/keys" --listen 127.0.0.1:0 >"$work/serve.log" 2>&1 &
server=$!
tries=0
until url=$(grep -o 'https://127[0-9.:]*' "$work/serve.log"); do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then cat "$work/log" "$work/serve.log"; echo "the server did not start"; exit 1; fi
    sleep 0.1
done
node tests/peers/fhir_live.mjs "$url" "$work/keys/institutions/1311234567" "$work/town/questions.ndjson" "$work/messages.ndjson" 300 >"$work/live" || status=1
cat "$work/live"

"$build/tests/peers/fhir_answers" >>"$work/messages.ndjson"
jp=
archive=${MADO_DATA:+$MADO_DATA/fhir/jp-core.r4-1.1.2-url.tgz}
if [ -n "$archive" ] && [ -f "$archive" ]; then
    mkdir "$work/jp"
    tar -xzf "$archive" -C "$work/jp"
    rm -rf "$work/jp/package/other" "$work/jp/package/openapi"
    jp=$work/jp/package
fi
node tests/peers/fhir_check.mjs "$work/messages.ndjson" docs/fhir docs/format/fhir.md $jp >"$work/check" || status=1
cat "$work/check"
cat "$work/live" "$work/check" | tools/sum-results || status=1
exit $status
