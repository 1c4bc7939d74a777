/* mado people: options, the progress bar and what to say at the end; the nation itself is src/service/people. */
#include "service/people/people.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 40, BAR_EVERY_US = 100000 };

struct bar {
    struct world *world;
    int64_t began, shown;
};

static void show_bar(void *context, uint64_t done, uint64_t count) {
    struct bar *b = context;
    int64_t now = b->world->steady_us(b->world);
    if (done < count && now - b->shown < BAR_EVERY_US) return;
    b->shown = now;
    int filled = (int)(done * BAR_WIDTH / count);
    int64_t left = done ? (now - b->began) * (int64_t)(count - done) / (int64_t)done / 1000000 : 0;
    fprintf(stderr, "\r[%.*s%*s] %3d%%  %llu 人 / people  %lld s ", filled, "########################################",
            BAR_WIDTH - filled, "", (int)(done * 100 / count), (unsigned long long)done, (long long)left);
    if (done == count) fputc('\n', stderr);
}

static bool read_insurer(const char *text, uint32_t *out) {
    struct insurer_number number = {0};
    *out = 0;
    if (text == NULL) return true;
    if (insurer_number_parse(str_c(text), &number) != ERR_OK) return false;
    *out = number.n;
    return true;
}

static int wrong(const char *option, const char *ja, const char *en) {
    fprintf(stderr, "mado people: --%s %s / %s\n", option, ja, en);
    return EXIT_USAGE;
}

int cmd_people(const struct cmd_args *args) {
    struct people_job job = {.folder = cmd_value(args, "out"),
                             .csv = cmd_flag(args, "csv"),
                             .insurers_only = cmd_flag(args, "insurers-only")};
    struct people_options *o = &job.people;
    if (args->rest_count)
        return wrong("out", "のほかに指定はありません", "there is nothing to give outside the options");
    if (!cmd_number(args, "count", PEOPLE_COUNT_MAX, 0, &o->count) ||
        !cmd_number(args, "seed", UINT64_MAX, 1, &o->seed))
        return EXIT_USAGE;
    if (o->count == 0) return wrong("count", "は 1 以上です", "must be at least 1");
    if (!cmd_number(args, "questions", o->count, people_default_questions(o->count), &o->questions)) return EXIT_USAGE;
    o->as_of = people_default_day();
    const char *day = cmd_value(args, "as-of");
    if (day && !day_parse(str_c(day), &o->as_of))
        return wrong("as-of", "の日付が正しくありません", "is not a day of the calendar");
    if (!read_insurer(cmd_value(args, "only-insurer"), &job.only_insurer))
        return wrong("only-insurer", "の番号が正しくありません", "is not an insurer's number");
    o->surnames = cmd_value(args, "surnames"), o->given_names = cmd_value(args, "given-names"),
    o->places = cmd_value(args, "places");
    job.insurers_only = job.insurers_only || job.only_insurer;
    uint64_t percent;
    job.dirty = cmd_value(args, "dirty") != NULL;
    job.ways = cmd_flag(args, "ways");
    if (!cmd_number(args, "dirty", DIRTY_PERCENT_MAX, 0, &percent)) return EXIT_USAGE;
    job.dirty_percent = (uint32_t)percent;
    job.accounts = cmd_value(args, "accounts") != NULL && !job.insurers_only;
    if (!cmd_number(args, "accounts", DIRTY_PERCENT_MAX, 0, &percent)) return EXIT_USAGE;
    job.accounts_percent = (uint32_t)percent;
    struct world *w = world_real();
    struct bar bar = {w, w->steady_us(w), 0};
    bool terminal = isatty(STDERR_FILENO);
    if (terminal) job.progress = show_bar, job.progress_context = &bar;
    struct people_result made;
    struct diag d = {0};
    if (people_write(w, &job, &made, &d) != ERR_OK) return cmd_fail(&d);
    if (terminal)
        fprintf(
            stderr,
            "%llu 人 %llu 世帯 %llu 保険者 %llu 資格期間 %llu 問 / people, households, insurers, periods, questions → %s\n",
            (unsigned long long)made.people, (unsigned long long)made.households, (unsigned long long)made.insurers,
            (unsigned long long)made.periods, (unsigned long long)made.questions, job.folder);
    return 0;
}
