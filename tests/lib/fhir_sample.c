#include "lib/fhir_sample.h"

#include "edge/fhir/systems.h"

const char fhir_sample_request[] =
    "{\"resourceType\":\"CoverageEligibilityRequest\",\"id\":\"q1\",\n"
    " \"extension\":[{\"url\":\"" MADO_EXTENSION "limit-consent\",\"valueBoolean\":true}],\n"
    " \"identifier\":[{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"urn:uuid:5f0c1a52-7c0e-4c3b-9a55-0d1f3a9f3c11\"}],\n"
    " \"contained\":[\n"
    "  {\"resourceType\":\"Patient\",\"id\":\"p\",\"meta\":{\"profile\":[\"" JP_PROFILE "JP_Patient\"]},\n"
    "   \"identifier\":[{\"system\":\"" PATIENT_NUMBER_OID "1311234567\",\"value\":\"00000010\"}],\n"
    "   \"name\":[{\"extension\":[{\"url\":\"" NAME_REPRESENTATION
    "\",\"valueCode\":\"IDE\"}],\"use\":\"usual\",\"text\":\"窓口　花子\"}],\n"
    "   \"gender\":\"female\",\"birthDate\":\"1980-04-01\"},\n"
    "  {\"resourceType\":\"Coverage\",\"id\":\"c\",\n"
    "   \"extension\":[{\"url\":\"" JP_EXTENSION "JP_Coverage_InsuredPersonSymbol\",\"valueString\":\"あいう\"},\n"
    "     {\"url\":\"" JP_EXTENSION "JP_Coverage_InsuredPersonNumber\",\"valueString\":\"１８７\"},\n"
    "     {\"url\":\"" JP_EXTENSION "JP_Coverage_InsuredPersonSubNumber\",\"valueString\":\"05\"}],\n"
    "   \"identifier\":[{\"system\":\"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID\",\"value\":\"06139448:あいう:１８７:05\"}],\n"
    "   \"status\":\"active\",\"beneficiary\":{\"reference\":\"#p\"},\"dependent\":\"05\",\"payor\":[{\"reference\":\"#i\"}]},\n"
    "  {\"resourceType\":\"Organization\",\"id\":\"i\",\n"
    "   \"identifier\":[{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber\",\"value\":\"06139448\"}]}],\n"
    " \"status\":\"active\",\"purpose\":[\"validation\",\"benefits\"],\"patient\":{\"reference\":\"#p\"},\n"
    " \"servicedDate\":\"2026-11-22\",\"created\":\"2026-11-22T09:00:00+09:00\",\n"
    " \"provider\":{\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no\",\"value\":\"1311234567\"}},\n"
    " \"insurer\":{\"reference\":\"#i\"},\"insurance\":[{\"focal\":true,\"coverage\":{\"reference\":\"#c\"}}]}\n";

struct str fhir_sample_with(struct arena *a, const char *find, const char *replacement) {
    struct str whole = str_c(fhir_sample_request), needle = str_c(find), new = str_c(replacement);
    size_t at = str_find(whole, needle);
    invariant(at < whole.n);
    size_t n = whole.n - needle.n + new.n;
    char *p = arena_new(a, n + 1);
    invariant(p != NULL);
    memcpy(p, whole.p, at);
    memcpy(p + at, new.p, new.n);
    memcpy(p + at + new.n, whole.p + at + needle.n, whole.n - at - needle.n);
    return str_of(p, n);
}

/* ---- answers ---- */

static struct day on(int y, int m, int d) {
    struct day day;
    invariant(day_from_civil(y, m, d, &day));
    return day;
}

static void *made(struct arena *a, size_t n) {
    void *p = arena_new(a, n);
    invariant(p != NULL);
    return p;
}

static const struct {
    const char *name, *kana, *other_name;
} people[] = {
    {"窓口　花子", "ﾏﾄﾞｸﾞﾁ ﾊﾅｺ", ""},
    {"髙\xf3\xa0\x84\x80田　邊\xf3\xa0\x84\x81", "タカダ　ヘン", ""}, /* with variation selectors (IVS) */
    {"SMITH JOHN MICHAEL", "スミス　ジョン", "須美　純"},
    {"山\"田\\　太<郎>", "", ""},
    {"一", "ハジメ", ""},
    {"𠮷野　家", "ヨシノ　ヤ", ""},
};
static const struct {
    uint32_t number_without_check;
    const char *symbol, *number;
    int branch;
} cards[] = {{613944, "あいう", "１８７", 5},
             {113001, "12-34", "4260", 1},
             {13801, "", "00187", BRANCH_NONE},
             {3913115, "", "01234567", BRANCH_NONE},
             {1213110, "", "7654321", BRANCH_NONE}};

static void add_certificates(struct arena *a, struct verdict *v, unsigned n, bool medical_aid) {
    if (n & 1) {
        struct elderly_certificate *e = made(a, sizeof *e);
        *e = (struct elderly_certificate){
            .issued = n & 2 ? on(2026, 7, 1) : DAY_NONE, .from = on(2026, 8, 1), .until = on(2027, 7, 31), .ratio = 20};
        v->elderly = e;
    }
    if (n & 2) {
        struct limit_certificate *l = made(a, sizeof *l);
        *l = (struct limit_certificate){.class = 2,
                                        .category = "B05",
                                        .issued = on(2026, 7, 1),
                                        .from = on(2026, 8, 1),
                                        .until = DAY_NONE,
                                        .long_term = n & 4 ? on(2026, 9, 1) : DAY_NONE};
        v->limit = l;
    }
    if (n & 4) {
        struct disease_certificate *s = made(a, sizeof *s);
        *s = (struct disease_certificate){
            .disease = 1, .issued = DAY_NONE, .from = on(2026, 1, 1), .until = DAY_NONE, .self_pay_yen = 10000};
        v->diseases[v->disease_count++] = s;
    }
    for (unsigned i = 0; medical_aid && i < 2 + n % 2; i++) {
        struct medical_ticket *t = made(a, sizeof *t);
        *t = (struct medical_ticket){.type = (uint8_t)(1 + i % 2),
                                     .treatment = (uint8_t)(i ? 4 : 0),
                                     .month = 202611,
                                     .from = on(2026, 11, 1),
                                     .until = on(2026, 11, 30),
                                     .institution = {i ? 1311234567u : 0},
                                     .self_pay_yen = i * 500,
                                     .issue_number = i ? S("") : S("2026110001"),
                                     .contact = i ? S("") : S("担当　一")};
        v->tickets[v->ticket_count++] = t;
    }
}

static struct coverage *made_coverage(struct arena *a, unsigned n, bool medical_aid) {
    struct coverage *c = made(a, sizeof *c);
    unsigned person = n % ARRAY_LEN(people);
    *c = (struct coverage){.start = on(2020, 4, 1),
                           .lost = n % 3 == 1 ? on(2026, 12, 1) : DAY_NONE,
                           .issued = n % 2 ? on(2024, 12, 2) : DAY_NONE,
                           .card_from = n % 4 ? on(2024, 12, 2) : DAY_NONE,
                           .card_until = n % 4 > 1 ? on(2029, 12, 1) : DAY_NONE,
                           .loss_reason = (uint8_t)(n % 3 == 1 ? 3 : 0),
                           .class = medical_aid ? CLASS_MEDICAL_AID : 1,
                           .sex = (uint8_t)(1 + n % 3),
                           .relation = (uint8_t)(n % 3),
                           .ratio = 30,
                           .name = str_c(people[person].name),
                           .kana = str_c(people[person].kana),
                           .other_name = str_c(people[person].other_name),
                           .head = n % 2 ? S("窓口　一郎") : S(""),
                           .post = n % 5 ? S("113-8655") : S(""),
                           .address = n % 5 == 1 ? S("") : S("東京都文京区本郷７－３－１"),
                           .welfare_office = medical_aid ? S("文京福祉事務所") : S("")};
    return c;
}

bool fhir_sample_answer(struct arena *a, unsigned n, struct fhir_request *r, struct answer *out) {
    static const enum validity kinds[] = {VALID,         VALIDITY_NOT,     VALIDITY_NEWER,
                                          VALIDITY_NONE, VALIDITY_SEVERAL, VALIDITY_NO_TICKET};
    enum validity validity = kinds[n % ARRAY_LEN(kinds)];
    unsigned card = n % ARRAY_LEN(cards), way = n / (unsigned)ARRAY_LEN(kinds);
    if (n >= FHIR_ANSWERS) return false;
    if (validity == VALIDITY_NO_TICKET) card = 4;
    bool medical_aid = card == 4;
    *r = (struct fhir_request){.validation = n % 2 == 0, .benefits = n % 3 != 0};
    if (n % 4) r->identifier_value = S("q-\"1\"");
    if (n % 4 > 1) r->identifier_system = S("https://chart.invalid/questions");
    r->question = (struct question){.insurer = insurer_number_make(cards[card].number_without_check),
                                    .birth = on(1980, 4, 1),
                                    .on = on(2026, 11, 22),
                                    .institution = {n % 7 ? 1311234567u : 0}};
    r->question.id = (struct insured_id){str_c(cards[card].symbol), str_c(cards[card].number), cards[card].branch};
    *out = (struct answer){
        .question = r->question, .answered_us = 1795305600000000 + n, .insurer_name = S("窓健康保険組合")};
    for (unsigned i = 0; i < AUDIT_ID_BYTES; i++) out->event_id[i] = (uint8_t)(n * 7 + i * 13);
    struct verdict *v = &out->verdict;
    *v = (struct verdict){.validity = validity, .ratio = RATIO_NONE, .newer = validity == VALIDITY_NEWER};
    v->warnings = (n * 2654435761u >> 7) & ((1u << WARNING_COUNT) - 1);
    if (validity == VALIDITY_NONE || validity == VALIDITY_SEVERAL) return true;
    if (n % 5 == 0) out->reference_number = S("00000010");
    struct member *m = made(a, sizeof *m);
    struct coverage *c = made_coverage(a, way, medical_aid);
    *m = (struct member){.insurer = r->question.insurer,
                         .id = r->question.id,
                         .birth = r->question.birth,
                         .periods = c,
                         .period_count = 1};
    v->member = m, v->coverage = c;
    if (!verdict_covered(v)) return true;
    static const uint8_t ratios[] = {30, 20, 10, 100};
    v->ratio = medical_aid ? 0 : ratios[way % ARRAY_LEN(ratios)];
    v->preschool = way % 3 == 1;
    if (validity == VALID) add_certificates(a, v, way % 8, medical_aid);
    return true;
}
