#!/bin/sh
# The running server against docs/api/openapi.json: tests/peers/openapi.sh BUILD
# The document is checked by openapi-spec-validator; then schemathesis asks what it describes, and much that it does not, over mutual
# TLS on loopback, in well under a minute. Both come from PyPI into BUILD/peers-venv, at the versions of requirements.txt.
set -eu
cd "$(dirname "$0")/../.."
build=$(realpath "$1")
work=$(mktemp -d)
server= passed=0 failed=0
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; [ -z "$server" ] || wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
venv=$build/peers-venv
if [ ! -x "$venv/bin/st" ] || ! cmp -s tests/peers/requirements.txt "$venv/requirements.txt"; then
    rm -rf "$venv"
    if ! python3 -m venv "$venv" >"$work/log" 2>&1 || ! "$venv/bin/pip" -q install -r tests/peers/requirements.txt >>"$work/log" 2>&1; then
        rm -rf "$venv"
        tail -3 "$work/log"
        echo "schemathesis cannot be installed here (python3-venv? ./setup --test)"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
    fi
    cp tests/peers/requirements.txt "$venv/requirements.txt"
fi
try() { # NAME COMMAND…
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: FAILED"
        cut -c1-300 "$work/out" | tail -60
    fi
}
try "the document is OpenAPI 3.1" "$venv/bin/openapi-spec-validator" docs/api/openapi.json

"$build/mado" people --count 2000 --seed 7 --out "$work/town" >"$work/log" 2>&1
"$build/mado" import --store "$work/store" --quiet "$work"/town/insurers/*.ndjson >>"$work/log" 2>&1
"$build/mado" keys init "$work/keys" >>"$work/log" 2>&1
"$build/mado" keys institution "$work/keys" 1311234567 >>"$work/log" 2>&1
"$build/mado" serve --store "$work/store" --keys "$work/keys" --listen 127.0.0.1:0 --status 127.0.0.1:0 \
    >"$work/serve.log" 2>&1 &
server=$!
tries=0
until url=$(grep -o 'https://127[0-9.:]*' "$work/serve.log"); do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then cat "$work/log" "$work/serve.log"; echo "the server did not start"; exit 1; fi
    sleep 0.1
done
# Left out: positive_data_acceptance (a schema knows no check digits), ignored_auth (there is no TLS without the certificate), and for
# the field's own tree negative_data_rejection (its readers skip what they do not know, by design).
# 503 is an answer of this server: too many bulk jobs of one institution, refused early with "later".
cat >"$work/schemathesis.toml" <<END
[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]
END
document=$PWD/docs/api/openapi.json
ask() { # CHECKS-LEFT-OUT SECONDS PHASES FILTER…
    left_out=$1 seconds=$2 phases=$3
    shift 3
    (cd "$work" && "$venv/bin/st" run "$document" --url "$url" --tls-verify "$work/keys/institutions/1311234567/ca.pem" \
        --request-cert "$work/keys/institutions/1311234567/cert.pem" --request-cert-key "$work/keys/institutions/1311234567/key.pem" \
        --checks all --exclude-checks "$left_out" --phases "$phases" --max-time "$seconds" --seed 1 --no-color "$@")
}
try "the field's messages and health" ask positive_data_acceptance,ignored_auth,negative_data_rejection 12 examples,coverage,fuzzing \
    --exclude-tag fhir --exclude-by '/x-entrance == status'
door=$url
url=$(grep -o 'http://127[0-9.:]*' "$work/serve.log")
try "the status entrance" ask positive_data_acceptance,ignored_auth 6 examples,coverage,fuzzing --include-by '/x-entrance == status'
url=$door
try "FHIR, examples and every boundary" ask positive_data_acceptance,ignored_auth 14 examples,coverage --include-tag fhir
try "FHIR, random questions" ask positive_data_acceptance,ignored_auth 12 fuzzing --include-tag fhir
# The figures, read by Prometheus' own parser.
curl -s "$(grep -o 'http://127[0-9.:]*' "$work/serve.log")/metrics" >"$work/metrics"
try "Prometheus reads the figures" "$venv/bin/python" tests/peers/metrics.py "$work/metrics"
# And that it bites: a document that promises another health is noticed.
sed 's/"enum":\([[:space:]]*\)\["pass", "warn"\]/"enum":\1["splendid"]/' docs/api/openapi.json >"$work/other.json"
notices() { ! document=$work/other.json ask positive_data_acceptance,ignored_auth 5 fuzzing --include-path /health; }
try "a document that promises something else is noticed" notices
try "the log still verifies" "$build/mado" ledger verify --store "$work/store"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
