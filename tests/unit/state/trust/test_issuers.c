#include "state/trust/issuers.h"

#include "lib/hostile.h"
#include "lib/sample_paper.h"
#include "lib/unit.h"

#include <sodium.h>

enum { NOW = 1795600000, NBF = 1795532400 };
static const struct insurer_number other = {1130012};

struct fixture {
    struct scratch s;
    struct issuers *issuers;
    const struct issuer *issuer;
    struct buf text;
};

static void open_it(struct fixture *f) {
    struct insurer_key *key = NULL;
    assert_int_equal(issuers_open(&f->issuers, world_real(), f->s.folder, NULL), ERR_OK);
    assert_int_equal(insurer_key_open(&key, world_real(), f->s.folder, sample_insurer, NULL), ERR_OK);
    f->issuer = issuers_find(f->issuers, insurer_key_kid(key).p);
    assert_non_null(f->issuer);
    insurer_key_close(key);
}

static int set_up(void **state) {
    static struct fixture f;
    f = (struct fixture){0};
    scratch_make(&f.s);
    buf_init(&f.text, 1 << 16);
    sample_insurer_make(&f.s, sample_insurer);
    sample_insurer_make(&f.s, other);
    open_it(&f);
    *state = &f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    issuers_close(f->issuers);
    buf_fini(&f->text);
    scratch_remove(&f->s);
    return 0;
}

static struct jws signed_by(struct fixture *f, struct insurer_number insurer) {
    struct jws j;
    buf_reset(&f->text);
    sample_jws(&f->s, insurer, sample_paper_payload(), &f->text);
    assert_int_equal(jws_split(buf_str(&f->text), &j, NULL), ERR_OK);
    return j;
}

static void a_signature_is_its_own_keys_alone(void **state) {
    struct fixture *f = *state;
    struct jws j = signed_by(f, sample_insurer);
    assert_int_equal(issuers_count(f->issuers), 2);
    assert_int_equal(issuer_insurer(f->issuer).n, sample_insurer.n);
    assert_true(issuer_signed(f->issuer, &j));
    j.signature[10] ^= 1;
    assert_false(issuer_signed(f->issuer, &j));
    memset(j.signature, 0, sizeof j.signature);
    assert_false(issuer_signed(f->issuer, &j));
    j = signed_by(f, other);
    assert_false(issuer_signed(f->issuer, &j));
    assert_null(issuers_find(f->issuers, "nobody"));
}

/* As RFC 7517 A.1 has it: a key on P-256, with the thumbprint of RFC 7638 as its name. */
#define X "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define Y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
#define KEY(kty, crv, kid, x, y)                                                                                       \
    "{\"kty\":\"" kty "\",\"crv\":\"" crv "\",\"kid\":\"" kid "\",\"x\":\"" x "\",\"y\":\"" y "\"}"
#define THUMB "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"

struct set_row {
    const char *why, *jwks;
    enum err want;
};
static const struct set_row sets[] = {
    {"a key named by its thumbprint", "{\"keys\":[" KEY("EC", "P-256", THUMB, X, Y) "]}", ERR_OK},
    {"beside keys of another kind", "{\"keys\":[{\"kty\":\"RSA\"}," KEY("EC", "P-256", THUMB, X, Y) "]}", ERR_OK},
    {"another name", "{\"keys\":[" KEY("EC", "P-256", "bioEawbfMvvUwBuZMoucNbvWFuGLOVuDPe8Mo3pO3_U", X, Y) "]}",
     ERR_MISSING},
    {"another curve", "{\"keys\":[" KEY("EC", "P-384", THUMB, X, Y) "]}", ERR_MISSING},
    {"the same key twice", "{\"keys\":[" KEY("EC", "P-256", THUMB, X, Y) "," KEY("EC", "P-256", THUMB, X, Y) "]}",
     ERR_DUPLICATE},
    {"no key", "{\"keys\":[]}", ERR_MISSING},
    {"no set", "{}", ERR_MISSING},
    {"not JSON", "keys", ERR_SYNTAX},
};

static void a_key_set_gives_keys_that_prove_their_name(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        struct issuers *s = NULL;
        assert_int_equal(issuers_new(&s, world_real(), "/nonexistent", NULL), ERR_OK);
        row_check(issuers_read(s, sample_insurer, str_c(sets[i].jwks), NULL) == sets[i].want, sets[i].why);
        issuers_close(s);
    }
}

/* (1, 1) is not on the curve; its name is right for it. */
static void a_point_off_the_curve_is_no_key(void **state) {
    (void)state;
    const uint8_t one[32] = {[31] = 1};
    char kid[KEY_KID_BYTES + 1], room[512];
    struct buf b = buf_over(room, sizeof room);
    struct issuers *s = NULL;
    insurer_key_name(one, one, kid);
    buf_printf(&b, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"", kid);
    base64url_put(&b, str_of(one, 32)), buf_puts(&b, "\",\"y\":\""), base64url_put(&b, str_of(one, 32));
    buf_puts(&b, "\"}]}");
    assert_int_equal(issuers_new(&s, world_real(), "/nonexistent", NULL), ERR_OK);
    assert_int_equal(issuers_read(s, sample_insurer, buf_str(&b), NULL), ERR_MISSING);
    issuers_close(s);
}

static void a_set_that_cannot_be_read_is_counted_and_hides_nobody_else(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->s, "insurers/01130012/jwks.json", S("{"));
    issuers_close(f->issuers);
    open_it(f);
    assert_int_equal(issuers_count(f->issuers), 1);
    assert_int_equal(issuers_damaged(f->issuers), 1);
}

static void no_folder_says_so(void **state) {
    (void)state;
    struct issuers *s = NULL;
    struct diag d;
    assert_int_equal(issuers_open(&s, world_real(), "/nonexistent", &d), ERR_NOT_FOUND);
}

/* ---- lists ---- */

static void publish(struct fixture *f, int64_t now_s, unsigned hours, const struct str *rids, size_t count) {
    const struct void_list_plan plan = {.world = world_real(),
                                        .folder = f->s.folder,
                                        .insurer = sample_insurer,
                                        .issuer = S("https://cards.invalid"),
                                        .now_s = now_s,
                                        .hours = hours,
                                        .rids = rids,
                                        .count = count};
    assert_int_equal(void_list_publish(&plan, NULL), ERR_OK);
}

static struct void_status status(struct fixture *f, const char *rid, int64_t now_s) {
    struct void_status out;
    assert_int_equal(issuers_void(f->issuers, f->issuer, str_c(rid), NBF, now_s, &out, NULL), ERR_OK);
    return out;
}

static void a_list_tells_void_papers_until_it_is_stale_and_after(void **state) {
    struct fixture *f = *state;
    const struct str rids[] = {S("BBBBBBBBBBBBBBBBBBBBBB"), S("CC")};
    assert_int_equal(status(f, "CC", NOW).state, VOID_LIST_MISSING);
    publish(f, NOW, 24, rids, 2);
    struct void_status l = status(f, "BBBBBBBBBBBBBBBBBBBBBB", NOW + 24 * 3600 - 1);
    assert_int_equal(l.state, VOID_LIST_CURRENT);
    assert_true(l.holds);
    assert_int_equal(l.at_s, NOW);
    assert_false(status(f, SAMPLE_PAPER_RID, NOW).holds);
    assert_int_equal(status(f, "CC", NOW + 24 * 3600).state, VOID_LIST_STALE);
    assert_true(status(f, "CC", NOW + 24 * 3600).holds);
}

/* By crlVersion another verifier knows that there is a list; making the key again takes it back to nobody. */
static void the_key_set_says_that_there_is_a_list(void **state) {
    struct fixture *f = *state;
    char path[SCRATCH_PATH_MAX], want[64];
    bool made;
    publish(f, NOW, 24, NULL, 0);
    assert_int_equal(insurer_key_make(world_real(), f->s.folder, sample_insurer, &made, NULL), ERR_OK);
    buf_reset(&f->text);
    assert_int_equal(
        world_read_file(world_real(), scratch_path(&f->s, "insurers/06139448/jwks.json", path), &f->text, NULL),
        ERR_OK);
    snprintf(want, sizeof want, ",\"crlVersion\":%d}", NOW);
    assert_true(str_find(buf_str(&f->text), str_c(want)) < f->text.n);
    issuers_close(f->issuers);
    open_it(f);
    assert_int_equal(status(f, "CC", NOW).state, VOID_LIST_CURRENT);
}

static void the_counter_never_goes_back(void **state) {
    struct fixture *f = *state;
    publish(f, NOW, 24, NULL, 0);
    uint64_t first = status(f, "CC", NOW).ctr;
    publish(f, NOW - 100000, 24, NULL, 0); /* a clock set back */
    assert_true(status(f, "CC", NOW).ctr > first);
}

static void a_list_that_is_not_the_insurers_own_is_damaged(void **state) {
    struct fixture *f = *state;
    char path[SCRATCH_PATH_MAX];
    buf_reset(&f->text);
    sample_jws(&f->s, other,
               S("{\"iss\":\"x\",\"iat\":1,\"exp\":2000000000,\"kid\":\"x\",\"method\":\"rid\",\"ctr\":1,\"rids\":[]}"),
               &f->text);
    scratch_write(&f->s, "insurers/06139448/status.jws", buf_str(&f->text));
    assert_int_equal(status(f, "CC", NOW).state, VOID_LIST_DAMAGED);
    /* Its own paper is no list either. */
    buf_reset(&f->text);
    sample_jws(&f->s, sample_insurer, sample_paper_payload(), &f->text);
    scratch_write(&f->s, "insurers/06139448/status.jws", buf_str(&f->text));
    assert_int_equal(status(f, "CC", NOW).state, VOID_LIST_DAMAGED);
    publish(f, NOW, 1, NULL, 0);
    buf_reset(&f->text);
    assert_int_equal(
        world_read_file(world_real(), scratch_path(&f->s, "insurers/06139448/status.jws", path), &f->text, NULL),
        ERR_OK);
    f->text.p[f->text.n / 2] ^= 1;
    scratch_write(&f->s, "insurers/06139448/status.jws", buf_str(&f->text));
    assert_int_equal(status(f, "CC", NOW).state, VOID_LIST_DAMAGED);
}

struct list_row {
    const char *why, *json;
    enum err want;
};
#define LIST(rids) "{\"iat\":1,\"exp\":2,\"kid\":\"k\",\"method\":\"rid\",\"ctr\":1,\"rids\":" rids "}"
static const struct list_row lists[] = {
    {"empty", LIST("[]"), ERR_OK},
    {"with a moment", LIST("[\"abc.1795532401\"]"), ERR_OK},
    {"an empty entry", LIST("[\"\"]"), ERR_VALUE},
    {"a moment of nothing", LIST("[\"abc.\"]"), ERR_VALUE},
    {"no moment", LIST("[\"abc.x\"]"), ERR_VALUE},
    {"a strange character", LIST("[\"ab c\"]"), ERR_VALUE},
    {"too long", LIST("[\"AAAAAAAAAAAAAAAAAAAAAAAAA\"]"), ERR_VALUE},
    {"a number", LIST("[1]"), ERR_VALUE},
    {"no list", LIST("{}"), ERR_MISSING},
    {"another method", "{\"iat\":1,\"exp\":2,\"kid\":\"k\",\"method\":\"bit\",\"ctr\":1,\"rids\":[]}",
     ERR_NOT_SUPPORTED},
    {"no end", "{\"iat\":1,\"kid\":\"k\",\"method\":\"rid\",\"ctr\":1,\"rids\":[]}", ERR_VALUE},
};

static void a_list_has_the_standards_form(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct arena a;
        struct void_list l;
        arena_init(&a, 1 << 16);
        row_check(void_list_read(&a, str_c(lists[i].json), &l, NULL) == lists[i].want, lists[i].why);
        arena_fini(&a);
    }
}

static void an_entry_with_a_moment_voids_what_was_made_before_it(void **state) {
    (void)state;
    struct arena a;
    struct void_list l;
    arena_init(&a, 1 << 16);
    assert_int_equal(void_list_read(&a, S(LIST("[\"abc.1795532401\",\"def\"]")), &l, NULL), ERR_OK);
    assert_true(void_list_holds(&l, S("abc"), 1795532400));
    assert_false(void_list_holds(&l, S("abc"), 1795532401));
    assert_true(void_list_holds(&l, S("def"), 1795532401));
    assert_false(void_list_holds(&l, S("ab"), 0));
    arena_fini(&a);
}

static void feed_list(void *context, struct str input) {
    struct arena a;
    struct void_list l;
    struct diag d = {0};
    (void)context;
    arena_init(&a, 1 << 16);
    enum err e = void_list_read(&a, input, &l, &d);
    assert_true(e == ERR_OK || d.err == e);
    if (e == ERR_OK) (void)void_list_holds(&l, S("abc"), 0);
    arena_fini(&a);
}

static void feed_set(void *context, struct str input) {
    struct issuers *s = NULL;
    struct diag d = {0};
    (void)context;
    assert_int_equal(issuers_new(&s, world_real(), "/nonexistent", NULL), ERR_OK);
    enum err e = issuers_read(s, sample_insurer, input, &d);
    assert_true(e == ERR_OK ? issuers_count(s) == 1 : d.err == e);
    issuers_close(s);
}

static void every_truncation_and_flipped_bit_comes_back(void **state) {
    (void)state;
    struct str list = S(LIST("[\"abc.1795532401\",\"def\"]")), set = str_c(sets[0].jwks);
    assert_int_equal(hostile_all(list, feed_list, NULL), 9 * list.n);
    assert_int_equal(hostile_all(set, feed_set, NULL), 9 * set.n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_signature_is_its_own_keys_alone, set_up, tear_down),
        cmocka_unit_test(a_key_set_gives_keys_that_prove_their_name),
        cmocka_unit_test(a_point_off_the_curve_is_no_key),
        cmocka_unit_test_setup_teardown(a_set_that_cannot_be_read_is_counted_and_hides_nobody_else, set_up, tear_down),
        cmocka_unit_test(no_folder_says_so),
        cmocka_unit_test_setup_teardown(a_list_tells_void_papers_until_it_is_stale_and_after, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_set_says_that_there_is_a_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_counter_never_goes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_is_not_the_insurers_own_is_damaged, set_up, tear_down),
        cmocka_unit_test(a_list_has_the_standards_form),
        cmocka_unit_test(an_entry_with_a_moment_voids_what_was_made_before_it),
        cmocka_unit_test(every_truncation_and_flipped_bit_comes_back),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
