/* An address as two clerks write it: the registry with 丁目, 番, 号 or 番地, the insurer often short, with hyphens. */
#include "service/people/household.h"

static const char *const full_digits[] = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
static const char *const kanji_digits[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
static const char *const houses[] = {"コーポ",   "ハイツ", "メゾン",   "サンライズ",
                                     "グリーン", "第２",   "シャトー", "パーク"};
static const char *const house_names[] = {"青葉", "ひかり", "けやき", "中央", "さつき", "緑風", "スカイ", "白樺"};

static void put_full(struct buf *b, unsigned v) {
    if (v >= 100) buf_puts(b, full_digits[v / 100 % 10]);
    if (v >= 10) buf_puts(b, full_digits[v / 10 % 10]);
    buf_puts(b, full_digits[v % 10]);
}

static void put_short(struct buf *b, bool full, const unsigned *parts, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i) buf_puts(b, full ? "－" : "-");
        if (full) put_full(b, parts[i]);
        else buf_uint(b, parts[i]);
    }
}

static void put_long(struct buf *b, const unsigned parts[3], bool block, bool kanji) {
    if (parts[0]) {
        if (kanji) buf_puts(b, kanji_digits[parts[0] % 10]);
        else put_full(b, parts[0]);
        buf_puts(b, "丁目");
    }
    put_full(b, parts[1]);
    buf_puts(b, block ? "番" : "番地");
    if (!block && parts[2] == 0) return;
    if (!block) buf_puts(b, "の");
    put_full(b, parts[2] ? parts[2] : 1);
    if (block) buf_puts(b, "号");
}

void household_address(struct household *h, struct str prefecture, struct chance *c) {
    struct buf registry = {h->registry_address, 0, ADDRESS_BYTES, ADDRESS_BYTES, false};
    struct buf insurer = {h->insurer_address, 0, ADDRESS_BYTES, ADDRESS_BYTES, false};
    bool rural = str_starts(h->town->name, S("大字")) || str_starts(h->town->name, S("字"));
    /* One drawing a statement: the order of several in one expression is the compiler's. */
    unsigned parts[3] = {0};
    if (!rural) parts[0] = 1 + chance_below(c, 5);
    parts[1] = 1 + chance_below(c, rural ? 999 : 40);
    parts[2] = chance_below(c, rural ? 4 : 25);
    char house[64];
    struct buf flat = {house, 0, sizeof house, sizeof house, false};
    if (!rural && chance_percent(c, 38)) {
        buf_puts(&flat, "　");
        buf_puts(&flat, houses[chance_below(c, ARRAY_LEN(houses))]);
        buf_puts(&flat, house_names[chance_below(c, ARRAY_LEN(house_names))]);
        unsigned floor = 1 + chance_below(c, 9);
        put_full(&flat, 100 * floor + 1 + chance_below(c, 8));
        if (chance_percent(c, 50)) buf_puts(&flat, "号室");
    }
    buf_put(&registry, prefecture);
    buf_put(&insurer, prefecture);
    buf_put(&registry, h->home->name);
    buf_put(&insurer, h->home->name);
    buf_put(&registry, h->town->name);
    struct str town = h->town->name;
    if (rural && chance_percent(c, 40)) town = str_skip(town, str_starts(town, S("大字")) ? 6 : 3);
    buf_put(&insurer, town);
    uint32_t how = chance_below(c, 10);
    put_long(&registry, parts, !rural, how & 1);
    if (how < 3) put_long(&insurer, parts, !rural, false);
    else if (rural) put_short(&insurer, how < 7, parts + 1, parts[2] ? 2 : 1);
    else put_short(&insurer, how < 7, (unsigned[3]){parts[0], parts[1], parts[2] ? parts[2] : 1}, 3);
    buf_put(&registry, buf_str(&flat));
    if (how != 9) buf_put(&insurer, buf_str(&flat));
    h->registry_address_n = registry.n, h->insurer_address_n = insurer.n;
}
