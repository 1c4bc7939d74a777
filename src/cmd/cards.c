/* mado cards: which members cards stand for; acts in files of the operator's (service/card_register.h). */
#include "base/buf.h"
#include "cmd/cmd.h"
#include "service/card_register.h"
#include "service/verify_desk.h"

#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

enum { FILE_MAX = 256 << 20, LINE_ARENA = 4 << 20 };

struct run {
    struct card_room room;
    struct verify_desk desk;
    struct asker asker;
    struct arena arena;
    unsigned done[CARD_NOTHING_TO_END + 1], refused;
};

static void say_refused(const char *file, unsigned line, struct diag *d) {
    struct buf b;
    buf_init(&b, 4096);
    d->line = line;
    diag_put(d, &b);
    fprintf(stderr, "%s: %.*s\n", file, (int)b.n, b.p);
    buf_fini(&b);
}

/* False: nothing further would work either. */
static bool act(struct run *r, const char *file, unsigned number, struct str text) {
    struct diag d = {0};
    struct card_line line;
    enum card_done done;
    enum err e = card_line_read(&r->arena, text, &line, &d);
    if (e == ERR_OK) e = card_register(&r->room, &r->desk, &r->asker, &r->arena, &line, &done, &d);
    arena_reset(&r->arena);
    if (e == ERR_OK) return r->done[done]++, true;
    r->refused++;
    say_refused(file, number, &d);
    return e != ERR_DISK_FULL && e != ERR_IO && e != ERR_UNAVAILABLE;
}

static enum err read_file(struct run *r, const char *file, struct diag *d) {
    struct buf text;
    unsigned number = 0;
    buf_init(&text, FILE_MAX);
    enum err e = world_read_file(world_real(), file, &text, d);
    for (struct str rest = buf_str(&text); e == ERR_OK && rest.n;) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        number++;
        if (line.n && !act(r, file, number, line)) e = diag_set(d, ERR_UNAVAILABLE, file, "stopped at line %u", number);
    }
    if (text.p) sodium_memzero(text.p, text.n);
    buf_fini(&text);
    return e;
}

static enum err work(struct run *r, const struct cmd_args *args, struct diag *d) {
    const char *store = cmd_value(args, "store");
    const struct verify_desk_settings desk = {.store = store, .writer = "cards", .segment_bytes = LEDGER_SEGMENT_SMALL};
    const struct card_room_settings room = {
        .store = store, .keys = cmd_value(args, "keys"), .program = "/proc/self/exe", .write = true};
    TRY(verify_desk_open(&r->desk, world_real(), &desk, d));
    enum err e = card_room_open(&r->room, world_real(), &room, d);
    for (size_t i = 1; e == ERR_OK && i < args->rest_count; i++) e = read_file(r, args->rest[i], d);
    card_room_close(&r->room);
    verify_desk_close(&r->desk);
    return e;
}

int cmd_cards(const struct cmd_args *args) {
    struct run r = {.room.vault = {.fd = -1},
                    .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()}};
    struct diag d = {0};
    if (args->rest_count < 2 || !str_eq(str_c(args->rest[0]), S("register"))) {
        fprintf(stderr, "mado cards: register FILE… としてください / say register FILE…\n  → mado help cards\n");
        return EXIT_USAGE;
    }
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    arena_init(&r.arena, LINE_ARENA);
    enum err e = work(&r, args, &d);
    arena_fini(&r.arena);
    printf(
        "登録 registered %u  登録済み before %u  解除 ended %u  解除なし nothing to end %u  受け付けない行 refused %u\n",
        r.done[CARD_REGISTERED], r.done[CARD_REGISTERED_BEFORE], r.done[CARD_ENDED], r.done[CARD_NOTHING_TO_END],
        r.refused);
    if (e != ERR_OK) return cmd_fail(&d);
    return r.refused ? EXIT_SOME_REFUSED : 0;
}
