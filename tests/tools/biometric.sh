# tools/biometric: one field at a time, each in a file of its kind.
while IFS='|' read -r code word file line claim; do
    mkdir -p "$(dirname "$file")"
    printf '%s\n' "$line" >"$file"
    claim "$code" "$word" "biometric: $claim" "$top/tools/biometric" "$top/tools/biometric.words" "$top/tools/biometric.allow" "$file"
    rm "$file"
done <<'ROWS'
1|face template|x/shown.def|SHOWN(TEXT, FaceTemplate, template)|a row of a table
1|face image|x/visit.h|    char face_image[64];|a member of a struct
1|portrait|x/store_table.def|TABLE(PORTRAIT, 12)|a table of the store
1|face score|x/a.c|    buf_puts(b, "\"face-score\":");|a member of a message
1|similarity|x/a.html|<input name="similarity">|a field of a form
1|embedding|x/openapi.json|{"embedding": {"type": "array"}}|a member of the interface
1|顔写真|x/format.md|この顔写真を添えます|also within Japanese
1|fingerprint|x/visit.h|    uint8_t fingerprint[32];|a certificate's is allowed where it is, and nowhere else
0|no field|x/a.c|/* no face_image crosses here */|a comment may speak of it
0|no field|x/a.def|SHOWN(TEXT, Surface, interface)|a part of a word is another word
0|no field|x/a.def|FACE_ANSWER(YES, "yes")|a face reader's yes
ROWS
: >none
claim 1 'no words' 'biometric: a list without words is no list' "$top/tools/biometric" none none none
# The real tree, and the same with one field more.
tree=$(cd "$top" && git ls-files -co --exclude-standard src web docs/format docs/api docs/fhir 2>/dev/null)
cd "$top" && claim 0 'no field' 'biometric: nothing in the sources' "$top/tools/biometric" tools/biometric.words tools/biometric.allow $tree
cd "$dir" || exit 1
mkdir -p src/service/reception
sed 's/    enum proof proof;/    enum proof proof;\n    char face_photo[4096];/' "$top/src/service/reception/visit.h" >src/service/reception/visit.h
claim 1 'face photo' 'biometric: one field more in the visits of the day' "$top/tools/biometric" "$top/tools/biometric.words" "$top/tools/biometric.allow" src/service/reception/visit.h
