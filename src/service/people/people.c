#include "service/people/people.h"

#include "service/people/accounts.h"
#include "service/people/dirty.h"
#include "service/people/proofs.h"
#include "service/people/question.h"
#include "service/people/sheets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SHEET_RESIDENTS,
    SHEET_QUESTIONS,
    SHEET_INSURERS,
    SHEET_TRUTH,
    SHEET_ACCOUNTS,
    SHEET_ACCOUNTS_TRUTH,
    SHEET_FIRST_INSURER
};
enum { OF_INSURER_NDJSON, OF_INSURER_CSV, OF_INSURER_DIRTY, OF_INSURER_WAYS, SHEETS_OF_INSURER };

struct press {
    const struct people_job *job;
    struct nation nation;
    struct sheets sheets;
    struct questioner questioner;
    struct namesakes namesakes; /* these two with job->dirty alone */
    struct dirt dirt;
    struct accounts accounts; /* with job->accounts alone */
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
static size_t sheet_of(size_t insurer, unsigned which) {
    return SHEET_FIRST_INSURER + insurer * SHEETS_OF_INSURER + which;
}

static void write_dirty(struct press *p, const struct household *h, const struct period *x) {
    size_t at = sheet_of(x->insurer, OF_INSURER_DIRTY);
    dirt_member(&p->dirt, h, x, sheet_buf(&p->sheets, at), sheet_buf(&p->sheets, SHEET_TRUTH));
    sheet_more(&p->sheets, at);
    sheet_more(&p->sheets, SHEET_TRUTH);
}

static void write_ways(struct press *p, const struct household *h, const struct period *x) {
    size_t at = sheet_of(x->insurer, OF_INSURER_WAYS);
    if (!covers(x, p->nation.options.as_of)) return;
    put_ways_line(sheet_buf(&p->sheets, at), &p->nation, h, x);
    sheet_more(&p->sheets, at);
}

static void write_residents(struct press *p, const struct household *h) {
    for (size_t i = 0; i < h->people_count; i++)
        if (!p->job->dirty || dirt_registered(&p->dirt, h->people[i].ordinal))
            put_resident(sheet_buf(&p->sheets, SHEET_RESIDENTS), &p->nation, h, &h->people[i]);
    sheet_more(&p->sheets, SHEET_RESIDENTS);
}

static void write_accounts(struct press *p, const struct household *h) {
    for (size_t i = 0; p->job->accounts && i < h->people_count; i++)
        if (!p->job->dirty || dirt_registered(&p->dirt, h->people[i].ordinal))
            accounts_person(&p->accounts, h, &h->people[i], sheet_buf(&p->sheets, SHEET_ACCOUNTS),
                            sheet_buf(&p->sheets, SHEET_ACCOUNTS_TRUTH));
    sheet_more(&p->sheets, SHEET_ACCOUNTS);
    sheet_more(&p->sheets, SHEET_ACCOUNTS_TRUTH);
}

static void write_household(struct press *p, const struct household *h, uint64_t people) {
    const struct nation *n = &p->nation;
    for (size_t i = 0; i < h->period_count; i++) {
        size_t insurer = h->periods[i].insurer, at = sheet_of(insurer, OF_INSURER_NDJSON);
        if (!wanted(p, insurer)) continue;
        if (p->job->dirty && is_last_of_member(h, i)) write_dirty(p, h, &h->periods[i]);
        if (p->job->ways) write_ways(p, h, &h->periods[i]);
        put_period(sheet_buf(&p->sheets, at), n, h, &h->periods[i]);
        sheet_more(&p->sheets, at);
        p->result->periods++;
        at = sheet_of(insurer, OF_INSURER_CSV);
        if (!p->job->csv || !put_csv_period(sheet_buf(&p->sheets, at), n, h, &h->periods[i])) continue;
        sheet_more(&p->sheets, at);
    }
    if (p->job->insurers_only) return;
    write_residents(p, h);
    write_accounts(p, h);
    questioner_visit(&p->questioner, h, people, sheet_buf(&p->sheets, SHEET_QUESTIONS));
    sheet_more(&p->sheets, SHEET_QUESTIONS);
}

static void write_people(struct press *p) {
    uint64_t count = p->nation.options.count, done = 0;
    struct namesakes *shared = p->job->dirty ? &p->namesakes : NULL;
    struct household *h = malloc(sizeof *h);
    if (h == NULL) p->sheets.failed = diag_set(&p->sheets.diag, ERR_MEMORY, "household", NULL);
    while (h && done < count && p->sheets.failed == ERR_OK) {
        uint64_t block = done / BLOCK_PEOPLE,
                 end = (block + 1) * BLOCK_PEOPLE < count ? (block + 1) * BLOCK_PEOPLE : count;
        if (shared) namesakes_of_block(shared, block);
        for (unsigned k = 0; done < end; k++) {
            household_make_among(&p->nation, shared, block, k, done, (size_t)(end - done), h);
            done += h->people_count;
            write_household(p, h, done);
            p->result->households++;
        }
        if (p->job->progress) p->job->progress(p->job->progress_context, done, count);
    }
    p->result->people = done;
    free(h);
}

static enum err begin_of_insurer(struct press *p, size_t i, unsigned which, const char *form, struct diag *d) {
    char name[40];
    snprintf(name, sizeof name, form, p->nation.insurers[i].digits);
    return sheet_begin(&p->sheets, sheet_of(i, which), name, d);
}

static enum err begin_insurer(struct press *p, size_t i, struct diag *d) {
    TRY(begin_of_insurer(p, i, OF_INSURER_NDJSON, "insurers/%s.ndjson", d));
    put_insurer_op(sheet_buf(&p->sheets, sheet_of(i, OF_INSURER_NDJSON)), &p->nation.insurers[i]);
    if (p->job->dirty) TRY(begin_of_insurer(p, i, OF_INSURER_DIRTY, "dirty/%s.ndjson", d));
    if (p->job->ways) TRY(begin_of_insurer(p, i, OF_INSURER_WAYS, "ways/%s.ndjson", d));
    if (!p->job->csv) return ERR_OK;
    TRY(begin_of_insurer(p, i, OF_INSURER_CSV, "insurers/%s.csv", d));
    put_csv_header(sheet_buf(&p->sheets, sheet_of(i, OF_INSURER_CSV)));
    return ERR_OK;
}

static enum err begin_sheets(struct press *p, struct diag *d) {
    TRY(sheet_begin(&p->sheets, SHEET_INSURERS, "insurers.ndjson", d));
    for (size_t i = 0; i < p->nation.insurer_count; i++) {
        put_insurer(sheet_buf(&p->sheets, SHEET_INSURERS), &p->nation.insurers[i]);
        sheet_more(&p->sheets, SHEET_INSURERS);
        if (wanted(p, i)) TRY(begin_insurer(p, i, d));
    }
    if (p->job->dirty) TRY(sheet_begin(&p->sheets, SHEET_TRUTH, "truth.ndjson", d));
    if (p->job->insurers_only) return ERR_OK;
    if (p->job->accounts) TRY(sheet_begin(&p->sheets, SHEET_ACCOUNTS, "accounts.ndjson", d));
    if (p->job->accounts) TRY(sheet_begin(&p->sheets, SHEET_ACCOUNTS_TRUTH, "accounts-truth.ndjson", d));
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
    if (snprintf(path, sizeof path, "%s/%.60s", s->folder, name) >= (int)sizeof path) return true;
    if (!is_insurers_file(str_c(name)) || s->world->unlink(s->world, path) == 0 || errno == ENOENT) return true;
    s->error = errno;
    return false;
}

static bool made_here(struct world *w, const char *folder) {
    char path[SHEET_PATH_MAX];
    struct buf manifest;
    snprintf(path, sizeof path, "%s/people.json", folder);
    buf_init(&manifest, 1 << 16);
    bool ours = world_read_file(w, path, &manifest, NULL) == ERR_OK &&
                str_starts(buf_str(&manifest), S("{\"made_by\":\"mado people\""));
    buf_fini(&manifest);
    return ours;
}

static enum err clear_insurers(struct world *w, const char *folder, const char *which, bool ours, struct diag *d) {
    char path[SHEET_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, which);
    struct sweep s = {.world = w, .folder = path, .ours = ours};
    if (w->list(w, path, sweep_file, &s) != 0) return errno == ENOENT ? ERR_OK : diag_errno(d, which);
    errno = s.error;
    if (s.error) return diag_errno(d, which);
    if (s.foreign && !s.ours)
        return diag_set(d, ERR_CONFLICT, "out", "DIR/%s holds files that were not made by mado people", which);
    return ERR_OK;
}

static enum err clear_folder(struct world *w, const char *folder, struct diag *d) {
    static const char *const files[] = {"questions.ndjson", "residents.ndjson", "truth.ndjson", "accounts.ndjson",
                                        "accounts-truth.ndjson"};
    char path[SHEET_PATH_MAX];
    bool ours = made_here(w, folder);
    for (size_t i = 0; ours && i < ARRAY_LEN(files); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        if (w->unlink(w, path) != 0 && errno != ENOENT) return diag_errno(d, "out");
    }
    TRY(clear_insurers(w, folder, "dirty", ours, d));
    TRY(clear_insurers(w, folder, "ways", ours, d));
    return clear_insurers(w, folder, "insurers", ours, d);
}

static void put_dirt(struct buf *b, const struct people_job *job, const struct people_result *r) {
    buf_printf(b, ",\"dirty\":%u,\"members\":%llu,\"clean\":%llu,\"errors\":{", job->dirty_percent,
               (unsigned long long)r->members, (unsigned long long)r->clean);
    for (unsigned m = 0; m < MISTAKE_COUNT; m++)
        buf_printf(b, "%s\"%s\":%llu", m ? "," : "", mistake_info((enum mistake)m)->name,
                   (unsigned long long)r->mistakes[m]);
    buf_puts(b, "}");
}

static void put_accounts(struct buf *b, const struct people_job *job, const struct people_result *r) {
    buf_printf(b, ",\"accounts\":%u,\"registrations\":%llu,\"account_kinds\":{", job->accounts_percent,
               (unsigned long long)r->registrations);
    for (unsigned k = 0; k < ACCOUNT_KINDS; k++)
        buf_printf(b, "%s\"%s\":%llu", k ? "," : "", account_kind_name((enum account_kind)k),
                   (unsigned long long)r->account_kinds[k]);
    buf_puts(b, "}");
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
        &b, "\",\"seed\":%llu,\"count\":%llu,\"households\":%llu,\"insurers\":%llu,\"periods\":%llu,\"questions\":%llu",
        (unsigned long long)job->people.seed, (unsigned long long)job->people.count, (unsigned long long)r->households,
        (unsigned long long)r->insurers, (unsigned long long)r->periods, (unsigned long long)r->questions);
    if (job->dirty) put_dirt(&b, job, r);
    if (job->accounts) put_accounts(&b, job, r);
    buf_puts(&b, "}\n");
    enum err e = world_replace_file(w, path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

static enum err make_folder_of(const char *folder, const char *which, struct diag *d) {
    char path[SHEET_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, which);
    return world_make_folder(path, d);
}

static enum err make_folders(struct world *w, const struct people_job *job, struct diag *d) {
    if (strlen(job->folder) + 64 >= SHEET_PATH_MAX) return diag_set(d, ERR_LIMIT, "out", "the path is too long");
    TRY(make_folder_of(job->folder, "insurers", d));
    TRY(clear_folder(w, job->folder, d));
    if (job->dirty) TRY(make_folder_of(job->folder, "dirty", d));
    return job->ways ? make_folder_of(job->folder, "ways", d) : ERR_OK;
}

static enum err press_run(struct press *p, struct world *w, struct diag *d) {
    const struct people_job *job = p->job;
    TRY(make_folders(w, job, d));
    TRY(write_manifest(w, job, p->result, d)); /* first, so that a run cut short can be repeated */
    TRY(begin_sheets(p, d));
    write_people(p);
    TRY(sheets_end(&p->sheets, d));
    p->result->questions = job->insurers_only ? 0 : p->questioner.asked;
    p->result->members = p->dirt.members, p->result->clean = p->dirt.clean;
    p->result->registrations = p->accounts.lines;
    memcpy(p->result->account_kinds, p->accounts.of_kind, sizeof p->result->account_kinds);
    memcpy(p->result->mistakes, p->dirt.of_kind, sizeof p->result->mistakes);
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
    if (e == ERR_OK) e = sheets_init(&p.sheets, w, job->folder, sheet_of(p.nation.insurer_count, 0), d);
    if (e == ERR_OK && job->dirty) e = namesakes_init(&p.namesakes, &p.nation, d);
    if (e == ERR_OK && job->dirty) e = dirt_init(&p.dirt, &p.nation, &p.namesakes, job->dirty_percent, d);
    if (e == ERR_OK && job->accounts) e = accounts_init(&p.accounts, &p.nation, job->accounts_percent, d);
    if (e == ERR_OK) e = press_run(&p, w, d);
    accounts_fini(&p.accounts);
    dirt_fini(&p.dirt);
    namesakes_fini(&p.namesakes);
    sheets_fini(&p.sheets);
    nation_fini(&p.nation);
    return e;
}
