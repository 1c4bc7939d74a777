#!/bin/sh
# usage: tests/peers/card.sh BUILD   The virtual card against programs we did not write: OpenSC through pcscd and vpcd, openssl for
# signatures and certificates. pcscd runs in a namespace of its own: its socket has a fixed path, and vpcd's port has no lock.
build=${1:-build}
if [ "${CARD_INSIDE-}" != yes ]; then
    for tool in pcscd opensc-tool pkcs11-tool pkcs15-tool openssl; do
        command -v $tool >/dev/null || { echo "no $tool"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
    done
    root=-r
    [ "$(id -u)" -eq 0 ] && root=
    # shellcheck disable=SC2086 # nothing or one word
    unshare $root -n -m true 2>/dev/null || { echo "no namespaces here"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
    # shellcheck disable=SC2086
    CARD_INSIDE=yes exec unshare $root -n -m "$0" "$build"
fi

mado=$(realpath "$build/mado")
session=$(realpath "$build/tests/peers/card_session")
module=$(find /usr/lib -name opensc-pkcs11.so | head -n 1)
work=$(mktemp -d) || exit 1
card= reader=
finish() {
    for pid in $card $reader; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; }
# A program that waits for another one's card would wait for ever.
bounded() { case $(command -v "$1") in /*) timeout 30 "$@" ;; *) "$@" ;; esac; }
# wanted-exit claim command…: output in $work/out
ends() {
    wanted=$1 claim=$2
    shift 2
    bounded "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    [ $got -ne 124 ] || { bad "$claim: no end in 30 seconds"; return; }
    if [ "$wanted" = 0 ] && [ $got -eq 0 ]; then ok; elif [ "$wanted" != 0 ] && [ $got -ne 0 ]; then ok; else
        bad "$claim: ended with $got"
        tail -n 15 "$work/out"
    fi
}
says() { grep -Eq "$2" "$work/out" && ok || { bad "$1: no '$2' in"; cat "$work/out"; }; }
until_true() { # command…: twenty seconds at most
    n=0
    until "$@" >/dev/null 2>&1; do
        n=$((n + 1))
        [ $n -lt 200 ] || return 1
        sleep 0.1
    done
}

ip link set lo up
mkdir -p /run/pcscd 2>/dev/null
mount -t tmpfs none /run/pcscd || { echo "no mounts in a namespace here"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
pcscd --foreground >"$work/pcscd.log" 2>&1 &
reader=$!
export OPENSC_CONF="$work/opensc.conf"
echo 'app default { framework pkcs15 { use_file_caching = false; } }' >"$OPENSC_CONF"
until_true opensc-tool -l || { bad 'pcscd does not start'; cat "$work/pcscd.log"; }

present() { opensc-tool -l 2>/dev/null | grep -q ' Yes '; }
absent() { ! present; }
take_off() {
    [ -z "$card" ] || { kill "$card"; wait "$card"; [ $? -eq 0 ] && ok || bad 'mado card does not end politely'; }
    card=
    until_true absent
}
put() { # state…
    take_off
    "$mado" card --vpcd 127.0.0.1:35963 --pin 1234 --sign-pin ABC123 --keys "$work/keys" "$@" >"$work/card.log" 2>&1 &
    card=$!
    until_true present || { bad "no card: $*"; cat "$work/card.log"; }
}
p11() { timeout 30 pkcs11-tool --module "$module" "$@"; }
auth() { p11 --token-label 'JPKI (User Authentication PIN)' --login "$@"; }
sign() { p11 --token-label 'JPKI (Digital Signature PIN)' --login "$@"; }
tries() { # of auth|sign: what OpenSC says is left
    pkcs15-tool --list-pins 2>/dev/null | awk -v want="$1" '
        /User Authentication/ { at = "auth" } /Digital Signature/ { at = "sign" } /Tries left/ && at == want { print $NF; exit }'
}
left() { got=$(tries "$1"); [ "$got" = "$2" ] && ok || bad "$3: $got tries left, wanted $2"; }

# ---- a card in order ----
put
ends 0 'OpenSC knows the card' opensc-tool -r 0 -n
says 'OpenSC knows the card' '^jpki'
ends 0 'its contents' pkcs15-tool --dump
says 'the application' 'PKCS#15 Card \[JPKI\]'
[ "$(grep -c '^X.509 Certificate' "$work/out")" -eq 4 ] && ok || bad 'four certificates'
[ "$(grep -c '^Private RSA Key' "$work/out")" -eq 2 ] && ok || bad 'two keys'
left auth 3 'a new card'
left sign 5 'a new card'
left auth 3 'asking spends no try'

hanako=$work/keys/jpki/people/hanako
ends 0 'the authentication certificate is free' pkcs15-tool --read-certificate 01 -o "$work/auth.pem"
openssl x509 -in "$hanako/auth.pem" -outform DER -out "$work/want.der"
openssl x509 -in "$work/auth.pem" -outform DER -out "$work/got.der"
cmp -s "$work/want.der" "$work/got.der" && ok || bad 'the authentication certificate is another'
ends 1 'the signature certificate is unreadable without its password' pkcs15-tool --read-certificate 02 -o "$work/no.pem"
ends 1 'also with the other PIN' pkcs15-tool --verify-pin --auth-id 01 --pin 1234 --read-certificate 02 -o "$work/no.pem"
[ ! -s "$work/no.pem" ] && ok || bad 'the signature certificate came without its password'
ends 0 'with its password it is read' pkcs15-tool --verify-pin --auth-id 02 --pin ABC123 --read-certificate 02 -o "$work/sign.pem"
openssl x509 -in "$hanako/sign.pem" -outform DER -out "$work/want.der"
openssl x509 -in "$work/sign.pem" -outform DER -out "$work/got.der"
cmp -s "$work/want.der" "$work/got.der" && ok || bad 'the signature certificate is another'

# ---- signatures, verified by openssl ----
head -c 1000 /dev/urandom >"$work/message"
openssl x509 -in "$hanako/auth.pem" -noout -pubkey >"$work/auth.pub"
openssl x509 -in "$hanako/sign.pem" -noout -pubkey >"$work/sign.pub"
for hash in SHA256 SHA384 SHA512; do
    ends 0 "$hash by the authentication key" auth --pin 1234 --id 01 --sign -m $hash-RSA-PKCS -i "$work/message" -o "$work/auth.sig"
    ends 0 "openssl verifies it" openssl dgst -$hash -verify "$work/auth.pub" -signature "$work/auth.sig" "$work/message"
    ends 0 "$hash by the signature key" sign --pin ABC123 --id 02 --sign -m $hash-RSA-PKCS -i "$work/message" -o "$work/sign.sig"
    ends 0 "openssl verifies it" openssl dgst -$hash -verify "$work/sign.pub" -signature "$work/sign.sig" "$work/message"
done
ends 1 'the wrong key does not verify' openssl dgst -SHA512 -verify "$work/auth.pub" -signature "$work/sign.sig" "$work/message"
ends 1 'no signature without a PIN' p11 --token-label 'JPKI (User Authentication PIN)' --id 01 --sign -m SHA256-RSA-PKCS -i "$work/message" -o "$work/no.sig"

# ---- PINs count down, a right one sets them back, the last wrong one locks ----
ends 1 'a wrong PIN' auth --pin 9999 --id 01 --sign -m SHA256-RSA-PKCS -i "$work/message" -o "$work/no.sig"
says 'a wrong PIN' 'CKR_PIN_INCORRECT'
left auth 2 'after a wrong PIN'
ends 0 'the right PIN' pkcs15-tool --verify-pin --auth-id 01 --pin 1234
left auth 3 'after the right PIN'
for n in 2 1 0; do
    ends 1 'a wrong PIN' pkcs15-tool --verify-pin --auth-id 01 --pin 0000
    left auth $n 'after a wrong PIN'
done
ends 1 'a locked PIN takes the right one no more' pkcs15-tool --verify-pin --auth-id 01 --pin 1234
left sign 5 'the other PIN is untouched'
for n in 4 3 2 1 0; do
    ends 1 'a wrong password' pkcs15-tool --verify-pin --auth-id 02 --pin ABC124
    left sign $n 'after a wrong password'
done
ends 1 'a locked password takes the right one no more' pkcs15-tool --verify-pin --auth-id 02 --pin ABC123
[ ! -e "$work/no.sig" ] && ok || bad 'a refused signature was written'

# ---- the other cards ----
put --state locked
ends 1 'a locked card' pkcs15-tool --verify-pin --auth-id 01 --pin 1234
ends 0 'its authentication certificate can be read' pkcs15-tool --read-certificate 01
put --state pinless
ends 1 'a card without PINs' pkcs15-tool --verify-pin --auth-id 01 --pin 1234
ends 0 'its authentication certificate can be read' pkcs15-tool --read-certificate 01

# state expected-error-of-openssl: what openssl says of the card's own certificate
judged() {
    put --state "$1"
    ends 0 "$1: certificate" pkcs15-tool --read-certificate 01 -o "$work/card.pem"
    ends "$([ "$2" = OK ] && echo 0 || echo 1)" "$1: openssl" openssl verify -crl_check -explicit_policy \
        -policy 1.2.392.200149.8.5.1.3.30 -CAfile "$work/keys/jpki/auth/ca.pem" -CRLfile "$work/keys/jpki/auth/crl.pem" "$work/card.pem"
    says "$1: openssl" "$2"
}
# state fault revocation: what our own check says, by the CRL; a challenge signed by that very card
checked() {
    ends 0 "$1: a session of ours" "$session" 1234 "$work/$1"
    ends 0 "$1: our check" "$session" check "$work/$1" "$work/keys"
    says "$1: our check" "^fault $2 revocation $3\$"
}
judged ok OK
checked ok 0 0
judged expired 'error 10 '
checked expired 9 0
judged revoked 'error 23 '
checked revoked 0 1

openssl ocsp -index "$work/keys/jpki/auth/index.txt" -port 2560 -rsigner "$work/keys/jpki/auth/ocsp.pem" \
    -rkey "$work/keys/jpki/auth/ocsp.key" -CA "$work/keys/jpki/auth/ca.pem" -nmin 5 >"$work/ocsp.log" 2>&1 &
responder=$!
for row in auth:good auth-revoked:revoked; do
    ask="openssl ocsp -issuer $work/keys/jpki/auth/ca.pem -cert $hanako/${row%%:*}.pem -url http://127.0.0.1:2560/ -CAfile $work/keys/jpki/auth/ca.pem -respout $work/${row%%:*}.ocsp"
    # shellcheck disable=SC2086 # words of a command
    until_true $ask || cat "$work/ocsp.log"
    # shellcheck disable=SC2086
    ends 0 "OCSP of ${row%%:*}" $ask
    says "OCSP of ${row%%:*}" ": ${row##*:}"
    says "OCSP of ${row%%:*}" 'Response verify OK'
done
kill $responder && wait $responder 2>/dev/null
ends 0 'our check of an OCSP answer' "$session" check "$work/ok" "$work/keys" "$work/auth.ocsp"
says 'our check of a good OCSP answer' '^fault 0 revocation 0$'
ends 0 'our check of an OCSP answer' "$session" check "$work/revoked" "$work/keys" "$work/auth-revoked.ocsp"
says 'our check of a revoking OCSP answer' '^fault 0 revocation 1$'
ends 0 'our check of an OCSP answer' "$session" check "$work/ok" "$work/keys" "$work/auth-revoked.ocsp"
says 'an OCSP answer for another card' '^fault 0 revocation 3$'

put --state slow
ends 0 'a slow card' auth --pin 1234 --id 01 --sign -m SHA256-RSA-PKCS -i "$work/message" -o "$work/slow.sig"
put --person taro
ends 0 'a second person' pkcs15-tool --read-certificate 01 -o "$work/taro.pem"
cmp -s "$work/taro.pem" "$hanako/auth.pem" && bad 'two people have one certificate' || ok

# ---- our own reader, through PC/SC: words of tests/peers/card_session.c ----
put
ends 0 'a session of ours' "$session" 1234 "$work/ours"
says 'a session of ours' '^token 0 step 5 outcome 0 '
openssl x509 -inform DER -in "$work/ours.der" -noout -pubkey >"$work/ours.pub"
ends 0 'openssl verifies our challenge' openssl dgst -sha256 -verify "$work/ours.pub" -signature "$work/ours.sig" "$work/ours.challenge"
cmp -s "$work/ours.pub" "$work/auth.pub" && ok || bad 'our reading of the certificate is another'
ends 0 'a wrong PIN in a session of ours' "$session" 4321 "$work/no"
says 'a wrong PIN in a session of ours' '^token 0 step 3 .* tries 2$'
left auth 2 'OpenSC after our wrong PIN'
ends 0 'a reader by its name' "$session" 1234 "$work/ours" 'Virtual PCD 00 00'
ends 1 'a reader that is not there' "$session" 1234 "$work/no" 'Virtual PCD 09 00'
ends 1 'a reader with no card' "$session" 1234 "$work/no" 'Virtual PCD 00 01'
# Without selecting the application again: an unreset card would say 9000, verified.
"$session" 1234 "$work/ours" >/dev/null
opensc-tool -s 00:20:00:98 >"$work/out" 2>&1
says 'leaving resets the card' 'SW1=0x6A, SW2=0x82'
left auth 3 'after our right PIN'

mkfifo "$work/hold"
"$session" hold - <"$work/hold" >"$work/held" &
holder=$!
exec 9>"$work/hold"
until_true grep -q held "$work/held" || bad 'the card is not held'
ends 1 'OpenSC cannot use a card that we have' pkcs15-tool --read-certificate 01
ends 1 'nor can a second session of ours' "$session" 1234 "$work/no"
says 'nor can a second session of ours' 'another program has it'
exec 9>&-
wait $holder && ok || bad 'holding'
ends 0 'afterwards it can' pkcs15-tool --read-certificate 01

put --state locked
ends 0 'a locked card in a session of ours' "$session" 1234 "$work/no"
says 'a locked card in a session of ours' '^token 0 step 2 '
[ ! -e "$work/no.sig" ] && ok || bad 'a locked card signed'

# ---- what mado card refuses ----
take_off
ends 1 'no card for a session of ours' "$session" 1234 "$work/no"
says 'no card for a session of ours' 'no card on the reader'
ends 1 'a PIN of letters' "$mado" card --vpcd 127.0.0.1:35963 --pin 12a4 --sign-pin ABC123
ends 1 'nobody listens' "$mado" card --vpcd 127.0.0.1:1 --pin 1234 --sign-pin ABC123
says 'nobody listens' 'does not answer'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
