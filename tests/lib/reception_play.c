#include "lib/reception_play.h"

#include "base/json.h"

#include <stdio.h>
#include <unistd.h>

static int64_t play_now(struct world *w) { return ((struct clock_world *)w)->now_us; }
static int64_t play_steady(struct world *w) { return ((struct clock_world *)w)->steady_us; }

struct world *clock_world(struct clock_world *c) {
    struct day day;
    invariant(day_from_civil(2026, 11, 25, &day));
    c->world = *world_real();
    c->world.now_us = play_now, c->world.steady_us = play_steady;
    c->now_us = (int64_t)day.n * 86400 * 1000000 + (int64_t)3600 * 1000000; /* 01:00 UTC */
    c->steady_us = 5000000;
    return &c->world;
}

struct visit *visit_sample(void) {
    struct visit *v = visit_new();
    invariant(v && insurer_number_parse(S("06139448"), &v->insurer) == ERR_OK && day_from_civil(1985, 4, 1, &v->birth));
    v->branch = 1, v->proof = PROOF_NUMBER;
    snprintf(v->symbol, sizeof v->symbol, "12-34");
    snprintf(v->insured_number, sizeof v->insured_number, "1");
    return v;
}

void put_sample_reply(struct buf *out, const char *id) {
    buf_puts(
        out,
        "{\"XmlMsg\":{\"MessageHeader\":{\"QualificationConfirmationDate\":\"20261125\",\"SegmentOfResult\":\"1\"},"
        "\"MessageBody\":{\"ProcessingResultStatus\":\"1\",\"QualificationValidity\":\"1\","
        "\"QualificationConfirmSearchInfo\":{\"ArbitraryIdentifier\":");
    buf_json(out, str_c(id));
    buf_puts(
        out,
        "},\"ResultList\":[{\"ResultOfQualificationConfirmation\":{\"InsuredCardClassification\":\"01\","
        "\"InsurerNumber\":\"06139448\",\"InsuredCardSymbol\":\"12-34\",\"InsuredIdentificationNumber\":\"1\","
        "\"InsuredBranchNumber\":\"01\",\"Name\":\"髙橋　みどり\",\"Sex1\":\"2\",\"Birthdate\":\"19850401\","
        "\"QualificationDate\":\"20200401\",\"InsuredPartialContributionRatio\":\"030\",\"InsurerName\":\"青葉\"}}],"
        "\"WarningList\":[{\"WarningInfo\":{\"WarningCode\":\"MDOW0003W\",\"WarningMessage\":\"まもなく\"}}]}}}");
}

static struct str id_in(struct arena *a, struct str message) {
    struct json root;
    struct str id = S("");
    invariant(json_read(a, message, &root, NULL) == ERR_OK);
    struct json body = json_get(json_get(root, "XmlMsg"), "MessageBody");
    invariant(json_str(json_get(json_get(body, "QualificationConfirmSearchInfo"), "ArbitraryIdentifier"), &id));
    return id;
}

static void answer_it(struct play_centre *c, unsigned lane, struct str message, struct str *reply) {
    struct arena a;
    char id[VISIT_ID + 1] = "";
    struct buf b = buf_over(c->rooms[lane], sizeof c->rooms[lane]);
    arena_init(&a, 1 << 20);
    invariant(str_to_c(id_in(&a, message), id, sizeof id));
    put_sample_reply(&b, id);
    *reply = buf_str(&b);
    arena_fini(&a);
}

static enum err ask(void *context, unsigned lane, struct str message, int *status, struct str *reply, struct diag *d) {
    struct play_centre *c = context;
    c->asked++;
    while (c->hangs && lane == 0) usleep(1000);
    if (c->err != ERR_OK) return diag_set(d, (enum err)c->err, "play", NULL);
    *status = c->status ? c->status : 200;
    if (c->body) *reply = str_c(c->body);
    else answer_it(c, lane, message, reply);
    return ERR_OK;
}

static void play_keep(void *context, struct str reply) {
    struct play_memory *m = context;
    invariant(reply.n > 0);
    m->kept++;
}

static enum err play_recall(void *context, struct str message, struct buf *reply, int64_t *told_us, struct diag *d) {
    struct play_memory *m = context;
    struct arena a;
    char id[VISIT_ID + 1] = "";
    if (!m->knows) return diag_set(d, ERR_NOT_FOUND, "play", NULL);
    arena_init(&a, 1 << 20);
    invariant(str_to_c(id_in(&a, message), id, sizeof id));
    arena_fini(&a);
    put_sample_reply(reply, id);
    *told_us = m->clock->now_us - INT64_C(86400000000);
    m->recalled++;
    return ERR_OK;
}

struct reception_memory play_memory(struct play_memory *m, struct clock_world *clock) {
    *m = (struct play_memory){.clock = clock};
    return (struct reception_memory){.keep = play_keep, .recall = play_recall, .context = m};
}

struct counting {
    enum audit_kind kind;
    enum proof proof;
    size_t n;
};

static bool count_event(void *context, const struct ledger_entry *entry) {
    struct counting *c = context;
    struct audit_event e;
    invariant(audit_event_read(entry->body, &e));
    c->n += e.kind == c->kind && e.proof == c->proof;
    return true;
}

size_t logged(const char *folder, enum audit_kind kind, enum proof proof) {
    struct counting c = {.kind = kind, .proof = proof};
    invariant(ledger_read(world_real(), folder, count_event, &c, NULL) == ERR_OK);
    return c.n;
}

struct centre_asker play_centre(struct play_centre *c) {
    *c = (struct play_centre){0};
    return (struct centre_asker){ask, c};
}
