#include "edge/terminal/answer.h"

#include "core/codes.h"

/* ---- JSON ---- */

static void member(struct buf *b, const char *name) {
    buf_putc(b, ',');
    buf_json(b, str_c(name));
    buf_putc(b, ':');
}

static void text_member(struct buf *b, const char *name, struct str s) {
    if (s.n) member(b, name), buf_json(b, s);
}

static void day_member(struct buf *b, const char *name, struct day d) {
    if (!day_is(d)) return;
    member(b, name);
    buf_putc(b, '"'), day_put_iso(b, d), buf_putc(b, '"');
}

static void insurer_member(struct buf *b, const struct answer *a) {
    member(b, "insurer");
    buf_putc(b, '"'), insurer_number_put(b, a->verdict.member->insurer), buf_putc(b, '"');
    text_member(b, "insurer_name", a->insurer_name);
}

/* The certificates with the names that insurers' files give them (docs/format/insurer-file.md). */
static void open_item(struct buf *b, bool first) { buf_puts(b, first ? "{" : ",{"); }

static void item_code(struct buf *b, const char *name, unsigned value, unsigned digits) {
    buf_json(b, str_c(name));
    buf_puts(b, ":\""), buf_uint_pad(b, value, digits), buf_putc(b, '"');
}

static void certificate_members(struct buf *b, const struct verdict *v) {
    if (v->elderly) {
        member(b, "elderly");
        buf_printf(b, "{\"ratio\":%u", v->elderly->ratio);
        day_member(b, "from", v->elderly->from), day_member(b, "until", v->elderly->until), buf_putc(b, '}');
    }
    if (v->limit) member(b, "limit"), buf_json(b, str_c(v->limit->category));
    if (v->disease_count) member(b, "diseases"), buf_putc(b, '[');
    for (size_t i = 0; i < v->disease_count; i++) {
        open_item(b, i == 0), item_code(b, "disease", v->diseases[i]->disease, 1);
        buf_printf(b, ",\"self_pay\":%u", v->diseases[i]->self_pay_yen);
        day_member(b, "from", v->diseases[i]->from), day_member(b, "until", v->diseases[i]->until), buf_putc(b, '}');
    }
    if (v->disease_count) buf_putc(b, ']');
    if (v->ticket_count) member(b, "tickets"), buf_putc(b, '[');
    for (size_t i = 0; i < v->ticket_count; i++) {
        open_item(b, i == 0), item_code(b, "type", v->tickets[i]->type, 2);
        buf_putc(b, ','), item_code(b, "month", v->tickets[i]->month, 6), buf_putc(b, '}');
    }
    if (v->ticket_count) buf_putc(b, ']');
}

static void person_members(struct buf *b, const struct answer *a) {
    const struct coverage *c = a->verdict.coverage;
    text_member(b, "name", c->name);
    text_member(b, "kana", c->kana);
    text_member(b, "other_name", c->other_name);
    day_member(b, "start", c->start);
    day_member(b, "lost", c->lost);
    day_member(b, "card_until", c->card_until);
    certificate_members(b, &a->verdict);
}

void answer_put_json(struct buf *b, const struct answer *a) {
    const struct verdict *v = &a->verdict;
    buf_puts(b, "{\"validity\":");
    buf_uint(b, (uint64_t)v->validity);
    if (v->ratio != RATIO_NONE) member(b, "ratio"), buf_uint(b, v->ratio);
    if (v->member) insurer_member(b, a);
    member(b, "newer"), buf_puts(b, v->newer ? "true" : "false");
    member(b, "warnings"), buf_putc(b, '[');
    bool first = true;
    for (enum warning w = 0; w < WARNING_COUNT; w++) {
        if (!verdict_warns(v, w)) continue;
        if (!first) buf_putc(b, ',');
        first = false;
        buf_json(b, str_c(warning_info(w)->code));
    }
    buf_putc(b, ']');
    if (v->coverage) person_members(b, a);
    day_member(b, "on", a->question.on);
    member(b, "event"), buf_putc(b, '"'), buf_hex(b, str_of(a->event_id, sizeof a->event_id)), buf_puts(b, "\"}\n");
}

/* ---- for a person ---- */

/* "一般 / general" */
static void put_label(struct buf *b, enum code_table table, unsigned value, unsigned digits) {
    char text[8];
    struct buf t = buf_over(text, sizeof text);
    if (value == CLASS_MEDICAL_AID) buf_puts(&t, "A1");
    else buf_uint_pad(&t, value, digits);
    const struct code *c = code_find(table, buf_str(&t));
    if (c) buf_printf(b, "%s / %s", c->ja, c->en);
}

static void row(struct buf *b, const char *ja, const char *en) { buf_printf(b, "  %s (%s): ", ja, en); }

static void text_row(struct buf *b, const char *ja, const char *en, struct str s) {
    if (s.n) row(b, ja, en), buf_put(b, s), buf_putc(b, '\n');
}

static void day_row(struct buf *b, const char *ja, const char *en, struct day d) {
    if (!day_is(d)) return;
    row(b, ja, en);
    day_put_iso(b, d), buf_puts(b, "  "), day_put_wareki(b, d), buf_putc(b, '\n');
}

static void put_headline(struct buf *b, const struct answer *a, bool colour) {
    const struct verdict *v = &a->verdict;
    const char *value = (const char *[]){"", "1", "2", "3", "4", "5", "6"}[v->validity];
    const struct code *c = code_find(CODES_VALIDITY, str_c(value));
    buf_puts(b, colour ? (v->validity == VALID ? "\033[1;32m" : verdict_covered(v) ? "\033[1;33m" : "\033[1;31m") : "");
    buf_printf(b, "%s  %s / %s", value, c->ja, c->en);
    buf_puts(b, colour ? "\033[0m" : "");
    if (v->ratio != RATIO_NONE) buf_printf(b, "   負担割合 %u 割 / share %u %%", v->ratio / 10, v->ratio);
    buf_puts(b, "\n");
    day_row(b, "確認日", "on", a->question.on);
}

static void put_certificates(struct buf *b, const struct verdict *v) {
    if (v->elderly) {
        row(b, "高齢受給者証", "elderly certificate");
        buf_printf(b, "%u 割 / %u %%  ", v->elderly->ratio / 10, v->elderly->ratio);
        day_put_iso(b, v->elderly->from), buf_puts(b, " – "), day_put_iso(b, v->elderly->until), buf_putc(b, '\n');
    }
    if (v->limit) {
        const struct code *c = code_find(CODES_LIMIT_CATEGORY, str_c(v->limit->category));
        row(b, "限度額適用認定証", "limit certificate");
        buf_printf(b, "%s %s\n", v->limit->category, c ? c->ja : "");
    }
    for (size_t i = 0; i < v->disease_count; i++) {
        row(b, "特定疾病", "specific disease");
        put_label(b, CODES_DISEASE, v->diseases[i]->disease, 1);
        buf_printf(b, "  月額 %1$u 円 / %1$u yen a month\n", v->diseases[i]->self_pay_yen);
    }
    for (size_t i = 0; i < v->ticket_count; i++) {
        row(b, "医療券", "medical ticket");
        put_label(b, CODES_TICKET_TYPE, v->tickets[i]->type, 2);
        buf_printf(b, "  %u\n", v->tickets[i]->month);
    }
}

static void put_person(struct buf *b, const struct answer *a) {
    const struct coverage *c = a->verdict.coverage;
    text_row(b, "氏名", "name", c->name);
    text_row(b, "カナ", "kana", c->kana);
    text_row(b, "通称", "other name", c->other_name);
    day_row(b, "生年月日", "birth", a->verdict.member->birth);
    row(b, "保険者", "insurer");
    insurer_number_put(b, a->verdict.member->insurer), buf_puts(b, "  "), buf_put(b, a->insurer_name),
        buf_putc(b, '\n');
    row(b, "区分", "class");
    put_label(b, CODES_CARD_CLASS, c->class, 2);
    if (c->relation) buf_puts(b, "   "), put_label(b, CODES_RELATION, c->relation, 1);
    buf_putc(b, '\n');
    day_row(b, "資格取得日", "covered from", c->start);
    day_row(b, "資格喪失日", "lost on", c->lost);
    day_row(b, "有効期限", "certificate until", c->card_until);
}

void answer_put_text(struct buf *b, const struct answer *a, bool colour) {
    put_headline(b, a, colour);
    if (a->verdict.coverage) put_person(b, a);
    put_certificates(b, &a->verdict);
    for (enum warning w = 0; w < WARNING_COUNT; w++) {
        if (!verdict_warns(&a->verdict, w)) continue;
        buf_puts(b, colour ? "  \033[33m⚠\033[0m " : "  ⚠ ");
        buf_printf(b, "%s / %s\n", warning_info(w)->ja, warning_info(w)->en);
    }
}
