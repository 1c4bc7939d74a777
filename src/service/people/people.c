#include "service/people/people.h"

#include "service/people/question.h"
#include "service/people/sheets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHEET_RESIDENTS, SHEET_QUESTIONS, SHEET_INSURERS, SHEET_FIRST_INSURER };

struct press {
    const struct people_job *job;
    struct nation nation;
    struct sheets sheets;
    struct questioner questioner;
    struct people_result *result;
};

struct day people_default_day(void) {
    struct day d = DAY_NONE;
    invariant(day_from_civil(2026, 11, 22, &d));
    return d;
}

uint64_t people_default_questions(uint64_t count) {
    uint64_t q = count / 10 > 1000 ? count / 10 : 1000;
    return q < count ? q : count;
}

static bool wanted(const struct press *p, size_t insurer) {
    return p->job->only_insurer == 0 || p->nation.insurers[insurer].number == p->job->only_insurer;
}
static size_t sheet_of(size_t insurer) { return SHEET_FIRST_INSURER + insurer * 2; }

static void write_household(struct press *p, const struct household *h, uint64_t people) {
    const struct nation *n = &p->nation;
    for (size_t i = 0; i < h->period_count; i++) {
        size_t insurer = h->periods[i].insurer, at = sheet_of(insurer);
        if (!wanted(p, insurer)) continue;
        put_period(sheet_buf(&p->sheets, at), n, h, &h->periods[i]);
        sheet_more(&p->sheets, at);
        p->result->periods++;
        if (!p->job->csv || !put_csv_period(sheet_buf(&p->sheets, at + 1), n, h, &h->periods[i])) continue;
        sheet_more(&p->sheets, at + 1);
    }
    if (p->job->insurers_only) return;
    for (size_t i = 0; i < h->people_count; i++)
        put_resident(sheet_buf(&p->sheets, SHEET_RESIDENTS), n, h, &h->people[i]);
    sheet_more(&p->sheets, SHEET_RESIDENTS);
    questioner_visit(&p->questioner, h, people, sheet_buf(&p->sheets, SHEET_QUESTIONS));
    sheet_more(&p->sheets, SHEET_QUESTIONS);
}

static void write_people(struct press *p) {
    uint64_t count = p->nation.options.count, done = 0;
    struct household *h = malloc(sizeof *h);
    if (h == NULL) p->sheets.failed = diag_set(&p->sheets.diag, ERR_MEMORY, "household", NULL);
    while (h && done < count && p->sheets.failed == ERR_OK) {
        uint64_t block = done / BLOCK_PEOPLE,
                 end = (block + 1) * BLOCK_PEOPLE < count ? (block + 1) * BLOCK_PEOPLE : count;
        for (unsigned k = 0; done < end; k++) {
            household_make(&p->nation, block, k, done, (size_t)(end - done), h);
            done += h->people_count;
            write_household(p, h, done);
            p->result->households++;
        }
        if (p->job->progress) p->job->progress(p->job->progress_context, done, count);
    }
    p->result->people = done;
    free(h);
}

static enum err begin_insurer(struct press *p, size_t i, struct diag *d) {
    const struct insurer *x = &p->nation.insurers[i];
    char name[40];
    snprintf(name, sizeof name, "insurers/%s.ndjson", x->digits);
    TRY(sheet_begin(&p->sheets, sheet_of(i), name, d));
    put_insurer_op(sheet_buf(&p->sheets, sheet_of(i)), x);
    if (!p->job->csv) return ERR_OK;
    snprintf(name, sizeof name, "insurers/%s.csv", x->digits);
    TRY(sheet_begin(&p->sheets, sheet_of(i) + 1, name, d));
    put_csv_header(sheet_buf(&p->sheets, sheet_of(i) + 1));
    return ERR_OK;
}

static enum err begin_sheets(struct press *p, struct diag *d) {
    TRY(sheet_begin(&p->sheets, SHEET_INSURERS, "insurers.ndjson", d));
    for (size_t i = 0; i < p->nation.insurer_count; i++) {
        put_insurer(sheet_buf(&p->sheets, SHEET_INSURERS), &p->nation.insurers[i]);
        sheet_more(&p->sheets, SHEET_INSURERS);
        if (wanted(p, i)) TRY(begin_insurer(p, i, d));
    }
    if (p->job->insurers_only) return ERR_OK;
    TRY(sheet_begin(&p->sheets, SHEET_RESIDENTS, "residents.ndjson", d));
    return sheet_begin(&p->sheets, SHEET_QUESTIONS, "questions.ndjson", d);
}

static bool is_insurers_file(struct str name) {
    uint64_t number;
    struct str digits = str_head(name, str_find(name, S(".")));
    struct str end = str_skip(name, digits.n);
    return (digits.n == 6 || digits.n == 8) && str_uint(digits, 99999999, &number) &&
           (str_eq(end, S(".ndjson")) || str_eq(end, S(".csv")));
}

/* Files of an earlier nation would be imported with this one: they go, if people.json says that they came from here. */
struct sweep {
    struct world *world;
    const char *folder;
    bool ours, foreign;
    int error; /* errno of a failed unlink */
};

static bool sweep_file(void *context, const char *name) {
    struct sweep *s = context;
    char path[SHEET_PATH_MAX];
    if (name[0] == '.') return true;
    s->foreign = true;
    if (!s->ours) return false;
    snprintf(path, sizeof path, "%s/insurers/%.60s", s->folder, name);
    if (!is_insurers_file(str_c(name)) || s->world->unlink(s->world, path) == 0 || errno == ENOENT) return true;
    s->error = errno;
    return false;
}

static enum err clear_folder(struct world *w, const char *folder, struct diag *d) {
    struct sweep s = {.world = w, .folder = folder};
    char path[SHEET_PATH_MAX];
    struct buf manifest;
    snprintf(path, sizeof path, "%s/people.json", folder);
    buf_init(&manifest, 1 << 16);
    s.ours = world_read_file(w, path, &manifest, NULL) == ERR_OK &&
             str_starts(buf_str(&manifest), S("{\"made_by\":\"mado people\""));
    buf_fini(&manifest);
    for (size_t i = 0; s.ours && i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i ? "residents.ndjson" : "questions.ndjson");
        if (w->unlink(w, path) != 0 && errno != ENOENT) return diag_errno(d, "out");
    }
    snprintf(path, sizeof path, "%s/insurers", folder);
    if (w->list(w, path, sweep_file, &s) != 0) return diag_errno(d, "insurers");
    errno = s.error;
    if (s.error) return diag_errno(d, "insurers");
    if (s.foreign && !s.ours)
        return diag_set(d, ERR_CONFLICT, "out", "DIR/insurers holds files that were not made by mado people");
    return ERR_OK;
}

static enum err write_manifest(struct world *w, const struct people_job *job, const struct people_result *r,
                               struct diag *d) {
    char path[SHEET_PATH_MAX];
    struct buf b;
    snprintf(path, sizeof path, "%s/people.json", job->folder);
    buf_init(&b, 4096);
    buf_puts(&b, "{\"made_by\":\"mado people\",\"version\":\"" MADO_VERSION "\",\"as_of\":\"");
    day_put_iso(&b, job->people.as_of);
    buf_printf(
        &b,
        "\",\"seed\":%llu,\"count\":%llu,\"households\":%llu,\"insurers\":%llu,\"periods\":%llu,\"questions\":%llu}\n",
        (unsigned long long)job->people.seed, (unsigned long long)job->people.count, (unsigned long long)r->households,
        (unsigned long long)r->insurers, (unsigned long long)r->periods, (unsigned long long)r->questions);
    enum err e = world_replace_file(w, path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

static enum err make_folders(struct world *w, const char *folder, struct diag *d) {
    char path[SHEET_PATH_MAX];
    if (snprintf(path, sizeof path, "%s/insurers", folder) >= (int)sizeof path - 64)
        return diag_set(d, ERR_LIMIT, "out", "the path is too long");
    TRY(world_make_folder(path, d));
    return clear_folder(w, folder, d);
}

static enum err press_run(struct press *p, struct world *w, struct diag *d) {
    const struct people_job *job = p->job;
    TRY(make_folders(w, job->folder, d));
    TRY(write_manifest(w, job, p->result, d)); /* first, so that a run cut short can be repeated */
    TRY(begin_sheets(p, d));
    write_people(p);
    TRY(sheets_end(&p->sheets, d));
    p->result->questions = job->insurers_only ? 0 : p->questioner.asked;
    return write_manifest(w, job, p->result, d);
}

enum err people_write(struct world *w, const struct people_job *job, struct people_result *out, struct diag *d) {
    struct press p = {.job = job, .result = out};
    *out = (struct people_result){0};
    TRY(nation_init(&p.nation, w, &job->people, d));
    out->insurers = p.nation.insurer_count;
    questioner_init(&p.questioner, &p.nation);
    bool known = job->only_insurer == 0;
    for (size_t i = 0; i < p.nation.insurer_count; i++)
        known = known || p.nation.insurers[i].number == job->only_insurer;
    enum err e = known ? ERR_OK : diag_set(d, ERR_NOT_FOUND, "only-insurer", "this nation has no such insurer");
    if (e == ERR_OK) e = sheets_init(&p.sheets, w, job->folder, SHEET_FIRST_INSURER + p.nation.insurer_count * 2, d);
    if (e == ERR_OK) e = press_run(&p, w, d);
    sheets_fini(&p.sheets);
    nation_fini(&p.nation);
    return e;
}
