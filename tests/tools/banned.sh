# tools/banned: one line of C at a time.
while IFS='|' read -r code word line claim; do
    printf '%s\n' "$line" >a.c
    claim "$code" "$word" "banned: $claim" "$top/tools/banned" "$top/tools/banned.list" a.c
done <<'ROWS'
1|buf_put()|    strcpy(to, from);|a call is found and the replacement named
1|a.c:1|    return x ? atoi (text) : 0;|a space before the bracket hides nothing
0|nothing banned|    my_strcpy(to, from);|a longer name is another name
0|nothing banned|    str_strcpy_(to, from);|also when it goes on
0|nothing banned|    /* never strcpy(to, from) */|a comment may speak of it
0|nothing banned|    puts("strcpy(a, b)");|a string may hold it
0|nothing banned|    w->random(w, bytes, n);|a member of that name is not the function
1|strcat|    puts("\"/*"); strcat(a, b);|a quote inside a string does not hide what follows
ROWS
printf '/* one\n   strcpy(a, b)\n*/ strcpy(a, b);\n' >a.c
claim 1 'a.c:3' 'banned: a comment over lines ends where it ends' "$top/tools/banned" "$top/tools/banned.list" a.c
printf 'system  tests/  nothing\n' >list
mkdir -p tests src
echo 'int x = system(y);' | tee tests/a.c >src/a.c
claim 0 'nothing banned' 'banned: a row may allow a place' "$top/tools/banned" list tests/a.c
claim 1 'src/a.c:1' 'banned: and only that place' "$top/tools/banned" list tests/a.c src/a.c
