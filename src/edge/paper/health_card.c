#include "edge/paper/health_card.h"

#include "state/trust/jws.h"

enum { DAY_S = 86400, JAPAN_S = 9 * 3600, DIGIT_BASE = 45 };

#define JP_SYSTEM "http://jpfhir.jp/fhir/core/mhlw/IdSystem/"

static void put_text(struct buf *out, const char *before, struct str text) {
    buf_puts(out, before);
    buf_json(out, text);
}

static void put_patient(struct buf *out, const struct paper *p) {
    const struct coverage *c = p->coverage;
    put_text(out, "{\"resourceType\":\"Patient\",\"name\":[{\"text\":", c->name);
    if (!str_empty(c->kana)) put_text(out, "},{\"text\":", c->kana);
    buf_puts(out, c->sex == 1   ? "}],\"gender\":\"male\""
                  : c->sex == 2 ? "}],\"gender\":\"female\""
                                : "}],\"gender\":\"unknown\"");
    buf_puts(out, ",\"birthDate\":\"");
    day_put_iso(out, p->member->birth);
    buf_puts(out, "\"}");
}

static void put_identifiers(struct buf *out, const struct paper *p) {
    buf_puts(out, "\"identifier\":[");
    if (!str_empty(p->member->id.symbol)) {
        put_text(out, "{\"system\":\"" JP_SYSTEM "InsuredPersonSymbol\",\"value\":", p->member->id.symbol);
        buf_puts(out, "},");
    }
    put_text(out, "{\"system\":\"" JP_SYSTEM "InsuredPersonNumber\",\"value\":", p->member->id.number);
    if (p->member->id.branch != BRANCH_NONE) {
        buf_puts(out, "},{\"system\":\"" JP_SYSTEM "InsuredPersonSubnumber\",\"value\":\"");
        branch_put(out, p->member->id.branch);
        buf_putc(out, '"');
    }
    buf_puts(out, "}]");
}

static void put_coverage(struct buf *out, const struct paper *p) {
    buf_puts(out, "{\"resourceType\":\"Coverage\",\"status\":\"active\",\"type\":{\"coding\":[{\"code\":\"");
    buf_puts(out, p->kind == PAPER_CERTIFICATE ? "certificate" : "notice");
    buf_puts(out, "\"}]},");
    put_identifiers(out, p);
    buf_puts(out, ",\"beneficiary\":{\"reference\":\"resource:0\"},\"period\":{\"start\":\"");
    day_put_iso(out, p->coverage->start);
    if (day_is(p->coverage->lost)) {
        buf_puts(out, "\",\"end\":\"");
        day_put_iso(out, day_add(p->coverage->lost, -1));
    }
    buf_puts(out, "\"},\"payor\":[{\"identifier\":{\"system\":\"" JP_SYSTEM "InsurerNumber\",\"value\":\"");
    insurer_number_put(out, p->insurer);
    put_text(out, "\"},\"display\":", p->insurer_name);
    buf_puts(out, "}]");
    if (p->ratio != RATIO_NONE)
        buf_printf(out, ",\"costToBeneficiary\":[{\"valueQuantity\":{\"value\":%u,\"unit\":\"%%\"}}]", p->ratio);
    buf_putc(out, '}');
}

void health_card_put_json(struct buf *out, const struct paper *p, struct str issuer_base) {
    buf_puts(out, "{\"iss\":\"");
    buf_put(out, issuer_base);
    buf_puts(out, "/insurers/");
    insurer_number_put(out, p->insurer);
    buf_puts(out, "\",\"nbf\":");
    buf_int(out, (int64_t)p->span.from.n * DAY_S - JAPAN_S);
    buf_puts(out, ",\"exp\":");
    buf_int(out, ((int64_t)p->span.until.n + 1) * DAY_S - JAPAN_S);
    buf_puts(out, ",\"vc\":{\"type\":[\"https://smarthealth.cards#health-card\"],\"rid\":\"");
    buf_puts(out, p->id);
    buf_puts(out, "\",\"credentialSubject\":{\"fhirVersion\":\"4.0.1\",\"fhirBundle\":{\"resourceType\":\"Bundle\","
                  "\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"resource:0\",\"resource\":");
    put_patient(out, p);
    buf_puts(out, "},{\"fullUrl\":\"resource:1\",\"resource\":");
    put_coverage(out, p);
    buf_puts(out, "}]}}}}");
}

enum err health_card_put_jws(struct buf *out, const struct paper *p, struct str issuer_base, struct insurer_key *key,
                             struct diag *d) {
    struct buf json;
    buf_init(&json, HEALTH_CARD_JSON_MAX);
    health_card_put_json(&json, p, issuer_base);
    enum err e = buf_ok(&json) ? jws_put(out, buf_str(&json), key, d) : diag_set(d, ERR_LIMIT, "health card", NULL);
    buf_fini(&json);
    return e;
}

void health_card_put_digits(struct buf *out, struct str jws) {
    for (size_t i = 0; i < jws.n; i++) {
        invariant((unsigned char)jws.p[i] >= DIGIT_BASE && (unsigned char)jws.p[i] < DIGIT_BASE + 100);
        buf_uint_pad(out, (unsigned char)jws.p[i] - DIGIT_BASE, 2);
    }
}
