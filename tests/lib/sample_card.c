#include "lib/sample_card.h"

enum { DER_MAX = 4096 };

void sample_card_make(struct sample_card *s) {
    *s = (struct sample_card){.plan = {.pin = S("1234"), .sign_pin = S("ABC123")}};
    invariant(jpki_card_throwaway(world_real(), JPKI_GOOD, &s->keys, NULL) == ERR_OK);
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++) {
        buf_init(&s->der[k], DER_MAX), buf_init(&s->authority[k], DER_MAX);
        invariant(jpki_put_der(s->keys.certificate[k], &s->der[k], NULL) == ERR_OK);
        invariant(jpki_put_der(s->keys.authority[k], &s->authority[k], NULL) == ERR_OK);
    }
    s->plan.auth_key = s->keys.key[JPKI_AUTH], s->plan.sign_key = s->keys.key[JPKI_SIGN];
    s->plan.files[FILE_AUTH_CERTIFICATE] = buf_str(&s->der[JPKI_AUTH]);
    s->plan.files[FILE_SIGN_CERTIFICATE] = buf_str(&s->der[JPKI_SIGN]);
    s->plan.files[FILE_AUTH_AUTHORITY] = buf_str(&s->authority[JPKI_AUTH]);
    s->plan.files[FILE_SIGN_AUTHORITY] = buf_str(&s->authority[JPKI_SIGN]);
    sample_card_renew(s);
}

void sample_card_renew(struct sample_card *s) { invariant(virtual_card_init(&s->card, &s->plan, NULL) == ERR_OK); }

void sample_card_free(struct sample_card *s) {
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++) buf_fini(&s->der[k]), buf_fini(&s->authority[k]);
    jpki_card_fini(&s->keys);
}

static enum err send(void *line, struct str command, struct buf *answer, struct diag *d) {
    struct sample_card *s = line;
    if (++s->commands == s->removed_at) return diag_set(d, ERR_UNAVAILABLE, "card", "taken away");
    virtual_card_answer(&s->card, command, answer);
    return ERR_OK;
}

static void leave(void *line) {
    struct sample_card *s = line;
    virtual_card_reset(&s->card);
    s->left = true;
}

struct reader sample_card_reader(struct sample_card *s) {
    static const struct reader_kind kind = {send, leave};
    s->commands = 0, s->left = false;
    return (struct reader){&kind, s};
}
