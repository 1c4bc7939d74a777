#include "edge/web/health.h"

#include "edge/web/later.h"

enum { STORE, LOG, REVOCATIONS };

const char *health_name(enum health h) {
    static const char *const names[] = {"pass", "warn", "fail"};
    return names[h];
}

static void found(struct health_check *c, enum health h, const char *ja, const char *en) {
    if (h <= c->health) return;
    c->health = h, c->ja = ja, c->en = en;
}

static void look_at_log(struct door *d, struct health_check *c) {
    struct ledger_figures own = ledger_figures(d->desk.ledger);
    struct figures_sum all;
    figures_log(&d->figures, &own); /* so that what is seen here and there agrees */
    figures_sum(&d->figures, &all);
    if (own.broken)
        found(c, HEALTH_FAIL, "保存に失敗したため、記録を書けません", "the log takes no records since saving failed");
    if (own.full)
        found(c, HEALTH_FAIL, "ディスクに空きがなく、記録を書けません",
              "the log takes no records: there is no room on the disk");
    if (all.ledger_broken[0] || all.ledger_full[0])
        found(c, HEALTH_WARN, "ほかの処理が記録を書けません", "another worker's log takes no records");
}

static void look_at_revocations(struct door *d, struct health_check *c) {
    static const uint8_t nobody[STANDING_FINGERPRINT];
    (void)standing_good(d->standing, nobody); /* has the list looked at when that is due */
    if (standing_figures(d->standing).broken)
        found(c, HEALTH_WARN, "失効一覧を読めません。前の一覧を使っています",
              "the list of revoked certificates cannot be read; the one before is in use");
}

static void store_answered(struct store_read *read) {
    struct health_look *l = read->context;
    struct health_check *c = &l->report.checks[STORE];
    if (read->err != ERR_OK) found(c, HEALTH_FAIL, "資格情報を読めません", "the store cannot be read");
    else if (store_count(l->door->desk.coverage, STORE_MEMBER) == 0)
        found(c, HEALTH_WARN, "資格情報がまだ一件もありません", "the store holds nobody yet");
    for (size_t i = 0; i < HEALTH_CHECKS; i++)
        if (l->report.checks[i].health > l->report.health) l->report.health = l->report.checks[i].health;
    l->then(l);
}

void health_look(struct health_look *l) {
    static const char *const names[HEALTH_CHECKS] = {[STORE] = "store", [LOG] = "log", [REVOCATIONS] = "revocations"};
    l->report = (struct health_report){0};
    for (size_t i = 0; i < HEALTH_CHECKS; i++)
        l->report.checks[i] = (struct health_check){.name = names[i], .ja = "", .en = ""};
    look_at_log(l->door, &l->report.checks[LOG]);
    look_at_revocations(l->door, &l->report.checks[REVOCATIONS]);
    l->find = (struct store_find){.table = STORE_META, .exact = true, .prefix = S("format")};
    l->read = (struct store_read){.finds = &l->find, .find_count = 1, .done = store_answered, .context = l};
    store_read(l->door->desk.coverage, &l->read);
}

void health_put(struct buf *b, const struct health_report *r) {
    buf_printf(b, "\"status\":\"%s\",\"checks\":{", health_name(r->health));
    for (size_t i = 0; i < HEALTH_CHECKS; i++) {
        const struct health_check *c = &r->checks[i];
        buf_printf(b, "%s\"%s\":[{\"status\":\"%s\"", i ? "," : "", c->name, health_name(c->health));
        if (c->health != HEALTH_PASS) buf_printf(b, ",\"output\":\"%s / %s\"", c->ja, c->en);
        buf_puts(b, "}]");
    }
    buf_putc(b, '}');
}

static void write_health(struct later *l) {
    const struct health_report *r = &l->look.report;
    struct http_reply *reply = &l->x->reply;
    reply->status = r->health == HEALTH_FAIL ? 503 : 200;
    reply->content_type = S("application/health+json");
    http_reply_header(l->x, S("Cache-Control"), S("no-store"));
    buf_putc(&reply->body, '{');
    health_put(&reply->body, r);
    buf_puts(&reply->body, ",\"version\":\"" MADO_VERSION "\"}\n");
}

enum http_step web_health(struct door *d, struct http_exchange *x) { return later_look(d, x, write_health); }
