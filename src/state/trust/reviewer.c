#include "state/trust/reviewer.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>

enum { LETTERS = 32, PASSPHRASE_BYTES_MAX = 128, FILE_MAX = 256 };
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's: no i l o u */

bool reviewer_name_valid(struct str name) {
    if (name.n == 0 || name.n > REVIEWER_NAME_MAX || name.p[0] == '.') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-') return false;
    }
    return true;
}

static enum err path_of(char out[PATH_MAX], const char *folder, struct str name, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/reviewers%s%.*s", folder, name.n ? "/" : "", (int)name.n, name.p);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

static void draw(struct world *w, char out[PASSPHRASE_CHARACTERS + 1]) {
    uint8_t random[PASSPHRASE_CHARACTERS];
    w->random(w, random, sizeof random);
    for (size_t i = 0; i < PASSPHRASE_CHARACTERS; i++)
        out[i] = i % (PASSPHRASE_GROUP + 1) == PASSPHRASE_GROUP ? '-' : letters[random[i] % LETTERS];
    out[PASSPHRASE_CHARACTERS] = 0;
    sodium_memzero(random, sizeof random);
}

/* What is hashed: small letters without dashes and spaces; false when too long to be one. */
static bool plain(struct str passphrase, struct buf *out) {
    for (size_t i = 0; i < passphrase.n; i++) {
        char c = passphrase.p[i];
        if (c == '-' || c == ' ') continue;
        buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
    }
    return buf_ok(out);
}

static enum err hash(struct str passphrase, char out[crypto_pwhash_STRBYTES], struct diag *d) {
    char room[PASSPHRASE_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    invariant(plain(passphrase, &b));
    int failed =
        crypto_pwhash_str(out, b.p, b.n, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
    sodium_memzero(room, sizeof room);
    return failed ? diag_set(d, ERR_MEMORY, "passphrase", NULL) : ERR_OK;
}

enum err reviewer_make(struct world *w, const char *folder, struct str name, char passphrase[PASSPHRASE_CHARACTERS + 1],
                       bool *made, struct diag *d) {
    char path[PATH_MAX], text[crypto_pwhash_STRBYTES];
    struct buf old;
    *made = false;
    if (!reviewer_name_valid(name))
        return diag_set(d, ERR_VALUE, "reviewer", "a–z 0–9 . - で 1–32 文字 / 1 to 32 of a-z 0-9 . -");
    TRY(path_of(path, folder, S(""), d));
    TRY(world_make_folder(path, d));
    TRY(path_of(path, folder, name, d));
    buf_init(&old, FILE_MAX);
    enum err e = world_read_file(w, path, &old, d);
    buf_fini(&old);
    if (e != ERR_NOT_FOUND) return e;
    draw(w, passphrase);
    TRY(hash(str_c(passphrase), text, d));
    TRY(world_replace_file(w, path, str_c(text), 0600, d));
    *made = true;
    return ERR_OK;
}

/* For a name that is not there: takes as long as a wrong passphrase. */
static enum err take_as_long(struct str passphrase) {
    char text[crypto_pwhash_STRBYTES];
    struct diag d;
    return hash(passphrase, text, &d) == ERR_MEMORY ? ERR_MEMORY : ERR_UNAUTHENTICATED;
}

enum err reviewer_check(struct world *w, const char *folder, struct str name, struct str passphrase) {
    char path[PATH_MAX], stored[FILE_MAX], room[PASSPHRASE_BYTES_MAX];
    struct buf text, b = buf_over(room, sizeof room);
    struct diag d;
    if (!plain(passphrase, &b)) return ERR_UNAUTHENTICATED;
    if (!reviewer_name_valid(name)) return take_as_long(buf_str(&b));
    TRY(path_of(path, folder, name, &d));
    buf_init(&text, FILE_MAX - 1);
    enum err e = world_read_file(w, path, &text, &d);
    bool there = e == ERR_OK && str_to_c(buf_str(&text), stored, sizeof stored);
    buf_fini(&text);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!there) return take_as_long(buf_str(&b));
    bool right = crypto_pwhash_str_verify(stored, b.p, b.n) == 0;
    sodium_memzero(room, sizeof room);
    return right ? ERR_OK : ERR_UNAUTHENTICATED;
}
