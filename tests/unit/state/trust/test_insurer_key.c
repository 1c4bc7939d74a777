#include "base/buf.h"
#include "base/json.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "state/trust/certificate.h"
#include "state/trust/insurer_key.h"

#include <errno.h>
#include <openssl/ecdsa.h>
#include <sodium.h>
#include <sys/stat.h>

static const struct insurer_number insurer = {6139448};

static void read_text(const struct scratch *s, const char *name, struct buf *out) {
    char path[SCRATCH_PATH_MAX];
    buf_reset(out);
    assert_int_equal(world_read_file(world_real(), scratch_path(s, name, path), out, NULL), ERR_OK);
}

static void a_key_is_made_once_and_kept(void **state) {
    (void)state;
    struct scratch s;
    struct buf first, second;
    struct stat key;
    char path[SCRATCH_PATH_MAX];
    bool made = false;
    scratch_make(&s);
    buf_init(&first, 4096);
    buf_init(&second, 4096);
    assert_int_equal(insurer_key_make(world_real(), s.folder, insurer, &made, NULL), ERR_OK);
    assert_true(made);
    read_text(&s, "insurers/06139448/key.pem", &first);
    assert_int_equal(insurer_key_make(world_real(), s.folder, insurer, &made, NULL), ERR_OK);
    assert_false(made);
    read_text(&s, "insurers/06139448/key.pem", &second);
    assert_str(buf_str(&second), buf_str(&first));
    assert_int_equal(stat(scratch_path(&s, "insurers/06139448/key.pem", path), &key), 0);
    assert_int_equal(key.st_mode & 0777, 0600);
    buf_fini(&first);
    buf_fini(&second);
    scratch_remove(&s);
}

/* OpenSSL checks with the key as it stands on the disk, from the pair put back into DER. */
static bool openssl_accepts(const struct scratch *s, struct str bytes, const uint8_t signature[ES256_BYTES]) {
    char path[SCRATCH_PATH_MAX];
    unsigned char *der = NULL;
    EVP_PKEY *key = NULL;
    assert_int_equal(key_read(world_real(), scratch_path(s, "insurers/06139448/key.pem", path), &key, NULL), ERR_OK);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
    int n = i2d_ECDSA_SIG(pair, &der);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key), 1);
    bool ok = EVP_DigestVerify(c, der, (size_t)n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(c);
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    EVP_PKEY_free(key);
    return ok;
}

static void openssl_accepts_each_signature_and_no_other_bytes(void **state) {
    (void)state;
    struct scratch s;
    struct insurer_key *k = NULL;
    uint8_t signature[ES256_BYTES];
    bool made;
    scratch_make(&s);
    assert_int_equal(insurer_key_make(world_real(), s.folder, insurer, &made, NULL), ERR_OK);
    assert_int_equal(insurer_key_open(&k, world_real(), s.folder, insurer, NULL), ERR_OK);
    for (int i = 0; i < 300; i++) { /* a leading zero in r or s comes once in 128 */
        assert_int_equal(insurer_key_sign(k, S("見本"), signature, NULL), ERR_OK);
        assert_true(openssl_accepts(&s, S("見本"), signature));
    }
    assert_false(openssl_accepts(&s, S("見木"), signature));
    insurer_key_close(k);
    scratch_remove(&s);
}

static void the_published_set_holds_the_public_half_alone(void **state) {
    (void)state;
    struct scratch s;
    struct buf text;
    struct arena a;
    struct json v;
    struct str kid, crv;
    struct insurer_key *k = NULL;
    bool made;
    scratch_make(&s);
    buf_init(&text, 4096);
    arena_init(&a, 1 << 16);
    assert_int_equal(insurer_key_make(world_real(), s.folder, insurer, &made, NULL), ERR_OK);
    assert_int_equal(insurer_key_open(&k, world_real(), s.folder, insurer, NULL), ERR_OK);
    read_text(&s, "insurers/06139448/jwks.json", &text);
    assert_int_equal(json_read(&a, buf_str(&text), &v, NULL), ERR_OK);
    struct json key = json_first(json_get(v, "keys"));
    assert_true(json_str(json_get(key, "kid"), &kid));
    assert_true(json_str(json_get(key, "crv"), &crv));
    assert_str(kid, insurer_key_kid(k));
    assert_str(crv, S("P-256"));
    assert_int_equal(json_kind(json_get(key, "d")), JSON_NONE);
    insurer_key_close(k);
    arena_fini(&a);
    buf_fini(&text);
    scratch_remove(&s);
}

static void no_key_says_how_to_make_one(void **state) {
    (void)state;
    struct insurer_key *k = NULL;
    struct diag d;
    assert_int_equal(insurer_key_open(&k, world_real(), "/nonexistent", insurer, &d), ERR_NOT_FOUND);
    assert_non_null(strstr(d.detail, "mado keys insurer"));
}

static void a_disk_that_fails_leaves_no_half_key(void **state) {
    (void)state;
    struct failing_world f;
    bool made, hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct scratch s;
        scratch_make(&s);
        struct world *w = failing_world(&f, nth, EIO);
        enum err e = insurer_key_make(w, s.folder, insurer, &made, NULL);
        hit = f.hit;
        if (e != ERR_OK) assert_int_equal(insurer_key_make(world_real(), s.folder, insurer, &made, NULL), ERR_OK);
        struct insurer_key *k = NULL;
        assert_int_equal(insurer_key_open(&k, world_real(), s.folder, insurer, NULL), ERR_OK);
        insurer_key_close(k);
        scratch_remove(&s);
        assert_true(nth < 200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made_once_and_kept),
        cmocka_unit_test(openssl_accepts_each_signature_and_no_other_bytes),
        cmocka_unit_test(the_published_set_holds_the_public_half_alone),
        cmocka_unit_test(no_key_says_how_to_make_one),
        cmocka_unit_test(a_disk_that_fails_leaves_no_half_key),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
