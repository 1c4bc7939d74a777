#include "rules/chart/differences.h"

#include "base/utf8.h"

static enum err compare_part(struct str chart, struct str registered, enum difference_grade *out) {
    char room[2][INSURED_FOLDED_MAX + 1];
    struct buf a = buf_over(room[0], sizeof room[0]), b = buf_over(room[1], sizeof room[1]);
    *out = DIFFERENCE_NONE;
    if (str_eq(chart, registered)) return ERR_OK;
    TRY(insured_part_fold(chart, &a));
    TRY(insured_part_fold(registered, &b));
    *out = str_eq(buf_str(&a), buf_str(&b)) ? DIFFERENCE_FORM : DIFFERENCE_OTHER;
    return ERR_OK;
}

static enum difference_grade compare_branch(int chart, int registered) {
    if (chart == registered || registered == BRANCH_NONE) return DIFFERENCE_NONE;
    return chart == BRANCH_NONE ? DIFFERENCE_UNKNOWN : DIFFERENCE_OTHER;
}

static uint32_t next_visible(struct str *s) {
    uint32_t c = utf8_next(s);
    while (c == ' ' || c == 0x3000) c = utf8_next(s);
    return c;
}

/* Spaces alone may differ: some charts keep family and given name apart. */
static bool same_name(struct str a, struct str b) {
    for (;;) {
        uint32_t x = next_visible(&a), y = next_visible(&b);
        if (x != y) return false;
        if (x == UTF8_BAD) return str_eq(a, b); /* both at their end, or stopped at the same bytes */
    }
}

static enum difference_grade compare_name(const struct chart_entry *chart, const struct chart_entry *registered) {
    if (str_empty(chart->name) || same_name(chart->name, registered->name)) return DIFFERENCE_NONE;
    bool other = !str_empty(registered->other_name) && same_name(chart->name, registered->other_name);
    return other ? DIFFERENCE_FORM : DIFFERENCE_OTHER;
}

enum err chart_compare(const struct chart_entry *chart, const struct chart_entry *registered, struct differences *out) {
    bool numbered = !str_empty(chart->own_number) && !str_empty(registered->own_number);
    TRY(compare_part(chart->id.symbol, registered->id.symbol, &out->of[CHART_SYMBOL]));
    TRY(compare_part(chart->id.number, registered->id.number, &out->of[CHART_NUMBER]));
    out->of[CHART_BRANCH] = compare_branch(chart->id.branch, registered->id.branch);
    out->of[CHART_NAME] = compare_name(chart, registered);
    out->of[CHART_OWN_NUMBER] =
        numbered && !str_eq(chart->own_number, registered->own_number) ? DIFFERENCE_OTHER : DIFFERENCE_NONE;
    return ERR_OK;
}

const char *difference_field_name(enum difference_field f) {
    static const char *const names[CHART_FIELDS] = {"symbol", "number", "branch", "name", "own_number"};
    return names[f];
}

const char *difference_grade_name(enum difference_grade g) {
    static const char *const names[] = {"none", "form", "unknown", "other"};
    return names[g];
}
