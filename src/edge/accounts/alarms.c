#include "edge/accounts/alarms.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

static enum err path_of(const struct account_alarms *a, const char *name, char out[PATH_MAX], struct diag *d) {
    return snprintf(out, PATH_MAX, "%s/%s", a->folder, name) < PATH_MAX ? ERR_OK
                                                                        : diag_set(d, ERR_LIMIT, "--out", NULL);
}

enum err account_alarms_open(struct account_alarms *a, struct world *w, const char *folder, struct diag *d) {
    char path[PATH_MAX];
    *a = (struct account_alarms){.world = w, .folder = folder};
    buf_init(&a->lines, ALARMS_MAX_BYTES);
    TRY(world_make_folder(folder, d));
    TRY(path_of(a, "summary.json", path, d));
    return w->unlink(w, path) == 0 || errno == ENOENT ? ERR_OK : diag_errno(d, path);
}

void account_alarms_close(struct account_alarms *a) { buf_fini(&a->lines); }

static void text_member(struct buf *b, const char *name, struct str s) {
    if (s.n == 0) return;
    buf_printf(b, ",\"%s\":", name);
    buf_json(b, s);
}

static void put_why(struct buf *b, const struct comparison *c) {
    buf_printf(b, ",\"level\":\"%s\",\"why\":[", level_info(c->level)->code);
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct reason_info *r = reason_info(c->findings[i].reason);
        buf_printf(b, "%s{\"reason\":\"%s\"", i ? "," : "", r->name);
        text_member(b, "name", c->findings[i].b);
        text_member(b, "ja", str_c(r->ja)), text_member(b, "en", str_c(r->en));
        buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

enum err account_alarms_take(void *alarms, const struct account_finding *f, struct diag *d) {
    struct account_alarms *a = alarms;
    struct buf *b = &a->lines;
    const struct account_alarm_info *i = account_alarm_info(f->alarm);
    buf_printf(b, "{\"rank\":%llu,\"kind\":\"%s\",\"line\":%u", (unsigned long long)++a->rank, i->code,
               f->registration->line);
    text_member(b, "resident", f->registration->resident);
    buf_puts(b, ",\"account\":\""), account_number_put_masked(b, &f->registration->account), buf_putc(b, '"');
    text_member(b, "held_by", f->registration->name);
    if (f->of) text_member(b, "seems_of", f->of->id);
    put_why(b, &f->own);
    text_member(b, "ja", str_c(i->ja)), text_member(b, "en", str_c(i->en));
    text_member(b, "todo_ja", str_c(i->todo_ja)), text_member(b, "todo_en", str_c(i->todo_en));
    buf_puts(b, "}\n");
    return buf_ok(b) ? ERR_OK : diag_set(d, ERR_LIMIT, "alarms.ndjson", "%d bytes at most", ALARMS_MAX_BYTES);
}

static uint64_t all_of(const struct account_result *r) {
    uint64_t n = 0;
    for (size_t i = 0; i < ACCOUNT_ALARM_COUNT; i++) n += r->of[i];
    return n;
}

enum err account_alarms_finish(struct account_alarms *a, const struct account_result *r, struct diag *d) {
    char path[PATH_MAX];
    TRY(path_of(a, "alarms.ndjson", path, d));
    TRY(world_replace_file(a->world, path, buf_str(&a->lines), 0600, d));
    TRY(path_of(a, "summary.json", path, d));
    struct buf b;
    buf_init(&b, 4096);
    buf_printf(&b, "{\"registrations\":%llu,\"residents\":%llu,\"alarms\":%llu,\"kinds\":{",
               (unsigned long long)r->registrations, (unsigned long long)r->residents, (unsigned long long)all_of(r));
    for (size_t i = 0; i < ACCOUNT_ALARM_COUNT; i++)
        buf_printf(&b, "%s\"%s\":%llu", i ? "," : "", account_alarm_info((enum account_alarm)i)->code,
                   (unsigned long long)r->of[i]);
    buf_puts(&b, "}}\n");
    enum err e = world_replace_file(a->world, path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

void account_alarms_put_text(struct buf *out, const struct account_result *r) {
    buf_printf(out, "口座の登録 %llu 件、住民 %llu 人、警告 %llu 件 / registrations, residents, alarms\n",
               (unsigned long long)r->registrations, (unsigned long long)r->residents, (unsigned long long)all_of(r));
    for (size_t i = 0; i < ACCOUNT_ALARM_COUNT; i++) {
        const struct account_alarm_info *info = account_alarm_info((enum account_alarm)i);
        if (r->of[i]) buf_printf(out, "%8llu  %s / %s\n", (unsigned long long)r->of[i], info->ja, info->en);
    }
}
