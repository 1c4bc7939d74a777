# Sourced by bench/run: starting and ending what is measured. $build and $work are set; finish() ends everything that was started.

institution=0110113719
path=/MSA01030/ILI01030SV01/search
started=

lives() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null; }
finish() {
    for p in $started; do lives "$p" && kill -TERM "$p"; done
    for p in $started; do wait "$p" 2>/dev/null; done
    started=
}

make_keys() {
    [ -e "$work/keys/institutions/$institution/cert.pem" ] ||
        { "$build/mado" keys init "$work/keys" && "$build/mado" keys institution "$work/keys" $institution; } >"$work/keys.log"
}

# door STORE: mado serve with one worker on CPU 0; sets $door, $server, $door_worker
door() {
    : >"$work/serve.log"
    taskset -c 0 "$build/mado" serve --store "$1" --keys "$work/keys" --listen 127.0.0.1:0 --workers 1 >"$work/serve.log" 2>&1 &
    server=$! started="$started $!" n=3000
    while ! grep -q https "$work/serve.log" && lives $server && [ $n -gt 0 ]; do sleep 0.01; n=$((n - 1)); done
    door=$(sed -n 's/.*https:\/\/\([0-9.:]*\).*/\1/p' "$work/serve.log")
    [ -n "$door" ] || { cat "$work/serve.log" >&2; exit 1; }
    door_worker=$(pgrep -P "$(pgrep -P $server nginx)" nginx)
}

# warmed: waits until the worker has read its pages in, that is until it has been idle for half a second
warmed() {
    n=120 idle=0 before=
    while [ $idle -lt 2 ] && [ $n -gt 0 ]; do
        sleep 0.25
        now=$(cut -d' ' -f14,15 "/proc/$door_worker/stat")
        if [ "$now" = "$before" ]; then idle=$((idle + 1)); else idle=0; fi
        before=$now n=$((n - 1))
    done
}

# fixed STORE LENGTH: stock nginx on CPU 0 with the very settings that mado serve wrote, where `return 200` of LENGTH bytes stands in
# the place of the module; sets $fixed, $fixed_worker
fixed() {
    mkdir -p "$work/fixed"
    fixed=127.0.0.1:$(free_port)
    sed -e '/^load_module/d' -e '/^env /d' -e '/^ *mado_/d' -e "s/listen [^ ]* ssl/listen $fixed ssl/" \
        -e "s/^ *mado \"[^;]*;/return 200 '$(head -c "$2" /dev/zero | tr '\0' x)';/" "$1/run/nginx.conf" >"$work/fixed/nginx.conf"
    taskset -c 0 /usr/sbin/nginx -e stderr -p "$work/fixed" -c "$work/fixed/nginx.conf" 2>"$work/fixed.log" &
    started="$started $!" n=500
    while ! fixed_worker=$(pgrep -P $! nginx) && [ $n -gt 0 ]; do sleep 0.01; n=$((n - 1)); done
    [ -n "$fixed_worker" ] || { cat "$work/fixed.log" >&2; exit 1; }
    sleep 0.2
}

free_port() {
    p=$((20000 + $(date +%N | sed 's/^0*//') / 1000 % 10000))
    while ss -Hltn "sport = :$p" | grep -q .; do p=$((p + 1)); done
    echo $p
}

# load ADDRESS QUESTIONS CONNECTIONS SECONDS RATE WORKER: bench/load on CPU 1
load() { taskset -c 1 "$build/bench/load" "$1" "$work/keys" $institution $path "$2" "$3" "$4" "$5" "$6"; }
