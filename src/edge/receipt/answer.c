#include "edge/receipt/answer.h"

#include "base/utf8.h"
#include "service/attest.h"
#include "state/trust/attestation.h"

/* ---- forms: how a value is written; message.def names one for each element ---- */

static void two_digits(char *to, unsigned v) { to[0] = (char)('0' + v / 10 % 10), to[1] = (char)('0' + v % 10); }

static void put_TEXT(struct writer *w, struct str name, struct str v) { writer_text(w, name, v); }

static void put_DAY(struct writer *w, struct str name, struct day d) {
    char text[8];
    if (!day_is(d)) return;
    struct civil c = day_civil(d);
    two_digits(text, (unsigned)c.year / 100), two_digits(text + 2, (unsigned)c.year % 100);
    two_digits(text + 4, (unsigned)c.month), two_digits(text + 6, (unsigned)c.day);
    writer_text(w, name, str_of(text, sizeof text));
}

static void put_TIME(struct writer *w, struct str name, int64_t utc_us) {
    char text[14];
    int64_t local_s = utc_us / 1000000 + 9 * 3600;
    struct civil c = day_civil(day_in_japan(utc_us));
    unsigned s = (unsigned)(local_s % 86400);
    two_digits(text, (unsigned)c.year / 100), two_digits(text + 2, (unsigned)c.year % 100);
    two_digits(text + 4, (unsigned)c.month), two_digits(text + 6, (unsigned)c.day);
    two_digits(text + 8, s / 3600), two_digits(text + 10, s / 60 % 60), two_digits(text + 12, s % 60);
    writer_text(w, name, str_of(text, sizeof text));
}

static void put_CODE1(struct writer *w, struct str name, unsigned v) {
    if (v) writer_number(w, name, v, 1);
}

static void put_CODE2(struct writer *w, struct str name, unsigned v) {
    if (v) writer_number(w, name, v, 2);
}

static void put_CLASS(struct writer *w, struct str name, unsigned v) {
    if (v == CLASS_MEDICAL_AID) writer_text(w, name, S("A1"));
    else writer_number(w, name, v, 2);
}

static void put_RATIO(struct writer *w, struct str name, unsigned v) {
    if (v != RATIO_NONE) writer_number(w, name, v, 3);
}

static void put_YEN(struct writer *w, struct str name, uint32_t v) { writer_number(w, name, v, 1); }

static void put_MONTH(struct writer *w, struct str name, uint32_t v) {
    if (v) writer_number(w, name, v, 6);
}

static void put_INSURER(struct writer *w, struct str name, struct insurer_number i) {
    char text[8];
    uint32_t n = i.n;
    for (size_t k = sizeof text; k-- > 0; n /= 10) text[k] = (char)('0' + n % 10);
    if (insurer_is_kokuho(i)) text[0] = text[1] = ' ';
    writer_text(w, name, str_of(text, sizeof text));
}

static void put_INSTITUTION(struct writer *w, struct str name, struct institution_code i) {
    if (i.n) writer_number(w, name, i.n, 10);
}

static void put_BRANCH(struct writer *w, struct str name, int branch) {
    if (branch != BRANCH_NONE) writer_number(w, name, (uint64_t)branch, 2);
}

static void put_POST(struct writer *w, struct str name, struct str v) {
    char text[8];
    if (v.n != 7) return writer_text(w, name, v);
    memcpy(text, v.p, 3), text[3] = '-', memcpy(text + 4, v.p + 3, 4);
    writer_text(w, name, str_of(text, sizeof text));
}

/* ---- the pieces ---- */

static void put_header_values(struct writer *w, const struct header *h) {
#define HEADER(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
}

static void put_header(struct writer *w, const struct header *h) {
    writer_open(w, S("MessageHeader"));
    put_header_values(w, h);
    writer_close(w, S("MessageHeader"));
}

static void put_elderly(struct writer *w, const struct elderly_certificate *e) {
    if (e == NULL) return;
    writer_open(w, S("ElderlyRecipientCertificateInfo"));
#define ELDERLY(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
    writer_close(w, S("ElderlyRecipientCertificateInfo"));
}

static void put_limit(struct writer *w, const struct limit_certificate *l) {
    if (l == NULL) return;
    writer_open(w, S("LimitApplicationCertificateRelatedInfo"));
#define LIMIT(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
    writer_close(w, S("LimitApplicationCertificateRelatedInfo"));
}

static void put_diseases(struct writer *w, const struct verdict *v) {
    if (v->disease_count == 0) return;
    writer_list(w, S("SpecificDiseasesCertificateList"));
    for (size_t i = 0; i < v->disease_count; i++) {
        const struct disease_certificate *s = v->diseases[i];
        writer_item(w, S("SpecificDiseasesCertificateInfo"));
#define DISEASE(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
        writer_item_end(w, S("SpecificDiseasesCertificateInfo"));
    }
    writer_list_end(w, S("SpecificDiseasesCertificateList"));
}

/* OQSCD026: whether the ticket is for the institution that asks. */
static struct str designation(const struct medical_ticket *t, struct institution_code asker) {
    if (t->institution.n == 0 || asker.n == 0) return S("");
    return t->institution.n == asker.n ? S("0") : S("1");
}

static void put_tickets(struct writer *w, const struct verdict *v, struct institution_code asker) {
    if (v->ticket_count == 0) return;
    writer_list(w, S("PublicExpenseResultList"));
    for (size_t i = 0; i < v->ticket_count; i++) {
        const struct medical_ticket *t = v->tickets[i];
        writer_item(w, S("MedicalTicketInfo"));
#define TICKET(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
        writer_item_end(w, S("MedicalTicketInfo"));
    }
    writer_list_end(w, S("PublicExpenseResultList"));
}

/* With a medical aid card the insurer's number is the payer's number and the insured number the recipient's. */
static void put_public_expense(struct writer *w, const struct member *m, const struct coverage *c) {
    if (c->class != CLASS_MEDICAL_AID) return;
    put_INSURER(w, S("PublicExpenseNumber"), m->insurer);
    writer_text(w, S("BeneficiaryNumber"), m->id.number);
}

/* A bulk result has no limit nor disease certificate; that one may have changed is all it says (OQSCD014: 1 is "yes, or cannot be
 * told": what the asker was told before is not kept). */
static void put_result_values(struct writer *w, const struct answer *a, bool bulk) {
    const struct verdict *v = &a->verdict;
    const struct member *m = v->member;
    const struct coverage *c = v->coverage;
#define RESULT(name, form, value) put_##form(w, S(#name), value);
#include "edge/receipt/message.def"
    put_public_expense(w, m, c);
    put_tickets(w, v, a->question.institution);
    put_elderly(w, v->elderly);
    if (bulk) return writer_text(w, S("LimitApplicationCertificateChanged"), S("1"));
    writer_text(w, S("LimitApplicationCertificateRelatedConsFlg"), a->question.limit_consent ? S("1") : S("0"));
    if (a->question.limit_consent) put_TIME(w, S("LimitApplicationCertificateRelatedConsTime"), a->answered_us);
    put_limit(w, v->limit);
    put_diseases(w, v);
}

/* ---- notes ---- */

static const struct {
    enum warning warning;
    char code[10];
} notes[] = {
#define NOTE(name, number)                                                                                             \
    {WARNING_##name, {'M', 'D', 'O', 'W', '0', '0', (number) / 10 + '0', (number) % 10 + '0', 'W', 0}},
#include "edge/receipt/note.def"
#undef NOTE
};

struct str note_code(enum warning w) {
    for (size_t i = 0; i < ARRAY_LEN(notes); i++)
        if (notes[i].warning == w) return str_c(notes[i].code);
    return S("");
}

enum warning note_warning(struct str code) {
    for (size_t i = 0; i < ARRAY_LEN(notes); i++)
        if (str_eq(code, str_c(notes[i].code))) return notes[i].warning;
    return WARNING_COUNT;
}

/* The first note's code; its message, and those after it that fit whole. */
static void put_first_notes(struct writer *w, const struct verdict *v) {
    char text[NOTE_CHARACTERS * 4];
    size_t n = 0, characters = 0;
    for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
        if (!verdict_warns(v, notes[i].warning)) continue;
        struct str s = str_c(warning_info(notes[i].warning)->ja);
        size_t more = utf8_length(s) + (n > 0);
        if (characters + more > NOTE_CHARACTERS || n + s.n + 3 > sizeof text) continue;
        if (n == 0) writer_text(w, S("ProcessingResultCode"), str_c(notes[i].code));
        else memcpy(text + n, "／", 3), n += 3;
        memcpy(text + n, s.p, s.n);
        n += s.n, characters += more;
    }
    writer_text(w, S("ProcessingResultMessage"), str_of(text, n));
}

/* All of them, in an element of our own: readers skip what they do not know. */
static void put_all_notes(struct writer *w, const struct verdict *v) {
    writer_list(w, S("WarningList"));
    for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
        if (!verdict_warns(v, notes[i].warning)) continue;
        writer_item(w, S("WarningInfo"));
        writer_text(w, S("WarningCode"), str_c(notes[i].code));
        writer_text(w, S("WarningMessage"), str_c(warning_info(notes[i].warning)->ja));
        writer_item_end(w, S("WarningInfo"));
    }
    writer_list_end(w, S("WarningList"));
}

/* ---- whole messages ---- */

static const struct str asked_with[] = {
    {"InsuredCardSymbol", 17},   {"InsuredIdentificationNumber", 27},
    {"InsuredBranchNumber", 19}, {"Birthdate", 9},
    {"ReferenceNumber", 15},     {"LimitApplicationCertificateRelatedConsFlg", 41},
    {"ArbitraryIdentifier", 19},
};

/* The question given back as it was sent, the insurer's number in the form of responses. */
static void put_echo(struct writer *w, const struct unit *u) {
    writer_open(w, S("QualificationConfirmSearchInfo"));
    if (u->question.insurer.n) put_INSURER(w, S("InsurerNumber"), u->question.insurer);
    else writer_text(w, S("InsurerNumber"), tree_text(u->as_sent, S("InsurerNumber")));
    for (size_t i = 0; i < ARRAY_LEN(asked_with); i++)
        writer_text(w, asked_with[i], tree_text(u->as_sent, asked_with[i]));
    writer_close(w, S("QualificationConfirmSearchInfo"));
}

static void put_outcome(struct writer *w, const struct verdict *v) {
    writer_text(w, S("ProcessingResultStatus"), S("1"));
    if (v->warnings) put_first_notes(w, v);
    put_CODE1(w, S("QualificationValidity"), v->validity);
}

struct header header_for(const struct request *r, int64_t now_us) {
    return (struct header){
        .executed_us = now_us,
        .on = day_is(r->on) ? r->on : day_in_japan(now_us),
        .institution = r->institution,
        .file_identifier = r->file_identifier,
        .reference = r->by_card                  ? REFERENCE_CARD
                     : r->kind == MESSAGE_SINGLE ? REFERENCE_NUMBERS
                                                 : 0,
        .segment = SEGMENT_DONE,
    };
}

static bool shows_a_person(const struct answer *a) { return a->verdict.member && a->verdict.coverage; }

static void write_single(struct writer *w, const struct request *r, const struct unit *u, const struct answer *a,
                         bool bulk) {
    struct header h = header_for(r, a->answered_us);
    if (day_is(a->question.on)) h.on = a->question.on;
    writer_start(w);
    put_header(w, &h);
    writer_open(w, S("MessageBody"));
    put_outcome(w, &a->verdict);
    if (u->as_sent) put_echo(w, u); /* a terminal's own question was no message */
    if (shows_a_person(a)) {
        writer_list(w, S("ResultList"));
        writer_item(w, S("ResultOfQualificationConfirmation"));
        put_result_values(w, a, bulk);
        writer_text(w, S("ReferenceNumber"), a->reference_number);
        writer_item_end(w, S("ResultOfQualificationConfirmation"));
        writer_list_end(w, S("ResultList"));
    }
    if (a->verdict.warnings) put_all_notes(w, &a->verdict);
    writer_text(w, S("Attestation"), a->attestation);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

void answer_write(struct writer *w, const struct request *r, const struct answer *a) {
    write_single(w, r, &r->units[0], a, false);
}

void answer_attest(struct verify_desk *desk, const struct request *r, const struct unit *u, struct answer *a,
                   struct arena *arena) {
    struct buf message, jws;
    struct diag d;
    bool bulk = r->kind == MESSAGE_BULK;
    if (!r->attest || !attest_can(desk)) return;
    buf_init(&message, ATTESTATION_MAX), buf_init(&jws, ATTESTATION_MAX);
    struct writer w = writer_of(&message, CARRIER_JSON);
    write_single(&w, r, u, a, bulk);
    if (buf_ok(&message) && attest_answer(desk, a, r->institution, buf_str(&message), &jws, &d) == ERR_OK)
        a->attestation = arena_copy(arena, buf_str(&jws));
    buf_fini(&message), buf_fini(&jws);
}

void answer_write_unit(struct writer *w, const struct unit *u, const struct answer *a) {
    writer_one(w, S("BulkConfirmUnit"));
    put_echo(w, u);
    put_outcome(w, &a->verdict);
    if (shows_a_person(a)) {
        writer_open(w, S("ResultOfQualificationConfirmation"));
        put_result_values(w, a, true);
        writer_close(w, S("ResultOfQualificationConfirmation"));
    }
    writer_text(w, S("ReferenceNumber"), a->reference_number);
    if (a->verdict.warnings) put_all_notes(w, &a->verdict);
    writer_text(w, S("Attestation"), a->attestation);
    writer_one_end(w, S("BulkConfirmUnit"));
}

/* ---- errors ---- */

void error_code_put(struct buf *out, enum err e) {
    buf_puts(out, "MDO");
    buf_puts(out, err_info(e)->code);
    buf_putc(out, 'E');
}

static void put_whole_characters(struct buf *out, struct str s, size_t characters) {
    struct str rest = s;
    while (characters-- && rest.n && utf8_next(&rest) != UTF8_BAD) continue;
    buf_put(out, str_head(s, s.n - rest.n));
}

/* The last step of a path: "Birthdate" of "MessageBody/QualificationConfirmSearchInfo/Birthdate". */
static struct str last_step(struct str path) {
    while (str_find(path, S("/")) < path.n) (void)str_cut(&path, '/');
    return path;
}

void error_message_put(struct buf *out, const struct diag *d, size_t characters) {
    struct buf whole;
    struct str where = last_step(str_c(d->where));
    buf_init(&whole, 1024);
    buf_puts(&whole, err_info(d->err)->ja);
    if (where.n || d->line) {
        buf_puts(&whole, "（");
        buf_put(&whole, where);
        if (d->line) buf_printf(&whole, "%s行%u", where.n ? " " : "", d->line);
        if (d->line && d->column) buf_printf(&whole, "桁%u", d->column);
        buf_puts(&whole, "）");
    }
    put_whole_characters(out, buf_str(&whole), characters);
    buf_fini(&whole);
}

struct error_texts {
    struct buf code, message, long_message;
};

static struct error_texts error_texts_of(const struct diag *d) {
    struct error_texts t;
    buf_init(&t.code, 64), buf_init(&t.message, 1024), buf_init(&t.long_message, 2048);
    error_code_put(&t.code, d->err);
    error_message_put(&t.message, d, NOTE_CHARACTERS);
    diag_put(d, &t.long_message); /* both languages and the whole path, for a person who reads the file */
    return t;
}

static void error_texts_fini(struct error_texts *t) {
    buf_fini(&t->code), buf_fini(&t->message), buf_fini(&t->long_message);
}

static void put_error_status(struct writer *w, const struct error_texts *t) {
    writer_text(w, S("ProcessingResultStatus"), S("2"));
    writer_text(w, S("ProcessingResultCode"), buf_str(&t->code));
    writer_text(w, S("ProcessingResultMessage"), buf_str(&t->long_message));
}

void answer_write_error(struct writer *w, const struct request *r, int64_t now_us, const struct diag *d) {
    struct error_texts t = error_texts_of(d);
    struct header h = header_for(r, now_us);
    h.segment = SEGMENT_FAILED;
    h.error_code = buf_str(&t.code), h.error_message = buf_str(&t.message);
    writer_start(w);
    put_header(w, &h);
    writer_open(w, S("MessageBody"));
    if (r->reception_number.n) writer_text(w, S("ReceptionNumber"), r->reception_number);
    put_error_status(w, &t);
    if (r->unit_count == 1 && r->units[0].as_sent) put_echo(w, &r->units[0]);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
    error_texts_fini(&t);
}

void answer_write_unit_error(struct writer *w, const struct unit *u, const struct diag *d) {
    struct error_texts t = error_texts_of(d);
    writer_one(w, S("BulkConfirmUnit"));
    put_echo(w, u);
    put_error_status(w, &t);
    writer_one_end(w, S("BulkConfirmUnit"));
    error_texts_fini(&t);
}

/* ---- bulk and registration ---- */

void answer_write_reception(struct writer *w, const struct request *r, int64_t now_us, struct str reception_number,
                            int64_t received_us) {
    struct header h = header_for(r, now_us);
    writer_start(w);
    put_header(w, &h);
    writer_open(w, S("MessageBody"));
    writer_text(w, S("ReceptionNumber"), reception_number);
    put_TIME(w, S("ReceptionDateTime"), received_us);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

static void start_bulk(struct writer *w, const struct request *r, int64_t now_us, unsigned segment) {
    struct header h = header_for(r, now_us);
    h.segment = segment;
    writer_start(w);
    writer_open(w, S("MessageHeader"));
    put_header_values(w, &h);
    writer_text(w, S("ReceptionNumber"), r->reception_number);
}

void answer_write_working(struct writer *w, const struct request *r, int64_t now_us) {
    start_bulk(w, r, now_us, SEGMENT_WORKING);
    writer_close(w, S("MessageHeader"));
    writer_finish(w);
}

void answer_write_bulk(struct writer *w, const struct request *r, int64_t now_us, struct bulk_counts n,
                       struct str units) {
    start_bulk(w, r, now_us, SEGMENT_DONE);
    writer_number(w, S("NumberOfProcessingResult"), n.processed, 1);
    writer_number(w, S("NumberOfNormalProcessing"), n.normal, 1);
    writer_number(w, S("NumberOfError"), n.errors, 1);
    writer_close(w, S("MessageHeader"));
    writer_open(w, S("MessageBody"));
    writer_repeat(w, S("BulkConfirmUnit"));
    writer_raw(w, units);
    writer_repeat_end(w);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

static void put_registration(struct writer *w, const struct registration *g) {
    static const struct str parts[] = {{"InsuredCardSymbol", 17},
                                       {"InsuredIdentificationNumber", 27},
                                       {"InsuredBranchNumber", 19},
                                       {"ArbitraryIdentifier", 19}};
    writer_open(w, S("ReferenceNumberRegistrationInfo"));
    writer_text(w, S("ReferenceNumber"), tree_text(g->as_sent, S("ReferenceNumber")));
    if (g->insurer.n) put_INSURER(w, S("InsurerNumber"), g->insurer);
    else writer_text(w, S("InsurerNumber"), tree_text(g->as_sent, S("InsurerNumber")));
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) writer_text(w, parts[i], tree_text(g->as_sent, parts[i]));
    writer_close(w, S("ReferenceNumberRegistrationInfo"));
}

void answer_write_registered(struct writer *w, const struct request *r, int64_t now_us) {
    struct header h = header_for(r, now_us);
    writer_start(w);
    put_header(w, &h);
    writer_open(w, S("MessageBody"));
    writer_text(w, S("ProcessingResultStatus"), S("1"));
    put_registration(w, &r->registrations[0]);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

void answer_write_registration_unit(struct writer *w, const struct registration *g, const struct diag *d) {
    writer_one(w, S("BulkConfirmUnit"));
    put_registration(w, g);
    if (d == NULL) {
        writer_text(w, S("ProcessingResultStatus"), S("1"));
    } else {
        struct error_texts t = error_texts_of(d);
        put_error_status(w, &t);
        error_texts_fini(&t);
    }
    writer_one_end(w, S("BulkConfirmUnit"));
}
