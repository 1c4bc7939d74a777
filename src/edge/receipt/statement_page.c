#include "edge/receipt/statement_page.h"

#include <limits.h>
#include <stdio.h>

enum { ANSWER_MAX = 1 << 20, ARENA_MAX = 16 << 20 };

static enum err path_in(char out[PATH_MAX], const char *folders, const char *sub, const char *step, struct str id,
                        struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/%s/%s_page%.*s.xml", folders, sub, step, (int)id.n, id.p);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "folders", NULL);
}

/* {"StatementInfo":{…}} below a header of ours; what else the body has is left out. */
static enum err read_body(struct arena *a, struct institution_code institution, struct day today, struct str body,
                          struct tree **out, struct diag *d) {
    struct buf json, code = buf_over(arena_new(a, 16), 16), on = buf_over(arena_new(a, 8), 8);
    struct tree *t = NULL;
    buf_init(&json, STATEMENT_PAGE_BODY_MAX + 64);
    buf_puts(&json, "{\"XmlMsg\":{\"MessageBody\":"), buf_put(&json, body), buf_puts(&json, "}}");
    enum err e = buf_ok(&json) ? ERR_OK : diag_set(d, ERR_LIMIT, "", NULL);
    struct str text = e == ERR_OK ? arena_copy(a, buf_str(&json)) : S("");
    if (e == ERR_OK) e = text.p ? tree_read_json(a, text, &t, d) : diag_set(d, ERR_MEMORY, "", NULL);
    buf_fini(&json);
    if (e != ERR_OK) return e;
    struct tree *h = tree_add(a, t, S("MessageHeader"));
    struct tree *c = h ? tree_add(a, h, S("MedicalInstitutionCode")) : NULL;
    struct tree *day = c ? tree_add(a, h, S("QualificationConfirmationDate")) : NULL;
    if (day == NULL) return diag_set(d, ERR_MEMORY, "", NULL);
    institution_code_put(&code, institution), day_put_basic(&on, today);
    c->text = buf_str(&code), day->text = buf_str(&on);
    tree_drop(tree_child(t, S("MessageBody")), S("StatementNumber"));
    *out = t;
    return ERR_OK;
}

static enum err put_request(struct world *w, const char *folders, const struct tree *t, struct str id, struct diag *d) {
    char path[PATH_MAX];
    struct buf xml;
    TRY(path_in(path, folders, "req", "MDOsistm01req", id, d));
    buf_init(&xml, ANSWER_MAX);
    buf_puts(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n");
    tree_put_xml(t, &xml);
    enum err e = buf_ok(&xml) ? world_replace_file(w, path, buf_str(&xml), 0600, d) : diag_set(d, ERR_LIMIT, "", NULL);
    buf_fini(&xml);
    return e;
}

enum err statement_page_put(struct world *w, const char *folders, struct institution_code institution, struct str body,
                            struct buf *id, struct diag *d) {
    uint8_t random[STATEMENT_PAGE_ID / 2];
    struct arena a;
    struct tree *t = NULL;
    struct statement_message m;
    struct day today = day_in_japan(w->now_us(w));
    size_t start = id->n;
    arena_init(&a, ARENA_MAX);
    enum err e = body.n > STATEMENT_PAGE_BODY_MAX ? diag_set(d, ERR_LIMIT, "", NULL)
                                                  : read_body(&a, institution, today, body, &t, d);
    if (e == ERR_OK) e = statement_read(&a, t, today, &m, d);
    w->random(w, random, sizeof random);
    buf_hex(id, str_of(random, sizeof random));
    if (e == ERR_OK) e = put_request(w, folders, t, str_skip(buf_str(id), start), d);
    arena_fini(&a);
    return e;
}

static bool is_id(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f'))) return false;
    return s.n == STATEMENT_PAGE_ID;
}

enum err statement_page_answer(struct world *w, const char *folders, struct str id, struct buf *out, struct diag *d) {
    char path[PATH_MAX];
    struct buf xml;
    struct arena a;
    struct tree *t;
    if (!is_id(id)) return diag_set(d, ERR_VALUE, "id", NULL);
    TRY(path_in(path, folders, "res", "MDOsistm01res", id, d));
    buf_init(&xml, ANSWER_MAX), arena_init(&a, ARENA_MAX);
    enum err e = world_read_file(w, path, &xml, d);
    if (e == ERR_NOT_FOUND) e = diag_set(d, ERR_PENDING, "", NULL);
    if (e == ERR_OK) e = tree_read_xml(&a, buf_str(&xml), &t, d);
    if (e == ERR_OK) tree_put_json(t, out);
    buf_fini(&xml), arena_fini(&a);
    return e;
}
