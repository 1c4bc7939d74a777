#include "edge/review/sessions.h"

#include "base/buf.h"

#include <sodium.h>

enum { SECOND_US = 1000000 };

static int64_t now(const struct sessions *s) { return s->world->steady_us(s->world); }

static bool is_over(const struct sessions *s, const struct session *one) {
    int64_t t = now(s);
    return one->token[0] == 0 || t - one->used_us > (int64_t)SESSION_IDLE_S * SECOND_US ||
           t - one->began_us > (int64_t)SESSION_WHOLE_S * SECOND_US;
}

const struct session *session_begin(struct sessions *s, struct str reviewer) {
    uint8_t random[SESSION_TOKEN / 2];
    struct session *one = NULL;
    for (size_t i = 0; i < SESSIONS_MAX && one == NULL; i++)
        if (is_over(s, &s->list[i])) one = &s->list[i];
    if (one == NULL) return NULL;
    *one = (struct session){.began_us = now(s), .used_us = now(s)};
    invariant(str_to_c(reviewer, one->reviewer, sizeof one->reviewer));
    s->world->random(s->world, random, sizeof random);
    struct buf b = buf_over(one->token, sizeof one->token);
    buf_hex(&b, str_of(random, sizeof random));
    return one;
}

const struct session *session_of(struct sessions *s, struct str token) {
    struct session *found = NULL;
    if (token.n != SESSION_TOKEN) return NULL;
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (sodium_memcmp(s->list[i].token, token.p, SESSION_TOKEN) == 0) found = &s->list[i];
    if (found == NULL || is_over(s, found)) return NULL;
    found->used_us = now(s);
    return found;
}

void session_end(struct sessions *s, struct str token) {
    for (size_t i = 0; i < SESSIONS_MAX && token.n == SESSION_TOKEN; i++)
        if (sodium_memcmp(s->list[i].token, token.p, SESSION_TOKEN) == 0) s->list[i] = (struct session){0};
}

/* ---- wrong passphrases ---- */

static struct attempts *place_of(const struct sessions *s, struct str name) {
    const struct attempts *oldest = &s->attempts[0];
    for (size_t i = 0; i < ATTEMPTS_NAMES; i++) {
        const struct attempts *a = &s->attempts[i];
        if (str_eq(str_c(a->name), name)) return (struct attempts *)a;
        if (a->last_us < oldest->last_us) oldest = a;
    }
    return (struct attempts *)oldest;
}

enum err session_may_try(const struct sessions *s, struct str name) {
    const struct attempts *a = place_of(s, name);
    bool waits = str_eq(str_c(a->name), name) && a->wrong >= ATTEMPTS_MAX &&
                 now(s) - a->last_us < (int64_t)ATTEMPTS_WAIT_S * SECOND_US;
    return waits ? ERR_BUSY : ERR_OK;
}

void session_tried(struct sessions *s, struct str name, bool right) {
    struct attempts *a = place_of(s, name);
    if (!str_eq(str_c(a->name), name)) *a = (struct attempts){0};
    if (!str_to_c(name, a->name, sizeof a->name)) return;
    a->wrong = right ? 0 : a->wrong + 1;
    a->last_us = now(s);
}
