#include "lib/hostile.h"
#include "lib/sample_card.h"
#include "lib/unit.h"

#include <openssl/rsa.h>

static struct sample_card s;

#define SELECT_JPKI  "00a4040c0ad392f000260100000001"
#define SELECT_EF(f) "00a4020c02" f

static unsigned nibble(char c) { return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10); }

static struct str unhex(const char *hex, char *room) {
    size_t n = 0;
    for (; hex[0] && hex[1]; hex += 2) room[n++] = (char)(nibble(hex[0]) << 4 | nibble(hex[1]));
    return str_of(room, n);
}

static uint16_t ask_bytes(struct str command, struct buf *data) {
    static char room[APDU_ANSWER_MAX];
    struct buf out = buf_over(room, sizeof room);
    struct apdu_answer a;
    virtual_card_answer(&s.card, command, &out);
    assert_true(buf_ok(&out) && apdu_answer_read(buf_str(&out), &a));
    if (data) buf_put(data, a.data);
    return a.status;
}

static uint16_t ask(const char *hex, struct buf *data) {
    char room[APDU_MAX + 8];
    return ask_bytes(unhex(hex, room), data);
}

static void expect(const char *commands) { /* "COMMAND=STATUS COMMAND=STATUS…" */
    struct str rest = str_c(commands);
    while (!str_empty(rest)) {
        char text[2 * APDU_MAX], want[8], got[8];
        struct str step = str_cut(&rest, ' '), command = str_cut(&step, '=');
        assert_true(str_to_c(command, text, sizeof text) && str_to_c(step, want, sizeof want));
        snprintf(got, sizeof got, "%04x", ask(text, NULL));
        row_check(strcmp(got, want) == 0, text);
    }
}

static void renew(bool locked, bool pinless) {
    s.plan.locked = locked, s.plan.pinless = pinless;
    sample_card_renew(&s);
}

#define PIN_1234   "002000800431323334"
#define PIN_9999   "002000800439393939"
#define PIN_ASK    "00200080"
#define PIN_ABC123 "0020008006414243313233"
#define PIN_ABC124 "0020008006414243313234"

static void what_a_card_says(void **state) {
    (void)state;
    static const struct {
        const char *why, *commands;
    } rows[] = {
        {"only the JPKI application is there", "00a4040c0ad3921000310001010408=6a82 " SELECT_JPKI "=9000"},
        {"its name is taken in full", "00a4040c05d392f00026=6a82"},
        {"and without control data", "00a404000ad392f000260100000001=6a86"},
        {"there is no useful root", "00a40000=6a86 00a40000023f00=6a82 " SELECT_JPKI "=9000 00a40000=9000"},
        {"files are in the application", SELECT_EF("000a") "=6a82 " SELECT_JPKI "=9000 " SELECT_EF("000a") "=9000"},
        {"an unknown file", SELECT_JPKI "=9000 " SELECT_EF("0016") "=6a82 00a4020c03000a00=6700"},
        {"nothing is read where nothing is selected", "00b0000020=6986 " SELECT_JPKI "=9000 00b0000020=6986"},
        {"the authentication certificate is free", SELECT_JPKI "=9000 " SELECT_EF("000a") "=9000 00b0000000=9000"},
        {"the signature certificate is not", SELECT_JPKI "=9000 " SELECT_EF("0001") "=9000 00b0000000=6982"},
        {"not with the other PIN either",
         SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_1234 "=9000 " SELECT_EF("0001") "=9000 00b0000000=6982"},
        {"keys and PINs are never read",
         SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_1234
                                                "=9000 00b0000000=6982 " SELECT_EF("0017") "=9000 00b0000000=6982"},
        {"short file ids", SELECT_JPKI "=9000 00b08a0000=9000 00b0810000=6982 00b0960000=6a82"},
        {"past the end", SELECT_JPKI "=9000 " SELECT_EF("0006") "=9000 00b0009f00=9000 00b000a000=6b00"},
        {"a read wants bytes", SELECT_JPKI "=9000 " SELECT_EF("0006") "=9000 00b00000=6700"},
        {"asking spends no try", SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_ASK "=63c3 " PIN_ASK "=63c3"},
        {"PINs by short id", SELECT_JPKI "=9000 00200098=63c3 0020009b=63c5 0020009a=6a82"},
        {"a PIN needs its file", SELECT_JPKI "=9000 " PIN_ASK "=6986 " SELECT_EF("000a") "=9000 " PIN_ASK "=6986"},
        {"a right PIN sets the tries back", SELECT_JPKI
         "=9000 " SELECT_EF("0018") "=9000 " PIN_9999 "=63c2 " PIN_1234 "=9000 " PIN_ASK "=9000 " PIN_9999 "=63c2"},
        {"three wrong PINs lock",
         SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_9999 "=63c2 " PIN_9999 "=63c1 " PIN_9999 "=63c0 " PIN_9999
                                                "=6984 " PIN_1234 "=6984 " PIN_ASK "=63c0"},
        {"five wrong passwords lock",
         SELECT_JPKI "=9000 " SELECT_EF("001b") "=9000 " PIN_ABC124 "=63c4 " PIN_ABC124 "=63c3 " PIN_ABC124
                                                "=63c2 " PIN_ABC124 "=63c1 " PIN_ABC124 "=63c0 " PIN_ABC123
                                                "=6984 " SELECT_EF("0018") "=9000 " PIN_ASK "=63c3"},
        {"a wrong PIN ends what a right one opened",
         SELECT_JPKI "=9000 " SELECT_EF("001b") "=9000 " PIN_ABC123 "=9000 " PIN_ABC124
                                                "=63c4 " SELECT_EF("0001") "=9000 00b0000000=6982"},
        {"selecting again forgets the PIN",
         SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_1234 "=9000 " SELECT_JPKI
                                                "=9000 " SELECT_EF("0018") "=9000 " PIN_ASK "=63c3"},
        {"no signature without a PIN", SELECT_JPKI "=9000 " SELECT_EF("0017") "=9000 802a008001aa00=6982"},
        {"nor of a length the way does not take", SELECT_JPKI "=9000 00200098"
                                                              "0431323334=9000 802a029701aa00=6700"},
        {"nor in an unknown way", SELECT_JPKI "=9000 802a069701aa00=6a86"},
        {"other instructions and classes", "00ca000000=6d00 0084000008=6d00 80b0000000=6d00 b0b0000000=6e00"},
        {"no extended lengths", "00b00000000100=6700"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        renew(false, false);
        expect(rows[i].commands);
    }
}

static void a_locked_card_takes_no_pin(void **state) {
    (void)state;
    renew(true, false);
    expect(SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_ASK "=63c0 " PIN_1234
                                                  "=6984 " SELECT_EF("001b") "=9000 " PIN_ABC123 "=6984");
}

static void a_pinless_card_has_no_signature_certificate(void **state) {
    (void)state;
    char room[8];
    struct buf present = buf_over(room, sizeof room);
    renew(false, true);
    expect(SELECT_JPKI "=9000 " SELECT_EF("0018") "=9000 " PIN_1234 "=6984 " SELECT_EF("0008") "=9000");
    assert_int_equal(ask("00b0000003", &present), 0x9000);
    assert_str(buf_str(&present), str_of("\x00\x8f\x00", 3));
    renew(false, false);
    buf_reset(&present);
    expect(SELECT_JPKI "=9000 " SELECT_EF("0008") "=9000");
    assert_int_equal(ask("00b0000003", &present), 0x9000);
    assert_str(buf_str(&present), str_of("\x8f\x8f\x00", 3));
}

static void a_certificate_is_followed_by_filler(void **state) {
    (void)state;
    struct buf file;
    uint16_t status = 0x9000;
    renew(false, false);
    buf_init(&file, 8192);
    expect(SELECT_JPKI "=9000 " SELECT_EF("000a") "=9000");
    while (status == 0x9000) {
        char command[16];
        snprintf(command, sizeof command, "00b0%04x00", (unsigned)file.n);
        status = ask(command, &file);
    }
    assert_int_equal(status, 0x6b00);
    assert_int_equal(file.n, s.der[JPKI_AUTH].n + VIRTUAL_CARD_FILLER);
    assert_str(str_head(buf_str(&file), s.der[JPKI_AUTH].n), buf_str(&s.der[JPKI_AUTH]));
    assert_str(str_skip(buf_str(&file), file.n - 2), S("\xff\xff"));
    buf_fini(&file);
}

static void the_token_says_what_card_it_is(void **state) {
    (void)state;
    char room[256];
    struct buf token = buf_over(room, sizeof room);
    renew(false, false);
    expect(SELECT_JPKI "=9000 " SELECT_EF("0006") "=9000");
    assert_int_equal(ask("00b00000a0", &token), 0x9000);
    assert_str(str_head(buf_str(&token), 32), S("JPKIAPICCTOKEN2                 "));
}

/* What OpenSSL makes of the signature with the certificate's key. */
static bool verifies(enum jpki_kind kind, struct str signature, struct str hash, bool pss, bool digest_info) {
    EVP_PKEY_CTX *k = EVP_PKEY_CTX_new(X509_get0_pubkey(s.keys.certificate[kind]), NULL);
    assert_true(EVP_PKEY_verify_init(k) > 0);
    assert_true(EVP_PKEY_CTX_set_rsa_padding(k, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) > 0);
    if (pss || digest_info) assert_true(EVP_PKEY_CTX_set_signature_md(k, EVP_sha256()) > 0);
    bool ok =
        EVP_PKEY_verify(k, (const unsigned char *)signature.p, signature.n, (const unsigned char *)hash.p, hash.n) == 1;
    EVP_PKEY_CTX_free(k);
    return ok;
}

static void both_keys_sign_in_every_way(void **state) {
    (void)state;
    static const struct {
        unsigned p1;
        bool hashes, pss, digest_info;
    } rows[] = {{0, false, false, false}, {1, true, false, false}, {2, false, false, true},
                {3, true, false, true},   {4, false, true, false}, {5, true, true, false}};
    unsigned char hash[32];
    assert_int_equal(EVP_Q_digest(NULL, "SHA256", NULL, "a challenge", 11, hash, NULL), 1);
    renew(false, false);
    expect(SELECT_JPKI "=9000 00200098"
                       "0431323334=9000 0020009b06414243313233=9000");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        for (enum jpki_kind kind = 0; kind < JPKI_KINDS; kind++) {
            char command_room[APDU_MAX], room[APDU_ANSWER_MAX];
            struct buf command = buf_over(command_room, sizeof command_room), out = buf_over(room, sizeof room);
            struct str sent = rows[i].hashes ? S("a challenge") : str_of(hash, sizeof hash);
            const struct apdu a = {.cla = 0x80,
                                   .ins = 0x2a,
                                   .p1 = (uint8_t)rows[i].p1,
                                   .p2 = kind == JPKI_AUTH ? 0x97 : 0x9a,
                                   .data = sent,
                                   .le = APDU_LE_ALL};
            apdu_put(&command, &a);
            assert_int_equal(ask_bytes(buf_str(&command), &out), 0x9000);
            assert_true(verifies(kind, buf_str(&out), str_of(hash, sizeof hash), rows[i].pss, rows[i].digest_info));
            assert_false(
                verifies(1 - kind, buf_str(&out), str_of(hash, sizeof hash), rows[i].pss, rows[i].digest_info));
        }
    }
}

static void a_reset_forgets_the_pin_but_not_the_tries(void **state) {
    (void)state;
    renew(false, false);
    expect(SELECT_JPKI "=9000 00200098"
                       "0439393939=63c2 0020009b06414243313233=9000");
    virtual_card_reset(&s.card);
    expect("00b0810000=6a82 " SELECT_JPKI "=9000 00b0810000=6982 00200098=63c2");
}

static void pins_have_the_cards_form(void **state) {
    (void)state;
    static const struct {
        const char *pin, *sign_pin;
        bool good;
    } rows[] = {
        {"1234", "ABC123", true},   {"0000", "A00000", true},   {"1234", "ABCDEFGHIJKLMNO1", true},
        {"123", "ABC123", false},   {"12345", "ABC123", false}, {"12a4", "ABC123", false},
        {"", "ABC123", false},      {"1234", "ABC12", false},   {"1234", "ABCDEFGHIJKLMNOP1", false},
        {"1234", "abc123", false},  {"1234", "ABCDEF", false},  {"1234", "123456", false},
        {"1234", "ABC 123", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct virtual_card c;
        struct virtual_card_plan plan = s.plan;
        plan.pin = str_c(rows[i].pin), plan.sign_pin = str_c(rows[i].sign_pin);
        row_check((virtual_card_init(&c, &plan, NULL) == ERR_OK) == rows[i].good, rows[i].sign_pin);
    }
}

static void feed(void *context, struct str input) {
    uint16_t status = ask_bytes(input, NULL);
    *(size_t *)context += status != 0x9000;
}

static void no_command_harms_the_card(void **state) {
    (void)state;
    static const char *const good[] = {SELECT_JPKI, SELECT_EF("001b"), PIN_ABC123, "00b0810000", "802a009a01aa00"};
    size_t refused = 0, fed = 0;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        char room[APDU_MAX];
        renew(false, false);
        expect(SELECT_JPKI "=9000");
        fed += hostile_all(unhex(good[i], room), feed, &refused);
    }
    assert_true(fed > 300 && refused > fed / 2);
    assert_true(s.card.tries[PIN_AUTH] <= pin_rows[PIN_AUTH].tries &&
                s.card.tries[PIN_SIGN] <= pin_rows[PIN_SIGN].tries);
}

static int make(void **state) { return (void)state, sample_card_make(&s), 0; }
static int unmake(void **state) { return (void)state, sample_card_free(&s), 0; }

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_card_says),
        cmocka_unit_test(a_locked_card_takes_no_pin),
        cmocka_unit_test(a_pinless_card_has_no_signature_certificate),
        cmocka_unit_test(a_certificate_is_followed_by_filler),
        cmocka_unit_test(the_token_says_what_card_it_is),
        cmocka_unit_test(both_keys_sign_in_every_way),
        cmocka_unit_test(a_reset_forgets_the_pin_but_not_the_tries),
        cmocka_unit_test(pins_have_the_cards_form),
        cmocka_unit_test(no_command_harms_the_card),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
