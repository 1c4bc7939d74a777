#include "service/remind.h"

#include "service/member_walk.h"
#include "service/outbox.h"
#include "service/queue_file.h"
#include "state/store/rows.h"

#include <limits.h>
#include <stdio.h>

enum { LINE_MAX_BYTES = 4096, NAME_MAX_BYTES = 1024, ADDRESS_MAX = 512 };

/* The file of one channel that is being put together. */
struct batch {
    uint8_t channel;
    char folder[PATH_MAX];
    uint32_t file;         /* the last number used */
    uint32_t count, lines; /* people told, and lines with those refused */
    struct buf queue, entries, pdf;
    bool drawing; /* the press has a file open for it */
};

struct run {
    const struct remind_settings *s;
    struct remind_progress *p;
    struct outbox outbox;
    struct batch batches[CHANNELS];
    struct insurer_number insurer; /* whose name is at hand */
    struct buf insurer_name;
};

/* ---- what the store remembers: u8 channel ‖ u64 time ‖ key ---- */

static enum err apply(struct store_txn *t, struct str entry, struct diag *d) {
    char room[32];
    struct buf row = buf_over(room, sizeof room);
    struct scan s = scan_of(entry);
    uint8_t channel = 0;
    uint64_t at = 0;
    if (!scan_u8(&s, &channel) || channel_word(channel) == NULL || !scan_u64(&s, &at) || scan_end(&s))
        return diag_set(d, ERR_CORRUPT, "outbox", NULL);
    reminder_row_put(&row, (int64_t)at, channel);
    return store_put(t, STORE_REMINDER, scan_rest(&s), buf_str(&row), d);
}

static void add_entry(struct buf *entries, struct str key, uint8_t channel, int64_t at_us) {
    char room[WAYS_KEY_MAX + 16];
    struct buf b = buf_over(room, sizeof room);
    buf_u8(&b, channel);
    buf_u64(&b, (uint64_t)at_us);
    buf_put(&b, key);
    invariant(buf_ok(&b));
    outbox_add(entries, buf_str(&b));
}

static enum err told_before(struct run *r, struct str key, bool *told, struct diag *d) {
    char room[32];
    struct buf row = buf_over(room, sizeof room);
    enum err e = store_get(r->s->desk->ways, STORE_REMINDER, key, &row, d);
    *told = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- a file ---- */

static enum err begin_batches(struct run *r, struct diag *d) {
    for (uint8_t c = 0; c < CHANNELS; c++) {
        struct batch *b = &r->batches[c];
        char name[16];
        struct buf day = buf_over(name, sizeof name - 1);
        day_put_iso(&day, r->s->on);
        name[day.n] = 0;
        b->channel = c;
        buf_init(&b->queue, (size_t)LINE_MAX_BYTES * (REMIND_PER_FILE_MAX + ENDINGS_MAX));
        buf_init(&b->entries, OUTBOX_ENTRIES_MAX);
        buf_init(&b->pdf, REMIND_PDF_MAX);
        if (snprintf(b->folder, sizeof b->folder, "%s/%s-%s", r->s->out, channel_word(c)->word, name) >= PATH_MAX - 16)
            return diag_set(d, ERR_LIMIT, "--out", NULL);
        TRY(world_make_folder(b->folder, d));
        TRY(queue_highest(r->s->world, b->folder, &b->file, d));
    }
    return ERR_OK;
}

static void end_batches(struct run *r) {
    for (size_t c = 0; c < CHANNELS; c++) {
        struct batch *b = &r->batches[c];
        if (b->drawing) r->s->press->abandon(r->s->press->context);
        buf_fini(&b->queue), buf_fini(&b->entries), buf_fini(&b->pdf);
    }
}

/* The letters first: what the queue names is there. */
static enum err put_pdf(struct run *r, struct batch *b, struct diag *d) {
    char path[PATH_MAX + 16];
    if (!b->drawing) return ERR_OK;
    b->drawing = false;
    if (b->count == 0) return r->s->press->abandon(r->s->press->context), ERR_OK;
    TRY(r->s->press->end(r->s->press->context, d));
    snprintf(path, sizeof path, "%s/%06u.pdf", b->folder, b->file);
    return buf_ok(&b->pdf) ? world_replace_file(r->s->world, path, buf_str(&b->pdf), 0600, d)
                           : diag_set(d, ERR_LIMIT, path, NULL);
}

static enum err close_batch(struct run *r, struct batch *b, struct diag *d) {
    char queue[OUTBOX_PATH_MAX];
    if (b->lines == 0) return ERR_OK;
    if (!buf_ok(&b->queue) || !buf_ok(&b->entries)) return diag_set(d, ERR_LIMIT, b->folder, NULL);
    if (b->count) TRY(verify_record_now(r->s->desk, &r->s->asker, AUDIT_REMINDED, r->s->on, b->count, d));
    TRY(put_pdf(r, b, d));
    TRY(queue_path(b->folder, b->file, queue, d));
    TRY(outbox_send(&r->outbox, queue, buf_str(&b->queue), buf_str(&b->entries), d));
    buf_reset(&b->queue), buf_reset(&b->entries), buf_reset(&b->pdf);
    b->count = b->lines = 0;
    return ERR_OK;
}

/* ---- one reminder ---- */

static enum notice_kind kind_of(enum ending e) {
    switch (e) {
    case ENDING_CARD: return NOTICE_CARD_ENDS;
    case ENDING_CARD_CERTIFICATE: return NOTICE_CARD_CERTIFICATE_ENDS;
    case ENDING_PHONE: return NOTICE_PHONE_ENDS;
    case ENDING_PAPER: break;
    }
    return NOTICE_CERTIFICATE_ENDS;
}

static void put_line(struct batch *b, const struct letter *l, const struct diag *refused) {
    char room[ADDRESS_MAX];
    struct buf to = buf_over(room, sizeof room);
    const struct member *m = l->member;
    insurer_number_put(&to, m->insurer);
    buf_putc(&to, '/'), buf_put(&to, m->id.symbol);
    buf_putc(&to, '/'), buf_put(&to, m->id.number);
    buf_putc(&to, '/'), branch_put(&to, m->id.branch);
    invariant(buf_ok(&to));
    const struct notice n = {.kind = l->kind,
                             .to = NOTICE_TO_MEMBER,
                             .address = buf_str(&to),
                             .from = day_add(l->ends, 1),
                             .until = DAY_NONE};
    notice_put(&b->queue, &n);
    if (b->channel != CHANNEL_PAPER || !buf_ok(&b->queue)) return;
    buf_cut(&b->queue, b->queue.n - 2); /* "}\n": a letter's line says more */
    if (refused) buf_puts(&b->queue, ",\"refused\":"), buf_json(&b->queue, str_c(refused->detail));
    else buf_printf(&b->queue, ",\"file\":\"%06u.pdf\",\"place\":%u", b->file, b->count + 1);
    buf_puts(&b->queue, "}\n");
}

static enum err draw(struct run *r, struct batch *b, const struct letter *l, struct diag *why, struct diag *d) {
    const struct letter_press *press = r->s->press;
    if (b->channel != CHANNEL_PAPER) return ERR_OK;
    if (!b->drawing) TRY(press->begin(press->context, &b->pdf, d));
    b->drawing = true;
    enum err e = press->add(press->context, l, why);
    if (e != ERR_OK && e != ERR_NOT_SUPPORTED) *d = *why;
    return e;
}

static enum err queue(struct run *r, uint8_t channel, const struct letter *l, struct str key, struct diag *d) {
    struct batch *b = &r->batches[channel];
    struct diag why = {0};
    if (b->lines >= r->s->per_file) TRY(close_batch(r, b, d));
    if (b->lines == 0 && ++b->file > QUEUE_FILES_MAX) return diag_set(d, ERR_LIMIT, b->folder, "--per-file");
    enum err e = draw(r, b, l, &why, d);
    if (e != ERR_OK && e != ERR_NOT_SUPPORTED) return e;
    put_line(b, l, e == ERR_OK ? NULL : &why);
    b->lines++;
    if (e != ERR_OK) return r->p->refused++, ERR_OK;
    add_entry(&b->entries, key, channel, r->s->desk->world->now_us(r->s->desk->world));
    b->count++, r->p->queued[channel]++;
    return ERR_OK;
}

/* ---- one member ---- */

static enum err name_insurer(struct run *r, struct insurer_number insurer, struct diag *d) {
    char key[8];
    struct buf k = buf_over(key, sizeof key), row;
    struct str name = {0};
    if (r->insurer.n == insurer.n) return ERR_OK;
    buf_init(&row, NAME_MAX_BYTES);
    store_key_insurer(&k, insurer);
    enum err e = store_get(r->s->desk->coverage, STORE_INSURER, buf_str(&k), &row, d);
    if (e == ERR_OK && !insurer_row_read(buf_str(&row), &name)) e = diag_set(d, ERR_CORRUPT, "insurer", NULL);
    buf_reset(&r->insurer_name);
    if (e == ERR_OK && name.n) buf_put(&r->insurer_name, name);
    else insurer_number_put(&r->insurer_name, insurer);
    buf_fini(&row);
    r->insurer = insurer;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static struct verdict decide(const struct member *m, struct day on) {
    struct question q = {.insurer = m->insurer, .id = m->id, .birth = m->birth, .on = on};
    struct eligibility_facts facts = {.members = m, .member_count = 1};
    return eligibility_decide(&q, &facts);
}

static enum err remind(struct run *r, const struct member *m, struct str member_key, const struct ways_facts *f,
                       const struct verdict *v, const struct reminder *x, struct diag *d) {
    char room[WAYS_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    bool told = false;
    struct day usable =
        x->ending == ENDING_CARD_CERTIFICATE ? way_until(&f->ways.of[WAY_CARD], WAY_CARD, r->s->on) : x->ends;
    /* Who is not insured with them any more gets no next certificate of theirs. */
    if (x->ending == ENDING_PAPER) {
        struct verdict after = decide(m, day_add(x->ends, 1));
        if (!verdict_covered(&after)) return ERR_OK;
    }
    reminder_key(&key, member_key, (uint8_t)x->ending, x->ends);
    TRY(told_before(r, buf_str(&key), &told, d));
    if (told) return ERR_OK;
    TRY(name_insurer(r, m->insurer, d));
    const struct letter l = {.kind = kind_of(x->ending),
                             .member = m,
                             .coverage = v->coverage,
                             .insurer_name = buf_str(&r->insurer_name),
                             .made = r->s->on,
                             .ends = x->ends,
                             .usable_until = usable};
    return queue(r, f->ways.channel, &l, buf_str(&key), d);
}

static enum err look(struct run *r, const struct member *m, struct str key, struct diag *d) {
    struct ways_facts f;
    struct reminder endings[ENDINGS_MAX];
    struct verdict v = decide(m, r->s->on);
    r->p->seen++;
    if (!verdict_covered(&v)) return ERR_OK;
    TRY(ways_of(r->s->desk->ways, key, &f, d));
    size_t n = ways_reminders(&f.ways, &f.certificates, r->s->on, endings);
    for (size_t i = 0; i < n; i++) TRY(remind(r, m, key, &f, &v, &endings[i], d));
    return ERR_OK;
}

static enum err look_at_all(struct run *r, struct diag *d) {
    struct member_walk walk;
    struct member m;
    struct str key;
    bool found = true;
    member_walk_begin(&walk, r->s->desk->coverage, 0, S(""));
    enum err e = member_walk_next(&walk, &m, &key, &found, d);
    while (e == ERR_OK && found) {
        e = look(r, &m, key, d);
        if (r->s->progress) r->s->progress(r->s->context, r->p);
        if (e == ERR_OK) e = member_walk_next(&walk, &m, &key, &found, d);
    }
    member_walk_end(&walk);
    for (size_t c = 0; e == ERR_OK && c < CHANNELS; c++) e = close_batch(r, &r->batches[c], d);
    return e;
}

enum err remind_run(const struct remind_settings *s, struct remind_progress *p, struct diag *d) {
    struct run r = {.s = s, .p = p, .outbox = {s->world, s->desk->ways, "reminders", apply}};
    invariant(s->per_file >= 1 && s->per_file <= REMIND_PER_FILE_MAX);
    *p = (struct remind_progress){.members = store_count(s->desk->coverage, STORE_MEMBER)};
    store_turn(s->desk->coverage);
    buf_init(&r.insurer_name, NAME_MAX_BYTES);
    enum err e = outbox_settle(&r.outbox, d);
    if (e == ERR_OK) e = begin_batches(&r, d);
    if (e == ERR_OK) e = look_at_all(&r, d);
    end_batches(&r);
    buf_fini(&r.insurer_name);
    return e;
}
