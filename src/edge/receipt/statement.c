#include "edge/receipt/statement.h"

#include "base/utf8.h"
#include "core/codes.h"

static enum err fault(struct diag *d, enum err e, const struct tree *of, const char *name, const char *detail) {
    const struct tree *t = tree_child(of, str_c(name));
    return t ? tree_fault(d, e, t, NULL, detail) : tree_fault(d, e, of, name, detail);
}

static enum err read_text(const struct tree *of, const char *name, struct str *out, struct diag *d) {
    *out = tree_text(of, str_c(name));
    if (utf8_length(*out) > STATEMENT_TEXT_CHARACTERS) return fault(d, ERR_LIMIT, of, name, NULL);
    for (size_t i = 0; i < out->n; i++)
        if ((unsigned char)out->p[i] < 0x20 || out->p[i] == 0x7f)
            return fault(d, ERR_VALUE, of, name, "a control character");
    return ERR_OK;
}

static enum err read_texts(const struct tree *of, struct statement *s, struct diag *d) {
    const struct {
        const char *name;
        struct str *to;
    } texts[] = {{"Name", &s->name},
                 {"NameKana", &s->kana},
                 {"PostNumber", &s->post},
                 {"Address", &s->address},
                 {"ContactPhone", &s->phone},
                 {"InsurerName", &s->insurer_name},
                 {"WorkplaceName", &s->workplace}};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) TRY(read_text(of, texts[i].name, texts[i].to, d));
    return s->kana.n ? ERR_OK : fault(d, ERR_MISSING, of, "NameKana", NULL);
}

/* 100 is no share that anybody can state. */
static enum err read_ratio(const struct tree *of, uint8_t *out, struct diag *d) {
    struct str s = tree_text(of, S("StatedRatio"));
    uint64_t n = 0;
    *out = RATIO_NONE;
    if (s.n == 0) return ERR_OK;
    if (s.n != 3 || !str_uint(s, 100, &n) || lower_share_of((unsigned)n) == LOWER_UNKNOWN)
        return fault(d, ERR_CODE, of, "StatedRatio", "000, 010, 020 or 030");
    *out = (uint8_t)n;
    return ERR_OK;
}

static enum err read_codes(const struct tree *of, struct statement *s, struct diag *d) {
    struct str sex = tree_text(of, S("Sex1")), kind = tree_text(of, S("InsuranceKind"));
    uint64_t n = INSURANCE_NOT_KNOWN;
    if (sex.n == 0) return fault(d, ERR_MISSING, of, "Sex1", NULL);
    if (!code_known(CODES_SEX, sex)) return fault(d, ERR_CODE, of, "Sex1", "1, 2 or 3");
    s->sex = (uint8_t)(sex.p[0] - '0');
    if (kind.n && (kind.n > 1 || !str_uint(kind, 9, &n) || !insurance_kind_known((unsigned)n)))
        return fault(d, ERR_CODE, of, "InsuranceKind", "1 to 5, or 9");
    s->insurance = (uint8_t)n;
    return read_ratio(of, &s->ratio, d);
}

static enum err read_birth(const struct tree *of, struct statement *s, struct diag *d) {
    struct str birth = tree_text(of, S("Birthdate"));
    if (birth.n == 0) return fault(d, ERR_MISSING, of, "Birthdate", NULL);
    if (!day_parse(birth, &s->birth)) return fault(d, ERR_DATE, of, "Birthdate", NULL);
    return day_until(s->birth, s->on) ? ERR_OK : fault(d, ERR_DATE, of, "Birthdate", "it is to come");
}

/* A number that is known from before: an insurer's and the member's own, or none of both. */
static enum err read_numbers(struct arena *a, const struct tree *of, struct statement_message *m, struct diag *d) {
    struct statement *s = &m->said;
    s->id = (struct insured_id){S(""), S(""), BRANCH_NONE};
    if (tree_text(of, S("InsurerNumber")).n == 0) return ERR_OK;
    enum err e = insurer_number_parse(tree_text(of, S("InsurerNumber")), &s->insurer);
    if (e != ERR_OK) return fault(d, e, of, "InsurerNumber", NULL);
    s->id.symbol = tree_text(of, S("InsuredCardSymbol")),
    s->id.number = tree_text(of, S("InsuredIdentificationNumber"));
    if ((e = insured_part_check(s->id.symbol)) != ERR_OK) return fault(d, e, of, "InsuredCardSymbol", NULL);
    if (s->id.number.n == 0) return fault(d, ERR_MISSING, of, "InsuredIdentificationNumber", NULL);
    if ((e = insured_part_check(s->id.number)) != ERR_OK) return fault(d, e, of, "InsuredIdentificationNumber", NULL);
    e = branch_parse(tree_text(of, S("InsuredBranchNumber")), &s->id.branch);
    if (e != ERR_OK) return fault(d, e, of, "InsuredBranchNumber", NULL);
    m->request.units = arena_new(a, sizeof *m->request.units);
    if (m->request.units == NULL) return diag_set(d, ERR_MEMORY, NULL, NULL);
    m->request.unit_count = 1;
    m->request.units[0] = (struct unit){.identifier = m->identifier, .as_sent = of};
    m->request.units[0].question = (struct question){
        .insurer = s->insurer, .id = s->id, .birth = s->birth, .on = s->on, .institution = m->request.institution};
    return ERR_OK;
}

static bool is_number(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) return false;
    return s.n == STATEMENT_ID;
}

/* The two messages about a person without a number. */
struct form {
    enum message_kind kind;
    const char *element, *flag, *flag_means;
    bool needs_address;
};
static const struct form statement_form = {MESSAGE_STATEMENT, "StatementInfo", "StatementConfirmFlag",
                                           "1: it is the person's own word", false};
static const struct form disaster_form = {MESSAGE_DISASTER, "DisasterSearchInfo", "SpokenConsentFlag",
                                          "1: the person consents, as they said", true};

static enum err read_header(const struct tree *message, struct day today, struct request *r, struct diag *d) {
    const struct tree *h = tree_child(message, S("MessageHeader"));
    struct str code = tree_text(h, S("MedicalInstitutionCode")), on = tree_text(h, S("QualificationConfirmationDate"));
    r->on = today;
    if (h == NULL) return tree_fault(d, ERR_MISSING, message, "MessageHeader", NULL);
    TRY(read_text(h, "ArbitraryFileIdentifier", &r->file_identifier, d));
    if (code.n == 0) return fault(d, ERR_MISSING, h, "MedicalInstitutionCode", NULL);
    enum err e = institution_code_parse(code, &r->institution);
    if (e != ERR_OK) return fault(d, e, h, "MedicalInstitutionCode", NULL);
    if (on.n && !day_parse_basic(on, &r->on))
        return fault(d, ERR_DATE, h, "QualificationConfirmationDate", "a day is written yyyyMMdd");
    return ERR_OK;
}

static enum err read_message(const struct tree *message, struct day today, const struct form *form,
                             struct statement_message *out, struct diag *d) {
    *out = (struct statement_message){.said = {.ratio = RATIO_NONE}, .request = {.kind = form->kind}};
    TRY(read_header(message, today, &out->request, d));
    const struct tree *body = tree_child(message, S("MessageBody")), *of = tree_child(body, str_c(form->element));
    if (body == NULL) return tree_fault(d, ERR_MISSING, message, "MessageBody", NULL);
    if (of == NULL) return tree_fault(d, ERR_MISSING, body, form->element, NULL);
    out->as_sent = of, out->said.on = out->request.on;
    out->number = tree_text(body, S("StatementNumber"));
    if (out->number.n && !is_number(out->number)) return fault(d, ERR_VALUE, body, "StatementNumber", NULL);
    TRY(read_text(of, "ArbitraryIdentifier", &out->identifier, d));
    TRY(read_texts(of, &out->said, d));
    TRY(read_birth(of, &out->said, d));
    TRY(read_codes(of, &out->said, d));
    if (form->needs_address && out->said.address.n == 0) return fault(d, ERR_MISSING, of, "Address", NULL);
    if (!str_eq(tree_text(of, str_c(form->flag)), S("1")))
        return fault(d, ERR_MISSING, of, form->flag, form->flag_means);
    out->limit_consent = str_eq(tree_text(of, S("LimitApplicationCertificateRelatedConsFlg")), S("1"));
    return ERR_OK;
}

enum err statement_read(struct arena *a, const struct tree *message, struct day today, struct statement_message *out,
                        struct diag *d) {
    TRY(read_message(message, today, &statement_form, out, d));
    return read_numbers(a, out->as_sent, out, d);
}

enum err disaster_read(const struct tree *message, struct day today, struct statement_message *out, struct diag *d) {
    TRY(read_message(message, today, &disaster_form, out, d));
    struct str insurer = tree_text(out->as_sent, S("InsurerNumber"));
    if (insurer.n == 0) return ERR_OK;
    enum err e = insurer_number_parse(insurer, &out->said.insurer);
    return e == ERR_OK ? e : fault(d, e, out->as_sent, "InsurerNumber", NULL);
}

/* ---- answers ---- */

static void put_header(struct writer *w, const struct statement_message *m, int64_t now_us) {
    char room[64];
    struct buf b = buf_over(room, sizeof room);
    writer_start(w);
    writer_open(w, S("MessageHeader"));
    time_put_field(&b, now_us), writer_text(w, S("ProcessExecutionTime"), buf_str(&b));
    buf_reset(&b), day_put_basic(&b, m->said.on), writer_text(w, S("QualificationConfirmationDate"), buf_str(&b));
    writer_number(w, S("MedicalInstitutionCode"), m->request.institution.n, 10);
    writer_text(w, S("ArbitraryFileIdentifier"), m->request.file_identifier);
    writer_number(w, S("SegmentOfResult"), SEGMENT_DONE, 1);
    writer_close(w, S("MessageHeader"));
}

static void put_claim(struct writer *w, const struct statement *s) {
    struct buf remarks;
    char room[16];
    struct buf number = buf_over(room, sizeof room);
    buf_init(&remarks, 16 << 10);
    statement_put_remarks(&remarks, s);
    insurer_number_put(&number, s->insurer);
    bool past = s->insurer.n != 0;
    writer_open(w, S("ClaimInfo"));
    writer_text(w, S("InsurerNumber"), past ? buf_str(&number) : S(STATEMENT_UNKNOWN_INSURER));
    if (past) writer_text(w, S("InsuredCardSymbol"), s->id.symbol);
    writer_text(w, S("InsuredIdentificationNumber"), past ? s->id.number : S(STATEMENT_UNKNOWN_NUMBER));
    if (!past) writer_text(w, S("Remarks"), buf_str(&remarks));
    writer_close(w, S("ClaimInfo"));
    buf_fini(&remarks);
}

void statement_write_taken(struct writer *w, const struct statement_message *m, int64_t now_us, struct share share) {
    char room[256];
    struct buf note = buf_over(room, sizeof room);
    buf_printf(&note, "被保険者資格申立書を受け付けました。窓口の負担は%u割です（%s）", share_percent(share) / 10,
               share_why_ja(share.why));
    put_header(w, m, now_us);
    writer_open(w, S("MessageBody"));
    writer_text(w, S("ProcessingResultStatus"), S("1"));
    writer_text(w, S("ProcessingResultCode"), S(STATEMENT_NOTE_CODE));
    writer_text(w, S("ProcessingResultMessage"), buf_str(&note));
    writer_text(w, S("StatementNumber"), m->number);
    writer_text(w, S("ArbitraryIdentifier"), m->identifier);
    writer_number(w, S("InsuredPartialContributionRatio"), share_percent(share), 3);
    put_claim(w, &m->said);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

void statement_write_kept(struct writer *w, const struct statement_message *m, int64_t now_us) {
    put_header(w, m, now_us);
    writer_open(w, S("MessageBody"));
    writer_text(w, S("ProcessingResultStatus"), S("1"));
    writer_text(w, S("ProcessingResultCode"), S(STATEMENT_NOTE_CODE));
    writer_text(w, S("StatementNumber"), m->number);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}

void disaster_write_unclear(struct writer *w, const struct statement_message *m, int64_t now_us, bool several) {
    put_header(w, m, now_us);
    writer_open(w, S("MessageBody"));
    writer_text(w, S("ProcessingResultStatus"), S("1"));
    writer_text(w, S("ProcessingResultCode"), several ? S(DISASTER_SEVERAL_CODE) : S(DISASTER_NONE_CODE));
    writer_text(
        w, S("ProcessingResultMessage"),
        several
            ? S("複数の方が該当します。漢字の氏名、番地、保険者をたずねて、もう一度確かめてください")
            : S("見つかりません。書き方をかえて確かめるか、資格申立書で受け付けてください（資格がないという意味ではありません）"));
    writer_number(w, S("QualificationValidity"), several ? VALIDITY_SEVERAL : VALIDITY_NONE, 1);
    writer_text(w, S("ArbitraryIdentifier"), m->identifier);
    writer_close(w, S("MessageBody"));
    writer_finish(w);
}
