/* mado issue: options, the progress bar and what to say at the end; who gets what is src/service/issue.h, how it looks src/edge/paper. */
#include "cmd/issue.h"
#include "edge/paper/press.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR = 24, REDRAW_US = 100000 };

static void draw(void *context, const struct issue_progress *p) {
    int64_t *drawn = context, now = world_real()->steady_us(world_real());
    if (now - *drawn < REDRAW_US && p->seen < p->members) return;
    *drawn = now;
    unsigned full = p->members ? (unsigned)(p->seen * BAR / p->members) : BAR;
    fprintf(stderr, "\r[%.*s%.*s] %3u%% %11llu 枚 papers ", (int)full, "########################", (int)(BAR - full),
            "........................", p->members ? (unsigned)(p->seen * 100 / p->members) : 100,
            (unsigned long long)p->papers);
}

int issue_bad_usage(const char *option, const char *ja, const char *en) {
    fprintf(stderr, "mado issue: %s %s / %s\n  → mado help issue\n", option, ja, en);
    return EXIT_USAGE;
}

int issue_read_options(const struct cmd_args *args, struct issue_settings *s, struct press_settings *look) {
    const char *insurer = cmd_value(args, "insurer"), *on = cmd_value(args, "on"), *size = cmd_value(args, "size"),
               *base = cmd_value(args, "issuer");
    struct insurer_number number = {0};
    uint64_t per_file;
    if (insurer && insurer_number_parse(str_c(insurer), &number) != ERR_OK)
        return issue_bad_usage("--insurer", "の番号が正しくありません", "is not an insurer's number");
    if (on && !day_parse(str_c(on), &s->on))
        return issue_bad_usage("--on", "の日付が正しくありません", "is not a day of the calendar");
    if (size && !str_eq(str_c(size), S("a4")) && !str_eq(str_c(size), S("card")))
        return issue_bad_usage("--size", "は a4 か card です", "is a4 or card");
    if (base && (!str_starts(str_c(base), S("https://")) || str_ends(str_c(base), S("/"))))
        return issue_bad_usage("--issuer", "は https:// で始まり / で終わらない場所です",
                               "begins with https:// and does not end with /");
    if (!cmd_number(args, "per-file", ISSUE_PER_FILE_MAX, ISSUE_PER_FILE_DEFAULT, &per_file)) return EXIT_USAGE;
    if (per_file == 0) return issue_bad_usage("--per-file", "は 1 以上です", "must be at least 1");
    s->only_insurer = number.n, s->per_file = (uint32_t)per_file;
    look->size = size && str_eq(str_c(size), S("card")) ? PAPER_CARD : PAPER_A4;
    look->issuer = base ? str_c(base) : S("https://mado.invalid");
    return 0;
}

static void say(const struct issue_progress *p, const char *out) {
    printf("作成 made %llu  印刷できない not printable %llu  保険者 insurers %llu → %s\n",
           (unsigned long long)p->papers, (unsigned long long)p->refused, (unsigned long long)p->insurers, out);
    if (p->insurers_before)
        printf("済み nothing became due since: 保険者 insurers %llu\n", (unsigned long long)p->insurers_before);
}

static enum err record_papers(void *context, uint64_t papers, struct diag *d) {
    return issue_record(context, AUDIT_PAPERS, NULL, papers, d);
}

enum err issue_record(void *context, enum audit_kind kind, const uint8_t *pseudonym, uint64_t count, struct diag *d) {
    struct issue_recorder *r = context;
    return verify_record_about_now(&r->desk, &r->asker, kind, r->on, pseudonym, count, d);
}

enum err issue_recorder_open(struct issue_recorder *r, const char *store, struct day on, struct diag *d) {
    const struct verify_desk_settings settings = {
        .store = store, .writer = "issuer", .segment_bytes = LEDGER_SEGMENT_SMALL, .write_ways = true};
    *r = (struct issue_recorder){
        .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()}, .on = on};
    return verify_desk_open(&r->desk, world_real(), &settings, d);
}

/* Prints with the store's log open. */
static enum err issue(struct issue_settings *s, struct issue_progress *p, struct diag *d) {
    struct issue_recorder r;
    TRY(issue_recorder_open(&r, s->store, s->on, d));
    s->record = record_papers, s->record_context = &r, s->ways = r.desk.ways;
    enum err e = issue_run(s, p, d);
    verify_desk_close(&r.desk);
    return e;
}

static int print_all(const struct cmd_args *args, enum paper_kind kind) {
    struct world *w = world_real();
    struct issue_press face;
    struct press *press = NULL;
    struct issue_progress p;
    struct diag d = {0};
    int64_t drawn = 0;
    bool terminal = isatty(STDERR_FILENO);
    struct press_settings look = {.world = w, .keys = cmd_value(args, "keys")};
    struct issue_settings s = {.world = w,
                               .store = cmd_value(args, "store"),
                               .out = cmd_value(args, "out"),
                               .kind = kind,
                               .on = day_in_japan(w->now_us(w)),
                               .press = &face,
                               .progress = terminal ? draw : NULL,
                               .context = &drawn};
    int wrong = issue_read_options(args, &s, &look);
    if (wrong) return wrong;
    if (press_open(&press, &look, &face, &d) != ERR_OK) return cmd_fail(&d);
    enum err e = issue(&s, &p, &d);
    press_close(press);
    if (terminal) fputc('\n', stderr);
    if (e != ERR_OK) return cmd_fail(&d);
    say(&p, s.out);
    return p.refused ? EXIT_SOME_REFUSED : 0;
}

int cmd_issue(const struct cmd_args *args) {
    struct str what = str_c(args->rest_count == 1 ? args->rest[0] : "");
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (str_eq(what, S("certificates"))) return print_all(args, PAPER_CERTIFICATE);
    if (str_eq(what, S("notices"))) return print_all(args, PAPER_NOTICE);
    if (str_eq(what, S("void"))) return issue_void(args);
    if (str_eq(what, S("replace"))) return issue_replace(args);
    if (str_eq(what, S("status"))) return issue_status(args);
    return issue_bad_usage("", "certificates、notices、void、replace、status のどれかです",
                           "one of certificates, notices, void, replace, status");
}
