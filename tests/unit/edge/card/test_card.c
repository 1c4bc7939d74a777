#include "edge/card/card.h"
#include "edge/card/reader_replay.h"
#include "lib/hostile.h"
#include "lib/sample_card.h"
#include "lib/short_memory.h"
#include "lib/unit.h"

#include <openssl/x509.h>

static struct sample_card s;
static struct reader reader;
static struct card_result got;

static void put(bool locked, bool pinless) {
    s.plan.locked = locked, s.plan.pinless = pinless;
    s.removed_at = 0;
    sample_card_renew(&s);
    reader = sample_card_reader(&s);
    assert_int_equal(card_select(&reader, APPLICATION_JPKI, &got, NULL), ERR_OK);
    assert_int_equal(got.outcome, CARD_DONE);
}

static void every_status_word_has_its_own_outcome(void **state) {
    (void)state;
    static const struct {
        unsigned status;
        enum card_outcome outcome;
    } rows[] = {
        {0x9000, CARD_DONE},
        {0x6110, CARD_MORE},
        {0x6282, CARD_END_OF_FILE},
        {0x6300, CARD_NO_LIMIT},
        {0x63c0, CARD_LAST_TRY_SPENT},
        {0x63c1, CARD_PIN_WRONG},
        {0x63cf, CARD_PIN_WRONG},
        {0x6700, CARD_LENGTH},
        {0x6982, CARD_PIN_NEEDED},
        {0x6983, CARD_METHOD_LOCKED},
        {0x6984, CARD_PIN_LOCKED},
        {0x6985, CARD_CONDITIONS},
        {0x6986, CARD_NO_CURRENT_FILE},
        {0x6a80, CARD_DATA},
        {0x6a82, CARD_NO_FILE},
        {0x6a86, CARD_PARAMETERS},
        {0x6b00, CARD_PAST_END},
        {0x6c20, CARD_OTHER_LENGTH},
        {0x6d00, CARD_NO_INSTRUCTION},
        {0x6e00, CARD_NO_CLASS},
        {0x6f00, CARD_UNKNOWN_STATUS},
        {0x63d0, CARD_UNKNOWN_STATUS},
        {0x0000, CARD_UNKNOWN_STATUS},
    };
    bool seen[CARD_OUTCOMES] = {false};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[8];
        snprintf(row, sizeof row, "%04x", rows[i].status);
        row_check(card_outcome((uint16_t)rows[i].status) == rows[i].outcome, row);
        seen[rows[i].outcome] = true;
    }
    for (enum card_outcome o = 0; o < CARD_OUTCOMES; o++)
        assert_true(seen[o] && card_outcome_ja(o).n > 0 && card_outcome_en(o).n > 0);
}

static void files_come_without_their_filler(void **state) {
    (void)state;
    static const enum application_file free_files[] = {FILE_AUTH_CERTIFICATE, FILE_AUTH_AUTHORITY, FILE_SIGN_AUTHORITY};
    put(false, false);
    for (size_t i = 0; i < ARRAY_LEN(free_files); i++) {
        struct buf out;
        buf_init(&out, CARD_FILE_MAX);
        assert_int_equal(card_read(&reader, free_files[i], &out, &got, NULL), ERR_OK);
        assert_int_equal(got.outcome, CARD_DONE);
        assert_str(buf_str(&out), s.plan.files[free_files[i]]);
        buf_fini(&out);
    }
    enum card_token token;
    assert_int_equal(card_read_token(&reader, &token, &got, NULL), ERR_OK);
    assert_int_equal(token, TOKEN_CARD);
}

static void the_signature_certificate_needs_its_password(void **state) {
    (void)state;
    struct buf out;
    put(false, false);
    buf_init(&out, CARD_FILE_MAX);
    assert_int_equal(card_read(&reader, FILE_SIGN_CERTIFICATE, &out, &got, NULL), ERR_OK);
    assert_int_equal(got.outcome, CARD_PIN_NEEDED);
    assert_int_equal(out.n, 0);
    assert_int_equal(card_verify(&reader, PIN_SIGN, S("abc123"), &got, NULL), ERR_OK);
    assert_int_equal(got.outcome, CARD_DONE);
    assert_int_equal(card_read(&reader, FILE_SIGN_CERTIFICATE, &out, &got, NULL), ERR_OK);
    assert_str(buf_str(&out), s.plan.files[FILE_SIGN_CERTIFICATE]);
    buf_fini(&out);
}

static void tries_are_asked_for_without_spending_one(void **state) {
    (void)state;
    put(false, false);
    for (unsigned i = 0; i < 9; i++) {
        assert_int_equal(card_tries(&reader, PIN_AUTH, &got, NULL), ERR_OK);
        assert_int_equal(got.outcome, CARD_PIN_WRONG);
        assert_int_equal(got.tries_left, 3);
    }
    assert_int_equal(card_verify(&reader, PIN_AUTH, S("9999"), &got, NULL), ERR_OK);
    assert_int_equal(got.tries_left, 2);
    assert_int_equal(card_verify(&reader, PIN_AUTH, S("1234"), &got, NULL), ERR_OK);
    assert_int_equal(card_tries(&reader, PIN_AUTH, &got, NULL), ERR_OK);
    assert_int_equal(got.outcome, CARD_DONE);
    put(true, false);
    assert_int_equal(card_tries(&reader, PIN_AUTH, &got, NULL), ERR_OK);
    assert_int_equal(got.outcome, CARD_LAST_TRY_SPENT);
}

static void what_is_no_pin_is_not_sent(void **state) {
    (void)state;
    static const struct {
        enum pin pin;
        const char *text;
    } rows[] = {{PIN_AUTH, ""},       {PIN_AUTH, "123"},     {PIN_AUTH, "12345"},
                {PIN_AUTH, "12a4"},   {PIN_SIGN, "ABC12"},   {PIN_SIGN, "ABCDEF"},
                {PIN_SIGN, "123456"}, {PIN_SIGN, "ABC-123"}, {PIN_SIGN, "ABCDEFGHIJKLMNOP1"}};
    put(false, false);
    unsigned before = s.commands;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(card_verify(&reader, rows[i].pin, str_c(rows[i].text), &got, NULL) == ERR_VALUE, rows[i].text);
    assert_int_equal(s.commands, before);
}

static bool verifies(enum jpki_kind kind, struct str signature, struct str message) {
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    assert_true(EVP_DigestVerifyInit(m, NULL, EVP_sha256(), NULL, X509_get0_pubkey(s.keys.certificate[kind])) == 1);
    bool ok = EVP_DigestVerify(m, (const unsigned char *)signature.p, signature.n, (const unsigned char *)message.p,
                               message.n) == 1;
    EVP_MD_CTX_free(m);
    return ok;
}

static void both_keys_sign_after_their_pin(void **state) {
    (void)state;
    static const struct {
        enum pin pin;
        enum jpki_kind kind;
        const char *text;
    } rows[] = {{PIN_AUTH, JPKI_AUTH, "1234"}, {PIN_SIGN, JPKI_SIGN, "ABC123"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf signature;
        EVP_PKEY *key = X509_get0_pubkey(s.keys.certificate[rows[i].kind]);
        put(false, false);
        buf_init(&signature, 1024);
        assert_int_equal(card_sign(&reader, rows[i].pin, key, S("message"), &signature, &got, NULL), ERR_OK);
        assert_int_equal(got.outcome, CARD_PIN_NEEDED);
        assert_int_equal(signature.n, 0);
        assert_int_equal(card_verify(&reader, rows[i].pin, str_c(rows[i].text), &got, NULL), ERR_OK);
        assert_int_equal(card_sign(&reader, rows[i].pin, key, S("message"), &signature, &got, NULL), ERR_OK);
        assert_true(verifies(rows[i].kind, buf_str(&signature), S("message")));
        assert_false(verifies(rows[i].kind, buf_str(&signature), S("massage")));
        buf_fini(&signature);
    }
}

static void a_session_ends_where_the_card_says(void **state) {
    (void)state;
    static const struct {
        const char *why, *pin;
        bool locked, pinless;
        enum card_step step;
        enum card_outcome outcome;
    } rows[] = {
        {"all in order", "1234", false, false, CARD_STEP_SIGN, CARD_DONE},
        {"a wrong PIN", "9999", false, false, CARD_STEP_PIN, CARD_PIN_WRONG},
        {"a locked card", "1234", true, false, CARD_STEP_TRIES, CARD_LAST_TRY_SPENT},
        {"a card without PINs", "1234", false, true, CARD_STEP_TRIES, CARD_LAST_TRY_SPENT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_proof p;
        put(rows[i].locked, rows[i].pinless);
        card_proof_init(&p);
        assert_int_equal(card_prove(&reader, str_c(rows[i].pin), S("challenge"), &p, NULL), ERR_OK);
        row_check(p.step == rows[i].step && p.result.outcome == rows[i].outcome, rows[i].why);
        row_check(verifies(JPKI_AUTH, buf_str(&p.signature), S("challenge")) == (p.step == CARD_STEP_SIGN),
                  rows[i].why);
        reader_leave(&reader);
        row_check(s.left && !s.card.verified[PIN_AUTH], rows[i].why);
        card_proof_fini(&p);
    }
}

static void a_card_may_be_taken_away_at_any_command(void **state) {
    (void)state;
    struct card_proof p;
    put(false, false);
    reader = sample_card_reader(&s);
    card_proof_init(&p);
    assert_int_equal(card_prove(&reader, S("1234"), S("challenge"), &p, NULL), ERR_OK);
    unsigned whole = s.commands;
    assert_true(whole > 8);
    card_proof_fini(&p);
    for (unsigned at = 1; at <= whole; at++) {
        sample_card_renew(&s);
        reader = sample_card_reader(&s);
        s.removed_at = at;
        card_proof_init(&p);
        assert_int_equal(card_prove(&reader, S("1234"), S("challenge"), &p, NULL), ERR_UNAVAILABLE);
        assert_int_equal(p.signature.n, 0);
        card_proof_fini(&p);
    }
}

static void a_session_short_of_memory_proves_nothing(void **state) {
    (void)state;
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct card_proof p;
        put(false, false);
        card_proof_init(&p);
        short_memory_from(nth);
        enum err e = card_prove(&reader, S("1234"), S("challenge"), &p, NULL);
        hit = short_memory_hit();
        assert_true(hit ? e == ERR_MEMORY && p.signature.n == 0 : e == ERR_OK && p.result.outcome == CARD_DONE);
        assert_true(nth < 100 && (hit || nth > 5));
        card_proof_fini(&p);
    }
}

/* ---- habits of other cards and readers, from transcripts ---- */

static void answers_in_pieces_are_put_together(void **state) {
    (void)state;
    struct replay replay;
    struct buf out;
    buf_init(&out, CARD_FILE_MAX);
    reader = replay_open(
        &replay, S("# a reader for T=0\n> 00A4020C02000A\n< 9000\n> 00B0000000\n< 6C07\n> 00B0000007\n< 3005AABB6103\n"
                   "> 00C0000003\n< CCDDEE9000\n"));
    assert_int_equal(card_read(&reader, FILE_AUTH_CERTIFICATE, &out, &got, NULL), ERR_OK);
    assert_str(buf_str(&out), S("\x30\x05\xaa\xbb\xcc\xdd\xee"));
    assert_true(replay_finished(&replay));
    buf_fini(&out);
}

static void a_liar_is_found_out(void **state) {
    (void)state;
    static const struct {
        const char *transcript, *why;
        enum err err;
    } rows[] = {
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 9000\n", "an empty file", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 31050102030405069000\n", "another tag", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 3082FFFF019000\n", "a length without measure", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 3080010203049000\n", "an indefinite length", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 300501026282\n", "shorter than it says", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 9000\n> 00B0000000\n< 300501029000\n> 00B0000403\n< 9000\n", "no more", ERR_SYNTAX},
        {"> 00A4020C02000A\n< 90\n", "half a status", ERR_SYNTAX},
        {"> 00A4020C02000A\n< -\n", "taken away", ERR_UNAVAILABLE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct replay replay;
        struct buf out;
        buf_init(&out, CARD_FILE_MAX);
        reader = replay_open(&replay, str_c(rows[i].transcript));
        row_check(card_read(&reader, FILE_AUTH_CERTIFICATE, &out, &got, NULL) == rows[i].err, rows[i].why);
        row_check(replay_finished(&replay), rows[i].why);
        buf_fini(&out);
    }
}

static void phones_say_what_they_are(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum card_token token;
    } rows[] = {{"JPKIAPICCTOKEN2", TOKEN_CARD},
                {"JPKIAPICCTOKEN", TOKEN_RESIDENT_CARD},
                {"JPKIAPGPSETOKEN", TOKEN_ANDROID},
                {"JPKIAPIOSTOKEN", TOKEN_IPHONE},
                {"JPKIAPICCTOKEN3", TOKEN_UNKNOWN}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char name[33];
        struct replay replay;
        struct buf t;
        enum card_token token;
        snprintf(name, sizeof name, "%-32s", rows[i].text);
        buf_init(&t, 4096);
        buf_puts(&t, "> 00A4020C020006\n< 9000\n> 00B00000A0\n< ");
        buf_hex(&t, str_of(name, 32));
        for (size_t k = 0; k < 128; k++) buf_puts(&t, "00");
        buf_puts(&t, "9000\n");
        reader = replay_open(&replay, buf_str(&t));
        assert_int_equal(card_read_token(&reader, &token, &got, NULL), ERR_OK);
        row_check(token == rows[i].token, rows[i].text);
        buf_fini(&t);
    }
}

static void feed(void *context, struct str input) {
    struct replay replay;
    struct card_proof p;
    (void)context;
    struct reader r = replay_open(&replay, input);
    card_proof_init(&p);
    enum err e = card_prove(&r, S("1234"), S("challenge"), &p, NULL);
    assert_true(e != ERR_OK || p.result.outcome != CARD_DONE || p.step == CARD_STEP_SIGN);
    assert_true(p.signature.n == 0 || p.step == CARD_STEP_SIGN);
    card_proof_fini(&p);
}

static void no_damage_to_a_transcript_harms_us(void **state) {
    (void)state;
    assert_true(hostile_all(S("> 00A4040C0AD392F000260100000001\n< 9000\n> 00A4020C020006\n< 9000\n> 00B00000A0\n"
                              "< 4A504B4941506103\n> 00C0000003\n< 494343\n"),
                            feed, NULL) > 900);
}

static int make(void **state) { return (void)state, sample_card_make(&s), 0; }
static int unmake(void **state) { return (void)state, sample_card_free(&s), 0; }

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_word_has_its_own_outcome),
        cmocka_unit_test(files_come_without_their_filler),
        cmocka_unit_test(the_signature_certificate_needs_its_password),
        cmocka_unit_test(tries_are_asked_for_without_spending_one),
        cmocka_unit_test(what_is_no_pin_is_not_sent),
        cmocka_unit_test(both_keys_sign_after_their_pin),
        cmocka_unit_test(a_session_ends_where_the_card_says),
        cmocka_unit_test(a_card_may_be_taken_away_at_any_command),
        cmocka_unit_test(a_session_short_of_memory_proves_nothing),
        cmocka_unit_test(answers_in_pieces_are_put_together),
        cmocka_unit_test(a_liar_is_found_out),
        cmocka_unit_test(phones_say_what_they_are),
        cmocka_unit_test(no_damage_to_a_transcript_harms_us),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
