#include "edge/fhir/member_id.h"
#include "edge/fhir/reading.h"
#include "edge/fhir/systems.h"

static enum err contradicts(const struct reading *r, const char *where) {
    return diag_set(r->d, ERR_CONFLICT, where, "another place of the request says otherwise");
}

enum err offer_insurer(struct reading *r, struct str text, const char *where) {
    struct insurer_number i;
    enum err e = fhir_insurer_parse(text, &i);
    if (e != ERR_OK) return diag_set(r->d, e, where, "an insurer's number has 8 digits, or 6");
    if (r->has_insurer && i.n != r->insurer.n) return contradicts(r, where);
    r->has_insurer = true;
    r->insurer = i;
    return ERR_OK;
}

/* Whether two symbols or numbers are the same for look-up. */
static bool same_part(struct str a, struct str b) {
    struct buf x, y;
    if (str_eq(a, b)) return true;
    buf_init(&x, INSURED_FOLDED_MAX * 4);
    buf_init(&y, INSURED_FOLDED_MAX * 4);
    bool same =
        insured_part_fold(a, &x) == ERR_OK && insured_part_fold(b, &y) == ERR_OK && str_eq(buf_str(&x), buf_str(&y));
    buf_fini(&x);
    buf_fini(&y);
    return same;
}

static enum err offer_part(struct reading *r, bool *has, struct str *to, struct str part, const char *where) {
    enum err e = insured_part_check(part);
    if (e != ERR_OK) return diag_set(r->d, ERR_VALUE, where, "at most %d characters of text", INSURED_ID_CHARACTERS);
    if (*has && !same_part(*to, part)) return contradicts(r, where);
    if (!*has) *to = part;
    *has = true;
    return ERR_OK;
}

enum err offer_symbol(struct reading *r, struct str symbol, const char *where) {
    return offer_part(r, &r->has_symbol, &r->id.symbol, symbol, where);
}

enum err offer_number(struct reading *r, struct str number, const char *where) {
    return offer_part(r, &r->has_number, &r->id.number, number, where);
}

static enum err offer_branch_value(struct reading *r, int branch, const char *where) {
    if (r->has_branch && branch != r->id.branch) return contradicts(r, where);
    r->has_branch = true;
    r->id.branch = branch;
    return ERR_OK;
}

enum err offer_branch(struct reading *r, struct str text, const char *where) {
    int branch = BRANCH_NONE;
    if (branch_parse(text, &branch) != ERR_OK) return diag_set(r->d, ERR_VALUE, where, "a branch is two digits");
    return offer_branch_value(r, branch, where);
}

enum err offer_member_id(struct reading *r, struct str text, const char *where) {
    struct member_id m;
    const char *why;
    enum err e = member_id_parse(text, &m, &why);
    if (e != ERR_OK) return diag_set(r->d, e, where, "%s", why);
    if (m.has_insurer && r->has_insurer && m.insurer.n != r->insurer.n) return contradicts(r, where);
    if (m.has_insurer) r->insurer = m.insurer, r->has_insurer = true;
    TRY(offer_part(r, &r->has_symbol, &r->id.symbol, m.id.symbol, where));
    TRY(offer_part(r, &r->has_number, &r->id.number, m.id.number, where));
    return offer_branch_value(r, m.id.branch, where);
}

/* JP Core: a request keeps to the URL form of systems, or to the OID form. */
static enum err check_form(struct reading *r, enum fhir_system system, bool oid, const char *where) {
    bool both = system == FHIR_SYSTEM_INSURER || system == FHIR_SYSTEM_SYMBOL || system == FHIR_SYSTEM_NUMBER ||
                system == FHIR_SYSTEM_PUBLIC_PAYER || system == FHIR_SYSTEM_PUBLIC_MEMBER;
    if (!both) return ERR_OK;
    r->oid_form |= oid;
    r->url_form |= !oid;
    if (r->oid_form && r->url_form)
        return diag_set(r->d, ERR_VALUE, where, "systems in the URL form and in the OID form are mixed");
    return ERR_OK;
}

enum err offer_identifier(struct reading *r, struct json identifier, bool strict, const char *where) {
    struct str system = S(""), value = S("");
    bool oid = false, named = json_str(json_get(identifier, "system"), &system);
    if (!json_str(json_get(identifier, "value"), &value))
        return diag_set(r->d, ERR_MISSING, where, "an identifier has to have a value");
    if (!named) return strict ? offer_member_id(r, value, where) : ERR_OK;
    enum fhir_system s = fhir_system_of(system, &oid);
    TRY(check_form(r, s, oid, where));
    switch (s) {
    case FHIR_SYSTEM_INSURER:
    case FHIR_SYSTEM_PUBLIC_PAYER: return offer_insurer(r, value, where);
    case FHIR_SYSTEM_SYMBOL: return offer_symbol(r, value, where);
    case FHIR_SYSTEM_NUMBER:
    case FHIR_SYSTEM_PUBLIC_MEMBER: return offer_number(r, value, where);
    case FHIR_SYSTEM_BRANCH: return offer_branch(r, value, where);
    case FHIR_SYSTEM_MEMBER_ID:
    case FHIR_SYSTEM_MEMBER_ID_DRAFT:
    case FHIR_SYSTEM_COVERAGE_CSV: return offer_member_id(r, value, where);
    default: break;
    }
    return strict ? diag_set(r->d, ERR_CODE, where, "the identifier's system is not known here") : ERR_OK;
}
