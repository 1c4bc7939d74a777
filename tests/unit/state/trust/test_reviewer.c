/* Reviewers: a name and a passphrase that is made once, kept as a hash, and told from every other. */
#include "lib/scratch.h"
#include "lib/unit.h"
#include "state/trust/reviewer.h"

#include <sodium.h>
#include <sys/stat.h>

static void the_passphrase_opens_and_no_other_does(void **state) {
    (void)state;
    struct scratch s;
    char passphrase[PASSPHRASE_CHARACTERS + 1], other[PASSPHRASE_CHARACTERS + 1], loose[64], path[SCRATCH_PATH_MAX];
    bool made = false;
    struct stat st;
    scratch_make(&s);
    assert_int_equal(reviewer_make(world_real(), s.folder, S("sato.1"), passphrase, &made, NULL), ERR_OK);
    assert_true(made && strlen(passphrase) == PASSPHRASE_CHARACTERS && passphrase[5] == '-');
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato.1"), str_c(passphrase)), ERR_OK);
    size_t n = 0;
    for (const char *p = passphrase; *p; p++)
        if (*p != '-') loose[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato.1"), str_of(loose, n)), ERR_OK);
    memcpy(other, passphrase, sizeof other);
    other[0] = other[0] == '2' ? '3' : '2';
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato.1"), str_c(other)), ERR_UNAUTHENTICATED);
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato.1"), S("")), ERR_UNAUTHENTICATED);
    assert_int_equal(reviewer_check(world_real(), s.folder, S("tanaka"), str_c(passphrase)), ERR_UNAUTHENTICATED);
    assert_int_equal(reviewer_check(world_real(), s.folder, S("../reviewers/sato.1"), str_c(passphrase)),
                     ERR_UNAUTHENTICATED);
    assert_false(scratch_holds(&s, str_c(passphrase)) || scratch_holds(&s, str_of(loose, n)));
    assert_int_equal(stat(scratch_path(&s, "reviewers/sato.1", path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scratch_remove(&s);
}

static void one_who_is_there_stays_as_he_is(void **state) {
    (void)state;
    struct scratch s;
    char first[PASSPHRASE_CHARACTERS + 1], again[PASSPHRASE_CHARACTERS + 1] = "";
    bool made = false;
    scratch_make(&s);
    assert_int_equal(reviewer_make(world_real(), s.folder, S("sato"), first, &made, NULL), ERR_OK);
    assert_int_equal(reviewer_make(world_real(), s.folder, S("sato"), again, &made, NULL), ERR_OK);
    assert_true(!made && again[0] == 0);
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato"), str_c(first)), ERR_OK);
    scratch_remove(&s);
}

static void what_a_name_may_be(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool good;
    } rows[] = {{"sato", true},
                {"sato.2", true},
                {"a-b", true},
                {"", false},
                {".", false},
                {"..", false},
                {".x", false},
                {"Sato", false},
                {"a/b", false},
                {"佐藤", false},
                {"a b", false},
                {"abcdefghijklmnopqrstuvwxyz012345", true},
                {"abcdefghijklmnopqrstuvwxyz0123456", false}};
    struct scratch s;
    scratch_make(&s);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        char passphrase[PASSPHRASE_CHARACTERS + 1];
        bool made = false;
        row_check(reviewer_name_valid(str_c(rows[r].name)) == rows[r].good, rows[r].name);
        if (!rows[r].good)
            row_check(reviewer_make(world_real(), s.folder, str_c(rows[r].name), passphrase, &made, NULL) == ERR_VALUE,
                      rows[r].name);
    }
    scratch_remove(&s);
}

static void a_file_that_was_tampered_with_opens_to_nobody(void **state) {
    (void)state;
    struct scratch s;
    char passphrase[PASSPHRASE_CHARACTERS + 1];
    bool made = false;
    scratch_make(&s);
    assert_int_equal(reviewer_make(world_real(), s.folder, S("sato"), passphrase, &made, NULL), ERR_OK);
    scratch_write(&s, "reviewers/sato", S(""));
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato"), str_c(passphrase)), ERR_UNAUTHENTICATED);
    scratch_write(&s, "reviewers/sato", S("x\0y"));
    assert_int_equal(reviewer_check(world_real(), s.folder, S("sato"), str_c(passphrase)), ERR_UNAUTHENTICATED);
    scratch_remove(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_passphrase_opens_and_no_other_does),
        cmocka_unit_test(one_who_is_there_stays_as_he_is),
        cmocka_unit_test(what_a_name_may_be),
        cmocka_unit_test(a_file_that_was_tampered_with_opens_to_nobody),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
