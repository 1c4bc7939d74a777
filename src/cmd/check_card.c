#include "cmd/check_card.h"

#include "cmd/window_pages.h"
#include "edge/card/card_centre.h"
#include "edge/card/card_side.h"
#include "edge/terminal/answer.h"
#include "edge/terminal/card.h"
#include "net/client.h"
#include "service/card_local.h"
#include "service/verify_desk.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

enum { OPERATOR_SEGMENT = 256 << 10, OUT_MAX = 512 << 10, ARENA_MAX = 16 << 20 };

/* ---- the PIN, without an echo ---- */

/* Ctrl-C arrives as a character, so that the echo is always switched on again; from a pipe, a line of it. */
enum { CONTROL_C = 3, CONTROL_D = 4, BACKSPACE = 8, DELETE = 127 };

static bool read_characters(char pin[CARD_PIN_MAX], size_t *n) {
    for (char c; read(STDIN_FILENO, &c, 1) == 1;) {
        if (c == '\n' || c == '\r') return true;
        if (c == CONTROL_C || c == CONTROL_D) return false;
        if (c == BACKSPACE || c == DELETE) *n -= *n > 0;
        else if (*n < CARD_PIN_MAX) pin[(*n)++] = c;
    }
    return *n > 0;
}

static bool read_pin(char pin[CARD_PIN_MAX], size_t *n) {
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    *n = 0;
    if (terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
        terminal = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    bool got = read_characters(pin, n);
    if (terminal) (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    if (terminal) fputc('\n', stderr);
    return got;
}

/* ---- step by step ---- */

static void say(const char *ja, const char *en) { fprintf(stderr, "%s / %s\n", ja, en); }

static void ask_pin(struct card_asking *a, const struct card_standing *now) {
    char pin[CARD_PIN_MAX];
    size_t n;
    const struct card_verdict_info *why = card_verdict_info(now->verdict);
    if (why) say(why->ja, why->en);
    if (now->tries_left) fprintf(stderr, "残り %u 回 / tries left: %u\n", now->tries_left, now->tries_left);
    const struct card_progress_info *p = card_progress_info(CARD_PROGRESS_PIN);
    fprintf(stderr, "%s / %s: ", p->ja, p->en);
    fflush(stderr);
    if (!read_pin(pin, &n) || !card_asking_pin(a, str_of(pin, n))) card_asking_cancel(a);
    sodium_memzero(pin, sizeof pin);
}

static enum card_verdict follow(struct card_asking *a) {
    struct card_standing now = card_asking_look(a);
    for (;; now = card_asking_wait(a, now.change)) {
        const struct card_progress_info *p = card_progress_info(now.progress);
        if (now.progress == CARD_PROGRESS_DONE) return now.verdict;
        if (now.progress == CARD_PROGRESS_PIN) ask_pin(a, &now);
        else say(p->ja, p->en);
    }
}

struct run {
    const struct cmd_args *args;
    struct card_on_reader reader;
    struct arena arena;
    struct buf out;
    struct day on;
    enum card_verdict verdict;
};

static enum err ask(struct run *r, struct card_centre centre,
                    void (*take)(struct run *r, struct str answer, void *context), void *context, struct diag *d) {
    const char *name = cmd_value(r->args, "reader");
    struct card_asking *a = NULL;
    const struct card_asking_settings s = {.card = card_side_pcsc(&r->reader, str_c(name)),
                                           .centre = centre,
                                           .visit = S("mado check"),
                                           .on = r->on,
                                           .wait_s = cmd_flag(r->args, "no-wait") ? 1 : 0};
    TRY(card_asking_start(&a, &s, d));
    r->verdict = follow(a);
    take(r, card_asking_answer(a), context);
    card_asking_free(a);
    return ERR_OK;
}

/* ---- the store itself ---- */

static void take_local(struct run *r, struct str none, void *context) {
    struct card_local *l = context;
    bool answered = card_verdict_info(r->verdict)->answered, json = cmd_flag(r->args, "json");
    const struct card_shown shown = {r->verdict, l->person.until, l->person.decision.usable_until};
    (void)none;
    if (json) card_put_json(&r->out, &shown, answered ? &l->call.answer : NULL);
    else card_put_text(&r->out, &shown, isatty(STDOUT_FILENO));
    if (!json && answered) answer_put_text(&r->out, &l->call.answer, isatty(STDOUT_FILENO));
}

static enum err ask_store(struct run *r, struct diag *d) {
    const char *store = cmd_value(r->args, "store"), *institution = cmd_value(r->args, "institution");
    struct card_room room;
    struct verify_desk desk;
    const struct card_room_settings rs = {
        .store = store, .keys = cmd_value(r->args, "keys"), .program = "/proc/self/exe"};
    const struct verify_desk_settings ds = {.store = store, .writer = "operator", .segment_bytes = OPERATOR_SEGMENT};
    struct card_local l = {.room = &room, .desk = &desk, .arena = &r->arena, .on = r->on};
    l.limit_consent = cmd_flag(r->args, "limit-consent");
    l.asker = (struct asker){.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()};
    enum err e = institution ? institution_code_parse(str_c(institution), &l.asker.institution) : ERR_OK;
    if (e != ERR_OK) return diag_set(d, e, "--institution", "10 桁の医療機関コード / a code of 10 digits");
    TRY(verify_desk_open(&desk, world_real(), &ds, d));
    e = card_room_open(&room, world_real(), &rs, d);
    if (e == ERR_OK) {
        e = ask(r, card_local_centre(&l), take_local, &l, d);
        card_room_close(&room);
    }
    verify_desk_close(&desk);
    if (e == ERR_OK && l.err != ERR_OK) *d = l.diag, e = l.err;
    return e;
}

/* ---- a centre ---- */

static enum err post(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    const struct client_reply *r;
    TRY(client_post(context, path, "application/json", json, &r, d));
    *status = r->status, *reply = buf_str(&r->body);
    return ERR_OK;
}

static void take_reply(struct run *r, struct str reply, void *context) {
    const struct card_shown shown = {r->verdict, DAY_NONE, DAY_NONE};
    (void)context;
    if (cmd_flag(r->args, "json") && reply.n) buf_put(&r->out, reply);
    else if (cmd_flag(r->args, "json")) card_put_json(&r->out, &shown, NULL);
    else card_put_text(&r->out, &shown, isatty(STDOUT_FILENO)), card_put_reply(&r->out, &r->arena, reply);
}

static enum err ask_centre(struct run *r, struct diag *d) {
    char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
    const char *keys = cmd_value(r->args, "keys"), *code = cmd_value(r->args, "institution");
    struct client *client = NULL;
    if (code == NULL) return diag_set(d, ERR_MISSING, "--institution", "その医療機関として尋ねます / as whom to ask");
    TRY(window_key_file(ca, keys, code, "ca.pem", d));
    TRY(window_key_file(certificate, keys, code, "cert.pem", d));
    TRY(window_key_file(key, keys, code, "key.pem", d));
    const struct client_settings s = {
        .centre = cmd_value(r->args, "centre"), .ca = ca, .certificate = certificate, .key = key};
    TRY(client_open(&client, &s, d));
    struct card_post p = {post, client, cmd_flag(r->args, "limit-consent")};
    enum err e = ask(r, card_centre_of(&p), take_reply, NULL, d);
    client_close(client);
    return e;
}

int check_by_card(const struct cmd_args *args) {
    struct run r = {.args = args, .on = DAY_NONE};
    struct diag d = {0};
    const char *on = cmd_value(args, "on");
    if (on && !day_parse(str_c(on), &r.on)) return cmd_fail(&(struct diag){.err = ERR_DATE, .where = "--on"});
    if (cmd_value(args, "keys") == NULL || (cmd_value(args, "store") == NULL) == (cmd_value(args, "centre") == NULL)) {
        fprintf(
            stderr,
            "mado check --card: --keys と、--store か --centre のどちらかが要ります / --keys, and either --store or "
            "--centre\n  → mado help check\n");
        return EXIT_USAGE;
    }
    arena_init(&r.arena, ARENA_MAX);
    buf_init(&r.out, OUT_MAX);
    enum err e = cmd_value(args, "store") ? ask_store(&r, &d) : ask_centre(&r, &d);
    if (e == ERR_OK) fwrite(r.out.p, 1, r.out.n, stdout);
    bool answered = e == ERR_OK && card_verdict_info(r.verdict)->answered;
    buf_fini(&r.out);
    arena_fini(&r.arena);
    if (e != ERR_OK) return cmd_fail(&d);
    return answered ? 0 : EXIT_NO_ANSWER;
}
