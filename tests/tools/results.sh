# tools/sum-results and tools/parts: nothing that failed is added up as a success.
sum() { printf "$1" | "$top/tools/sum-results"; }
claim 0 '5 passed, 0 failed' 'results: lines are added' sum '2 passed, 0 failed\nnoise\n3 passed, 0 failed\n'
claim 1 '2 passed, 1 failed, 4 skipped' 'results: one failure fails the sum; what was skipped is said' sum '2 passed, 1 failed, 4 skipped\n'
claim 1 '0 passed, 0 failed' 'results: nothing passed is no success' sum 'noise\n'

cat >Makefile <<'MAKE'
good: ; @echo '3 passed, 0 failed'
plain: ; @echo 'all is well'
bad: ; @echo '2 passed, 1 failed'; exit 1
dies: ; @echo '2 passed, 0 failed'; exit 1
silent: ; @exit 1
MAKE
parts() { env -u MAKEFLAGS -u MAKELEVEL "$top/tools/parts" results "$@"; }
claim 0 '4 passed, 0 failed' 'parts: a part with no result line counts as one check' parts good plain
claim 1 '3 passed, 1 failed' 'parts: a part that dies after its result line counts as failed' parts plain dies
claim 1 '0 passed, 1 failed' 'parts: a part that dies without a word counts as failed' parts silent
claim 1 '5 passed, 1 failed' 'parts: what comes after a failure still runs' parts bad good
claim 1 '0 passed, 1 failed' 'parts: an unknown part counts as failed' parts nothing
