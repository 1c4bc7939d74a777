#include "edge/card/card_side.h"
#include "lib/sample_card.h"
#include "lib/unit.h"

#include <stdatomic.h>
#include <unistd.h>

static struct sample_card s;
static struct card_on_reader on;
static struct {
    enum err open; /* of taking the card */
    const char *open_where;
    unsigned cardless; /* so many takes find no card */
    enum card_verdict challenge, question;
    unsigned challenges, questions;
} world;

static enum err open_card(void *context, struct reader *out, struct diag *d) {
    (void)context;
    if (world.cardless) return world.cardless--, diag_set(d, ERR_NOT_FOUND, "card", NULL);
    if (world.open != ERR_OK) return diag_set(d, world.open, world.open_where, NULL);
    *out = sample_card_reader(&s);
    return ERR_OK;
}

static enum card_verdict challenge(void *context, struct str visit, struct str certificate, struct buf *out) {
    (void)context, (void)visit;
    assert_str(certificate, buf_str(&s.der[JPKI_AUTH])); /* so that the centre can ask about it */
    world.challenges++;
    if (world.challenge == CARD_VERDICT_NONE)
        buf_put(out, S("0123456789012345678901234567890123456789012345678901234567890123"));
    return world.challenge;
}

static enum card_verdict question(void *context, const struct card_question *q, struct buf *answer) {
    (void)context;
    world.questions++;
    assert_int_equal(q->challenge.n, CARD_CHALLENGE_BYTES);
    assert_int_equal(q->signature.n, 256);
    assert_str(q->certificate, buf_str(&s.der[JPKI_AUTH]));
    assert_str(q->visit, S("v1"));
    assert_true(s.left); /* the card may be taken while the centre thinks */
    buf_puts(answer, "the answer");
    return world.question;
}

static int begin(void **state) {
    (void)state;
    memset(&world, 0, sizeof world);
    world.question = CARD_VERDICT_ANSWERED;
    s.plan.locked = s.plan.pinless = false, s.removed_at = 0;
    sample_card_renew(&s);
    on = (struct card_on_reader){.open = open_card};
    return 0;
}

static struct card_asking *start(void) {
    struct card_asking *a = NULL;
    const struct card_asking_settings settings = {.card = card_side_of(&on),
                                                  .centre = {challenge, question, NULL},
                                                  .visit = S("v1"),
                                                  .on = DAY_NONE,
                                                  .wait_s = 30,
                                                  .pin_wait_s = 600};
    assert_int_equal(card_asking_start(&a, &settings, NULL), ERR_OK);
    return a;
}

/* Types the PINs one after the other and follows to the end; NULL: gives up. */
static enum card_verdict play(const char *const *pins, unsigned *asked) {
    world.questions = world.challenges = 0;
    struct card_asking *a = start();
    struct card_standing now = card_asking_look(a);
    for (*asked = 0; now.progress != CARD_PROGRESS_DONE; now = card_asking_wait(a, now.change)) {
        if (now.progress != CARD_PROGRESS_PIN) continue;
        const char *pin = pins[(*asked)++];
        if (pin) assert_true(card_asking_pin(a, str_c(pin)));
        else card_asking_cancel(a);
    }
    assert_str(card_asking_answer(a), world.questions ? S("the answer") : S(""));
    card_asking_free(a);
    return now.verdict;
}

static enum card_verdict play_one(const char *pin) {
    const char *const pins[] = {pin, NULL, NULL};
    unsigned asked;
    return play(pins, &asked);
}

static void a_card_and_its_pin_get_the_centres_answer(void **state) {
    (void)state;
    assert_int_equal(play_one("1234"), CARD_VERDICT_ANSWERED);
    assert_true(world.challenges == 1 && world.questions == 1 && s.left);
    world.question = CARD_VERDICT_REVOKED;
    assert_int_equal(play_one("1234"), CARD_VERDICT_REVOKED);
}

static void a_wrong_pin_is_asked_for_again_until_it_locks(void **state) {
    (void)state;
    unsigned asked;
    assert_int_equal(play((const char *const[]){"9999", "1234", NULL}, &asked), CARD_VERDICT_ANSWERED);
    assert_int_equal(asked, 2);
    assert_int_equal(play((const char *const[]){"9999", "9999", "9999", NULL}, &asked), CARD_VERDICT_PIN_LOCKED);
    assert_int_equal(asked, 3);
    assert_int_equal(play((const char *const[]){"1234", NULL}, &asked), CARD_VERDICT_PIN_LOCKED);
    assert_int_equal(asked, 0); /* a locked card is not asked for its PIN */
}

static void what_is_no_pin_costs_no_try(void **state) {
    (void)state;
    unsigned asked;
    assert_int_equal(play((const char *const[]){"12", "12345", "abcd", "", "1234", NULL}, &asked),
                     CARD_VERDICT_ANSWERED);
    assert_int_equal(asked, 5);
    assert_int_equal(s.card.tries[PIN_AUTH], 3);
}

static void a_silent_centre_costs_no_try(void **state) {
    (void)state;
    world.challenge = CARD_VERDICT_SILENT;
    unsigned asked;
    assert_int_equal(play((const char *const[]){"9999", NULL}, &asked), CARD_VERDICT_SILENT);
    assert_int_equal(asked, 0); /* nobody types a PIN for nothing */
    assert_int_equal(s.card.tries[PIN_AUTH], 3);
    assert_true(s.left && world.questions == 0);
}

static void giving_up_lets_the_card_go(void **state) {
    (void)state;
    assert_int_equal(play_one(NULL), CARD_VERDICT_CANCELLED);
    assert_true(s.left && world.questions == 0);
    struct card_asking *a = start();
    card_asking_free(a); /* at whatever step it is */
    assert_int_equal(s.card.tries[PIN_AUTH], 3);
}

static void a_card_that_comes_later_is_waited_for(void **state) {
    (void)state;
    world.cardless = 2;
    assert_int_equal(play_one("1234"), CARD_VERDICT_ANSWERED);
}

static void each_state_of_a_card_and_a_reader_has_its_verdict(void **state) {
    (void)state;
    s.plan.locked = true, sample_card_renew(&s);
    assert_int_equal(play_one("1234"), CARD_VERDICT_PIN_LOCKED);
    s.plan.pinless = true, sample_card_renew(&s);
    assert_int_equal(play_one("1234"), CARD_VERDICT_PINLESS);
    static const struct {
        enum err err;
        const char *where;
        enum card_verdict want;
    } rows[] = {{ERR_NOT_FOUND, "reader", CARD_VERDICT_NO_READER},
                {ERR_UNAVAILABLE, "reader", CARD_VERDICT_NO_READER},
                {ERR_UNAVAILABLE, "card", CARD_VERDICT_CARD_FAULT},
                {ERR_LOCKED, "card", CARD_VERDICT_CARD_BUSY},
                {ERR_MEMORY, "reader", CARD_VERDICT_CARD_FAULT}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        world.open = rows[i].err, world.open_where = rows[i].where;
        row_check(play_one("1234") == rows[i].want, err_info(rows[i].err)->name);
    }
}

/* Taken away before each command of the session in turn: said as such, and nothing hangs. */
static void a_card_taken_away_at_any_moment_is_said_to_be_gone(void **state) {
    (void)state;
    for (unsigned at = 1;; at++) {
        s.removed_at = at, sample_card_renew(&s);
        enum card_verdict v = play_one("1234");
        if (v == CARD_VERDICT_ANSWERED) {
            assert_true(at > 20); /* so many commands at least */
            return;
        }
        assert_int_equal(v, CARD_VERDICT_CARD_GONE);
        assert_true(s.left && world.questions == 0);
    }
}

static void every_outcome_of_every_step_is_a_row(void **state) {
    (void)state;
    for (enum card_step step = CARD_STEP_SELECT; step <= CARD_STEP_SIGN; step++)
        for (enum card_outcome o = 0; o < CARD_OUTCOMES; o++) {
            enum card_verdict v = card_side_verdict(step, &(struct card_result){.outcome = o});
            assert_true(v == CARD_VERDICT_NONE || !card_verdict_info(v)->answered);
            if (o == CARD_DONE) assert_int_equal(v, CARD_VERDICT_NONE);
        }
    assert_int_equal(card_side_verdict(CARD_STEP_SELECT, &(struct card_result){.outcome = CARD_NO_FILE}),
                     CARD_VERDICT_OTHER_CARD);
}

static void no_pin_is_taken_when_none_is_asked_for(void **state) {
    (void)state;
    world.open = ERR_NOT_FOUND, world.open_where = "reader";
    struct card_asking *a = start();
    struct card_standing now = card_asking_look(a);
    while (now.progress != CARD_PROGRESS_DONE) now = card_asking_wait(a, now.change);
    assert_false(card_asking_pin(a, S("1234")));
    card_asking_free(a);
    const struct card_asking_settings nameless = {.card = card_side_of(&on), .on = DAY_NONE};
    assert_int_equal(card_asking_start(&a, &nameless, NULL), ERR_LIMIT);
}

static int make(void **state) { return (void)state, sample_card_make(&s), 0; }
static int unmake(void **state) { return (void)state, sample_card_free(&s), 0; }

#define TEST(name) cmocka_unit_test_setup(name, begin)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_card_and_its_pin_get_the_centres_answer),
        TEST(a_wrong_pin_is_asked_for_again_until_it_locks),
        TEST(what_is_no_pin_costs_no_try),
        TEST(a_silent_centre_costs_no_try),
        TEST(giving_up_lets_the_card_go),
        TEST(a_card_that_comes_later_is_waited_for),
        TEST(each_state_of_a_card_and_a_reader_has_its_verdict),
        TEST(a_card_taken_away_at_any_moment_is_said_to_be_gone),
        TEST(every_outcome_of_every_step_is_a_row),
        TEST(no_pin_is_taken_when_none_is_asked_for),
    };
    return cmocka_run_group_tests_name("card side", tests, make, unmake);
}
