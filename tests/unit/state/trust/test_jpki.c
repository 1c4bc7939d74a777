#include "base/buf.h"
#include "lib/hostile.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "state/trust/jpki_profile.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static struct scratch scratch;
static struct authority authorities[JPKI_KINDS];
static EVP_PKEY *key;

static X509 *issue(enum jpki_kind kind, enum jpki_standing standing) {
    X509 *c = NULL;
    const struct jpki_holder nobody = jpki_nobody();
    assert_int_equal(jpki_issue(world_real(), kind, standing, &authorities[kind], key, &nobody, &c, NULL), ERR_OK);
    return c;
}

static X509_CRL *crl_of(enum jpki_kind kind, struct str index) {
    struct buf pem;
    buf_init(&pem, 1 << 20);
    assert_int_equal(jpki_crl_put(world_real(), kind, &authorities[kind], index, &pem, NULL), ERR_OK);
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    X509_CRL *crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);
    BIO_free(bio);
    buf_fini(&pem);
    assert_non_null(crl);
    return crl;
}

/* What OpenSSL says of a certificate with this policy, this authority and this CRL: X509_V_OK or its error. */
static int judged(X509 *c, X509 *authority, X509_CRL *crl, const char *policy) {
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *x = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *p = X509_STORE_get0_param(store);
    X509_STORE_add_cert(store, authority), X509_STORE_add_crl(store, crl);
    X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_EXPLICIT_POLICY);
    X509_VERIFY_PARAM_add0_policy(p, OBJ_txt2obj(policy, 1));
    assert_true(X509_STORE_CTX_init(x, store, c, NULL));
    (void)X509_verify_cert(x);
    int e = X509_STORE_CTX_get_error(x);
    X509_STORE_CTX_free(x);
    X509_STORE_free(store);
    return e;
}

static void openssl_agrees_with_every_standing(void **state) {
    (void)state;
    static const char *const policies[JPKI_KINDS] = {JPKI_POLICY_AUTH, JPKI_POLICY_SIGN};
    static const int want[JPKI_STANDINGS] = {X509_V_OK, X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_REVOKED};
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++) {
        X509 *c[JPKI_STANDINGS];
        struct buf index;
        buf_init(&index, 4096);
        for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) {
            c[s] = issue(k, s);
            assert_int_equal(jpki_index_put(&index, c[s], s == JPKI_REVOKED, 1790000000, NULL), ERR_OK);
        }
        X509_CRL *crl = crl_of(k, buf_str(&index)), *other = crl_of(1 - k, S(""));
        for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++)
            assert_int_equal(judged(c[s], authorities[k].certificate, crl, policies[k]), want[s]);
        assert_int_equal(judged(c[0], authorities[k].certificate, crl, policies[1 - k]), X509_V_ERR_NO_EXPLICIT_POLICY);
        assert_int_equal(judged(c[0], authorities[k].certificate, other, policies[k]), X509_V_ERR_UNABLE_TO_GET_CRL);
        assert_int_not_equal(judged(c[0], authorities[1 - k].certificate, crl, policies[k]), X509_V_OK);
        for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) X509_free(c[s]);
        X509_CRL_free(crl), X509_CRL_free(other);
        buf_fini(&index);
    }
}

static void the_kinds_differ_as_the_real_ones_do(void **state) {
    (void)state;
    X509 *auth = issue(JPKI_AUTH, JPKI_GOOD), *sign = issue(JPKI_SIGN, JPKI_GOOD);
    assert_int_equal(X509_get_key_usage(auth), KU_DIGITAL_SIGNATURE);
    assert_int_equal(X509_get_key_usage(sign), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
    assert_true(X509_get_ext_by_NID(auth, NID_subject_alt_name, -1) < 0);
    assert_true(X509_get_ext_by_NID(sign, NID_subject_alt_name, -1) >= 0);
    assert_true(X509_get_ext_by_NID(sign, NID_ext_key_usage, -1) < 0);
    const int critical[] = {NID_key_usage, NID_certificate_policies};
    for (size_t i = 0; i < ARRAY_LEN(critical); i++) {
        X509_EXTENSION *e = X509_get_ext(auth, X509_get_ext_by_NID(auth, critical[i], -1));
        assert_true(e && X509_EXTENSION_get_critical(e));
    }
    char cn[64];
    assert_int_equal(X509_NAME_get_text_by_NID(X509_get_subject_name(auth), NID_commonName, cn, sizeof cn), 23);
    X509_free(auth), X509_free(sign);
}

static void nobody_can_write_extensions_with_a_name(void **state) {
    (void)state;
    static const struct {
        const char *name;
        char sex;
        bool good;
    } rows[] = {
        {"窓野　花子", '2', true}, {"SMITH JOHN-PAUL", '1', true}, {"𠮷田　一", '9', true},  {"", '2', false},
        {" 花子", '2', false},     {"花\n[x]", '2', false},        {"花,DNS:x", '2', false}, {"$HOME", '2', false},
        {"花#子", '2', false},     {"\xff", '2', false},           {"花子", '0', false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct jpki_holder h = jpki_nobody();
        h.name = str_c(rows[i].name), h.sex = rows[i].sex;
        row_check((jpki_holder_check(&h, NULL) == ERR_OK) == rows[i].good, rows[i].name);
    }
}

static void a_folder_is_made_once_and_read_again(void **state) {
    (void)state;
    char folder[SCRATCH_PATH_MAX];
    struct jpki_made made;
    struct jpki_card first, again;
    struct diag d;
    const struct jpki_holder nobody = jpki_nobody();
    scratch_path(&scratch, "keys", folder);
    assert_int_equal(jpki_card_read(world_real(), folder, S("hanako"), JPKI_GOOD, &first, &d), ERR_NOT_FOUND);
    assert_int_equal(jpki_make(world_real(), folder, S("hanako"), &nobody, &made, &d), ERR_OK);
    assert_true(made.authorities && made.card);
    assert_int_equal(jpki_card_read(world_real(), folder, S("hanako"), JPKI_GOOD, &first, &d), ERR_OK);
    assert_int_equal(jpki_make(world_real(), folder, S("hanako"), &nobody, &made, &d), ERR_OK);
    assert_false(made.authorities || made.card);
    assert_int_equal(jpki_card_read(world_real(), folder, S("hanako"), JPKI_REVOKED, &again, &d), ERR_OK);
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++) {
        assert_int_equal(X509_cmp(first.authority[k], again.authority[k]), 0);
        assert_int_not_equal(X509_cmp(first.certificate[k], again.certificate[k]), 0);
        assert_int_equal(EVP_PKEY_eq(first.key[k], X509_get0_pubkey(again.certificate[k])), 1);
    }
    jpki_card_fini(&first), jpki_card_fini(&again);
    static const char *const bad[] = {"", "..", "a/b", "花子", "a.b", "123456789012345678901234567890123"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        row_check(jpki_make(world_real(), folder, str_c(bad[i]), &nobody, &made, &d) == ERR_VALUE, bad[i]);
}

static void an_index_is_read_strictly(void **state) {
    (void)state;
    static const struct {
        const char *text, *why;
        unsigned line;
    } rows[] = {
        {"", "empty", 0},
        {"V\t311123063203Z\t\t4E2E9F66\tunknown\t/C=JP\n", "valid", 0},
        {"R\t311123063203Z\t261125063203Z\t4E2E9F66\tunknown\t/C=JP\n", "revoked", 0},
        {"R\t311123063203Z\t261125063203Z,keyCompromise\t4E2E9F66\tunknown\t/C=JP\n", "with a reason", 0},
        {"R\t311123063203Z\t\t4E2E9F66\tunknown\t/C=JP\n", "revoked never", 1},
        {"R\t311123063203Z\t261199063203Z\t4E2E9F66\tunknown\t/C=JP\n", "on no day", 1},
        {"V\t311123063203Z\t261125063203Z\t4E2E9F66\tunknown\t/C=JP\n", "valid and revoked", 1},
        {"V\t311123063203Z\t\tXYZ\tunknown\t/C=JP\n", "no serial number", 1},
        {"\n", "an empty line", 1},
        {"V\t311123063203Z\t\t4E\tunknown\t/C=JP\nrubbish\n", "a bad second line", 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        struct buf pem;
        buf_init(&pem, 1 << 16);
        enum err e = jpki_crl_put(world_real(), JPKI_AUTH, &authorities[JPKI_AUTH], str_c(rows[i].text), &pem, &d);
        row_check((e == ERR_OK) == (rows[i].line == 0), rows[i].why);
        row_check(rows[i].line == 0 || (e == ERR_CORRUPT && d.line == rows[i].line), rows[i].why);
        buf_fini(&pem);
    }
}

static void feed(void *context, struct str input) {
    struct buf pem;
    (void)context;
    buf_init(&pem, 1 << 16);
    enum err e = jpki_crl_put(world_real(), JPKI_AUTH, &authorities[JPKI_AUTH], input, &pem, NULL);
    assert_true(e == ERR_OK || e == ERR_CORRUPT);
    buf_fini(&pem);
}

static void no_damage_to_an_index_harms_the_reader(void **state) {
    (void)state;
    assert_true(hostile_all(S("R\t311123063203Z\t261125063203Z\t4E2E9F66\tu\t/\n"), feed, NULL) > 300);
}

static int make(void **state) {
    (void)state;
    scratch_make(&scratch);
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++)
        if (jpki_authority_make(world_real(), k, &authorities[k], NULL) != ERR_OK) return -1;
    return jpki_key_make(&key, NULL) == ERR_OK ? 0 : -1;
}

static int unmake(void **state) {
    (void)state;
    scratch_remove(&scratch);
    for (enum jpki_kind k = 0; k < JPKI_KINDS; k++)
        EVP_PKEY_free(authorities[k].key), X509_free(authorities[k].certificate);
    EVP_PKEY_free(key);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_agrees_with_every_standing),
        cmocka_unit_test(the_kinds_differ_as_the_real_ones_do),
        cmocka_unit_test(nobody_can_write_extensions_with_a_name),
        cmocka_unit_test(a_folder_is_made_once_and_read_again),
        cmocka_unit_test(an_index_is_read_strictly),
        cmocka_unit_test(no_damage_to_an_index_harms_the_reader),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
