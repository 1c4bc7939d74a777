/* Lines of dirty/<保険者番号>.ndjson: an insurer's file without certificates. Nothing in them needs escaping (names.h). */
#include "service/people/dirty.h"
#include "service/people/text.h"

static void put_member(struct buf *b, struct str head, struct str value) {
    if (value.n == 0) return;
    buf_put(b, head);
    buf_put(b, value);
    buf_put(b, S("\""));
}
#define FIELD(b, name, value) put_member(b, S(",\"" name "\":\""), value)

/* A slip of the era leads to days before those that the nation has as text. */
static void put_birth(struct buf *b, struct day d) {
    char room[16];
    struct buf iso = buf_over(room, sizeof room);
    day_put_iso(&iso, d);
    FIELD(b, "birth", buf_str(&iso));
}
static struct str day_text(const struct nation *n, struct day d) {
    return day_is(d) ? str_of(nation_iso(n, d), 10) : S("");
}
static void put_code(struct buf *b, struct str head, unsigned v) {
    char digits[2] = {(char)('0' + v / 10 % 10), (char)('0' + v % 10)};
    put_member(b, head, str_of(digits, sizeof digits));
}

#define CODE(b, name, v) put_code(b, S(",\"" name "\":\""), v)

static void put_key_fields(struct buf *b, const struct nation *n, const struct period *p) {
    const struct insurer *i = &n->insurers[p->insurer];
    struct card_text card;
    card_text_make(n, i, p->owner, p->slot, &card);
    put_member(b, S("{\"insurer\":\""), str_c(i->digits));
    FIELD(b, "symbol", card.symbol);
    FIELD(b, "number", card.number);
    if (p->branch >= 0) CODE(b, "branch", (unsigned)p->branch);
}

void put_member_key(struct buf *b, const struct nation *n, const struct period *p) {
    put_key_fields(b, n, p);
    buf_putc(b, '}');
}

static void put_other_name(struct buf *b, const struct person *who) {
    char room[NAME_BYTES];
    struct buf other = buf_over(room, sizeof room);
    put_alias(&other, who);
    FIELD(b, "other_name", buf_str(&other));
    other.n = 0;
    put_alias_kana(&other, who);
    FIELD(b, "other_kana", buf_str(&other));
}

void put_member_line(struct buf *b, const struct nation *n, const struct member_line *m) {
    const struct period *p = m->period;
    put_key_fields(b, n, p);
    FIELD(b, "start", day_text(n, p->start));
    FIELD(b, "lost", day_text(n, p->lost));
    if (p->loss_reason) CODE(b, "loss_reason", p->loss_reason);
    FIELD(b, "name", m->name);
    FIELD(b, "kana", m->kana);
    if (m->who->alias_family && !m->alias) put_other_name(b, m->who);
    FIELD(b, "sex", str_of(&m->sex, 1));
    put_birth(b, m->birth);
    FIELD(b, "post", m->post);
    FIELD(b, "address", m->address);
    FIELD(b, "relation", p->relation == 1 ? S("1") : S("2"));
    if (p->class == CLASS_MEDICAL_AID) FIELD(b, "class", S("A1"));
    else CODE(b, "class", p->class);
    if (p->ratio != RATIO_NONE) {
        buf_puts(b, ",\"ratio\":");
        buf_uint(b, p->ratio);
    }
    if (m->mynumber) FIELD(b, "mynumber", str_of(m->mynumber, 12));
    buf_puts(b, "}\n");
}
