#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "lib/unit.h"

#include <errno.h>

static void every_error_has_its_own_name_and_code_and_both_languages(void **state) {
    (void)state;
    for (unsigned e = 1; e < ERR_COUNT; e++) {
        const struct err_info *info = err_info((enum err)e);
        row_check(strlen(info->code) == 5 && info->http >= 200 && info->http < 600, info->name);
        row_check(info->fhir_issue[0] && info->en[0] && utf8_valid(str_c(info->ja)), info->name);
        row_check(utf8_length(str_c(info->ja)) < strlen(info->ja), info->name); /* some of it is not ASCII */
        for (unsigned o = 1; o < e; o++) {
            const struct err_info *other = err_info((enum err)o);
            row_check(strcmp(info->name, other->name) != 0 && strcmp(info->code, other->code) != 0, info->name);
        }
    }
}

static void the_fhir_issue_type_is_one_that_exists(void **state) {
    /* http://hl7.org/fhir/R4/valueset-issue-type.html */
    static const char *const types[] = {
        "invalid",          "structure", "required",      "value",      "invariant",    "security",      "login",
        "unknown",          "expired",   "forbidden",     "suppressed", "processing",   "not-supported", "duplicate",
        "multiple-matches", "not-found", "deleted",       "too-long",   "code-invalid", "extension",     "too-costly",
        "business-rule",    "conflict",  "transient",     "lock-error", "no-store",     "exception",     "timeout",
        "incomplete",       "throttled", "informational",
    };
    (void)state;
    for (unsigned e = 0; e < ERR_COUNT; e++) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(types); i++) known |= strcmp(types[i], err_info((enum err)e)->fhir_issue) == 0;
        row_check(known, err_info((enum err)e)->fhir_issue);
    }
}

static struct str shown(const struct diag *d, struct buf *b) {
    buf_init(b, 4096);
    diag_put(d, b);
    assert_true(buf_ok(b));
    return buf_str(b);
}

static void a_person_reads_place_reason_and_detail(void **state) {
    struct diag d;
    struct buf b;
    (void)state;
    assert_int_equal(diag_set(&d, ERR_DATE, "birth", "%04d", 7), ERR_DATE);
    assert_str(shown(&d, &b), S("birth: 日付が正しくありません / the date is not a day of the calendar (0007)"));
    buf_fini(&b);
    d.line = 3;
    assert_true(str_starts(shown(&d, &b), S("行 3 birth: ")));
    buf_fini(&b);
    d.column = 4;
    assert_true(str_starts(shown(&d, &b), S("行 3 桁 4 birth: ")));
    buf_fini(&b);
    assert_int_equal(diag_set(&d, ERR_MEMORY, NULL, NULL), ERR_MEMORY);
    assert_str(shown(&d, &b), S("メモリが足りません / out of memory"));
    buf_fini(&b);
}

static void what_does_not_fit_is_cut_not_written_past(void **state) {
    struct diag d;
    struct buf b;
    char text[2000];
    (void)state;
    memset(text, 'x', sizeof text - 1), text[sizeof text - 1] = 0;
    assert_int_equal(diag_set(&d, ERR_VALUE, text, "%s", text), ERR_VALUE);
    assert_int_equal(strlen(d.where), sizeof d.where - 1);
    assert_int_equal(strlen(d.detail), sizeof d.detail - 1);
    (void)shown(&d, &b);
    buf_fini(&b);
}

static void a_cut_never_leaves_half_a_character(void **state) {
    struct diag d;
    char text[400];
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) memcpy(text + i, "髙", 4);
        assert_int_equal(diag_set(&d, ERR_VALUE, text, "%s", text), ERR_VALUE);
        assert_true(utf8_valid(str_c(d.where)) && utf8_valid(str_c(d.detail)));
        assert_true(strlen(d.where) + 3 > sizeof d.where - 1);
    }
}

static void without_a_diag_the_error_is_still_returned(void **state) {
    (void)state;
    assert_int_equal(diag_set(NULL, ERR_DATE, "birth", "%d", 1), ERR_DATE);
}

static void a_full_disk_is_told_apart(void **state) {
    struct diag d;
    (void)state;
    errno = ENOSPC;
    assert_int_equal(diag_errno(&d, "log"), ERR_DISK_FULL);
    assert_string_equal(d.detail, "ENOSPC");
    errno = EDQUOT;
    assert_int_equal(diag_errno(&d, "log"), ERR_DISK_FULL);
    errno = EACCES;
    assert_int_equal(diag_errno(&d, "log"), ERR_IO);
    errno = 123456;
    assert_int_equal(diag_errno(&d, "log"), ERR_IO);
    assert_string_equal(d.detail, "unknown errno");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_its_own_name_and_code_and_both_languages),
        cmocka_unit_test(the_fhir_issue_type_is_one_that_exists),
        cmocka_unit_test(a_person_reads_place_reason_and_detail),
        cmocka_unit_test(what_does_not_fit_is_cut_not_written_past),
        cmocka_unit_test(a_cut_never_leaves_half_a_character),
        cmocka_unit_test(without_a_diag_the_error_is_still_returned),
        cmocka_unit_test(a_full_disk_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
