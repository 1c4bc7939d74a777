/* Sex as files have it (sex.def). A sex that is not set, or is その他 on one side, speaks neither for nor against: it is no contradiction, and no
 * agreement either. */
#include "rules/identity/sex.h"

#include "base/utf8.h"
#include "rules/identity/comparison.h"
#include "rules/identity/text.h"

static const struct {
    const char *word;
    enum sex sex;
} words[] = {
#define SEX_WORD(word, sex) {word, SEX_##sex},
#include "rules/identity/sex.def"
#undef SEX_WORD
};

enum { LONGEST_WORD = 32 }; /* bytes */

bool sex_read(struct str s, enum sex *out) {
    char room[LONGEST_WORD];
    struct buf plain = buf_over(room, sizeof room);
    for (struct str rest = s; rest.n;) {
        uint32_t c = utf8_next(&rest);
        if (c == UTF8_BAD) return false;
        if (is_space(c)) continue;
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        if (c >= 'a' && c <= 'z') c -= 32;
        utf8_put(&plain, c);
    }
    if (plain.n == 0) return *out = SEX_NOT_SET, true;
    for (size_t i = 0; buf_ok(&plain) && i < ARRAY_LEN(words); i++)
        if (str_eq(buf_str(&plain), str_c(words[i].word))) return *out = words[i].sex, true;
    return false;
}

static enum err read_side(struct str s, const char *where, enum sex *out, struct diag *d) {
    struct text t; /* for its limits and its errors */
    TRY(text_read(s, &t, where, d));
    return sex_read(s, out) ? ERR_OK : diag_set(d, ERR_CODE, where, NULL);
}

enum level sex_level(enum sex a, enum sex b) {
    if (a == SEX_NOT_SET || b == SEX_NOT_SET) return LEVEL_UNKNOWN;
    if (a == b) return LEVEL_SAME;
    return a == SEX_OTHER || b == SEX_OTHER ? LEVEL_UNKNOWN : LEVEL_DIFFERENT;
}

enum err sex_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    enum sex sa, sb;
    *out = comparison_of(FACT_SEX);
    TRY(read_side(a, "A", &sa, d));
    TRY(read_side(b, "B", &sb, d));
    enum reason r = str_eq(a, b) ? REASON_ALL : REASON_SEX_FORM;
    out->level = sex_level(sa, sb);
    if (a.n == 0 || b.n == 0) r = REASON_EMPTY;
    else if (sa == SEX_NOT_SET || sb == SEX_NOT_SET) r = REASON_SEX_NOT_SET;
    else if (out->level == LEVEL_UNKNOWN) r = REASON_SEX_OTHER;
    else if (out->level == LEVEL_DIFFERENT) r = REASON_SEX;
    return comparison_find(out, r, a, b), ERR_OK;
}
