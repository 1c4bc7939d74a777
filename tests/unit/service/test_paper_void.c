#include "service/paper_due.h"
#include "service/paper_void.h"

#include "lib/failing_world.h"
#include "lib/hostile.h"
#include "lib/import_play.h"
#include "lib/unit.h"
#include "state/trust/issuers.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static const struct insurer_number insurer = {6139448};

/* A press that writes ids. */
static enum err fake_insurer(void *context, struct insurer_number i, struct diag *d) {
    return (void)context, (void)i, (void)d, ERR_OK;
}
static enum err fake_begin(void *context, struct buf *pdf, struct diag *d) {
    *(struct buf **)context = pdf;
    return (void)d, ERR_OK;
}
static enum err fake_add(void *context, const struct paper *p, struct diag *d) {
    if (str_eq(p->coverage->name, S("印刷　不能"))) return diag_set(d, ERR_NOT_SUPPORTED, "name", "no font");
    buf_puts(*(struct buf **)context, p->id);
    return ERR_OK;
}
static enum err fake_end(void *context, struct diag *d) { return (void)context, (void)d, ERR_OK; }
static void fake_abandon(void *context) { (void)context; }

struct told {
    unsigned voided, replaced, lists, papers;
    bool about; /* the last one named a member */
    enum err say;
};

static enum err tell(void *context, enum audit_kind kind, const uint8_t *pseudonym, uint64_t count, struct diag *d) {
    struct told *t = context;
    if (t->say != ERR_OK) return diag_set(d, t->say, "ledger", NULL);
    t->about = pseudonym != NULL;
    t->voided += kind == AUDIT_PAPER_VOIDED, t->replaced += kind == AUDIT_PAPER_REPLACED;
    t->lists += kind == AUDIT_VOID_LISTS, t->papers += (unsigned)count;
    return ERR_OK;
}

static enum err tell_printed(void *context, uint64_t papers, struct diag *d) {
    return (void)context, (void)papers, (void)d, ERR_OK;
}

struct play {
    struct import_play import;
    struct store *ways;
    char out[SCRATCH_PATH_MAX], keys[SCRATCH_PATH_MAX];
    struct buf *pdf;
    struct issue_press press;
    struct told told;
    struct paper_void_settings settings;
    struct paper_void_result result;
    struct diag diag;
    char first[PAPER_ID_CHARACTERS + 1]; /* of number 1 */
};

static void print_all(struct play *p) {
    struct issue_progress progress;
    const struct issue_settings s = {.world = world_real(),
                                     .store = p->import.store,
                                     .out = p->out,
                                     .on = p->settings.on,
                                     .per_file = 2,
                                     .press = &p->press,
                                     .ways = p->ways,
                                     .record = tell_printed};
    assert_int_equal(issue_run(&s, &progress, &p->diag), ERR_OK);
}

static void end(struct play *p) {
    store_close(p->ways);
    import_play_end(&p->import);
}

/* The certificates that the store takes number 1 to hold: how many, and the id of the last. */
static size_t held(const struct play *p, char last[PAPER_ID_CHARACTERS + 1]) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct insured_id id = {S("12"), S("1"), BRANCH_NONE};
    struct ways_facts f;
    struct day birth;
    assert_true(day_parse(S("1985-04-01"), &birth));
    assert_int_equal(store_key_member(&key, insurer, &id, birth), ERR_OK);
    assert_int_equal(ways_of(p->ways, buf_str(&key), &f, NULL), ERR_OK);
    if (f.certificates.count)
        sodium_bin2base64(last, PAPER_ID_CHARACTERS + 1, f.certificates.list[f.certificates.count - 1].id,
                          PAPER_ID_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return f.certificates.count;
}

static void find_first(struct play *p) {
    char path[SCRATCH_PATH_MAX + 64];
    struct buf text;
    buf_init(&text, 1 << 16);
    snprintf(path, sizeof path, "%s/06139448/certificates-2026-11-25/000001.ndjson", p->out);
    assert_int_equal(world_read_file(world_real(), path, &text, NULL), ERR_OK);
    size_t at = str_find(buf_str(&text), S("{\"paper\":\""));
    assert_true(at < text.n &&
                str_to_c(str_head(str_skip(buf_str(&text), at + 10), PAPER_ID_CHARACTERS), p->first, sizeof p->first));
    buf_fini(&text);
}

static void begin(struct play *p, const char *lines) {
    bool made;
    *p = (struct play){0};
    import_play_begin(&p->import);
    assert_int_equal(store_open(&p->ways, &(struct store_settings){.home = STORE_HOME_WAYS}, NULL), ERR_OK);
    assert_int_equal(import_play_load(&p->import, "members.ndjson", str_c(lines)), ERR_OK);
    scratch_path(&p->import.scratch, "out", p->out);
    scratch_path(&p->import.scratch, "keys", p->keys);
    assert_int_equal(insurer_key_make(world_real(), p->keys, insurer, &made, NULL), ERR_OK);
    p->press = (struct issue_press){&p->pdf, fake_insurer, fake_begin, fake_add, fake_end, fake_abandon};
    p->settings = (struct paper_void_settings){.world = world_real(),
                                               .store = p->import.store,
                                               .out = p->out,
                                               .keys = p->keys,
                                               .issuer = S("https://cards.invalid"),
                                               .hours = 24,
                                               .press = &p->press,
                                               .ways = p->ways,
                                               .record = tell,
                                               .context = &p->told};
    assert_true(day_parse(S("2026-11-25"), &p->settings.on));
    print_all(p);
    find_first(p);
}

#define MEMBER(number, more)                                                                                           \
    "{\"insurer\":\"06139448\",\"symbol\":\"12\",\"number\":\"" number "\",\"start\":\"2020-04-01\","                  \
    "\"name\":\"髙﨑　花子\",\"kana\":\"タカサキ\",\"sex\":\"2\",\"birth\":\"1985-04-01\"" more "}\n"
#define TWO MEMBER("1", "") MEMBER("2", "")

static enum err do_void(struct play *p, const char *id) {
    return paper_void(&p->settings, str_c(id), VOID_LOST, &p->result, &p->diag);
}
static enum err replace(struct play *p, const char *id) {
    return paper_replace(&p->settings, str_c(id), VOID_LOST, &p->result, &p->diag);
}

/* What a verifier with the published list says. */
static bool listed(struct play *p, const char *id) {
    struct issuers *all = NULL;
    struct insurer_key *key = NULL;
    struct void_status out;
    assert_int_equal(issuers_open(&all, world_real(), p->keys, NULL), ERR_OK);
    assert_int_equal(insurer_key_open(&key, world_real(), p->keys, insurer, NULL), ERR_OK);
    assert_int_equal(issuers_void(all, issuers_find(all, insurer_key_kid(key).p), str_c(id), 0,
                                  world_real()->now_us(world_real()) / 1000000, &out, NULL),
                     ERR_OK);
    insurer_key_close(key);
    issuers_close(all);
    return out.state == VOID_LIST_CURRENT && out.holds;
}

static void a_void_paper_is_in_the_list_at_once_and_once(void **state) {
    (void)state;
    struct play p;
    begin(&p, TWO);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    assert_false(p.result.already);
    assert_true(listed(&p, p.first));
    assert_int_equal(p.told.voided, 1);
    assert_true(p.told.about);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    assert_true(p.result.already);
    assert_int_equal(p.told.voided, 1);
    assert_int_equal(p.result.listed, 1);
    end(&p);
}

static void a_paper_that_ended_by_itself_is_left_out_of_the_list(void **state) {
    (void)state;
    struct play p;
    begin(&p, TWO);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    assert_true(day_parse(S("2031-11-24"), &p.settings.on));
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_int_equal(p.result.listed, 1);
    assert_true(day_parse(S("2031-11-25"), &p.settings.on));
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_int_equal(p.result.listed, 0);
    assert_int_equal(p.result.insurers, 1);
    assert_int_equal(p.told.lists, 2);
    end(&p);
}

static void a_replacement_voids_the_old_paper_and_can_be_replaced_itself(void **state) {
    (void)state;
    struct play p;
    char second[PAPER_ID_CHARACTERS + 1];
    begin(&p, TWO);
    assert_int_equal(replace(&p, p.first), ERR_OK);
    memcpy(second, p.result.replacement, sizeof second);
    assert_true(listed(&p, p.first));
    assert_false(listed(&p, second));
    assert_int_equal(access(p.result.file, F_OK), 0);
    assert_int_equal(replace(&p, p.first), ERR_OK); /* the same, not another one */
    assert_true(p.result.already);
    assert_string_equal(p.result.replacement, second);
    assert_int_equal(replace(&p, second), ERR_OK);
    assert_string_not_equal(p.result.replacement, second);
    assert_true(listed(&p, second));
    assert_int_equal(p.told.replaced, 2);
    end(&p);
}

static void a_paper_void_already_can_still_be_replaced(void **state) {
    (void)state;
    struct play p;
    begin(&p, TWO);
    assert_int_equal(paper_void(&p.settings, str_c(p.first), VOID_STOLEN, &p.result, &p.diag), ERR_OK);
    assert_int_equal(replace(&p, p.first), ERR_OK);
    assert_false(p.result.already);
    assert_true(listed(&p, p.first));
    struct arena a;
    struct void_record record;
    arena_init(&a, PAPER_QUEUE_ARENA_MAX);
    assert_int_equal(paper_queue_void(world_real(), p.out, insurer, str_c(p.first), &a, &record, NULL), ERR_OK);
    assert_int_equal(record.reason, VOID_STOLEN); /* as it was */
    assert_true(record.replaced);
    arena_fini(&a);
    end(&p);
}

static void who_is_not_covered_any_more_gets_no_paper_and_keeps_what_is_there(void **state) {
    (void)state;
    struct play p;
    begin(&p, TWO);
    assert_true(day_parse(S("2019-01-01"), &p.settings.on));
    assert_int_equal(replace(&p, p.first), ERR_CONFLICT);
    assert_int_equal(p.told.replaced, 0);
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_false(listed(&p, p.first));
    end(&p);
}

static void an_id_that_is_no_papers_is_not_found(void **state) {
    (void)state;
    static const struct {
        const char *id;
        enum err want;
    } rows[] = {{"AAAAAAAAAAAAAAAAAAAAAA", ERR_NOT_FOUND},
                {"", ERR_VALUE},
                {"../../../../../etc/pass", ERR_VALUE},
                {"../../../../../etc/pas", ERR_VALUE},
                {"AAAAAAAAAAAAAAAAAAAAA\"", ERR_VALUE}};
    struct play p;
    begin(&p, TWO);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) row_check(do_void(&p, rows[i].id) == rows[i].want, rows[i].id);
    p.settings.only_insurer = 1130012;
    assert_int_equal(do_void(&p, p.first), ERR_NOT_FOUND);
    end(&p);
}

static void nothing_shows_that_the_log_has_not_taken(void **state) {
    (void)state;
    struct play p;
    begin(&p, TWO);
    p.told.say = ERR_DISK_FULL;
    assert_int_equal(do_void(&p, p.first), ERR_DISK_FULL);
    assert_int_equal(replace(&p, p.first), ERR_DISK_FULL);
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_DISK_FULL);
    p.told.say = ERR_OK;
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_int_equal(p.result.listed, 0);
    end(&p);
}

/* Papers of the first member that are in the list and not void. */
static unsigned valid_papers(struct play *p) {
    struct arena a;
    struct void_record record;
    char id[PAPER_ID_CHARACTERS + 1];
    unsigned valid = 1;
    memcpy(id, p->first, sizeof id);
    arena_init(&a, PAPER_QUEUE_ARENA_MAX);
    while (paper_queue_void(world_real(), p->out, insurer, str_c(id), &a, &record, NULL) == ERR_OK) {
        if (!record.replaced) valid--;
        if (!record.replaced) break;
        assert_true(str_to_c(record.replacement.id, id, sizeof id));
        arena_reset(&a);
    }
    arena_fini(&a);
    return valid;
}

static void a_replacement_stopped_anywhere_leaves_exactly_one_valid_paper(void **state) {
    (void)state;
    struct failing_world f;
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct play p;
        begin(&p, TWO);
        p.settings.world = failing_world(&f, nth, EIO);
        enum err e = replace(&p, p.first);
        hit = f.hit;
        assert_int_equal(valid_papers(&p), 1);
        p.settings.world = world_real();
        assert_true(e != ERR_OK || p.result.replacement[0]);
        assert_int_equal(replace(&p, p.first), ERR_OK);
        assert_int_equal(valid_papers(&p), 1);
        assert_true(listed(&p, p.first));
        assert_int_equal(access(p.result.file, F_OK), 0);
        char last[PAPER_ID_CHARACTERS + 1] = "";
        assert_int_equal(held(&p, last), 1);
        assert_string_equal(last, p.result.replacement);
        end(&p);
        assert_true(nth < 200);
    }
}

/* Lost and not replaced: the next run that prints makes another one by itself. */
static void who_holds_a_void_paper_alone_is_due_a_new_one(void **state) {
    (void)state;
    struct play p;
    char first[PAPER_ID_CHARACTERS + 1] = "", second[PAPER_ID_CHARACTERS + 1] = "";
    begin(&p, TWO);
    assert_int_equal(held(&p, first), 1);
    assert_string_equal(first, p.first);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    assert_int_equal(held(&p, second), 0);
    print_all(&p);
    assert_int_equal(held(&p, second), 1);
    assert_true(strcmp(first, second) != 0);
    end(&p);
}

static void a_picture_without_its_record_is_swept(void **state) {
    (void)state;
    struct play p;
    char path[SCRATCH_PATH_MAX];
    begin(&p, TWO);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    scratch_write(&p.import.scratch, "out/06139448/void/AAAAAAAAAAAAAAAAAAAAAA.pdf", S("%PDF"));
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_int_equal(
        access(scratch_path(&p.import.scratch, "out/06139448/void/AAAAAAAAAAAAAAAAAAAAAA.pdf", path), F_OK), -1);
    end(&p);
}

/* A record that the disk spoiled still voids; and an insurer in trouble does not hold up the others. */
static void a_damaged_record_stays_void_and_one_insurers_trouble_is_its_own(void **state) {
    (void)state;
    struct play p;
    char name[SCRATCH_PATH_MAX], path[SCRATCH_PATH_MAX];
    bool made;
    begin(&p, TWO);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    snprintf(name, sizeof name, "out/06139448/void/%s.json", p.first);
    scratch_write(&p.import.scratch, name, S("{\"paper\":"));
    /* 01130012 comes first or last; its key is no key. */
    assert_int_equal(insurer_key_make(world_real(), p.keys, (struct insurer_number){1130012}, &made, NULL), ERR_OK);
    scratch_write(&p.import.scratch, "keys/insurers/01130012/key.pem", S("rubbish"));
    assert_int_not_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    assert_non_null(strstr(p.diag.where, "01130012"));
    assert_int_equal(p.result.insurers, 1);
    assert_int_equal(p.result.damaged, 1);
    assert_true(listed(&p, p.first));
    assert_int_equal(unlink(scratch_path(&p.import.scratch, "keys/insurers/01130012/key.pem", path)), 0);
    assert_int_equal(paper_void_lists(&p.settings, &p.result, &p.diag), ERR_OK);
    end(&p);
}

static void two_do_not_work_on_one_insurers_void_papers(void **state) {
    (void)state;
    struct play p;
    char path[SCRATCH_PATH_MAX];
    struct world *w = world_real();
    begin(&p, TWO);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    int fd = w->open(w, scratch_path(&p.import.scratch, "out/06139448/void/lock", path), O_RDWR, 0);
    assert_int_equal(w->lock(w, fd), 0);
    assert_int_equal(do_void(&p, p.first), ERR_LOCKED);
    w->close(w, fd);
    /* A run that prints holds nobody up. */
    fd = w->open(w, scratch_path(&p.import.scratch, "out/lock", path), O_RDWR, 0);
    assert_int_equal(w->lock(w, fd), 0);
    assert_int_equal(do_void(&p, p.first), ERR_OK);
    w->close(w, fd);
    end(&p);
}

/* ---- the record ---- */

static void put_sample(struct buf *b) {
    const struct queued_paper q = {.id = S("AAAAAAAAAAAAAAAAAAAAAA"),
                                   .insurer = insurer,
                                   .insured = {S("12"), S("1"), 1},
                                   .birth = {5569},
                                   .from = {20782},
                                   .until = {22607}};
    struct queued_paper n = q;
    n.id = S("BBBBBBBBBBBBBBBBBBBBBB"), n.kind = PAPER_NOTICE;
    void_record_put(b, &(struct void_record){q, VOID_STOLEN, 1795600000000000, true, n});
}

static void a_record_comes_back_as_it_was(void **state) {
    (void)state;
    char room[2048];
    struct buf b = buf_over(room, sizeof room);
    struct arena a;
    struct void_record r;
    arena_init(&a, PAPER_QUEUE_ARENA_MAX);
    put_sample(&b);
    assert_int_equal(void_record_read(&a, buf_str(&b), insurer, &r, NULL), ERR_OK);
    assert_int_equal(r.reason, VOID_STOLEN);
    assert_int_equal(r.at_us, 1795600000000000);
    assert_str(r.replacement.id, S("BBBBBBBBBBBBBBBBBBBBBB"));
    assert_int_equal(r.replacement.kind, PAPER_NOTICE);
    assert_int_equal(r.paper.kind, PAPER_CERTIFICATE);
    assert_int_equal(r.paper.until.n, 22607);
    arena_fini(&a);
}

static void feed(void *context, struct str input) {
    struct arena a;
    struct void_record r;
    struct diag d = {0};
    (void)context;
    arena_init(&a, PAPER_QUEUE_ARENA_MAX);
    enum err e = void_record_read(&a, input, insurer, &r, &d);
    assert_true(e == ERR_OK ? r.paper.id.n == PAPER_ID_CHARACTERS : e == ERR_CORRUPT && d.err == e);
    arena_fini(&a);
}

static void every_truncation_and_flipped_bit_of_a_record_comes_back(void **state) {
    (void)state;
    char room[2048];
    struct buf b = buf_over(room, sizeof room);
    put_sample(&b);
    assert_int_equal(hostile_all(buf_str(&b), feed, NULL), 9 * b.n);
}

int main(int argc, char **argv) {
    if (import_play_vault(argc, argv)) return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_void_paper_is_in_the_list_at_once_and_once),
        cmocka_unit_test(a_paper_that_ended_by_itself_is_left_out_of_the_list),
        cmocka_unit_test(a_replacement_voids_the_old_paper_and_can_be_replaced_itself),
        cmocka_unit_test(a_paper_void_already_can_still_be_replaced),
        cmocka_unit_test(who_is_not_covered_any_more_gets_no_paper_and_keeps_what_is_there),
        cmocka_unit_test(an_id_that_is_no_papers_is_not_found),
        cmocka_unit_test(nothing_shows_that_the_log_has_not_taken),
        cmocka_unit_test(a_replacement_stopped_anywhere_leaves_exactly_one_valid_paper),
        cmocka_unit_test(who_holds_a_void_paper_alone_is_due_a_new_one),
        cmocka_unit_test(a_picture_without_its_record_is_swept),
        cmocka_unit_test(a_damaged_record_stays_void_and_one_insurers_trouble_is_its_own),
        cmocka_unit_test(two_do_not_work_on_one_insurers_void_papers),
        cmocka_unit_test(a_record_comes_back_as_it_was),
        cmocka_unit_test(every_truncation_and_flipped_bit_of_a_record_comes_back),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("paper void", tests, NULL, NULL);
}
