# tools/sizes: files and functions of given lengths.
lines() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "    x++;" }'; }
lines 600 >a.c
claim 0 '1 files fit' 'sizes: 600 lines fit' "$top/tools/sizes" a.c
lines 601 >b.c
claim 1 'b.c: 601 lines' 'sizes: 601 do not' "$top/tools/sizes" a.c b.c
claim 1 'b.c: 601 lines' 'sizes: also when it is not the last file' "$top/tools/sizes" b.c a.c
{ echo 'int f(void) {' && lines 58 && echo '}'; } >a.c
claim 0 '0 functions' 'sizes: a function of 60 lines is let be' "$top/tools/sizes" a.c
{ echo 'int f(void) {' && lines 59 && echo '}'; } >a.c
claim 0 'a.c:1: warning: a function of 61' 'sizes: one of 61 is named' "$top/tools/sizes" a.c
{ echo 'static const int table[] = {' && lines 80 && echo '};'; } >a.c
claim 0 '0 functions' 'sizes: a table is not a function' "$top/tools/sizes" a.c
