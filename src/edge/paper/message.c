#include "edge/paper/message.h"

static void put_text(struct buf *b, const char *element, struct str s) {
    if (str_empty(s)) return; /* the field's readers refuse what is empty */
    buf_printf(b, ",\"%s\":", element);
    buf_json(b, s);
}

static void put_day(struct buf *b, const char *element, struct day day) {
    if (!day_is(day)) return;
    buf_printf(b, ",\"%s\":\"", element), day_put_basic(b, day), buf_putc(b, '"');
}

void paper_message_put(struct buf *b, const struct paper_check *c) {
    const struct health_card *h = &c->card;
    invariant(c->said && c->standing == PAPER_VALID);
    buf_puts(b, "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"1\"");
    put_day(b, "QualificationConfirmationDate", c->on);
    buf_printf(b, "},\"MessageBody\":{\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"%d\"", VALID);
    buf_puts(b, ",\"ResultList\":[{\"ResultOfQualificationConfirmation\":{\"InsurerNumber\":\"");
    insurer_number_put_padded(b, h->insurer), buf_putc(b, '"');
    put_text(b, "InsuredCardSymbol", h->insured.symbol);
    put_text(b, "InsuredIdentificationNumber", h->insured.number);
    if (h->insured.branch != BRANCH_NONE)
        buf_puts(b, ",\"InsuredBranchNumber\":\""), branch_put(b, h->insured.branch), buf_putc(b, '"');
    put_text(b, "Name", h->name), put_text(b, "NameKana", h->kana);
    buf_printf(b, ",\"Sex1\":\"%u\"", h->sex);
    put_day(b, "Birthdate", h->birth);
    put_text(b, "InsurerName", h->insurer_name);
    put_day(b, "QualificationDate", h->start);
    if (day_is(h->last)) put_day(b, "DisqualificationDate", day_add(h->last, 1));
    if (h->kind == PAPER_CERTIFICATE) put_day(b, "InsuredCardExpirationDate", h->until);
    if (h->ratio != RATIO_NONE)
        buf_puts(b, ",\"InsuredPartialContributionRatio\":\""), buf_uint_pad(b, h->ratio, 3), buf_putc(b, '"');
    buf_puts(b, "}}]}}}");
}
