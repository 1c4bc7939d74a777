#include "lib/card_play.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Keys take seconds to make, so all tests of a program share them: keys/jpki leads there. */
static struct scratch shared;
static void remove_shared(void) { scratch_remove(&shared); }

static void lead_to_shared_keys(struct card_play *p) {
    const struct jpki_holder nobody = jpki_nobody();
    struct jpki_made made;
    char from[SCRATCH_PATH_MAX], to[SCRATCH_PATH_MAX];
    if (shared.folder[0] == 0) {
        scratch_make(&shared);
        invariant(atexit(remove_shared) == 0);
        invariant(jpki_make(world_real(), shared.folder, S("hanako"), &nobody, &made, NULL) == ERR_OK);
    }
    invariant(world_make_folder(p->keys, NULL) == ERR_OK);
    invariant(symlink(scratch_path(&shared, "jpki", to), scratch_path(&p->scratch, "keys/jpki", from)) == 0);
}

static void copy_crl(struct card_play *p, const char *kind) {
    char path[SCRATCH_PATH_MAX], name[64];
    enum card_trust_kind what;
    snprintf(name, sizeof name, "keys/jpki/auth/%s", kind);
    invariant(card_trust_add(world_real(), p->keys, scratch_path(&p->scratch, name, path), &what, NULL) == ERR_OK);
}

static void make_folders(struct card_play *p) {
    char path[SCRATCH_PATH_MAX], link[SCRATCH_PATH_MAX];
    struct vault_room *vault = NULL;
    scratch_make(&p->scratch);
    (void)scratch_path(&p->scratch, "keys", p->keys), (void)scratch_path(&p->scratch, "store", p->store);
    invariant(world_make_folder(scratch_path(&p->scratch, "store/run", path), NULL) == ERR_OK);
    invariant(symlink(p->keys, scratch_path(&p->scratch, "store/run/keys", link)) == 0);
    invariant(vault_room_open(&vault, scratch_path(&p->scratch, "store/vault", path), NULL) == ERR_OK);
    vault_room_close(vault);
}

static int64_t now_of_play(struct world *w) { return (void)w, desk_play_now_us; }

void card_play_begin(struct card_play *p) {
    *p = (struct card_play){0};
    invariant(sodium_init() >= 0);
    make_folders(p);
    lead_to_shared_keys(p);
    copy_crl(p, "ca.pem"), copy_crl(p, "crl.pem");
    desk_play_begin(&p->play);
    desk_play_now_us = world_real()->now_us(world_real());
    p->world = *world_real(), p->world.now_us = now_of_play;
    p->play.desk.world = &p->world; /* keys and cards/ are on the real disk, the log stays on the simulated one */
    for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) {
        struct jpki_card c = {0};
        buf_init(&p->der[s], CARD_CERTIFICATE_MAX);
        invariant(jpki_card_read(world_real(), p->keys, S("hanako"), s, &c, NULL) == ERR_OK);
        invariant(jpki_put_der(c.certificate[JPKI_AUTH], &p->der[s], NULL) == ERR_OK);
        if (p->key == NULL) p->key = c.key[JPKI_AUTH], c.key[JPKI_AUTH] = NULL;
        jpki_card_fini(&c);
    }
    buf_init(&p->signature, CARD_SIGNATURE_MAX);
}

void card_play_end(struct card_play *p) {
    desk_play_end(&p->play);
    for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) buf_fini(&p->der[s]);
    EVP_PKEY_free(p->key);
    buf_fini(&p->signature);
    scratch_remove(&p->scratch);
}

void card_play_member(struct card_play *p) {
    struct coverage period;
    struct member m = desk_play_member(&period, "1001", 1, "1985-04-01", 7);
    desk_play_store(&p->play, &m);
}

struct str card_play_sign(struct card_play *p, struct str message) {
    size_t n = CARD_SIGNATURE_MAX;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    buf_reset(&p->signature);
    invariant(EVP_DigestSignInit(m, NULL, EVP_sha256(), NULL, p->key) == 1);
    invariant(EVP_DigestSign(m, (unsigned char *)buf_room(&p->signature, n), &n, (const unsigned char *)message.p,
                             message.n) == 1);
    EVP_MD_CTX_free(m);
    p->signature.n = n;
    return buf_str(&p->signature);
}

struct str card_play_line(struct card_play *p, enum jpki_standing of, const char *more) {
    char text[CARD_CERTIFICATE_MAX * 2];
    char *room = arena_new(&p->play.arena, CARD_LINE_MAX);
    struct buf b = buf_over(room, CARD_LINE_MAX);
    (void)sodium_bin2base64(text, sizeof text, (const unsigned char *)p->der[of].p, p->der[of].n,
                            sodium_base64_VARIANT_ORIGINAL);
    buf_puts(&b, "{\"act\":\"register\",\"certificate\":\""), buf_puts(&b, text);
    buf_puts(&b, "\",\"insurer\":\"06139448\",\"symbol\":\"12-34\""), buf_puts(&b, more), buf_puts(&b, "}");
    invariant(buf_ok(&b));
    return buf_str(&b);
}

enum err card_play_act(struct card_play *p, struct str line, enum card_done *done, struct diag *d) {
    const struct card_room_settings s = {
        .store = p->store, .keys = p->keys, .program = "/proc/self/exe", .write = true};
    const struct asker asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = 1000};
    struct card_room room;
    struct card_line read;
    TRY(card_line_read(&p->play.arena, line, &read, d));
    TRY(card_room_open(&room, p->play.desk.world, &s, d));
    enum err e = card_register(&room, &p->play.desk, &asker, &p->play.arena, &read, done, d);
    card_room_close(&room);
    return e;
}
