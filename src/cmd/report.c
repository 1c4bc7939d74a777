/* mado report: the alarms of an inspection of links, with what was decided and, for made-up people, what is true: a page and a file for each insurer. */
#include "cmd/report.h"
#include "base/lines.h"
#include "cmd/cmd.h"
#include "edge/inspection/alarm_report.h"
#include "edge/review/alarm_line.h"
#include "service/quality/quality.h"
#include "service/review/decided.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct making {
    struct alarm_report report;
    struct decided *decided; /* NULL: none given */
    struct quality truth;
    struct arena arena;
    struct alarm alarm;
};

typedef enum err take_line(struct making *m, struct str line, struct diag *d);

static enum err take_truth(struct making *m, struct str line, struct diag *d) {
    return quality_truth_line(&m->truth, line, d);
}

static enum err take_link(struct making *m, struct str line, struct diag *d) {
    return quality_link_line(&m->truth, line, d);
}

static enum alarm_known known(const struct making *m) {
    static const enum alarm_known of[] = {
        [QUALITY_UNKNOWN] = ALARM_KNOWN_NOT, [QUALITY_RIGHT] = ALARM_KNOWN_RIGHT, [QUALITY_WRONG] = ALARM_KNOWN_WRONG};
    char insurer[16], branch[8];
    struct buf i = buf_over(insurer, sizeof insurer), b = buf_over(branch, sizeof branch);
    insurer_number_put(&i, m->alarm.insurer), branch_put(&b, m->alarm.member.branch);
    return of[quality_link_of(&m->truth, buf_str(&i), m->alarm.member.symbol, m->alarm.member.number, buf_str(&b))];
}

static enum err take_alarm(struct making *m, struct str line, struct diag *d) {
    arena_reset(&m->arena);
    TRY(alarm_line_read(&m->arena, line, &m->alarm, d));
    const struct review_case *c = m->decided ? decided_of(m->decided, m->alarm.id) : NULL;
    return alarm_report_take(&m->report, &m->alarm, c, m->report.truth ? known(m) : ALARM_KNOWN_NOT, d);
}

static enum err each_line(struct making *m, const char *path, take_line *take, struct diag *d) {
    struct lines l;
    struct str line;
    enum err e = lines_open(&l, world_real(), path, ALARM_LINE_MAX, d);
    if (e != ERR_OK) return e;
    while (e == ERR_OK && (e = lines_next(&l, &line, d)) == ERR_OK) {
        struct diag inside = {0};
        if ((e = take(m, line, &inside)) != ERR_OK) *d = inside, e = lines_fault(&l, e, d);
    }
    lines_close(&l);
    return l.ended && e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err read_truth(struct making *m, const struct report_wish *w, struct diag *d) {
    struct quality_count c;
    TRY(each_line(m, w->truth, take_truth, d));
    TRY(each_line(m, w->links, take_link, d));
    quality_count(&m->truth, &c);
    m->report.truth = true;
    m->report.links = c.group[QUALITY_ALL].of[OUTCOME_LINKED], m->report.wrong_links = c.group[QUALITY_ALL].wrong;
    return ERR_OK;
}

static enum err make(struct making *m, const struct report_wish *w, struct diag *d) {
    TRY(alarm_report_open(&m->report, world_real(), w->out, w->on, d));
    if (w->decisions) TRY(decided_open(&m->decided, world_real(), w->decisions, d));
    if (w->truth) TRY(read_truth(m, w, d));
    TRY(each_line(m, w->alarms, take_alarm, d));
    return alarm_report_finish(&m->report, d);
}

enum err report_make(const struct report_wish *w, struct report_made *made, struct diag *d) {
    struct making *m = calloc(1, sizeof *m);
    if (m == NULL) return diag_set(d, ERR_MEMORY, "report", NULL);
    arena_init(&m->arena, ALARM_LINE_ARENA);
    quality_init(&m->truth, world_real());
    enum err e = make(m, w, d);
    *made = (struct report_made){m->report.n, m->report.insurer_n};
    alarm_report_close(&m->report);
    decided_close(m->decided);
    quality_fini(&m->truth);
    arena_fini(&m->arena);
    free(m);
    return e;
}

static enum err read_options(const struct cmd_args *args, struct report_wish *w, struct diag *d) {
    const char *day = cmd_value(args, "on");
    *w = (struct report_wish){.alarms = cmd_value(args, "alarms"),
                              .out = cmd_value(args, "out"),
                              .decisions = cmd_value(args, "decisions"),
                              .links = cmd_value(args, "links"),
                              .truth = cmd_value(args, "truth"),
                              .on = day_in_japan(world_real()->now_us(world_real()))};
    if (day && !day_parse(str_c(day), &w->on)) return diag_set(d, ERR_DATE, "--on", NULL);
    if ((w->truth == NULL) == (w->links == NULL)) return ERR_OK;
    return diag_set(d, ERR_VALUE, "--truth", "--links とともに使います / goes with --links");
}

int cmd_report(const struct cmd_args *args) {
    struct report_wish w;
    struct report_made made;
    struct diag d = {0};
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (read_options(args, &w, &d) != ERR_OK) return (void)cmd_fail(&d), EXIT_USAGE;
    if (report_make(&w, &made, &d) != ERR_OK) return cmd_fail(&d);
    printf("警告 %llu 件、保険者 %zu / %llu alarms, %zu insurers → %s/report.html, alarms/<保険者番号>.csv\n",
           (unsigned long long)made.alarms, made.insurers, (unsigned long long)made.alarms, made.insurers, w.out);
    return 0;
}
