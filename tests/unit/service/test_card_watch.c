#include "lib/card_play.h"
#include "lib/import_play.h"
#include "lib/tiny_server.h"
#include "lib/unit.h"
#include "net/fetch.h"
#include "state/trust/card_ocsp.h"

#include <unistd.h>

static struct card_play play;
static struct world world;
static struct card_trust *trust;
static struct card_watch *watch;
static char sources[SCRATCH_PATH_MAX];
static int64_t later_us;
static int64_t steady(struct world *w) { return (void)w, world_real()->steady_us(world_real()) + later_us; }

static const uint8_t a_name[16] = {1, 2, 3}, another[16] = {4, 5, 6};

static int begin(void **state) {
    char fetched[SCRATCH_PATH_MAX];
    (void)state;
    card_play_begin(&play);
    later_us = 0, world = *world_real(), world.steady_us = steady;
    (void)scratch_path(&play.scratch, "store/crls", fetched),
        (void)scratch_path(&play.scratch, "keys/cards/sources", sources);
    return card_trust_open(&trust, &world, play.keys, fetched, NULL) == ERR_OK &&
                   card_watch_open(&watch, &world, trust, sources, NULL) == ERR_OK
               ? 0
               : -1;
}
static int end(void **state) {
    (void)state;
    card_watch_close(watch), card_trust_close(trust);
    card_play_end(&play);
    return 0;
}

static void write_table(const char *format, unsigned port) {
    char text[256];
    snprintf(text, sizeof text, format, port);
    scratch_write(&play.scratch, "keys/cards/sources", str_c(text));
}

static void settle(unsigned failed) {
    while (card_watch_figures(watch).failed < failed) card_watch_tick(watch), usleep(1000);
}

static void nobody_is_asked_unless_the_table_says_so(void **state) {
    (void)state;
    card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
    assert_int_equal(card_watch_figures(watch).asked, 0);
    write_table("ocsp\tnonsense%u", 0);
    card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
    assert_true(card_watch_figures(watch).asked == 0 && card_watch_figures(watch).table_broken);
}

static void asking_never_waits_and_asks_each_once(void **state) {
    (void)state;
    struct tiny_server hangs;
    tiny_server_start(&hangs, S(""));
    write_table("ocsp\thttp://127.0.0.1:%u/\n", hangs.port);
    for (unsigned i = 0; i < 5; i++) card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
    assert_int_equal(card_watch_figures(watch).asked, 1);
    assert_int_equal(card_watch_state(watch, a_name), REVOCATION_NOT_CHECKED);
    card_watch_ask(watch, another, buf_str(&play.der[JPKI_REVOKED]));
    assert_int_equal(card_watch_figures(watch).asked, 2);
    card_watch_ask(watch, another, S("no certificate"));
    assert_int_equal(card_watch_figures(watch).asked, 2);
    for (unsigned i = 0; i < 2 * CARD_WATCH_AT_ONCE; i++) {
        uint8_t name[16] = {7, (uint8_t)i, 1};
        card_watch_ask(watch, name, buf_str(&play.der[JPKI_GOOD]));
    }
    assert_int_equal(card_watch_figures(watch).asked, CARD_WATCH_AT_ONCE);
    card_watch_close(watch), watch = NULL; /* with all of them under way */
    tiny_server_stop(&hangs);
    assert_int_equal(card_watch_open(&watch, &world, trust, sources, NULL), ERR_OK);
}

static void a_responder_that_fails_is_left_alone_for_a_while(void **state) {
    (void)state;
    struct tiny_server wrong;
    tiny_server_start(&wrong, S("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\nno answer"));
    write_table("ocsp\thttp://127.0.0.1:%u/\n", wrong.port);
    for (unsigned i = 1; i <= CARD_WATCH_FAILURES; i++) {
        card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
        assert_int_equal(card_watch_figures(watch).asked, i);
        settle(i);
        assert_int_equal(card_watch_state(watch, a_name), REVOCATION_NOT_CHECKED); /* and never good */
    }
    assert_true(card_watch_figures(watch).paused);
    card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
    assert_int_equal(card_watch_figures(watch).asked, CARD_WATCH_FAILURES);
    later_us += (CARD_WATCH_PAUSE_S + 1) * INT64_C(1000000);
    card_watch_ask(watch, a_name, buf_str(&play.der[JPKI_GOOD]));
    assert_int_equal(card_watch_figures(watch).asked, CARD_WATCH_FAILURES + 1);
    tiny_server_stop(&wrong);
}

static void a_crl_of_the_table_is_fetched_and_fetched_again_when_due(void **state) {
    (void)state;
    char text[512], path[SCRATCH_PATH_MAX];
    snprintf(
        text, sizeof text,
        "crl\tCN=Chiyoda-ku CRLDP,OU=Tokyo-to,OU=CRL Distribution Points,OU=JPKI for user authentication,O=JPKI-TEST,"
        "C=JP\tfile://%s\ncrl\t*\tfile:///no/such/file\n",
        scratch_path(&play.scratch, "keys/jpki/auth/crl.pem", path));
    scratch_write(&play.scratch, "keys/cards/sources", str_c(text));
    while (card_watch_figures(watch).crls_taken + card_watch_figures(watch).crls_failed < 2)
        card_watch_tick(watch), usleep(1000);
    assert_int_equal(card_watch_figures(watch).crls_taken, 1);
    assert_int_equal(card_trust_anchors(trust).crl_count, 2); /* beside the one put there by hand */
    for (unsigned i = 0; i < 10; i++) card_watch_tick(watch);
    assert_int_equal(card_watch_figures(watch).crls_taken, 1);
    later_us += (CARD_WATCH_CRL_AGAIN_S + 1) * INT64_C(1000000); /* the one that failed is tried sooner */
    while (card_watch_figures(watch).crls_failed < 2) card_watch_tick(watch), usleep(1000);
    assert_int_equal(card_watch_figures(watch).crls_taken, 1);
    later_us += (CARD_WATCH_CRL_S + 1) * INT64_C(1000000);
    while (card_watch_figures(watch).crls_taken < 2) card_watch_tick(watch), usleep(1000);
}

static void a_request_has_the_certificates_address_and_a_nonce_of_its_own(void **state) {
    (void)state;
    const struct card_anchors a = card_trust_anchors(trust);
    char url[FETCH_URL_MAX] = "", given[FETCH_URL_MAX] = "http://other/";
    struct buf one, two;
    buf_init(&one, CARD_OCSP_REQUEST_MAX), buf_init(&two, CARD_OCSP_REQUEST_MAX);
    assert_int_equal(card_ocsp_request(&a, buf_str(&play.der[JPKI_GOOD]), &one, url, sizeof url, NULL), ERR_OK);
    assert_string_equal(url, "http://127.0.0.1:2560/");
    assert_int_equal(card_ocsp_request(&a, buf_str(&play.der[JPKI_GOOD]), &two, given, sizeof given, NULL), ERR_OK);
    assert_string_equal(given, "http://other/");
    assert_false(str_eq(buf_str(&one), buf_str(&two)));
    assert_int_equal(card_ocsp_request(&a, S("no certificate"), &two, given, sizeof given, NULL), ERR_NOT_FOUND);
    assert_false(card_ocsp_fits(buf_str(&one), S("no response")));
    buf_fini(&one), buf_fini(&two);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        TEST(nobody_is_asked_unless_the_table_says_so),
        TEST(asking_never_waits_and_asks_each_once),
        TEST(a_responder_that_fails_is_left_alone_for_a_while),
        TEST(a_crl_of_the_table_is_fetched_and_fetched_again_when_due),
        TEST(a_request_has_the_certificates_address_and_a_nonce_of_its_own),
    };
    if (import_play_vault(argc, argv)) return 0;
    return cmocka_run_group_tests_name("card watch", tests, NULL, NULL);
}
