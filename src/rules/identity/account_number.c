#include "rules/identity/account_number.h"

#include "base/utf8.h"
#include "rules/identity/text.h"

enum { GROUPS_MAX = 4, GROUP_MAX = 8, SYMBOL = 5, BANK = 4, BRANCH = 3, NUMBER = 7 };

struct groups {
    struct {
        char digits[GROUP_MAX];
        size_t n;
    } of[GROUPS_MAX];
    size_t count;
};

static bool is_dash(uint32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc || c == 0xff0d || c == 0xff70;
}

static bool read_groups(struct str s, struct groups *g) {
    bool open = false;
    *g = (struct groups){.count = 0};
    for (struct str rest = s; rest.n;) {
        uint32_t c = utf8_next(&rest);
        if (c >= 0xff10 && c <= 0xff19) c -= 0xfee0;
        if (is_dash(c) || is_space(c)) {
            open = false;
            continue;
        }
        if (c < '0' || c > '9' || (!open && g->count == GROUPS_MAX)) return false;
        if (!open) g->count++, open = true;
        if (g->of[g->count - 1].n == GROUP_MAX) return false;
        g->of[g->count - 1].digits[g->of[g->count - 1].n++] = (char)c;
    }
    return g->count > 1;
}

/* At the right, zeros before it. */
static bool set_number(struct account_number *out, const char *digits, size_t n) {
    if (n == 0 || n > NUMBER) return false;
    memset(out->number, '0', NUMBER);
    memcpy(out->number + NUMBER - n, digits, n);
    return true;
}

static enum err read_yucho(const struct groups *g, struct account_number *out, struct diag *d) {
    const char *symbol = g->of[0].digits, *number = g->of[g->count - 1].digits;
    size_t n = g->of[g->count - 1].n;
    bool general = symbol[0] == '1';
    if ((!general && symbol[0] != '0') || symbol[4] != '0')
        return diag_set(d, ERR_VALUE, "",
                        "記号は 1 か 0 で始まり 0 で終わります / a 記号 begins with 1 or 0 and ends in 0");
    if (general && number[n - 1] != '1')
        return diag_set(d, ERR_VALUE, "", "総合口座の番号は 1 で終わります / such a 番号 ends in 1");
    *out = (struct account_number){.bank = {'9', '9', '0', '0'},
                                   .branch = {symbol[1], symbol[2], general ? '8' : '9'},
                                   .kind = general ? ACCOUNT_ORDINARY : ACCOUNT_CURRENT};
    return set_number(out, number, general ? n - 1 : n) ? ERR_OK : diag_set(d, ERR_VALUE, "", "番号");
}

static enum err read_bank(const struct groups *g, struct account_number *out, struct diag *d) {
    bool with_kind = g->count == 4;
    char kind = with_kind ? g->of[2].digits[0] : ACCOUNT_ORDINARY;
    *out = (struct account_number){.kind = kind};
    memcpy(out->bank, g->of[0].digits, BANK), memcpy(out->branch, g->of[1].digits, BRANCH);
    bool known = kind == ACCOUNT_ORDINARY || kind == ACCOUNT_CURRENT || kind == ACCOUNT_SAVINGS;
    if (!known) return diag_set(d, ERR_VALUE, "", "預金種目は 1, 2, 4 / the kind is 1, 2 or 4");
    bool fits = set_number(out, g->of[g->count - 1].digits, g->of[g->count - 1].n);
    return fits ? ERR_OK : diag_set(d, ERR_SYNTAX, "", "口座番号は 7 桁まで / seven digits at most");
}

enum err account_number_parse(struct str s, struct account_number *out, struct diag *d) {
    struct groups g;
    static const char form[] = "銀行-支店-番号 か 記号-番号 / bank-branch-number, or 記号-番号";
    if (!read_groups(s, &g)) return diag_set(d, ERR_SYNTAX, "", form);
    bool yucho = g.of[0].n == SYMBOL && (g.count == 2 || (g.count == 3 && g.of[1].n == 1));
    bool bank = g.of[0].n == BANK && g.of[1].n == BRANCH && (g.count == 3 || (g.count == 4 && g.of[2].n == 1));
    if (yucho) return read_yucho(&g, out, d);
    return bank ? read_bank(&g, out, d) : diag_set(d, ERR_SYNTAX, "", form);
}

static void put(struct buf *b, const struct account_number *a, size_t hidden) {
    buf_put(b, str_of(a->bank, BANK)), buf_putc(b, '-');
    buf_put(b, str_of(a->branch, BRANCH)), buf_putc(b, '-');
    buf_putc(b, a->kind), buf_putc(b, '-');
    for (size_t i = 0; i < NUMBER; i++) buf_putc(b, i < hidden ? '*' : a->number[i]);
}

void account_number_put(struct buf *b, const struct account_number *a) { put(b, a, 0); }
void account_number_put_masked(struct buf *b, const struct account_number *a) { put(b, a, NUMBER - 3); }
