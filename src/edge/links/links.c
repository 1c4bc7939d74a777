#include "edge/links/links.h"

static const struct {
    enum fact fact;
    const char *name;
} facts[] = {{FACT_NAME, "name"}, {FACT_KANA, "kana"}, {FACT_BIRTH, "birth"}, {FACT_ADDRESS, "address"}};

static void put_text(struct buf *b, const char *name, struct str s, bool *first) {
    if (s.n == 0) return;
    buf_printf(b, "%s\"%s\":", *first ? "" : ",", name);
    buf_json(b, s);
    *first = false;
}

void links_put_member(struct buf *b, const struct link_member *m) {
    char room[16];
    struct buf number = buf_over(room, sizeof room);
    bool first = true;
    buf_putc(b, '{');
    insurer_number_put(&number, m->insurer);
    put_text(b, "insurer", buf_str(&number), &first);
    put_text(b, "symbol", packed_first(&m->packed), &first);
    put_text(b, "number", packed_second(&m->packed), &first);
    buf_reset(&number);
    branch_put(&number, m->branch);
    put_text(b, "branch", buf_str(&number), &first);
    buf_putc(b, '}');
}

void links_put_person(struct buf *b, const struct person *p) {
    char room[16];
    struct buf birth = buf_over(room, sizeof room);
    bool first = true;
    if (day_is(p->birth)) day_put_iso(&birth, p->birth);
    buf_putc(b, '{');
    put_text(b, "name", p->name, &first);
    put_text(b, "kana", p->kana, &first);
    put_text(b, "other_name", p->other_name, &first);
    put_text(b, "other_kana", p->other_kana, &first);
    put_text(b, "former_name", p->former_name, &first);
    put_text(b, "sex", p->sex ? str_of(&p->sex, 1) : S(""), &first);
    put_text(b, "birth", buf_str(&birth), &first);
    put_text(b, "post", p->post, &first);
    put_text(b, "address", p->address, &first);
    buf_putc(b, '}');
}

static void put_why(struct buf *b, const struct comparison *c) {
    bool first = true;
    for (size_t i = 0; i < c->finding_count; i++) {
        if (c->findings[i].reason == REASON_ALL) continue;
        buf_printf(b, "%s\"%s\"", first ? ",\"why\":[" : ",", reason_info(c->findings[i].reason)->name);
        first = false;
    }
    if (!first) buf_putc(b, ']');
}

enum err links_put_reasons(struct buf *b, const struct person *member, const struct person *resident,
                           const struct likeness *l, const char *number, struct diag *d) {
    const char *comma = "";
    buf_putc(b, '[');
    if (number) buf_printf(b, "{\"fact\":\"number\",\"level\":\"%s\"}", number), comma = ",";
    for (size_t i = 0; i < ARRAY_LEN(facts); i++, comma = ",") {
        struct comparison c = {.finding_count = 0};
        enum level level = l->level[facts[i].fact];
        buf_printf(b, "%s{\"fact\":\"%s\",\"level\":\"%s\"", comma, facts[i].name, level_info(level)->code);
        if (level != LEVEL_SAME) TRY(person_explain(member, resident, l, facts[i].fact, &c, d));
        put_why(b, &c);
        buf_putc(b, '}');
    }
    const char *sex = l->of[TRAIT_SEX] == ACCORD_AGREES    ? level_info(LEVEL_SAME)->code
                      : l->of[TRAIT_SEX] == ACCORD_UNKNOWN ? level_info(LEVEL_UNKNOWN)->code
                                                           : level_info(LEVEL_DIFFERENT)->code;
    buf_printf(b, ",{\"fact\":\"sex\",\"level\":\"%s\"}]", sex);
    return ERR_OK;
}

/* Whom a person who decides should look at; never with an outcome that says who it is. */
static void put_candidates(struct buf *b, const struct link_result *r) {
    buf_puts(b, ",\"candidates\":[");
    for (size_t i = 0; i < r->found_count && i < LINK_OTHERS_MAX; i++) {
        buf_puts(b, i ? ",{\"resident\":" : "{\"resident\":");
        buf_json(b, packed_first(r->found[i].resident));
        buf_printf(b, ",\"by\":\"%s\"}", r->found[i].holder ? "number" : "reach");
    }
    buf_putc(b, ']');
}

enum err links_put(struct buf *b, const struct link_result *r, struct diag *d) {
    const struct link_rule_info *rule = link_rule_info(r->rule);
    bool linked = rule->outcome == LINK_LINKED;
    struct person p = packed_person(&r->member->packed);
    buf_puts(b, "{\"member\":");
    links_put_member(b, r->member);
    if (linked) buf_puts(b, ",\"resident\":"), buf_json(b, packed_first(r->holder->resident));
    buf_printf(b, ",\"outcome\":\"%s\",\"rule\":\"%s\"", link_outcome_info(rule->outcome)->code, rule->code);
    if (r->holder) {
        uint32_t right = DOUBT_CERTAIN - r->wrong;
        buf_printf(b, ",\"probability\":%u.%06u", right / DOUBT_CERTAIN, right % DOUBT_CERTAIN);
    }
    buf_puts(b, ",\"reasons\":");
    if (r->holder) {
        struct person resident = packed_person(r->holder->resident);
        TRY(links_put_reasons(b, &p, &resident, &r->holder->likeness, "same", d));
    } else buf_printf(b, "[{\"fact\":\"number\",\"level\":\"%s\"}]", r->member->has_number ? "different" : "unknown");
    if (!linked && r->found_count) put_candidates(b, r);
    buf_puts(b, ",\"record\":");
    links_put_person(b, &p);
    buf_puts(b, "}\n");
    return ERR_OK;
}
