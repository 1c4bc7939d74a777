#include "service/card_watch.h"

#include "net/fetch.h"
#include "state/trust/card_ocsp.h"
#include "state/trust/card_sources.h"

#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PSEUDONYM = 16, TABLE_ARENA = 16 << 20 };

struct kept {
    uint8_t pseudonym[PSEUDONYM];
    enum revocation_state state;
    int64_t until_us; /* steady */
};

enum job_kind { JOB_OCSP, JOB_CRL };
struct watch_job {
    struct fetch_job fetch; /* first: it is what comes back */
    struct watch_job *next, **before;
    enum job_kind kind;
    uint8_t pseudonym[PSEUDONYM];
    struct buf certificate;
    size_t source; /* of a CRL: its row */
};

struct card_watch {
    struct world *world;
    struct card_trust *trust;
    struct fetch *fetch;
    char path[PATH_MAX];
    struct arena arena; /* of the table */
    struct card_sources sources;
    int64_t *due_us; /* of each CRL's row; steady */
    bool *under_way;
    struct timespec changed;
    ino_t inode;
    struct kept kept[CARD_WATCH_KEPT];
    struct watch_job *jobs; /* under way */
    unsigned ocsp_jobs, crl_jobs, failures;
    int64_t paused_until_us;
    struct card_watch_figures figures;
};

static int64_t now_us(const struct card_watch *w) { return w->world->steady_us(w->world); }
static int64_t after_s(const struct card_watch *w, int64_t s) { return now_us(w) + s * 1000000; }

/* ---- the table ---- */

static void drop_table(struct card_watch *w) {
    arena_reset(&w->arena);
    free(w->due_us), free(w->under_way);
    w->due_us = NULL, w->under_way = NULL;
    w->sources = (struct card_sources){0};
}

static enum err read_table(struct card_watch *w) {
    struct buf text;
    struct diag d;
    buf_init(&text, CARD_SOURCES_TEXT_MAX);
    enum err e = world_read_file(w->world, w->path, &text, &d);
    drop_table(w);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e == ERR_OK) e = card_sources_read(&w->arena, buf_str(&text), &w->sources, &d);
    buf_fini(&text);
    size_t n = w->sources.crl_count;
    if (e == ERR_OK && n) {
        w->due_us = calloc(n, sizeof *w->due_us), w->under_way = calloc(n, sizeof *w->under_way);
        if (w->due_us == NULL || w->under_way == NULL) e = ERR_MEMORY;
    }
    if (e != ERR_OK) drop_table(w);
    return e;
}

static void look_at_table(struct card_watch *w) {
    struct stat st;
    if (stat(w->path, &st) != 0) st = (struct stat){0};
    if (st.st_ino == w->inode && st.st_mtim.tv_sec == w->changed.tv_sec && st.st_mtim.tv_nsec == w->changed.tv_nsec)
        return;
    w->inode = st.st_ino, w->changed = st.st_mtim;
    w->figures.table_broken = read_table(w) != ERR_OK;
}

/* ---- jobs ---- */

static struct watch_job *new_job(struct card_watch *w, enum job_kind kind, size_t reply_max) {
    struct watch_job *j = calloc(1, sizeof *j);
    if (j == NULL) return NULL;
    j->kind = kind;
    buf_init(&j->fetch.body, CARD_OCSP_REQUEST_MAX), buf_init(&j->fetch.reply, reply_max);
    buf_init(&j->certificate, CARD_CERTIFICATE_MAX);
    j->next = w->jobs, j->before = &w->jobs;
    if (w->jobs) w->jobs->before = &j->next;
    w->jobs = j;
    *(kind == JOB_OCSP ? &w->ocsp_jobs : &w->crl_jobs) += 1;
    return j;
}

static void wipe(struct buf *b) {
    if (b->p) sodium_memzero(b->p, b->cap);
    buf_fini(b);
}

static void free_job(struct card_watch *w, struct watch_job *j) {
    *j->before = j->next;
    if (j->next) j->next->before = j->before;
    *(j->kind == JOB_OCSP ? &w->ocsp_jobs : &w->crl_jobs) -= 1;
    wipe(&j->fetch.body), wipe(&j->fetch.reply), wipe(&j->certificate); /* the serial number is in each */
    free(j);
}

/* ---- what a responder said ---- */

static struct kept *place_of(struct card_watch *w, const uint8_t pseudonym[PSEUDONYM]) {
    uint16_t at;
    memcpy(&at, pseudonym, sizeof at); /* keyed, so as good as random */
    return &w->kept[at % CARD_WATCH_KEPT];
}

static bool fresh(struct card_watch *w, const struct kept *k, const uint8_t pseudonym[PSEUDONYM]) {
    return memcmp(k->pseudonym, pseudonym, PSEUDONYM) == 0 && now_us(w) < k->until_us;
}

static void keep(struct card_watch *w, const uint8_t pseudonym[PSEUDONYM], enum revocation_state state) {
    struct kept *k = place_of(w, pseudonym);
    int64_t s = state == REVOCATION_GOOD      ? CARD_WATCH_GOOD_S
                : state == REVOCATION_REVOKED ? CARD_WATCH_BAD_S
                                              : CARD_WATCH_DOUBT_S;
    memcpy(k->pseudonym, pseudonym, PSEUDONYM);
    k->state = state, k->until_us = after_s(w, s);
}

static enum revocation_state read_answer(struct card_watch *w, struct watch_job *j) {
    struct card_anchors a = card_trust_anchors(w->trust);
    struct card_checked checked;
    const struct card_claim claim = {.kind = JPKI_AUTH,
                                     .certificate = buf_str(&j->certificate),
                                     .ocsp = buf_str(&j->fetch.reply),
                                     .certificate_only = true};
    a.crl_count = 0; /* what the responder says, and that alone */
    if (!card_ocsp_fits(buf_str(&j->fetch.body), buf_str(&j->fetch.reply))) return REVOCATION_NOT_CHECKED;
    enum err e = card_check(&a, &claim, w->world->now_us(w->world) / 1000000, &checked, NULL);
    card_name_forget(&checked.name);
    return e == ERR_OK ? checked.revocation : REVOCATION_NOT_CHECKED;
}

static void take_answer(struct card_watch *w, struct watch_job *j) {
    bool came = j->fetch.err == ERR_OK && j->fetch.status == 200;
    enum revocation_state state = came ? read_answer(w, j) : REVOCATION_NOT_CHECKED;
    if (state != REVOCATION_NOT_CHECKED) {
        keep(w, j->pseudonym, state);
        w->figures.answered++, w->failures = 0;
        return;
    }
    w->figures.failed++;
    if (++w->failures < CARD_WATCH_FAILURES) return;
    w->paused_until_us = after_s(w, CARD_WATCH_PAUSE_S);
    w->failures = 0;
}

/* ---- CRLs ---- */

static void take_crl(struct card_watch *w, struct watch_job *j) {
    struct diag d;
    if (j->source >= w->sources.crl_count) return;
    const struct card_source *row = &w->sources.crls[j->source];
    if (!str_eq(row->address, str_c(j->fetch.url))) return; /* the table has changed meanwhile */
    bool came = j->fetch.err == ERR_OK && j->fetch.status == 200;
    enum err e = came ? card_trust_take_crl(w->trust, buf_str(&j->fetch.reply), row->point, &d) : j->fetch.err;
    bool good = came && e == ERR_OK;
    *(good ? &w->figures.crls_taken : &w->figures.crls_failed) += 1;
    w->under_way[j->source] = false;
    w->due_us[j->source] = after_s(w, good ? CARD_WATCH_CRL_S : CARD_WATCH_CRL_AGAIN_S);
}

static void fetch_crl(struct card_watch *w, size_t row) {
    struct watch_job *j = new_job(w, JOB_CRL, CARD_TRUST_FILE_MAX);
    if (j == NULL) return;
    j->source = row, j->fetch.local = true, j->fetch.whole_ms = CARD_WATCH_CRL_MS;
    bool fits = str_to_c(w->sources.crls[row].address, j->fetch.url, sizeof j->fetch.url);
    if (!fits || fetch_start(w->fetch, &j->fetch) != ERR_OK) return free_job(w, j);
    w->under_way[row] = true;
}

static void fetch_due_crls(struct card_watch *w) {
    for (size_t i = 0; i < w->sources.crl_count && w->crl_jobs < CARD_WATCH_CRLS_AT_ONCE; i++)
        if (!w->under_way[i] && now_us(w) >= w->due_us[i]) fetch_crl(w, i);
}

/* ---- the face ---- */

static void collect(struct card_watch *w) {
    bool crls = false;
    for (struct fetch_job *f; (f = fetch_take(w->fetch));) {
        struct watch_job *j = (struct watch_job *)f;
        if (j->kind == JOB_OCSP) take_answer(w, j);
        else take_crl(w, j), crls = true;
        free_job(w, j);
    }
    if (crls) card_trust_refresh(w->trust);
}

enum err card_watch_open(struct card_watch **out, struct world *world, struct card_trust *t, const char *sources,
                         struct diag *d) {
    struct card_watch *w = calloc(1, sizeof *w);
    if (w == NULL) return diag_set(d, ERR_MEMORY, "cards", NULL);
    w->world = world, w->trust = t;
    arena_init(&w->arena, TABLE_ARENA);
    bool fits = str_to_c(str_c(sources), w->path, sizeof w->path);
    enum err e = fits ? fetch_open(&w->fetch, d) : diag_set(d, ERR_LIMIT, "--keys", NULL);
    if (e == ERR_OK) *out = w;
    else free(w);
    return e;
}

void card_watch_close(struct card_watch *w) {
    if (w == NULL) return;
    fetch_close(w->fetch);
    while (w->jobs) free_job(w, w->jobs);
    drop_table(w);
    arena_fini(&w->arena);
    free(w);
}

void card_watch_tick(struct card_watch *w) {
    collect(w);
    look_at_table(w);
    fetch_due_crls(w);
}

static bool is_asked(const struct card_watch *w, const uint8_t pseudonym[PSEUDONYM]) {
    for (const struct watch_job *j = w->jobs; j; j = j->next)
        if (j->kind == JOB_OCSP && memcmp(j->pseudonym, pseudonym, PSEUDONYM) == 0) return true;
    return false;
}

void card_watch_ask(struct card_watch *w, const uint8_t pseudonym[PSEUDONYM], struct str certificate) {
    collect(w);
    look_at_table(w);
    if (!w->sources.ocsp || now_us(w) < w->paused_until_us || w->ocsp_jobs >= CARD_WATCH_AT_ONCE) return;
    if (fresh(w, place_of(w, pseudonym), pseudonym) || is_asked(w, pseudonym)) return;
    struct watch_job *j = new_job(w, JOB_OCSP, CARD_OCSP_MAX);
    struct card_anchors a = card_trust_anchors(w->trust);
    if (j == NULL) return;
    memcpy(j->pseudonym, pseudonym, PSEUDONYM);
    buf_put(&j->certificate, certificate);
    j->fetch.content_type = "application/ocsp-request";
    bool ok = str_to_c(w->sources.ocsp_address, j->fetch.url, sizeof j->fetch.url) && buf_ok(&j->certificate) &&
              card_ocsp_request(&a, certificate, &j->fetch.body, j->fetch.url, sizeof j->fetch.url, NULL) == ERR_OK;
    if (!ok || fetch_start(w->fetch, &j->fetch) != ERR_OK) return free_job(w, j);
    w->figures.asked++;
}

enum revocation_state card_watch_state(struct card_watch *w, const uint8_t pseudonym[PSEUDONYM]) {
    collect(w);
    const struct kept *k = place_of(w, pseudonym);
    return fresh(w, k, pseudonym) ? k->state : REVOCATION_NOT_CHECKED;
}

struct card_watch_figures card_watch_figures(const struct card_watch *w) {
    struct card_watch_figures f = w->figures;
    f.paused = now_us(w) < w->paused_until_us;
    return f;
}
