#include "edge/receipt/statements.h"

#include <sodium.h>
#include <stdio.h>

enum { NUMBER_BYTES = STATEMENT_ID / 2, JSON_MAX = 64 << 10, HOUR_S = 3600 };
#define SECOND_US INT64_C(1000000)
#define KEEP_US   (STATEMENT_KEEP_DAYS * 24 * HOUR_S * SECOND_US)
/* An undelivered statement is erased by nothing but its delivery: not by a clock that was set wrong either. */
#define NEVER_US INT64_MAX

static const char waiting = 'W', delivered = 'D';

static void derive(uint8_t out[32], struct str secret, const char *name) {
    (void)crypto_generichash(out, 32, (const unsigned char *)secret.p, secret.n, (const unsigned char *)name,
                             strlen(name));
}

enum err statements_open(struct statements *s, const struct statements_settings *settings, struct diag *d) {
    char path[4096];
    uint8_t key[SEALED_KEY_BYTES];
    *s = (struct statements){.institution = settings->institution};
    if (snprintf(path, sizeof path, "%s/mado-window-statements", settings->folder) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "folders", NULL);
    derive(key, settings->secret, "mado-window-statements");
    derive(s->number_key, settings->secret, "mado-window-statement-number");
    enum err e = sealed_open(&s->kept, settings->world, path, key, d);
    sodium_memzero(key, sizeof key);
    return e;
}

void statements_close(struct statements *s) {
    sealed_close(s->kept);
    sodium_memzero(s, sizeof *s);
}

/* ---- taking one in ---- */

/* The same message in the same file: the same number, so that taking it twice is taking it once. */
static struct str number_of(const struct statements *s, struct arena *a, struct str json, const char *file_name) {
    uint8_t hash[NUMBER_BYTES];
    crypto_generichash_state h;
    char *text = arena_new(a, STATEMENT_ID + 1);
    if (text == NULL) return S("");
    (void)crypto_generichash_init(&h, s->number_key, sizeof s->number_key, sizeof hash);
    (void)crypto_generichash_update(&h, (const unsigned char *)file_name, strlen(file_name) + 1);
    (void)crypto_generichash_update(&h, (const unsigned char *)json.p, json.n);
    (void)crypto_generichash_final(&h, hash, sizeof hash);
    (void)sodium_bin2hex(text, STATEMENT_ID + 1, hash, sizeof hash);
    return str_of(text, STATEMENT_ID);
}

static bool set_text(struct arena *a, struct tree *parent, const char *name, struct str text) {
    struct tree *t = tree_child(parent, str_c(name));
    if (t == NULL) t = tree_add(a, parent, str_c(name));
    if (t) t->text = text, t->first = t->last = NULL;
    return t != NULL;
}

/* The message for the centre says its number and its day, which the receipt computer may have left open. */
static enum err number_message(const struct statements *s, struct arena *a, struct tree *request, const char *file_name,
                               struct statement_message *m, struct buf *json, struct diag *d) {
    struct buf day = buf_over(arena_new(a, 8), 8);
    struct tree *body = tree_child(request, S("MessageBody")), *header = tree_child(request, S("MessageHeader"));
    tree_drop(body, S("StatementNumber"));
    tree_put_json(request, json);
    m->number = buf_ok(json) ? number_of(s, a, buf_str(json), file_name) : S("");
    day_put_basic(&day, m->said.on);
    if (m->number.n == 0 || !set_text(a, body, "StatementNumber", m->number) ||
        !set_text(a, header, "QualificationConfirmationDate", buf_str(&day)))
        return diag_set(d, ERR_MEMORY, "statement", NULL);
    buf_reset(json);
    buf_putc(json, waiting), buf_putc(json, '\n');
    tree_put_json(request, json);
    return buf_ok(json) ? ERR_OK : diag_set(d, ERR_LIMIT, "statement", NULL);
}

static enum err keep_new(struct statements *s, struct str number, struct str value, int64_t now_us, struct diag *d) {
    struct buf there;
    buf_init(&there, SEALED_VALUE_MAX);
    enum err e = sealed_get(s->kept, number, now_us, &there, NULL);
    buf_fini(&there);
    return e == ERR_OK ? ERR_OK : sealed_put(s->kept, number, value, now_us, NEVER_US, SEALED_DURABLE, d);
}

static struct share decide(struct known *known, struct arena *a, const struct statement_message *m, int64_t now_us) {
    struct share_facts f = {.stated = m->said.ratio == RATIO_NONE ? LOWER_UNKNOWN : lower_share_of(m->said.ratio),
                            .birth = m->said.birth,
                            .on = m->said.on};
    if (known && m->request.unit_count) known_share(known, a, &m->request.units[0].question, now_us, &f);
    return share_decide(&f);
}

enum err statements_take(struct statements *s, struct known *known, struct arena *a, struct tree *request,
                         const char *file_name, int64_t now_us, struct tree **out, struct diag *d) {
    struct statement_message m;
    struct buf json;
    TRY(statement_read(a, request, day_in_japan(now_us), &m, d));
    if (m.request.institution.n != s->institution.n)
        return diag_set(d, ERR_INSTITUTION, "MessageHeader/MedicalInstitutionCode", NULL);
    buf_init(&json, JSON_MAX);
    enum err e = number_message(s, a, request, file_name, &m, &json, d);
    if (e == ERR_OK) e = keep_new(s, m.number, buf_str(&json), now_us, d);
    buf_reset(&json);
    if (e == ERR_OK) {
        struct writer w = writer_of(&json, CARRIER_JSON);
        statement_write_taken(&w, &m, now_us, decide(known, a, &m, now_us));
        struct str text = buf_ok(&json) ? arena_copy(a, buf_str(&json)) : (struct str){0};
        e = text.p ? tree_read_json(a, text, out, d) : diag_set(d, ERR_MEMORY, "statement", NULL);
    }
    buf_fini(&json);
    return e;
}

/* ---- when the line is back ---- */

static bool rests(char state, int64_t at_us, int64_t now_us) {
    return state == delivered && now_us >= at_us && now_us - at_us < STATEMENT_AGAIN_S * SECOND_US;
}

enum err statements_next(struct statements *s, char name[SEALED_NAME + 1], int64_t now_us, struct buf *message,
                         struct diag *d) {
    struct buf value;
    int64_t at_us = 0;
    bool found = false;
    buf_init(&value, SEALED_VALUE_MAX);
    while (!found && sealed_next(s->kept, name, now_us, &value, &at_us) == ERR_OK)
        found = value.n > 2 && !rests(value.p[0], at_us, now_us);
    if (found) buf_put(message, str_skip(buf_str(&value), 2));
    buf_fini(&value);
    return found ? ERR_OK : diag_set(d, ERR_NOT_FOUND, "statement", NULL);
}

static enum err number_in(struct arena *a, struct str message, struct str *out, struct diag *d) {
    struct tree *t;
    TRY(tree_read_json(a, message, &t, d));
    *out = tree_text(tree_child(t, S("MessageBody")), S("StatementNumber"));
    return out->n == STATEMENT_ID ? ERR_OK : diag_set(d, ERR_CORRUPT, "statement", NULL);
}

enum err statements_delivered(struct statements *s, struct str message, int64_t now_us, struct diag *d) {
    struct arena a;
    struct buf value;
    struct str number;
    arena_init(&a, TREE_ARENA_MAX), buf_init(&value, SEALED_VALUE_MAX);
    buf_putc(&value, delivered), buf_putc(&value, '\n'), buf_put(&value, message);
    enum err e = number_in(&a, message, &number, d);
    if (e == ERR_OK) e = sealed_put(s->kept, number, buf_str(&value), now_us, now_us + KEEP_US, SEALED_DURABLE, d);
    arena_fini(&a), buf_fini(&value);
    return e;
}

enum err statements_settled(struct statements *s, struct str message, struct diag *d) {
    struct arena a;
    struct str number;
    arena_init(&a, TREE_ARENA_MAX);
    enum err e = number_in(&a, message, &number, d);
    if (e == ERR_OK) e = sealed_drop(s->kept, number, d);
    arena_fini(&a);
    return e;
}
