#include "service/card_challenge.h"

#include "base/scan.h"
#include "state/store/store_key.h"

#include <sodium.h>

enum { LABEL = 8, VISIT = 16, RANDOM = 24, FRESH = 0, USED = 1, SWEEP_MAX = 4096, ROWS_OF_ONE_MAX = 65536 };
_Static_assert(LABEL + 8 + 8 + VISIT + RANDOM == CARD_CHALLENGE_BYTES, "its parts are all of it");
static const char label[] = "MADOCARD";

static void put_visit(struct buf *b, struct str visit) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)visit.p, visit.n);
    buf_put(b, str_of(digest, VISIT));
}

static int64_t issued_us(struct str challenge) {
    struct scan s = scan_of(str_skip(challenge, LABEL + 8));
    uint64_t v = 0;
    invariant(scan_u64(&s, &v));
    return (int64_t)__builtin_bswap64(v);
}

/* With a clock that was set back it is late as well: how old it is cannot be known. */
static bool is_late(struct str challenge, int64_t now_us) {
    int64_t age = now_us - issued_us(challenge);
    return age > CARD_CHALLENGE_LIFE_S * INT64_C(1000000) || age < -CARD_CHALLENGE_SLACK_S * INT64_C(1000000);
}

static enum err count_open(struct store_txn *t, struct str prefix, int64_t now_us, size_t *out, struct diag *d) {
    char room[CARD_CHALLENGE_BYTES];
    struct buf from = buf_over(room, sizeof room);
    struct store_row row;
    enum err e = ERR_OK;
    *out = 0;
    buf_put(&from, prefix);
    for (size_t seen = 0; seen < ROWS_OF_ONE_MAX; seen++) {
        e = store_seek(t, STORE_CHALLENGE, buf_str(&from), seen > 0, &row, d);
        if (e != ERR_OK || !str_starts(row.key, prefix)) break;
        if (row.key.n != CARD_CHALLENGE_BYTES || row.value.n != 1) return diag_set(d, ERR_CORRUPT, "challenge", NULL);
        if (row.value.p[0] == FRESH && !is_late(row.key, now_us)) ++*out;
        buf_reset(&from), buf_put(&from, row.key);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err write_alone(struct store_txn *t, struct str challenge, uint8_t state, struct diag *d) {
    char room[1];
    struct buf value = buf_over(room, sizeof room);
    buf_u8(&value, state);
    enum err e = store_put(t, STORE_CHALLENGE, challenge, buf_str(&value), d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

enum err card_challenge_issue(struct store *desk, struct world *w, struct institution_code institution,
                              struct str visit, uint8_t out[CARD_CHALLENGE_BYTES], struct diag *d) {
    unsigned char random[RANDOM];
    int64_t now = w->now_us(w);
    struct buf b = buf_over(out, CARD_CHALLENGE_BYTES);
    struct store_txn *t = NULL;
    size_t open = 0;
    if (visit.n == 0 || visit.n > CARD_VISIT_MAX)
        return diag_set(d, ERR_LIMIT, "visit", "1 to %d bytes", CARD_VISIT_MAX);
    buf_put(&b, str_of(label, LABEL));
    buf_u64_big(&b, institution.n);
    struct str prefix = buf_str(&b);
    buf_u64_big(&b, (uint64_t)now);
    put_visit(&b, visit);
    w->random(w, random, sizeof random);
    buf_put(&b, str_of(random, sizeof random));
    TRY(store_begin(desk, &t, d));
    enum err e = count_open(t, prefix, now, &open, d);
    if (e == ERR_OK && open >= CARD_CHALLENGES_OPEN_MAX)
        e = diag_set(d, ERR_BUSY, "challenge", "%d challenges of this institution are open", CARD_CHALLENGES_OPEN_MAX);
    if (e == ERR_OK) return write_alone(t, buf_str(&b), FRESH, d);
    store_abort(t);
    return e;
}

/* Whose it is: a stranger must not be able to use up what is not his. */
static bool is_of(struct str challenge, struct institution_code institution) {
    char room[LABEL + 8];
    struct buf b = buf_over(room, sizeof room);
    buf_put(&b, str_of(label, LABEL));
    buf_u64_big(&b, institution.n);
    return challenge.n == CARD_CHALLENGE_BYTES && str_starts(challenge, buf_str(&b));
}

static bool is_for(struct str challenge, struct str visit) {
    char room[VISIT];
    struct buf b = buf_over(room, sizeof room);
    put_visit(&b, visit);
    return str_starts(str_skip(challenge, LABEL + 16), buf_str(&b));
}

enum err card_challenge_use(struct store *desk, int64_t now_us, struct institution_code institution, struct str visit,
                            struct str challenge, enum card_challenge_state *out, struct diag *d) {
    struct store_txn *t = NULL;
    struct store_row row;
    *out = CHALLENGE_STRANGE;
    if (!is_of(challenge, institution)) return ERR_OK;
    TRY(store_begin(desk, &t, d));
    enum err e = store_seek(t, STORE_CHALLENGE, challenge, false, &row, d);
    bool known = e == ERR_OK && str_eq(row.key, challenge) && row.value.n == 1;
    bool used = known && row.value.p[0] != FRESH;
    if (!known || used) {
        store_abort(t);
        if (used) *out = CHALLENGE_USED;
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    }
    TRY(write_alone(t, challenge, USED, d));
    *out = is_late(challenge, now_us) ? CHALLENGE_LATE : is_for(challenge, visit) ? CHALLENGE_FRESH : CHALLENGE_STRANGE;
    return ERR_OK;
}

enum err card_challenge_sweep(struct store *desk, int64_t now_us, struct diag *d) {
    char room[CARD_CHALLENGE_BYTES];
    struct buf from = buf_over(room, sizeof room);
    struct store_txn *t = NULL;
    struct store_row row;
    enum err e = ERR_OK;
    TRY(store_begin(desk, &t, d));
    for (size_t seen = 0; seen < SWEEP_MAX && e == ERR_OK; seen++) {
        e = store_seek(t, STORE_CHALLENGE, buf_str(&from), seen > 0, &row, d);
        if (e != ERR_OK) break;
        if (row.key.n != CARD_CHALLENGE_BYTES) e = diag_set(d, ERR_CORRUPT, "challenge", NULL);
        buf_reset(&from), buf_put(&from, row.key);
        if (e == ERR_OK && is_late(row.key, now_us)) e = store_del(t, STORE_CHALLENGE, buf_str(&from), d);
    }
    if (e == ERR_OK || e == ERR_NOT_FOUND) return store_commit(t, d);
    store_abort(t);
    return e;
}
