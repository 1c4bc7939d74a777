#include "lib/scratch.h"
#include "lib/unit.h"
#include "state/trust/card_trust.h"

#include <unistd.h>

static struct scratch scratch;
static char keys[SCRATCH_PATH_MAX];

static int begin(void **state) {
    const struct jpki_holder nobody = jpki_nobody();
    struct jpki_made made;
    (void)state;
    scratch_make(&scratch);
    (void)scratch_path(&scratch, "keys", keys);
    return jpki_make(world_real(), keys, S("hanako"), &nobody, &made, NULL) == ERR_OK ? 0 : -1;
}
static int end(void **state) { return (void)state, scratch_remove(&scratch), 0; }

static enum err add(const char *name, enum card_trust_kind *kind) {
    char path[SCRATCH_PATH_MAX];
    return card_trust_add(world_real(), keys, scratch_path(&scratch, name, path), kind, NULL);
}

static struct card_trust *open_trust(void) {
    struct card_trust *t = NULL;
    assert_int_equal(card_trust_open(&t, world_real(), keys, NULL, NULL), ERR_OK);
    return t;
}

static void the_test_hierarchy_is_not_believed_by_being_there(void **state) {
    (void)state;
    struct card_trust *t = open_trust();
    assert_true(card_trust_empty(t));
    card_trust_close(t);
}

static void what_is_put_in_place_is_believed_without_a_new_start(void **state) {
    (void)state;
    enum card_trust_kind kind;
    struct card_trust *t = open_trust();
    assert_int_equal(add("keys/jpki/auth/crl.pem", &kind), ERR_VALUE); /* signed by nobody we believe yet */
    assert_int_equal(add("keys/jpki/auth/ca.pem", &kind), ERR_OK);
    assert_int_equal(kind, CARD_TRUST_AUTHORITY);
    assert_int_equal(add("keys/jpki/auth/crl.pem", &kind), ERR_OK);
    assert_int_equal(kind, CARD_TRUST_CRL);
    assert_true(card_trust_empty(t));
    card_trust_refresh(t);
    assert_int_equal(card_trust_anchors(t).authority_count, 1);
    assert_int_equal(card_trust_anchors(t).crl_count, 1);
    assert_int_equal(add("keys/jpki/auth/ca.pem", &kind), ERR_OK); /* again is the same */
    assert_int_equal(add("keys/jpki/auth/crl.pem", &kind), ERR_OK);
    card_trust_refresh(t);
    assert_int_equal(card_trust_anchors(t).authority_count, 1);
    assert_int_equal(card_trust_anchors(t).crl_count, 1);
    card_trust_close(t);
}

static void what_is_no_authority_and_no_crl_is_refused(void **state) {
    (void)state;
    enum card_trust_kind kind;
    assert_int_equal(add("keys/jpki/auth/ca.pem", &kind), ERR_OK);
    static const struct {
        const char *file;
        enum err want;
    } rows[] = {
        {"keys/jpki/people/hanako/auth.pem", ERR_VALUE}, /* a card's own certificate makes no authority */
        {"keys/jpki/auth/ca.key", ERR_VALUE},
        {"keys/jpki/sign/crl.pem", ERR_VALUE}, /* of another authority */
        {"keys/jpki/none.pem", ERR_NOT_FOUND},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) row_check(add(rows[i].file, &kind) == rows[i].want, rows[i].file);
}

static void a_key_is_never_copied(void **state) {
    (void)state;
    enum card_trust_kind kind;
    struct buf both;
    char path[SCRATCH_PATH_MAX];
    buf_init(&both, 1 << 16);
    assert_int_equal(world_read_file(world_real(), scratch_path(&scratch, "keys/jpki/auth/ca.pem", path), &both, NULL),
                     ERR_OK);
    buf_puts(&both, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    scratch_write(&scratch, "both.pem", buf_str(&both));
    assert_int_equal(add("both.pem", &kind), ERR_OK);
    assert_int_equal(unlink(scratch_path(&scratch, "both.pem", path)), 0);
    assert_int_equal(unlink(scratch_path(&scratch, "keys/jpki/auth/ca.key", path)), 0);
    assert_int_equal(unlink(scratch_path(&scratch, "keys/jpki/auth/ocsp.key", path)), 0);
    assert_false(scratch_holds(&scratch, S("PRIVATE KEY-----\nAAAA")));
    buf_fini(&both);
}

static void a_file_that_is_damaged_is_left_out_and_the_rest_serves(void **state) {
    (void)state;
    enum card_trust_kind kind;
    assert_int_equal(add("keys/jpki/auth/ca.pem", &kind), ERR_OK);
    assert_int_equal(add("keys/jpki/auth/crl.pem", &kind), ERR_OK);
    scratch_write(&scratch, "keys/cards/authorities/broken.pem", S("-----BEGIN CERTIFICATE-----\nno\n"));
    scratch_write(&scratch, "keys/cards/crls/broken.pem", S(""));
    scratch_write(&scratch, "keys/cards/crls/README", S("not looked at"));
    struct card_trust *t = open_trust();
    assert_int_equal(card_trust_anchors(t).authority_count, 1);
    assert_int_equal(card_trust_anchors(t).crl_count, 1);
    assert_int_equal(card_trust_left_out(t), 2);
    card_trust_close(t);
}

#define POINT_SIGN                                                                                                     \
    "CN=Chiyoda-ku CRLDP,OU=Tokyo-to,OU=CRL Distribution Points,OU=JPKI for digital signature,O=JPKI-TEST,C=JP"
#define POINT                                                                                                          \
    "CN=Chiyoda-ku CRLDP,OU=Tokyo-to,OU=CRL Distribution Points,OU=JPKI for user authentication,O=JPKI-TEST,C=JP"

static void a_fetched_crl_is_taken_for_its_own_distribution_point_alone(void **state) {
    (void)state;
    enum card_trust_kind kind;
    char path[SCRATCH_PATH_MAX], fetched[SCRATCH_PATH_MAX];
    struct card_trust *t = NULL;
    struct buf crl, other;
    buf_init(&crl, 1 << 16), buf_init(&other, 1 << 16);
    assert_int_equal(add("keys/jpki/auth/ca.pem", &kind), ERR_OK);
    assert_int_equal(card_trust_open(&t, world_real(), keys, scratch_path(&scratch, "fetched", fetched), NULL), ERR_OK);
    assert_int_equal(world_read_file(world_real(), scratch_path(&scratch, "keys/jpki/auth/crl.pem", path), &crl, NULL),
                     ERR_OK);
    assert_int_equal(
        world_read_file(world_real(), scratch_path(&scratch, "keys/jpki/sign/crl.pem", path), &other, NULL), ERR_OK);
    static const struct {
        const char *point;
        enum err want;
    } rows[] = {{"*", ERR_CONFLICT}, {"CN=Elsewhere CRLDP,C=JP", ERR_CONFLICT}, {POINT, ERR_OK}, {POINT, ERR_OK}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        row_check(card_trust_take_crl(t, buf_str(&crl), str_c(rows[i].point), NULL) == rows[i].want, rows[i].point);
        card_trust_refresh(t);
        row_check(card_trust_anchors(t).crl_count == (rows[i].want == ERR_OK), rows[i].point);
    }
    assert_int_equal(card_trust_take_crl(t, buf_str(&other), S(POINT_SIGN), NULL), ERR_VALUE); /* another authority's */
    assert_int_equal(card_trust_take_crl(t, S("<html>"), S(POINT), NULL), ERR_VALUE);
    assert_int_equal(card_trust_take_crl(t, S(""), S(POINT), NULL), ERR_VALUE);
    card_trust_close(t);
    buf_fini(&crl), buf_fini(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_test_hierarchy_is_not_believed_by_being_there),
        TEST(what_is_put_in_place_is_believed_without_a_new_start),
        TEST(what_is_no_authority_and_no_crl_is_refused),
        TEST(a_key_is_never_copied),
        TEST(a_fetched_crl_is_taken_for_its_own_distribution_point_alone),
        TEST(a_file_that_is_damaged_is_left_out_and_the_rest_serves),
    };
    return cmocka_run_group_tests_name("card trust", tests, NULL, NULL);
}
