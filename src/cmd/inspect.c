/* mado inspect: the insured data of a store looked over, for insurers to correct. */
#include "service/inspect.h"
#include "base/buf.h"
#include "cmd/inspect_accounts.h"
#include "edge/inspection/report.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { TEXT_MAX = 64 << 10 };

struct screen {
    struct report report;
    bool terminal;
};

static void found(void *context, const struct finding *f) { report_take(context, f); }

static enum err insurer_done(void *context, struct insurer_number insurer, uint64_t members, struct diag *d) {
    struct screen *s = context;
    return report_insurer(&s->report, insurer, members, d);
}

static void progress(void *context, uint64_t members, uint64_t all) {
    const struct screen *s = context;
    if (!s->terminal || all == 0) return;
    fprintf(stderr, "\r点検中 inspecting %3llu%%  %llu 人 members ", (unsigned long long)(members * 100 / all),
            (unsigned long long)members);
}

static enum err read_options(const struct cmd_args *args, struct inspection *i, struct diag *d) {
    const char *on = cmd_value(args, "on"), *only = cmd_value(args, "insurer");
    i->on = day_in_japan(world_real()->now_us(world_real()));
    if (on && !day_parse(str_c(on), &i->on)) return diag_set(d, ERR_DATE, "--on", NULL);
    enum err e = only ? insurer_number_parse(str_c(only), &i->only) : ERR_OK;
    return e == ERR_OK ? ERR_OK : diag_set(d, e, "--insurer", "8 桁、国保は 6 桁 / 8 digits, or 6");
}

static enum err inspect(const struct cmd_args *args, const struct inspection *i, struct screen *s, struct diag *d) {
    struct verify_desk desk;
    const struct verify_desk_settings settings = {
        .store = cmd_value(args, "store"), .writer = "inspector", .segment_bytes = LEDGER_SEGMENT_SMALL};
    TRY(verify_desk_open(&desk, world_real(), &settings, d));
    enum err e = report_open(&s->report, world_real(), cmd_value(args, "out"), i->on, d);
    if (e == ERR_OK) e = inspect_run(&desk, i, d);
    if (e == ERR_OK) e = report_finish(&s->report, d);
    verify_desk_close(&desk);
    return e;
}

static const struct diag store_or_accounts = {
    .err = ERR_USAGE, .where = "inspect", .detail = "--store DIR か --accounts FILE --residents FILE / either"};

int cmd_inspect(const struct cmd_args *args) {
    struct screen s = {.terminal = isatty(STDERR_FILENO)};
    struct inspection i = {
        .found = {found, &s.report}, .insurer_done = insurer_done, .progress = progress, .context = &s};
    struct diag d = {0};
    struct buf text;
    if (cmd_value(args, "accounts") || cmd_value(args, "residents")) return inspect_accounts(args);
    if (cmd_value(args, "store") == NULL) return cmd_fail(&store_or_accounts);
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (read_options(args, &i, &d) != ERR_OK) return (void)cmd_fail(&d), EXIT_USAGE;
    i.asker = (struct asker){.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()};
    enum err e = inspect(args, &i, &s, &d);
    if (s.terminal) fputs("\r\033[K", stderr);
    buf_init(&text, TEXT_MAX);
    if (e == ERR_OK) report_put_text(&text, &s.report);
    fwrite(text.p, 1, text.n, stdout);
    buf_fini(&text);
    report_close(&s.report);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
