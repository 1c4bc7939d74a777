#!/bin/sh
# The door, looked at from outside with software we did not write: curl, openssl, ab. Real processes around an app that answers
# in every way there is (tests/lib/http_test_app.h). usage: tests/peers/door.sh [BUILD]; ends in "N passed, N failed". For a build
# with AddressSanitizer PRELOAD names its library, which the stock nginx must load first (make door-sanitize).
set -u
build=$(cd "${1:-build}" && pwd) || exit 1
t=$(mktemp -d) || exit 1
passed=0 failed=0 skipped=0 started=

ok() { passed=$((passed + 1)); echo "ok      $1"; }
bad() { failed=$((failed + 1)); echo "FAILED  $1"; [ $# -lt 2 ] || printf '        %s\n' "$2"; }
skip() { skipped=$((skipped + 1)); echo "skipped $1"; }
# is NAME EXPECTED ACTUAL; has NAME NEEDLE HAYSTACK; no NAME NEEDLE HAYSTACK
is() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1" "expected $2, got $3"; fi; }
has() { case $3 in *"$2"*) ok "$1" ;; *) bad "$1" "no $2 in: $3" ;; esac; }
no() { case $3 in *"$2"*) bad "$1" "$2 in: $3" ;; *) ok "$1" ;; esac; }
lives() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }
# gone PID SECONDS: whether it ends by then
gone() {
    n=$(($2 * 10))
    while lives "$1" && [ $n -gt 0 ]; do sleep 0.1; n=$((n - 1)); done
    ! lives "$1"
}
finish() {
    for p in $started; do lives "$p" && kill -KILL "$p" 2>/dev/null; done
    rm -rf "$t"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

mkdir "$t/bin" "$t/store" "$t/other" || exit 1
cp "$build/mado" "$build/tests/ngx_http_mado_module.so" "$t/bin/" || exit 1
cd "$t" || exit 1
# LeakSanitizer knows nothing of nginx's pools at exit; the unit tests look for leaks.
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
: >err.log
mado=$t/bin/mado good=0110113719 second=2714206386
{
    $mado keys init keys && $mado keys institution keys $good && $mado keys institution keys $second &&
        $mado keys init foreign && $mado keys institution foreign $good
} >keys.log || exit 1
# The app under test needs no members, the desk beside it does: each store holds one.
stored() { "$mado" import --quiet --store "$1" member.ndjson >import.log 2>&1 || { cat import.log; exit 1; }; }
echo '{"insurer":"06139448","number":"1","start":"2019-10-01","name":"診療　太郎","sex":"1","birth":"1985-04-01"}' >member.ndjson
stored store
stored other
mine=keys/institutions/$good yours=keys/institutions/$second
cat $mine/cert.pem $mine/key.pem >mine.pem
cat $yours/cert.pem $yours/key.pem >yours.pem

# serve STORE OPTION...: starts a server and sets $server, $master, $workers, $address, $door, $status
serve() {
    store=$1
    shift
    cat err.log >>errors.log
    LD_PRELOAD=${PRELOAD-} "$mado" serve --store "$store" --keys keys --listen 127.0.0.1:0 --status 127.0.0.1:0 "$@" >out.log 2>err.log &
    server=$! started="$started $!"
    n=100
    while ! grep -q https out.log && lives $server && [ $n -gt 0 ]; do sleep 0.1; n=$((n - 1)); done
    address=$(sed -n 's/.*https:\/\/\([0-9.:]*\).*/\1/p' out.log) door=https://$address
    status=$(sed -n 's/.*\(http:\/\/[0-9.:]*\).*/\1/p' out.log)
    master=$(pgrep -P $server nginx)
    workers=$([ -z "$master" ] || pgrep -P "$master" nginx | tr '\n' ' ')
}
as() { pem=$1; shift; curl -sS --max-time 20 --cacert keys/ca.pem --cert "$pem" "$@" 2>&1; }
ask() { as mine.pem "$@"; }
# talk OPTION...: sends what it reads over a line held open by hand
talk() { timeout 20 openssl s_client -quiet -connect "$address" -CAfile keys/ca.pem "$@" 2>/dev/null; }
code_of() { sed 's/.*\(MDO[A-Z][0-9]*E\).*/\1/' | tr '\n' ' '; }

# issued NAME START END: a certificate of our authority with an end of its own, made by openssl
issued() {
    mkdir -p ca/new
    [ -e ca/index ] || { : >ca/index; echo 7000 >ca/serial; }
    cat >ca/conf <<CONF
[ca]
default_ca = d
[d]
database = ca/index
serial = ca/serial
new_certs_dir = ca/new
certificate = keys/authority/ca.pem
private_key = keys/authority/ca.key
default_md = sha256
policy = p
unique_subject = no
[p]
commonName = supplied
serialNumber = supplied
CONF
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" \
        -subj "/CN=$good/serialNumber=$good" 2>/dev/null &&
        openssl ca -batch -config ca/conf -startdate "$2" -enddate "$3" -in "$1.csr" -out "$1.crt" -notext 2>ca/log &&
        cat "$1.crt" "$1.key" >"$1.pem"
}

# --- keys, judged by openssl
has 'an institution certificate verifies against the authority' OK \
    "$(openssl verify -x509_strict -purpose sslclient -CAfile keys/ca.pem -CRLfile keys/crl.pem -crl_check $mine/cert.pem 2>&1)"
has 'the server certificate verifies for localhost' OK \
    "$(openssl verify -x509_strict -purpose sslserver -verify_hostname localhost -CAfile keys/ca.pem keys/server/cert.pem 2>&1)"
has 'an institution certificate does not serve as a server' error \
    "$(openssl verify -purpose sslserver -CAfile keys/ca.pem $mine/cert.pem 2>&1)"
has 'the subject names the institution' "serialNumber = $good" "$(openssl x509 -in $mine/cert.pem -noout -subject)"
is 'keys are for their owner alone' '600 600 600 700 ' \
    "$(stat -c %a keys/authority/ca.key keys/server/key.pem $mine/key.pem keys/authority | tr '\n' ' ')"
before=$(cksum keys/authority/ca.key keys/server/key.pem $mine/key.pem)
{ $mado keys init keys && $mado keys institution keys $good; } >/dev/null
is 'making keys again changes none' "$before" "$(cksum keys/authority/ca.key keys/server/key.pem $mine/key.pem)"
has 'a code with a wrong check digit is pointed out, in both languages' 'check digit of institution code 0110113718 is wrong' \
    "$($mado keys institution keys 0110113718 2>&1)"
$mado keys institution keys ../../etc >keys.log 2>&1
is 'what is no code at all is refused' 1 $?
$mado keys revoke keys 1310000000 >keys.log 2>&1
has 'revoking an institution without a certificate says so' '見つかりません / not found' "$(cat keys.log)"

# --- the door
serve store --workers 2
if [ -z "$address" ]; then
    cat err.log
    bad 'the server starts'
    echo "$passed passed, $failed failed"
    exit 1
fi
is 'the folder of the running server is private' 700 "$(stat -c %a store/run)"
head -c 3000000 /dev/urandom >body
head -c 10000000 /dev/zero >big
for v in --http1.1 --http2; do
    has "$v: an answer at once, with the institution known" "\"serial\":\"$good\",\"verified\":true" "$(ask $v "$door/now?x=1")"
    has "$v: an answer from a thread" '"body":3' "$(ask $v "$door/later" -d abc)"
    is "$v: HEAD has the length of the answer" "$(ask $v "$door/nowhere" | wc -c)" \
        "$(ask $v -I "$door/nowhere" | tr -d '\r' | sed -n 's/^[cC]ontent-[lL]ength: //p')"
    is "$v: a header of an answer" '"7"' "$(ask $v -D - -o out "$door/headers" | tr -d '\r' | sed -n 's/^[eE][tT]ag: //p')"
    no "$v: a value cannot start a header of its own" Evil "$(ask $v -D - -o out "$door/headers")"
    is "$v: a body of 3 MB comes back whole" "$(cksum <body)" "$(ask $v --data-binary @body "$door/echo" | cksum)"
    is "$v: also when its length is not said" "$(cksum <body)" \
        "$(ask $v -H 'Transfer-Encoding: chunked' --data-binary @body "$door/echo" | cksum)"
    is "$v: an answer of 20 MB from a thread" 20000000 "$(ask $v "$door/later-big?20000000" | wc -c)"
    is "$v: a body of 10 MB is refused with 413" 'MDOF0005E 413' "$(ask $v --data-binary @big "$door/echo" -w '%{http_code}' | code_of)"
    is "$v: also when its length is not said" 'MDOF0005E 413' \
        "$(ask $v -H 'Transfer-Encoding: chunked' --data-binary @big "$door/echo" -w '%{http_code}' | code_of)"
    is "$v: no certificate is a 401" 'MDOA0001E 401' "$(curl -sS $v --cacert keys/ca.pem "$door/now" -w '%{http_code}' 2>&1 | code_of)"
done
is 'no body was put in a file' '' "$(find store/run -path '*tmp-*' -type f)"
printf 'GET /now?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /later?2 HTTP/1.1\r\nHost: a\r\n\r\nGET /now?3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >three
is 'three requests sent at once are answered in order' '1 2 3 ' \
    "$( (cat three; sleep 1) | talk -cert mine.pem | sed -n 's/.*"query":"\([0-9]\)".*/\1/p' | tr '\n' ' ')"

cat foreign/institutions/$good/cert.pem foreign/institutions/$good/key.pem >foreign.pem
has 'a certificate of another authority is refused' MDOA0001E "$(as foreign.pem "$door/now")"
issued expired 20200101000000Z 20210101000000Z || bad 'openssl ca' "$(cat ca/log)"
has 'an expired certificate is refused' MDOA0001E "$(as expired.pem "$door/now")"
issued early 20480101000000Z 20490101000000Z || bad 'openssl ca' "$(cat ca/log)"
has 'a certificate that is not valid yet is refused' MDOA0001E "$(as early.pem "$door/now")"
issued brief "$(date -u -d '-1 hour' +%Y%m%d%H%M%SZ)" "$(date -u -d '+4 seconds' +%Y%m%d%H%M%SZ)" || bad 'openssl ca' "$(cat ca/log)"
is 'a certificate that ends while the line is open counts no more' 'true false ' "$( (
    printf 'GET /now HTTP/1.1\r\nHost: a\r\n\r\n'
    sleep 6
    printf 'GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    sleep 1
) | talk -cert brief.pem | sed -n 's/.*"verified":\([a-z]*\).*/\1/p' | tr '\n' ' ')"

has 'another name in SNI and Host does no harm' '"verified":true' \
    "$( (printf 'GET /now HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n'; sleep 1) | talk -servername elsewhere.example -cert mine.pem)"
# speaks OPTION...: the version that openssl and the door agree on
speaks() { echo | timeout 5 openssl s_client -CAfile keys/ca.pem -connect "$address" -cert mine.pem "$@" 2>&1 | sed -n 's/^New, \(.*\)/\1/p'; }
for v in 1 1_1; do has "TLS $v is refused" '(NONE)' "$(speaks -tls$v -cipher 'ALL:@SECLEVEL=0')"; done
has 'TLS 1.2 is spoken' 'TLSv1.2, Cipher is ECDHE' "$(speaks -tls1_2)"
has 'TLS 1.3 is spoken' TLSv1.3 "$(speaks)"
has 'TLS 1.2 without forward secrecy is refused' '(NONE)' "$(speaks -tls1_2 -cipher 'kRSA:DHE')"
has 'plain HTTP on the TLS port' 'TLS only' "$(curl -sS "http://$address/now" 2>&1)"
has 'a request that is not HTTP' MDOF0001E "$( (printf 'BAD\001REQUEST\r\n\r\n'; sleep 1) | talk -cert mine.pem)"
has 'a head too large' 'MDOF0005E' "$(ask --http1.1 -H "X-Long: $(head -c 20000 /dev/zero | tr '\0' x)" "$door/now")"
has 'an address too long' 'MDOF0005E' "$(ask --http1.1 "$door/now?$(head -c 20000 /dev/zero | tr '\0' x)")"
has 'TRACE' MDOH0002E "$(ask -X TRACE "$door/now")"
has 'the status entrance knows nobody' '"entrance":"status","type":"","serial":"","verified":false' "$(curl -sS "$status/now")"
no 'the version of nginx is not told' 'nginx/' "$(ask -i "$door/nowhere")"

# --- standing: the list counts at the next request, on an open line and on a resumed session too
now10='GET /now HTTP/1.0\r\n\r\n'
for v in 2 3; do
    # shellcheck disable=SC2059 # a request, with its line ends
    (printf "$now10"; sleep 1) | openssl s_client -connect "$address" -CAfile keys/ca.pem -cert yours.pem "-tls1_$v" -sess_out "session$v" >/dev/null 2>&1
done
is 'a certificate revoked while its line is open is refused at the next request' '200 401 ' "$( (
    printf 'GET /now HTTP/1.1\r\nHost: a\r\n\r\n'
    sleep 1
    $mado keys revoke keys $second >&2
    sleep 2
    printf 'GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    sleep 1
) 2>revoke.log | talk -cert yours.pem | sed -n 's/^HTTP\/1.1 \([0-9]*\).*/\1/p' | tr '\n' ' ')"
for v in 2 3; do
    # shellcheck disable=SC2059
    said=$( (printf "$now10"; sleep 1) | timeout 10 openssl s_client -connect "$address" -CAfile keys/ca.pem -cert yours.pem "-tls1_$v" -sess_in "session$v" 2>&1)
    has "TLS 1.$v: the session is resumed" 'Reused, TLSv1.' "$said"
    has "TLS 1.$v: and refused, since the certificate is revoked" '"detail":"revoked"' "$said"
done
has 'openssl sees it in the CRL' revoked \
    "$(openssl verify -CAfile keys/ca.pem -CRLfile keys/crl.pem -crl_check keys/institutions/$second.revoked-*/cert.pem 2>&1)"
kill -HUP $server
sleep 2
said=$(as yours.pem "$door/now")
has 'after a reload TLS itself refuses it' MDOA0001E "$said"
no 'before the app is asked' '"detail":"revoked"' "$said"
has 'the others go on' '"verified":true' "$(ask "$door/now")"
$mado keys institution keys $second >/dev/null && cat $yours/cert.pem $yours/key.pem >yours.pem
has 'a revoked institution gets a new key' "\"serial\":\"$second\",\"verified\":true" "$(as yours.pem "$door/now")"

# --- many at once, and clients that go away
n=0
while [ $n -lt 100 ]; do printf 'url = "%s/later?%d"\noutput = "out"\n' "$door" $n; n=$((n + 1)); done >urls
is 'a hundred questions as HTTP/2 streams' 100 "$(ask --http2 -Z --parallel-max 50 -w '%{http_code}\n' -K urls | grep -c '^200')"
n=0 pids=
while [ $n -lt 20 ]; do
    ask --http1.1 --max-time 0.2 "$door/slow?500" >/dev/null &
    pids="$pids $!" n=$((n + 1))
done
ask --http2 --max-time 0.2 "$door/slow?500" >/dev/null
ask --http1.1 "$door/big?60000000" | head -c 1000 >/dev/null
ask --http2 "$door/big?60000000" | head -c 1000 >/dev/null
for p in $pids; do wait "$p"; done
has 'clients that hang up while an answer is owed harm nobody' '"verified":true' "$(ask "$door/now")"
no 'no worker fell' signal "$(cat err.log)"

# --- reload and end
head -c 484 /dev/zero >question
(for i in 1 2 3; do sleep 1; kill -HUP $server; done) &
load=$(ab -q -l -k -c 32 -t 5 -n 100000000 -E mine.pem -f TLS1.3 -p question -T application/json "$door/later" 2>&1 | tr -s ' ')
has 'three reloads under load lose no request' 'Failed requests: 0' "$load"
is 'and the load was one' 1 "$(printf '%s\n' "$load" | grep -cE 'Complete requests: [0-9]{4,}')"
sleep 2
ask "$door/slow?1500" >owed.log &
asker=$!
sleep 0.5
kill -TERM $server
wait $server
is 'a graceful end returns 0' 0 $?
wait $asker
has 'and answers what is owed first' '"path":"/slow"' "$(cat owed.log)"
gone "$master" 1
is 'nginx is gone too' '' "$(lives "$master" && echo "$master")"
no 'nothing fell' signal "$(cat err.log)"

serve store --workers 2
kill -KILL $server
left=
for p in $master $workers; do gone "$p" 5 || left="$left $p"; done
is 'kill -9 of the server leaves no nginx behind' '' "$left"
serve store --workers 1
has 'the store can be served again at once' '"verified":true' "$(ask "$door/now")"
LD_PRELOAD=${PRELOAD-} "$mado" serve --store store --keys keys --listen 127.0.0.1:0 >twice.log 2>&1
is 'a store is not served twice' 1 $?
has 'and it says why' 'another mado serve' "$(cat twice.log)"
LD_PRELOAD=${PRELOAD-} "$mado" serve --store other --keys keys --listen "$address" >twice.log 2>&1
has 'a port in use is named' "$address" "$(cat twice.log)"
LD_PRELOAD=${PRELOAD-} "$mado" serve --store other --keys keys --listen 127.0.0.1:0 --status 0.0.0.0:0 >twice.log 2>&1
has 'the status page is for this machine alone' 'this machine alone' "$(cat twice.log)"
kill -KILL "$master"
wait $server
is 'when nginx dies, the server ends' 1 $?
has 'with a word for the operator' 'ended unexpectedly' "$(cat err.log)"
left=
for p in $workers; do gone "$p" 5 || left="$left $p"; done
is 'workers do not outlive their master' '' "$left"
stored refuse
serve refuse
wait $server
is 'an app that cannot start ends the server' 1 $?
has 'with its reason' 'refused to start' "$(cat err.log)"
cp -r keys broken && echo rubbish >broken/server/cert.pem
LD_PRELOAD=${PRELOAD-} "$mado" serve --store other --keys broken --listen 127.0.0.1:0 >broken.log 2>&1
is 'a broken key is found before anything starts' 1 $?
has 'in the words of nginx' 'cannot load certificate' "$(cat broken.log)"

if [ "$(id -u)" -eq 0 ]; then
    chmod 755 "$t" bin && mkdir owned && cp -r keys owned/keys && stored owned/store && chown -R nobody:nogroup owned
    mv keys keys.root && mv owned/keys keys
    serve owned/store --workers 1
    is 'root serves as the owner of the store' 'nobody nobody nobody ' \
        "$(for p in $server $master $workers; do ps -o user= -p "$p"; done | tr '\n' ' ')"
    has 'and answers' '"verified":true' "$(ask "$door/now")"
    kill -TERM $server
    wait $server
    rm -rf keys && mv keys.root keys
else
    skip 'root serves as the owner of the store (not root here)'
fi

# --- the same settings with shorter limits, nginx run by hand
serve other --workers 1
kill -TERM $server
wait $server
conf=other/run/nginx.conf
sed 's/mado_app .*/mado_app nobody;/' $conf >other/run/nobody.conf
has 'an app that the program does not have is refused' 'is no app of this program' \
    "$(LD_PRELOAD=${PRELOAD-} /usr/sbin/nginx -t -e stderr -p "$t/other/run" -c "$t/other/run/nobody.conf" 2>&1)"
sed -i -e 's/mado_body_deadline .*/mado_body_deadline 3s;/' -e 's/mado_owed_max .*/mado_owed_max 2;/' \
    -e 's/client_header_timeout .*/client_header_timeout 2s;/' -e 's/client_body_timeout .*/client_body_timeout 2s;/' $conf
LD_PRELOAD=${PRELOAD-} /usr/sbin/nginx -e stderr -p "$t/other/run" -c "$t/$conf" 2>hand.log &
server=$! started="$started $!"
sleep 1
head='POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'
# shellcheck disable=SC2059
drip=$( (printf "$head"; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf x; sleep 0.5; done) | talk -cert mine.pem)
has 'a body dripped a byte at a time is cut off' ' 408 ' "$drip"
has 'with a proper body' MDOS0007E "$drip"
# shellcheck disable=SC2059
has 'a body that stops is cut off' MDOS0007E "$( (printf "${head}abc"; sleep 4) | talk -cert mine.pem)"
begin=$(date +%s)
(printf 'GET /now HTTP/1.1\r\nHo'; for i in 1 2 3 4 5 6; do sleep 1; printf x; done) 2>/dev/null | talk -cert mine.pem >/dev/null
has 'a head dripped is cut off' yes "$([ $(($(date +%s) - begin)) -le 7 ] && echo yes)"
ask "$door/slow?1000" >/dev/null &
one=$!
ask "$door/slow?1000" >/dev/null &
two=$!
sleep 0.5
busy=$(ask -i "$door/now")
has 'too many answers owed: refused' MDOS0006E "$busy"
has 'with a time to come back' 'etry-' "$busy"
has 'the status entrance answers even then' '"entrance":"status"' "$(curl -sS "$status/now")"
wait $one $two
has 'and soon it answers again' '"verified":true' "$(ask "$door/now")"
worker=$(pgrep -P $server nginx)
ask "$door/slow?1500" >owed.log &
asker=$!
sleep 0.5
kill -QUIT $server
wait $asker
has 'a quitting worker answers what is owed' '"path":"/slow"' "$(cat owed.log)"
gone "$worker" 8
is 'and then leaves' '' "$(lives "$worker" && echo "$worker")"

is 'no sanitizer complained' '' "$(grep -hE 'runtime error|Sanitizer' errors.log err.log hand.log twice.log broken.log)"
if [ "$skipped" -eq 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
[ "$failed" -eq 0 ]
