/* mado disaster: the operator opens questions by name for an area and a period, closes them, and sees what was opened and whom to tell. */
#include "cmd/cmd.h"
#include "service/disaster_book.h"
#include "service/notice_queue.h"
#include "service/people_index.h"
#include "service/verify_desk.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { OPERATOR_SEGMENT = 256 << 10, BOOK_ARENA = 16 << 20 };

struct run {
    const char *store;
    struct arena arena;
    struct disaster_book book;
    struct day today;
};

static enum err record(const struct run *r, enum audit_kind kind, const struct disaster *d, struct diag *diag) {
    struct verify_desk desk;
    const struct verify_desk_settings s = {.store = r->store, .writer = "operator", .segment_bytes = OPERATOR_SEGMENT};
    const struct asker asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()};
    TRY(verify_desk_open(&desk, world_real(), &s, diag));
    enum err e = verify_record_now(&desk, &asker, kind, d->from, d->id, diag);
    verify_desk_close(&desk);
    return e;
}

/* ---- the index ---- */

static enum err build_index(const struct run *r, struct diag *d) {
    char coverage_path[PATH_MAX], people_path[PATH_MAX];
    struct store *coverage = NULL, *people = NULL;
    uint64_t count = 0;
    int64_t began = world_real()->steady_us(world_real());
    snprintf(coverage_path, sizeof coverage_path, "%s/coverage", r->store);
    if (snprintf(people_path, sizeof people_path, "%s/people", r->store) >= (int)sizeof people_path)
        return diag_set(d, ERR_LIMIT, "--store", NULL);
    TRY(store_open(&coverage, &(struct store_settings){.home = STORE_HOME_COVERAGE, .folder = coverage_path}, d));
    enum err e = world_make_folder(people_path, d);
    if (e == ERR_OK)
        e = store_open(&people,
                       &(struct store_settings){.home = STORE_HOME_PEOPLE, .folder = people_path, .write = true}, d);
    if (e == ERR_OK) e = people_index_build(coverage, people, world_real()->now_us(world_real()), 0, &count, d);
    if (people) store_close(people);
    store_close(coverage);
    if (e == ERR_OK)
        printf(
            "氏名で探すための索引を作りました: %llu 人、%.1f 秒\nMade the index for finding people by name: %llu people, %.1f s\n",
            (unsigned long long)count, (double)(world_real()->steady_us(world_real()) - began) / 1e6,
            (unsigned long long)count, (double)(world_real()->steady_us(world_real()) - began) / 1e6);
    return e;
}

/* ---- open ---- */

/* "17", "17-05" or ten digits, with commas between: the file's own form, so its reader reads them. */
static enum err read_opening(struct run *r, const struct cmd_args *args, struct disaster *out, struct diag *d) {
    struct buf line;
    struct disaster_book one = {0};
    struct str places = str_c(cmd_value(args, "area"));
    const char *from = cmd_value(args, "from"), *until = cmd_value(args, "until"), *reason = cmd_value(args, "reason");
    struct day a = r->today, b = DAY_NONE;
    if (places.n == 0) return diag_set(d, ERR_MISSING, "--area", NULL);
    if (until == NULL) return diag_set(d, ERR_MISSING, "--until", NULL);
    if (reason == NULL || reason[0] == 0) return diag_set(d, ERR_MISSING, "--reason", NULL);
    if (from && !day_parse(str_c(from), &a)) return diag_set(d, ERR_DATE, "--from", NULL);
    if (!day_parse(str_c(until), &b)) return diag_set(d, ERR_DATE, "--until", NULL);
    if (day_before(b, a) || b.n - a.n >= DISASTER_DAYS_MAX)
        return diag_set(d, ERR_VALUE, "--until", "1 から %d 日 / 1 to %d days", DISASTER_DAYS_MAX, DISASTER_DAYS_MAX);
    buf_init(&line, DISASTER_BOOK_MAX);
    buf_puts(&line, "{\"id\":1,\"from\":\""), day_put_iso(&line, a), buf_puts(&line, "\",\"until\":\"");
    day_put_iso(&line, b), buf_puts(&line, "\",\"places\":[");
    for (bool first = true; places.n; first = false) {
        if (!first) buf_putc(&line, ',');
        buf_json(&line, str_trim(str_cut(&places, ',')));
    }
    buf_puts(&line, "],\"reason\":"), buf_json(&line, str_c(reason)), buf_putc(&line, '}');
    struct str text = arena_copy(&r->arena, buf_str(&line));
    enum err e =
        text.p && disaster_book_parse(&r->arena, text, &one, NULL) == ERR_OK
            ? ERR_OK
            : diag_set(
                  d, ERR_VALUE, "--area",
                  "都道府県 17、郡市区 17-05、医療機関コード 10 桁をコンマで区切ります / a prefecture 17, 郡市区 17-05 or "
                  "ten-digit codes, with commas between");
    buf_fini(&line);
    *out = one.list[0];
    return e;
}

static enum err open_one(struct run *r, const struct cmd_args *args, struct diag *d) {
    struct disaster o;
    TRY(read_opening(r, args, &o, d));
    if (r->book.count == DISASTERS_MAX) return diag_set(d, ERR_LIMIT, "disaster/openings.ndjson", NULL);
    o.id = r->book.count ? r->book.list[r->book.count - 1].id + 1 : 1;
    if (!cmd_flag(args, "no-index")) TRY(build_index(r, d));
    TRY(record(r, AUDIT_DISASTER_OPEN, &o, d));
    r->book.list[r->book.count++] = o;
    TRY(disaster_book_write(world_real(), r->store, &r->book, d));
    printf("災害時の確認を開きました (番号 %u)。閉じるには: mado disaster close %u --store DIR\n"
           "Disaster mode is open (number %u). To close it: mado disaster close %u --store DIR\n",
           o.id, o.id, o.id, o.id);
    return ERR_OK;
}

static enum err close_one(struct run *r, const char *number, struct diag *d) {
    uint64_t id = 0;
    if (number == NULL || !str_uint(str_c(number), UINT32_MAX, &id))
        return diag_set(d, ERR_USAGE, "close", "番号 / its number");
    for (size_t i = 0; i < r->book.count; i++) {
        struct disaster *o = &r->book.list[i];
        if (o->id != id) continue;
        if (day_is(o->closed) && day_until(o->closed, r->today))
            return diag_set(d, ERR_CONFLICT, number, "もう閉じています / it is closed already");
        TRY(record(r, AUDIT_DISASTER_CLOSE, o, d));
        o->closed = r->today;
        TRY(disaster_book_write(world_real(), r->store, &r->book, d));
        printf(
            "災害時の確認 %u を閉じました。次の問い合わせから断られます。\nClosed disaster mode %u; the next question is refused.\n",
            o->id, o->id);
        return ERR_OK;
    }
    return diag_set(d, ERR_NOT_FOUND, number, NULL);
}

/* ---- looking ---- */

static void print_day(struct day d) {
    char room[16];
    struct buf b = buf_over(room, sizeof room - 1);
    if (day_is(d)) day_put_iso(&b, d);
    printf("%-11.*s", (int)b.n, b.p);
}

static void list_all(const struct run *r) {
    if (r->book.count == 0) printf("開かれたことはありません / none was ever opened\n");
    for (size_t i = 0; i < r->book.count; i++) {
        const struct disaster *o = &r->book.list[i];
        bool open = day_until(o->from, r->today) && day_until(r->today, o->until) && !day_is(o->closed);
        printf("%3u  %s  ", o->id, open ? "開 open  " : "閉 closed");
        print_day(o->from), print_day(o->until);
        for (size_t k = 0; k < o->place_count; k++) {
            const struct disaster_place *p = &o->places[k];
            if (p->institution.n) printf("%s%010llu", k ? "," : "", (unsigned long long)p->institution.n);
            else if (p->municipality) printf("%s%02u-%02u", k ? "," : "", p->prefecture, p->municipality);
            else printf("%s%02u", k ? "," : "", p->prefecture);
        }
        printf("  %.*s\n", (int)o->reason.n, o->reason.p);
    }
}

static bool print_notice(void *context, const struct use_notice *n) {
    char room[64], hex[2 * AUDIT_SUBJECT_BYTES + 1];
    struct buf b = buf_over(room, sizeof room);
    time_put_japan_iso(&b, n->at_us);
    sodium_bin2hex(hex, sizeof hex, n->person, sizeof n->person);
    printf("%.*s  %s  %010llu  %s / %s\n", (int)b.n, b.p, hex, (unsigned long long)n->institution.n,
           audit_kind_ja(n->kind), audit_kind_en(n->kind));
    ++*(size_t *)context;
    return true;
}

static enum err list_notices(const struct run *r, struct diag *d) {
    char path[PATH_MAX];
    struct store *desk = NULL;
    size_t count = 0;
    if (snprintf(path, sizeof path, "%s/desk", r->store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--store", NULL);
    TRY(store_open(&desk, &(struct store_settings){.home = STORE_HOME_DESK, .folder = path}, d));
    enum err e = use_notices_walk(desk, print_notice, &count, d);
    store_close(desk);
    if (e == ERR_OK) printf("知らせを待つ使用 %zu 件 / %zu uses to be told\n", count, count);
    return e;
}

/* One at a time changes the book. */
static enum err lock_store(const struct run *r, int *fd, struct diag *d) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/disaster", r->store);
    TRY(world_make_folder(path, d));
    if (snprintf(path, sizeof path, "%s/disaster/lock", r->store) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--store", NULL);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) return diag_errno(d, path);
    return flock(*fd, LOCK_EX | LOCK_NB) == 0 ? ERR_OK : diag_set(d, ERR_LOCKED, "--store", NULL);
}

static enum err act(struct run *r, const struct cmd_args *args, struct str verb, struct diag *d) {
    if (str_eq(verb, S("list"))) return list_all(r), ERR_OK;
    if (str_eq(verb, S("notices"))) return list_notices(r, d);
    if (str_eq(verb, S("index"))) return build_index(r, d);
    if (str_eq(verb, S("open"))) return open_one(r, args, d);
    if (str_eq(verb, S("close"))) return close_one(r, args->rest_count > 1 ? args->rest[1] : NULL, d);
    return diag_set(d, ERR_USAGE, "disaster", "open, close NUMBER, list, notices, index");
}

int cmd_disaster(const struct cmd_args *args) {
    struct run *r = calloc(1, sizeof *r);
    struct diag d = {0};
    struct str verb = str_c(args->rest_count ? args->rest[0] : "");
    bool looks = str_eq(verb, S("list")) || str_eq(verb, S("notices"));
    int lock = -1;
    if (r == NULL || sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_MEMORY});
    r->store = cmd_value(args, "store");
    r->today = day_in_japan(world_real()->now_us(world_real()));
    arena_init(&r->arena, BOOK_ARENA);
    enum err e = access(r->store, F_OK) == 0
                     ? ERR_OK
                     : diag_set(&d, ERR_NOT_FOUND, "--store", "mado import で作ります / mado import makes one");
    if (e == ERR_OK && !looks) e = lock_store(r, &lock, &d);
    if (e == ERR_OK) e = disaster_book_read(world_real(), r->store, &r->arena, &r->book, &d);
    if (e == ERR_OK) e = act(r, args, verb, &d);
    if (lock >= 0) close(lock);
    arena_fini(&r->arena);
    free(r);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}
