#include "base/buf.h"
#include "edge/paper/letter.h"
#include "lib/unit.h"

#include <sodium.h>

/* fontconfig keeps some hundred bytes of its configuration until the process ends; a sanitizer would call that a leak of ours. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libfontconfig"; }

static struct day D(const char *s) {
    struct day d = DAY_NONE;
    assert_true(day_parse(str_c(s), &d));
    return d;
}

static struct coverage period;
static struct member member;

static struct letter letter_of(enum notice_kind kind) {
    period = coverage_empty();
    period.name = S("髙﨑　花子"), period.post = S("160-0001"), period.address = S("東京都新宿区片町1-2-3");
    member =
        (struct member){.insurer = {6139448}, .id = {S("12-34"), S("1"), 1}, .periods = &period, .period_count = 1};
    return (struct letter){.kind = kind,
                           .member = &member,
                           .coverage = &period,
                           .insurer_name = S("青葉電機健康保険組合"),
                           .made = D("2026-06-01"),
                           .ends = D("2026-07-15"),
                           .usable_until = D("2026-10-31")};
}

static void every_kind_of_reminder_can_be_drawn(void **state) {
    static const enum notice_kind kinds[] = {NOTICE_CARD_ENDS, NOTICE_CARD_CERTIFICATE_ENDS, NOTICE_PHONE_ENDS,
                                             NOTICE_CERTIFICATE_ENDS};
    struct letters *letters = NULL;
    struct letter_press press;
    struct buf pdf;
    struct diag d = {0};
    (void)state;
    if (letters_open(&letters, &press, &d) != ERR_OK) skip(); /* no Japanese font here */
    buf_init(&pdf, 8 << 20);
    assert_int_equal(press.begin(press.context, &pdf, &d), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        struct letter l = letter_of(kinds[i]);
        assert_int_equal(press.add(press.context, &l, &d), ERR_OK);
    }
    assert_int_equal(press.end(press.context, &d), ERR_OK);
    assert_true(str_starts(buf_str(&pdf), S("%PDF")) && str_ends(str_trim(buf_str(&pdf)), S("%%EOF")));
    assert_true(str_find(buf_str(&pdf), S("/Count 4")) < pdf.n);
    buf_fini(&pdf);
    letters_close(letters);
}

static void a_letter_with_a_character_that_no_font_has_is_refused_and_the_next_is_drawn(void **state) {
    struct letters *letters = NULL;
    struct letter_press press;
    struct buf pdf;
    struct diag d = {0};
    (void)state;
    if (letters_open(&letters, &press, &d) != ERR_OK) skip();
    buf_init(&pdf, 8 << 20);
    assert_int_equal(press.begin(press.context, &pdf, &d), ERR_OK);
    struct letter l = letter_of(NOTICE_CARD_ENDS);
    period.name = S("\xf3\xb0\x80\x80"); /* private use: nobody's */
    assert_int_equal(press.add(press.context, &l, &d), ERR_NOT_SUPPORTED);
    assert_null(strstr(d.detail, "\xf3\xb0\x80\x80"));
    l = letter_of(NOTICE_CARD_ENDS);
    assert_int_equal(press.add(press.context, &l, &d), ERR_OK);
    assert_int_equal(press.end(press.context, &d), ERR_OK);
    assert_true(str_find(buf_str(&pdf), S("/Count 1")) < pdf.n);
    press.abandon(press.context);
    buf_fini(&pdf);
    letters_close(letters);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_reminder_can_be_drawn),
        cmocka_unit_test(a_letter_with_a_character_that_no_font_has_is_refused_and_the_next_is_drawn),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("letter", tests, NULL, NULL);
}
