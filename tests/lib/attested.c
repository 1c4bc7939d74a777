#include "lib/attested.h"

#include "edge/receipt/request.h"
#include "state/trust/trust.h"

static int64_t made_us;
static int64_t made_now(struct world *w) {
    (void)w;
    return made_us;
}

void attested_make(struct attested *a, int64_t now_us) {
    struct world w = *world_real();
    struct trust_made made;
    char folder[SCRATCH_PATH_MAX];
    made_us = now_us, w.now_us = made_now;
    scratch_make(&a->keys);
    invariant(trust_init(&w, a->keys.folder, NULL, 0, &made, NULL) == ERR_OK && made.attestation);
    scratch_path(&a->keys, "ca.pem", a->ca);
    invariant(attestation_key_open(&a->key, &w, scratch_path(&a->keys, "attestation", folder), NULL) == ERR_OK);
}

void attested_remove(struct attested *a) {
    attestation_key_close(a->key);
    scratch_remove(&a->keys);
}

/* `c` with all below it also as a child of `to`, until give_back(). */
static void lend(struct arena *a, struct tree *to, const struct tree *c) {
    struct tree *t = tree_add(a, to, c->name);
    t->text = c->text, t->first = c->first, t->last = c->last, t->runs = c->runs;
    for (struct tree *i = t->first; i; i = i->next) i->parent = t;
}

static void give_back(struct tree *from) {
    for (struct tree *c = from->first; c; c = c->next)
        for (struct tree *i = c->first; i; i = i->next) i->parent = c;
}

/* A unit of a bulk result as the message of a single one. */
static void message_of(struct arena *a, struct tree *header, struct tree *container, struct buf *out) {
    struct tree *m = tree_add(a, NULL, S("XmlMsg")), *h = tree_add(a, m, S("MessageHeader"));
    struct tree *b = tree_add(a, m, S("MessageBody"));
    for (struct tree *c = header->first; c; c = c->next) lend(a, h, c);
    for (struct tree *c = container->first; c; c = c->next)
        lend(a, str_eq(c->name, S("ResultOfQualificationConfirmation")) ? tree_add(a, b, S("ResultList")) : b, c);
    tree_put_json(m, out);
    give_back(header), give_back(container);
}

static unsigned ratio_of(const struct tree *container) {
    const struct tree *list = tree_child(container, S("ResultList"));
    const struct tree *r = tree_child(list ? list : container, S("ResultOfQualificationConfirmation"));
    uint64_t n = RATIO_NONE;
    return str_uint(tree_text(r, S("InsuredPartialContributionRatio")), 100, &n) ? (unsigned)n : RATIO_NONE;
}

static void sign(struct attested *k, struct arena *a, struct tree *header, struct tree *container, int64_t told_us) {
    struct buf message, jws;
    struct str validity = tree_text(container, S("QualificationValidity"));
    struct attestation t = {.told_us = told_us, .ratio = (uint8_t)ratio_of(container)};
    if (validity.n != 1 || !str_eq(tree_text(container, S("ProcessingResultStatus")), S("1"))) return;
    if (!day_parse_basic(tree_text(header, S("QualificationConfirmationDate")), &t.on)) return;
    if (institution_code_parse(tree_text(header, S("MedicalInstitutionCode")), &t.institution) != ERR_OK) return;
    t.validity = (enum validity)(validity.p[0] - '0');
    bool confirms = (t.validity == VALID || t.validity == VALIDITY_NO_TICKET) && t.ratio != 100;
    t.until_us =
        confirms ? told_us + 31 * INT64_C(86400000000) : (t.on.n + 1) * INT64_C(86400000000) - INT64_C(32400000000);
    buf_init(&message, ATTESTATION_MAX), buf_init(&jws, ATTESTATION_MAX);
    message_of(a, header, container, &message);
    t.message = buf_str(&message);
    invariant(attestation_sign(k->key, &t, &jws, NULL) == ERR_OK);
    tree_add(a, container, S("Attestation"))->text = arena_copy(a, buf_str(&jws));
    buf_fini(&message), buf_fini(&jws);
}

void attested_put(struct attested *k, struct str reply, int64_t told_us, struct buf *out) {
    struct arena a;
    struct tree *root;
    arena_init(&a, TREE_ARENA_MAX);
    if (tree_read_json(&a, reply, &root, NULL) != ERR_OK) {
        buf_put(out, reply);
    } else {
        struct tree *header = tree_child(root, S("MessageHeader")), *body = tree_child(root, S("MessageBody"));
        struct tree *unit = tree_child(body, S("BulkConfirmUnit"));
        if (unit == NULL && body) sign(k, &a, header, body, told_us);
        for (; unit; unit = tree_again(unit)) sign(k, &a, header, unit, told_us);
        tree_put_json(root, out);
    }
    arena_fini(&a);
}
