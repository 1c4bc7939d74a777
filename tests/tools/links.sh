# tools/links: documents that point at each other.
mkdir -p docs/deep
echo 'x' >docs/there.md
while IFS='|' read -r code word text claim; do
    printf '%s\n' "$text" >docs/a.md
    claim "$code" "$word" "links: $claim" "$top/tools/links" docs/a.md
done <<'ROWS'
0|1 documents|see [this](there.md) and [that](deep)|files and folders beside it
0|1 documents|see [this](there.md#part) and [self](#part)|parts of a page are not looked for
0|1 documents|see [the world](https://example.org/none)|the world is not asked
1|docs/a.md:1: gone.md|see [this](there.md) and [that](gone.md)|the second on a line is seen too
1|deep/gone.md|![picture](deep/gone.md)|pictures are links
ROWS
