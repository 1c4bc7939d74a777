# The commands of a scenario (tests/play/README.md), one function each. Sourced by tests/play/play, which has fail().

WAIT=20          # seconds that an await, a start or an end may take
RUN=120          # seconds that a command may run
AS_OF=2026-06-01 # the day on which synthetic people are made

# ---- programs that run to their end ----

# Runs a program with its output kept in the files stdout and stderr; its exit code must be 0 unless "expect exit" follows.
do_run() {
    timeout --foreground -k 5 "$RUN" "$@" >stdout 2>stderr </dev/null
    code=$?
    [ "$code" -ne 124 ] || fail "did not end within $RUN s"
    if [ "$code" -ne 0 ]; then code_pending=$line code_pending_number=$number; else code_pending=; fi
}
must() { do_run "$@" && settle; }

do_people() { # N seed S [as-of DAY]
    [ "$#" -ge 3 ] && [ "$2" = seed ] || fail 'people N seed S [as-of DAY]'
    must mado people --count "$1" --seed "$3" --out town --as-of "${5-$AS_OF}"
}
do_import() { # [FILE...]: all insurers of the town when none is named
    if [ "$#" -eq 0 ]; then set -- town/insurers/*.ndjson; fi
    do_run mado import --store store "$@"
}
do_keys() { # CODE...: the authority's keys, then one institution's each
    [ -d keys ] || must mado keys init keys
    for institution in "$@"; do must mado keys institution keys "$institution"; done
}

do_type() { # "LINES…" COMMAND...: run, with each word of LINES typed as a line
    typed=$1
    shift
    # shellcheck disable=SC2086 # a line a word
    printf '%s\n' $typed >typed
    timeout --foreground -k 5 "$RUN" "$@" >stdout 2>stderr <typed
    code=$?
    [ "$code" -ne 124 ] || fail "did not end within $RUN s"
    if [ "$code" -ne 0 ]; then code_pending=$line code_pending_number=$number; else code_pending=; fi
}

# ---- programs that stay ----

free_port() { # FROM
    port=$(($1 + $$ * 13 % 10000))
    until port_free "$port"; do port=$((port + 1)); done
    echo "$port"
}
port_free() { # nobody listens there (state 0A)
    awk -v port="$(printf '%04X' "$1")" '$2 ~ ":" port "$" && $4 == "0A" { found = 1 } END { exit found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
alive() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }
pid_of() { eval "echo \${pid_$1-}"; }

do_start() { # NAME COMMAND...: its output goes to logs/NAME
    started=$1
    shift
    "$@" >>"logs/$started" 2>&1 </dev/null 3<&- &
    eval "pid_$started=$!"
    running="$started ${running-}"
}
do_serve() { # [OPTION...]: until it answers
    PORT=${PORT-$(free_port 20000)} STATUS_PORT=${STATUS_PORT-$(free_port 10000)}
    CENTRE=https://127.0.0.1:$PORT STATUS=http://127.0.0.1:$STATUS_PORT
    # After a kill -9 the children follow at once, but not in the same moment.
    until_true 'what the last server started is still there' port_free "$PORT"
    do_start serve mado serve --store store --keys keys --listen "127.0.0.1:$PORT" --status "127.0.0.1:$STATUS_PORT" "$@"
    until_true 'the server does not answer' answers_now
}
answers_now() {
    alive "$(pid_of serve)" || fail 'the server ended at once'
    curl -sf -o /dev/null --max-time 2 "$STATUS/health"
}
do_window() { # CODE [OPTION...]
    institution=$1
    shift
    do_start window mado window --folders oqs --centre "${CENTRE-https://127.0.0.1:1}" --keys keys --institution "$institution" "$@"
    until_true 'the window did not make its folders' test -d oqs/req -a -d oqs/res
}
# A card reader of this scenario's own: the whole scenario runs in namespaces then (tests/play/play), for pcscd's socket has a fixed
# path and vpcd listens on every address.
do_reader() {
    ip link set lo up
    mkdir -p /run/pcscd 2>/dev/null
    mount -t tmpfs none /run/pcscd 2>stderr || { echo "no mounts in a namespace here"; exit 77; }
    do_start reader pcscd --foreground
    until_true 'pcscd does not start' reader_answers
}
reader_answers() { opensc-tool -l >/dev/null 2>&1; }
card_lies() { opensc-tool -l 2>/dev/null | grep -q ' Yes '; }
card_is_off() { ! card_lies; }
do_card() { # STATE [PERSON]: puts it on the reader, in the place of the one before; "off" takes it off
    if [ -n "$(pid_of card)" ] && alive "$(pid_of card)"; then do_stop card; fi
    until_true 'the card is still there' card_is_off
    [ "$1" != off ] || return 0
    do_start card mado card --vpcd 127.0.0.1:35963 --pin 1234 --sign-pin ABC123 --keys keys --state "$1" --person "${2-hanako}"
    until_true 'the card is not there' card_lies
}
do_kill() { # -SIGNAL NAME
    target=$(pid_of "$2")
    [ -n "$target" ] || fail "nothing named $2 was started"
    kill "$1" "$target" 2>/dev/null || fail "$2 is not running any more"
}
do_stop() { # NAME: asks it to end and waits
    do_kill -TERM "$1"
    do_await "$1" ends
}

# Ends what was started, latest first; false when a process of this scenario is still there afterwards ($left). Looking takes
# processes of its own, so only what two looks in a row have seen counts.
end_all() {
    for one in ${running-}; do
        target=$(pid_of "$one")
        alive "$target" || continue
        kill -TERM "$target" 2>/dev/null
        end_at=$(($(date +%s) + WAIT))
        while alive "$target" && [ "$(date +%s)" -lt "$end_at" ]; do sleep 0.05; done
    done
    before=' '
    for attempt in $(seq 30); do # 3 s: a worker that quits may answer on idle lines for another second, longer on a busy machine
        left='' now=' '
        for one in $(session_members); do
            now="$now$one "
            case $before in *" $one "*) left="$left $one" ;; esac
        done
        before=$now
        [ "$attempt" -eq 1 ] || [ -n "$left" ] || return 0
        sleep 0.1
    done
    left=$(for one in $left; do tr '\0' ' ' <"/proc/$one/cmdline" 2>/dev/null; done)
    return 1
}
session_members() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$$" '{ pid = $1; sub(/^.*\) /, "") } $4 == session && $1 != "Z" && pid != session { print pid }'
}

# ---- asking the door ----

# The last reply: its body is stdout, its status $status.
request() { # CODE PATH [curl's options]: with the institution's certificate; CODE - is nobody
    who=$1 path=$2
    shift 2
    if [ "$who" != - ]; then set -- --cert "keys/institutions/$who/cert.pem" --key "keys/institutions/$who/key.pem" "$@"; fi
    status=$(curl -s --max-time 30 --cacert keys/ca.pem -o stdout -w '%{http_code}' "$@" "$CENTRE$path" 2>stderr)
    code=$? code_pending=
    [ "$code" -eq 0 ] || { [ "$status" = 000 ] || fail "curl ended with $code"; }
}
do_status() { # PATH: of the status listener, for operators
    status=$(curl -s --max-time 30 -o stdout -w '%{http_code}' "$STATUS$1" 2>stderr)
    code_pending=
}
do_get() { request "$1" "$2"; }                                                           # CODE PATH
do_post() { request "$1" "$2" -H "Content-Type: ${4-application/json}" --data-binary "@$3"; } # CODE PATH FILE [TYPE]
do_ask() { do_post "$1" /MSA01030/ILI01030SV01/search "$2"; }                             # CODE FILE

# ---- files ----

do_file() { # NAME [in ENCODING] <<END
    mkdir -p "$(dirname "$1")"
    if [ "${2-}" = in ]; then iconv -f UTF-8 -t "$3" here >"$1" || fail "cannot be written in $3"; else cp here "$1"; fi
}
do_drop() { # NAME [in ENCODING] <<END: into the window's folder, the way a receipt computer does it (in place, not renamed)
    target=oqs/$1
    shift
    do_file "$target" "$@"
}
do_set() { # NAME VALUE, or NAME SUBJECT json|xml EXPRESSION; a name in capitals, the rest is ours
    case $1 in '' | *[!A-Z_0-9]* | [0-9]*) fail 'a name is written in capitals' ;; esac
    if [ "$#" -eq 2 ]; then
        eval "$1=\$2"
    else
        subject=$2
        value=$(look "$3" "$4") || fail "$value"
        eval "$1=\$value"
    fi
}

# ---- waiting and looking ----

until_true() { # MESSAGE COMMAND...: tries until it succeeds
    message=$1
    shift
    end_at=$(($(date +%s) + WAIT))
    until "$@"; do
        [ "$(date +%s)" -lt "$end_at" ] || fail "$message within $WAIT s"
        sleep 0.05
    done
}
do_await() { # FILE · no FILE · FILE contains TEXT · NAME ends
    case ${2-} in
    ends) until_true "$1 still runs" ended "$1" ;;
    contains) until_true "$1 does not say so" contains "$1" "$3" ;;
    *) if [ "$1" = no ]; then until_true "$2 is still there" absent "$2"; else until_true "$1 did not come" test -e "$1"; fi ;;
    esac
}
do_wait() { sleep "$1"; } # SECONDS: only where nothing can be awaited
ended() { ! alive "$(pid_of "$1")"; }
absent() { [ ! -e "$1" ]; }
contains() { [ -f "$1" ] && grep -qF -- "$2" "$1"; }

look() { # json|xml EXPRESSION: what it yields in $subject
    case $1 in
    json) jq -r "$2" "$subject" 2>&1 ;;
    xml) xmllint --nonet --xpath "string($2)" "$subject" 2>&1 ;;
    count) xmllint --nonet --xpath "count($2)" "$subject" 2>&1 ;;
    esac
}
same() { [ "$1" = "$2" ] || fail "expected \"$2\", got \"$1\""; }

do_expect() {
    case $1 in
    exit) code_pending= && same "$code" "$2" && return ;;
    status) same "$status" "$2" && return ;;
    no) [ ! -e "$2" ] || fail "$2 is there" && return ;;
    esac
    subject=$1 kind=$2
    shift 2
    [ -e "$subject" ] || fail "there is no $subject"
    case $kind in
    contains) grep -qF -- "$1" "$subject" || fail "$subject does not hold \"$1\"" ;;
    lacks) ! grep -qF -- "$1" "$subject" || fail "$subject holds \"$1\"" ;;
    is) same "$(cat "$subject")" "$1" ;;
    lines) same "$(wc -l <"$subject")" "$1" ;;
    same) cmp -s "$subject" "$1" || fail "$(diff "$subject" "$1" | head -n 10)" ;;
    json | xml | count) seen=$(look "$kind" "$1") && same "$seen" "$2" || fail "$seen" ;;
    *) fail "expect: there is no kind \"$kind\"" ;;
    esac
}

# ---- many questions whose answers are known ----

# N FILE [by json|fhir|folders CODE]: asks the first N questions of FILE with mado check, at the door as CODE, or through the folders of
# a window that runs for CODE with UTF-8 answers, and compares each answer with what the maker of the people expects, key by key.
# Which keys differ is said; who is asked about is not hidden: these people do not exist.
do_answers() {
    head -n "$1" "$2" >asked
    : >answered
    case "${3-}${4-}" in
    byfolders) answers_by_folders "$5" ;;
    by*) answers_by "$4" "$5" ;;
    *) answers_by_check ;;
    esac
    number_asked=$(wc -l <asked)
    [ "$number_asked" -gt 0 ] || fail "$2 asks nothing"
    same "$(wc -l <answered)" "$number_asked"
    jq -c -s --slurpfile asked asked '(.[0] | keys_unsorted) as $told | to_entries[] | . as $a | $asked[$a.key].expect as $want
        | ($want | keys[]) as $key | select(($key | IN("validity", "ratio", "name", "newer")) or ($told | index($key)))
        | select($want[$key] != $a.value[$key]) | {question: $asked[$a.key].question, key: $key, expected: $want[$key], got: $a.value[$key]}' answered >stdout || fail 'the answers are not JSON'
    [ ! -s stdout ] || fail "$(wc -l <stdout) values of $number_asked answers differ"
}
answers_by_check() {
    jq -r '.question | [.insurer, .symbol // "", .number, .branch // "", .birth, .on // ""] | @sh' asked >arguments
    while IFS= read -r arguments; do
        eval "set -- $arguments"
        mado check --store store --json --insurer "$1" ${2:+--symbol "$2"} --number "$3" ${4:+--branch "$4"} --birth "$5" ${6:+--on "$6"} >>answered 2>stderr </dev/null
        code=$?
        [ "$code" -eq 0 ] || fail "exit code $code for $arguments"
    done <arguments
}
answers_by() { # DOOR CODE: all over one connection
    case $1 in
    json) at="/MSA01030/ILI01030SV01/search" type=application/json ;;
    fhir) at='/fhir/R4/CoverageEligibilityRequest/$submit' type=application/fhir+json ;;
    *) fail "there is no door $1" ;;
    esac
    rm -rf asking && mkdir asking
    jq -c --arg code "$2" -f "$plays/doors/$1-ask.jq" asked | split -l 1 -a 4 -d - asking/q
    for one in asking/q*; do
        [ "$one" = asking/q0000 ] || echo next
        printf 'cacert="keys/ca.pem"\ncert="keys/institutions/%s/cert.pem"\nkey="keys/institutions/%s/key.pem"\n' "$2" "$2"
        printf 'url="%s%s"\nheader="Content-Type: %s"\ndata-binary="@%s"\noutput="%s.told"\nsilent\nfail-with-body\nmax-time=30\n' "$CENTRE" "$at" "$type" "$one" "$one"
    done >asking/curl
    curl -K asking/curl >stdout 2>stderr || { cat asking/*.told >stdout 2>/dev/null; fail "curl ended with $?"; }
    jq -c -f "$plays/doors/$1-told.jq" asking/*.told >answered 2>stderr || fail 'an answer cannot be understood'
}
answers_by_folders() { # CODE: a file each, all dropped at once
    rm -rf asking && mkdir asking
    jq -r --arg code "$1" -f "$plays/doors/folders-ask.jq" asked | split -l 1 -a 4 -d --additional-suffix=.xml - asking/OQSsiquc01req_
    for one in asking/*.xml; do mv "$one" oqs/req/; done
    until_true 'not every question was answered' folders_answered "$(wc -l <asked)"
    for one in oqs/res/OQSsiquc01res_????.xml; do
        xmllint --xpath 'concat(//QualificationValidity, "|", //ElderlyRecipientContributionRatio, "|", //InsuredPartialContributionRatio, "|", //ResultOfQualificationConfirmation/Name)' "$one"
    done 2>stderr | jq -c -R -f "$plays/doors/folders-told.jq" >answered 2>>stderr || fail 'an answer cannot be understood'
}
folders_answered() { [ "$(find oqs/res -name 'OQSsiquc01res_????.xml' | wc -l)" -eq "$1" ]; }
