/* Lines of the files. A line is put together in a buffer with room for the longest one, so that each piece is a plain copy. */
#include "service/people/text.h"

static inline void put(struct buf *b, struct str s) {
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}
#define LIT(b, text) put(b, S(text))

static void field(struct buf *b, const char *name_with_quotes, size_t n, struct str value) {
    put(b, str_of(name_with_quotes, n));
    put(b, value);
    LIT(b, "\"");
}
#define FIELD(b, name, value) field(b, ",\"" name "\":\"", sizeof(",\"" name "\":\"") - 1, value)

static struct str iso(const struct nation *n, struct day d) { return str_of(nation_iso(n, d), 10); }
#define DAY(b, n, name, d)                                                                                             \
    do {                                                                                                               \
        if (day_is(d)) FIELD(b, name, iso(n, d));                                                                      \
    } while (0)

static void put_code2(struct buf *b, unsigned v) {
    b->p[b->n++] = (char)('0' + v / 10 % 10);
    b->p[b->n++] = (char)('0' + v % 10);
}

static struct str written(const struct name *name, bool wide) {
    return wide && name->wide.n ? name->wide : name->kanji;
}

void put_name(struct buf *b, const struct person *p, const struct period *period) {
    bool wide = period && period->wide, latin = p->community != JAPANESE && communities[p->community].letters == LATIN;
    buf_put(b, written(period && period->maiden ? p->maiden : p->family, wide));
    buf_puts(b, latin && !wide ? " " : "　");
    buf_put(b, written(p->given, wide));
}

void put_kana(struct buf *b, const struct person *p, const struct period *period) {
    buf_put(b, (period && period->maiden ? p->maiden : p->family)->kana);
    buf_putc(b, ' ');
    buf_put(b, p->given->kana);
}

void put_alias(struct buf *b, const struct person *p) {
    buf_put(b, p->alias_family->kanji);
    buf_puts(b, "　");
    buf_put(b, p->alias_given->kanji);
}

void put_alias_kana(struct buf *b, const struct person *p) {
    buf_put(b, p->alias_family->kana);
    buf_putc(b, ' ');
    buf_put(b, p->alias_given->kana);
}

static void put_names(struct buf *b, const struct person *p, const struct period *period) {
    LIT(b, ",\"name\":\"");
    put_name(b, p, period);
    LIT(b, "\"");
    if (!period || !p->no_kana) {
        LIT(b, ",\"kana\":\"");
        put_kana(b, p, period);
        LIT(b, "\"");
    }
    if (!p->alias_family) return;
    LIT(b, ",\"other_name\":\"");
    put_alias(b, p);
    LIT(b, "\",\"other_kana\":\"");
    put_alias_kana(b, p);
    LIT(b, "\"");
}

void put_insurer_op(struct buf *b, const struct insurer *i) {
    buf_puts(b, "{\"op\":\"insurer\",\"insurer\":\"");
    buf_puts(b, i->digits);
    buf_puts(b, "\",\"name\":\"");
    buf_put(b, i->name);
    buf_puts(b, "\"}\n");
}

void put_insurer(struct buf *b, const struct insurer *i) {
    buf_puts(b, "{\"insurer\":\"");
    buf_puts(b, i->digits);
    buf_puts(b, "\",\"name\":\"");
    buf_put(b, i->name);
    buf_puts(b, "\",\"post\":\"");
    buf_puts(b, i->post);
    buf_puts(b, "\",\"address\":\"");
    buf_put(b, i->address);
    buf_puts(b, "\"}\n");
}

static void put_elderly(struct buf *b, const struct nation *n, const struct period *p) {
    for (size_t i = 0; i < p->elderly_count; i++) {
        const struct elderly_certificate *e = &p->elderly[i];
        put(b, i ? S(",") : S(",\"elderly\":["));
        LIT(b, "{\"issued\":\"");
        put(b, iso(n, e->issued));
        LIT(b, "\"");
        FIELD(b, "from", iso(n, e->from));
        FIELD(b, "until", iso(n, e->until));
        LIT(b, ",\"ratio\":");
        put_code2(b, e->ratio);
        LIT(b, "}");
    }
    if (p->elderly_count) LIT(b, "]");
}

static void put_other_certificates(struct buf *b, const struct nation *n, const struct period *p) {
    if (day_is(p->limit.from)) {
        LIT(b, ",\"limit\":[{\"class\":\"");
        put_code2(b, p->limit.class);
        LIT(b, "\"");
        FIELD(b, "category", str_of(p->limit.category, 3));
        DAY(b, n, "issued", p->limit.issued);
        DAY(b, n, "from", p->limit.from);
        DAY(b, n, "until", p->limit.until);
        DAY(b, n, "long_term", p->limit.long_term);
        LIT(b, "}]");
    }
    if (day_is(p->disease.from)) {
        LIT(b, ",\"diseases\":[{\"disease\":\"");
        buf_uint(b, p->disease.disease);
        LIT(b, "\"");
        DAY(b, n, "issued", p->disease.issued);
        DAY(b, n, "from", p->disease.from);
        LIT(b, ",\"self_pay\":");
        buf_uint(b, p->disease.self_pay_yen);
        LIT(b, "}]");
    }
}

static void put_tickets(struct buf *b, const struct nation *n, const struct period *p) {
    for (size_t i = 0; i < p->ticket_count; i++) {
        const struct medical_ticket *t = &p->tickets[i];
        put(b, i ? S(",{\"type\":\"") : S(",\"tickets\":[{\"type\":\""));
        put_code2(b, t->type);
        LIT(b, "\",\"month\":\"");
        buf_uint(b, t->month);
        LIT(b, "\"");
        DAY(b, n, "from", t->from);
        DAY(b, n, "until", t->until);
        LIT(b, ",\"issue_number\":\"");
        buf_uint(b, (uint64_t)t->month * 100 + i + 1);
        LIT(b, "\",\"treatment\":\"");
        put_code2(b, t->treatment);
        LIT(b, "\"");
        if (t->institution.n) {
            LIT(b, ",\"institution\":\"");
            institution_code_put(b, t->institution);
            LIT(b, "\"");
        }
        if (t->self_pay_yen) {
            LIT(b, ",\"self_pay\":");
            buf_uint(b, t->self_pay_yen);
        }
        LIT(b, "}");
    }
    if (p->ticket_count) LIT(b, "]");
}

/* The head's name stands with members of the family; the dead and the departed too were somebody's. */
static const struct person *head_of(const struct household *h, const struct period *p) {
    return p->relation == 2 && p->owner >= h->first && p->owner - h->first < h->people_count
               ? &h->people[p->owner - h->first]
               : NULL;
}

static void put_address(struct buf *b, const struct household *h) {
    FIELD(b, "post", str_of(h->town->post, 8));
    FIELD(b, "address", str_of(h->insurer_address, h->insurer_address_n));
}

static void put_cover(struct buf *b, const struct nation *n, const struct period *p) {
    DAY(b, n, "start", p->start);
    DAY(b, n, "lost", p->lost);
    if (p->loss_reason) {
        LIT(b, ",\"loss_reason\":\"");
        put_code2(b, p->loss_reason);
        LIT(b, "\"");
    }
}

static void put_class(struct buf *b, const struct nation *n, const struct period *p) {
    LIT(b, ",\"class\":\"");
    if (p->class == CLASS_MEDICAL_AID) LIT(b, "A1");
    else put_code2(b, p->class);
    LIT(b, "\"");
    DAY(b, n, "issued", p->issued);
    DAY(b, n, "card_from", p->card_from);
    DAY(b, n, "card_until", p->card_until);
    if (p->ratio == RATIO_NONE) return;
    LIT(b, ",\"ratio\":");
    buf_uint(b, p->ratio);
}

void put_period(struct buf *b, const struct nation *n, const struct household *h, const struct period *p) {
    const struct insurer *i = &n->insurers[p->insurer];
    const struct person *who = &h->people[p->who], *head = head_of(h, p);
    struct card_text card;
    if (buf_room(b, LINE_BYTES_MAX) == NULL) return;
    card_text_make(n, i, p->owner, p->slot, &card);
    LIT(b, "{\"insurer\":\"");
    put(b, str_c(i->digits));
    LIT(b, "\"");
    if (card.symbol.n) FIELD(b, "symbol", card.symbol);
    FIELD(b, "number", card.number);
    if (p->branch >= 0) {
        LIT(b, ",\"branch\":\"");
        put_code2(b, (unsigned)p->branch);
        LIT(b, "\"");
    }
    put_cover(b, n, p);
    put_names(b, who, p);
    LIT(b, ",\"sex\":\"");
    put(b, who->sex == 1 ? S("1\"") : S("2\""));
    FIELD(b, "birth", iso(n, who->birth));
    if (!who->no_address) put_address(b, h);
    put(b, p->relation == 1 ? S(",\"relation\":\"1\"") : S(",\"relation\":\"2\""));
    if (head) {
        LIT(b, ",\"head\":\"");
        put_name(b, head, NULL);
        LIT(b, "\"");
    }
    put_class(b, n, p);
    put_elderly(b, n, p);
    put_other_certificates(b, n, p);
    if (p->class == CLASS_MEDICAL_AID) {
        put_tickets(b, n, p);
        FIELD(b, "welfare_office", i->name);
    }
    if (!who->no_number) FIELD(b, "mynumber", str_of(who->mynumber, 12));
    LIT(b, "}\n");
}

void put_resident(struct buf *b, const struct nation *n, const struct household *h, const struct person *p) {
    if (buf_room(b, LINE_BYTES_MAX) == NULL) return;
    LIT(b, "{\"id\":\"R");
    buf_uint_pad(b, p->ordinal + 1, 9);
    LIT(b, "\"");
    FIELD(b, "mynumber", str_of(p->mynumber, 12));
    put_names(b, p, NULL);
    if (p->maiden) {
        LIT(b, ",\"former_name\":\"");
        put(b, p->maiden->kanji);
        LIT(b, "　");
        put(b, p->given->kanji);
        LIT(b, "\"");
    }
    FIELD(b, "birth", iso(n, p->birth));
    put(b, p->sex == 1 ? S(",\"sex\":\"1\"") : S(",\"sex\":\"2\""));
    FIELD(b, "post", str_of(h->town->post, 8));
    FIELD(b, "address", str_of(h->registry_address, h->registry_address_n));
    LIT(b, ",\"household\":\"H");
    buf_uint_pad(b, h->first + 1, 9);
    LIT(b, "\"");
    DAY(b, n, "since", p->since);
    DAY(b, n, "died", p->died);
    LIT(b, "}\n");
}
