/* What was counted, as tables for people. Whole numbers only. */
#include "service/quality/quality.h"

/* Upper limits of 95 % for so many events, in hundredths (Poisson: half the 95 % point of chi-squared with 2k + 2 degrees of freedom). */
static const uint16_t poisson_95[] = {300, 474, 630, 775, 915, 1051, 1184, 1315, 1443, 1571, 1696};

uint64_t quality_bound(uint64_t wrong, uint64_t linked) {
    if (linked == 0 || wrong >= ARRAY_LEN(poisson_95)) return UINT64_MAX;
    return (poisson_95[wrong] * (uint64_t)1000000 + linked - 1) / linked; /* rounded up: it is a bound */
}

/* 12.34 from 1234. */
static void put_hundredths(struct buf *b, uint64_t v) {
    buf_uint(b, v / 100);
    buf_putc(b, '.');
    buf_uint_pad(b, v % 100, 2);
}

static void put_percent(struct buf *b, uint64_t part, uint64_t of) {
    if (of == 0) {
        buf_puts(b, "–");
        return;
    }
    put_hundredths(b, part * 10000 / of);
    buf_puts(b, " %");
}

static void put_row(struct buf *b, const char *ja, const char *en, const struct quality_row *r) {
    static const enum outcome order[] = {OUTCOME_LINKED, OUTCOME_NEEDS_PERSON, OUTCOME_CONTRADICTED, OUTCOME_NOT_LINKED,
                                         OUTCOME_NONE};
    buf_printf(b, "| %s%s%s | %llu | ", ja, ja[0] ? " / " : "", en, (unsigned long long)r->members);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        buf_uint(b, r->of[order[i]]);
        buf_puts(b, " | ");
        if (order[i] != OUTCOME_LINKED) continue;
        buf_uint(b, r->wrong);
        buf_puts(b, " | ");
    }
    put_percent(b, r->right, r->members);
    buf_puts(b, " |\n");
}

static void put_head(struct buf *b, const char *first) {
    buf_printf(
        b,
        "\n| %s | 加入者 / members | ひも付け / linked | うち誤り / wrong | 要確認 / needs-person | 矛盾 / contradicted | "
        "ひも付けず / not-linked | 行なし / no line | 期待どおり / as it should be |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        first);
}

/* Alarms about members that have a number, for each of those with another's: how much a person must look at to find one. */
static void put_alarms(struct buf *b, const struct quality_count *c) {
    const struct quality_row *all = &c->group[QUALITY_ALL], *blank = &c->group[QUALITY_BLANK];
    uint64_t others = c->group[QUALITY_OTHERS].members;
    uint64_t alarms = all->of[OUTCOME_NEEDS_PERSON] + all->of[OUTCOME_CONTRADICTED] - blank->of[OUTCOME_NEEDS_PERSON] -
                      blank->of[OUTCOME_CONTRADICTED];
    buf_printf(b, "他人の番号一件あたりの警告 / alarms for each number of another's: %llu / %llu",
               (unsigned long long)alarms, (unsigned long long)others);
    if (others) {
        buf_puts(b, " = ");
        put_hundredths(b, alarms * 100 / others);
    }
    buf_puts(b, "\n");
}

static void put_summary(struct buf *b, const struct quality_row *all) {
    uint64_t linked = all->of[OUTCOME_LINKED], bound = quality_bound(all->wrong, linked);
    buf_printf(b, "誤ったひも付け / wrong links: %llu / %llu", (unsigned long long)all->wrong,
               (unsigned long long)linked);
    if (bound != UINT64_MAX) {
        buf_puts(b, "（95 % の上限 / 95 % upper bound: 100 万あたり / in a million ");
        put_hundredths(b, bound);
        buf_puts(b, "）");
    }
    buf_puts(b, "\n人手なしのひも付け / linked without a person: ");
    put_percent(b, linked, all->members);
    buf_puts(b, "\n要確認 / needs a person: ");
    put_percent(b, all->of[OUTCOME_NEEDS_PERSON], all->members);
    buf_puts(b, "\n矛盾 / contradicted: ");
    put_percent(b, all->of[OUTCOME_CONTRADICTED], all->members);
    buf_puts(b, "\n");
}

void quality_put(const struct quality_count *c, struct buf *out) {
    static const char *const ja[QUALITY_GROUPS] = {"すべて",     "誤りなし",        "誤りはあるが番号は本人",
                                                   "番号なし",   "他人の番号",      "住民でない",
                                                   "双子がいる", "同名の他人がいる"};
    static const char *const en[QUALITY_GROUPS] = {
        "all",         "clean",       "dirty but honest", "no number", "another's number",
        "no resident", "a twin near", "a namesake near"};
    put_summary(out, &c->group[QUALITY_ALL]);
    put_alarms(out, c);
    put_head(out, "組 / group");
    for (unsigned g = 0; g < QUALITY_GROUPS; g++) put_row(out, ja[g], en[g], &c->group[g]);
    put_head(out, "誤りの種類 / kind of error");
    for (unsigned m = 0; m < MISTAKE_COUNT; m++)
        if (c->kind[m].members)
            put_row(out, mistake_info((enum mistake)m)->ja, mistake_info((enum mistake)m)->name, &c->kind[m]);
}
