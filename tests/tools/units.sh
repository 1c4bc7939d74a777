# tests/run-unit: made-up test programs.
program() { printf '#!/bin/sh\n%s\n' "$2" >"$1"; chmod +x "$1"; }
ok='echo "[       OK ] a"; echo "[       OK ] b"'
program good "$ok"
program bad "$ok"'; echo "[  FAILED  ] c"; echo "[  FAILED  ] 1 test(s), listed below:"; echo "[  FAILED  ] c"; exit 1'
program dies "$ok"'; kill -SEGV $$'
program idle ':'
unit() { "$top/tests/run-unit" "$@"; }
claim 0 '4 passed, 0 failed' 'units: programs are added up' unit ./good ./good
claim 1 '4 passed, 1 failed' 'units: a failure counts once, though it is listed twice' unit ./good ./bad
claim 1 '--- ./bad' 'units: and what it said is shown' unit ./good ./bad
claim 1 '2 passed, 1 failed' 'units: a program that dies has failed' unit ./dies
claim 1 'ran no test' 'units: so has one that runs no test' unit ./good ./idle
claim 1 '0 passed, 1 failed' 'units: and one that is not there' unit ./nothing
