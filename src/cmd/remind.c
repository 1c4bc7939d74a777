/* mado remind: options, the progress bar and what to say at the end; who is told what is src/service/remind.h. */
#include "cmd/cmd.h"
#include "edge/paper/letter.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { REDRAW_US = 100000 };

static void draw(void *context, const struct remind_progress *p) {
    int64_t *drawn = context, now = world_real()->steady_us(world_real());
    if (now - *drawn < REDRAW_US && p->seen < p->members) return;
    *drawn = now;
    fprintf(stderr, "\r%3u%% %11llu 人 members ", p->members ? (unsigned)(p->seen * 100 / p->members) : 100,
            (unsigned long long)p->seen);
}

static enum err run(struct remind_settings *s, const char *store, struct remind_progress *p, struct diag *d) {
    struct verify_desk desk;
    const struct verify_desk_settings settings = {
        .store = store, .writer = "reminder", .segment_bytes = LEDGER_SEGMENT_SMALL, .write_ways = true};
    TRY(verify_desk_open(&desk, s->world, &settings, d));
    s->desk = &desk;
    enum err e = remind_run(s, p, d);
    verify_desk_close(&desk);
    return e;
}

static void say(const struct remind_progress *p, const char *out) {
    for (unsigned c = 0; c < CHANNELS; c++)
        printf("%s / %s: %llu\n", channel_word(c)->ja, channel_word(c)->en, (unsigned long long)p->queued[c]);
    if (p->refused) printf("印刷できない not printable %llu\n", (unsigned long long)p->refused);
    printf("→ %s\n", out);
}

int cmd_remind(const struct cmd_args *args) {
    struct world *w = world_real();
    struct letters *letters = NULL;
    struct letter_press press;
    struct remind_progress p = {0};
    struct diag d = {0};
    int64_t drawn = 0;
    uint64_t per_file;
    bool terminal = isatty(STDERR_FILENO);
    const char *on = cmd_value(args, "on");
    struct remind_settings s = {
        .world = w,
        .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()},
        .out = cmd_value(args, "out"),
        .on = day_in_japan(w->now_us(w)),
        .press = &press,
        .progress = terminal ? draw : NULL,
        .context = &drawn};
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (on && !day_parse(str_c(on), &s.on)) return cmd_fail(&(struct diag){.err = ERR_DATE, .where = "--on"});
    if (!cmd_number(args, "per-file", REMIND_PER_FILE_MAX, REMIND_PER_FILE_DEFAULT, &per_file)) return EXIT_USAGE;
    if (per_file == 0) return cmd_fail(&(struct diag){.err = ERR_USAGE, .where = "--per-file"});
    s.per_file = (uint32_t)per_file;
    if (letters_open(&letters, &press, &d) != ERR_OK) return cmd_fail(&d);
    enum err e = run(&s, cmd_value(args, "store"), &p, &d);
    letters_close(letters);
    if (terminal) fputs("\r\033[K", stderr);
    if (e != ERR_OK) return cmd_fail(&d);
    say(&p, s.out);
    return p.refused ? EXIT_SOME_REFUSED : 0;
}
