#!/bin/sh
# usage: tests/peers/ledger.sh BUILD   `mado ledger verify` and a verifier that was written from docs/format/ledger.md alone say the
# same of good, torn and damaged logs.
build=${1:-build}
here=$(dirname "$0")
command -v python3 >/dev/null || { echo "0 passed, 0 failed, 1 skipped (no python3)"; exit 0; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; }

# store claim expected-exit: both end so; when they accept, every writer has the same records and chain in both.
agree() {
    "$build/mado" ledger verify --store "$work/$1" >"$work/ours" 2>"$work/ours.err"
    ours=$?
    python3 "$here/verify_ledger.py" "$work/$1/ledger" >"$work/theirs" 2>"$work/theirs.err"
    theirs=$?
    if [ $ours -ne "$3" ] || [ $theirs -ne "$3" ]; then
        bad "$2: mado ends with $ours, the other verifier with $theirs, wanted $3"
        cat "$work/ours.err" "$work/theirs.err"
        return
    fi
    [ "$3" -eq 0 ] || { ok; return; }
    while read -r writer _ records _ segments _ torn _ head; do
        grep -q "^$writer: .* $records records in .* $segments segments" "$work/ours" && grep -q "$head" "$work/ours" ||
            { bad "$2: $writer: $records records, $segments segments, $head"; cat "$work/ours"; return; }
        if [ "$torn" = yes ]; then grep -q 'unfinished commit' "$work/ours" || { bad "$2: torn for one alone"; return; }; fi
    done <"$work/theirs"
    ok
}

# file offset: turns one bit
flip() { python3 - "$1" "$2" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); b = f.read(1)
    f.seek(int(sys.argv[2])); f.write(bytes([b[0] ^ 16]))
P
}

mkdir "$work/empty"
agree empty 'a store nobody has asked' 0
make="$build/tests/peers/make_log"
"$make" "$work/good/ledger" door-0 3000 65536 && "$make" "$work/good/ledger" operator 7 262144 || bad 'make_log'
agree good 'two writers, several segments' 0
grep -q '^operator records 7 ' "$work/theirs" && ok || bad 'the seven records of the operator'
"$make" "$work/good/ledger" door-0 10 65536
agree good 'a log that was opened again' 0

"$make" "$work/crashed/ledger" door-0 120 65536 crash
agree crashed 'a log that was not closed' 0
last=$(ls "$work"/crashed/ledger/door-0/*.seg | tail -n 1)
end=$(python3 -c 'import sys; print(len(open(sys.argv[1], "rb").read().rstrip(b"\0")))' "$last")
flip "$last" $((end - 200))
agree crashed 'a last commit that does not check, with nothing behind it' 0
flip "$last" 400
agree crashed 'a fault before whole commits' 1

segments=$(ls "$work/good/ledger/door-0" | grep -c seg)
for at in 0 9 20 60 100 230 256 260 270 285 300 2000 30000 60000; do
    cp -r "$work/good" "$work/hurt"
    flip "$work/hurt/ledger/door-0/00000002.seg" $at
    agree hurt "a bit turned at $at of the second of $segments segments" 1
    rm -rf "$work/hurt"
done
cp -r "$work/good" "$work/gap"
rm "$work/gap/ledger/door-0/00000002.seg"
agree gap 'a segment taken away' 1
cp -r "$work/good" "$work/other"
mv "$work/other/ledger/operator" "$work/other/ledger/desk"
agree other "a writer's log under another name" 1

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
