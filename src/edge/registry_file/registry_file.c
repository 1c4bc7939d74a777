#include "edge/registry_file/registry_file.h"

#include "base/json.h"
#include "base/utf8.h"

#include <stddef.h>

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"name", offsetof(struct person, name)},
    {"kana", offsetof(struct person, kana)},
    {"other_name", offsetof(struct person, other_name)},
    {"other_kana", offsetof(struct person, other_kana)},
    {"former_name", offsetof(struct person, former_name)},
    {"post", offsetof(struct person, post)},
    {"address", offsetof(struct person, address)},
};

/* False when it is there and no text, or longer than `max`; not there or empty is an empty text. */
static bool take(struct json root, const char *name, size_t max, struct str *out) {
    struct json v = json_get(root, name);
    *out = S("");
    return json_none(v) || (json_str(v, out) && out->n <= max);
}

static enum err read_number(struct json root, struct resident *out, struct diag *d) {
    struct str digits;
    if (!take(root, "mynumber", RESIDENT_TEXT_MAX, &digits)) return diag_set(d, ERR_VALUE, "mynumber", NULL);
    out->has_mynumber = digits.n > 0;
    if (digits.n == 0) return ERR_OK;
    enum err e = mynumber_parse(digits, &out->mynumber);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "mynumber", NULL);
}

static enum err read_person(struct json root, struct person *p, struct diag *d) {
    struct str birth, sex;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!take(root, texts[i].name, RESIDENT_TEXT_MAX, (struct str *)(void *)((char *)p + texts[i].offset)))
            return diag_set(d, ERR_VALUE, texts[i].name, NULL);
    if (p->name.n == 0 && p->kana.n == 0) return diag_set(d, ERR_MISSING, "name", NULL);
    if (!take(root, "birth", RESIDENT_TEXT_MAX, &birth)) return diag_set(d, ERR_VALUE, "birth", NULL);
    p->birth = DAY_NONE;
    if (birth.n && !day_parse(birth, &p->birth)) return diag_set(d, ERR_DATE, "birth", NULL);
    if (!take(root, "sex", RESIDENT_TEXT_MAX, &sex) || sex.n > 1) return diag_set(d, ERR_CODE, "sex", NULL);
    if (sex.n && (sex.p[0] < '1' || sex.p[0] > '3')) return diag_set(d, ERR_CODE, "sex", NULL);
    p->sex = sex.n ? sex.p[0] : 0;
    return ERR_OK;
}

static enum err read_resident(struct arena *a, struct str line, struct resident *out, struct diag *d) {
    struct json root;
    *out = (struct resident){0};
    TRY(json_read(a, line, &root, d));
    if (json_kind(root) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "", NULL);
    if (!take(root, "id", RESIDENT_ID_MAX, &out->id)) return diag_set(d, ERR_VALUE, "id", NULL);
    if (out->id.n == 0) return diag_set(d, ERR_MISSING, "id", NULL);
    if (!take(root, "household", RESIDENT_ID_MAX, &out->household)) return diag_set(d, ERR_VALUE, "household", NULL);
    TRY(read_person(root, &out->person, d));
    return read_number(root, out, d);
}

struct resident_format registry_file_ndjson(void) {
    return (struct resident_format){.read = read_resident};
}
