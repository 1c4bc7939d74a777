#include "lib/review_play.h"

#include "edge/review/alarm_line.h"
#include "lib/desk_play.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

#include <stdio.h>
#include <stdlib.h>

static void put_member(struct store *s, const char *number, int branch, const char *birth, uint8_t mark) {
    struct coverage c;
    struct member m = desk_play_member(&c, number, branch, birth, mark);
    char key_room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(key_room, sizeof key_room), row;
    struct insurer_number insurer;
    struct insured_id folded;
    struct day day;
    struct store_txn *t = NULL;
    buf_init(&row, 1 << 20);
    invariant(store_key_member(&key, m.insurer, &m.id, m.birth) == ERR_OK);
    invariant(store_key_member_read(buf_str(&key), &insurer, &folded, &day));
    invariant(member_row_put(&row, &m, &folded) == ERR_OK);
    invariant(store_begin(s, &t, NULL) == ERR_OK);
    invariant(store_put(t, STORE_MEMBER, buf_str(&key), buf_str(&row), NULL) == ERR_OK);
    invariant(store_commit(t, NULL) == ERR_OK);
    buf_fini(&row);
}

void review_play_alarms(struct review_play *p, unsigned from) {
    static const char *const more[] = {"\"cause\":\"twin\",\"next\":\"close-records\"",
                                       "\"cause\":\"namesake\",\"next\":\"ask-person\"",
                                       "\"cause\":\"name\",\"next\":\"ask-insurer\""};
    static const char *const births[] = {"2015-05-05", "1960-01-02", "1985-04-01"};
    struct buf b;
    buf_init(&b, 1 << 16);
    for (unsigned n = from; n <= 3; n++)
        buf_printf(
            &b,
            "{\"alarm\":\"00000000000000a%u\",\"rank\":%u,\"probability\":0.%u,%s,\"member\":{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"%u\","
            "\"branch\":\"%s\"},\"resident\":\"R%u\",\"record\":{\"name\":\"髙橋　花\",\"birth\":\"%s\"},\"registry\":{\"name\":\"高橋　咲\",\"birth\":\"%s\"}}\n",
            n, n, 9 - n, more[n - 1], n, n == 1 ? "02" : "", n, births[n - 1], births[n - 1]);
    scratch_write(&p->scratch, "alarms.ndjson", buf_str(&b));
    buf_fini(&b);
}

void review_play_begin(struct review_play *p) {
    char coverage[SCRATCH_PATH_MAX];
    struct store *s = NULL;
    uint8_t key[32] = {7};
    scratch_make(&p->scratch);
    scratch_path(&p->scratch, "store", p->store), scratch_path(&p->scratch, "alarms.ndjson", p->alarms);
    scratch_path(&p->scratch, "decisions", p->decisions), scratch_path(&p->scratch, "store/coverage", coverage);
    invariant(world_make_folder(coverage, NULL) == ERR_OK);
    scratch_write(&p->scratch, "store/unmatched.key", str_of(key, sizeof key));
    invariant(store_open(&s,
                         &(struct store_settings){
                             .home = STORE_HOME_COVERAGE, .folder = coverage, .write = true, .map_bytes = 64 << 20},
                         NULL) == ERR_OK);
    put_member(s, "1", 2, "2015-05-05", 1);
    put_member(s, "2", BRANCH_NONE, "1960-01-02", 2);
    put_member(s, "3", BRANCH_NONE, "1985-04-01", 3);
    store_close(s);
    review_play_alarms(p, 1);
}

void review_play_end(struct review_play *p) { scratch_remove(&p->scratch); }

static void nothing(void *context) { (void)context; }

struct review_settings review_play_settings(struct review_play *p, struct world *w) {
    return (struct review_settings){.world = w,
                                    .store = p->store,
                                    .alarms = p->alarms,
                                    .decisions = p->decisions,
                                    .line_max = ALARM_LINE_MAX,
                                    .read = alarm_line_read,
                                    .segment_bytes = LEDGER_SEGMENT_MIN,
                                    .wake = nothing};
}

static void answered(struct verify_call *c) { (void)c; }

void review_play_ask(struct review_play *p, const char *institution) {
    struct verify_desk desk;
    struct arena a;
    const struct verify_desk_settings s = {.store = p->store, .writer = "door-0", .segment_bytes = LEDGER_SEGMENT_MIN};
    invariant(verify_desk_open(&desk, world_real(), &s, NULL) == ERR_OK);
    arena_init(&a, 8 << 20);
    struct verify_call c = {.question = {.insurer = {6139448}, .id = {S("12-34"), S("1"), 2}, .on = DAY_NONE},
                            .asker = {.door = DOOR_JSON, .purpose = PURPOSE_TREATMENT},
                            .kind = AUDIT_QUESTION,
                            .arena = &a,
                            .done = answered};
    invariant(institution_code_parse(str_c(institution), &c.asker.institution) == ERR_OK);
    invariant(day_parse(S("2015-05-05"), &c.question.birth));
    verify_start(&desk, &c);
    verify_settle(&desk);
    invariant(c.err == ERR_OK && c.answer.verdict.validity == VALID);
    arena_fini(&a);
    verify_desk_close(&desk);
}

struct review_alarm *review_play_alarm(struct review *r, unsigned n) {
    uint8_t id[ALARM_ID_BYTES] = {0};
    id[ALARM_ID_BYTES - 1] = (uint8_t)(0xa0 + n);
    return review_find(r, id);
}

static void done(struct review_order *o) { *(bool *)o->context = true; }

enum err review_play_decide(struct review *r, unsigned n, enum review_decision d, const char *reviewer) {
    struct arena arena;
    struct alarm *detail = calloc(1, sizeof *detail);
    struct review_order *o = calloc(1, sizeof *o);
    bool over = false;
    invariant(detail && o);
    arena_init(&arena, 4 << 20);
    *o = (struct review_order){.kind = REVIEW_DECIDED,
                               .alarm = review_play_alarm(r, n),
                               .detail = detail,
                               .decision = d,
                               .reviewer = str_c(reviewer),
                               .reason = S("別の人です"),
                               .done = done,
                               .context = &over};
    enum err e = review_read(r, o->alarm, &arena, detail, NULL);
    if (e == ERR_OK) {
        review_record(r, o);
        review_settle(r);
        invariant(over);
        e = o->err;
    }
    arena_fini(&arena);
    free(o);
    free(detail);
    return e;
}
