/* Inspecting a store in memory: every card once, an insurer at a time, and nothing handed on that the log does not know. */
#include "base/buf.h"
#include "lib/desk_play.h"
#include "lib/unit.h"
#include "service/inspect.h"

#include <errno.h>

enum { SOCIETY = 6139448, KOKUHO = 130112 };

struct heard {
    struct desk_play *play;
    char text[2048];
    struct buf b;
    enum err say; /* what insurer_done answers */
    size_t calls;
};

static void hear(void *context, const struct finding *f) {
    struct heard *h = context;
    buf_printf(&h->b, "%s ", finding_info(f->kind)->code);
}

static enum err done(void *context, struct insurer_number insurer, uint64_t members, struct diag *d) {
    struct heard *h = context;
    struct audit_event e = {0};
    h->calls++;
    /* The log has it already, with as many findings as were handed on. */
    assert_int_equal(desk_play_events(h->play), h->calls);
    assert_true(desk_play_event(h->play, h->calls - 1, &e));
    assert_true(e.kind == AUDIT_INSPECTION && e.door == DOOR_COMMAND && e.purpose == PURPOSE_OPERATION && e.user == 7);
    buf_printf(&h->b, "%u:%llu/%u | ", insurer.n, (unsigned long long)members, e.count);
    return h->say == ERR_OK ? ERR_OK : diag_set(d, h->say, "test", NULL);
}

static enum err inspect(struct desk_play *p, struct heard *h, uint32_t only, enum err say, struct diag *d) {
    *h = (struct heard){.play = p, .say = say};
    h->b = buf_over(h->text, sizeof h->text);
    struct inspection i = {.only = {only},
                           .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = 7},
                           .found = {hear, h},
                           .insurer_done = done,
                           .context = h};
    assert_true(day_parse(S("2026-06-01"), &i.on));
    return inspect_run(&p->desk, &i, d);
}

/* `relation` 0: none said. */
static void put(struct desk_play *p, uint32_t insurer, const char *number, int branch, const char *birth, int relation,
                const char *name) {
    struct coverage c;
    struct member m = desk_play_member(&c, number, branch, birth, 1);
    m.insurer.n = insurer, c.relation = (uint8_t)relation, c.name = str_c(name);
    desk_play_store(p, &m);
}

static void every_card_is_seen_once_and_whole(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p);
    /* Forty cards of one insurer with a family of three each, more than a look-up gives; the insured person of the last is missing. */
    for (int i = 0; i < 40; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 100 + i);
        if (i < 39) put(&p, SOCIETY, number, 0, "1980-01-01", 1, "見本　太郎");
        put(&p, SOCIETY, number, 1, "1982-01-01", 2, "見本　花子");
        put(&p, SOCIETY, number, 2, "2015-01-01", 2, "見本　次郎");
    }
    put(&p, KOKUHO, "1", 0, "1950-01-01", 0, "見本　●郎");
    assert_int_equal(inspect(&p, &h, 0, ERR_OK, NULL), ERR_OK);
    assert_str(buf_str(&h.b), S("past-75 name-lost-character 130112:1/2 | dependants-alone 6139448:119/1 | "));
    desk_play_end(&p);
}

static void one_insurer_alone(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p);
    put(&p, SOCIETY, "1", 0, "1980-01-01", 1, "見本　太郎");
    put(&p, KOKUHO, "1", 0, "1950-01-01", 0, "見本　太郎");
    assert_int_equal(inspect(&p, &h, SOCIETY, ERR_OK, NULL), ERR_OK);
    assert_str(buf_str(&h.b), S("6139448:1/0 | "));
    desk_play_end(&p);
    desk_play_begin(&p);
    put(&p, SOCIETY, "1", 0, "1980-01-01", 1, "見本　太郎");
    assert_int_equal(inspect(&p, &h, KOKUHO, ERR_OK, NULL), ERR_OK); /* nobody there: nothing said, nothing logged */
    assert_true(h.calls == 0 && desk_play_events(&p) == 0);
    desk_play_end(&p);
}

static void what_cannot_be_handed_on_ends_it(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    struct diag d = {0};
    desk_play_begin(&p);
    put(&p, KOKUHO, "1", 0, "1980-01-01", 0, "見本　太郎");
    put(&p, SOCIETY, "1", 0, "1980-01-01", 1, "見本　太郎");
    assert_int_equal(inspect(&p, &h, 0, ERR_DISK_FULL, &d), ERR_DISK_FULL);
    assert_string_equal(d.where, "test");
    assert_int_equal(h.calls, 1);
    desk_play_end(&p);
}

static void a_damaged_row_is_named_and_its_insurer_not_handed_on(void **state) {
    (void)state;
    static const struct {
        const char *what;
        struct str key, value;
    } rows[] = {
        {"a short key", {"\x00\x5d\xae\x38", 4}, {"x", 1}},
        {"a key without its parts",
         {"\x00\x5d\xae\x38"
          "xxxxxxxxx",
          13},
         {"x", 1}},
        {"a value that is no row", {"\x00\x5d\xae\x38\x39\x00\x00\x00\x00\x00\x01\x00", 12}, {"x", 1}},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct desk_play p;
        struct heard h;
        struct diag d = {0};
        desk_play_begin(&p);
        put(&p, KOKUHO, "1", 0, "1980-01-01", 0, "見本　太郎");
        desk_play_put(&p, STORE_MEMBER, rows[r].key, rows[r].value);
        row_check(inspect(&p, &h, 0, ERR_OK, &d) == ERR_CORRUPT, rows[r].what);
        row_check(h.calls <= 1, rows[r].what);
        desk_play_end(&p);
    }
}

static void without_the_log_nothing_is_handed_on(void **state) {
    (void)state;
    struct desk_play p;
    struct heard h;
    desk_play_begin(&p);
    put(&p, SOCIETY, "1", 0, "1980-01-01", 1, "見本　太郎");
    sim_disk_fail(p.disk, SIM_SYNC, 1, EIO);
    assert_int_not_equal(inspect(&p, &h, 0, ERR_OK, NULL), ERR_OK);
    assert_int_equal(h.calls, 0);
    desk_play_end(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_card_is_seen_once_and_whole),
        cmocka_unit_test(one_insurer_alone),
        cmocka_unit_test(what_cannot_be_handed_on_ends_it),
        cmocka_unit_test(a_damaged_row_is_named_and_its_insurer_not_handed_on),
        cmocka_unit_test(without_the_log_nothing_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
