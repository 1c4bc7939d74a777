#include "service/reception/kiosk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* One look into a face reader, on a thread of its own. */
struct kiosk_looking {
    pthread_t thread;
    struct kiosk_devices devices;
    char id[VISIT_ID + 1];
    void (*wake)(void *context);
    void *context;
    /* The thread's until `done`. */
    enum err err;
    enum face_answer answer;
    atomic_bool done;
};

/* ---- life ---- */

enum err kiosk_open(struct kiosk *k, struct reception *r, const struct kiosk_devices *devices, const char *aside,
                    struct diag *d) {
    *k = (struct kiosk){.reception = r, .devices = *devices};
    return stand_aside_open(&k->aside, r->settings.world, aside, d);
}

static void end_looking(struct kiosk *k) {
    if (k->looking == NULL) return;
    pthread_join(k->looking->thread, NULL);
    free(k->looking);
    k->looking = NULL;
}

static void end_asking(struct kiosk *k) {
    card_asking_free(k->asking);
    k->asking = NULL;
}

void kiosk_close(struct kiosk *k) {
    end_asking(k);
    end_looking(k);
}

bool kiosk_has_card(const struct kiosk *k) { return k->devices.card.take != NULL; }
bool kiosk_has_face(const struct kiosk *k) { return k->devices.face != NULL && !stand_aside_now(&k->aside); }

/* ---- a sitting begins ---- */

static void changed(struct kiosk *k) { k->sitting.change++; }

static enum err start_card(struct kiosk *k, struct diag *d) {
    const struct reception_settings *r = &k->reception->settings;
    const struct card_asking_settings s = {.card = k->devices.card,
                                           .centre = k->devices.centre,
                                           .visit = str_c(k->sitting.id),
                                           .on = DAY_NONE,
                                           .wake = r->wake,
                                           .wake_context = r->context};
    return card_asking_start(&k->asking, &s, d);
}

/* The card that lies there, if one does, so that the reader can see to it that the face is its holder's. */
static void read_card(struct kiosk_looking *l, struct buf *certificate) {
    const struct card_side *c = &l->devices.card;
    unsigned tries_left = 0;
    if (c->take == NULL) return;
    if (c->take(c->context) == CARD_VERDICT_NONE) (void)c->look(c->context, &tries_left, certificate);
    c->leave(c->context);
}

static void *look(void *context) {
    struct kiosk_looking *l = context;
    struct buf certificate;
    struct diag d;
    buf_init(&certificate, CARD_CERTIFICATE_MAX);
    read_card(l, &certificate);
    l->err = l->devices.face(l->devices.face_context, l->id, buf_str(&certificate), &l->answer, &d);
    buf_fini(&certificate);
    atomic_store(&l->done, true);
    l->wake(l->context);
    return NULL;
}

static enum err start_face(struct kiosk *k, struct diag *d) {
    struct kiosk_looking *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "face", NULL);
    l->devices = k->devices;
    memcpy(l->id, k->sitting.id, sizeof l->id);
    l->wake = k->reception->settings.wake, l->context = k->reception->settings.context;
    if (pthread_create(&l->thread, NULL, look, l) == 0) return k->looking = l, ERR_OK;
    free(l);
    return diag_set(d, ERR_MEMORY, "thread", NULL);
}

/* One device, one patient: what is under way ends first. */
static void start_next(struct kiosk *k) {
    struct diag d;
    if (k->next == KIOSK_NOTHING || k->asking || k->looking) return;
    k->sitting.err = k->next == KIOSK_CARD ? start_card(k, &d) : start_face(k, &d);
    k->next = KIOSK_NOTHING;
    changed(k);
}

enum err kiosk_begin(struct kiosk *k, enum kiosk_kind kind, struct diag *d) {
    bool there = kind == KIOSK_CARD ? kiosk_has_card(k) : kind == KIOSK_FACE && kiosk_has_face(k);
    if (!there) return diag_set(d, ERR_NOT_FOUND, "device", NULL);
    if (k->asking) card_asking_cancel(k->asking);
    unsigned change = k->sitting.change;
    k->sitting = (struct kiosk_sitting){.kind = kind, .change = change};
    visits_make_id(&k->reception->visits, k->sitting.id);
    k->next = kind;
    start_next(k);
    changed(k);
    return ERR_OK;
}

static bool is_sitting(const struct kiosk *k, struct str id) {
    return k->sitting.kind != KIOSK_NOTHING && str_eq(id, str_c(k->sitting.id));
}

enum err kiosk_pin(struct kiosk *k, struct str id, struct str pin, struct diag *d) {
    if (!is_sitting(k, id) || k->asking == NULL || k->next != KIOSK_NOTHING)
        return diag_set(d, ERR_NOT_FOUND, "sitting", NULL);
    return card_asking_pin(k->asking, pin) ? ERR_OK : diag_set(d, ERR_CONFLICT, "pin", NULL);
}

void kiosk_stop(struct kiosk *k, struct str id) {
    if (!is_sitting(k, id)) return;
    if (k->asking) card_asking_cancel(k->asking);
    k->next = KIOSK_NOTHING;
    unsigned change = k->sitting.change;
    k->sitting = (struct kiosk_sitting){.change = change};
    changed(k);
}

/* ---- what the devices brought ---- */

static void finish_card(struct kiosk *k, enum card_verdict verdict) {
    const struct card_verdict_info *v = card_verdict_info(verdict);
    struct kiosk_sitting *s = &k->sitting;
    struct diag d;
    struct str reply = card_asking_answer(k->asking);
    if (s->kind != KIOSK_CARD || k->next != KIOSK_NOTHING) return; /* given up */
    if (v == NULL || !v->answered) return;
    s->err = reception_receive_card(k->reception, s->id, reply, &s->number, &d);
    if (s->err == ERR_OK && k->devices.answered) k->devices.answered(k->devices.answered_context, s->id, reply);
}

static bool turn_card(struct kiosk *k) {
    if (k->asking == NULL) return false;
    struct card_standing now = card_asking_look(k->asking);
    bool mine = k->sitting.kind == KIOSK_CARD && k->next == KIOSK_NOTHING, news = now.change != k->sitting.card.change;
    if (mine && news && now.progress != CARD_PROGRESS_DONE) k->sitting.card = now;
    if (now.progress != CARD_PROGRESS_DONE) return mine && news;
    finish_card(k, now.verdict);
    if (mine) k->sitting.card = now; /* after it is kept: nothing is shown that is not */
    end_asking(k);
    return mine;
}

/* A yes is the reception's visit before it is shown; a no stands in the log. */
static enum err finish_yes(struct kiosk *k, struct diag *d) {
    struct visit *v = visit_new();
    if (v == NULL) return diag_set(d, ERR_MEMORY, "visit", NULL);
    memcpy(v->id, k->sitting.id, sizeof v->id);
    v->way = VISIT_BY_CARD, v->proof = PROOF_FACE;
    enum err e = kiosk_receive(k, v, d);
    if (e == ERR_OK) k->sitting.number = v->number;
    else visit_free(v);
    (void)!stand_aside_succeeded(&k->aside, d);
    return e;
}

static enum err finish_no(struct kiosk *k, struct diag *d) {
    enum err e = record_put(&k->reception->record, AUDIT_FACE_REFUSED, PROOF_NONE, k->sitting.id, d);
    enum err kept = stand_aside_failed(&k->aside, d);
    return e == ERR_OK ? kept : e;
}

/* Whoever says what the form does not have, or signs for another, has not said yes. */
static enum kiosk_face outcome_of(const struct kiosk_looking *l) {
    if (l->err == ERR_UNAVAILABLE || l->err == ERR_TIMEOUT || l->err == ERR_MEMORY) return KIOSK_FACE_OFF;
    if (l->err != ERR_OK || l->answer == FACE_NO) return KIOSK_FACE_NO;
    return l->answer == FACE_YES ? KIOSK_FACE_YES : KIOSK_FACE_GIVEN_UP;
}

static bool turn_face(struct kiosk *k) {
    struct diag d;
    if (k->looking == NULL || !atomic_load(&k->looking->done)) return false;
    enum kiosk_face outcome = outcome_of(k->looking);
    bool mine = k->sitting.kind == KIOSK_FACE && strcmp(k->sitting.id, k->looking->id) == 0;
    end_looking(k);
    if (!mine) return false;
    if (outcome == KIOSK_FACE_YES) k->sitting.err = finish_yes(k, &d);
    if (outcome == KIOSK_FACE_NO) k->sitting.err = finish_no(k, &d);
    k->sitting.face = outcome;
    return true;
}

bool kiosk_turn(struct kiosk *k) {
    unsigned before = k->sitting.change;
    bool card = turn_card(k), face = turn_face(k);
    if (card || face) changed(k);
    start_next(k);
    return k->sitting.change != before;
}

/* ---- without a device ---- */

enum err kiosk_receive(struct kiosk *k, struct visit *v, struct diag *d) {
    const struct visits *all = &k->reception->visits;
    size_t waiting = 0;
    for (size_t i = 0; i < all->count; i++)
        waiting += all->list[i]->state == VISIT_DESK && all->list[i]->removed_us == 0;
    if (waiting >= KIOSK_WAITING_MAX) return diag_set(d, ERR_BUSY, "visits", NULL);
    return reception_receive(k->reception, v, d);
}
