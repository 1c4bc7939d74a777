#include "lib/hostile.h"
#include "lib/short_memory.h"
#include "lib/unit.h"
#include "service/quality/quality.h"

#define MEMBER(number)                                                                                                 \
    "{\"member\":{\"insurer\":\"06139448\",\"symbol\":\"12\",\"number\":\"" number "\",\"branch\":\"00\"}"
#define TRUTH(number, resident, errors, number_of)                                                                     \
    MEMBER(number) ",\"resident\":\"" resident "\",\"errors\":[" errors "],\"number_of\":\"" number_of "\"}"
#define LINK(number, resident, outcome)                                                                                \
    MEMBER(number)                                                                                                     \
    ",\"resident\":\"" resident "\",\"outcome\":\"" outcome "\",\"probability\":0.999,\"reasons\":[\"x\"]}"

struct judge {
    struct quality q;
    struct quality_count count;
};
static void judge(struct judge *j, const char *const *truth, const char *const *links) {
    struct diag d = {0};
    quality_init(&j->q, world_real());
    for (; *truth; truth++)
        if (quality_truth_line(&j->q, str_c(*truth), &d) != ERR_OK) fail_msg("%s: %s %s", *truth, d.where, d.detail);
    for (; *links; links++)
        if (quality_link_line(&j->q, str_c(*links), &d) != ERR_OK) fail_msg("%s: %s %s", *links, d.where, d.detail);
    quality_count(&j->q, &j->count);
    quality_fini(&j->q);
}

static void each_outcome_is_judged_by_what_is_true(void **state) {
    static const struct {
        const char *truth, *link; /* link NULL: no line */
        enum quality_group group;
        bool wrong, right;
    } rows[] = {
        {TRUTH("1", "R1", "", "R1"), LINK("1", "R1", "linked"), QUALITY_CLEAN, false, true},
        {TRUTH("1", "R1", "", "R1"), LINK("1", "R2", "linked"), QUALITY_CLEAN, true, false},
        {TRUTH("1", "R1", "", "R1"), LINK("1", "", "needs-person"), QUALITY_CLEAN, false, false},
        {TRUTH("1", "R1", "", "R1"), LINK("1", "R2", "needs-person"), QUALITY_CLEAN, false,
         false}, /* only a proposal */
        {TRUTH("1", "R1", "", "R1"), NULL, QUALITY_CLEAN, false, false},
        {TRUTH("1", "R1", "\"kana_small\"", "R1"), LINK("1", "R1", "linked"), QUALITY_HONEST, false, true},
        {TRUTH("1", "R1", "\"kana_small\"", "R1"), LINK("1", "", "contradicted"), QUALITY_HONEST, false, false},
        {TRUTH("1", "R1", "\"number_blank\"", ""), LINK("1", "", "needs-person"), QUALITY_BLANK, false, true},
        {TRUTH("1", "R1", "\"number_blank\"", ""), LINK("1", "", "not-linked"), QUALITY_BLANK, false, true},
        {TRUTH("1", "R1", "\"number_blank\"", ""), LINK("1", "R1", "linked"), QUALITY_BLANK, false, false},
        {TRUTH("1", "R1", "\"number_blank\"", ""), NULL, QUALITY_BLANK, false, false},
        {TRUTH("1", "R1", "\"twin_swap\"", "R2"), LINK("1", "R2", "linked"), QUALITY_OTHERS, true, false},
        {TRUTH("1", "R1", "\"twin_swap\"", "R2"), LINK("1", "", "contradicted"), QUALITY_OTHERS, false, true},
        {TRUTH("1", "R1", "\"twin_swap\"", "R2"), LINK("1", "", "needs-person"), QUALITY_OTHERS, false, true},
        {TRUTH("1", "R1", "\"twin_swap\"", "R2"), LINK("1", "", "not-linked"), QUALITY_OTHERS, false,
         false}, /* no alarm */
        {TRUTH("1", "R1", "\"shifted_row\"", ""), LINK("1", "", "contradicted"), QUALITY_OTHERS, false, true},
        {TRUTH("1", "", "\"no_resident\"", ""), LINK("1", "", "not-linked"), QUALITY_NOBODY, false, true},
        {TRUTH("1", "", "\"no_resident\"", ""), LINK("1", "R9", "linked"), QUALITY_NOBODY, true, false},
        {TRUTH("1", "", "\"no_resident\"", ""), NULL, QUALITY_NOBODY, false, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct judge j;
        judge(&j, (const char *const[]){rows[i].truth, NULL}, (const char *const[]){rows[i].link, NULL});
        for (unsigned g = QUALITY_CLEAN; g <= QUALITY_NOBODY; g++)
            row_check(j.count.group[g].members == (g == rows[i].group), rows[i].truth);
        const struct quality_row *all = &j.count.group[QUALITY_ALL];
        row_check(all->members == 1 && all->wrong == rows[i].wrong, rows[i].link ? rows[i].link : rows[i].truth);
        row_check(all->right == rows[i].right, rows[i].link ? rows[i].link : rows[i].truth);
        row_check(all->of[OUTCOME_NONE] == (rows[i].link == NULL), rows[i].truth);
    }
}

static void a_member_counts_once_in_each_of_its_kinds_and_with_whom_is_near(void **state) {
    struct judge j;
    (void)state;
    judge(&j,
          (const char *const[]){
              TRUTH("1", "R1", "\"kana_small\",\"address_old\"", "R1"), TRUTH("2", "R2", "\"kana_small\"", "R2"),
              MEMBER("3") ",\"resident\":\"R3\",\"errors\":[],\"number_of\":\"R3\",\"near\":[\"twin\",\"namesake\"]}",
              NULL},
          (const char *const[]){LINK("2", "R1", "linked"), LINK("1", "R1", "linked"), LINK("3", "R1", "linked"), NULL});
    assert_int_equal(j.count.kind[MISTAKE_kana_small].members, 2);
    assert_int_equal(j.count.kind[MISTAKE_kana_small].right, 1);
    assert_int_equal(j.count.kind[MISTAKE_kana_small].wrong, 1);
    assert_int_equal(j.count.kind[MISTAKE_address_old].members, 1);
    assert_int_equal(j.count.kind[MISTAKE_address_old].of[OUTCOME_LINKED], 1);
    assert_int_equal(j.count.group[QUALITY_TWIN].wrong, 1);
    assert_int_equal(j.count.group[QUALITY_NAMESAKE].wrong, 1);
    assert_int_equal(j.count.group[QUALITY_ALL].wrong, 2);
}

static void a_malformed_line_is_refused_with_its_field(void **state) {
    static const struct {
        const char *line;
        enum err want;
        const char *where;
    } truth[] =
        {
            {"", ERR_SYNTAX, NULL},
            {"{", ERR_SYNTAX, NULL},
            {"[]", ERR_VALUE, "line"},
            {"{\"errors\":[]}", ERR_MISSING, "member"},
            {"{\"member\":{\"insurer\":\"1\"},\"errors\":[]}", ERR_MISSING, "number"},
            {"{\"member\":{\"number\":\"1\"},\"errors\":[]}", ERR_MISSING, "insurer"},
            {"{\"member\":{\"insurer\":\"1\",\"number\":7},\"errors\":[]}", ERR_VALUE, "number"},
            {MEMBER("9") "}", ERR_MISSING, "errors"},
            {MEMBER("9") ",\"errors\":[\"colour\"]}", ERR_CODE, "errors"},
            {MEMBER("9") ",\"errors\":[1]}", ERR_VALUE, "errors"},
            {MEMBER("9") ",\"errors\":[],\"near\":\"twin\"}", ERR_VALUE, "near"},
            {MEMBER("9") ",\"errors\":[],\"resident\":5}", ERR_VALUE, "resident"},
            {TRUTH("1", "R1", "", "R1"), ERR_DUPLICATE, "member"},
        },
      links[] = {
          {"nothing", ERR_SYNTAX, NULL},
          {MEMBER("1") "}", ERR_MISSING, "outcome"},
          {MEMBER("1") ",\"outcome\":\"maybe\"}", ERR_CODE, "outcome"},
          {MEMBER("1") ",\"outcome\":\"linked\"}", ERR_MISSING, "resident"},
          {LINK("2", "R1", "linked"), ERR_NOT_FOUND, "member"},
          {LINK("3", "R1", "linked"), ERR_DUPLICATE, "member"},
      };
    struct quality q;
    (void)state;
    quality_init(&q, world_real());
    assert_int_equal(quality_link_line(&q, S(LINK("1", "R1", "linked")), NULL), ERR_NOT_FOUND); /* no truth at all */
    assert_int_equal(quality_truth_line(&q, S(TRUTH("1", "R1", "", "R1")), NULL), ERR_OK);
    assert_int_equal(quality_truth_line(&q, S(TRUTH("3", "R3", "", "R3")), NULL), ERR_OK);
    assert_int_equal(quality_link_line(&q, S(LINK("3", "R3", "linked")), NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(truth) + ARRAY_LEN(links); i++) {
        bool first = i < ARRAY_LEN(truth);
        const char *line = first ? truth[i].line : links[i - ARRAY_LEN(truth)].line;
        const char *where = first ? truth[i].where : links[i - ARRAY_LEN(truth)].where;
        enum err want = first ? truth[i].want : links[i - ARRAY_LEN(truth)].want;
        struct diag d = {0};
        enum err e = first ? quality_truth_line(&q, str_c(line), &d) : quality_link_line(&q, str_c(line), &d);
        row_check(e == want && d.err == want, line);
        row_check(where == NULL || strcmp(d.where, where) == 0, line);
    }
    assert_int_equal(q.members, 2);
    quality_fini(&q);
}

static void many_members_are_told_apart(void **state) {
    enum { MANY = 30000 };
    struct quality q;
    struct quality_count c;
    char line[256];
    (void)state;
    quality_init(&q, world_real());
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(line, sizeof line, TRUTH("%u", "R%u", "", "R%u"), i, i, i);
        assert_int_equal(quality_truth_line(&q, str_c(line), NULL), ERR_OK);
    }
    for (unsigned i = MANY; i-- > 0;) {
        snprintf(line, sizeof line, LINK("%u", "R%u", "linked"), i, i % 1000 == 0 ? i + 1 : i);
        assert_int_equal(quality_link_line(&q, str_c(line), NULL), ERR_OK);
    }
    quality_count(&q, &c);
    assert_int_equal(c.group[QUALITY_ALL].members, MANY);
    assert_int_equal(c.group[QUALITY_ALL].wrong, MANY / 1000);
    assert_int_equal(c.group[QUALITY_ALL].right, MANY - MANY / 1000);
    quality_fini(&q);
}

static void the_bound_is_the_rule_of_three_and_never_below_it(void **state) {
    static const struct {
        uint64_t wrong, linked, want; /* in 100 million */
    } rows[] = {
        {0, 0, UINT64_MAX}, {0, 3, 100000000},   {0, 1000000, 300},         {0, 7, 42857143},
        {1, 1000000, 474},  {10, 1000000, 1696}, {11, 1000000, UINT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(quality_bound(rows[i].wrong, rows[i].linked), rows[i].want);
}

static void the_tables_say_what_was_counted(void **state) {
    struct judge j;
    struct buf b;
    (void)state;
    judge(&j,
          (const char *const[]){TRUTH("1", "R1", "", "R1"), TRUTH("2", "R2", "\"birth_day\"", "R2"),
                                TRUTH("3", "R3", "\"twin_swap\"", "R4"), TRUTH("4", "R4", "\"number_blank\"", ""),
                                NULL},
          (const char *const[]){LINK("1", "R1", "linked"), LINK("2", "", "needs-person"), LINK("3", "", "contradicted"),
                                LINK("4", "", "needs-person"), NULL});
    buf_init(&b, 1 << 16);
    quality_put(&j.count, &b);
    static const char *const parts[] = {
        "wrong links: 0 / 1（95 % の上限 / 95 % upper bound: 100 万あたり / in a million 3000000.00）\n",
        "linked without a person: 25.00 %\n",
        "| すべて / all | 4 | 1 | 0 | 2 | 1 | 0 | 0 | 75.00 % |\n",
        "| 誤りなし / clean | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 100.00 % |\n",
        "| 誤りはあるが番号は本人 / dirty but honest | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0.00 % |\n",
        "| 番号なし / no number | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 100.00 % |\n",
        "| 住民でない / no resident | 0 | 0 | 0 | 0 | 0 | 0 | 0 | – |\n",
        "alarms for each number of another's: 2 / 1 = 2.00\n",
        "| 生年月日が一日違う / birth_day | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0.00 % |\n",
        "| 双子の番号を互いに取り違えた / twin_swap | 1 | 0 | 0 | 0 | 1 | 0 | 0 | 100.00 % |\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) row_check(str_find(buf_str(&b), str_c(parts[i])) < b.n, parts[i]);
    assert_true(str_find(buf_str(&b), S("kana_small")) == b.n); /* nobody had it */
    buf_fini(&b);
}

static void feed(void *context, struct str input) {
    struct quality *q = context;
    struct quality_count c;
    struct diag d = {0};
    if (quality_truth_line(q, input, &d) != ERR_OK) assert_int_not_equal(d.err, ERR_OK);
    if (quality_link_line(q, input, &d) != ERR_OK) assert_int_not_equal(d.err, ERR_OK);
    quality_count(q, &c);
    assert_int_equal(c.group[QUALITY_ALL].members, q->members);
}
static void any_bytes_are_taken_or_refused(void **state) {
    struct quality q;
    (void)state;
    quality_init(&q, world_real());
    assert_true(hostile_all(S(TRUTH("1", "R1", "\"twin_swap\"", "R2")), feed, &q) > 1000);
    assert_true(hostile_all(S(LINK("1", "R1", "linked")), feed, &q) > 1000);
    quality_fini(&q);
}

static void too_little_memory_is_an_error_and_loses_nothing(void **state) {
    struct quality q;
    size_t failures = 0;
    (void)state;
    for (size_t nth = 1;; nth++) {
        quality_init(&q, world_real());
        short_memory_from(nth);
        enum err e = quality_truth_line(&q, S(TRUTH("1", "R1", "", "R1")), NULL);
        bool hit = short_memory_hit();
        assert_int_equal(e != ERR_OK, hit); /* a line that finds no room is ERR_LIMIT, the table ERR_MEMORY */
        assert_int_equal(q.members, !hit);
        quality_fini(&q);
        if (!hit) break;
        failures++;
    }
    assert_true(failures >= 2);
}

static void what_is_true_of_one_link_can_be_asked(void **state) {
    (void)state;
    static const char *const truth[] = {TRUTH("1", "R1", "", "R1"), TRUTH("2", "R2", "\"twin_swap\"", "R3"),
                                        TRUTH("3", "R3", "", "R3"), TRUTH("4", "R4", "", "R4")};
    static const char *const links[] = {LINK("1", "R1", "linked"), LINK("2", "R3", "linked"),
                                        LINK("3", "R3", "needs-person")};
    static const struct {
        const char *number;
        enum quality_link want;
    } rows[] = {{"1", QUALITY_RIGHT},
                {"2", QUALITY_WRONG},
                {"3", QUALITY_UNKNOWN},
                {"4", QUALITY_UNKNOWN},
                {"5", QUALITY_UNKNOWN}};
    struct quality q;
    quality_init(&q, world_real());
    assert_int_equal(quality_link_of(&q, S("06139448"), S("12"), S("1"), S("00")), QUALITY_UNKNOWN);
    for (size_t i = 0; i < ARRAY_LEN(truth); i++)
        assert_int_equal(quality_truth_line(&q, str_c(truth[i]), NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        assert_int_equal(quality_link_line(&q, str_c(links[i]), NULL), ERR_OK);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        row_check(quality_link_of(&q, S("06139448"), S("12"), str_c(rows[r].number), S("00")) == rows[r].want,
                  rows[r].number);
    assert_int_equal(quality_link_of(&q, S("06139448"), S("12"), S("1"), S("01")), QUALITY_UNKNOWN);
    quality_fini(&q);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_true_of_one_link_can_be_asked),
        cmocka_unit_test(each_outcome_is_judged_by_what_is_true),
        cmocka_unit_test(a_member_counts_once_in_each_of_its_kinds_and_with_whom_is_near),
        cmocka_unit_test(a_malformed_line_is_refused_with_its_field),
        cmocka_unit_test(many_members_are_told_apart),
        cmocka_unit_test(the_bound_is_the_rule_of_three_and_never_below_it),
        cmocka_unit_test(the_tables_say_what_was_counted),
        cmocka_unit_test(any_bytes_are_taken_or_refused),
        cmocka_unit_test(too_little_memory_is_an_error_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
