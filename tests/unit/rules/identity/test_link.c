#include "lib/unit.h"
#include "rules/identity/link.h"

/* family given birth sex address: a agrees, s slip, ? unknown, - differs; then, if given, the levels of name and kana where the traits
 * do not say it: n near, p part, d different, u unknown. */
static struct likeness likeness(const char *text) {
    struct likeness l = {0};
    for (size_t t = 0; t < TRAIT_COUNT; t++) l.of[t] = (enum accord)(strchr("as?-", text[t]) - "as?-");
    static const enum level levels[] = {LEVEL_SAME, LEVEL_NEAR, LEVEL_PART, LEVEL_DIFFERENT, LEVEL_UNKNOWN};
    if (strlen(text) > TRAIT_COUNT) {
        l.level[FACT_NAME] = levels[strchr("=npdu", text[TRAIT_COUNT]) - "=npdu"];
        l.level[FACT_KANA] = levels[strchr("=npdu", text[TRAIT_COUNT + 1]) - "=npdu"];
    }
    return l;
}

static void the_first_rule_that_holds_decides(void **state) {
    (void)state;
    static const struct {
        const char *number, *holder, *other; /* number: y has one, n none, 2 held twice */
        bool has_double;
        const char *rule, *why;
    } rows[] = {
        {"y", "aaaaa", NULL, false, "all-agree", "number and four attributes"},
        {"y", "aaaa-", NULL, false, "moved", "an old address, and nobody within reach"},
        {"y", "aaaa?", NULL, false, "moved", "no address"},
        {"y", "aaaa?=u", NULL, false, "moved", "no kana either, but the kanji are the same"},
        {"y", "aaaa?nu", NULL, false, "too-little", "a lost character, no kana, no address"},
        {"y", "aaa?a", NULL, false, "written-otherwise", "sex not set"},
        {"y", "aaa??", NULL, false, "too-little", "neither sex nor address"},
        {"y", "asaaap=", NULL, false, "written-otherwise", "another character of the same sound at the same address"},
        {"y", "asaa-p=", NULL, false, "given-unsure", "another character of the same sound elsewhere"},
        {"y", "aaaas", NULL, false, "written-otherwise", "an address that ends early"},
        {"y", "aaaaa", "aaaa-", false, "told-apart", "a namesake elsewhere"},
        {"y", "aaaaa", "a-aaapp", false, "told-apart", "a twin"},
        {"y", "aaaaa", "aaaaa", false, "within-reach", "a namesake at the same address"},
        {"y", "aaaaa", "aaaa?", false, "within-reach", "of whom nothing differs for sure"},
        {"y", "aaaa-", "aaaaa", false, "within-reach", "the number may be the namesake's"},
        {"y", "aaaa?", "a-aaapp", false, "within-reach", "a twin, and no address"},
        {"y", "aaaaa", NULL, true, "told-apart", "the holder has a double, who is not like the member"},
        {"y", "aaaa-", NULL, true, "within-reach", "the holder has a double, and the address is old"},
        {"y", "a-aaapp", NULL, false, "given", "a family member's number"},
        {"y", "a-aaapp", "aaaaa", false, "another", "the twin's number"},
        {"y", "aa-aa", NULL, false, "birth", "a parent of the same name"},
        {"y", "aasaa", NULL, false, "birth-slip", "a day off"},
        {"y", "aa?aa", NULL, false, "birth-unknown", "no birth date"},
        {"y", "aaa-a", NULL, false, "sex-alone", "the sex alone"},
        {"y", "-aa-a", NULL, false, "sex", "the sex and the family name"},
        {"y", "-aaaap=", NULL, false, "family", "a name registered nowhere"},
        {"y", "??aaauu", NULL, false, "given-unsure", "no name to compare"},
        {"n", NULL, "aaaaa", false, "blank", "no number links nothing"},
        {"n", NULL, NULL, false, "blank", "no number"},
        {"y", NULL, NULL, false, "nobody", "nobody's number"},
        {"y", NULL, "aaaaa", false, "nobody-but", "nobody's number, but one agrees in everything"},
        {"y", NULL, "aaaa-", false, "nobody", "nobody's number, and one agrees in part"},
        {"2", "aaaaa", NULL, false, "number-twice", "one number in two records"},
    };
    bool seen[LINK_RULES] = {false};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct likeness holder = rows[i].holder ? likeness(rows[i].holder) : (struct likeness){0};
        struct likeness other = rows[i].other ? likeness(rows[i].other) : (struct likeness){0};
        struct link_facts f = {.has_number = rows[i].number[0] != 'n',
                               .holders = rows[i].number[0] == '2' ? 2 : rows[i].holder != NULL,
                               .holder = rows[i].holder ? &holder : NULL,
                               .holder_has_double = rows[i].has_double,
                               .others = &other,
                               .other_count = rows[i].other != NULL};
        enum link_rule r = link_decide(&f);
        seen[r] = true;
        if (strcmp(link_rule_info(r)->code, rows[i].rule) != 0) print_error("got %s\n", link_rule_info(r)->code);
        row_check(strcmp(link_rule_info(r)->code, rows[i].rule) == 0, rows[i].why);
    }
    for (enum link_rule r = 0; r < LINK_RULES; r++) row_check(seen[r], link_rule_info(r)->code);
}

static bool contradicts(const struct likeness *l) {
    return l->of[TRAIT_GIVEN] == ACCORD_DIFFERS || l->of[TRAIT_BIRTH] >= ACCORD_SLIP ||
           l->of[TRAIT_SEX] == ACCORD_DIFFERS || l->of[TRAIT_FAMILY] == ACCORD_DIFFERS;
}

/* Every way in which a member can agree with the holder and with one other: all that the rules can ever be asked. */
static void nothing_ever_links_against_what_always_holds(void **state) {
    (void)state;
    enum { WAYS = ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT };
    size_t linked = 0;
    for (size_t a = 0; a < WAYS; a++)
        for (size_t b = 0; b <= WAYS; b++) {
            struct likeness holder = {0}, other = {0};
            for (size_t t = 0, x = a, y = b; t < TRAIT_COUNT; t++, x /= ACCORD_COUNT, y /= ACCORD_COUNT)
                holder.of[t] = (enum accord)(x % ACCORD_COUNT), other.of[t] = (enum accord)(y % ACCORD_COUNT);
            struct link_facts f = {
                .has_number = true, .holders = 1, .holder = &holder, .others = &other, .other_count = b < WAYS};
            bool is_linked = link_rule_info(link_decide(&f))->outcome == LINK_LINKED;
            bool all = true;
            for (enum trait t = 0; t < TRAIT_COUNT; t++) all = all && holder.of[t] == ACCORD_AGREES;
            linked += is_linked;
            if (is_linked && (contradicts(&holder) || (f.other_count && !all)))
                fail_msg("linked: holder %zu other %zu", a, b);
            f.has_number = false, f.holders = 0, f.holder = NULL;
            if (link_rule_info(link_decide(&f))->outcome == LINK_LINKED) fail_msg("linked without a number: %zu", b);
        }
    assert_true(linked > 0);
}

static void whoever_could_be_taken_for_the_member_is_within_reach(void **state) {
    (void)state;
    static const struct {
        const char *likeness;
        bool within;
        const char *why;
    } rows[] = {
        {"aaaa-", true, "a namesake"},
        {"asaa-", true, "of another character"},
        {"a-aaa", true, "a twin"},
        {"-aaaa", true, "one household"},
        {"a-aa-", false, "another of that name"},
        {"aa-aa", false, "another birth date"},
        {"aaa-a", false, "another sex"},
        {"aaa?-", true, "sex not set"},
        {"??aaa", false, "no name"},
        {"aasaa", false, "a day off: only the same day is looked through"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct likeness l = likeness(rows[i].likeness);
        row_check(link_within_reach(&l) == rows[i].within, rows[i].why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rule_that_holds_decides),
        cmocka_unit_test(nothing_ever_links_against_what_always_holds),
        cmocka_unit_test(whoever_could_be_taken_for_the_member_is_within_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
