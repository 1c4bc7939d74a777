#include "service/review/unlink.h"

#include "core/notice.h"
#include "state/ledger/ledger.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_BYTES = 512, NOTICE_BYTES = 4096 };

struct listing {
    const struct unlink_link *link;
    struct buf lines;
    uint32_t accesses;
    uint64_t *institutions; /* each once */
    size_t institution_count;
    enum err err;
};

static bool nobody(const uint8_t pseudonym[REVIEW_PSEUDONYM_BYTES]) {
    static const uint8_t none[REVIEW_PSEUDONYM_BYTES];
    return memcmp(pseudonym, none, sizeof none) == 0;
}

static void remember(struct listing *l, struct institution_code i) {
    if (i.n == 0) return;
    for (size_t k = 0; k < l->institution_count; k++)
        if (l->institutions[k] == i.n) return;
    if (l->institution_count == UNLINK_INSTITUTIONS_MAX) l->err = ERR_LIMIT;
    else l->institutions[l->institution_count++] = i.n;
}

static void put_access(struct listing *l, const struct audit_event *e) {
    struct buf *b = &l->lines;
    buf_puts(b, "{\"at\":\""), time_put_japan_iso(b, e->at_us);
    buf_printf(b, "\",\"what\":{\"ja\":\"%s\",\"en\":\"%s\"}", audit_kind_ja(e->kind), audit_kind_en(e->kind));
    if (e->institution.n) buf_puts(b, ",\"institution\":\""), institution_code_put(b, e->institution), buf_putc(b, '"');
    else buf_printf(b, ",\"operator\":%u", e->user);
    buf_printf(b, ",\"door\":\"%s\"", audit_door_name(e->door));
    if (day_is(e->on)) buf_puts(b, ",\"on\":\""), day_put_iso(b, e->on), buf_putc(b, '"');
    if (e->validity) buf_printf(b, ",\"validity\":%u", e->validity);
    buf_puts(b, ",\"event\":\""), buf_hex(b, str_of(e->id, sizeof e->id)), buf_puts(b, "\"}\n");
}

/* What the program wrote about the link itself is nobody's look. */
static bool looked(enum audit_kind k) {
    return k != AUDIT_RECORDS_CLOSED && k != AUDIT_RECORDS_OPENED && k != AUDIT_UNLINKED;
}

static bool each(void *context, const struct ledger_entry *entry) {
    struct listing *l = context;
    struct audit_event e;
    if (!audit_event_read(entry->body, &e) || e.subject_kind != SUBJECT_MEMBER || !looked(e.kind)) return true;
    if (memcmp(e.subject, l->link->pseudonym, sizeof e.subject) != 0) return true;
    put_access(l, &e);
    remember(l, e.institution);
    if (++l->accesses > UNLINK_ACCESSES_MAX) l->err = ERR_LIMIT;
    else if (!buf_ok(&l->lines)) l->err = ERR_MEMORY;
    return l->err == ERR_OK;
}

/* ---- files ---- */

static enum err write_file(struct world *w, const char *decisions, const char *folder, const uint8_t id[ALARM_ID_BYTES],
                           struct str text, struct diag *d) {
    char path[PATH_MAX], hex[2 * ALARM_ID_BYTES + 1];
    struct buf b = buf_over(hex, sizeof hex);
    alarm_id_put(&b, id), buf_u8(&b, 0);
    if (snprintf(path, sizeof path, "%s/%s", decisions, folder) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--decisions", NULL);
    TRY(world_make_folder(path, d));
    if (snprintf(path, sizeof path, "%s/%s/%s.ndjson", decisions, folder, hex) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--decisions", NULL);
    return world_replace_file(w, path, text, 0600, d);
}

static enum err write_list(struct world *w, const char *decisions, const struct listing *l, struct diag *d) {
    const struct unlink_link *k = l->link;
    struct buf b;
    buf_init(&b, l->lines.n + 4 * LINE_BYTES);
    buf_puts(&b, "{\"alarm\":\""), alarm_id_put(&b, k->alarm);
    buf_puts(&b, "\",\"unlinked\":\""), time_put_japan_iso(&b, k->at_us);
    buf_puts(&b, "\",\"member\":"), buf_json(&b, k->member);
    buf_puts(&b, ",\"resident\":"), buf_json(&b, k->resident);
    buf_printf(&b, ",\"in_store\":%s,\"accesses\":%u,\"institutions\":%zu}\n", nobody(k->pseudonym) ? "false" : "true",
               l->accesses, l->institution_count);
    buf_put(&b, buf_str(&l->lines));
    enum err e = buf_ok(&b) ? write_file(w, decisions, "unlinked", k->alarm, buf_str(&b), d)
                            : diag_set(d, ERR_MEMORY, "list", NULL);
    buf_fini(&b);
    return e;
}

static void put_notice(struct buf *b, const struct unlink_link *k, enum notice_kind kind, enum notice_to to,
                       struct str address) {
    char hex[2 * ALARM_ID_BYTES];
    struct buf id = buf_over(hex, sizeof hex);
    alarm_id_put(&id, k->alarm);
    const struct notice n = {.kind = kind,
                             .to = to,
                             .address = address,
                             .about = buf_str(&id),
                             .insurers = {k->insurer},
                             .insurer_count = 1,
                             .from = day_in_japan(k->at_us),
                             .until = DAY_NONE};
    notice_put(b, &n);
}

static enum err write_notices(struct world *w, const char *decisions, const struct listing *l, struct diag *d) {
    const struct unlink_link *k = l->link;
    char number[16];
    struct buf b, to = buf_over(number, sizeof number);
    buf_init(&b, (l->institution_count + 4) * NOTICE_BYTES);
    put_notice(&b, k, NOTICE_UNLINKED_RESIDENT, NOTICE_TO_RESIDENT, k->resident);
    put_notice(&b, k, NOTICE_UNLINKED_MEMBER, NOTICE_TO_MEMBER, k->member);
    insurer_number_put(&to, k->insurer);
    put_notice(&b, k, NOTICE_UNLINKED_INSURER, NOTICE_TO_INSURER, buf_str(&to));
    for (size_t i = 0; i < l->institution_count; i++) {
        buf_reset(&to);
        institution_code_put(&to, (struct institution_code){l->institutions[i]});
        put_notice(&b, k, NOTICE_UNLINKED_SEEN, NOTICE_TO_INSTITUTION, buf_str(&to));
    }
    enum err e = buf_ok(&b) ? write_file(w, decisions, "notices", k->alarm, buf_str(&b), d)
                            : diag_set(d, ERR_MEMORY, "notices", NULL);
    buf_fini(&b);
    return e;
}

enum err unlink_list(struct world *w, const char *ledger, const char *decisions, const struct unlink_link *link,
                     uint32_t *accesses, struct diag *d) {
    struct listing l = {.link = link};
    l.institutions = calloc(UNLINK_INSTITUTIONS_MAX, sizeof *l.institutions);
    if (l.institutions == NULL) return diag_set(d, ERR_MEMORY, "list", NULL);
    buf_init(&l.lines, (size_t)UNLINK_ACCESSES_MAX * LINE_BYTES);
    enum err e = nobody(link->pseudonym) ? ERR_OK : ledger_read(w, ledger, each, &l, d);
    if (e == ERR_OK && l.err != ERR_OK) e = diag_set(d, l.err, "list", "%u", l.accesses);
    if (e == ERR_OK) e = write_list(w, decisions, &l, d);
    if (e == ERR_OK) e = write_notices(w, decisions, &l, d);
    *accesses = l.accesses;
    buf_fini(&l.lines);
    free(l.institutions);
    return e;
}
