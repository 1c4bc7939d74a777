#include "edge/paper/health_card.h"

#include "base/json.h"
#include "edge/paper/press_inside.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <sodium.h>
#include <zlib.h>

static const struct coverage covered = {
    .start = {18353}, .lost = {INT32_MIN}, .sex = 2, .name = {"髙橋　﨑子", 15}, .kana = {"タカハシ　サキコ", 24}};
static const struct member member = {.insurer = {6139448}, .id = {{"12-34", 5}, {"4260", 4}, 1}, .birth = {5569}};
static struct paper sample(void) {
    return (struct paper){.kind = PAPER_CERTIFICATE,
                          .id = "AAAAAAAAAAAAAAAAAAAAAA",
                          .insurer = {6139448},
                          .insurer_name = S("見本健康保険組合"),
                          .member = &member,
                          .coverage = &covered,
                          .ratio = 30,
                          .span = {{20782}, {22607}, PAPER_END_YEARS}};
}

static void the_payload_is_a_health_card_that_says_what_the_paper_says(void **state) {
    (void)state;
    char text[4096];
    struct buf b = buf_over(text, sizeof text);
    struct paper p = sample();
    health_card_put_json(&b, &p, S("https://cards.invalid"));
    assert_str(
        buf_str(&b),
        S("{\"iss\":\"https://cards.invalid/insurers/06139448\",\"nbf\":1795532400,\"exp\":1953298800,"
          "\"vc\":{\"type\":[\"https://smarthealth.cards#health-card\"],\"rid\":\"AAAAAAAAAAAAAAAAAAAAAA\","
          "\"credentialSubject\":{\"fhirVersion\":\"4.0.1\",\"fhirBundle\":{\"resourceType\":\"Bundle\","
          "\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"resource:0\",\"resource\":"
          "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"髙橋　﨑子\"},{\"text\":\"タカハシ　サキコ\"}],"
          "\"gender\":\"female\",\"birthDate\":\"1985-04-01\"}},{\"fullUrl\":\"resource:1\",\"resource\":"
          "{\"resourceType\":\"Coverage\",\"status\":\"active\",\"type\":{\"coding\":[{\"code\":\"certificate\"}]},"
          "\"identifier\":[{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonSymbol\","
          "\"value\":\"12-34\"},{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonNumber\","
          "\"value\":\"4260\"},{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsuredPersonSubnumber\","
          "\"value\":\"01\"}],\"beneficiary\":{\"reference\":\"resource:0\"},\"period\":{\"start\":\"2020-04-01\"},"
          "\"payor\":[{\"identifier\":{\"system\":\"http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber\","
          "\"value\":\"06139448\"},\"display\":\"見本健康保険組合\"}],"
          "\"costToBeneficiary\":[{\"valueQuantity\":{\"value\":30,\"unit\":\"%\"}}]}}]}}}}"));
}

/* The three parts with their signature; what is packed is inflated by zlib and compared. */
static void the_card_is_signed_and_packed(void **state) {
    (void)state;
    struct scratch s;
    struct insurer_key *key = NULL;
    struct buf jws, want;
    unsigned char packed[4096], plain[4096];
    size_t n = 0;
    bool made;
    struct paper p = sample();
    scratch_make(&s);
    buf_init(&jws, HEALTH_CARD_JWS_MAX);
    buf_init(&want, HEALTH_CARD_JSON_MAX);
    assert_int_equal(insurer_key_make(world_real(), s.folder, p.insurer, &made, NULL), ERR_OK);
    assert_int_equal(insurer_key_open(&key, world_real(), s.folder, p.insurer, NULL), ERR_OK);
    assert_int_equal(health_card_put_jws(&jws, &p, S("https://cards.invalid"), key, NULL), ERR_OK);
    health_card_put_json(&want, &p, S("https://cards.invalid"));
    struct str rest = buf_str(&jws), header = str_cut(&rest, '.'), payload = str_cut(&rest, '.');
    assert_true(header.n > 0);
    assert_int_equal(rest.n, 86); /* 64 bytes */
    assert_int_equal(sodium_base642bin(packed, sizeof packed, payload.p, payload.n, NULL, &n, NULL,
                                       sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                     0);
    z_stream z = {.next_in = packed, .avail_in = (uInt)n, .next_out = plain, .avail_out = sizeof plain};
    assert_int_equal(inflateInit2(&z, -15), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_str(str_of(plain, z.total_out), buf_str(&want));
    (void)inflateEnd(&z);
    insurer_key_close(key);
    buf_fini(&want);
    buf_fini(&jws);
    scratch_remove(&s);
}

static void each_character_becomes_two_digits(void **state) {
    (void)state;
    char text[16];
    struct buf b = buf_over(text, sizeof text);
    health_card_put_digits(&b, S("-.eyz"));
    assert_str(buf_str(&b), S("0001567677"));
}

static void a_code_too_long_is_an_error(void **state) {
    (void)state;
    static char digits[8000];
    struct qr_code *code = malloc(sizeof *code);
    memset(digits, '7', sizeof digits);
    assert_int_equal(qr_code_make(code, str_of(digits, 1800), NULL), ERR_OK);
    assert_true(code->side > 21);
    assert_int_equal(qr_code_make(code, str_of(digits, sizeof digits), NULL), ERR_LIMIT);
    free(code);
}

static void the_press_prints_both_sizes_and_refuses_what_no_font_has(void **state) {
    (void)state;
    struct scratch s;
    struct buf pdf;
    bool made;
    struct paper p = sample();
    scratch_make(&s);
    buf_init(&pdf, 1 << 22);
    assert_int_equal(insurer_key_make(world_real(), s.folder, p.insurer, &made, NULL), ERR_OK);
    for (int size = PAPER_A4; size <= PAPER_CARD; size++) {
        struct press_settings settings = {.world = world_real(),
                                          .keys = s.folder,
                                          .issuer = S("https://cards.invalid"),
                                          .size = (enum paper_size)size};
        struct press *press = NULL;
        struct issue_press face;
        struct diag d = {0};
        struct coverage strange = covered;
        strange.name = S("\U0010FFFD"); /* private use: in no font */
        assert_int_equal(press_open(&press, &settings, &face, NULL), ERR_OK);
        assert_int_equal(face.insurer(face.context, p.insurer, NULL), ERR_OK);
        buf_reset(&pdf);
        assert_int_equal(face.begin(face.context, &pdf, NULL), ERR_OK);
        assert_int_equal(face.add(face.context, &p, NULL), ERR_OK);
        p.coverage = &strange;
        assert_int_equal(face.add(face.context, &p, &d), ERR_NOT_SUPPORTED);
        assert_non_null(strstr(d.detail, "氏名"));
        strange.name = S("𠮷野　葛󠄀子"); /* of the second font, and with a variation selector */
        assert_int_equal(face.add(face.context, &p, NULL), ERR_OK);
        p.coverage = &covered;
        assert_int_equal(face.end(face.context, NULL), ERR_OK);
        assert_true(str_starts(buf_str(&pdf), S("%PDF-")));
        assert_true(str_find(buf_str(&pdf), S("%%EOF")) < pdf.n);
        press_close(press);
    }
    buf_fini(&pdf);
    scratch_remove(&s);
}

/* fontconfig keeps what it read of the machine's fonts until the process ends. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfontconfig\n"; }

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_payload_is_a_health_card_that_says_what_the_paper_says),
        cmocka_unit_test(the_card_is_signed_and_packed),
        cmocka_unit_test(each_character_becomes_two_digits),
        cmocka_unit_test(a_code_too_long_is_an_error),
        cmocka_unit_test(the_press_prints_both_sizes_and_refuses_what_no_font_has),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("health card", tests, NULL, NULL);
}
