#include "lib/identity_pairs.h"

#include "base/utf8.h"
#include "rules/identity/text.h"

/* Made up; what parts a fact has, and what a slip may put in. */
static const char *const family[] = {"田中",   "髙橋", "高橋",    "佐々木", "佐佐木", "\xef\xa8\x99",
                                     "齋藤",   "斎藤", "渡邊",    "渡辺",   "山﨑",   "山崎",
                                     "小鳥遊", "神",   "辻󠄀", "SMITH",  "ヶ原",   "金"};
static const char *const given[] = {"太郎", "花子", "美希", "真希", "一",   "奈々", "アンナ", "あんな",
                                    "john", "●子",  "恵",   "惠",   "翔太", "々子", "?"};
static const char *const family_kana[] = {"タナカ", "ﾀｶﾊｼ",   "オオノ", "オウノ", "ヤマザキ", "やまざき",
                                          "カンダ", "ソウマ", "ミヅノ", "ミズノ", "ハットリ", "TANAKA"};
static const char *const given_kana[] = {"タロウ",   "ﾊﾅｺ",  "ミキ", "マキ", "ショウコ",
                                         "シヨウコ", "ユウ", "ユー", "Yūko"};
static const char *const years[] = {"1985", "昭和60年", "S60.", "1926-", "大正15年", "H1.", "令和元年", "1870"};
static const char *const days[] = {"-04-01", "4月1日", "04.01", "0401", "-12-25", "1.8", "-00-00", "-01-04"};
static const char *const towns[] = {"東京都青梅市河辺町",   "青梅市大字河辺",     "東京都西多摩郡瑞穂町殿ヶ谷",
                                    "東京都瑞穂町殿が谷",   "北海道伊達市本町",   "福島県伊達市本町",
                                    "三重県四日市市諏訪町", "大阪府大阪市北区梅", "アメリカ合衆国",
                                    "福島県郡山市字一ノ﨑", "福島県郡山市一の崎"};
static const char *const blocks[] = {"1-2-3",      "１丁目２番３号", "一丁目二番地の三", "1-2",
                                     "1-23",       "1-2-3 コーポ窓", "１番地",           "",
                                     "1-2-3窓101", "3号 101"};

#define LIST(list)                                                                                                     \
    { list, ARRAY_LEN(list) }
static const struct material {
    struct {
        const char *const *words;
        size_t count;
    } first, second;
    const char *between, *slips;
} materials[] = {
    [FACT_NAME] = {LIST(family), LIST(given), " ",
                   "●〓?々　 髙高齋斎斉齊邊邉辺部嶋島ｱあアァヶケ・ａAＺ神\xef\xa8\x99"
                   "田郎󠄁"},
    [FACT_KANA] = {LIST(family_kana), LIST(given_kana), " ", "ﾞﾟー-―－ 　・ｱｶッツヅズヂジヲオソンシゥウキアaKヴ"},
    [FACT_BIRTH] = {LIST(years), LIST(days), "", "0123456789SHTR昭平月.-/ １"},
    [FACT_ADDRESS] = {LIST(towns), LIST(blocks), "", "一二十1239０-ー番地号丁目の大字町市区郡 　ヶケがヵ(ビ条崎﨑"},
};

static uint64_t draw(struct identity_pairs *p, uint64_t below) {
    p->state ^= p->state << 13, p->state ^= p->state >> 7, p->state ^= p->state << 17;
    return (p->state >> 11) % below;
}

struct identity_pairs identity_pairs_of(enum fact fact, uint64_t seed) {
    invariant(fact <= FACT_ADDRESS);
    return (struct identity_pairs){.fact = fact, .state = seed * 2654435761u + 88172645463325252u};
}

static void read_text(struct str s, struct text *t) {
    struct diag d;
    invariant(text_read(s, t, "", &d) == ERR_OK);
}

/* Changes, puts in, leaves out or exchanges one character. */
static void slip(struct identity_pairs *p, uint32_t *c, size_t *n, const struct text *slips) {
    uint32_t one = slips->c[draw(p, slips->n)];
    uint64_t how = draw(p, 4), at = draw(p, *n + 1);
    if (how == 0) {
        memmove(c + at + 1, c + at, (*n - at) * sizeof *c);
        c[at] = one, ++*n;
    } else if (at < *n) {
        if (how == 1) c[at] = one;
        if (how == 2) memmove(c + at, c + at + 1, (--*n - at) * sizeof *c);
        if (how == 3 && at + 1 < *n) one = c[at], c[at] = c[at + 1], c[at + 1] = one;
    }
}

static void write_side(struct identity_pairs *p, struct buf *out, size_t first, size_t second, bool turned) {
    const struct material *m = &materials[p->fact];
    if (draw(p, 100) == 0) return; /* nothing was written */
    buf_puts(out, turned ? m->second.words[second] : m->first.words[first]);
    buf_puts(out, m->between);
    buf_puts(out, turned ? m->first.words[first] : m->second.words[second]);
    struct text t, slips;
    uint32_t c[PAIR_TEXT_MAX];
    size_t n, times = draw(p, 3) ? draw(p, 4) : 0;
    read_text(buf_str(out), &t), read_text(str_c(m->slips), &slips);
    memcpy(c, t.c, t.n * sizeof *c), n = t.n;
    while (times--) slip(p, c, &n, &slips);
    buf_cut(out, 0);
    for (size_t i = 0; i < n; i++) utf8_put(out, c[i]);
    invariant(buf_ok(out));
}

void identity_pairs_next(struct identity_pairs *p, struct str *a, struct str *b) {
    const struct material *m = &materials[p->fact];
    struct buf ba = buf_over(p->a_room, PAIR_TEXT_MAX), bb = buf_over(p->b_room, PAIR_TEXT_MAX);
    size_t f = draw(p, m->first.count), s = draw(p, m->second.count), like = draw(p, 4);
    write_side(p, &ba, f, s, false);
    write_side(p, &bb, like & 1 ? f : draw(p, m->first.count), like & 2 ? s : draw(p, m->second.count),
               draw(p, 8) == 0);
    *a = buf_str(&ba), *b = buf_str(&bb);
}
