/* The nation's insurers, of every scheme, with valid check digits. The names of societies are made up. */
#include "service/people/nation.h"

#include <stdlib.h>

static const char *const firms[] = {"青葉", "若草", "北斗", "東雲", "瑞穂", "大和", "扶桑", "蓬莱", "千歳", "常盤",
                                    "曙",   "朝凪", "白鳳", "翠",   "明星", "八雲", "潮",   "飛鳥", "山彦", "海鳴",
                                    "銀嶺", "黎明", "陽光", "浜風", "桂",   "橘",   "楓",   "藤波", "菊水", "松風",
                                    "竹林", "梅園", "桐",   "柏",   "檜",   "銀杏", "鈴蘭", "葵",   "若駒", "みなと"};
static const char *const trades[] = {"電機", "製鋼", "化学",     "自動車", "商事", "銀行", "生命", "建設",   "食品",
                                     "製薬", "印刷", "運輸",     "鉄道",   "通信", "放送", "情報", "百貨店", "製紙",
                                     "硝子", "繊維", "機械",     "造船",   "石油", "電力", "ガス", "不動産", "証券",
                                     "倉庫", "新聞", "医療機器", "精密",   "観光", "水産", "農機", "物流",   "人材"};
static const char *const guilds[] = {"医師", "歯科医師", "建設", "薬剤師"};

static size_t scaled(uint64_t people, size_t least, uint64_t people_each, size_t most) {
    size_t n = least + (size_t)(people / people_each);
    return n > most ? most : n;
}

static enum err add(struct nation *n, enum scheme scheme, uint32_t number_without_digit, unsigned prefecture,
                    const char *before, struct str middle, const char *after) {
    if (n->insurer_count == INSURERS_MAX) return ERR_LIMIT;
    struct insurer *i = &n->insurers[n->insurer_count++];
    struct insurer_number number = insurer_number_make(number_without_digit);
    char room[256];
    struct buf text = {room, 0, sizeof room, sizeof room, false};
    *i = (struct insurer){.number = number.n, .scheme = scheme, .prefecture = (uint8_t)prefecture};
    buf_puts(&text, before);
    buf_put(&text, middle);
    buf_puts(&text, after);
    i->name = arena_copy(&n->arena, buf_str(&text));
    buf_reset(&text);
    insurer_number_put(&text, number);
    memcpy(i->digits, text.p, text.n);
    i->style = (uint8_t)(chance_mix(number.n) % 8);
    return i->name.p && buf_ok(&text) ? ERR_OK : ERR_MEMORY;
}

/* The municipality whose town hall the insurer stands beside: the first of its prefecture. */
static const struct municipality *seat(const struct nation *n, const struct insurer *i) {
    for (size_t m = 0; m < n->municipality_count; m++)
        if (n->municipalities[m].prefecture == i->prefecture) return &n->municipalities[m];
    return &n->municipalities[0];
}

static enum err add_address(struct nation *n, struct insurer *i, const struct municipality *m) {
    char room[512];
    struct buf text = {room, 0, sizeof room, sizeof room, false};
    buf_put(&text, n->prefectures[m->prefecture]);
    buf_put(&text, m->name);
    buf_put(&text, m->towns[0].name);
    buf_puts(&text, "１－１");
    i->address = arena_copy(&n->arena, buf_str(&text));
    memcpy(i->post, m->towns[0].post, sizeof i->post);
    return i->address.p ? ERR_OK : ERR_MEMORY;
}

/* The fixed part of a symbol: the municipality's first letter for 国保, the school board for 公立学校共済. */
static enum err add_symbol(struct nation *n, struct insurer *i) {
    if (i->scheme != KOKUHO && i->scheme != MUTUAL) return ERR_OK;
    char room[128];
    struct buf text = {room, 0, sizeof room, sizeof room, false};
    struct str prefecture = n->prefectures[i->prefecture];
    prefecture.n -= 3; /* without 県, 都, 府; 北海道 keeps two letters */
    if (i->scheme == MUTUAL) {
        if (i->number / 1000000 == 31) prefecture = S("省共");
        if (i->number / 1000000 == 34) buf_puts(&text, "公立");
        if (i->number / 1000000 == 33) buf_puts(&text, "警察");
        buf_put(&text, prefecture);
    } else if (i->style < 4) {
        buf_put(&text, str_head(i->name, 3));
    }
    i->symbol = arena_copy(&n->arena, buf_str(&text));
    return i->symbol.p ? ERR_OK : ERR_MEMORY;
}

static enum err add_of_prefecture(struct nation *n, unsigned p) {
    struct str name = n->prefectures[p];
    struct str branch = {name.p, p == 1 ? name.n : name.n - 3};
    TRY(add(n, KYOKAI, 100000 + p * 1000 + 1, p, "全国健康保険協会", branch, "支部"));
    TRY(add(n, KOUKI, 3900000 + p * 1000 + 1, p, "", name, "後期高齢者医療広域連合"));
    TRY(add(n, MUTUAL, 3200000 + p * 1000 + 1, p, "地方職員共済組合", name, "支部"));
    TRY(add(n, MUTUAL, 3300000 + p * 1000 + 1, p, "警察共済組合", name, "支部"));
    return add(n, MUTUAL, 3400000 + p * 1000 + 1, p, "公立学校共済組合", branch, "支部");
}

static enum err add_societies(struct nation *n, const unsigned *used, size_t used_count) {
    uint64_t people = n->options.count;
    char firm[64];
    size_t societies = scaled(people, 14, 80000, 1388), guild_count = scaled(people, 2, 700000, 160);
    if (societies > used_count * 900) societies = used_count * 900;     /* three digits, from 100 on */
    if (guild_count > used_count * 100) guild_count = used_count * 100; /* 300 to 399 */
    for (size_t i = 0; i < societies; i++) {
        unsigned p = used[i % used_count];
        struct buf b = {firm, 0, sizeof firm, sizeof firm, false};
        buf_puts(&b, firms[i % ARRAY_LEN(firms)]);
        buf_puts(&b, trades[(i / ARRAY_LEN(firms) + i) % ARRAY_LEN(trades)]);
        TRY(add(n, SOCIETY, 600000 + p * 1000 + 100 + (uint32_t)(i / used_count), p, "", buf_str(&b), "健康保険組合"));
    }
    for (size_t i = 0; i < guild_count; i++) {
        unsigned p = used[i % used_count];
        struct buf b = {firm, 0, sizeof firm, sizeof firm, false};
        buf_put(&b, n->prefectures[p]);
        buf_puts(&b, guilds[i / used_count % ARRAY_LEN(guilds)]);
        TRY(add(n, KOKUHO_SOCIETY, p * 1000 + 300 + (uint32_t)(i / used_count), p, "", buf_str(&b),
                "国民健康保険組合"));
    }
    TRY(add(n, MUTUAL, 3113001, used[0], "", S("青葉省"), "共済組合"));
    TRY(add(n, SEAMEN, 213001, used[0], "", S("全国健康保険協会"), "（船員保険）"));
    return add(n, DEFENCE, 713001, used[0], "", S("防衛省"), "（自衛官診療証）");
}

static int by_number(const void *a, const void *b) {
    const struct insurer *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static enum err add_of_municipalities(struct nation *n) {
    unsigned in_prefecture = 0, before = 0;
    for (size_t i = 0; i < n->municipality_count; i++) {
        struct municipality *m = &n->municipalities[i];
        in_prefecture = m->prefecture == before ? in_prefecture + 1 : 1, before = m->prefecture;
        if (in_prefecture > 700) return ERR_LIMIT; /* three digits, with 300 to 499 left to the societies */
        TRY(add(n, KOKUHO, m->prefecture * 1000u + (in_prefecture < 300 ? in_prefecture : in_prefecture + 200),
                m->prefecture, "", m->name, ""));
        if (in_prefecture <= 3)
            TRY(add(n, AID, 1200000 + m->prefecture * 1000u + in_prefecture, m->prefecture, "", m->name, "福祉事務所"));
    }
    return ERR_OK;
}

static enum err index_insurers(struct nation *n) {
    for (size_t s = 0; s < SCHEMES; s++)
        if ((n->of_scheme[s] = malloc((n->insurer_count + 1) * sizeof **n->of_scheme)) == NULL) return ERR_MEMORY;
    for (size_t p = 0; p <= PREFECTURES; p++) n->kyokai[p] = n->kouki[p] = UINT16_MAX;
    for (size_t i = 0; i < n->insurer_count; i++) {
        struct insurer *x = &n->insurers[i];
        invariant(i == 0 || n->insurers[i - 1].number != x->number);
        n->of_scheme[x->scheme][n->scheme_count[x->scheme]++] = (uint16_t)i;
        if (x->scheme == KYOKAI) n->kyokai[x->prefecture] = (uint16_t)i;
        if (x->scheme == KOUKI) n->kouki[x->prefecture] = (uint16_t)i;
        TRY(add_symbol(n, x));
        TRY(add_address(n, x, seat(n, x)));
    }
    return ERR_OK;
}

/* 国保 and the welfare offices ascend with the municipalities of a prefecture: the k-th belongs to the k-th. */
static void join_municipalities(struct nation *n) {
    size_t kokuho = 0, offices = 0, in_prefecture = 0;
    for (size_t i = 0; i < n->municipality_count; i++) {
        struct municipality *m = &n->municipalities[i];
        in_prefecture = i && m->prefecture == n->municipalities[i - 1].prefecture ? in_prefecture + 1 : 0;
        m->kokuho = n->of_scheme[KOKUHO][kokuho++];
        if (in_prefecture < 3) offices++;
        m->aid = n->of_scheme[AID][offices - 1];
        (void)add_address(n, &n->insurers[m->kokuho], m);
    }
}

enum err nation_insure(struct nation *n, struct diag *d) {
    unsigned used[PREFECTURES];
    size_t used_count = 0;
    n->insurers = calloc(INSURERS_MAX, sizeof *n->insurers);
    enum err e = n->insurers ? ERR_OK : ERR_MEMORY;
    for (size_t i = 0; e == ERR_OK && i < n->municipality_count; i++) {
        unsigned p = n->municipalities[i].prefecture;
        if (used_count && used[used_count - 1] == p) continue;
        if (used_count == PREFECTURES) return diag_set(d, ERR_VALUE, "places", "prefectures do not ascend");
        used[used_count++] = p;
        e = add_of_prefecture(n, p);
    }
    if (e == ERR_OK) e = add_societies(n, used, used_count);
    if (e == ERR_OK) e = add_of_municipalities(n);
    if (e != ERR_OK) return diag_set(d, e, "insurers", "at most %d", INSURERS_MAX);
    qsort(n->insurers, n->insurer_count, sizeof *n->insurers, by_number);
    e = index_insurers(n);
    if (e != ERR_OK) return diag_set(d, e, "insurers", NULL);
    join_municipalities(n);
    return ERR_OK;
}
