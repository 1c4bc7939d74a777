#include "edge/ways_file/ways_text.h"

/* ---- JSON ---- */

static void put_json_day(struct buf *b, const char *name, struct day d) {
    if (!day_is(d)) return;
    buf_printf(b, ",\"%s\":\"", name);
    day_put_iso(b, d);
    buf_putc(b, '"');
}

static void put_json_word(struct buf *b, const char *name, const struct ways_word *w) {
    if (w) buf_printf(b, ",\"%s\":\"%s\"", name, w->word);
}

static void put_json_way(struct buf *b, const struct way *w, enum way_kind kind, struct day on) {
    buf_printf(b, ",\"%s\":{\"state\":\"%s\"", way_kind_word(kind)->word, way_state_word(w->state)->word);
    put_json_day(b, "since", w->since);
    put_json_day(b, "stated", w->stated);
    put_json_word(b, "reason", way_reason_word(w->reason));
    put_json_word(b, "by", counter_word(w->by));
    put_json_day(b, "card_until", w->card_until);
    put_json_day(b, "certificate_until", w->certificate_until);
    put_json_day(b, "usable_until", way_until(w, kind, on));
    if (w->pinless) buf_puts(b, ",\"pinless\":true");
    buf_putc(b, '}');
}

static void put_json_papers(struct buf *b, const char *name, const struct papers *p) {
    buf_printf(b, ",\"%s\":[", name);
    for (size_t i = 0; i < p->count; i++) {
        buf_puts(b, i ? ",{\"from\":\"" : "{\"from\":\"");
        day_put_iso(b, p->list[i].from);
        buf_puts(b, "\",\"until\":\"");
        day_put_iso(b, p->list[i].until);
        buf_puts(b, "\"}");
    }
    buf_putc(b, ']');
}

void ways_put_json(struct buf *b, const struct ways_facts *f, struct day on) {
    buf_printf(b, "{\"known\":%s,\"on\":\"", f->known ? "true" : "false");
    day_put_iso(b, on);
    buf_putc(b, '"');
    for (unsigned k = 0; k < WAY_KINDS; k++)
        if (f->ways.of[k].state != WAY_NONE) put_json_way(b, &f->ways.of[k], k, on);
    put_json_day(b, "usable_until", ways_until(&f->ways, on));
    put_json_day(b, "certificate_due", certificate_due(&f->ways, &f->certificates, on));
    put_json_papers(b, "certificates", &f->certificates);
    put_json_papers(b, "notices", &f->notices);
    put_json_word(b, "channel", channel_word(f->ways.channel));
    buf_printf(b, ",\"paper\":%s}\n", f->ways.paper_wanted ? "true" : "false");
}

/* ---- for a person ---- */

static void put_day(struct buf *b, const char *words, struct day d) {
    if (!day_is(d)) return;
    buf_puts(b, words);
    day_put_iso(b, d);
}

static void put_way(struct buf *b, const struct way *w, enum way_kind kind) {
    const struct ways_word *k = way_kind_word(kind), *s = way_state_word(w->state), *by = counter_word(w->by);
    buf_printf(b, "%s / %s: %s / %s", k->ja, k->en, s->ja, s->en);
    put_day(b, " ", w->stated);
    if (w->state != WAY_REGISTERED && by) buf_printf(b, " (%s / %s)", by->ja, by->en);
    put_day(b, "\n    カードの期限 / card until ", w->card_until);
    put_day(b, "\n    電子証明書の期限 / certificate until ", w->certificate_until);
    if (w->pinless) buf_puts(b, "\n    暗証番号なし（顔認証カード） / without PIN: by face or by eye");
    buf_putc(b, '\n');
}

static void put_papers(struct buf *b, const char *words, const struct papers *p) {
    for (size_t i = 0; i < p->count; i++) {
        put_day(b, words, p->list[i].from);
        put_day(b, " – ", p->list[i].until);
        buf_putc(b, '\n');
    }
}

void ways_put_text(struct buf *b, const struct ways_facts *f, struct day on) {
    struct day until = ways_until(&f->ways, on), due = certificate_due(&f->ways, &f->certificates, on);
    bool any = false;
    for (unsigned k = 0; k < WAY_KINDS; k++)
        if (f->ways.of[k].state != WAY_NONE) put_way(b, &f->ways.of[k], k), any = true;
    if (!any) buf_puts(b, "登録された方法はありません / no way is registered\n");
    put_papers(b, "資格確認書 / certificate: ", &f->certificates);
    put_papers(b, "資格情報のお知らせ / notice: ", &f->notices);
    if (day_is(until)) put_day(b, "使える見込みの最後の日 / usable, as things stand, until: ", until);
    else buf_puts(b, "使える方法はありません / no way can be used");
    if (day_is(due)) put_day(b, "\n資格確認書を作る対象です。有効の始まり / a certificate is due, valid from ", due);
    if (f->ways.paper_wanted) buf_puts(b, "\n資格確認書の希望あり / has asked for a certificate beside the card");
    const struct ways_word *c = channel_word(f->ways.channel);
    buf_printf(b, "\nお知らせの方法 / told by: %s / %s\n", c->ja, c->en);
}

/* ---- who is due ---- */

void ways_put_due_json(struct buf *b, const struct member *m, const struct paper_due *due) {
    buf_puts(b, "{\"insurer\":\"");
    insurer_number_put(b, m->insurer);
    buf_puts(b, "\",\"symbol\":");
    buf_json(b, m->id.symbol);
    buf_puts(b, ",\"number\":");
    buf_json(b, m->id.number);
    buf_puts(b, ",\"branch\":\"");
    branch_put(b, m->id.branch);
    buf_putc(b, '"');
    put_json_day(b, "from", due->span.from);
    put_json_day(b, "until", due->span.until);
    put_json_word(b, "why", certificate_why_word(due->why));
    buf_puts(b, "}\n");
}

void ways_put_due_text(struct buf *b, const struct member *m, const struct paper_due *due) {
    const struct ways_word *why = certificate_why_word(due->why);
    insurer_number_put(b, m->insurer);
    buf_puts(b, "  ");
    buf_put(b, m->id.symbol);
    buf_puts(b, m->id.symbol.n ? " " : "");
    buf_put(b, m->id.number);
    buf_puts(b, m->id.branch == BRANCH_NONE ? "" : "-");
    branch_put(b, m->id.branch);
    put_day(b, "  ", due->span.from);
    put_day(b, " – ", due->span.until);
    buf_printf(b, "  %s / %s\n", why->ja, why->en);
}
