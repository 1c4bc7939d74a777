#include "base/buf.h"
#include "cmd/cmd.h"
#include "edge/card/vpcd.h"
#include "state/trust/jpki.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { DER_MAX = 4096 }; /* a certificate is about 1,600 bytes */

static volatile bool stop;
static void end(int signal_number) { (void)signal_number, stop = true; }

#define VIRTUAL_CARD_STATE(name, standing, locked, pinless, delay_ms, ja, en)                                          \
    {#name, JPKI_##standing, locked, pinless, delay_ms, ja, en},
static const struct state {
    const char *name;
    enum jpki_standing standing;
    bool locked, pinless;
    unsigned delay_ms;
    const char *ja, *en;
} states[] = {
#include "edge/card/virtual_card_state.def"
};
#undef VIRTUAL_CARD_STATE

static const struct state *find_state(const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (name == NULL || strcmp(states[i].name, name) == 0) return &states[i];
    fprintf(stderr, "mado card: --state は次のどれかです / is one of:\n");
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        fprintf(stderr, "  %-8s %s / %s\n", states[i].name, states[i].ja, states[i].en);
    return NULL;
}

static enum err get_card(const struct cmd_args *args, enum jpki_standing standing, struct jpki_card *out,
                         struct diag *d) {
    const char *folder = cmd_value(args, "keys"), *id = cmd_value(args, "person");
    const struct jpki_holder nobody = jpki_nobody();
    struct jpki_made made;
    struct str person = id ? str_c(id) : S("hanako");
    if (folder == NULL) return jpki_card_throwaway(world_real(), standing, out, d);
    TRY(jpki_make(world_real(), folder, person, &nobody, &made, d));
    return jpki_card_read(world_real(), folder, person, standing, out, d);
}

/* The certificates as the card's files; `der` holds their bytes. */
static enum err lay_out(const struct jpki_card *keys, bool with_signature, struct buf der[4],
                        struct virtual_card_plan *plan, struct diag *d) {
    const struct {
        enum application_file file;
        X509 *certificate;
    } rows[] = {{FILE_AUTH_CERTIFICATE, keys->certificate[JPKI_AUTH]},
                {FILE_AUTH_AUTHORITY, keys->authority[JPKI_AUTH]},
                {FILE_SIGN_CERTIFICATE, with_signature ? keys->certificate[JPKI_SIGN] : NULL},
                {FILE_SIGN_AUTHORITY, keys->authority[JPKI_SIGN]}};
    plan->auth_key = keys->key[JPKI_AUTH], plan->sign_key = with_signature ? keys->key[JPKI_SIGN] : NULL;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].certificate == NULL) continue;
        TRY(jpki_put_der(rows[i].certificate, &der[i], d));
        plan->files[rows[i].file] = buf_str(&der[i]);
    }
    return ERR_OK;
}

static enum err serve(const struct cmd_args *args, const struct state *state, struct virtual_card *card,
                      struct diag *d) {
    int fd = -1;
    struct sigaction on_end = {.sa_handler = end};
    TRY(vpcd_connect(&fd, str_c(cmd_value(args, "vpcd")), d));
    sigaction(SIGTERM, &on_end, NULL), sigaction(SIGINT, &on_end, NULL);
    printf("カードを置きました: %s（Ctrl-C で取り除きます）\nThe card is on the reader: %s (Ctrl-C takes it off)\n",
           state->ja, state->en);
    fflush(stdout);
    enum err e = vpcd_serve(fd, card, state->delay_ms, &stop, d);
    close(fd);
    return e;
}

int cmd_card(const struct cmd_args *args) {
    const struct state *state = find_state(cmd_value(args, "state"));
    struct virtual_card_plan plan = {.pin = str_c(cmd_value(args, "pin")),
                                     .sign_pin = str_c(cmd_value(args, "sign-pin"))};
    struct virtual_card card;
    struct jpki_card keys = {0};
    struct diag d = {0};
    struct buf der[4];
    if (state == NULL) return EXIT_USAGE;
    plan.locked = state->locked, plan.pinless = state->pinless;
    for (size_t i = 0; i < ARRAY_LEN(der); i++) buf_init(&der[i], DER_MAX);
    enum err e = virtual_card_init(&card, &plan, &d); /* the PINs first: keys take a second */
    if (e == ERR_OK) e = get_card(args, state->standing, &keys, &d);
    if (e == ERR_OK) e = lay_out(&keys, !state->pinless, der, &plan, &d);
    if (e == ERR_OK) e = virtual_card_init(&card, &plan, &d);
    if (e == ERR_OK) e = serve(args, state, &card, &d);
    for (size_t i = 0; i < ARRAY_LEN(der); i++) buf_fini(&der[i]);
    jpki_card_fini(&keys);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
