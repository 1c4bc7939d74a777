#include "service/link/linking.h"

#include <sodium.h>
#include <stdlib.h>

enum { NUMBERS_AT_ONCE = MEMBERS_MIN };

enum err linking_open(struct linking *l, struct diag *d) {
    l->so_far = (struct link_progress){0};
    TRY(members_init(&l->members, l->memory_bytes, d));
    l->members.keep_all = l->by_record;
    return ERR_OK;
}

void linking_close(struct linking *l) { members_fini(&l->members); }

/* ---- one batch ---- */

static enum err resident_tokens(void *context, const struct resident *residents, size_t count,
                                struct link_token *tokens, bool *has, struct diag *d) {
    const struct linking *l = context;
    struct mynumber numbers[NUMBERS_AT_ONCE];
    enum err e = ERR_OK;
    for (size_t from = 0; from < count && e == ERR_OK; from += NUMBERS_AT_ONCE) {
        size_t n = count - from < NUMBERS_AT_ONCE ? count - from : NUMBERS_AT_ONCE;
        for (size_t i = 0; i < n; i++) numbers[i] = residents[from + i].mynumber;
        for (size_t i = 0; i < n; i++) has[from + i] = residents[from + i].has_mynumber;
        e = l->tokens(l->context, numbers, n, tokens + from, d);
    }
    explicit_bzero(numbers, sizeof numbers);
    return e;
}

static struct link_token record_token(struct str id) {
    struct link_token t;
    (void)crypto_generichash(t.bytes, sizeof t.bytes, (const unsigned char *)id.p, id.n, NULL, 0);
    return t;
}

static enum err record_tokens(void *context, const struct resident *residents, size_t count, struct link_token *tokens,
                              bool *has, struct diag *d) {
    (void)context, (void)d;
    for (size_t i = 0; i < count; i++) tokens[i] = record_token(residents[i].id), has[i] = true;
    return ERR_OK;
}

static void progress(void *context, uint64_t bytes, uint64_t size) {
    struct linking *l = context;
    l->so_far.bytes = bytes, l->so_far.size = size;
    if (l->progress) l->progress(l->context, &l->so_far);
}

static enum err settle(struct linking *l, const struct registry_found *all, uint32_t member, const struct found *found,
                       size_t count, struct diag *d) {
    struct link_evidence e;
    struct link_result r = {.member = &l->members.all[member], .found = found, .found_count = count};
    evidence_of(all, r.member, found, count, &e);
    r.rule = link_decide(&e.facts);
    r.holder = e.holder;
    if (r.holder) {
        unsigned pattern = doubt_pattern(&e.facts);
        r.wrong = l->model.wrong[pattern], r.kind = (enum wrong_kind)l->model.kind[pattern];
    }
    return l->result(l->context, &r, d);
}

static enum err settle_all(struct linking *l, const struct registry_found *f, struct diag *d) {
    size_t at = 0;
    for (uint32_t i = 0; i < l->members.count; i++) {
        size_t from = at;
        while (at < f->count && f->all[at].member == i) at++;
        TRY(settle(l, f, i, f->all + from, at - from, d));
    }
    return ERR_OK;
}

static enum err work_off(struct linking *l, struct diag *d) {
    struct registry_found found;
    const struct registry_settings s = {.world = l->world,
                                        .path = l->residents,
                                        .format = l->format,
                                        .threads = l->threads,
                                        .tokens = l->by_record ? record_tokens : resident_tokens,
                                        .progress = progress,
                                        .context = l};
    if (l->members.count == 0) return ERR_OK;
    l->so_far.batch++;
    TRY(members_close(&l->members, d));
    TRY(registry_search(&s, &l->members, &found, d));
    l->so_far.residents += found.residents, l->so_far.pairs += found.pairs, l->so_far.compared += found.compared;
    l->so_far.members += l->members.count;
    enum err e = acting_count(&l->members, &found, &l->counts, d);
    if (e == ERR_OK) {
        doubt_learn(&l->counts, &l->model);
        e = settle_all(l, &found, d);
    }
    registry_found_fini(&found);
    members_reset(&l->members);
    return e;
}

enum err linking_finish(struct linking *l, struct diag *d) { return work_off(l, d); }

/* ---- taking members in ---- */

static enum err add(struct linking *l, const struct link_member *head, const struct person *p,
                    const struct insured_id *id, struct str resident, struct diag *d) {
    bool full = false;
    TRY(members_add(&l->members, head, p, id, resident, &full, d));
    if (!full) return ERR_OK;
    TRY(work_off(l, d));
    TRY(members_add(&l->members, head, p, id, resident, &full, d));
    return full ? diag_set(d, ERR_LIMIT, "members", NULL) : ERR_OK;
}

enum err linking_link(struct linking *l, struct insurer_number insurer, const struct insured_id *id,
                      const struct person *record, struct str resident, struct diag *d) {
    struct link_member head = {
        .insurer = insurer, .start = DAY_NONE, .has_number = true, .token = record_token(resident)};
    invariant(l->by_record);
    return add(l, &head, record, id, resident, d);
}

struct intake {
    struct linking *l;
    const char *path;
    uint64_t from;
    const struct insurer_file_format *format;
    struct arena arena;
    struct insurer_line lines[NUMBERS_AT_ONCE]; /* that wait for their tokens */
    size_t count;
};

static struct person person_of(const struct insurer_line *line) {
    const struct coverage *c = &line->period;
    char sex = c->sex ? (char)('0' + c->sex) : 0;
    return (struct person){.name = c->name,
                           .kana = c->kana,
                           .other_name = c->other_name,
                           .other_kana = c->other_kana,
                           .post = c->post,
                           .address = c->address,
                           .birth = line->birth,
                           .sex = sex};
}

static enum err add_line(struct linking *l, const struct insurer_line *line, const struct link_token *token,
                         struct diag *d) {
    struct link_member head = {.insurer = line->insurer, .start = line->period.start, .has_number = token != NULL};
    struct person p = person_of(line);
    if (token) head.token = *token;
    return add(l, &head, &p, &line->id, S(""), d);
}

static enum err hand_over(struct intake *in, struct diag *d) {
    struct mynumber numbers[NUMBERS_AT_ONCE];
    struct link_token tokens[NUMBERS_AT_ONCE];
    size_t n = 0, at = 0;
    for (size_t i = 0; i < in->count; i++)
        if (in->lines[i].has_mynumber) {
            numbers[n++] = in->lines[i].mynumber;
            mynumber_forget(&in->lines[i].mynumber);
        }
    enum err e = n ? in->l->tokens(in->l->context, numbers, n, tokens, d) : ERR_OK;
    explicit_bzero(numbers, sizeof numbers);
    for (size_t i = 0; i < in->count && e == ERR_OK; i++)
        e = add_line(in->l, &in->lines[i], in->lines[i].has_mynumber ? &tokens[at++] : NULL, d);
    in->count = 0;
    arena_reset(&in->arena);
    return e;
}

static enum err take_line(struct intake *in, struct str text, uint64_t number, struct diag *d) {
    struct insurer_line *line = &in->lines[in->count];
    struct diag why = {0};
    if (in->count == 0 && members_nearly_full(&in->l->members, NUMBERS_AT_ONCE)) {
        TRY(work_off(in->l, d));
        if (in->l->settled) TRY(in->l->settled(in->l->context, in->path, number, d));
    }
    if (str_ends(text, S("\r"))) text.n--;
    enum err e = in->format->read(in->format->context, &in->arena, text, line, &why);
    if (e == ERR_MEMORY) return *d = why, e;
    why.err = e;
    if (e != ERR_OK) return in->l->refused(in->l->context, in->path, number, &why, d);
    if (line->op == LINE_PUT) in->count++;
    return in->count == NUMBERS_AT_ONCE ? hand_over(in, d) : ERR_OK;
}

static enum err take_block(struct intake *in, struct str block, uint64_t number, struct diag *d) {
    for (struct str rest = block; rest.n; number++) {
        struct str text = str_cut(&rest, '\n');
        bool header = in->format->header && number == 1;
        if (!header && number >= in->from) TRY(take_line(in, text, number, d));
    }
    return hand_over(in, d);
}

enum err linking_file(struct linking *l, const char *path, uint64_t from, const struct insurer_file_format *format,
                      struct diag *d) {
    struct blocks lines;
    struct buf block;
    uint64_t first = 0;
    struct intake *in = calloc(1, sizeof *in);
    if (in == NULL) return diag_set(d, ERR_MEMORY, "link", NULL);
    in->l = l, in->path = path, in->from = from, in->format = format;
    arena_init(&in->arena, 1u << 30);
    buf_init(&block, BLOCK_BYTES + 1);
    enum err e = blocks_open(&lines, l->world, path, d);
    while (e == ERR_OK && (e = blocks_take(&lines, &block, &first, d)) == ERR_OK && block.n) {
        e = take_block(in, buf_str(&block), first, d);
        explicit_bzero(block.p, block.n); /* My Numbers were in it */
    }
    blocks_close(&lines);
    buf_fini(&block);
    arena_fini(&in->arena);
    free(in);
    return e;
}
