#include "lib/card_play.h"
#include "lib/hostile.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "service/ways.h"

#include <openssl/x509.h>

static struct card_play play;
static struct card_desk desk;
static struct buf reply;
static const struct institution_code hospital = {1311234567};

static int begin(void **state) {
    (void)state;
    card_play_begin(&play);
    card_play_member(&play);
    buf_init(&reply, 1 << 16);
    return 0;
}
static int end(void **state) {
    (void)state;
    card_desk_close(&desk);
    buf_fini(&reply);
    card_play_end(&play);
    return 0;
}

static void open_desk(void) { card_desk_open(&desk, &play.play.desk, str_c(play.store)); }

static struct str challenge(uint8_t out[CARD_CHALLENGE_BYTES]) {
    char room[64];
    struct buf b = buf_over(room, sizeof room);
    buf_bytes(&b, S("visit")), buf_bytes(&b, S(""));
    buf_reset(&reply);
    assert_int_equal(card_desk_answer(&desk, CARD_DESK_CHALLENGE, hospital, buf_str(&b), &reply), 200);
    assert_int_equal(reply.n, CARD_CHALLENGE_BYTES);
    memcpy(out, reply.p, reply.n);
    return str_of(out, CARD_CHALLENGE_BYTES);
}

static struct card_found ask_with(const struct card_question *q) {
    struct card_found f;
    struct buf b;
    buf_init(&b, 1 << 16);
    card_question_put(&b, q);
    buf_reset(&reply);
    assert_int_equal(card_desk_answer(&desk, CARD_DESK_PERSON, hospital, buf_str(&b), &reply), 200);
    buf_fini(&b);
    assert_true(card_found_read(buf_str(&reply), &f));
    return f;
}

static struct card_found ask(enum jpki_standing of) {
    uint8_t room[CARD_CHALLENGE_BYTES];
    struct card_question q = {
        .challenge = challenge(room), .visit = S("visit"), .certificate = buf_str(&play.der[of]), .on = DAY_NONE};
    q.signature = card_play_sign(&play, q.challenge);
    return ask_with(&q);
}

/* One process may not open one LMDB environment twice, so the desk is closed for it; between processes the scenario of A2 does it. */
static void act(struct str line, enum card_done want) {
    enum card_done done;
    bool was_open = desk.open;
    card_desk_close(&desk);
    struct diag d = {0};
    enum err e = card_play_act(&play, line, &done, &d);
    if (e != ERR_OK) print_error("%s: %s\n", d.where, d.detail);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(done, want);
    if (was_open) open_desk();
}

static void register_card(enum jpki_standing of, const char *more) {
    act(card_play_line(&play, of, more), CARD_REGISTERED);
}
#define NUMBER ",\"number\":\"1001\",\"branch\":\"01\""

static void a_registered_card_stands_for_its_member(void **state) {
    (void)state;
    register_card(JPKI_GOOD, NUMBER);
    open_desk();
    struct card_found f = ask(JPKI_GOOD);
    assert_int_equal(f.decision.verdict, CARD_VERDICT_ANSWERED);
    assert_int_equal(f.decision.proof, PROOF_CARD_PIN);
    assert_int_equal(f.revocation, REVOCATION_GOOD);
    assert_true(f.about_member && f.pseudonym[0] == 7 && f.pseudonym[15] == 7);
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    assert_true(store_key_member_read(f.member_key, &insurer, &id, &birth));
    assert_true(insurer.n == 6139448 && id.branch == 1);
    assert_str(id.number, S("1001"));
}

static void each_trouble_of_a_card_is_its_own_answer(void **state) {
    (void)state;
    open_desk();
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_NOT_REGISTERED);
    card_desk_close(&desk);
    register_card(JPKI_GOOD, NUMBER), register_card(JPKI_EXPIRED, NUMBER);
    open_desk();
    struct card_found grace = ask(JPKI_EXPIRED), revoked = ask(JPKI_REVOKED);
    assert_int_equal(grace.decision.verdict, CARD_VERDICT_GRACE);
    assert_int_equal(grace.decision.proof, PROOF_CARD_PIN_ENDED);
    assert_true(day_before(grace.until, grace.decision.usable_until));
    assert_int_equal(revoked.decision.verdict, CARD_VERDICT_REVOKED);
    assert_true(revoked.member_key.n == 0 && revoked.decision.proof == PROOF_NONE);
    uint8_t room[CARD_CHALLENGE_BYTES];
    struct card_question q = {.challenge = challenge(room),
                              .visit = S("visit"),
                              .certificate = buf_str(&play.der[JPKI_GOOD]),
                              .signature = S("a copied certificate alone"),
                              .on = DAY_NONE};
    struct card_found copied = ask_with(&q);
    assert_int_equal(copied.decision.verdict, CARD_VERDICT_SIGNATURE);
    assert_true(copied.about_member && copied.member_key.n == 0); /* the person's log knows of the attempt */
    q.signature = card_play_sign(&play, q.challenge);
    assert_int_equal(ask_with(&q).decision.verdict, CARD_VERDICT_CHALLENGE); /* it was used up by the first try */
    q.challenge = challenge(room), q.certificate = S("no certificate");
    q.signature = card_play_sign(&play, q.challenge);
    assert_int_equal(ask_with(&q).decision.verdict, CARD_VERDICT_UNTRUSTED);
}

static void a_phone_has_no_months_of_grace(void **state) {
    (void)state;
    register_card(JPKI_EXPIRED, NUMBER ",\"held\":\"phone\"");
    open_desk();
    assert_int_equal(ask(JPKI_EXPIRED).decision.verdict, CARD_VERDICT_ENDED);
}

static void ended_use_shows_at_the_next_question_and_can_begin_again(void **state) {
    (void)state;
    static const char end_line[] = "{\"act\":\"end\",\"insurer\":\"06139448\",\"symbol\":\"12-34\"" NUMBER "}";
    register_card(JPKI_GOOD, NUMBER);
    open_desk();
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_ANSWERED);
    act(str_c(end_line), CARD_ENDED);
    struct card_found f = ask(JPKI_GOOD);
    assert_int_equal(f.decision.verdict, CARD_VERDICT_DEREGISTERED);
    assert_true(f.about_member && f.member_key.n == 0);
    act(str_c(end_line), CARD_NOTHING_TO_END);
    desk_play_now_us += 1000000;
    register_card(JPKI_GOOD, NUMBER);
    act(card_play_line(&play, JPKI_GOOD, NUMBER), CARD_REGISTERED_BEFORE);
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_ANSWERED);
    assert_int_equal(store_count(desk.room.cards, STORE_CARD), 2); /* the history is kept */
}

static void set_way(enum way_kind kind, enum way_state state, int days) {
    char key_room[STORE_MEMBER_KEY_MAX], row_room[WAYS_ROW_MAX];
    struct buf key = buf_over(key_room, sizeof key_room), row = buf_over(row_room, sizeof row_room);
    struct ways w = ways_none();
    const struct ways_who who = {{6139448}, {S("12-34"), S("1001"), 1}, DAY_NONE};
    assert_int_equal(ways_find(play.play.desk.coverage, &who, &key, NULL), ERR_OK);
    w.of[kind].state = (uint8_t)state, w.of[kind].stated = day_add(day_in_japan(desk_play_now_us), days);
    ways_row_put(&row, &w);
    desk_play_put(&play.play, STORE_WAYS, buf_str(&key), buf_str(&row));
}

static void what_was_taken_back_at_a_counter_is_seen_by_the_next_question(void **state) {
    (void)state;
    register_card(JPKI_GOOD, NUMBER);
    open_desk();
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_ANSWERED);
    static const struct {
        enum way_kind kind;
        enum way_state state;
        int days;
        enum card_verdict want;
    } rows[] = {
        {WAY_CARD, WAY_DEREGISTERED, 0, CARD_VERDICT_DEREGISTERED},
        {WAY_CARD, WAY_RETURNED, 0, CARD_VERDICT_DEREGISTERED},
        {WAY_CARD, WAY_REVOKED, 0, CARD_VERDICT_REVOKED},
        {WAY_CARD, WAY_EXPIRED, 0, CARD_VERDICT_ANSWERED},
        {WAY_CARD, WAY_REGISTERED, 0, CARD_VERDICT_ANSWERED},
        {WAY_PHONE, WAY_DEREGISTERED, 0, CARD_VERDICT_ANSWERED},
        {WAY_CARD, WAY_DEREGISTERED, -1, CARD_VERDICT_ANSWERED}, /* registered anew since */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        set_way(rows[i].kind, rows[i].state, rows[i].days);
        struct card_found f = ask(JPKI_GOOD);
        assert_int_equal(f.decision.verdict, rows[i].want);
        assert_true(f.about_member);
    }
}

static void a_card_follows_its_holder_to_the_next_insurer(void **state) {
    (void)state;
    struct coverage old, next;
    struct member before = desk_play_member(&old, "1002", 1, "1990-01-01", 8);
    struct member after = desk_play_member(&next, "2002", 1, "1990-01-01", 9);
    old.lost = day_in_japan(desk_play_now_us), next.start = old.lost;
    desk_play_store(&play.play, &before), desk_play_store(&play.play, &after);
    register_card(JPKI_GOOD, ",\"number\":\"1002\",\"branch\":\"01\"");
    register_card(JPKI_GOOD, ",\"number\":\"2002\",\"branch\":\"01\"");
    open_desk();
    assert_int_equal(ask(JPKI_GOOD).pseudonym[0], 9);
    uint8_t room[CARD_CHALLENGE_BYTES];
    struct card_question q = {.challenge = challenge(room),
                              .visit = S("visit"),
                              .certificate = buf_str(&play.der[JPKI_GOOD]),
                              .on = day_add(old.lost, -1)};
    q.signature = card_play_sign(&play, q.challenge);
    assert_int_equal(ask_with(&q).pseudonym[0], 8);
}

static void what_may_not_be_registered_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *why, *line;
        enum err want;
    } rows[] = {
        {"no such member", ",\"number\":\"999\"", ERR_NOT_FOUND},
        {"a branch that is another", ",\"number\":\"1001\",\"branch\":\"02\"", ERR_NOT_FOUND},
        {"unknown member of the object", NUMBER ",\"birth\":\"1985-04-01\"", ERR_UNKNOWN},
        {"held elsewhere", NUMBER ",\"held\":\"watch\"", ERR_VALUE},
        {"no number", "", ERR_MISSING},
    };
    enum card_done done;
    struct diag d = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        row_check(card_play_act(&play, card_play_line(&play, JPKI_GOOD, rows[i].line), &done, &d) == rows[i].want,
                  rows[i].why);
    assert_int_equal(card_play_act(&play, card_play_line(&play, JPKI_REVOKED, NUMBER), &done, &d), ERR_CONFLICT);
    assert_int_equal(desk_play_events(&play.play), 0); /* nothing was done, nothing is recorded */
    register_card(JPKI_GOOD, NUMBER);
    struct audit_event e;
    assert_true(desk_play_event(&play.play, 0, &e));
    assert_true(e.kind == AUDIT_CARDS && e.subject_kind == SUBJECT_MEMBER && e.subject[0] == 7);
}

static void without_an_authority_nothing_is_asked_until_there_is_one(void **state) {
    (void)state;
    char from[SCRATCH_PATH_MAX], to[SCRATCH_PATH_MAX];
    assert_int_equal(rename(scratch_path(&play.scratch, "keys/cards", from), scratch_path(&play.scratch, "away", to)),
                     0);
    open_desk();
    assert_int_equal(card_desk_answer(&desk, CARD_DESK_CHALLENGE, hospital, S("\x05visit\0"), &reply), 422);
    assert_int_equal(rename(to, from), 0);
    card_desk_tick(&desk);
    uint8_t room[CARD_CHALLENGE_BYTES];
    (void)challenge(room);
}

static void a_crl_that_comes_later_counts_from_then_on(void **state) {
    (void)state;
    char crls[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    enum card_trust_kind kind;
    assert_int_equal(
        rename(scratch_path(&play.scratch, "keys/cards/crls", crls), scratch_path(&play.scratch, "x", path)), 0);
    register_card(JPKI_GOOD, NUMBER);
    open_desk();
    struct card_found f = ask(JPKI_GOOD);
    assert_int_equal(f.decision.verdict, CARD_VERDICT_UNCHECKED); /* never called good */
    assert_int_equal(f.decision.proof, PROOF_CARD_PIN_UNCHECKED);
    assert_int_equal(ask(JPKI_REVOKED).decision.verdict, CARD_VERDICT_NOT_REGISTERED);
    assert_int_equal(card_trust_add(world_real(), play.keys,
                                    scratch_path(&play.scratch, "keys/jpki/auth/crl.pem", path), &kind, NULL),
                     ERR_OK);
    card_desk_tick(&desk);
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_ANSWERED);
    assert_int_equal(ask(JPKI_REVOKED).decision.verdict, CARD_VERDICT_REVOKED);
}

static void the_serial_number_is_in_no_file_and_in_no_reply(void **state) {
    (void)state;
    const unsigned char *der = (const unsigned char *)play.der[JPKI_GOOD].p;
    X509 *c = d2i_X509(NULL, &der, (long)play.der[JPKI_GOOD].n);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(c);
    struct str bytes = str_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
    char path[SCRATCH_PATH_MAX];
    register_card(JPKI_GOOD, NUMBER);
    open_desk();
    assert_int_equal(ask(JPKI_GOOD).decision.verdict, CARD_VERDICT_ANSWERED);
    assert_int_equal(str_find(buf_str(&reply), bytes), reply.n);
    scratch_write(&play.scratch, "keys/card.der", buf_str(&play.der[JPKI_GOOD]));
    assert_true(scratch_holds(&play.scratch, bytes)); /* the look is one that finds */
    assert_true(snprintf(path, sizeof path, "%s.keys", play.scratch.folder) < (int)sizeof path);
    assert_int_equal(rename(play.keys, path), 0);
    bool held = scratch_holds(&play.scratch, bytes);
    assert_int_equal(rename(path, play.keys), 0);
    assert_false(held);
    X509_free(c);
}

static void feed(void *context, struct str s) {
    unsigned kind = *(unsigned *)context;
    buf_reset(&reply);
    unsigned status = card_desk_answer(&desk, kind, hospital, s, &reply);
    assert_true(status == 200 || reply.n == 2);
}

static void hostile_messages_do_no_harm(void **state) {
    (void)state;
    unsigned person = CARD_DESK_PERSON, new = CARD_DESK_CHALLENGE;
    uint8_t room[CARD_CHALLENGE_BYTES];
    struct buf b;
    buf_init(&b, 1 << 16);
    open_desk();
    struct card_question q = {.challenge = challenge(room),
                              .visit = S("visit"),
                              .certificate = S("short"),
                              .signature = S("s"),
                              .on = DAY_NONE};
    card_question_put(&b, &q);
    assert_true(hostile_all(buf_str(&b), feed, &person) > 500);
    assert_true(hostile_all(S("\x05visit\0"), feed, &new) > 0);
    buf_fini(&b);
}

static void feed_found(void *context, struct str s) {
    struct card_found f;
    (void)context;
    if (!card_found_read(s, &f)) return;
    assert_true((f.member_key.n > 0) == (f.decision.proof != PROOF_NONE));
}

static void a_reply_that_is_damaged_gives_nobody_an_answer(void **state) {
    (void)state;
    char room[128];
    struct buf b = buf_over(room, sizeof room);
    const struct card_found f = {.decision = {CARD_VERDICT_ANSWERED, PROOF_CARD_PIN, {20000}}, .member_key = S("key")};
    card_found_put(&b, &f);
    assert_true(hostile_all(buf_str(&b), feed_found, NULL) > 200);
    static const int32_t no_days[] = {INT32_MAX, INT32_MIN + 1, 1 << 30,
                                      -(1 << 30)}; /* found by fuzzing: written out, they overflow */
    for (size_t i = 0; i < ARRAY_LEN(no_days); i++) {
        struct card_found wild = f, again;
        wild.until.n = no_days[i];
        buf_reset(&b), card_found_put(&b, &wild);
        assert_false(card_found_read(buf_str(&b), &again));
        wild = f, wild.decision.usable_until.n = no_days[i];
        buf_reset(&b), card_found_put(&b, &wild);
        assert_false(card_found_read(buf_str(&b), &again));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        TEST(a_registered_card_stands_for_its_member),
        TEST(each_trouble_of_a_card_is_its_own_answer),
        TEST(a_phone_has_no_months_of_grace),
        TEST(ended_use_shows_at_the_next_question_and_can_begin_again),
        TEST(what_was_taken_back_at_a_counter_is_seen_by_the_next_question),
        TEST(a_card_follows_its_holder_to_the_next_insurer),
        TEST(what_may_not_be_registered_is_refused),
        TEST(without_an_authority_nothing_is_asked_until_there_is_one),
        TEST(a_crl_that_comes_later_counts_from_then_on),
        TEST(the_serial_number_is_in_no_file_and_in_no_reply),
        TEST(hostile_messages_do_no_harm),
        TEST(a_reply_that_is_damaged_gives_nobody_an_answer),
    };
    if (import_play_vault(argc, argv)) return 0;
    return cmocka_run_group_tests_name("card desk", tests, NULL, NULL);
}
