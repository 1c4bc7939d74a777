/* Any bytes as what a scanner types, a JWS, a card's payload, a key set, a list of void papers, a reply of the centre's, and a looking child's answer:
 * an error, or something that keeps its promises. The first byte picks which. */
#include "edge/paper/check.h"
#include "edge/paper/fetch.h"
#include "edge/paper/look.h"

#include "base/json.h"

#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void as_jws(struct str s) {
    struct jws j;
    struct buf plain;
    struct diag d = {0};
    buf_init(&plain, HEALTH_CARD_JSON_MAX);
    enum err e = jws_split(s, &j, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) e = jws_unpack(&j, &plain, &d);
    invariant(e == ERR_OK || d.err == e);
    buf_fini(&plain);
}

static void as_code(struct arena *a, struct str s) {
    struct issuers *all = NULL;
    struct paper_check c;
    if (issuers_new(&all, world_real(), "/nonexistent", NULL) != ERR_OK) return;
    if (paper_check(a, all, s, (struct day){20782}, 0, &c, NULL) == ERR_OK)
        invariant(!c.said && (c.standing == PAPER_UNREADABLE || c.standing == PAPER_UNKNOWN_KEY));
    issuers_close(all);
}

static void as_payload(struct arena *a, struct str s) {
    struct paper_check c = {.standing = PAPER_VALID, .said = true, .on = {20782}};
    struct diag d = {0};
    struct json root;
    struct buf out;
    enum err e = health_card_json_read(a, s, &c.card, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e != ERR_OK) return;
    buf_init(&out, 1 << 20);
    paper_check_put_text(&out, &c);
    buf_reset(&out);
    paper_check_put_json(&out, &c);
    invariant(json_read(a, buf_str(&out), &root, NULL) == ERR_OK);
    buf_fini(&out);
}

static void as_keys(struct str s) {
    struct issuers *all = NULL;
    struct diag d = {0};
    if (issuers_new(&all, world_real(), "/nonexistent", NULL) != ERR_OK) return;
    enum err e = issuers_read(all, (struct insurer_number){6139448}, s, &d);
    invariant(e == ERR_OK ? issuers_count(all) > 0 : d.err == e);
    issuers_close(all);
}

static void as_list(struct arena *a, struct str s) {
    struct void_list l;
    struct diag d = {0};
    enum err e = void_list_read(a, s, &l, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) (void)void_list_holds(&l, S("AAAAAAAAAAAAAAAAAAAAAA"), 1795532400);
}

/* Where nothing can be kept, so that no file is made: all of it is parsed until the first that would be. */
static void as_fetched(struct str s) {
    struct paper_fetched out = {0};
    struct diag d = {0};
    enum err e = paper_fetch_take(world_real(), "/proc/nonexistent", s, &out, &d);
    invariant(e == ERR_OK || d.err == e);
}

static void as_reply(struct str s) {
    struct str lines;
    struct diag d = {0};
    enum err e = look_reply_read(s, &lines, &d);
    invariant(e == ERR_OK || d.err == e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    if (n == 0 || sodium_init() < 0) return 0;
    struct str s = str_of(data + 1, n - 1);
    struct arena a;
    arena_init(&a, 4 << 20);
    switch (data[0]) {
    case 'J': as_jws(s); break;
    case 'C': as_code(&a, s); break;
    case 'P': as_payload(&a, s); break;
    case 'K': as_keys(s); break;
    case 'L': as_list(&a, s); break;
    case 'F': as_fetched(s); break;
    default: as_reply(s);
    }
    arena_fini(&a);
    return 0;
}
