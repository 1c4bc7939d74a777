/* A synthetic person's answer and question, and messages in the shape the field's programs send and receive. */
#ifndef UNIT_EDGE_RECEIPT_SAMPLE_H
#define UNIT_EDGE_RECEIPT_SAMPLE_H

#include "edge/receipt/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAMPLE_REQUEST                                                                                                 \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"                                                   \
    "<XmlMsg>\n<MessageHeader><MedicalInstitutionCode>1312345670</MedicalInstitutionCode>"                             \
    "<QualificationConfirmationDate>20261122</QualificationConfirmationDate>"                                          \
    "<ArbitraryFileIdentifier>f-001</ArbitraryFileIdentifier></MessageHeader>\n"                                       \
    "<MessageBody><QualificationConfirmSearchInfo>\n<InsurerNumber>  138057</InsurerNumber>"                           \
    "<InsuredCardSymbol>１２-34</InsuredCardSymbol><InsuredIdentificationNumber>4260</InsuredIdentificationNumber>"  \
    "<InsuredBranchNumber>01</InsuredBranchNumber><Birthdate>20010327</Birthdate>"                                     \
    "<LimitApplicationCertificateRelatedConsFlg>1</LimitApplicationCertificateRelatedConsFlg>"                         \
    "<ArbitraryIdentifier>77_3</ArbitraryIdentifier>\n"                                                                \
    "</QualificationConfirmSearchInfo></MessageBody>\n</XmlMsg>\n"

#define SAMPLE_REQUEST_JSON                                                                                                       \
    "{\"XmlMsg\":{\"MessageHeader\":{\"MedicalInstitutionCode\":\"1312345670\",\"QualificationConfirmationDate\":\"20261122\","   \
    "\"ArbitraryFileIdentifier\":\"f-001\"},\"MessageBody\":{\"QualificationConfirmSearchInfo\":{\"InsurerNumber\":\"  138057\"," \
    "\"InsuredCardSymbol\":\"１２-34\",\"InsuredIdentificationNumber\":\"4260\",\"InsuredBranchNumber\":\"01\","                \
    "\"Birthdate\":\"20010327\",\"LimitApplicationCertificateRelatedConsFlg\":\"1\",\"ArbitraryIdentifier\":\"77_3\"}}}}"

static inline struct day sample_day(int y, int m, int d) {
    struct day out;
    assert_true(day_from_civil(y, m, d, &out));
    return out;
}

struct sample {
    struct elderly_certificate elderly;
    struct limit_certificate limit;
    struct disease_certificate disease;
    struct medical_ticket ticket;
    struct coverage coverage;
    struct member member;
    struct answer answer;
};

static inline void sample_coverage(struct coverage *c) {
    *c = (struct coverage){
        .start = sample_day(2019, 10, 1),
        .lost = DAY_NONE,
        .issued = sample_day(2019, 10, 1),
        .card_from = sample_day(2019, 10, 1),
        .card_until = sample_day(2026, 12, 31),
        .class = CLASS_GENERAL,
        .sex = 1,
        .relation = 1,
        .ratio = 30,
        .name = S("見本　太郎"),
        .kana = S("ﾐﾎﾝ ﾀﾛｳ"),
        .other_name = S("Sample & <Taro>"),
        .other_kana = S("ｻﾝﾌﾟﾙ"),
        .head = S("見本　花子"),
        .post = S("1234567"),
        .address = S("東京都窓区窓町一丁目２番３号"),
    };
}

/* Everything an answer can hold but tickets; `s` must stay where it is. */
static inline void sample_fill(struct sample *s) {
    memset(s, 0, sizeof *s);
    s->elderly =
        (struct elderly_certificate){sample_day(2026, 8, 1), sample_day(2026, 8, 1), sample_day(2027, 7, 31), 20};
    s->limit = (struct limit_certificate){
        1, "A03", sample_day(2026, 9, 1), sample_day(2026, 9, 1), sample_day(2027, 8, 31), DAY_NONE};
    s->disease = (struct disease_certificate){1, sample_day(2026, 4, 1), sample_day(2026, 4, 1), DAY_NONE, 10000};
    sample_coverage(&s->coverage);
    s->member = (struct member){.insurer = {138057},
                                .id = {S("12-34"), S("4260"), 1},
                                .birth = sample_day(2001, 3, 27),
                                .periods = &s->coverage,
                                .period_count = 1};
    s->answer =
        (struct answer){.question = {.insurer = {138057},
                                     .id = {S("１２-34"), S("4260"), 1},
                                     .birth = sample_day(2001, 3, 27),
                                     .on = sample_day(2026, 11, 22),
                                     .limit_consent = true,
                                     .institution = {1312345670}},
                        .verdict = {.validity = VALID, .member = &s->member, .coverage = &s->coverage, .ratio = 30},
                        .insurer_name = S("窓市国民健康保険"),
                        .answered_us = 1795337315000000};
}

static inline void sample_request(struct arena *a, struct request *r, enum message_kind kind, struct str xml) {
    struct tree *t;
    struct diag d = {0};
    assert_int_equal(tree_read_xml(a, xml, &t, &d), ERR_OK);
    assert_int_equal(request_read(a, t, kind, r, &d), ERR_OK);
}

/* The message as one carrier writes it, read back. */
static inline struct tree *sample_read_back(struct arena *a, enum carrier carrier, struct str written) {
    struct tree *t = NULL;
    struct diag d = {0};
    enum err e = carrier == CARRIER_XML ? tree_read_xml(a, written, &t, &d) : tree_read_json(a, written, &t, &d);
    if (e != ERR_OK)
        fail_msg("%s %s line %u column %u: %.*s", d.where, d.detail, d.line, d.column, (int)written.n, written.p);
    return t;
}

static inline bool sample_same_tree(const struct tree *a, const struct tree *b) {
    while (a && b) {
        if (!str_eq(a->name, b->name) || (a->first == NULL) != (b->first == NULL)) return false;
        if (a->first == NULL && !str_eq(a->text, b->text)) return false;
        if (a->first) {
            a = a->first, b = b->first;
            continue;
        }
        while (a && a->next == NULL && b->next == NULL) a = a->parent, b = b->parent;
        if (a == NULL || b == NULL) return a == NULL && b == NULL;
        a = a->next, b = b->next;
    }
    return a == NULL && b == NULL;
}

/* The text at a path of names, "MessageBody/ResultList/…": "(absent)" when there is none. */
static inline const char *sample_at(const struct tree *t, const char *path) {
    static char text[512];
    struct str rest = str_c(path);
    while (rest.n && t) t = tree_child(t, str_cut(&rest, '/'));
    if (t == NULL || !str_to_c(t->text, text, sizeof text)) return "(absent)";
    return text;
}

#endif
