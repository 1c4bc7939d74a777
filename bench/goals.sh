# Sourced by bench/run: one function a goal. Rounds are kept in $work/rounds.GOAL, a line each; result() writes what is reported.

say() { printf '%s\n' "$*" >&2; }
# Nations that are loaded already, smallest first.
there() { for d in "$work"/[0-9]*; do [ -e "$d/loaded" ] && basename "$d"; done | sort -n; }
# middle FILE COLUMN: "median low high"
middle() { awk -v c="$2" '{print $c}' "$1" | sort -n | awk '{v[NR] = $1} END {printf "%.4g %.4g %.4g\n", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2, v[1], v[NR]}'; }

# result GOAL FIGURE UNIT REFERENCE REFERENCE_IS RATIO LOW HIGH GOAL_TEXT PEOPLE [MORE]: MORE is further JSON members
result() {
    printf '"%s":{"figure":%s,"unit":"%s","reference":%s,"reference_is":"%s","ratio":%s,"spread":[%s,%s],"goal":"%s","people":%s,"commit":"%s","machine":"%s","load":"%s"%s}\n' \
        "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "$9" "${10}" "$commit" "$machine" "$(cut -d' ' -f1 /proc/loadavg)" "${11:+,${11}}" >"$work/lines/$1"
    say "$1: $2 $3; reference $4 ($5); ratio $6 [$7 to $8]; goal: $9"
}

# nation PEOPLE: files and a loaded store in $work/PEOPLE, made when they are not there
nation() {
    d=$work/$1
    [ -e "$d/loaded" ] && return 0
    say "making $1 people"
    rm -rf "$d" && mkdir -p "$d" &&
        "$build/mado" people --count "$1" --seed 1 --insurers-only --out "$d/files" --as-of 2026-11-01 >"$d/log" 2>&1 &&
        import_all "$d" && touch "$d/loaded"
}

# import_all FOLDER: its files into its store; sets $import_s, $import_cpu, $import_lines
import_all() {
    rm -rf "$1/store" "$1/results"
    begun=$(date +%s%N)
    cpu_before=$(cut -d' ' -f3,4 /proc/self/stat >/dev/null; times | sed -n 2p)
    "$build/mado" import --store "$1/store" --results "$1/results" --quiet "$1"/files/insurers/*.ndjson >"$1/import.log" 2>&1 ||
        { tail -1 "$1/import.log" >&2; return 1; }
    import_s=$(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN {printf "%.3f", (b - a) / 1e9}')
    import_lines=$(sed 's/.*accepted \([0-9]*\).*/\1/' "$1/import.log" | awk '{n += $1} END {print n}')
    rm -rf "$1/results"
}

# questions PEOPLE: bodies about members drawn evenly
questions() {
    questions=$work/$1/questions
    [ -s "$questions" ] || "$build/bench/bodies" "$work/$1/store" 400000 $institution >"$questions"
}

# S1: what a question costs, in user+sys CPU of the server, beside nginx's fixed answer of the same length
# s1 ROUNDS SECONDS
s1() {
    questions "$large" && door "$work/$large/store" && warmed
    set -- "$1" "$2" $(load "$door" "$questions" 256 1 0 "$door_worker")
    fixed "$work/$large/store" $((${8} - 160))
    : >"$work/rounds.S1"
    i=0
    while [ $i -lt "$1" ]; do
        echo "$(load "$door" "$questions" 256 "$2" 0 "$door_worker") $(load "$fixed" "$questions" 256 "$2" 0 "$fixed_worker")" >>"$work/rounds.S1"
        i=$((i + 1))
    done
    finish
    awk '{print $4, $15, $4 / $15, $5, $16, $2 + $3 + $13 + $14}' "$work/rounds.S1" >"$work/rounds.S1.ratios"
    bad=$(awk '{n += $6} END {print n + 0}' "$work/rounds.S1.ratios")
    ours=$(middle "$work/rounds.S1.ratios" 1) theirs=$(middle "$work/rounds.S1.ratios" 2) ratio=$(middle "$work/rounds.S1.ratios" 3)
    rate=$(middle "$work/rounds.S1.ratios" 4)
    set -- $ratio
    result S1 "${ours%% *}" "us of server CPU a question, 256 connections, durable log" "${theirs%% *}" \
        "nginx return 200 of the same length on the same mutual-TLS settings" "$1" "$2" "$3" "ratio at most 1.5 (gate 1.8)" "$large" \
        "\"questions_s_closed_loop\":${rate%% *},\"failed\":$bad"
    [ "$bad" = 0 ] || { say "S1: $bad questions failed"; return 1; }
}
quick_S1() { s1 5 1; }

# S2: latency at half of S1's rate; questions arrive whether answers come or not
# s2 ROUNDS SECONDS
s2() {
    questions "$large" && door "$work/$large/store" && warmed && fixed "$work/$large/store" 1300
    half=$(sed -n 's/.*"questions_s_closed_loop":\([0-9.e+]*\).*/\1/p' "$work/lines/S1" | awk '{printf "%d", $1 / 2}')
    : >"$work/rounds.S2"
    i=0
    while [ $i -lt "$1" ]; do
        echo "$(load "$door" "$questions" 256 "$2" "$half" 0) $(load "$fixed" "$questions" 256 "$2" "$half" 0)" >>"$work/rounds.S2"
        i=$((i + 1))
    done
    finish
    awk '{print $8 / 1000, $19 / 1000, $9 / 1000, $20 / 1000, $7 / 1000, $18 / 1000, $9 / ($20 ? $20 : 1)}' "$work/rounds.S2" >"$work/rounds.S2.ms"
    p99=$(middle "$work/rounds.S2.ms" 1) p999=$(middle "$work/rounds.S2.ms" 3) theirs=$(middle "$work/rounds.S2.ms" 2)
    ratio=$(awk '{print $1 / ($2 ? $2 : 1)}' "$work/rounds.S2.ms" >"$work/rounds.S2.ratio"; middle "$work/rounds.S2.ratio" 1)
    p50=$(middle "$work/rounds.S2.ms" 5)
    set -- $ratio
    result S2 "${p99%% *}" "ms, p99 at $half questions/s, open loop" "${theirs%% *}" "nginx return 200 under the same arrivals" "$1" "$2" "$3" \
        "p99 at most 10 ms, p99.9 at most 25 ms" "$large" "\"p999_ms\":${p999%% *},\"p50_ms\":${p50%% *},\"p99_low_high\":[$(echo "${p99#* }" | tr ' ' ,)]"
}

# S5 and S3 in process: look-up, decision, durable record, written answer; the stores take turns
# s5_s3 ROUNDS MILLISECONDS
s5_s3() {
    set -- "$1" "$2" "$work/$small/store"
    [ "$large" = "$small" ] || set -- "$@" "$work/$large/store"
    if [ -n "${FIFTY:-}" ]; then nation 50000000 && set -- "$@" "$work/50000000/store"; fi
    rounds=$1 ms=$2
    shift 2
    "$build/bench/question" "$rounds" "$ms" "${SAMPLE:-400000}" "$@" >"$work/rounds.S5" || return 1
    biggest=$large
    [ -z "${FIFTY:-}" ] || biggest=50000000
    set -- $(tail -1 "$work/rounds.S5") $(head -1 "$work/rounds.S5" | cut -d' ' -f3)
    result S5 "$3" "us of CPU a question in process: look-up, decision, durable record, JSON" "${10}" "the same with $small people" "$7" "$8" "$9" \
        "ratio at most 1.3 at 50 M" "$biggest" "\"members\":$1"
    [ "$mode" != quick ] || return 0
    result S3 "$(awk -v u="$3" 'BEGIN {printf "%.0f", 1e6 / u}')" "answers/s/core, in process: bulk's work without HTTP and its job" \
        "$(awk -v u="$6" 'BEGIN {printf "%.0f", 1e6 / u}')" "bare look-ups of the same keys" "$(awk -v a="$3" -v b="$6" 'BEGIN {printf "%.3g", b / a}')" \
        "$(awk -v a="$5" -v b="$6" 'BEGIN {printf "%.3g", b / a}')" "$(awk -v a="$4" -v b="$6" 'BEGIN {printf "%.3g", b / a}')" \
        "at least 250,000 answers/s/core" "$biggest"
}
quick_S5() { SAMPLE=100000 s5_s3 5 150; }

# changes FOLDER COUNT: update files, one an insurer of the larger ones, about COUNT lines with another address, in random order
changes() {
    rm -rf "$1/changes" && mkdir -p "$1/changes"
    ls -S "$1"/files/insurers/*.ndjson | head -20 >"$1/changes.list"
    all=$(xargs cat <"$1/changes.list" | wc -l)
    while read -r f; do
        awk -v p="$(awk -v c="$2" -v a="$all" 'BEGIN {print c / a}')" -v seed="$3" 'BEGIN {srand(seed)} /"address"/ && rand() < p {sub(/"address":"/, "&転" seed); print}' "$f" |
            shuf --random-source="$f" >"$1/changes/$(basename "$f")"
    done <"$1/changes.list"
}

# S4: an insurer's files with full validation, first load and random changes, beside LMDB alone with the same rows
# s4 ROUNDS: rounds with a nation of 300,000; the large nation once
s4() {
    d=$work/s4
    rm -rf "$d" && mkdir -p "$d"
    "$build/mado" people --count 300000 --seed 7 --insurers-only --out "$d/files" --as-of 2026-11-01 >"$d/log" 2>&1 || return 1
    : >"$work/rounds.S4"
    i=0
    while [ $i -lt "$1" ]; do
        import_all "$d" || return 1
        first=$import_s lines=$import_lines
        rm -rf "$d/raw" && mkdir "$d/raw"
        raw=$("$build/bench/raw" "$d/store" "$d/raw" 20000) || return 1
        changes "$d" 20000 $i
        begun=$(date +%s%N)
        "$build/mado" import --store "$d/store" --results "$d/results" --quiet "$d"/changes/*.ndjson >"$d/changes.log" 2>&1 || return 1
        changed=$(sed 's/.*accepted \([0-9]*\).*/\1/' "$d/changes.log" | awk '{n += $1} END {print n}')
        echo "$lines $first $raw $changed $(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN {printf "%.3f", (b - a) / 1e9}')" >>"$work/rounds.S4"
        i=$((i + 1))
    done
    # lines/s, raw rows/s, ratio of the time for the same content; changes/s, raw changes/s, ratio of the time for one
    awk '{print $1 / $2, $3 / $5, $2 / $5, $11 / $12, $7 / $8, ($12 / $11) / ($8 / $7), $10 / $3}' "$work/rounds.S4" >"$work/rounds.S4.ratios"
    s4_large
    bytes=$(awk -v b="$(du -B1 -s "$work/$large/store/coverage" | cut -f1)" -v p="$large" 'BEGIN {printf "%.0f", b / p}')
    rows=$(tail -1 "$work/rounds.S5" | cut -d' ' -f1,2)
    f=$(middle "$work/rounds.S4.ratios" 1) r=$(middle "$work/rounds.S4.ratios" 2) u=$(middle "$work/rounds.S4.ratios" 4)
    ur=$(middle "$work/rounds.S4.ratios" 5) uq=$(middle "$work/rounds.S4.ratios" 6)
    set -- $(middle "$work/rounds.S4.ratios" 3)
    result S4 "${f%% *}" "lines/s, first load with full validation" "${r%% *}" "rows/s, LMDB alone, sorted, the same keys and values" "$1" "$2" "$3" \
        "ratio of time at most 6 for first load and for changes; at most 200 bytes a person" 300000 \
        "\"changes\":{\"figure\":${u%% *},\"unit\":\"lines/s\",\"reference\":${ur%% *},\"reference_is\":\"random durable updates in batches of 1,024, rows/s\",\"ratio\":${uq%% *},\"spread\":[$(echo "${uq#* }" | tr ' ' ,)]},\"large\":{$large_json\"people\":$large,\"members\":${rows% *},\"row_bytes\":${rows#* },\"store_bytes_per_person\":$bytes}"
    rm -rf "$d"
}

# The large nation once more, into a store of its own, when its files are there: seconds and lines/s.
s4_large() {
    large_json=
    [ -d "$work/$large/files" ] || return 0
    rm -rf "$work/again" && mkdir "$work/again" && ln -s "$work/$large/files" "$work/again/files"
    import_all "$work/again" || return 1
    mkdir -p "$work/again/raw"
    set -- $("$build/bench/raw" "$work/again/store" "$work/again/raw" 1024)
    large_json="\"lines\":$import_lines,\"seconds\":$import_s,\"raw_seconds\":$3,\"ratio\":$(awk -v a="$import_s" -v b="$3" 'BEGIN {printf "%.3g", a / b}'),"
    rm -rf "$work/again"
}

# S6: from the command to the first answer; and a reload under load
s6() {
    nation_of=$large
    [ -z "${FIFTY:-}" ] || nation_of=50000000
    questions "$nation_of"
    : >"$work/rounds.S6"
    i=0
    while [ $i -lt "$1" ]; do
        begun=$(date +%s%N)
        door "$work/$nation_of/store"
        load "$door" "$questions" 1 0 0 0 >"$work/first" || return 1
        ours=$(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN {printf "%.3f", (b - a) / 1e9}')
        begun=$(date +%s%N)
        fixed "$work/$nation_of/store" 1300
        load "$fixed" "$questions" 1 0 0 0 >"$work/first" || return 1
        echo "$ours $(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN {printf "%.3f", (b - a) / 1e9}')" >>"$work/rounds.S6"
        finish
        i=$((i + 1))
    done
    door "$work/$nation_of/store"
    (for k in 1 2 3; do sleep 1.5; kill -HUP $server; done) &
    hup=$!
    reload=$(load "$door" "$questions" 64 7 0 0) || return 1
    wait $hup
    finish
    awk '{print $1, $2, $1 / $2}' "$work/rounds.S6" >"$work/rounds.S6.ratios"
    ours=$(middle "$work/rounds.S6.ratios" 1) theirs=$(middle "$work/rounds.S6.ratios" 2)
    set -- $reload
    more="\"reload\":{\"reloads\":3,\"answered\":$1,\"refused\":$2,\"lost\":$3,\"lines_reopened\":${11}}"
    set -- $(middle "$work/rounds.S6.ratios" 3)
    result S6 "${ours%% *}" "s from the command to the first answer over mutual TLS, pages in the kernel's cache" "${theirs%% *}" "stock nginx alone, return 200" "$1" "$2" "$3" \
        "less than 1 s; a reload loses no request" "$nation_of" "$more"
}

# S7: the log
s7() {
    rm -rf "$work/s7"
    taskset -c 0,1 "$build/bench/ledger" "$work/s7" 25 200 >"$work/s7.json" || return 1
    rm -rf "$work/s7"
    sed -e 's/^{//' -e 's/}}$//' "$work/s7.json" | tr -d '\n' >"$work/lines/S7"
    printf ',"goal":"ratio at least 0.8","people":0,"commit":"%s","machine":"%s","load":"%s"}\n' "$commit" "$machine" "$(cut -d' ' -f1 /proc/loadavg)" >>"$work/lines/S7"
    say "S7: $(cat "$work/lines/S7")"
}

# S8: new connections
s8() {
    door "$work/$small/store" && warmed
    : >"$work/rounds.S8"
    i=0
    while [ $i -lt "$1" ]; do
        echo "$(taskset -c 1 "$build/bench/shake" door "$work/keys" $institution 2 "$door" "$door_worker") $(taskset -c 0 "$build/bench/shake" bare "$work/keys" $institution 2)" >>"$work/rounds.S8"
        i=$((i + 1))
    done
    finish
    awk '{print 1e6 / $2, 1e6 / $4, $4 / $2}' "$work/rounds.S8" >"$work/rounds.S8.ratios"
    ours=$(middle "$work/rounds.S8.ratios" 1) theirs=$(middle "$work/rounds.S8.ratios" 2)
    set -- $(middle "$work/rounds.S8.ratios" 3)
    result S8 "${ours%% *}" "new mutual-TLS 1.3 connections/s/core, full handshakes, one small answer each" "${theirs%% *}" \
        "handshakes/s/core of a bare loop with the same keys and checks, no socket" "$1" "$2" "$3" "ratio at least 0.8" 0
}

# S9: record pairs compared; beside it in turn a plain Levenshtein distance, and rapidfuzz where ${RAPIDFUZZ_PYTHON:-python3} has it
# s9 ROUNDS
s9() {
    d=$work/s9
    [ -s "$d/residents.ndjson" ] || { mkdir -p "$d" && "$build/mado" people --count 20000 --seed 9 --out "$d" --as-of 2026-11-01 >"$d/log" 2>&1; } || return 1
    : >"$work/rounds.S9"
    i=0
    while [ $i -lt "$1" ]; do
        "$build/bench/pairs" "$d/residents.ndjson" 300 >"$d/pairs" || return 1
        peer=$("${RAPIDFUZZ_PYTHON:-python3}" bench/jaro_winkler.py "$d/residents.ndjson") || peer=0
        # 1 records, 2 rapidfuzz, 3 Levenshtein, 4 names, 5 kana, 6 births, 7 addresses, 8 alike records, 9 alike kana, 10 prepared
        awk -v peer="$peer" '{v[$1 " " $2] = $3} END {print v["strangers record"], peer, v["strangers levenshtein"], v["strangers name"],
            v["strangers kana"], v["strangers birth"], v["strangers address"], v["alike record"], v["alike kana"], v["any prepare"]}' "$d/pairs" >>"$work/rounds.S9"
        i=$((i + 1))
    done
    case $peer in 0) say 'S9: rapidfuzz is not there: skipped' && of=3 name='Levenshtein distances/s of the same kana, in the same program' ;;
    *) of=2 name='Jaro-Winkler similarities/s of the same kana by rapidfuzz cdist, one thread' ;; esac
    awk -v of=$of '{print $1, $of, $5 / $of}' "$work/rounds.S9" >"$work/rounds.S9.ratios"
    more=
    for pair in levenshtein:3 name:4 kana:5 birth:6 address:7 alike_record:8 alike_kana:9 prepared_records:10; do
        m=$(middle "$work/rounds.S9" "${pair#*:}") && more="$more,\"${pair%:*}\":${m%% *}"
    done
    ours=$(middle "$work/rounds.S9.ratios" 1) theirs=$(middle "$work/rounds.S9.ratios" 2)
    set -- $(middle "$work/rounds.S9.ratios" 3)
    result S9 "${ours%% *}" "record pairs/s/core, six facts each, prepared once" "${theirs%% *}" "$name; the ratio is that of kana alone" "$1" "$2" "$3" \
        "at least 10 million pairs/s/core" 20000 "${more#,}"
}

# What is in $work/lines, as JSON and as a table.
assemble() {
    cat "$work"/lines/S* | awk 'BEGIN {print "{"} {if (NR > 1) print line ","; line = $0} END {print line; print "}"}' >"$results/latest.json"
    table=$results/$commit-$(nproc)x-$(echo "$cpu" | tr -cs 'A-Za-z0-9\n' -).md
    {
        echo "# Speed at $commit ($(date -u +%F))"
        echo
        echo "$machine; load of the machine while each was measured in the last column (one CPU busy with the client is 1)."
        echo
        echo '| goal | figure | reference in the same run | ratio, median (lowest, highest round) | goal | people | load |'
        echo '|---|---|---|---|---|---|---|'
        cat "$work"/lines/S* | awk -f bench/table.awk -v commit="$commit"
    } >"$table"
    say "$table"
}
