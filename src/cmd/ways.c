/* mado ways: lists taken in, one member's ways ended or shown, who is due a certificate. What it means is src/service/ways.h. */
#include "base/buf.h"
#include "cmd/cmd.h"
#include "edge/ways_file/ways_file.h"
#include "edge/ways_file/ways_text.h"
#include "service/verify_desk.h"
#include "service/ways_load.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 16 << 10 };

struct job {
    const struct cmd_args *args;
    struct verify_desk desk;
    struct asker asker;
    struct day on;
    uint64_t refused;
};

/* ---- one member ---- */

static enum err read_who(const struct cmd_args *args, struct ways_who *who, struct diag *d) {
    const char *insurer = cmd_value(args, "insurer"), *birth = cmd_value(args, "birth");
    who->id = (struct insured_id){str_c(cmd_value(args, "symbol")), str_c(cmd_value(args, "number")), BRANCH_NONE};
    who->birth = DAY_NONE;
    if (insurer == NULL) return diag_set(d, ERR_USAGE, "--insurer", "必要です / is needed");
    enum err e = insurer_number_parse(str_c(insurer), &who->insurer);
    if (e != ERR_OK) return diag_set(d, e, "--insurer", "8 桁、国保は 6 桁 / 8 digits, or 6");
    if ((e = insured_part_check(who->id.symbol)) != ERR_OK) return diag_set(d, e, "--symbol", NULL);
    if ((e = insured_part_check(who->id.number)) != ERR_OK) return diag_set(d, e, "--number", NULL);
    if (who->id.number.n == 0) return diag_set(d, ERR_USAGE, "--number", "必要です / is needed");
    if ((e = branch_parse(str_c(cmd_value(args, "branch")), &who->id.branch)) != ERR_OK)
        return diag_set(d, e, "--branch", NULL);
    return !birth || day_parse(str_c(birth), &who->birth) ? ERR_OK : diag_set(d, ERR_DATE, "--birth", NULL);
}

static enum err find(struct job *j, struct buf *key, struct diag *d) {
    struct ways_who who;
    TRY(read_who(j->args, &who, d));
    return ways_find(j->desk.coverage, &who, key, d);
}

static enum err show(struct job *j, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room), text;
    struct ways_facts f;
    TRY(find(j, &key, d));
    TRY(verify_record_now(&j->desk, &j->asker, AUDIT_WAYS_SHOWN, j->on, 1, d));
    TRY(ways_of(j->desk.ways, buf_str(&key), &f, d));
    buf_init(&text, TEXT_MAX);
    if (cmd_flag(j->args, "json")) ways_put_json(&text, &f, j->on);
    else ways_put_text(&text, &f, j->on);
    fwrite(text.p, 1, text.n, stdout);
    buf_fini(&text);
    return ERR_OK;
}

static enum err read_word(const struct cmd_args *args, const char *option, const struct ways_word *(*table)(unsigned),
                          unsigned otherwise, unsigned *out, struct diag *d) {
    const char *word = cmd_value(args, option);
    char where[32];
    uint8_t number = 0;
    *out = otherwise;
    if (word == NULL) return ERR_OK;
    snprintf(where, sizeof where, "--%s", option);
    if (!ways_number_of(table, str_c(word), &number))
        return diag_set(d, ERR_USAGE, where, "知らない値です / not one of the words");
    *out = number;
    return ERR_OK;
}

static enum err end_way(struct job *j, enum way_state state, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    unsigned reason = 0, by = 0, kind = 0;
    size_t changed = 0;
    struct ways_facts f;
    TRY(read_word(j->args, "reason", way_reason_word, REASON_OF_WAY_WISH, &reason, d));
    TRY(read_word(j->args, "by", counter_word, COUNTER_DESK, &by, d));
    TRY(read_word(j->args, "way", way_kind_word, WAY_CARD, &kind, d));
    TRY(find(j, &key, d));
    const struct way_change change = {state, reason, by, kind};
    TRY(ways_say(&j->desk, &j->asker, buf_str(&key), &change, j->on, &changed, d));
    if (changed == 0)
        puts("登録された方法がないので、変わったことはありません / nothing was registered, nothing changed");
    else printf("%s / %s: %zu\n", way_state_word(state)->ja, way_state_word(state)->en, changed);
    TRY(ways_of(j->desk.ways, buf_str(&key), &f, d));
    if (day_is(certificate_due(&f.ways, &f.certificates, j->on)))
        puts("資格確認書は次の mado issue certificates で作られます / the certificate follows with the next mado issue "
             "certificates");
    return ERR_OK;
}

static enum err take_back(struct job *j, struct diag *d) { return end_way(j, WAY_DEREGISTERED, d); }
static enum err give_back(struct job *j, struct diag *d) { return end_way(j, WAY_RETURNED, d); }
static enum err cut_off(struct job *j, struct diag *d) { return end_way(j, WAY_REVOKED, d); }
static enum err expire(struct job *j, struct diag *d) { return end_way(j, WAY_EXPIRED, d); }

/* ---- lists ---- */

struct bar {
    const char *path;
    uint64_t size;
};

static void draw(void *context, const struct ways_load *l, uint64_t bytes) {
    const struct bar *b = context;
    fprintf(stderr, "\r%-.40s %3u%% %11llu 行 lines ", b->path, b->size ? (unsigned)(bytes * 100 / b->size) : 100,
            (unsigned long long)l->lines);
}

static enum err load_one(struct job *j, const char *path, struct diag *d) {
    char result[PATH_MAX];
    bool terminal = isatty(STDERR_FILENO);
    struct stat st;
    struct bar bar = {path, stat(path, &st) == 0 ? (uint64_t)st.st_size : 0};
    struct ways_load l = {.progress = terminal ? draw : NULL, .context = &bar};
    if (snprintf(result, sizeof result, "%s.result", path) >= (int)sizeof result)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    enum err e = ways_load_file(&j->desk, &j->asker, path, result, ways_file_read, &l, d);
    if (terminal) fputs("\r\033[K", stderr);
    if (e != ERR_OK) return e;
    printf("%s: 受理 accepted %llu  変更なし unchanged %llu  拒否 refused %llu → %s\n", path,
           (unsigned long long)l.accepted, (unsigned long long)l.unchanged, (unsigned long long)l.refused, result);
    j->refused += l.refused;
    return ERR_OK;
}

static enum err load(struct job *j, struct diag *d) {
    if (j->args->rest_count < 2) return diag_set(d, ERR_USAGE, "FILE", "ファイルがありません / no file is named");
    for (size_t i = 1; i < j->args->rest_count; i++) TRY(load_one(j, j->args->rest[i], d));
    return ERR_OK;
}

/* ---- who is due ---- */

static void print(void *context, struct str batch) {
    (void)context;
    fwrite(batch.p, 1, batch.n, stdout);
}

static enum err due(struct job *j, struct diag *d) {
    const char *insurer = cmd_value(j->args, "insurer");
    struct insurer_number number = {0};
    bool json = cmd_flag(j->args, "json");
    if (insurer && insurer_number_parse(str_c(insurer), &number) != ERR_OK)
        return diag_set(d, ERR_VALUE, "--insurer", "8 桁、国保は 6 桁 / 8 digits, or 6");
    struct ways_list l = {
        .on = j->on, .insurer = number.n, .put = json ? ways_put_due_json : ways_put_due_text, .show = print};
    TRY(ways_list_due(&j->desk, &j->asker, &l, d));
    if (!json) printf("資格確認書を作る対象 / due a certificate: %llu\n", (unsigned long long)l.count);
    return ERR_OK;
}

/* ---- which ---- */

static const struct verb {
    const char *name;
    enum err (*run)(struct job *j, struct diag *d);
    const char *writer; /* of the log: a counter does not wait for a list */
    bool write;
} verbs[] = {
    {"load", load, "ways-list", true},      {"show", show, "operator", false},
    {"due", due, "operator", false},        {"deregister", take_back, "counter", true},
    {"return", give_back, "counter", true}, {"revoke", cut_off, "counter", true},
    {"expire", expire, "counter", true},
};

static const struct verb *find_verb(const struct cmd_args *args) {
    struct str word = str_c(args->rest_count ? args->rest[0] : "");
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (str_eq(str_c(verbs[i].name), word) && (verbs[i].run == load || args->rest_count == 1)) return &verbs[i];
    return NULL;
}

/* Two counters at once: the second waits for its turn at the log. */
static enum err open_desk(struct job *j, const struct verify_desk_settings *s, struct diag *d) {
    enum { STEP_MS = 20, WAIT_MS = 10000 };
    enum err e;
    for (int waited_ms = 0; (e = verify_desk_open(&j->desk, world_real(), s, d)) == ERR_LOCKED && waited_ms < WAIT_MS;
         waited_ms += STEP_MS)
        usleep(STEP_MS * 1000);
    return e;
}

static enum err run(struct job *j, const struct verb *verb, struct diag *d) {
    const char *on = cmd_value(j->args, "on");
    j->on = day_in_japan(world_real()->now_us(world_real()));
    if (on && !day_parse(str_c(on), &j->on)) return diag_set(d, ERR_DATE, "--on", NULL);
    const struct verify_desk_settings s = {.store = cmd_value(j->args, "store"),
                                           .writer = verb->writer,
                                           .segment_bytes = LEDGER_SEGMENT_SMALL,
                                           .write_ways = verb->write};
    TRY(open_desk(j, &s, d));
    enum err e = verb->run(j, d);
    verify_desk_close(&j->desk);
    return e;
}

int cmd_ways(const struct cmd_args *args) {
    const struct verb *verb = find_verb(args);
    struct job j = {
        .args = args,
        .asker = {.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()},
    };
    struct diag d = {0};
    if (verb == NULL) {
        fprintf(stderr, "mado ways: load show due deregister return revoke expire のどれかです / is one of these\n"
                        "  → mado help ways\n");
        return EXIT_USAGE;
    }
    if (sodium_init() < 0) return cmd_fail(&(struct diag){.err = ERR_CRYPTO});
    if (run(&j, verb, &d) != ERR_OK) return cmd_fail(&d);
    return j.refused ? EXIT_SOME_REFUSED : 0;
}
