/* An address as two clerks write it: the registry with 丁目, 番, 号 or 番地, the insurer often short, with hyphens. */
#include "service/people/household.h"
#include "service/people/slips.h"

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

static void put_long(struct buf *b, const struct lot *l, bool kanji) {
    const unsigned *parts = l->parts;
    if (parts[0]) {
        if (kanji) buf_puts(b, kanji_digits[parts[0] % 10]);
        else put_full(b, parts[0]);
        buf_puts(b, "丁目");
    }
    put_full(b, parts[1]);
    buf_puts(b, l->rural ? "番地" : "番");
    if (l->rural && parts[2] == 0) return;
    if (l->rural) buf_puts(b, "の");
    put_full(b, parts[2] ? parts[2] : 1);
    if (!l->rural) buf_puts(b, "号");
}

size_t town_prefix(struct str town) { return str_starts(town, S("大字")) ? 6 : str_starts(town, S("字")) ? 3 : 0; }

void lot_draw(struct lot *l, const struct municipality *city, const struct town *town, struct chance *c) {
    *l = (struct lot){.city = city, .town = town, .rural = town_prefix(town->name) > 0};
    /* One drawing a statement: the order of several in one expression is the compiler's. */
    if (!l->rural) l->parts[0] = 1 + chance_below(c, 5);
    l->parts[1] = 1 + chance_below(c, l->rural ? 999 : 40);
    l->parts[2] = chance_below(c, l->rural ? 4 : 25);
    if (l->rural || !chance_percent(c, 38)) return;
    struct buf flat = buf_over(l->flat, sizeof l->flat);
    buf_puts(&flat, "　");
    buf_puts(&flat, houses[chance_below(c, ARRAY_LEN(houses))]);
    buf_puts(&flat, house_names[chance_below(c, ARRAY_LEN(house_names))]);
    unsigned floor = 1 + chance_below(c, 9);
    put_full(&flat, 100 * floor + 1 + chance_below(c, 8));
    if (chance_percent(c, 50)) buf_puts(&flat, "号室");
    l->flat_n = flat.n;
}

void lot_put(struct buf *b, struct str prefecture, const struct lot *l, const struct address_style *how) {
    unsigned last = l->parts[2] ? l->parts[2] : 1;
    struct str town = how->no_prefix ? str_skip(l->town->name, town_prefix(l->town->name)) : l->town->name;
    if (!how->no_prefecture) buf_put(b, prefecture);
    buf_put(b, l->city->name);
    if (how->other_ga) (void)slip_ga(town, b);
    else buf_put(b, town);
    if (!how->hyphens) put_long(b, l, how->kanji);
    else if (l->rural) put_short(b, how->full_width, l->parts + 1, l->parts[2] ? 2 : 1);
    else put_short(b, how->full_width, (unsigned[3]){l->parts[0], l->parts[1], last}, 3);
    if (!how->no_building) buf_put(b, str_of(l->flat, l->flat_n));
}

void household_address(struct household *h, struct str prefecture, struct chance *c) {
    struct buf registry = buf_over(h->registry_address, ADDRESS_BYTES);
    struct buf insurer = buf_over(h->insurer_address, ADDRESS_BYTES);
    struct lot *l = &h->lot;
    lot_draw(l, h->home, h->town, c);
    bool no_prefix = l->rural && chance_percent(c, 40);
    uint32_t how = chance_below(c, 10);
    l->kanji = how & 1;
    lot_put(&registry, prefecture, l, &(struct address_style){.kanji = l->kanji});
    lot_put(&insurer, prefecture, l,
            &(struct address_style){
                .no_prefix = no_prefix, .hyphens = how >= 3, .full_width = how < 7, .no_building = how == 9});
    h->registry_address_n = registry.n, h->insurer_address_n = insurer.n;
}
