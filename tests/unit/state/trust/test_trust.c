#include "lib/failing_world.h"
#include "lib/trust_keys.h"
#include "lib/unit.h"
#include "state/trust/certificate.h"
#include "state/trust/standing.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

static const char code[] = "0110113719";

static X509 *certificate_at(const struct trust_keys *k, const char *name) {
    char path[KEYS_PATH_MAX];
    X509 *c = NULL;
    assert_int_equal(certificate_read(world_real(), trust_keys_path(k, name, path), &c, NULL), ERR_OK);
    return c;
}

/* What OpenSSL's verifier says of a certificate, the CRL looked at too. */
static int verified(const struct trust_keys *k, X509 *c, int purpose) {
    char path[KEYS_PATH_MAX];
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    assert_int_equal(X509_STORE_load_file(store, trust_keys_path(k, "ca.pem", path)), 1);
    assert_int_equal(X509_STORE_load_file(store, trust_keys_path(k, "crl.pem", path)), 1);
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_X509_STRICT);
    assert_int_equal(X509_STORE_CTX_init(context, store, c, NULL), 1);
    X509_STORE_CTX_set_purpose(context, purpose);
    int good = X509_verify_cert(context), error = X509_STORE_CTX_get_error(context);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return good == 1 ? X509_V_OK : error;
}

static void a_strict_verifier_accepts_what_was_made(void **state) {
    (void)state;
    struct trust_keys k;
    trust_keys_make(&k);
    X509 *client = certificate_at(&k, "institutions/0110113719/cert.pem"),
         *server = certificate_at(&k, "server/cert.pem");
    assert_int_equal(verified(&k, client, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
    assert_int_equal(verified(&k, server, X509_PURPOSE_SSL_SERVER), X509_V_OK);
    assert_int_equal(verified(&k, client, X509_PURPOSE_SSL_SERVER), X509_V_ERR_INVALID_PURPOSE);
    assert_int_equal(verified(&k, server, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
    assert_int_equal(X509_check_host(server, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(server, "::1", 0), 1);
    X509_free(client);
    X509_free(server);
    trust_keys_remove(&k);
}

static void the_subject_names_the_institution(void **state) {
    (void)state;
    struct trust_keys k;
    char text[64];
    trust_keys_make(&k);
    X509 *c = certificate_at(&k, "institutions/0110113719/cert.pem");
    assert_int_equal(X509_NAME_get_text_by_NID(X509_get_subject_name(c), NID_serialNumber, text, sizeof text), 10);
    assert_string_equal(text, code);
    assert_true(X509_get_extension_flags(c) & EXFLAG_BCONS);
    assert_int_equal(ASN1_STRING_length(X509_get0_serialNumber(c)), 16);
    X509_free(c);
    trust_keys_remove(&k);
}

static void keys_are_for_their_owner_alone(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned mode;
    } rows[] = {{"", 0700},       {"authority", 0700},      {"authority/ca.key", 0600},
                {"server", 0700}, {"server/key.pem", 0600}, {"institutions/0110113719", 0700},
                {"ca.pem", 0644}, {"crl.pem", 0644},        {"institutions/0110113719/key.pem", 0600},
                {"revoked", 0644}};
    struct trust_keys k;
    struct stat st;
    char path[KEYS_PATH_MAX];
    trust_keys_make(&k);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        row_check(stat(trust_keys_path(&k, rows[i].name, path), &st) == 0, rows[i].name);
        row_check((st.st_mode & 0777) == rows[i].mode, rows[i].name);
    }
    trust_keys_remove(&k);
}

static void making_again_changes_nothing(void **state) {
    (void)state;
    struct trust_keys k;
    struct trust_made made;
    trust_keys_make(&k);
    X509 *before = certificate_at(&k, "institutions/0110113719/cert.pem");
    assert_int_equal(trust_init(world_real(), k.folder, NULL, 0, &made, NULL), ERR_OK);
    assert_false(made.authority || made.server);
    assert_int_equal(trust_institution(world_real(), k.folder, k.institution, 30, &made, NULL), ERR_OK);
    assert_false(made.institution);
    X509 *after = certificate_at(&k, "institutions/0110113719/cert.pem");
    assert_int_equal(X509_cmp(before, after), 0);
    X509_free(before);
    X509_free(after);
    trust_keys_remove(&k);
}

static void a_host_name_is_no_door_into_the_certificate(void **state) {
    (void)state;
    static const struct {
        const char *host;
        enum err want;
    } rows[] = {
        {"mado.example.jp", ERR_OK}, {"192.0.2.7", ERR_OK},    {"2001:db8::1", ERR_OK}, {"a,IP:10.0.0.1", ERR_VALUE},
        {"a b", ERR_VALUE},          {"*.example", ERR_VALUE}, {"", ERR_VALUE},         {"a:b", ERR_VALUE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct trust_keys k = {.folder = "/tmp/mado-keys-XXXXXX"};
        struct trust_host host = {str_c(rows[i].host)};
        struct trust_made made;
        assert_non_null(mkdtemp(k.folder));
        row_check(trust_init(world_real(), k.folder, &host, 1, &made, NULL) == rows[i].want, rows[i].host);
        trust_keys_remove(&k);
    }
}

static void without_an_authority_nobody_is_named(void **state) {
    (void)state;
    struct trust_keys k = {.folder = "/tmp/mado-keys-XXXXXX", .institution = {110113719}};
    struct trust_made made;
    struct diag d;
    assert_non_null(mkdtemp(k.folder));
    assert_int_equal(trust_institution(world_real(), k.folder, k.institution, 30, &made, &d), ERR_NOT_FOUND);
    assert_string_equal(d.where, "authority");
    assert_int_equal(trust_institution(world_real(), k.folder, k.institution, 0, &made, &d), ERR_VALUE);
    trust_keys_remove(&k);
}

static bool on_the_list(const struct trust_keys *k, X509 *c) {
    char path[KEYS_PATH_MAX];
    struct standing *s;
    struct revocation r;
    assert_int_equal(certificate_name(c, &r, NULL), ERR_OK);
    assert_int_equal(standing_open(&s, world_real(), trust_keys_path(k, "revoked", path), NULL), ERR_OK);
    bool good = standing_good(s, r.fingerprint);
    standing_close(s);
    return !good;
}

static void a_revoked_certificate_is_on_the_list_and_in_the_crl_and_can_be_replaced(void **state) {
    (void)state;
    struct trust_keys k;
    struct trust_made made;
    struct stat st;
    trust_keys_make(&k);
    X509 *c = certificate_at(&k, "institutions/0110113719/cert.pem");
    assert_false(on_the_list(&k, c));
    assert_int_equal(trust_revoke(world_real(), k.folder, k.institution, &made, NULL), ERR_OK);
    assert_true(made.revoked);
    assert_int_equal(stat(made.moved_to, &st), 0);
    assert_true(on_the_list(&k, c));
    assert_int_equal(verified(&k, c, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_CERT_REVOKED);
    assert_int_equal(trust_revoke(world_real(), k.folder, k.institution, &made, NULL), ERR_NOT_FOUND);
    assert_int_equal(trust_institution(world_real(), k.folder, k.institution, 30, &made, NULL), ERR_OK);
    assert_true(made.institution);
    X509 *fresh = certificate_at(&k, "institutions/0110113719/cert.pem");
    assert_int_equal(verified(&k, fresh, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
    assert_false(on_the_list(&k, fresh));
    X509_free(c);
    X509_free(fresh);
    trust_keys_remove(&k);
}

/* Whatever the disk refuses: the certificate is on the list or it is not, and once more finishes it, once on the list. */
static void a_revocation_that_fails_anywhere_is_finished_by_the_next(void **state) {
    (void)state;
    size_t nth = 1;
    for (bool failed = true; failed; nth++) {
        struct failing_world f;
        struct trust_keys k;
        struct trust_made made;
        char path[KEYS_PATH_MAX];
        struct buf list;
        trust_keys_make(&k);
        X509 *c = certificate_at(&k, "institutions/0110113719/cert.pem");
        enum err e = trust_revoke(failing_world(&f, nth, ENOSPC), k.folder, k.institution, &made, NULL);
        failed = f.hit;
        if (e != ERR_OK) assert_int_equal(trust_revoke(world_real(), k.folder, k.institution, &made, NULL), ERR_OK);
        assert_true(on_the_list(&k, c));
        assert_int_equal(verified(&k, c, X509_PURPOSE_SSL_CLIENT), X509_V_ERR_CERT_REVOKED);
        buf_init(&list, 4096);
        assert_int_equal(world_read_file(world_real(), trust_keys_path(&k, "revoked", path), &list, NULL), ERR_OK);
        assert_int_equal(str_find(buf_str(&list), S("\n")) + 1, list.n);
        buf_fini(&list);
        X509_free(c);
        trust_keys_remove(&k);
    }
    assert_true(nth > 10);
}

/* Keys too: after a failure anywhere, once more makes them whole, and a key that was told of is never replaced. */
static void making_that_fails_anywhere_is_finished_by_the_next(void **state) {
    (void)state;
    size_t nth = 1;
    for (bool failed = true; failed; nth++) {
        struct failing_world f;
        struct trust_keys k = {.folder = "/tmp/mado-keys-XXXXXX", .institution = {110113719}};
        struct trust_made made;
        assert_non_null(mkdtemp(k.folder));
        struct world *w = failing_world(&f, nth, ENOSPC);
        if (trust_init(w, k.folder, NULL, 0, &made, NULL) == ERR_OK)
            (void)!trust_institution(w, k.folder, k.institution, 30, &made, NULL);
        failed = f.hit;
        assert_int_equal(trust_init(world_real(), k.folder, NULL, 0, &made, NULL), ERR_OK);
        assert_int_equal(trust_institution(world_real(), k.folder, k.institution, 30, &made, NULL), ERR_OK);
        X509 *c = certificate_at(&k, "institutions/0110113719/cert.pem"), *s = certificate_at(&k, "server/cert.pem");
        assert_int_equal(verified(&k, c, X509_PURPOSE_SSL_CLIENT), X509_V_OK);
        assert_int_equal(verified(&k, s, X509_PURPOSE_SSL_SERVER), X509_V_OK);
        X509_free(c);
        X509_free(s);
        trust_keys_remove(&k);
    }
    assert_true(nth > 30);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strict_verifier_accepts_what_was_made),
        cmocka_unit_test(the_subject_names_the_institution),
        cmocka_unit_test(keys_are_for_their_owner_alone),
        cmocka_unit_test(making_again_changes_nothing),
        cmocka_unit_test(a_host_name_is_no_door_into_the_certificate),
        cmocka_unit_test(without_an_authority_nobody_is_named),
        cmocka_unit_test(a_revoked_certificate_is_on_the_list_and_in_the_crl_and_can_be_replaced),
        cmocka_unit_test(a_revocation_that_fails_anywhere_is_finished_by_the_next),
        cmocka_unit_test(making_that_fails_anywhere_is_finished_by_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
