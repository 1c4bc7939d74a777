/* mado inspect: the insured data of a store looked over, for insurers to correct; with links also between insurers. */
#include "service/inspect.h"
#include "base/lines.h"
#include "cmd/cmd.h"
#include "cmd/inspect_accounts.h"
#include "cmd/inspect_links.h"
#include "edge/inspection/report.h"
#include "edge/links/read.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { TEXT_MAX = 64 << 10, MEMORY_MIB = 256, MEMORY_MIB_MIN = 2, MEMORY_MIB_MAX = 4096 };

struct screen {
    struct report report;
    struct changes *changes;
    bool terminal;
};

static void found(void *context, const struct finding *f) { report_take(context, f); }

static enum err insurer_done(void *context, struct insurer_number insurer, uint64_t members, struct diag *d) {
    struct screen *s = context;
    return report_insurer(&s->report, insurer, members, d);
}

static enum err notice(void *context, const struct notice *n, struct diag *d) {
    struct screen *s = context;
    return report_notice(&s->report, n, d);
}

static void draw(const struct screen *s, const char *what, uint64_t members, uint64_t all) {
    if (!s->terminal || all == 0) return;
    fprintf(stderr, "\r%s %3llu%%  %llu 人 members ", what, (unsigned long long)(members * 100 / all),
            (unsigned long long)members);
}

static void progress(void *context, uint64_t members, uint64_t all) {
    draw(context, "点検中 inspecting", members, all);
}
static void progress_between(void *context, uint64_t members, uint64_t all) {
    draw(context, "保険者の間 between insurers", members, all);
}

/* ---- links and the registry ---- */

static enum err take_link(void *c, struct arena *a, struct str line, struct diag *d) {
    struct person_link link;
    bool linked = false;
    TRY(link_line_read(a, line, &link, &linked, d));
    return linked ? changes_link(c, &link, d) : ERR_OK;
}

static enum err take_resident(void *c, struct arena *a, struct str line, struct diag *d) {
    struct str id;
    struct day died;
    TRY(resident_line_read(a, line, &id, &died, d));
    return changes_resident(c, id, died, d);
}

static enum err between(const struct cmd_args *args, struct screen *s, const struct inspection *i,
                        struct verify_desk *desk, uint64_t mib, struct diag *d) {
    const char *residents = cmd_value(args, "residents");
    const struct changes_settings settings = {.world = world_real(),
                                              .folder = cmd_value(args, "out"),
                                              .memory = mib << 20,
                                              .on = i->on,
                                              .notice = notice,
                                              .progress = progress_between,
                                              .context = s};
    TRY(changes_open(&s->changes, &settings, d));
    TRY(report_begin_notices(&s->report, d));
    TRY(lines_each(world_real(), cmd_value(args, "links"), LINKS_LINE_MAX, LINKS_ARENA, take_link, s->changes, d));
    if (residents) TRY(lines_each(world_real(), residents, LINKS_LINE_MAX, LINKS_ARENA, take_resident, s->changes, d));
    TRY(changes_decide(s->changes, desk->coverage, d));
    s->report.changes = changes_figures(s->changes);
    return ERR_OK;
}

/* ---- the command ---- */

static enum err read_options(const struct cmd_args *args, struct inspection *i, uint64_t *mib, struct diag *d) {
    const char *on = cmd_value(args, "on"), *only = cmd_value(args, "insurer"), *memory = cmd_value(args, "memory");
    i->on = day_in_japan(world_real()->now_us(world_real()));
    if (on && !day_parse(str_c(on), &i->on)) return diag_set(d, ERR_DATE, "--on", NULL);
    enum err e = only ? insurer_number_parse(str_c(only), &i->only) : ERR_OK;
    if (e != ERR_OK) return diag_set(d, e, "--insurer", "8 桁、国保は 6 桁 / 8 digits, or 6");
    *mib = MEMORY_MIB;
    if (memory && (!str_uint(str_c(memory), MEMORY_MIB_MAX, mib) || *mib < MEMORY_MIB_MIN))
        return diag_set(d, ERR_VALUE, "--memory", "%d–%d MiB", MEMORY_MIB_MIN, MEMORY_MIB_MAX);
    if (only && cmd_flag(args, "links"))
        return diag_set(d, ERR_VALUE, "--insurer",
                        "保険者の間は一つでは見られません / with --links insurers come in pairs");
    if (cmd_flag(args, "residents") && !cmd_flag(args, "links"))
        return diag_set(d, ERR_VALUE, "--residents", "--links とともに使います / goes with --links");
    return ERR_OK;
}

static enum err inspect(const struct cmd_args *args, struct inspection *i, struct screen *s, uint64_t mib,
                        struct diag *d) {
    struct verify_desk desk;
    const struct verify_desk_settings settings = {
        .store = cmd_value(args, "store"), .writer = "inspector", .segment_bytes = LEDGER_SEGMENT_SMALL};
    TRY(verify_desk_open(&desk, world_real(), &settings, d));
    enum err e = report_open(&s->report, world_real(), cmd_value(args, "out"), i->on, d);
    if (e == ERR_OK && cmd_flag(args, "links")) e = between(args, s, i, &desk, mib, d);
    i->changes = s->changes;
    if (e == ERR_OK) e = inspect_run(&desk, i, d);
    if (e == ERR_OK) e = report_finish(&s->report, d);
    changes_close(s->changes);
    verify_desk_close(&desk);
    return e;
}

int cmd_inspect(const struct cmd_args *args) {
    struct screen s = {.terminal = isatty(STDERR_FILENO), .report.notices_fd = -1};
    struct inspection i = {
        .found = {found, &s.report}, .insurer_done = insurer_done, .progress = progress, .context = &s};
    struct diag d = {0};
    struct buf text;
    uint64_t mib = 0;
    if (cmd_value(args, "accounts")) return inspect_accounts(args);
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (!cmd_flag(args, "store")) return inspect_links(args);
    if (read_options(args, &i, &mib, &d) != ERR_OK) return (void)cmd_fail(&d), EXIT_USAGE;
    i.asker = (struct asker){.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()};
    enum err e = inspect(args, &i, &s, mib, &d);
    if (s.terminal) fputs("\r\033[K", stderr);
    buf_init(&text, TEXT_MAX);
    if (e == ERR_OK) report_put_text(&text, &s.report);
    fwrite(text.p, 1, text.n, stdout);
    buf_fini(&text);
    report_close(&s.report);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
