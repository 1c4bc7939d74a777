#include "edge/ways_file/ways_file.h"

#include "base/json.h"

#include <stdio.h>

enum kind {
    KIND_INSURER,
    KIND_IDENTIFIER,
    KIND_BRANCH,
    KIND_DAY,
    KIND_WAY,
    KIND_STATE,
    KIND_REASON,
    KIND_COUNTER,
    KIND_CHANNEL,
    KIND_FLAG,
};

struct field {
    const char *name;
    enum kind kind;
    size_t offset;
};

#define LINE_FIELD(name, kind, place) {name, KIND_##kind, offsetof(struct ways_line, place)},
static const struct field line_fields[] = {
#include "edge/ways_file/field.def"
};
#undef LINE_FIELD
#define WAY_FIELD(name, kind, place) {name, KIND_##kind, offsetof(struct way, place)},
static const struct field way_fields[] = {
#include "edge/ways_file/field.def"
};
#undef WAY_FIELD

static const struct field *find(const struct field *fields, size_t count, struct str name) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_c(fields[i].name), name)) return &fields[i];
    return NULL;
}

/* ---- values ---- */

static enum err set_word(const struct ways_word *(*table)(unsigned number), struct str word, uint8_t *out) {
    return ways_number_of(table, word, out) ? ERR_OK : ERR_CODE;
}

static enum err set_identifier(struct str s, struct str *out) {
    TRY(insured_part_check(s));
    *out = s;
    return ERR_OK;
}

static enum err set_text(enum kind kind, struct str s, void *place) {
    switch (kind) {
    case KIND_INSURER: return insurer_number_parse(s, place);
    case KIND_IDENTIFIER: return set_identifier(s, place);
    case KIND_BRANCH: return branch_parse(s, place);
    case KIND_DAY: return day_parse(s, place) ? ERR_OK : ERR_DATE;
    case KIND_STATE: return set_word(way_state_word, s, place);
    case KIND_REASON: return set_word(way_reason_word, s, place);
    case KIND_COUNTER: return set_word(counter_word, s, place);
    case KIND_CHANNEL: return set_word(channel_word, s, place);
    case KIND_FLAG:
    case KIND_WAY: break;
    }
    return ERR_VALUE;
}

static enum err set(const struct field *f, struct json v, void *object) {
    void *place = (char *)object + f->offset;
    struct str s;
    if (f->kind == KIND_FLAG) return json_bool(v, place) ? ERR_OK : ERR_VALUE;
    if (!json_str(v, &s)) return ERR_VALUE;
    return s.n ? set_text(f->kind, s, place) : ERR_OK;
}

/* ---- a way ---- */

static enum err in_way(struct diag *d, enum err e, const char *way, const char *field, const char *detail) {
    char where[64];
    snprintf(where, sizeof where, "%s%s%s", way, field[0] ? "." : "", field);
    return diag_set(d, e, where, detail ? "%s" : NULL, detail);
}

static enum err check_way(const struct way *w, enum way_kind kind, struct diag *d) {
    const char *name = way_kind_word(kind)->word;
    const char *only = "カードだけの項目です / of a card only", *ends = "始まりより前です / before it begins";
    if (w->state == WAY_NONE) return in_way(d, ERR_MISSING, name, "state", NULL);
    if (kind == WAY_PHONE && day_is(w->card_until)) return in_way(d, ERR_VALUE, name, "card_until", only);
    if (kind == WAY_PHONE && w->pinless) return in_way(d, ERR_VALUE, name, "pinless", only);
    if (w->state != WAY_REGISTERED) return day_is(w->stated) ? ERR_OK : in_way(d, ERR_MISSING, name, "stated", NULL);
    if (!day_is(w->since)) return in_way(d, ERR_MISSING, name, "since", NULL);
    if (!day_is(w->certificate_until)) return in_way(d, ERR_MISSING, name, "certificate_until", NULL);
    if (kind == WAY_CARD && !day_is(w->card_until)) return in_way(d, ERR_MISSING, name, "card_until", NULL);
    if (w->reason || w->by) return in_way(d, ERR_VALUE, name, w->reason ? "reason" : "by", NULL);
    if (day_before(w->certificate_until, w->since)) return in_way(d, ERR_VALUE, name, "certificate_until", ends);
    if (kind == WAY_CARD && day_before(w->card_until, w->since)) return in_way(d, ERR_VALUE, name, "card_until", ends);
    return ERR_OK;
}

static enum err read_way(const char *name, struct json v, struct way *out, struct diag *d) {
    enum way_kind kind = str_eq(str_c(name), S("phone")) ? WAY_PHONE : WAY_CARD;
    if (json_kind(v) != JSON_OBJECT)
        return in_way(d, ERR_VALUE, name, "", "オブジェクトで書きます / an object is expected");
    for (struct json m = json_first(v); !json_none(m); m = json_next(m)) {
        const struct field *f = find(way_fields, ARRAY_LEN(way_fields), json_name(m));
        if (f == NULL) return in_way(d, ERR_UNKNOWN, name, "?", NULL);
        enum err e = set(f, m, out);
        if (e != ERR_OK) return in_way(d, e, name, f->name, NULL);
    }
    TRY(check_way(out, kind, d));
    if (!day_is(out->stated)) out->stated = out->since;
    return ERR_OK;
}

/* ---- the line ---- */

static enum err read_field(struct json m, struct ways_line *out, struct diag *d) {
    const struct field *f = find(line_fields, ARRAY_LEN(line_fields), json_name(m));
    if (f == NULL) return diag_set(d, ERR_UNKNOWN, "?", NULL);
    if (f->kind == KIND_WAY) return read_way(f->name, m, (struct way *)((char *)out + f->offset), d);
    enum err e = set(f, m, out);
    out->says_channel = out->says_channel || f->kind == KIND_CHANNEL;
    out->says_paper = out->says_paper || f->kind == KIND_FLAG;
    return e == ERR_OK ? ERR_OK : diag_set(d, e, f->name, NULL);
}

static enum err check_line(const struct ways_line *l, struct diag *d) {
    if (l->insurer.n == 0) return diag_set(d, ERR_MISSING, "insurer", NULL);
    if (l->id.number.n == 0) return diag_set(d, ERR_MISSING, "number", NULL);
    if (!day_is(l->on)) return diag_set(d, ERR_MISSING, "on", NULL);
    return ERR_OK;
}

enum err ways_file_read(struct arena *a, struct str text, struct ways_line *out, struct diag *d) {
    struct json root;
    *out = (struct ways_line){.id = {.branch = BRANCH_NONE}, .birth = DAY_NONE, .on = DAY_NONE, .ways = ways_none()};
    if (str_trim(text).n == 0) return diag_set(d, ERR_MISSING, "", "空の行 / an empty line");
    if (text.n > WAYS_LINE_BYTES_MAX)
        return diag_set(d, ERR_LIMIT, "", "一行は %1$d バイトまで / a line has at most %1$d bytes",
                        WAYS_LINE_BYTES_MAX);
    TRY(json_read(a, text, &root, d));
    if (json_kind(root) != JSON_OBJECT)
        return diag_set(d, ERR_SYNTAX, "", "一行は一つの JSON オブジェクトです / an object is expected");
    for (struct json m = json_first(root); !json_none(m); m = json_next(m)) TRY(read_field(m, out, d));
    return check_line(out, d);
}
