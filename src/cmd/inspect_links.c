#include "cmd/inspect_links.h"

#include "base/lines.h"
#include "cmd/report.h"
#include "edge/links/alarms.h"
#include "edge/links/read.h"
#include "edge/registry_file/registry_file.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MIB = 1 << 20, REDRAW_US = 200000, MEMORY_MAX_MIB = 1 << 20 };

struct screen {
    struct linking linking;
    struct alarms alarms;
    const char *out;
    uint64_t looked_at, left_out, rang;
    bool terminal;
    int64_t drawn_us, began_us;
};

/* ---- what linking asks for ---- */

static enum err result(void *context, const struct link_result *r, struct diag *d) {
    struct screen *s = context;
    bool rang = false;
    TRY(alarms_take(&s->alarms, r, &rang, d));
    s->rang += rang;
    return ERR_OK;
}

static void progress(void *context, const struct link_progress *p) {
    struct screen *s = context;
    int64_t now = s->linking.world->steady_us(s->linking.world);
    if (!s->terminal || now - s->drawn_us < REDRAW_US) return;
    s->drawn_us = now;
    fprintf(stderr, "\r%u 回目 pass: 住民の記録 registry %3llu%%  点検した looked at %llu ", p->batch,
            (unsigned long long)(p->size ? p->bytes * 100 / p->size : 100), (unsigned long long)p->members);
}

/* ---- the links ---- */

static enum err take_link(void *context, struct arena *a, struct str line, struct diag *d) {
    struct screen *s = context;
    struct person_link link;
    struct person record;
    bool linked = false;
    TRY(link_record_read(a, line, &link, &record, &linked, d));
    if (!linked) return s->left_out++, ERR_OK;
    s->looked_at++;
    return linking_link(&s->linking, link.insurer, &link.id, &record, link.resident, d);
}

/* What was learned, for whoever asks where a probability comes from. */
static enum err write_training(const struct screen *s, struct diag *d) {
    char path[PATH_MAX];
    const struct doubt_model *m = &s->linking.model;
    struct buf b;
    if (snprintf(path, sizeof path, "%s/training.json", s->out) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--out", NULL);
    buf_init(&b, 4096);
    buf_printf(&b, "{\"run\":\"%016llx\",\"links\":%llu,\"expected_wrong\":{", (unsigned long long)m->id,
               (unsigned long long)m->links);
    for (enum wrong_kind k = 0; k < WRONG_KINDS; k++)
        buf_printf(&b, "%s\"%s\":%llu.%03llu", k ? "," : "", wrong_kind_info(k)->code,
                   (unsigned long long)(m->expected[k] / 1000), (unsigned long long)(m->expected[k] % 1000));
    buf_puts(&b, "}}\n");
    enum err e = buf_ok(&b) ? world_replace_file(s->linking.world, path, buf_str(&b), 0600, d)
                            : diag_set(d, ERR_MEMORY, "training", NULL);
    buf_fini(&b);
    return e;
}

/* The page and the insurers' files, of the alarms as they now stand in the folder. */
static enum err write_report(const struct screen *s, struct diag *d) {
    char alarms[PATH_MAX];
    struct report_made made;
    if (snprintf(alarms, sizeof alarms, "%s/alarms.ndjson", s->out) >= (int)sizeof alarms)
        return diag_set(d, ERR_LIMIT, "--out", NULL);
    const struct report_wish w = {
        .alarms = alarms, .out = s->out, .on = day_in_japan(s->linking.world->now_us(s->linking.world))};
    return report_make(&w, &made, d);
}

static enum err inspect(struct screen *s, const struct cmd_args *args, struct diag *d) {
    TRY(alarms_open(&s->alarms, s->linking.world, s->out, d));
    TRY(linking_open(&s->linking, d));
    TRY(lines_each(s->linking.world, cmd_value(args, "links"), LINKS_LINE_MAX, LINKS_ARENA, take_link, s, d));
    TRY(linking_finish(&s->linking, d));
    TRY(write_training(s, d));
    TRY(alarms_finish(&s->alarms, d));
    return write_report(s, d);
}

static void say(const struct screen *s) {
    uint64_t ms = (uint64_t)(s->linking.world->steady_us(s->linking.world) - s->began_us) / 1000;
    printf(
        "点検したひも付け links looked at %llu  ひも付いていない行 lines without a link %llu  警告 alarms %llu  (%llu.%llu s)\n",
        (unsigned long long)s->looked_at, (unsigned long long)s->left_out, (unsigned long long)s->rang,
        (unsigned long long)(ms / 1000), (unsigned long long)(ms / 100 % 10));
    for (enum alarm_cause c = 0; c < ALARM_CAUSES; c++)
        if (s->alarms.causes[c])
            printf("%10llu  %-10s %s / %s\n", (unsigned long long)s->alarms.causes[c], alarm_cause_info(c)->code,
                   alarm_cause_info(c)->ja, alarm_cause_info(c)->en);
    for (enum wrong_kind k = 0; k < WRONG_KINDS; k++)
        printf("%6llu.%03llu  誤っている見込み expected wrong: %s / %s\n",
               (unsigned long long)(s->linking.model.expected[k] / 1000),
               (unsigned long long)(s->linking.model.expected[k] % 1000), wrong_kind_info(k)->ja,
               wrong_kind_info(k)->en);
    printf("→ %s/alarms.ndjson, report.html, alarms/<保険者番号>.csv\n", s->out);
}

int inspect_links(const struct cmd_args *args) {
    static struct resident_format format;
    struct diag d = {0};
    uint64_t memory_mib = 0;
    if (!cmd_flag(args, "links") || !cmd_flag(args, "residents"))
        return d =
                   (struct diag){
                       .where = "--store",
                       .detail = "--store か、--residents と --links が要ります / --store, or --residents and --links"},
               d.err = ERR_USAGE, cmd_fail(&d);
    if (!cmd_number(args, "memory", MEMORY_MAX_MIB, LINK_MEMORY_DEFAULT_MIB, &memory_mib)) return EXIT_USAGE;
    struct screen *s = calloc(1, sizeof *s);
    if (s == NULL) return cmd_fail(&(struct diag){.err = ERR_MEMORY});
    format = registry_file_ndjson();
    if (memory_mib < LINK_MEMORY_MIN_MIB) memory_mib = LINK_MEMORY_MIN_MIB;
    s->linking = (struct linking){.world = world_real(),
                                  .residents = cmd_value(args, "residents"),
                                  .format = &format,
                                  .memory_bytes = memory_mib * MIB,
                                  .threads = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
                                  .by_record = true,
                                  .result = result,
                                  .progress = progress,
                                  .context = s};
    s->out = cmd_value(args, "out"), s->terminal = isatty(STDERR_FILENO), s->alarms.fd = -1;
    s->began_us = world_real()->steady_us(world_real());
    enum err e = inspect(s, args, &d);
    if (s->terminal) fputs("\r\033[K", stderr);
    if (e == ERR_OK) say(s);
    alarms_close(&s->alarms);
    linking_close(&s->linking);
    free(s);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
