#include "service/people/dirty.h"

#include "service/people/slips.h"
#include "service/people/text.h"

#include <stdlib.h>

_Static_assert(MISTAKE_COUNT < 64, "kinds are bits of one number");

/* Streams of chance beside those of blocks: whether a mistake is made, and which of several. */
enum { STREAM_DRAW = 0x4454 << 16, STREAM_CHOICE = 0x4348 << 16, STREAM_OLD_HOME = 0x4f48 << 16 };

struct text {
    struct buf now;
    char room[NAME_BYTES], registered_room[NAME_BYTES];
    struct buf registered;
};

/* A line being spoilt. */
struct spoiling {
    struct dirt *dirt;
    const struct household *h;
    const struct period *p;
    const struct person *who;
    uint64_t form, member; /* what chance goes by: the insurer's number of the owner, and the member on it */
    uint64_t kinds;        /* 1 << enum mistake */
    bool has_number, alias;
    uint64_t number_of; /* whose My Number stands there */
    const struct name *family, *given;
    struct text name, kana, spare, address;
    char sex;
    struct day birth;
    struct str post;
};

enum err dirt_init(struct dirt *x, const struct nation *n, const struct namesakes *shared, uint32_t percent,
                   struct diag *d) {
    *x = (struct dirt){
        .nation = n, .shared = shared, .shifts = calloc(n->insurer_count ? n->insurer_count : 1, sizeof *x->shifts)};
    if (x->shifts == NULL) return diag_set(d, ERR_MEMORY, "dirty", NULL);
    for (unsigned m = 0; m < MISTAKE_COUNT; m++) x->rate[m] = mistake_rate((enum mistake)m, percent);
    return ERR_OK;
}
void dirt_fini(struct dirt *x) {
    free(x->shifts);
    *x = (struct dirt){0};
}

static bool draw(const struct dirt *x, enum mistake m, uint64_t key) {
    struct chance c = chance_of(x->nation->options.seed, STREAM_DRAW + m, key);
    return chance_below(&c, MILLION) < x->rate[m];
}
static struct chance choice(const struct dirt *x, enum mistake m, uint64_t key) {
    return chance_of(x->nation->options.seed, STREAM_CHOICE + m, key);
}
static bool drawn(const struct spoiling *s, enum mistake m) { return draw(s->dirt, m, s->member); }
static void label(struct spoiling *s, enum mistake m) { s->kinds |= (uint64_t)1 << m; }
static bool has(const struct spoiling *s, enum mistake m) { return s->kinds >> m & 1; }

bool dirt_registered(const struct dirt *x, uint64_t ordinal) { return !draw(x, MISTAKE_no_resident, ordinal); }

bool is_last_of_member(const struct household *h, size_t i) {
    return i + 1 == h->period_count || h->periods[i].who != h->periods[i + 1].who ||
           !same_number(&h->periods[i], &h->periods[i + 1]);
}

static bool on_form(const struct spoiling *s, size_t who) {
    for (size_t i = 0; i < s->h->period_count; i++)
        if (s->h->periods[i].who == who && same_number(&s->h->periods[i], s->p)) return true;
    return false;
}

static void take_number(struct spoiling *s, enum mistake m, uint64_t of) {
    s->number_of = of;
    label(s, m);
}

/* Both lines of a pair draw by the elder's place, so that both are exchanged. */
static bool swap_twins(struct spoiling *s) {
    for (size_t i = 0; s->who->twin && i < s->h->people_count; i++) {
        const struct person *twin = &s->h->people[i];
        if (twin == s->who || !twin->twin || !day_eq(twin->birth, s->who->birth) || !on_form(s, i)) continue;
        uint64_t elder = twin->ordinal < s->who->ordinal ? twin->ordinal : s->who->ordinal;
        if (!draw(s->dirt, MISTAKE_twin_swap, s->form ^ elder)) return false;
        take_number(s, MISTAKE_twin_swap, twin->ordinal);
        return true;
    }
    return false;
}

static bool use_family_number(struct spoiling *s) {
    size_t others[HOUSEHOLD_PEOPLE_MAX], n = 0;
    for (size_t i = 0; i < s->h->people_count; i++)
        if (i != s->p->who && on_form(s, i)) others[n++] = i;
    if (n == 0 || !drawn(s, MISTAKE_family_number)) return false;
    struct chance c = choice(s->dirt, MISTAKE_family_number, s->member);
    take_number(s, MISTAKE_family_number, s->h->people[others[chance_below(&c, (uint32_t)n)]].ordinal);
    return true;
}

/* The rate counts rows, not slips. */
static bool shift_row(struct spoiling *s) {
    struct shift *at = &s->dirt->shifts[s->p->insurer];
    uint64_t above = at->above;
    struct chance c = choice(s->dirt, MISTAKE_shifted_row, s->member);
    bool begins =
        chance_below(&c, MILLION) * (uint64_t)((SHIFT_LEAST + SHIFT_MOST) / 2) < s->dirt->rate[MISTAKE_shifted_row];
    at->above = s->who->ordinal + 1;
    if (at->left == 0 && begins) at->left = (uint32_t)chance_range(&c, SHIFT_LEAST, SHIFT_MOST);
    if (at->left == 0) return false;
    at->left--;
    if (above == 0 || above == at->above || has(s, MISTAKE_twin_swap) || has(s, MISTAKE_family_number) ||
        has(s, MISTAKE_three_item))
        return false;
    take_number(s, MISTAKE_shifted_row, above - 1);
    return true;
}

static void spoil_number(struct spoiling *s) {
    bool wrong = swap_twins(s) || use_family_number(s);
    if (!wrong && s->who->has_namesake && drawn(s, MISTAKE_three_item)) {
        take_number(s, MISTAKE_three_item, s->who->namesake);
        wrong = true;
    }
    wrong = shift_row(s) || wrong;
    if (wrong || !drawn(s, MISTAKE_number_blank)) return;
    s->has_number = false;
    label(s, MISTAKE_number_blank);
}

/* One slip on a text. What did not change is not labelled, and two slips never add up to what is registered (髙 for 高, then 高 for 髙). */
typedef bool slip_fn(struct str s, struct buf *out);
static bool slip(struct spoiling *s, enum mistake m, slip_fn *how, struct text *text) {
    if (!drawn(s, m)) return false;
    s->spare.now.n = 0;
    if (!how(buf_str(&text->now), &s->spare.now) || str_eq(buf_str(&s->spare.now), buf_str(&text->registered)))
        return false;
    text->now.n = 0;
    buf_put(&text->now, buf_str(&s->spare.now));
    label(s, m);
    return true;
}

static bool filed_by_employer(enum scheme scheme) {
    return scheme == KYOKAI || scheme == SOCIETY || scheme == MUTUAL || scheme == SEAMEN || scheme == KOKUHO_SOCIETY;
}

/* Which of a person's names the insurer holds. */
static void choose_name(struct spoiling *s) {
    const struct person *x = s->who;
    s->family = x->family, s->given = x->given;
    if (x->maiden && drawn(s, MISTAKE_former_surname) && !str_eq(x->maiden->kanji, x->family->kanji)) {
        s->family = x->maiden;
        label(s, MISTAKE_former_surname);
    }
    if (x->alias_family && drawn(s, MISTAKE_alias_name)) {
        s->alias = true;
        label(s, MISTAKE_alias_name);
    }
    if (x->community != JAPANESE || !drawn(s, MISTAKE_name_kanji)) return;
    struct chance c = choice(s->dirt, MISTAKE_name_kanji, s->member);
    s->given = homophone(&s->dirt->shared->homophones.given[x->sex - 1][generation_of(x->birth)], x->given, &c);
    if (s->given != x->given) label(s, MISTAKE_name_kanji);
}

static void write_names(struct spoiling *s) {
    struct person as = *s->who;
    put_name(&s->name.registered, s->who, NULL);
    put_kana(&s->kana.registered, s->who, NULL);
    if (s->alias) {
        put_alias(&s->name.now, s->who);
        put_alias_kana(&s->kana.now, s->who);
        return;
    }
    as.family = s->family, as.given = s->given;
    bool latin = as.community != JAPANESE && communities[as.community].letters == LATIN;
    bool wide = latin && drawn(s, MISTAKE_name_wide);
    if (wide) label(s, MISTAKE_name_wide);
    put_name(&s->name.now, &as, &(struct period){.wide = wide});
    put_kana(&s->kana.now, &as, NULL);
}

static void spoil_name(struct spoiling *s) {
    choose_name(s);
    write_names(s);
    bool employer = filed_by_employer(s->dirt->nation->insurers[s->p->insurer].scheme);
    if (!slip(s, MISTAKE_name_lost, slip_lost, &s->name) &&
        !(employer && slip(s, MISTAKE_name_variant, slip_common, &s->name)))
        (void)slip(s, MISTAKE_name_older, slip_older, &s->name);
    if (!has(s, MISTAKE_name_wide)) (void)slip(s, MISTAKE_name_space, slip_no_space, &s->name);
}

static void spoil_kana(struct spoiling *s) {
    if (drawn(s, MISTAKE_kana_missing)) {
        s->kana.now.n = 0;
        label(s, MISTAKE_kana_missing);
        return;
    }
    (void)slip(s, MISTAKE_kana_small, slip_large, &s->kana);
    if (!slip(s, MISTAKE_kana_zu, slip_zu, &s->kana)) (void)slip(s, MISTAKE_kana_voiced, slip_unvoiced, &s->kana);
    (void)slip(s, MISTAKE_kana_alike, slip_alike, &s->kana);
    (void)slip(s, MISTAKE_kana_width, slip_full_width, &s->kana);
}

static bool other_birth(enum mistake m, struct day birth, bool later, struct day *out) {
    if (m == MISTAKE_birth_era) return slip_era(birth, later, out);
    if (m == MISTAKE_birth_month_day) return slip_month_day(birth, out);
    *out = day_add(birth, later ? 1 : -1);
    return true;
}

/* Whoever writes knows that nobody is born tomorrow. */
static bool spoil_birth(struct spoiling *s, enum mistake m) {
    if (!drawn(s, m)) return false;
    struct chance c = choice(s->dirt, m, s->member);
    bool later = chance_percent(&c, 50);
    struct day as_of = s->dirt->nation->options.as_of, wrong = DAY_NONE;
    bool done = other_birth(m, s->who->birth, later, &wrong) && day_until(wrong, as_of);
    if (!done) done = other_birth(m, s->who->birth, !later, &wrong) && day_until(wrong, as_of);
    if (!done) return false;
    s->birth = wrong;
    label(s, m);
    return true;
}

static void spoil_sex_and_birth(struct spoiling *s) {
    if (drawn(s, MISTAKE_sex_wrong)) {
        s->sex = s->who->sex == 1 ? '2' : '1';
        label(s, MISTAKE_sex_wrong);
    } else if (drawn(s, MISTAKE_sex_missing)) {
        s->sex = '3';
        label(s, MISTAKE_sex_missing);
    }
    (void)(spoil_birth(s, MISTAKE_birth_era) || spoil_birth(s, MISTAKE_birth_day) ||
           spoil_birth(s, MISTAKE_birth_month_day));
}

/* Where the household lived before: with one insurer the same for all; mostly in the same city. */
static void move_back(struct spoiling *s) {
    const struct nation *n = s->dirt->nation;
    struct chance c = chance_of(n->options.seed, STREAM_OLD_HOME, s->form);
    const struct municipality *city = s->h->home;
    if (chance_percent(&c, 40)) city = &n->municipalities[chance_below(&c, (uint32_t)n->municipality_count)];
    const struct town *town = &city->towns[chance_below(&c, (uint32_t)city->town_count)];
    struct lot old;
    lot_draw(&old, city, town, &c);
    s->address.now.n = 0;
    lot_put(&s->address.now, n->prefectures[city->prefecture], &old, &(struct address_style){.kanji = s->h->lot.kanji});
    s->post = str_of(town->post, 8);
}

static bool style(struct spoiling *s, enum mistake m, bool possible) {
    if (!possible || !drawn(s, m)) return false;
    label(s, m);
    return true;
}

static void rewrite_address(struct spoiling *s) {
    const struct lot *l = &s->h->lot;
    s->spare.now.n = 0;
    bool ga = slip_ga(l->town->name, &s->spare.now);
    struct address_style how = {.kanji = l->kanji};
    struct chance c = choice(s->dirt, MISTAKE_address_hyphen, s->member);
    how.hyphens = style(s, MISTAKE_address_hyphen, true), how.full_width = chance_percent(&c, 50);
    if (style(s, MISTAKE_address_numerals, !how.hyphens && l->parts[0])) how.kanji = !l->kanji;
    how.other_ga = style(s, MISTAKE_address_ga, ga);
    how.no_building = style(s, MISTAKE_address_building, l->flat_n);
    how.no_prefix = style(s, MISTAKE_address_prefix, l->rural);
    how.no_prefecture = style(s, MISTAKE_address_prefecture, true);
    s->address.now.n = 0;
    lot_put(&s->address.now, s->dirt->nation->prefectures[l->city->prefecture], l, &how);
}

static void spoil_address(struct spoiling *s) {
    s->post = str_of(s->h->town->post, 8);
    if (drawn(s, MISTAKE_address_missing)) {
        s->post.n = 0;
        label(s, MISTAKE_address_missing);
    } else if (draw(s->dirt, MISTAKE_address_old, s->form)) {
        move_back(s);
        label(s, MISTAKE_address_old);
    } else rewrite_address(s);
}

static void put_id(struct buf *b, const struct dirt *x, const char *name, uint64_t ordinal) {
    if (!dirt_registered(x, ordinal)) return;
    buf_puts(b, ",\"");
    buf_puts(b, name);
    buf_puts(b, "\":\"R");
    buf_uint_pad(b, ordinal + 1, 9);
    buf_putc(b, '"');
}

static void put_truth(struct buf *b, const struct spoiling *s) {
    struct dirt *x = s->dirt;
    size_t n = 0;
    buf_puts(b, "{\"member\":");
    put_member_key(b, x->nation, s->p);
    put_id(b, x, "resident", s->who->ordinal);
    buf_puts(b, ",\"errors\":[");
    for (unsigned m = 0; s->kinds >> m; m++) {
        if (!has(s, (enum mistake)m)) continue;
        buf_puts(b, n++ ? ",\"" : "\"");
        buf_puts(b, mistake_info((enum mistake)m)->name);
        buf_putc(b, '"');
        x->of_kind[m]++;
    }
    buf_putc(b, ']');
    if (s->has_number) put_id(b, x, "number_of", s->number_of);
    if (s->who->twin || s->who->has_namesake)
        buf_printf(b, ",\"near\":[%s%s%s]", s->who->twin ? "\"twin\"" : "",
                   s->who->twin && s->who->has_namesake ? "," : "", s->who->has_namesake ? "\"namesake\"" : "");
    buf_puts(b, "}\n");
    x->members++;
    x->clean += n == 0;
}

static void text_init(struct text *t) {
    t->now = buf_over(t->room, sizeof t->room);
    t->registered = buf_over(t->registered_room, sizeof t->registered_room);
}

static void begin(struct spoiling *s) {
    uint64_t insurer = s->dirt->nation->insurers[s->p->insurer].number;
    s->who = &s->h->people[s->p->who];
    s->form = chance_mix(chance_mix(insurer) + s->p->owner * 4 + s->p->slot);
    s->member = s->form + s->p->who;
    s->has_number = true, s->number_of = s->who->ordinal;
    s->sex = s->who->sex == 1 ? '1' : '2', s->birth = s->who->birth;
    text_init(&s->name);
    text_init(&s->kana);
    text_init(&s->address);
    text_init(&s->spare);
}

void dirt_member(struct dirt *x, const struct household *h, const struct period *last, struct buf *line,
                 struct buf *truth) {
    struct spoiling s = {.dirt = x, .h = h, .p = last};
    char number[12];
    begin(&s);
    spoil_number(&s);
    spoil_name(&s);
    spoil_kana(&s);
    spoil_sex_and_birth(&s);
    spoil_address(&s);
    if (!dirt_registered(x, s.who->ordinal)) label(&s, MISTAKE_no_resident);
    write_mynumber(x->nation, s.number_of, number);
    put_member_line(line, x->nation,
                    &(struct member_line){.who = s.who,
                                          .period = last,
                                          .name = buf_str(&s.name.now),
                                          .kana = buf_str(&s.kana.now),
                                          .alias = s.alias,
                                          .sex = s.sex,
                                          .birth = s.birth,
                                          .post = s.post,
                                          .address = buf_str(&s.address.now),
                                          .mynumber = s.has_number ? number : NULL});
    put_truth(truth, &s);
}
