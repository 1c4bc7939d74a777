#include "service/card_asking.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define CARD_PROGRESS(name, code, ja, en) {code, ja, en},
static const struct card_progress_info progresses[CARD_PROGRESSES] = {
#include "service/card_progress.def"
};
#undef CARD_PROGRESS

const struct card_progress_info *card_progress_info(enum card_progress p) {
    invariant((unsigned)p < CARD_PROGRESSES);
    return &progresses[p];
}

struct card_asking {
    struct card_asking_settings s;
    char visit[CARD_VISIT_MAX];
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct card_standing now;
    bool cancelled, has_pin;
    char pin[CARD_PIN_MAX];
    size_t pin_n;
    /* The thread's own until DONE. */
    struct buf challenge, certificate, signature, answer;
    struct timespec challenged; /* when the challenge came */
};

/* ---- what both sides see ---- */

static void say(struct card_asking *a, enum card_progress progress, enum card_verdict verdict, unsigned tries_left) {
    pthread_mutex_lock(&a->mutex);
    a->now = (struct card_standing){progress, verdict, tries_left, a->now.change + 1};
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->mutex);
    if (a->s.wake) a->s.wake(a->s.wake_context);
}

struct card_standing card_asking_look(struct card_asking *a) {
    pthread_mutex_lock(&a->mutex);
    struct card_standing now = a->now;
    pthread_mutex_unlock(&a->mutex);
    return now;
}

struct card_standing card_asking_wait(struct card_asking *a, unsigned change) {
    pthread_mutex_lock(&a->mutex);
    while (a->now.change == change && a->now.progress != CARD_PROGRESS_DONE) pthread_cond_wait(&a->changed, &a->mutex);
    struct card_standing now = a->now;
    pthread_mutex_unlock(&a->mutex);
    return now;
}

bool card_asking_pin(struct card_asking *a, struct str pin) {
    pthread_mutex_lock(&a->mutex);
    bool wanted = a->now.progress == CARD_PROGRESS_PIN && !a->has_pin && pin.n <= sizeof a->pin;
    if (wanted) {
        memcpy(a->pin, pin.p, pin.n);
        a->pin_n = pin.n, a->has_pin = true;
        pthread_cond_broadcast(&a->changed);
    }
    pthread_mutex_unlock(&a->mutex);
    return wanted;
}

void card_asking_cancel(struct card_asking *a) {
    pthread_mutex_lock(&a->mutex);
    a->cancelled = true;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->mutex);
}

struct str card_asking_answer(struct card_asking *a) {
    struct card_standing now = card_asking_look(a);
    return now.progress == CARD_PROGRESS_DONE ? buf_str(&a->answer) : S("");
}

/* ---- the thread ---- */

static struct timespec in_ms(unsigned ms) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000, t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) t.tv_sec++, t.tv_nsec -= 1000000000;
    return t;
}

/* Until cancelled, handed a PIN (when `for_pin`), or the time is up. True when it is not cancelled. */
static bool rest(struct card_asking *a, struct timespec until, bool for_pin) {
    pthread_mutex_lock(&a->mutex);
    while (!a->cancelled && !(for_pin && a->has_pin))
        if (pthread_cond_timedwait(&a->changed, &a->mutex, &until) == ETIMEDOUT) break;
    bool on = !a->cancelled;
    pthread_mutex_unlock(&a->mutex);
    return on;
}

static enum card_verdict wait_for_card(struct card_asking *a, unsigned *tries_left) {
    unsigned wait_ms = (a->s.wait_s ? a->s.wait_s : CARD_WAIT_S) * 1000;
    for (unsigned waited = 0;; waited += CARD_LOOK_MS) {
        enum card_verdict v = a->s.card.take(a->s.card.context);
        if (v == CARD_VERDICT_NONE) break;
        if (v != CARD_VERDICT_NO_CARD || waited >= wait_ms) return v;
        if (!rest(a, in_ms(CARD_LOOK_MS), false)) return CARD_VERDICT_CANCELLED;
    }
    say(a, CARD_PROGRESS_READING, CARD_VERDICT_NONE, 0);
    return a->s.card.look(a->s.card.context, tries_left, &a->certificate);
}

/* Takes the PIN that was handed over; CANCELLED without one in time. */
static enum card_verdict wait_for_pin(struct card_asking *a, char pin[CARD_PIN_MAX], size_t *n) {
    struct timespec until = in_ms((a->s.pin_wait_s ? a->s.pin_wait_s : CARD_PIN_WAIT_S) * 1000);
    bool on = rest(a, until, true);
    pthread_mutex_lock(&a->mutex);
    bool has = on && a->has_pin;
    if (has) memcpy(pin, a->pin, a->pin_n), *n = a->pin_n;
    OPENSSL_cleanse(a->pin, sizeof a->pin);
    a->has_pin = false;
    pthread_mutex_unlock(&a->mutex);
    return has ? CARD_VERDICT_NONE : CARD_VERDICT_CANCELLED;
}

/* Before the PIN is asked for: a silent centre costs nobody a try, and sees to the certificate's revocation meanwhile. */
static enum card_verdict get_challenge(struct card_asking *a) {
    const struct card_asking_settings *s = &a->s;
    buf_reset(&a->challenge);
    clock_gettime(CLOCK_MONOTONIC, &a->challenged);
    return s->centre.challenge(s->centre.context, str_of(a->visit, s->visit.n), buf_str(&a->certificate),
                               &a->challenge);
}

static bool challenge_is_old(const struct card_asking *a) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec - a->challenged.tv_sec > CARD_CHALLENGE_LIFE_S / 2;
}

static enum card_verdict prove_once(struct card_asking *a, unsigned *tries_left) {
    const struct card_asking_settings *s = &a->s;
    char pin[CARD_PIN_MAX];
    size_t n = 0;
    enum card_verdict v = wait_for_pin(a, pin, &n);
    if (v != CARD_VERDICT_NONE) return v;
    say(a, CARD_PROGRESS_SIGNING, CARD_VERDICT_NONE, 0);
    if (challenge_is_old(a)) v = get_challenge(a);
    buf_reset(&a->signature), buf_reset(&a->certificate);
    if (v == CARD_VERDICT_NONE)
        v = s->card.prove(s->card.context, str_of(pin, n), buf_str(&a->challenge), tries_left, &a->certificate,
                          &a->signature);
    OPENSSL_cleanse(pin, sizeof pin);
    return v;
}

static enum card_verdict prove(struct card_asking *a) {
    unsigned tries_left = 0;
    enum card_verdict v = wait_for_card(a, &tries_left);
    if (v == CARD_VERDICT_NONE) v = get_challenge(a);
    if (v != CARD_VERDICT_NONE) return v;
    do {
        say(a, CARD_PROGRESS_PIN, v, tries_left);
        v = prove_once(a, &tries_left);
    } while (v == CARD_VERDICT_PIN_WRONG || v == CARD_VERDICT_PIN_FORM);
    return v;
}

static void *work(void *context) {
    struct card_asking *a = context;
    enum card_verdict v = prove(a);
    a->s.card.leave(a->s.card.context);
    if (v == CARD_VERDICT_NONE) {
        const struct card_question q = {.challenge = buf_str(&a->challenge),
                                        .visit = str_of(a->visit, a->s.visit.n),
                                        .certificate = buf_str(&a->certificate),
                                        .signature = buf_str(&a->signature),
                                        .on = a->s.on};
        say(a, CARD_PROGRESS_ASKING, CARD_VERDICT_NONE, 0);
        v = a->s.centre.question(a->s.centre.context, &q, &a->answer);
    }
    if (a->certificate.p) OPENSSL_cleanse(a->certificate.p, a->certificate.cap);
    buf_reset(&a->certificate);
    say(a, CARD_PROGRESS_DONE, v, 0);
    return NULL;
}

/* ---- life ---- */

static void fini(struct card_asking *a) {
    OPENSSL_cleanse(a->pin, sizeof a->pin);
    buf_fini(&a->challenge), buf_fini(&a->certificate), buf_fini(&a->signature), buf_fini(&a->answer);
    pthread_cond_destroy(&a->changed), pthread_mutex_destroy(&a->mutex);
    free(a);
}

enum err card_asking_start(struct card_asking **out, const struct card_asking_settings *s, struct diag *d) {
    pthread_condattr_t steady;
    if (s->visit.n == 0 || s->visit.n > CARD_VISIT_MAX) return diag_set(d, ERR_LIMIT, "visit", NULL);
    struct card_asking *a = calloc(1, sizeof *a);
    if (a == NULL) return diag_set(d, ERR_MEMORY, "card", NULL);
    a->s = *s;
    memcpy(a->visit, s->visit.p, s->visit.n);
    buf_init(&a->challenge, CARD_CHALLENGE_BYTES), buf_init(&a->certificate, CARD_CERTIFICATE_MAX);
    buf_init(&a->signature, CARD_SIGNATURE_MAX), buf_init(&a->answer, CARD_ANSWER_MAX);
    pthread_mutex_init(&a->mutex, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&a->changed, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&a->thread, NULL, work, a) == 0) return *out = a, ERR_OK;
    fini(a);
    return diag_set(d, ERR_MEMORY, "thread", NULL);
}

void card_asking_free(struct card_asking *a) {
    if (a == NULL) return;
    card_asking_cancel(a);
    pthread_join(a->thread, NULL);
    fini(a);
}
