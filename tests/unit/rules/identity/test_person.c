#include "lib/unit.h"
#include "rules/identity/person.h"

struct row {
    const char *name, *kana, *other_name, *other_kana, *birth, *address;
    char sex;
    const char *accords; /* family given birth sex address: a agrees, s slip, ? unknown, - differs */
    const char *why;
};

static struct person member(const struct row *r) {
    struct person p = {.name = str_c(r->name),
                       .kana = str_c(r->kana),
                       .other_name = str_c(r->other_name),
                       .other_kana = str_c(r->other_kana),
                       .address = str_c(r->address),
                       .birth = DAY_NONE,
                       .sex = r->sex};
    if (r->birth) assert_true(day_parse(str_c(r->birth), &p.birth));
    return p;
}

static struct person resident(void) {
    struct person r = {.name = S("髙橋　花子"),
                       .kana = S("ﾀｶﾊｼ ﾊﾅｺ"),
                       .former_name = S("佐藤　花子"),
                       .post = S("198-0036"),
                       .address = S("東京都青梅市河辺町一丁目２番３号"),
                       .sex = '2'};
    assert_true(day_parse(S("1980-05-01"), &r.birth));
    return r;
}

static void each_trait_is_judged_by_itself(void **state) {
    (void)state;
#define ADDRESS "東京都青梅市河辺町1-2-3"
    static const struct row rows[] = {
        {"髙橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", "東京都青梅市河辺町一丁目２番３号", '2', "aaaaa",
         "letter for letter"},
        {"高橋花子", "タカハシ　ハナコ", 0, 0, "1980-05-01", ADDRESS, '2', "aaaaa", "as an employer files it"},
        {"●橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "aaaaa", "a lost character, and the kana agrees"},
        {"●橋　花子", "", 0, 0, "1980-05-01", ADDRESS, '2', "ssaaa", "a lost character alone"},
        {"高橋　波奈子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "asaaa", "another character of the same sound"},
        {"高橋　花子", "ﾀｶﾊｼ ｶｺ", 0, 0, "1980-05-01", ADDRESS, '2', "asaaa", "another reading"},
        {"高橋　香子", "ﾀｶﾊｼ ｶｺ", 0, 0, "1980-05-01", ADDRESS, '2', "a-aaa", "another name"},
        {"高橋　花代", "ﾀｶﾊｼ ﾊﾅﾖ", 0, 0, "1980-05-01", ADDRESS, '2', "a-aaa", "a twin, one kana apart"},
        {"佐藤　花子", "ｻﾄｳ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "aaaaa", "under the former name"},
        {"山田　花子", "ﾔﾏﾀﾞ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "-aaaa", "under a name registered nowhere"},
        {"ＭＡＲＩＡ", "ﾏﾘｱ", "高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", "1980-05-01", ADDRESS, '2', "aaaaa",
         "the registry's name is the member's 通称"},
        {"高橋　花子", "", 0, 0, "1980-05-01", ADDRESS, '2', "aaaaa", "no kana"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-02", ADDRESS, '2', "aasaa", "a day late"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-07-23", ADDRESS, '2', "aa-aa", "another day"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, NULL, ADDRESS, '2', "aa?aa", "no birth date"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '1', "aaa-a", "the other sex"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '3', "aaa?a", "sex not set"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", "", '2', "aaaa?", "no address"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", "青梅市河辺町1-2", '2', "aaaas", "an address that ends early"},
        {"高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", "大阪府大阪市北区梅田3-1", '2', "aaaa-", "moved"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct person m = member(&rows[i]), r = resident();
        struct likeness l;
        struct diag d = {0};
        char got[TRAIT_COUNT + 1] = {0};
        assert_int_equal(person_compare(&m, &r, &l, &d), ERR_OK);
        for (enum trait t = 0; t < TRAIT_COUNT; t++) got[t] = "as?-"[l.of[t]];
        if (strcmp(got, rows[i].accords) != 0) print_error("got %s\n", got);
        row_check(strcmp(got, rows[i].accords) == 0, rows[i].why);
    }
}

static void which_name_agreed_is_told(void **state) {
    (void)state;
    static const struct row former = {.name = "佐藤　花子", .kana = "ｻﾄｳ ﾊﾅｺ", .birth = "1980-05-01", .sex = '2'};
    struct person m = member(&former), r = resident();
    struct likeness l;
    struct comparison c;
    struct diag d = {0};
    assert_int_equal(person_compare(&m, &r, &l, &d), ERR_OK);
    assert_int_equal(l.resident_name, NAME_FORMER);
    assert_int_equal(person_explain(&m, &r, &l, FACT_NAME, &c, &d), ERR_OK);
    assert_int_equal(c.level, LEVEL_SAME);
    assert_int_equal(person_explain(&m, &r, &l, FACT_BIRTH, &c, &d), ERR_OK);
    assert_true(comparison_has(&c, REASON_SAME_DAY));
    assert_int_equal(person_explain(&m, &r, &l, FACT_ADDRESS, &c, &d), ERR_OK);
    assert_int_equal(c.level, LEVEL_UNKNOWN);
}

/* What the names are is judged the same whoever is called the member; only former names are the registry's alone. */
static void likeness_is_the_same_both_ways_round(void **state) {
    (void)state;
    static const struct row people[] = {
        {"髙橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "", ""},
        {"高橋　華子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-05-01", ADDRESS, '2', "", ""},
        {"高橋花子", "", 0, 0, "1980-05-10", "", '1', "", ""},
        {"ＭＡＲＩＡ", "ﾏﾘｱ", "高橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", NULL, "大阪府大阪市北区梅田3-1", '3', "", ""},
        {"●橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", 0, 0, "1980-01-05", ADDRESS, 0, "", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(people); i++)
        for (size_t k = 0; k < ARRAY_LEN(people); k++) {
            struct person a = member(&people[i]), b = member(&people[k]);
            struct likeness ab, ba;
            struct diag d = {0};
            assert_int_equal(person_compare(&a, &b, &ab, &d), ERR_OK);
            assert_int_equal(person_compare(&b, &a, &ba, &d), ERR_OK);
            for (enum trait t = 0; t < TRAIT_COUNT; t++) row_check(ab.of[t] == ba.of[t], trait_info(t)->code);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trait_is_judged_by_itself),
        cmocka_unit_test(which_name_agreed_is_told),
        cmocka_unit_test(likeness_is_the_same_both_ways_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
