#include "base/buf.h"
#include "lib/hostile.h"
#include "lib/unit.h"
#include "state/trust/card_check.h"
#include "state/trust/jpki_profile.h"

#include <openssl/pem.h>
#include <sodium.h>

enum { NEWER, OLDER, OTHER_KIND, AUTHORITIES, YEAR_S = 365 * 86400 };
#define CHALLENGE S("a challenge of the centre, for one institution and one visit")

static struct authority authorities[AUTHORITIES]; /* NEWER and OLDER: two generations of one name */
static X509 *anchors_of[AUTHORITIES];
static EVP_PKEY *key;
static X509 *certificates[JPKI_STANDINGS]; /* of NEWER */
static struct buf ders[JPKI_STANDINGS], signature;
static X509_CRL *crl, *crl_of_other;
static int64_t now;

static X509 *issue(const struct authority *by, enum jpki_kind kind, enum jpki_standing standing) {
    const struct jpki_holder nobody = jpki_nobody();
    X509 *c = NULL;
    invariant(jpki_issue(world_real(), kind, standing, by, key, &nobody, &c, NULL) == ERR_OK);
    return c;
}

static void put_der(X509 *c, struct buf *out) {
    buf_init(out, CARD_CERTIFICATE_MAX);
    invariant(jpki_put_der(c, out, NULL) == ERR_OK);
}

static X509_CRL *make_crl(enum jpki_kind kind, const struct authority *by, struct str index) {
    struct buf pem;
    buf_init(&pem, 1 << 16);
    invariant(jpki_crl_put(world_real(), kind, by, index, &pem, NULL) == ERR_OK);
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    X509_CRL *made = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);
    BIO_free(bio);
    buf_fini(&pem);
    return made;
}

static void sign(EVP_PKEY *by, struct str message, struct buf *out) {
    size_t n = 512;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    buf_init(out, 512);
    invariant(EVP_DigestSignInit(m, NULL, EVP_sha256(), NULL, by) == 1);
    invariant(EVP_DigestSign(m, (unsigned char *)buf_room(out, n), &n, (const unsigned char *)message.p, message.n) ==
              1);
    out->n = n;
    EVP_MD_CTX_free(m);
}

static struct card_anchors with(size_t authority_count, X509_CRL *const *crls, size_t crl_count) {
    return (struct card_anchors){anchors_of, authority_count, crls, crl_count};
}

static struct card_claim claim_of(const struct buf *der) {
    return (struct card_claim){JPKI_AUTH, buf_str(der), CHALLENGE, buf_str(&signature), S(""), false};
}

static struct card_checked check(const struct card_anchors *a, const struct card_claim *c, int64_t at) {
    struct card_checked out;
    assert_int_equal(card_check(a, c, at, &out, NULL), ERR_OK);
    return out;
}

static void each_standing_of_a_card_is_its_own_answer(void **state) {
    (void)state;
    static const struct {
        const char *why;
        enum jpki_standing standing;
        int64_t later_s;
        enum card_fault fault;
        enum revocation_state revocation;
    } rows[] = {
        {"in order", JPKI_GOOD, 0, CARD_FAULT_NONE, REVOCATION_GOOD},
        {"ended", JPKI_EXPIRED, 0, CARD_FAULT_EXPIRED, REVOCATION_GOOD},
        {"revoked", JPKI_REVOKED, 0, CARD_FAULT_NONE, REVOCATION_REVOKED},
        {"a CRL of last month", JPKI_GOOD, 30 * 86400, CARD_FAULT_NONE, REVOCATION_STALE},
        {"a CRL of last month that names it", JPKI_REVOKED, 30 * 86400, CARD_FAULT_NONE, REVOCATION_REVOKED},
        {"two days before it begins", JPKI_GOOD, -3 * 86400, CARD_FAULT_NOT_YET, REVOCATION_NOT_CHECKED},
        {"six years later", JPKI_GOOD, 6 * (int64_t)YEAR_S, CARD_FAULT_EXPIRED, REVOCATION_STALE},
    };
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_claim c = claim_of(&ders[rows[i].standing]);
        struct card_checked got = check(&a, &c, now + rows[i].later_s);
        row_check(got.fault == rows[i].fault, rows[i].why);
        row_check(got.revocation == rows[i].revocation, rows[i].why);
        row_check(card_proved(&got) == (i == 0), rows[i].why);
        row_check(got.not_after_s != 0, rows[i].why);
    }
}

static void nothing_at_hand_is_not_checked(void **state) {
    (void)state;
    struct card_claim c = claim_of(&ders[JPKI_GOOD]);
    struct card_anchors none = with(AUTHORITIES, NULL, 0), another = with(AUTHORITIES, &crl_of_other, 1);
    assert_int_equal(check(&none, &c, now).revocation, REVOCATION_NOT_CHECKED);
    assert_int_equal(check(&another, &c, now).revocation, REVOCATION_NOT_CHECKED);
    struct card_checked got = check(&none, &c, now);
    assert_int_equal(got.fault, CARD_FAULT_NONE);
    assert_false(card_proved(&got));
}

static void the_issuer_is_chosen_by_its_key(void **state) {
    (void)state;
    struct buf der;
    X509 *older = issue(&authorities[OLDER], JPKI_AUTH, JPKI_GOOD);
    put_der(older, &der);
    struct card_claim c = claim_of(&der);
    struct card_anchors all = with(AUTHORITIES, &crl, 1), one = with(1, &crl, 1);
    struct card_checked of_all = check(&all, &c, now), of_one = check(&one, &c, now);
    assert_int_equal(of_all.fault, CARD_FAULT_NONE);
    assert_int_equal(of_all.revocation,
                     REVOCATION_NOT_CHECKED); /* NEWER's CRL does not speak of it, though the name is the same */
    assert_int_equal(of_one.fault, CARD_FAULT_ISSUER);
    assert_int_equal(of_one.name.n, 0);
    X509_free(older);
    buf_fini(&der);
}

static void another_kind_of_certificate_is_refused(void **state) {
    (void)state;
    struct buf der;
    X509 *other = issue(&authorities[OTHER_KIND], JPKI_SIGN, JPKI_GOOD);
    X509 *unfit = issue(&authorities[NEWER], JPKI_SIGN, JPKI_GOOD);
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    put_der(other, &der);
    struct card_claim c = claim_of(&der);
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_POLICY);
    c.kind = JPKI_SIGN;
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_NONE);
    buf_fini(&der);
    put_der(unfit, &der);
    c = claim_of(&der);
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_POLICY);
    c = claim_of(&ders[JPKI_GOOD]), c.kind = JPKI_SIGN;
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_POLICY);
    buf_fini(&der);
    X509_free(other), X509_free(unfit);
}

static void a_certificate_without_the_key_usage_is_refused(void **state) {
    (void)state;
    /* The authority's own certificate with a card's policy would be one; here: key usage taken away, signed anew. */
    struct buf der;
    X509 *c = X509_dup(certificates[JPKI_GOOD]);
    X509_EXTENSION *e = X509_delete_ext(c, X509_get_ext_by_NID(c, NID_key_usage, -1));
    X509_EXTENSION_free(e);
    assert_true(X509_sign(c, authorities[NEWER].key, EVP_sha256()) > 0);
    put_der(c, &der);
    struct card_claim claim = claim_of(&der);
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    assert_int_equal(check(&a, &claim, now).fault, CARD_FAULT_KEY_USAGE);
    buf_fini(&der);
    X509_free(c);
}

static void only_this_signature_over_this_challenge_counts(void **state) {
    (void)state;
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_GOOD]);
    struct buf other;
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_NONE);
    c.challenge = S("another challenge");
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_SIGNATURE);
    sign(authorities[NEWER].key, CHALLENGE, &other);
    c = claim_of(&ders[JPKI_GOOD]), c.signature = buf_str(&other);
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_SIGNATURE);
    c.signature = S("");
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_SIGNATURE);
    buf_fini(&other);
}

static void the_name_is_the_certificates_own_and_can_be_forgotten(void **state) {
    (void)state;
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_GOOD]), other = claim_of(&ders[JPKI_REVOKED]);
    struct card_checked first = check(&a, &c, now), again = check(&a, &c, now + 60), second = check(&a, &other, now);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificates[JPKI_GOOD]);
    struct str bytes = str_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
    assert_str(card_name_view(&first.name), card_name_view(&again.name));
    assert_false(str_eq(card_name_view(&first.name), card_name_view(&second.name)));
    assert_str(str_head(card_name_view(&first.name), CARD_ISSUER_BYTES),
               str_head(card_name_view(&second.name), CARD_ISSUER_BYTES));
    assert_str(str_skip(card_name_view(&first.name), CARD_ISSUER_BYTES), bytes);
    card_name_forget(&first.name);
    struct str all = str_of(&first, sizeof first);
    assert_int_equal(str_find(all, bytes), all.n);
}

static void an_ended_certificate_has_to_hold_in_everything_else(void **state) {
    (void)state;
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_EXPIRED]);
    struct card_checked got = check(&a, &c, now);
    assert_int_equal(got.fault, CARD_FAULT_EXPIRED);
    assert_true(got.is_signed);
    c.challenge = S("another challenge");
    got = check(&a, &c, now);
    assert_int_equal(got.fault, CARD_FAULT_SIGNATURE);
    assert_false(got.is_signed);
    c.kind = JPKI_SIGN;
    assert_int_equal(check(&a, &c, now).fault, CARD_FAULT_POLICY);
}

static void a_certificate_alone_proves_nothing(void **state) {
    (void)state;
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_GOOD]);
    c.signature = S(""), c.certificate_only = true;
    struct card_checked got = check(&a, &c, now);
    assert_int_equal(got.fault, CARD_FAULT_NONE);
    assert_int_equal(got.revocation, REVOCATION_GOOD);
    assert_false(got.is_signed || card_proved(&got));
}

/* An answer by the authority itself, for a certificate it issued. */
static void answer(X509 *c, X509 *issuer, EVP_PKEY *by, X509 *signer, int status, int64_t from_s, int64_t to_s,
                   struct buf *out) {
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)from_s), *to = to_s ? ASN1_TIME_set(NULL, (time_t)to_s) : NULL;
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), c, issuer);
    invariant(
        OCSP_basic_add1_status(basic, id, status, 0, status == V_OCSP_CERTSTATUS_REVOKED ? from : NULL, from, to));
    invariant(OCSP_basic_sign(basic, signer, by, EVP_sha256(), NULL, 0));
    OCSP_RESPONSE *r = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    int n = i2d_OCSP_RESPONSE(r, NULL);
    buf_init(out, CARD_OCSP_MAX);
    unsigned char *at = (unsigned char *)buf_room(out, (size_t)n);
    invariant(i2d_OCSP_RESPONSE(r, &at) == n);
    out->n = (size_t)n;
    OCSP_RESPONSE_free(r), OCSP_BASICRESP_free(basic), OCSP_CERTID_free(id);
    ASN1_TIME_free(from), ASN1_TIME_free(to);
}

static void an_ocsp_answer_counts_for_what_it_is(void **state) {
    (void)state;
    static const struct {
        const char *why;
        int status;
        enum jpki_standing of;
        int from_s, to_s;
        unsigned by;
        bool with_crl;
        enum revocation_state want;
    } rows[] = {
        {"good", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -60, 3600, NEWER, false, REVOCATION_GOOD},
        {"revoked", V_OCSP_CERTSTATUS_REVOKED, JPKI_GOOD, -60, 3600, NEWER, false, REVOCATION_REVOKED},
        {"revoked since the CRL", V_OCSP_CERTSTATUS_REVOKED, JPKI_GOOD, -60, 3600, NEWER, true, REVOCATION_REVOKED},
        {"revoked, of last week", V_OCSP_CERTSTATUS_REVOKED, JPKI_GOOD, -700000, -600000, NEWER, false,
         REVOCATION_REVOKED},
        {"unknown", V_OCSP_CERTSTATUS_UNKNOWN, JPKI_GOOD, -60, 3600, NEWER, false, REVOCATION_UNKNOWN},
        {"unknown, whatever the CRL says", V_OCSP_CERTSTATUS_UNKNOWN, JPKI_GOOD, -60, 3600, NEWER, true,
         REVOCATION_UNKNOWN},
        {"stale", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -7200, -60, NEWER, false, REVOCATION_STALE},
        {"stale, with a good CRL", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -7200, -60, NEWER, true, REVOCATION_GOOD},
        {"without an end, of yesterday", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -90000, 0, NEWER, false, REVOCATION_STALE},
        {"without an end, of now", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -60, 0, NEWER, false, REVOCATION_GOOD},
        {"from tomorrow", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, 86400, 90000, NEWER, false, REVOCATION_STALE},
        {"of another certificate", V_OCSP_CERTSTATUS_GOOD, JPKI_EXPIRED, -60, 3600, NEWER, false,
         REVOCATION_NOT_CHECKED},
        {"by another authority", V_OCSP_CERTSTATUS_GOOD, JPKI_GOOD, -60, 3600, OLDER, false, REVOCATION_NOT_CHECKED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf der;
        struct card_anchors a = with(AUTHORITIES, &crl, rows[i].with_crl ? 1 : 0);
        struct card_claim c = claim_of(&ders[JPKI_GOOD]);
        answer(certificates[rows[i].of], anchors_of[NEWER], authorities[rows[i].by].key, anchors_of[rows[i].by],
               rows[i].status, now + rows[i].from_s, rows[i].to_s ? now + rows[i].to_s : 0, &der);
        c.ocsp = buf_str(&der);
        row_check(check(&a, &c, now).revocation == rows[i].want, rows[i].why);
        buf_fini(&der);
    }
}

static void every_fault_has_words(void **state) {
    (void)state;
    for (enum card_fault f = 0; f < CARD_FAULTS; f++) assert_true(card_fault_ja(f).n > 0 && card_fault_en(f).n > 0);
}

static void feed_certificate(void *context, struct str input) {
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_GOOD]);
    c.certificate = input;
    struct card_checked got = check(&a, &c, now);
    assert_false(card_proved(&got));
    ++*(size_t *)context;
}

static void feed_signature(void *context, struct str input) {
    struct card_anchors a = with(AUTHORITIES, &crl, 1);
    struct card_claim c = claim_of(&ders[JPKI_GOOD]);
    c.signature = input;
    struct card_checked got = check(&a, &c, now);
    assert_int_equal(got.fault, CARD_FAULT_SIGNATURE);
    ++*(size_t *)context;
}

static void no_damaged_certificate_or_signature_proves_anything(void **state) {
    (void)state;
    size_t fed = 0;
    hostile_truncations(buf_str(&ders[JPKI_GOOD]), feed_certificate, &fed);
    hostile_bit_flips(buf_str(&ders[JPKI_GOOD]), feed_certificate, &fed);
    hostile_all(str_head(buf_str(&signature), 32), feed_signature, &fed);
    assert_true(fed > 10000);
}

static int make(void **state) {
    (void)state;
    struct buf index;
    if (sodium_init() < 0) return -1;
    now = world_real()->now_us(world_real()) / 1000000;
    for (size_t i = 0; i < AUTHORITIES; i++) {
        invariant(jpki_authority_make(world_real(), i == OTHER_KIND ? JPKI_SIGN : JPKI_AUTH, &authorities[i], NULL) ==
                  ERR_OK);
        anchors_of[i] = authorities[i].certificate;
    }
    invariant(jpki_key_make(&key, NULL) == ERR_OK);
    buf_init(&index, 4096);
    for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) {
        certificates[s] = issue(&authorities[NEWER], JPKI_AUTH, s);
        put_der(certificates[s], &ders[s]);
        invariant(jpki_index_put(&index, certificates[s], s == JPKI_REVOKED, now, NULL) == ERR_OK);
    }
    crl = make_crl(JPKI_AUTH, &authorities[NEWER], buf_str(&index));
    crl_of_other = make_crl(JPKI_AUTH, &authorities[OLDER], S(""));
    sign(key, CHALLENGE, &signature);
    buf_fini(&index);
    return 0;
}

static int unmake(void **state) {
    (void)state;
    for (size_t i = 0; i < AUTHORITIES; i++) EVP_PKEY_free(authorities[i].key), X509_free(authorities[i].certificate);
    for (enum jpki_standing s = 0; s < JPKI_STANDINGS; s++) X509_free(certificates[s]), buf_fini(&ders[s]);
    X509_CRL_free(crl), X509_CRL_free(crl_of_other);
    EVP_PKEY_free(key);
    buf_fini(&signature);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_standing_of_a_card_is_its_own_answer),
        cmocka_unit_test(nothing_at_hand_is_not_checked),
        cmocka_unit_test(the_issuer_is_chosen_by_its_key),
        cmocka_unit_test(another_kind_of_certificate_is_refused),
        cmocka_unit_test(a_certificate_without_the_key_usage_is_refused),
        cmocka_unit_test(only_this_signature_over_this_challenge_counts),
        cmocka_unit_test(the_name_is_the_certificates_own_and_can_be_forgotten),
        cmocka_unit_test(an_ended_certificate_has_to_hold_in_everything_else),
        cmocka_unit_test(a_certificate_alone_proves_nothing),
        cmocka_unit_test(an_ocsp_answer_counts_for_what_it_is),
        cmocka_unit_test(every_fault_has_words),
        cmocka_unit_test(no_damaged_certificate_or_signature_proves_anything),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
