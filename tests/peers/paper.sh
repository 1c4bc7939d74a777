#!/bin/sh
# usage: tests/peers/paper.sh BUILD   Printed papers judged by software we did not write: poppler says the text and the fonts, zbar reads the
# code at 150 dpi, softened and turned; jose (npm) checks its signature.
set -u
cd "$(dirname "$0")/../.."
mado=$PWD/$1/mado peers=$PWD/tests/peers
for tool in zbarimg pdftoppm pdftotext python3; do
    command -v $tool >/dev/null || { echo "$tool is missing: ./setup --test"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0 missed=0
claim() { name=$1; shift; if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi; }
# A PNG writer of its own: netpbm and the like are one package more.
pnm_to_png() {
    python3 - "$1" "$2" <<'END'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
magic, width, height, depth = data.split(None, 4)[:4]
width, height = int(width), int(height)
rows = data[len(data) - width * height:]
chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
packed = zlib.compress(b"".join(b"\0" + rows[y * width:(y + 1) * width] for y in range(height)))
open(sys.argv[2], "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
END
}
standing() { "$mado" paper verify "$2" --keys "$3" --on 2026-11-26 --json 2>/dev/null | grep -q "\"standing\":\"$1\""; }
read_code() { zbarimg -q --raw -Sdisable -Sqrcode.enable "$1" 2>/dev/null; }

cat >members.ndjson <<'END'
{"insurer":"06139448","symbol":"12-34","number":"4260","branch":"01","start":"2020-04-01","name":"髙﨑　花子","kana":"タカサキ　ハナコ","sex":"2","birth":"1985-04-01"}
END
# A store for each size: nobody gets a second certificate out of one.
"$mado" import --store a4-store --quiet members.ndjson >log 2>&1 && cp -r a4-store card-store && "$mado" keys insurer keys 06139448 01130012 >>log 2>&1 ||
    { cat log; echo "0 passed, 1 failed"; exit 1; }
for size in a4 card; do
    "$mado" issue certificates --store $size-store --keys keys --out $size --size $size --on 2026-11-25 >>log 2>&1 || cat log
    pdf=$size/06139448/certificates-2026-11-25/000001.pdf
    pdftotext -raw $pdf $size.txt # in the order in which it was drawn, as a screen reader goes
    claim "$size: the name is real text, as written" grep -qE '^(氏名 )?髙﨑[ 　]*花子$' $size.txt
    claim "$size: until when" grep -q '令和13年11月24日' $size.txt
    order=$(grep -oE '^(資格確認書|氏名|生年月日|番号|保険者番号|有効期限)( |$)' $size.txt | tr -d ' ' | tr '\n' ' ')
    claim "$size: read in order ($order)" [ "$order" = '資格確認書 氏名 生年月日 番号 保険者番号 有効期限 ' ]
    claim "$size: every font is embedded" sh -c "pdffonts $pdf | tail -n +3 | awk '{ if (\$(NF-4) != \"yes\") bad = 1; n++ } END { exit bad || !n }'"
    claim "$size: tagged for a screen reader" sh -c "pdfinfo $pdf | grep -q 'Tagged: *yes' && pdfinfo -struct $pdf 2>/dev/null | grep -q TD && pdfinfo -struct $pdf 2>/dev/null | grep -q H1"
    [ $size = a4 ] && where='-f 1 -l 1 -x 700 -y 1160 -W 440 -H 450' || where='-f 2 -l 2'
    pdftoppm -r 150 -gray -singlefile $where $pdf $size
    read_code $size.pgm >$size.shc
    pnm_to_png $size.pgm $size.png
    claim "$size: zbar reads the code at 150 dpi" grep -q '^shc:/[0-9]*$' $size.shc
    for how in '2 0' '0 3' '2 2' '2 -4'; do
        python3 "$peers/degrade.py" $size.pgm worse.pgm $how
        read_code worse.pgm >worse.shc
        cmp -s $size.shc worse.shc || { missed=$((missed + 1)); echo "zbar missed $size ($how)"; }
        pnm_to_png worse.pgm worse.png
        claim "$size: softened and turned ($how), ours reads it and finds it valid" standing valid worse.png keys
    done
done
# Keys are new each time, and so is the code: at three pixels a module one picture in some fifty escapes zbar as it is.
claim "softened and turned, zbar reads the same in seven of eight pictures at least ($missed missed)" [ $missed -le 1 ]
if [ ! -d "$peers/node_modules/jose" ]; then (cd "$peers" && npm ci --no-audit --no-fund) >npm.log 2>&1; fi
if [ -d "$peers/node_modules/jose" ]; then
    node "$peers/health_card.mjs" a4.shc keys/insurers/06139448/jwks.json keys/insurers/01130012/jwks.json >jose || cat jose
    said=$(tail -n 1 jose)
    passed=$((passed + ${said%% *})) said=${said#*, } failed=$((failed + ${said%% *}))
    rid=$(sed -n '1s/.*{"paper":"\([^"]*\)".*/\1/p' a4/06139448/certificates-2026-11-25/000001.ndjson)
    "$mado" issue void --store a4-store --keys keys --out a4 --paper "$rid" --reason lost >>log 2>&1 || cat log
    node "$peers/void_list.mjs" keys/insurers/06139448/status.jws keys/insurers/06139448/jwks.json keys/insurers/01130012/jwks.json keys/insurers/06139448/crl/*.json "$rid" >jose || cat jose
    said=$(tail -n 1 jose)
    passed=$((passed + ${said%% *})) said=${said#*, } failed=$((failed + ${said%% *}))
    claim 'and ours finds the paper in it' standing voided a4.png keys
    node "$peers/foreign_card.mjs" foreign foreign.shc
    claim 'a card that jose signed is valid here' standing valid foreign.shc foreign
    claim 'and says what it says' sh -c "'$mado' paper verify foreign.shc --keys foreign --on 2026-11-26 | grep -q '他所　一郎'"
    claim "its list of void papers is read, and does not hold it" sh -c "'$mado' paper verify foreign.shc --keys foreign --on 2026-11-26 --json | grep -q '\"state\":\"current\"'"
    claim "with another insurer's keys it is nobody's" standing unknown-key foreign.shc keys
    node "$peers/foreign_card.mjs" foreign foreign.shc made-elsewhere
    claim 'a list that jose signed voids it' standing voided foreign.shc foreign
    echo "$passed passed, $failed failed"
else
    echo "jose cannot be fetched from npm here"
    echo "$passed passed, $failed failed, 1 skipped"
fi
[ $failed -eq 0 ]
