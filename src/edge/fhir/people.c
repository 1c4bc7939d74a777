/* The contained resources of an answer: JP_Patient, JP_Coverage and JP_Organization of JP Core 1.1.2. */
#include "edge/fhir/member_id.h"
#include "edge/fhir/systems.h"
#include "edge/fhir/writing.h"

#include "base/utf8.h"

/* ---- Patient ---- */

static bool latin(struct str s) {
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c >= 0x80 && c != 0x3000 && !(c >= 0xff01 && c <= 0xff5e)) return false;
    return true;
}

/* 姓　名: the family name stands before the first full-width space, or before the first space where there is none. */
static bool split_name(struct str name, struct str *family, struct str *given) {
    size_t wide = str_find(name, S("　")), narrow = str_find(name, S(" "));
    size_t at = wide < name.n ? wide : narrow, width = wide < name.n ? sizeof("　") - 1 : 1;
    if (at == 0 || at + width >= name.n) return false;
    *family = str_head(name, at);
    *given = str_skip(name, at + width);
    return true;
}

static void put_name(struct buf *out, struct str name, struct str use, struct str representation) {
    struct str family, given;
    PUT(out, "{\"extension\":[{\"url\":\"" NAME_REPRESENTATION "\",\"valueCode\":\"");
    buf_put(out, representation);
    PUT(out, "\"}],\"use\":\"");
    buf_put(out, use);
    PUT(out, "\",\"text\":");
    buf_json(out, name);
    if (split_name(name, &family, &given)) {
        PUT(out, ",\"family\":");
        buf_json(out, family);
        PUT(out, ",\"given\":[");
        buf_json(out, given);
        buf_putc(out, ']');
    }
    buf_putc(out, '}');
}

static void put_names(struct buf *out, const struct coverage *c) {
    bool first = true;
    const struct {
        struct str name, use, representation;
    } names[] = {{c->name, S("official"), latin(c->name) ? S("ABC") : S("IDE")},
                 {c->kana, S("official"), S("SYL")},
                 {c->other_name, S("usual"), latin(c->other_name) ? S("ABC") : S("IDE")},
                 {c->other_kana, S("usual"), S("SYL")}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_empty(names[i].name)) continue;
        buf_put(out, first ? S(",\"name\":[") : S(","));
        put_name(out, names[i].name, names[i].use, names[i].representation);
        first = false;
    }
    if (!first) buf_putc(out, ']');
}

static void put_address(struct buf *out, const struct coverage *c) {
    if (str_empty(c->address) && str_empty(c->post)) return;
    PUT(out, ",\"address\":[{");
    fhir_put_text(out, S("\"text\":"), c->address);
    fhir_put_text(out, str_empty(c->address) ? S("\"postalCode\":") : S(",\"postalCode\":"), c->post);
    PUT(out, ",\"country\":\"JP\"}]");
}

static void put_member_id(struct buf *out, const struct member *m) {
    PUT(out, "{\"system\":\"");
    buf_puts(out, fhir_system_url(FHIR_SYSTEM_MEMBER_ID));
    PUT(out, "\",\"value\":\"");
    member_id_put(out, m->insurer, &m->id); /* holds no quote: what is not a letter or digit becomes full-width */
    PUT(out, "\"}");
}

static void put_patient(struct buf *out, const struct answer *a) {
    const struct coverage *c = a->verdict.coverage;
    PUT(out, "{\"resourceType\":\"Patient\",\"id\":\"patient\",\"meta\":{\"profile\":[\"" JP_PROFILE
             "JP_Patient\"]},\"identifier\":[");
    put_member_id(out, a->verdict.member);
    if (!str_empty(a->reference_number) && a->question.institution.n) {
        PUT(out, ",{\"system\":\"" PATIENT_NUMBER_OID);
        institution_code_put(out, a->question.institution);
        PUT(out, "\",\"value\":");
        buf_json(out, a->reference_number);
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
    put_names(out, c);
    buf_put(out, c->sex == 1   ? S(",\"gender\":\"male\"")
                 : c->sex == 2 ? S(",\"gender\":\"female\"")
                               : S(",\"gender\":\"unknown\""));
    fhir_put_day(out, S(",\"birthDate\":"), a->verdict.member->birth);
    put_address(out, c);
    buf_putc(out, '}');
}

/* ---- Coverage ---- */

/* 保険種別コード (電子処方箋 CDA 記述仕様 別表11). */
static struct str major_category(struct insurer_number i) {
    if (insurer_is_medical_aid(i)) return S("\"8\",\"display\":\"公費\"");
    if (insurer_is_elderly(i)) return S("\"7\",\"display\":\"後期高齢者\"");
    if (insurer_is_kokuho(i) || insurer_is_retired_kokuho(i)) return S("\"2\",\"display\":\"国保\"");
    return S("\"1\",\"display\":\"医保\"");
}

static void open_extension(struct buf *out, bool *any, struct str url_and_value) {
    buf_put(out, *any ? S(",{\"url\":\"") : S(",\"extension\":[{\"url\":\""));
    buf_put(out, url_and_value);
    *any = true;
}

static void put_insured_extensions(struct buf *out, const struct insured_id *id, bool *any) {
    if (!str_empty(id->symbol)) {
        open_extension(out, any, S(JP_EXTENSION "JP_Coverage_InsuredPersonSymbol\",\"valueString\":"));
        buf_json(out, id->symbol);
        buf_putc(out, '}');
    }
    open_extension(out, any, S(JP_EXTENSION "JP_Coverage_InsuredPersonNumber\",\"valueString\":"));
    buf_json(out, id->number);
    buf_putc(out, '}');
    if (id->branch == BRANCH_NONE) return;
    open_extension(out, any, S(JP_EXTENSION "JP_Coverage_InsuredPersonSubNumber\",\"valueString\":\""));
    branch_put(out, id->branch);
    PUT(out, "\"}");
}

static void put_card_extensions(struct buf *out, const struct coverage *c, bool *any) {
    if (day_is(c->card_from) || day_is(c->card_until)) {
        open_extension(out, any, S(MADO_EXTENSION "card-period\",\"valuePeriod\":"));
        fhir_put_period(out, c->card_from, c->card_until);
        buf_putc(out, '}');
    }
    if (day_is(c->issued)) {
        open_extension(out, any, S(MADO_EXTENSION "card-issued\""));
        fhir_put_day(out, S(",\"valueDate\":"), c->issued);
        buf_putc(out, '}');
    }
    if (c->loss_reason) {
        open_extension(out, any, S(MADO_EXTENSION "loss-reason\",\"valueCoding\":"));
        fhir_put_code(out, CODES_LOSS_REASON, str_c(code_two(c->loss_reason).text));
        buf_putc(out, '}');
    }
    if (!str_empty(c->welfare_office)) {
        open_extension(out, any, S(MADO_EXTENSION "welfare-office\",\"valueString\":"));
        buf_json(out, c->welfare_office);
        buf_putc(out, '}');
    }
}

static void put_share(struct buf *out, uint8_t ratio) {
    if (ratio == RATIO_NONE) return;
    PUT(out, ",\"costToBeneficiary\":[{\"type\":{\"coding\":[{\"system\":\"" TERMINOLOGY
             "coverage-copay-type\",\"code\":\"copaypct\","
             "\"display\":\"負担率\"}]},\"valueQuantity\":{\"value\":");
    buf_uint(out, ratio);
    PUT(out, ",\"unit\":\"%\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"%\"}}]");
}

static void put_class(struct buf *out, uint8_t class) {
    struct code_text value = code_two(class);
    const struct code *row = code_find(CODES_CARD_CLASS, str_c(value.text));
    PUT(out, ",\"class\":[{\"type\":{\"coding\":[{\"system\":\"" TERMINOLOGY
             "coverage-class\",\"code\":\"class\"}]},\"value\":\"");
    buf_puts(out, value.text);
    buf_putc(out, '"');
    if (row) fhir_put_text(out, S(",\"name\":"), str_c(row->ja));
    PUT(out, "}]");
}

static void put_coverage(struct buf *out, const struct answer *a) {
    const struct member *m = a->verdict.member;
    const struct coverage *c = a->verdict.coverage;
    bool any = false;
    PUT(out,
        "{\"resourceType\":\"Coverage\",\"id\":\"coverage\",\"meta\":{\"profile\":[\"" JP_PROFILE "JP_Coverage\"]}");
    put_insured_extensions(out, &m->id, &any);
    put_card_extensions(out, c, &any);
    PUT(out, "],\"identifier\":[");
    put_member_id(out, m);
    PUT(out, "],\"status\":\"active\",\"type\":{\"coding\":[{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/CodeSystem/"
             "InsuranceMajorCategory\",\"code\":");
    buf_put(out, major_category(m->insurer));
    PUT(out, "}]}");
    if (!str_empty(c->head)) {
        PUT(out, ",\"subscriber\":{\"display\":");
        buf_json(out, c->head);
        buf_putc(out, '}');
    }
    if (insurer_is_medical_aid(m->insurer)) fhir_put_text(out, S(",\"subscriberId\":"), m->id.number);
    PUT(out, ",\"beneficiary\":{\"reference\":\"#patient\"}");
    if (m->id.branch != BRANCH_NONE) {
        PUT(out, ",\"dependent\":\"");
        branch_put(out, m->id.branch);
        buf_putc(out, '"');
    }
    if (c->relation) {
        PUT(out,
            ",\"relationship\":{\"coding\":[{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/CodeSystem/InsuredPersonCategory\",\"code\":");
        buf_put(out, c->relation == 1 ? S("\"1\",\"display\":\"被保険者\"") : S("\"2\",\"display\":\"被扶養者\""));
        PUT(out, "}]}");
    }
    PUT(out, ",\"period\":");
    fhir_put_period(out, c->start, day_is(c->lost) ? day_add(c->lost, -1) : DAY_NONE);
    PUT(out, ",\"payor\":[{\"reference\":\"#insurer\"}]");
    put_class(out, c->class);
    put_share(out, a->verdict.ratio);
    buf_putc(out, '}');
}

/* ---- Organization ---- */

static void put_insurer_organization(struct buf *out, const struct answer *a) {
    PUT(out, "{\"resourceType\":\"Organization\",\"id\":\"insurer\",\"meta\":{\"profile\":[\"" JP_PROFILE
             "JP_Organization\"]},\"identifier\":[");
    fhir_put_insurer(out, a->verdict.member->insurer);
    buf_putc(out, ']');
    fhir_put_text(out, S(",\"name\":"), a->insurer_name);
    buf_putc(out, '}');
}

void fhir_put_people(struct buf *out, const struct answer *a) {
    put_patient(out, a);
    buf_putc(out, ',');
    put_coverage(out, a);
    buf_putc(out, ',');
    put_insurer_organization(out, a);
}
