#include "base/world.h"
#include "cmd/window_papers.h"
#include "edge/paper/message.h"

#include <stdio.h>

enum { SECOND_US = 1000000, SAID_MAX = 16 << 10 };

/* ---- codes ---- */

/* Keys are read again when the folders' window has put others there. */
static enum err refresh(struct window_scan *s, struct diag *d) {
    char path[PATH_MAX];
    struct stat st;
    struct issuers *fresh = NULL;
    if (snprintf(path, sizeof path, "%s/" WINDOW_PAPERS_STAMP, s->folder) >= PATH_MAX)
        return diag_set(d, ERR_LIMIT, s->folder, NULL);
    if (stat(path, &st) != 0) st = (struct stat){0};
    if (s->issuers && st.st_mtim.tv_sec == s->stamp.tv_sec && st.st_mtim.tv_nsec == s->stamp.tv_nsec) return ERR_OK;
    enum err e = issuers_open(&fresh, world_real(), s->folder, d);
    if (e == ERR_NOT_FOUND) e = issuers_new(&fresh, world_real(), s->folder, d); /* nothing was fetched yet */
    if (e != ERR_OK) return e;
    issuers_close(s->issuers);
    s->issuers = fresh, s->stamp = st.st_mtim;
    return ERR_OK;
}

static enum err put(struct arena *a, struct str *out, const struct paper_check *c,
                    void (*write)(struct buf *out, const struct paper_check *c), struct diag *d) {
    char *room = arena_new(a, SAID_MAX);
    struct buf b = buf_over(room, SAID_MAX);
    write(&b, c);
    *out = buf_str(&b);
    return buf_ok(&b) ? ERR_OK : diag_set(d, room ? ERR_LIMIT : ERR_MEMORY, "code", NULL);
}

static enum err check(void *context, struct arena *a, struct str code, struct paper_said *out, struct diag *d) {
    struct window_scan *s = context;
    struct paper_check c;
    int64_t now_us = world_real()->now_us(world_real());
    TRY(refresh(s, d));
    TRY(paper_check(a, s->issuers, code, day_in_japan(now_us), now_us / SECOND_US, &c, d));
    const struct paper_standing_info *i = paper_standing_info(c.standing);
    *out = (struct paper_said){.good = c.said,
                               .word = i->word,
                               .ja = i->ja,
                               .en = i->en,
                               .insurer = c.card.insurer,
                               .insured = c.card.insured,
                               .birth = c.card.birth,
                               .name = c.card.name,
                               .issued_us = c.card.nbf_s * SECOND_US};
    if (c.said && c.standing == PAPER_VALID) TRY(put(a, &out->message, &c, paper_message_put, d));
    return put(a, &out->json, &c, paper_check_put_json, d);
}

/* ---- pictures ---- */

static enum err look(void *context, struct str picture, struct diag *d) {
    struct window_scan *s = context;
    if (s->looking) return diag_set(d, ERR_BUSY, "picture", NULL);
    TRY(looker_start(&s->looker, s->program, picture, WINDOW_PICTURE_PAGES, d));
    s->looking = true;
    return ERR_OK;
}

static void give_up(void *context) {
    struct window_scan *s = context;
    if (s->looking) looker_end(&s->looker);
    s->looking = false;
}

static bool looked(void *context, struct arena *a, struct str *lines, enum err *result, struct diag *d) {
    struct window_scan *s = context;
    struct str found;
    if (!looker_turn(&s->looker)) return false;
    *result = looker_result(&s->looker, &found, d);
    *lines = *result == ERR_OK ? arena_copy(a, found) : S("");
    if (lines->p == NULL) *result = diag_set(d, ERR_MEMORY, "picture", NULL);
    give_up(s);
    return true;
}

enum err window_scan_open(struct window_scan *s, const char *papers, const char *program, struct reception_paper *out,
                          struct diag *d) {
    *s = (struct window_scan){0};
    if (!str_to_c(str_c(papers), s->folder, sizeof s->folder) ||
        !str_to_c(str_c(program), s->program, sizeof s->program))
        return diag_set(d, ERR_LIMIT, "papers", NULL);
    *out = (struct reception_paper){check, look, looked, give_up, s};
    return ERR_OK;
}

void window_scan_close(struct window_scan *s) {
    give_up(s);
    issuers_close(s->issuers);
}
