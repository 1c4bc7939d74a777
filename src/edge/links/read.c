#include "edge/links/read.h"

#include "base/json.h"

/* A text that may be left out; empty is as good as left out. */
static enum err text(struct json of, const char *name, bool must, struct str *out, struct diag *d) {
    struct json v = json_get(of, name);
    *out = S("");
    if (!json_none(v) && !json_str(v, out)) return diag_set(d, ERR_VALUE, name, "文字列ではありません / not a string");
    return must && out->n == 0 ? diag_set(d, ERR_MISSING, name, NULL) : ERR_OK;
}

static enum err object(struct arena *a, struct str line, struct json *out, struct diag *d) {
    if (line.n > LINKS_LINE_MAX) return diag_set(d, ERR_LIMIT, "line", "%d bytes at most", LINKS_LINE_MAX);
    TRY(json_read(a, line, out, d));
    if (json_kind(*out) == JSON_OBJECT) return ERR_OK;
    return diag_set(d, ERR_VALUE, "line", "オブジェクトではありません / not an object");
}

static enum err day(struct json of, const char *name, struct day *out, struct diag *d) {
    struct str s;
    *out = DAY_NONE;
    TRY(text(of, name, false, &s, d));
    return s.n == 0 || day_parse(s, out) ? ERR_OK : diag_set(d, ERR_DATE, name, NULL);
}

static enum err member(struct json of, struct person_link *out, struct diag *d) {
    struct str insurer, branch;
    if (json_kind(of) != JSON_OBJECT) return diag_set(d, ERR_MISSING, "member", NULL);
    TRY(text(of, "insurer", true, &insurer, d));
    TRY(text(of, "symbol", false, &out->id.symbol, d));
    TRY(text(of, "number", true, &out->id.number, d));
    TRY(text(of, "branch", false, &branch, d));
    enum err e = insurer_number_parse(insurer, &out->insurer);
    if (e != ERR_OK) return diag_set(d, e, "insurer", NULL);
    if ((e = insured_part_check(out->id.symbol)) != ERR_OK) return diag_set(d, e, "symbol", NULL);
    if ((e = insured_part_check(out->id.number)) != ERR_OK) return diag_set(d, e, "number", NULL);
    e = branch_parse(branch, &out->id.branch);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "branch", NULL);
}

static enum err outcome(struct json line, bool *linked, struct diag *d) {
    static const char *const names[] = {"linked", "not-linked", "needs-person", "contradicted"};
    struct str s;
    TRY(text(line, "outcome", true, &s, d));
    *linked = str_eq(s, str_c(names[0]));
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(s, str_c(names[i]))) return ERR_OK;
    return diag_set(d, ERR_CODE, "outcome", NULL);
}

static enum err link_read(struct json root, struct person_link *out, bool *linked, struct diag *d) {
    *out = (struct person_link){.birth = DAY_NONE};
    TRY(outcome(root, linked, d));
    if (!*linked) return ERR_OK;
    TRY(member(json_get(root, "member"), out, d));
    return text(root, "resident", true, &out->resident, d);
}

enum err link_line_read(struct arena *a, struct str line, struct person_link *out, bool *linked, struct diag *d) {
    struct json root;
    TRY(object(a, line, &root, d));
    TRY(link_read(root, out, linked, d));
    if (*linked && day(json_get(root, "record"), "birth", &out->birth, NULL) != ERR_OK) out->birth = DAY_END;
    return ERR_OK;
}

static enum err record(struct json of, struct person *p, struct diag *d) {
    struct str sex;
    if (json_kind(of) != JSON_OBJECT) return diag_set(d, ERR_MISSING, "record", NULL);
    TRY(text(of, "name", false, &p->name, d));
    TRY(text(of, "kana", p->name.n == 0, &p->kana, d));
    TRY(text(of, "other_name", false, &p->other_name, d));
    TRY(text(of, "other_kana", false, &p->other_kana, d));
    TRY(text(of, "post", false, &p->post, d));
    TRY(text(of, "address", false, &p->address, d));
    TRY(text(of, "sex", false, &sex, d));
    if (sex.n > 1 || (sex.n && (sex.p[0] < '1' || sex.p[0] > '3'))) return diag_set(d, ERR_CODE, "sex", NULL);
    p->sex = sex.n ? sex.p[0] : 0;
    return day(of, "birth", &p->birth, d);
}

enum err link_record_read(struct arena *a, struct str line, struct person_link *out, struct person *person,
                          bool *linked, struct diag *d) {
    struct json root;
    *person = (struct person){.birth = DAY_NONE};
    TRY(object(a, line, &root, d));
    TRY(link_read(root, out, linked, d));
    if (!*linked) return ERR_OK;
    TRY(record(json_get(root, "record"), person, d));
    out->birth = person->birth;
    return ERR_OK;
}

enum err resident_line_read(struct arena *a, struct str line, struct str *id, struct day *died, struct diag *d) {
    struct json root;
    TRY(object(a, line, &root, d));
    TRY(text(root, "id", true, id, d));
    return day(root, "died", died, d);
}
