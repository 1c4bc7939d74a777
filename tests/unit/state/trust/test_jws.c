#include "state/trust/jws.h"

#include "lib/hostile.h"
#include "lib/sample_paper.h"
#include "lib/unit.h"

#include <sodium.h>

static void what_was_signed_comes_apart_and_back(void **state) {
    (void)state;
    struct scratch s;
    struct buf jws, plain;
    struct jws j;
    scratch_make(&s);
    sample_insurer_make(&s, sample_insurer);
    buf_init(&jws, 4096);
    buf_init(&plain, 4096);
    sample_jws(&s, sample_insurer, sample_paper_payload(), &jws);
    assert_int_equal(jws_split(buf_str(&jws), &j, NULL), ERR_OK);
    assert_int_equal(strlen(j.kid), KEY_KID_BYTES);
    assert_int_equal(jws_unpack(&j, &plain, NULL), ERR_OK);
    assert_str(buf_str(&plain), sample_paper_payload());
    buf_fini(&plain);
    buf_fini(&jws);
    scratch_remove(&s);
}

#define KID "bioEawbfMvvUwBuZMoucNbvWFuGLOVuDPe8Mo3pO3_U"

struct header_row {
    const char *why, *header;
    enum err want;
};
static const struct header_row headers[] = {
    {"as it should be", "{\"zip\":\"DEF\",\"alg\":\"ES256\",\"kid\":\"" KID "\"}", ERR_OK},
    {"with more in it", "{\"typ\":\"JWT\",\"zip\":\"DEF\",\"alg\":\"ES256\",\"kid\":\"" KID "\"}", ERR_OK},
    {"no signature at all", "{\"zip\":\"DEF\",\"alg\":\"none\",\"kid\":\"" KID "\"}", ERR_NOT_SUPPORTED},
    {"a shared secret", "{\"zip\":\"DEF\",\"alg\":\"HS256\",\"kid\":\"" KID "\"}", ERR_NOT_SUPPORTED},
    {"no algorithm", "{\"zip\":\"DEF\",\"kid\":\"" KID "\"}", ERR_MISSING},
    {"not packed", "{\"alg\":\"ES256\",\"kid\":\"" KID "\"}", ERR_MISSING},
    {"another packing", "{\"zip\":\"GZ\",\"alg\":\"ES256\",\"kid\":\"" KID "\"}", ERR_NOT_SUPPORTED},
    {"demands something", "{\"zip\":\"DEF\",\"alg\":\"ES256\",\"crit\":[\"exp\"],\"kid\":\"" KID "\"}",
     ERR_NOT_SUPPORTED},
    {"no key's name", "{\"zip\":\"DEF\",\"alg\":\"ES256\"}", ERR_MISSING},
    {"a short name", "{\"zip\":\"DEF\",\"alg\":\"ES256\",\"kid\":\"x\"}", ERR_VALUE},
    {"two algorithms", "{\"zip\":\"DEF\",\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"" KID "\"}", ERR_DUPLICATE},
    {"no object", "[]", ERR_SYNTAX},
};

static void a_header_that_asks_for_something_else_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        char room[1024];
        const char zeros[ES256_BYTES] = {0};
        struct buf b = buf_over(room, sizeof room);
        struct jws j;
        base64url_put(&b, str_c(headers[i].header));
        buf_puts(&b, ".AAAA.");
        base64url_put(&b, str_of(zeros, sizeof zeros));
        row_check(jws_split(buf_str(&b), &j, NULL) == headers[i].want, headers[i].why);
    }
}

static void a_text_of_another_shape_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"", ".", "..", "a.b", "a.b.c.d", "e30.AAAA.AAAA", "!.AAAA.AAAA"};
    struct jws j;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) row_check(jws_split(str_c(texts[i]), &j, NULL) != ERR_OK, texts[i]);
}

/* 8 MB of spaces are 8 KB of DEFLATE. */
static void a_bomb_ends_at_the_limit(void **state) {
    (void)state;
    enum { BOMB = 8 << 20 };
    struct scratch s;
    struct buf jws, plain;
    struct jws j;
    struct diag d;
    char *spaces = malloc(BOMB);
    scratch_make(&s);
    sample_insurer_make(&s, sample_insurer);
    buf_init(&jws, 64 << 10);
    buf_init(&plain, 16 << 10);
    memset(spaces, ' ', BOMB);
    sample_jws(&s, sample_insurer, str_of(spaces, BOMB), &jws);
    assert_int_equal(jws_split(buf_str(&jws), &j, NULL), ERR_OK);
    assert_int_equal(jws_unpack(&j, &plain, &d), ERR_LIMIT);
    assert_true(plain.n <= 16 << 10);
    assert_true(plain.cap <= 32 << 10);
    free(spaces);
    buf_fini(&plain);
    buf_fini(&jws);
    scratch_remove(&s);
}

static void what_stands_behind_the_packed_payload_is_refused(void **state) {
    (void)state;
    struct buf plain;
    char room[64];
    buf_init(&plain, 4096);
    struct jws j = {.payload = S("AwA")}; /* an empty block */
    assert_int_equal(jws_unpack(&j, &plain, NULL), ERR_OK);
    assert_int_equal(plain.n, 0);
    struct buf b = buf_over(room, sizeof room);
    base64url_put(&b, str_of("\x03\x00junk", 6));
    j.payload = buf_str(&b);
    assert_int_equal(jws_unpack(&j, &plain, NULL), ERR_SYNTAX);
    buf_fini(&plain);
}

static void feed(void *context, struct str input) {
    (void)context;
    struct buf plain;
    struct jws j;
    struct diag d = {0};
    buf_init(&plain, 16 << 10);
    enum err e = jws_split(input, &j, &d);
    assert_true(e == ERR_OK || d.err == e);
    if (e == ERR_OK) {
        e = jws_unpack(&j, &plain, &d);
        assert_true(e == ERR_OK || d.err == e);
    }
    buf_fini(&plain);
}

static void every_truncation_and_flipped_bit_comes_back(void **state) {
    (void)state;
    struct scratch s;
    struct buf jws;
    scratch_make(&s);
    sample_insurer_make(&s, sample_insurer);
    buf_init(&jws, 4096);
    sample_jws(&s, sample_insurer, sample_paper_payload(), &jws);
    assert_int_equal(hostile_all(buf_str(&jws), feed, NULL), 9 * jws.n);
    buf_fini(&jws);
    scratch_remove(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_comes_apart_and_back),
        cmocka_unit_test(a_header_that_asks_for_something_else_is_refused),
        cmocka_unit_test(a_text_of_another_shape_is_refused),
        cmocka_unit_test(a_bomb_ends_at_the_limit),
        cmocka_unit_test(what_stands_behind_the_packed_payload_is_refused),
        cmocka_unit_test(every_truncation_and_flipped_bit_comes_back),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
