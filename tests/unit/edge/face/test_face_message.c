/* What a face reader may say: yes or no, signed, and not one thing more. */
#include "edge/face/face_message.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#include <openssl/ec.h>

#define NONCE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define VISIT "000102030405060708090a0b0c0d0e0f"
#define CARD  "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
#define HEAD  "{\"form\":\"mado-face-1\",\"nonce\":\"" NONCE "\",\"visit\":\"" VISIT "\",\"card\":\"" CARD "\","

static const struct face_question question = {NONCE, VISIT, CARD};

static void the_question_is_one_line_and_names_nobody(void **state) {
    (void)state;
    char room[FACE_LINE_MAX];
    struct buf b = buf_over(room, sizeof room);
    face_question_put(&b, &question);
    assert_str(buf_str(&b),
               S("{\"form\":\"mado-face-1\",\"nonce\":\"" NONCE "\",\"visit\":\"" VISIT "\",\"card\":\"" CARD "\"}\n"));
}

static void yes_no_and_given_up_are_all_there_is(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum face_answer answer;
    } rows[] = {{HEAD "\"answer\":\"yes\",\"device\":\"reader-1\",\"signature\":\"00ff\"}", FACE_YES},
                {HEAD "\"answer\":\"no\",\"device\":\"reader-1\",\"signature\":\"00ff\"}", FACE_NO},
                {HEAD "\"answer\":\"given-up\",\"device\":\"r\",\"signature\":\"00FF\"} ", FACE_GIVEN_UP}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct face_reply r;
        row_check(face_reply_read(str_c(rows[i].line), &question, &r, NULL) == ERR_OK, rows[i].line);
        row_check(r.answer == rows[i].answer && r.signature_bytes == 2 && r.signature[1] == 0xff, rows[i].line);
    }
}

#define GOOD "\"answer\":\"yes\",\"device\":\"reader-1\",\"signature\":\"00ff\""

static void what_could_carry_a_face_or_a_score_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum err err;
    } rows[] = {
        {HEAD GOOD ",\"score\":0.97}", ERR_UNKNOWN},
        {HEAD GOOD ",\"score\":\"97\"}", ERR_UNKNOWN},
        {HEAD GOOD ",\"image\":\"/9j/4AAQ\"}", ERR_UNKNOWN},
        {HEAD GOOD ",\"template\":[1,2,3]}", ERR_UNKNOWN},
        {HEAD GOOD ",\"note\":\"\"}", ERR_UNKNOWN},
        {HEAD GOOD ",\"\":\"\"}", ERR_UNKNOWN},
        {HEAD "\"answer\":0.97,\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":1,\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":true,\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes 97\",\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"0.97\",\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":{\"yes\":0.97},\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":[\"yes\"],\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":null,\"device\":\"reader-1\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":97,\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"../97\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"-a\",\"signature\":\"00ff\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"reader-1\",\"signature\":\"00ff97 is the score\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"reader-1\",\"signature\":\"\"}", ERR_VALUE},
        {HEAD "\"answer\":\"yes\",\"device\":\"reader-1\"}", ERR_MISSING},
        {HEAD GOOD ",\"answer\":\"no\"}", ERR_DUPLICATE},
        {"[\"yes\"]", ERR_SYNTAX},
        {"yes", ERR_SYNTAX},
        {"", ERR_SYNTAX},
        {HEAD GOOD "}{}", ERR_SYNTAX},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct face_reply r;
        row_check(face_reply_read(str_c(rows[i].line), &question, &r, NULL) == rows[i].err, rows[i].line);
    }
}

static void a_long_line_is_not_looked_at(void **state) {
    (void)state;
    char line[FACE_LINE_MAX + 1];
    struct face_reply r;
    memset(line, ' ', sizeof line);
    memcpy(line, HEAD GOOD "}", sizeof HEAD GOOD);
    assert_int_equal(face_reply_read(str_of(line, sizeof line), &question, &r, NULL), ERR_LIMIT);
}

static void a_reply_belongs_to_its_question(void **state) {
    (void)state;
    static const char line[] = HEAD GOOD "}";
    static const struct {
        struct face_question other;
        const char *where;
    } rows[] = {{{VISIT VISIT, VISIT, CARD}, "nonce"},
                {{NONCE, "ffffffffffffffffffffffffffffffff", CARD}, "visit"},
                {{NONCE, VISIT, ""}, "card"},
                {{NONCE, VISIT, NONCE}, "card"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct face_reply r;
        struct diag d = {0};
        row_check(face_reply_read(str_c(line), &rows[i].other, &r, &d) == ERR_CONFLICT, rows[i].where);
        row_check(strcmp(d.where, rows[i].where) == 0, rows[i].where);
    }
}

/* ---- signatures ---- */

static EVP_PKEY *make_key(const char *kind) {
    EVP_PKEY *key = strcmp(kind, "P-256") == 0   ? EVP_EC_gen("P-256")
                    : strcmp(kind, "P-384") == 0 ? EVP_EC_gen("P-384")
                                                 : EVP_PKEY_Q_keygen(NULL, NULL, kind);
    assert_non_null(key);
    return key;
}

static struct face_reply signed_by(EVP_PKEY *key, const struct face_question *q, enum face_answer answer) {
    struct face_reply r = {.answer = answer, .device = "reader-1", .signature_bytes = sizeof r.signature};
    char room[FACE_LINE_MAX];
    struct buf b = buf_over(room, sizeof room);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    const EVP_MD *digest = EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256();
    face_signed_put(&b, q, answer, r.device);
    assert_int_equal(EVP_DigestSignInit(c, NULL, digest, NULL, key), 1);
    assert_int_equal(EVP_DigestSign(c, r.signature, &r.signature_bytes, (const unsigned char *)b.p, b.n), 1);
    EVP_MD_CTX_free(c);
    return r;
}

static void a_yes_is_worth_its_signature(void **state) {
    (void)state;
    static const char *const kinds[] = {"ED25519", "P-256"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        EVP_PKEY *key = make_key(kinds[i]), *other = make_key(kinds[i]);
        struct face_reply r = signed_by(key, &question, FACE_NO);
        struct face_question later = question;
        row_check(face_reply_verify(&r, &question, key, NULL) == ERR_OK, kinds[i]);
        row_check(face_reply_verify(&r, &question, other, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        later.nonce[0] = 'f';
        row_check(face_reply_verify(&r, &later, key, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        later = question, later.visit[0] = 'f';
        row_check(face_reply_verify(&r, &later, key, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        later = question, later.card[0] = 0;
        row_check(face_reply_verify(&r, &later, key, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        r.answer = FACE_YES; /* a no that someone turns */
        row_check(face_reply_verify(&r, &question, key, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        r.answer = FACE_NO, r.device[0] = 'R';
        row_check(face_reply_verify(&r, &question, key, NULL) == ERR_UNAUTHENTICATED, kinds[i]);
        EVP_PKEY_free(key), EVP_PKEY_free(other);
    }
}

static void other_kinds_of_keys_are_refused_by_name(void **state) {
    (void)state;
    EVP_PKEY *ed = make_key("ED25519"), *p384 = make_key("P-384");
    struct face_reply r = signed_by(ed, &question, FACE_YES);
    assert_int_equal(face_reply_verify(&r, &question, p384, NULL), ERR_NOT_SUPPORTED);
    EVP_PKEY_free(ed), EVP_PKEY_free(p384);
}

/* Whatever is read has kept the form; and with one bit another no signature holds. */
struct hostile_context {
    EVP_PKEY *key;
    char good[FACE_LINE_MAX];
    size_t read;
};

static void feed(void *context, struct str input) {
    struct hostile_context *c = context;
    struct face_reply r;
    struct diag d = {0};
    enum err e = face_reply_read(input, &question, &r, &d);
    if (e != ERR_OK) return assert_int_equal(d.err, e);
    c->read++;
    assert_true(r.answer < FACE_ANSWERS && r.signature_bytes > 0 && face_device_name(str_c(r.device)));
    bool same_meaning = strcmp(r.device, "reader-1") == 0 && r.answer == FACE_YES;
    if (face_reply_verify(&r, &question, c->key, NULL) == ERR_OK) assert_true(same_meaning);
}

static void damaged_replies_are_refused_or_prove_nothing_else(void **state) {
    (void)state;
    struct hostile_context c = {.key = make_key("ED25519")};
    struct face_reply r = signed_by(c.key, &question, FACE_YES);
    struct buf b = buf_over(c.good, sizeof c.good);
    buf_puts(&b, HEAD "\"answer\":\"yes\",\"device\":\"reader-1\",\"signature\":\"");
    buf_hex(&b, str_of(r.signature, r.signature_bytes)), buf_puts(&b, "\"}");
    feed(&c, buf_str(&b));
    assert_int_equal(c.read, 1);
    assert_true(hostile_all(buf_str(&b), feed, &c) > b.n * 8);
    EVP_PKEY_free(c.key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_is_one_line_and_names_nobody),
        cmocka_unit_test(yes_no_and_given_up_are_all_there_is),
        cmocka_unit_test(what_could_carry_a_face_or_a_score_is_refused),
        cmocka_unit_test(a_long_line_is_not_looked_at),
        cmocka_unit_test(a_reply_belongs_to_its_question),
        cmocka_unit_test(a_yes_is_worth_its_signature),
        cmocka_unit_test(other_kinds_of_keys_are_refused_by_name),
        cmocka_unit_test(damaged_replies_are_refused_or_prove_nothing_else),
    };
    return cmocka_run_group_tests_name("face message", tests, NULL, NULL);
}
