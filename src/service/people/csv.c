/* The CSV form of a period. Values hold no comma, quote or line end (see names.h), so nothing needs quoting. */
#include "service/people/text.h"

static const char header[] =
    "insurer,symbol,number,branch,start,lost,loss_reason,name,kana,other_name,other_kana,sex,birth,post,address,relation,"
    "head,class,issued,card_from,card_until,ratio,elderly_issued,elderly_from,elderly_until,elderly_ratio,limit_class,"
    "limit_category,limit_issued,limit_from,limit_until,limit_long_term,disease_disease,disease_issued,disease_from,"
    "disease_until,disease_self_pay,mynumber\n";

void put_csv_header(struct buf *b) { buf_puts(b, header); }

static void comma(struct buf *b) { buf_putc(b, ','); }
static void put_day(struct buf *b, const struct nation *n, struct day d) {
    comma(b);
    if (day_is(d)) buf_put(b, str_of(nation_iso(n, d), 10));
}
static void put_code(struct buf *b, bool given, unsigned v, unsigned width) {
    comma(b);
    if (given) buf_uint_pad(b, v, width);
}
static void put_text(struct buf *b, struct str s) {
    comma(b);
    buf_put(b, s);
}

static void put_who(struct buf *b, const struct person *x, const struct period *p) {
    comma(b);
    put_name(b, x, p);
    comma(b);
    if (!x->no_kana) put_kana(b, x, p);
    comma(b);
    if (x->alias_family) put_alias(b, x);
    comma(b);
    if (x->alias_family) put_alias_kana(b, x);
}

static void put_certificates(struct buf *b, const struct nation *n, const struct period *p) {
    const struct elderly_certificate none = {DAY_NONE, DAY_NONE, DAY_NONE, 0},
                                     *e = p->elderly_count ? &p->elderly[0] : &none;
    bool limit = day_is(p->limit.from), disease = day_is(p->disease.from);
    put_day(b, n, e->issued);
    put_day(b, n, e->from);
    put_day(b, n, e->until);
    put_code(b, p->elderly_count, e->ratio, 2);
    put_code(b, limit, p->limit.class, 2);
    put_text(b, limit ? str_of(p->limit.category, 3) : S(""));
    put_day(b, n, limit ? p->limit.issued : DAY_NONE);
    put_day(b, n, p->limit.from);
    put_day(b, n, limit ? p->limit.until : DAY_NONE);
    put_day(b, n, limit ? p->limit.long_term : DAY_NONE);
    put_code(b, disease, p->disease.disease, 1);
    put_day(b, n, disease ? p->disease.issued : DAY_NONE);
    put_day(b, n, p->disease.from);
    put_day(b, n, DAY_NONE);
    put_code(b, disease, p->disease.self_pay_yen, 1);
}

bool put_csv_period(struct buf *b, const struct nation *n, const struct household *h, const struct period *p) {
    const struct insurer *i = &n->insurers[p->insurer];
    const struct person *x = &h->people[p->who];
    struct card_text card;
    if (p->elderly_count > 1 || p->class == CLASS_MEDICAL_AID) return false;
    card_text_make(n, i, p->owner, p->slot, &card);
    buf_puts(b, i->digits);
    put_text(b, card.symbol);
    put_text(b, card.number);
    put_code(b, p->branch >= 0, (unsigned)p->branch, 2);
    put_day(b, n, p->start);
    put_day(b, n, p->lost);
    put_code(b, p->loss_reason, p->loss_reason, 2);
    put_who(b, x, p);
    put_code(b, true, x->sex, 1);
    put_day(b, n, x->birth);
    put_text(b, x->no_address ? S("") : str_of(h->town->post, 8));
    put_text(b, x->no_address ? S("") : str_of(h->insurer_address, h->insurer_address_n));
    put_code(b, true, p->relation, 1);
    comma(b);
    if (p->relation == 2) put_name(b, &h->people[p->owner - h->first], NULL);
    put_code(b, true, p->class, 2);
    put_day(b, n, p->issued);
    put_day(b, n, p->card_from);
    put_day(b, n, p->card_until);
    put_code(b, p->ratio != RATIO_NONE, p->ratio, 1);
    put_certificates(b, n, p);
    put_text(b, x->no_number ? S("") : str_of(x->mynumber, 12));
    buf_putc(b, '\n');
    return true;
}
