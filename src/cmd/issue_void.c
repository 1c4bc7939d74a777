/* mado issue void | replace | status: options and words; what is done is src/service/paper_void.h. */
#include "cmd/issue.h"
#include "service/paper_void.h"
#include "state/trust/void_list.h"

#include <stdio.h>

enum { HOURS_DEFAULT = 24 };

enum verb { VERB_VOID, VERB_REPLACE, VERB_STATUS };

struct act {
    enum verb verb;
    struct str paper;
    enum void_reason reason;
    struct paper_void_settings settings;
    struct press_settings look;
    struct paper_void_result result;
};

static int read_act(const struct cmd_args *args, struct act *a) {
    const char *paper = cmd_value(args, "paper"), *reason = cmd_value(args, "reason");
    struct issue_settings common = {.on = a->settings.on};
    uint64_t hours;
    int wrong = issue_read_options(args, &common, &a->look);
    if (wrong) return wrong;
    if (!cmd_number(args, "hours", VOID_LIST_HOURS_MAX, HOURS_DEFAULT, &hours)) return EXIT_USAGE;
    if (hours == 0) return issue_bad_usage("--hours", "は 1 以上です", "must be at least 1");
    a->settings.on = common.on, a->settings.only_insurer = common.only_insurer;
    a->settings.issuer = a->look.issuer, a->settings.hours = (unsigned)hours;
    if (a->verb == VERB_STATUS) return 0;
    if (paper == NULL) return issue_bad_usage("--paper", "に書類番号を指定してください", "needs the paper's id");
    a->paper = str_c(paper);
    if (reason == NULL || !void_reason_parse(str_c(reason), &a->reason))
        return issue_bad_usage("--reason", "は lost、stolen、ended、mistake のどれかです",
                               "is one of lost, stolen, ended, mistake");
    return 0;
}

static enum err do_it(struct act *a, struct diag *d) {
    if (a->verb == VERB_STATUS) return paper_void_lists(&a->settings, &a->result, d);
    if (a->verb == VERB_VOID) return paper_void(&a->settings, a->paper, a->reason, &a->result, d);
    struct issue_press face;
    struct press *press = NULL;
    TRY(press_open(&press, &a->look, &face, d));
    a->settings.press = &face;
    enum err e = paper_replace(&a->settings, a->paper, a->reason, &a->result, d);
    press_close(press);
    return e;
}

static void say(const struct act *a) {
    const struct paper_void_result *r = &a->result;
    if (a->verb == VERB_VOID)
        printf(r->already ? "すでに無効です / void already: %.*s\n" : "無効にしました / made void: %.*s\n",
               (int)a->paper.n, a->paper.p);
    if (a->verb == VERB_REPLACE)
        printf(r->already ? "すでに作り直してあります / replaced already: %.*s → %s\n  %s\n"
                          : "作り直し、元の紙を無効にしました / replaced, the old paper is void: %.*s → %s\n  %s\n",
               (int)a->paper.n, a->paper.p, r->replacement, r->file);
    printf(
        "無効の一覧を公開しました / lists of void papers published: 保険者 insurers %llu、紙 papers %llu、%u 時間有効 current for "
        "%u hours\n",
        (unsigned long long)r->insurers, (unsigned long long)r->listed, a->settings.hours, a->settings.hours);
    if (r->damaged)
        fprintf(
            stderr,
            "※ 読めない記録があります（無効として公開しました）: %llu / records that cannot be read, published as void: %llu\n",
            (unsigned long long)r->damaged, (unsigned long long)r->damaged);
}

static int run(const struct cmd_args *args, enum verb verb) {
    struct world *w = world_real();
    struct issue_recorder recorder;
    struct diag d = {0};
    struct act a = {.verb = verb,
                    .look = {.world = w, .keys = cmd_value(args, "keys")},
                    .settings = {.world = w,
                                 .store = cmd_value(args, "store"),
                                 .out = cmd_value(args, "out"),
                                 .keys = cmd_value(args, "keys"),
                                 .on = day_in_japan(w->now_us(w)),
                                 .record = issue_record,
                                 .context = &recorder}};
    int wrong = read_act(args, &a);
    if (wrong) return wrong;
    if (issue_recorder_open(&recorder, a.settings.store, a.settings.on, &d) != ERR_OK) return cmd_fail(&d);
    a.settings.ways = recorder.desk.ways;
    enum err e = do_it(&a, &d);
    verify_desk_close(&recorder.desk);
    if (e != ERR_OK) return cmd_fail(&d);
    say(&a);
    return 0;
}

int issue_void(const struct cmd_args *args) { return run(args, VERB_VOID); }
int issue_replace(const struct cmd_args *args) { return run(args, VERB_REPLACE); }
int issue_status(const struct cmd_args *args) { return run(args, VERB_STATUS); }
