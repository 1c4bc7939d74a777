#include "edge/review/alarm_line.h"

#include "base/json.h"

#include <stddef.h>
#include <stdio.h>

/* Where in the line a value stands, for whoever has to mend it. */
struct place {
    const char *in; /* "record.", "others[2].registry." */
    struct diag *d;
};

static enum err fault(const struct place *p, enum err e, const char *name, const char *detail) {
    char where[96];
    snprintf(where, sizeof where, "%s%s", p->in, name);
    return diag_set(p->d, e, where, "%s", detail);
}

static enum err text(const struct place *p, struct json of, const char *name, bool must, struct str *out) {
    struct json v = json_get(of, name);
    *out = S("");
    if (!json_none(v) && !json_str(v, out)) return fault(p, ERR_VALUE, name, "文字列ではありません / not a string");
    if (out->n > ALARM_TEXT_MAX) return fault(p, ERR_LIMIT, name, "");
    return must && out->n == 0 ? fault(p, ERR_MISSING, name, "") : ERR_OK;
}

static enum err side(const struct place *p, struct json of, struct alarm_side *out) {
#define FIELD(name)                                                                                                    \
    { #name, offsetof(struct alarm_side, name) }
    static const struct {
        const char *name;
        size_t at;
    } fields[] = {FIELD(name), FIELD(kana),  FIELD(other_name), FIELD(other_kana), FIELD(former_name),
                  FIELD(sex),  FIELD(birth), FIELD(post),       FIELD(address)};
#undef FIELD
    if (json_kind(of) != JSON_OBJECT) return fault(p, ERR_MISSING, "", "オブジェクトではありません / not an object");
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        TRY(text(p, of, fields[i].name, false, (struct str *)((char *)out + fields[i].at)));
    return ERR_OK;
}

static enum err member(const struct place *p, struct json of, struct alarm *out) {
    struct str insurer, branch;
    if (json_kind(of) != JSON_OBJECT) return fault(p, ERR_MISSING, "", "");
    TRY(text(p, of, "insurer", true, &insurer));
    TRY(text(p, of, "symbol", false, &out->member.symbol));
    TRY(text(p, of, "number", true, &out->member.number));
    TRY(text(p, of, "branch", false, &branch));
    enum err e = insurer_number_parse(insurer, &out->insurer);
    if (e != ERR_OK) return fault(p, e, "insurer", "");
    if ((e = insured_part_check(out->member.symbol)) != ERR_OK) return fault(p, e, "symbol", "");
    if ((e = insured_part_check(out->member.number)) != ERR_OK) return fault(p, e, "number", "");
    e = branch_parse(branch, &out->member.branch);
    return e == ERR_OK ? ERR_OK : fault(p, e, "branch", "");
}

static enum err cause(const struct place *p, struct json of, const char *name, enum alarm_cause *out) {
    struct str s;
    TRY(text(p, of, name, true, &s));
    *out = alarm_cause_of(s);
    return *out < ALARM_CAUSES ? ERR_OK : fault(p, ERR_CODE, name, "");
}

static enum err resident(const struct place *p, struct json of, struct str *out) {
    TRY(text(p, of, "resident", true, out));
    return out->n <= REVIEW_RESIDENT_MAX ? ERR_OK : fault(p, ERR_LIMIT, "resident", "");
}

static enum err other(struct json of, size_t index, struct alarm_other *out, struct diag *d) {
    char in[48], in_registry[64];
    snprintf(in, sizeof in, "others[%zu].", index);
    snprintf(in_registry, sizeof in_registry, "others[%zu].registry.", index);
    const struct place p = {in, d}, inside = {in_registry, d};
    TRY(resident(&p, of, &out->resident));
    TRY(cause(&p, of, "why", &out->why));
    return side(&inside, json_get(of, "registry"), &out->registry);
}

static enum err reason(struct json of, size_t index, struct alarm_reason *out, struct diag *d) {
    char in[48];
    snprintf(in, sizeof in, "reasons[%zu].", index);
    const struct place p = {in, d};
    TRY(text(&p, of, "fact", true, &out->fact));
    TRY(text(&p, of, "reason", true, &out->reason));
    TRY(text(&p, of, "a", false, &out->a));
    TRY(text(&p, of, "b", false, &out->b));
    TRY(text(&p, of, "ja", true, &out->ja));
    TRY(text(&p, of, "en", true, &out->en));
    return json_bool(json_get(of, "agrees"), &out->agrees) ? ERR_OK : fault(&p, ERR_VALUE, "agrees", "");
}

static enum err lists(const struct place *p, struct json root, struct alarm *out) {
    struct json others = json_get(root, "others"), reasons = json_get(root, "reasons");
    if (!json_none(others) && json_kind(others) != JSON_ARRAY) return fault(p, ERR_VALUE, "others", "");
    if (!json_none(reasons) && json_kind(reasons) != JSON_ARRAY) return fault(p, ERR_VALUE, "reasons", "");
    if (json_count(others) > ALARM_OTHERS_MAX) return fault(p, ERR_LIMIT, "others", "");
    if (json_count(reasons) > ALARM_REASONS_MAX) return fault(p, ERR_LIMIT, "reasons", "");
    for (struct json o = json_first(others); !json_none(o); o = json_next(o), out->other_count++)
        TRY(other(o, out->other_count, &out->others[out->other_count], p->d));
    for (struct json r = json_first(reasons); !json_none(r); r = json_next(r), out->reason_count++)
        TRY(reason(r, out->reason_count, &out->reasons[out->reason_count], p->d));
    return ERR_OK;
}

static enum err head(const struct place *p, struct json root, struct alarm *out) {
    struct str id, next;
    uint64_t rank = 0, wrong = 0;
    TRY(text(p, root, "alarm", true, &id));
    if (!alarm_id_parse(id, out->id)) return fault(p, ERR_VALUE, "alarm", "16 桁 / 16 hexadecimal digits");
    if (!json_uint(json_get(root, "rank"), UINT32_MAX, &rank)) return fault(p, ERR_VALUE, "rank", "");
    if (!json_decimal(json_get(root, "probability"), 6, ALARM_CERTAIN, &wrong))
        return fault(p, ERR_VALUE, "probability", "0–1");
    out->rank = (uint32_t)rank, out->wrong_ppm = (uint32_t)wrong;
    TRY(cause(p, root, "cause", &out->cause));
    TRY(text(p, root, "next", true, &next));
    if ((out->next = alarm_next_of(next)) == ALARM_NEXTS) return fault(p, ERR_CODE, "next", "");
    TRY(resident(p, root, &out->resident));
    TRY(text(p, root, "ja", false, &out->ja));
    return text(p, root, "en", false, &out->en);
}

enum err alarm_line_read(struct arena *a, struct str line, struct alarm *out, struct diag *d) {
    struct json root;
    const struct place top = {"", d}, in_member = {"member.", d}, in_record = {"record.", d},
                       in_registry = {"registry.", d};
    *out = (struct alarm){0};
    if (line.n > ALARM_LINE_MAX) return fault(&top, ERR_LIMIT, "line", "");
    TRY(json_read(a, line, &root, d));
    if (json_kind(root) != JSON_OBJECT)
        return fault(&top, ERR_VALUE, "line", "オブジェクトではありません / not an object");
    TRY(head(&top, root, out));
    TRY(member(&in_member, json_get(root, "member"), out));
    TRY(side(&in_record, json_get(root, "record"), &out->record));
    /* A record that is gone has no side. */
    struct json registry = json_get(root, "registry");
    if (!json_none(registry) || out->cause != CAUSE_GONE) TRY(side(&in_registry, registry, &out->registry));
    return lists(&top, root, out);
}
