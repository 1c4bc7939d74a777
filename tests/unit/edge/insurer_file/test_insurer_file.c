/* docs/format/insurer-file.md as rows: every field in every wrong way, in both carriers. */
#include "base/cp932.h"
#include "edge/insurer_file/insurer_file.h"
#include "lib/hostile.h"
#include "lib/sample_member.h"
#include "lib/short_memory.h"
#include "lib/unit.h"

enum { FIELDS_MAX = 24, ARENA = 4 << 20 };

static struct arena arena, other;
static struct buf text, header;

static int begin(void **state) {
    (void)state;
    arena_init(&arena, ARENA), arena_init(&other, ARENA);
    buf_init(&text, 1 << 20), buf_init(&header, 4096);
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_fini(&arena), arena_fini(&other);
    buf_fini(&text), buf_fini(&header);
    return 0;
}

/* ---- a good line, with some fields set or taken out: "name=value" as JSON writes it, "name" alone takes it out ---- */

static const char *const good[] = {"insurer=\"06139448\"", "number=\"4260\"", "start=\"2020-04-01\"",
                                   "name=\"見本　太郎\"",  "sex=\"1\"",       "birth=\"1985-04-01\""};

struct pair {
    struct str name, value;
};
static size_t pairs(const char *const *changes, struct pair out[FIELDS_MAX]) {
    size_t n = 0;
    const char *const *sources[] = {good, changes};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; s == 0 ? i < ARRAY_LEN(good) : sources[s][i] != NULL; i++) {
            struct str rest = str_c(sources[s][i]), name = str_cut(&rest, '=');
            size_t at = 0;
            while (at < n && !str_eq(out[at].name, name)) at++;
            invariant(at < FIELDS_MAX);
            out[at] = (struct pair){name, rest};
            if (at == n) n++;
        }
    }
    return n;
}

static struct str ndjson_line(const char *const *changes) {
    struct pair p[FIELDS_MAX];
    size_t n = pairs(changes, p);
    buf_reset(&text);
    for (size_t i = 0; i < n; i++) {
        if (p[i].value.n == 0) continue;
        buf_putc(&text, text.n ? ',' : '{');
        buf_json(&text, p[i].name), buf_putc(&text, ':'), buf_put(&text, p[i].value);
    }
    buf_putc(&text, '}');
    return buf_str(&text);
}

/* False when a value is one that CSV cannot have (a list, null, a name of the line that is no column). */
static bool csv_line(const char *const *changes) {
    struct pair p[FIELDS_MAX];
    size_t n = pairs(changes, p);
    buf_reset(&text), buf_reset(&header);
    for (size_t i = 0; i < n; i++) {
        struct str v = p[i].value;
        if (v.n && strchr("[{ntf", v.p[0])) return false;
        if (v.n && memchr(v.p, '\\', v.n)) return false;
        if (v.n && v.p[0] == '"') v = str_of(v.p + 1, v.n - 2);
        if (i) buf_putc(&text, ','), buf_putc(&header, ',');
        buf_put(&header, p[i].name), buf_put(&text, v);
    }
    return true;
}

static enum err read_ndjson(struct arena *a, struct str s, struct insurer_line *out, struct diag *d) {
    struct insurer_file_format f = insurer_file_ndjson();
    *d = (struct diag){0};
    return f.read(f.context, a, s, out, d);
}

static enum err read_csv(struct arena *a, struct str head, struct str s, bool cp932, struct insurer_line *out,
                         struct diag *d) {
    struct csv_header *h = NULL;
    *d = (struct diag){0};
    enum err e = csv_header_new(&h, head, cp932, d);
    if (e != ERR_OK) return e;
    struct insurer_file_format f = insurer_file_csv(h);
    assert_true(f.header);
    e = f.read(f.context, a, s, out, d);
    csv_header_free(h);
    return e;
}

static bool same_line(const struct insurer_line *x, const struct insurer_line *y) {
    return x->op == y->op && x->insurer.n == y->insurer.n && str_eq(x->id.symbol, y->id.symbol) &&
           str_eq(x->id.number, y->id.number) && x->id.branch == y->id.branch && day_eq(x->birth, y->birth) &&
           sample_coverage_same(&x->period, &y->period) && str_eq(x->insurer_name, y->insurer_name) &&
           x->has_mynumber == y->has_mynumber && memcmp(&x->mynumber, &y->mynumber, sizeof x->mynumber) == 0;
}

#define HUNDRED                                                                                                        \
    "あいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこあいうえおかきくけこ"
#define AID "insurer=\"12131116\"", "class=\"A1\""

/* ---- every field ---- */

static void every_field_is_checked_in_both_carriers(void **state) {
    (void)state;
    static const struct {
        const char *what, *changes[8];
        enum err err;
        const char *field; /* where; NULL: not asked */
    } rows[] = {
        {"as it is", {NULL}, ERR_OK, NULL},
        {"op put", {"op=\"put\""}, ERR_OK, NULL},
        {"op unknown", {"op=\"delete\""}, ERR_CODE, "op"},
        {"insurer missing", {"insurer"}, ERR_MISSING, "insurer"},
        {"insurer empty", {"insurer=\"\""}, ERR_MISSING, "insurer"},
        {"insurer check digit", {"insurer=\"06139449\""}, ERR_CHECK_DIGIT, "insurer"},
        {"insurer short", {"insurer=\"0613944\""}, ERR_VALUE, "insurer"},
        {"insurer of the municipality", {"insurer=\"138057\""}, ERR_OK, NULL},
        {"symbol", {"symbol=\"１２-３４\""}, ERR_OK, NULL},
        {"symbol long", {"symbol=\"123456789012345678901\""}, ERR_LIMIT, "symbol"},
        {"number missing", {"number"}, ERR_MISSING, "number"},
        {"number long", {"number=\"123456789012345678901\""}, ERR_LIMIT, "number"},
        {"branch", {"branch=\"01\""}, ERR_OK, NULL},
        {"branch of one digit", {"branch=\"1\""}, ERR_VALUE, "branch"},
        {"branch of letters", {"branch=\"0A\""}, ERR_VALUE, "branch"},
        {"start missing", {"start"}, ERR_MISSING, "start"},
        {"start no day", {"start=\"2020-02-30\""}, ERR_DATE, "start"},
        {"start in Japanese", {"start=\"令和2年4月1日\""}, ERR_OK, NULL},
        {"start before birth", {"start=\"1985-03-31\""}, ERR_DATE, "start"},
        {"start on the day of birth", {"start=\"1985-04-01\""}, ERR_OK, NULL},
        {"lost with reason", {"lost=\"2026-04-01\"", "loss_reason=\"99\""}, ERR_OK, NULL},
        {"lost without reason", {"lost=\"2026-04-01\""}, ERR_MISSING, "loss_reason"},
        {"reason without lost", {"loss_reason=\"99\""}, ERR_CONFLICT, "loss_reason"},
        {"reason unknown", {"lost=\"2026-04-01\"", "loss_reason=\"04\""}, ERR_CODE, "loss_reason"},
        {"lost the day it began", {"lost=\"2020-04-01\"", "loss_reason=\"99\""}, ERR_DATE, "lost"},
        {"lost before it began", {"lost=\"2020-03-31\"", "loss_reason=\"99\""}, ERR_DATE, "lost"},
        {"lost no day", {"lost=\"20260431\"", "loss_reason=\"99\""}, ERR_DATE, "lost"},
        {"name missing", {"name"}, ERR_MISSING, "name"},
        {"name of 100 characters", {"name=\"" HUNDRED "\""}, ERR_OK, NULL},
        {"name of 101", {"name=\"" HUNDRED "あ\""}, ERR_LIMIT, "name"},
        {"name with IVS and beyond JIS", {"name=\"𠮷野　邊󠄀\""}, ERR_OK, NULL},
        {"name with C1 control",
         {"name=\"\xc2\x9b"
          "31m\""},
         ERR_VALUE,
         "name"},
        {"name with delete", {"name=\"a\x7f\""}, ERR_VALUE, "name"},
        {"kana long", {"kana=\"" HUNDRED "ｱ\""}, ERR_LIMIT, "kana"},
        {"other name", {"other_name=\"SATO TARO\"", "other_kana=\"ｻﾄｳ\"", "other_sex=\"2\""}, ERR_OK, NULL},
        {"other name long", {"other_name=\"" HUNDRED "a\""}, ERR_LIMIT, "other_name"},
        {"other kana long", {"other_kana=\"" HUNDRED "a\""}, ERR_LIMIT, "other_kana"},
        {"sex missing", {"sex"}, ERR_MISSING, "sex"},
        {"sex unknown", {"sex=\"4\""}, ERR_CODE, "sex"},
        {"other sex unknown", {"other_sex=\"0\""}, ERR_CODE, "other_sex"},
        {"birth missing", {"birth"}, ERR_MISSING, "birth"},
        {"birth no day", {"birth=\"1985-02-29\""}, ERR_DATE, "birth"},
        {"birth outside its era", {"birth=\"S64.1.8\""}, ERR_DATE, "birth"},
        {"post", {"post=\"123-4567\""}, ERR_OK, NULL},
        {"post of digits", {"post=\"1234567\""}, ERR_OK, NULL},
        {"post short", {"post=\"123-456\""}, ERR_VALUE, "post"},
        {"post of letters", {"post=\"ABC-4567\""}, ERR_VALUE, "post"},
        {"address of 200", {"address=\"" HUNDRED HUNDRED "\""}, ERR_OK, NULL},
        {"address of 201", {"address=\"" HUNDRED HUNDRED "a\""}, ERR_LIMIT, "address"},
        {"relation", {"relation=\"2\""}, ERR_OK, NULL},
        {"relation unknown", {"relation=\"3\""}, ERR_CODE, "relation"},
        {"head long", {"head=\"" HUNDRED "a\""}, ERR_LIMIT, "head"},
        {"class", {"class=\"07\""}, ERR_OK, NULL},
        {"class unknown", {"class=\"08\""}, ERR_CODE, "class"},
        {"class of another scheme", {"class=\"A1\""}, ERR_CONFLICT, "class"},
        {"aid without its class", {"insurer=\"12131116\""}, ERR_CONFLICT, "class"},
        {"aid", {AID}, ERR_OK, NULL},
        {"card days", {"issued=\"2020-04-02\"", "card_from=\"2020-04-01\"", "card_until=\"2025-03-31\""}, ERR_OK, NULL},
        {"issued no day", {"issued=\"2020-4-2\""}, ERR_DATE, "issued"},
        {"card from no day", {"card_from=\"x\""}, ERR_DATE, "card_from"},
        {"card until no day", {"card_until=\"x\""}, ERR_DATE, "card_until"},
        {"card ends before it begins",
         {"card_from=\"2020-04-01\"", "card_until=\"2020-03-31\""},
         ERR_DATE,
         "card_until"},
        {"ratio", {"ratio=20"}, ERR_OK, NULL},
        {"ratio unknown", {"ratio=15"}, ERR_VALUE, "ratio"},
        {"ratio broken", {"ratio=20.5"}, ERR_VALUE, "ratio"},
        {"ratio below nothing", {"ratio=-10"}, ERR_VALUE, "ratio"},
        {"ratio 100 of an ordinary class", {"ratio=100"}, ERR_CONFLICT, "ratio"},
        {"ratio 100 of class 05", {"ratio=100", "class=\"05\""}, ERR_OK, NULL},
        {"ratio 0 without aid", {"ratio=0"}, ERR_CONFLICT, "ratio"},
        {"ratio 0 with aid", {AID, "ratio=0"}, ERR_OK, NULL},
        {"the elderly scheme needs a ratio", {"insurer=\"39131156\""}, ERR_MISSING, "ratio"},
        {"and has one", {"insurer=\"39131156\"", "ratio=10"}, ERR_OK, NULL},
        {"welfare office with aid", {AID, "welfare_office=\"見本市福祉事務所\""}, ERR_OK, NULL},
        {"welfare office without", {"welfare_office=\"見本市福祉事務所\""}, ERR_CONFLICT, "welfare_office"},
        {"my number", {"mynumber=\"123456789018\""}, ERR_OK, NULL},
        {"my number blank", {"mynumber=\"\""}, ERR_OK, NULL},
        {"my number check digit", {"mynumber=\"123456789019\""}, ERR_CHECK_DIGIT, "mynumber"},
        {"my number short", {"mynumber=\"12345678901\""}, ERR_VALUE, "mynumber"},
        {"withdraw needs the key alone", {"op=\"withdraw\"", "name", "sex"}, ERR_OK, NULL},
        {"withdraw without a start", {"op=\"withdraw\"", "name", "sex", "start"}, ERR_MISSING, "start"},
        {"withdraw without a birth date", {"op=\"withdraw\"", "name", "sex", "birth"}, ERR_MISSING, "birth"},
        {"the insurer's own line", {"op=\"insurer\"", "number", "start", "sex", "birth"}, ERR_OK, NULL},
        {"the insurer's own line without a name",
         {"op=\"insurer\"", "number", "start", "sex", "birth", "name"},
         ERR_MISSING,
         "name"},
        {"the insurer's own line with a member", {"op=\"insurer\"", "start", "sex", "birth"}, ERR_CONFLICT, "number"},
        {"the insurer's own line with a my number",
         {"op=\"insurer\"", "number", "start", "sex", "birth", "mynumber=\"123456789018\""},
         ERR_CONFLICT,
         "mynumber"},
        /* what only JSON can say */
        {"null", {"kana=null"}, ERR_VALUE, "kana"},
        {"null for a must", {"name=null"}, ERR_VALUE, "name"},
        {"a number for a text", {"name=1"}, ERR_VALUE, NULL},
        {"true", {"sex=true"}, ERR_VALUE, "sex"},
        {"an object for a text", {"name={\"a\":1}"}, ERR_VALUE, "name"},
        {"a list for a text", {"number=[\"1\"]"}, ERR_VALUE, "number"},
        {"a zero character", {"name=\"a\\u0000b\""}, ERR_VALUE, NULL},
        {"a line end inside", {"name=\"a\\nb\""}, ERR_VALUE, "name"},
        {"half a pair", {"name=\"\\ud842\""}, ERR_UTF8, NULL},
        {"ratio as text", {"ratio=[20]"}, ERR_VALUE, "ratio"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct insurer_line j, c;
        struct diag d;
        enum err e = read_ndjson(&arena, ndjson_line(rows[r].changes), &j, &d);
        if (rows[r].err == ERR_VALUE && strstr(rows[r].what, "a number for")) row_check(e != ERR_OK, rows[r].what);
        else if (rows[r].field || rows[r].err == ERR_OK) row_check(e == rows[r].err, rows[r].what);
        else row_check(e != ERR_OK, rows[r].what);
        if (rows[r].field) row_check(strcmp(d.where, rows[r].field) == 0, rows[r].what);
        if (!csv_line(rows[r].changes) || strstr(rows[r].what, "a number for")) continue;
        e = read_csv(&other, buf_str(&header), buf_str(&text), false, &c, &d);
        row_check(e == rows[r].err, rows[r].what);
        if (rows[r].field) row_check(strcmp(d.where, rows[r].field) == 0, rows[r].what);
        if (e == ERR_OK) row_check(same_line(&j, &c), rows[r].what);
        arena_reset(&arena), arena_reset(&other);
    }
}

static void a_text_where_a_number_belongs_is_refused(void **state) {
    (void)state;
    struct insurer_line line;
    struct diag d;
    const char *const changes[] = {"ratio=\"20\"", NULL};
    assert_int_equal(read_ndjson(&arena, ndjson_line(changes), &line, &d), ERR_VALUE);
    assert_string_equal(d.where, "ratio");
}

static void lists_are_checked_item_by_item(void **state) {
    (void)state;
#define E(from, until) "{\"from\":\"" from "\",\"until\":\"" until "\",\"ratio\":20}"
#define L              "{\"class\":\"01\",\"category\":\"A03\",\"from\":\"2026-01-01\"}"
#define X              "{\"disease\":\"1\",\"from\":\"2026-01-01\",\"self_pay\":10000}"
#define T              "{\"type\":\"01\",\"month\":\"202606\"}"
    static const struct {
        const char *changes[4];
        enum err err;
        const char *field;
    } rows[] = {
        {{"elderly=[]"}, ERR_OK, NULL},
        {{"elderly=[" E("2026-01-01", "2026-06-30") "," E("2026-07-01", "2026-12-31") "]"}, ERR_OK, NULL},
        {{"elderly=[" E("2026-01-01", "2026-07-01") "," E("2026-07-01", "2026-12-31") "]"}, ERR_OVERLAP, "elderly"},
        {{"elderly=[" E("2026-07-01", "2026-06-30") "]"}, ERR_DATE, "elderly.until"},
        {{"elderly=[{\"from\":\"2026-01-01\",\"until\":\"2026-06-30\"}]"}, ERR_MISSING, "elderly[0].ratio"},
        {{"elderly=[{\"from\":\"2026-01-01\",\"until\":\"2026-06-30\",\"ratio\":100}]"}, ERR_VALUE, "elderly.ratio"},
        {{"elderly=[{\"from\":\"2026-01-01\",\"until\":\"2026-06-30\",\"ratio\":0}]"}, ERR_VALUE, "elderly.ratio"},
        {{"elderly=[{\"from\":\"2026-01-01\",\"until\":\"2026-06-30\",\"ratio\":15}]"}, ERR_VALUE, "elderly[0].ratio"},
        {{"elderly=[" E("2026-01-01", "2026-06-30") ",{\"from\":\"2026-02-30\"}]"}, ERR_DATE, "elderly[1].from"},
        {{"elderly=[{\"from\":\"\",\"until\":\"2026-06-30\",\"ratio\":20}]"}, ERR_MISSING, "elderly[0].from"},
        {{"elderly=[{\"from\":null,\"until\":\"2026-06-30\",\"ratio\":20}]"}, ERR_VALUE, "elderly[0].from"},
        {{"elderly=[{\"colour\":\"red\"}]"}, ERR_UNKNOWN, "elderly[0].?"},
        {{"elderly=[1]"}, ERR_VALUE, "elderly[0]"},
        {{"elderly={}"}, ERR_VALUE, "elderly"},
        {{"elderly=null"}, ERR_VALUE, "elderly"},
        {{"elderly=\"x\""}, ERR_VALUE, "elderly"},
        {{"elderly=[{},{},{},{},{},{},{},{},{}]"}, ERR_LIMIT, "elderly"},
        {{"limit=[" L "]"}, ERR_OK, NULL},
        {{"limit=[" L "," L "," L "," L "," L "," L "," L "," L "]"}, ERR_OK, NULL},
        {{"limit=[" L "," L "," L "," L "," L "," L "," L "," L "," L "]"}, ERR_LIMIT, "limit"},
        {{"limit=[{\"class\":\"04\",\"category\":\"A03\",\"from\":\"2026-01-01\"}]"}, ERR_CODE, "limit[0].class"},
        {{"limit=[{\"class\":\"01\",\"category\":\"A07\",\"from\":\"2026-01-01\"}]"}, ERR_CODE, "limit[0].category"},
        {{"limit=[{\"class\":\"01\",\"category\":\"A03\"}]"}, ERR_MISSING, "limit[0].from"},
        {{"limit=[{\"class\":\"01\",\"category\":\"A03\",\"from\":\"2026-01-01\",\"until\":\"2025-12-31\"}]"},
         ERR_DATE,
         "limit.until"},
        {{"limit=[{\"class\":\"01\",\"category\":\"A03\",\"from\":\"2026-01-01\",\"long_term\":\"soon\"}]"},
         ERR_DATE,
         "limit[0].long_term"},
        {{"diseases=[" X "]"}, ERR_OK, NULL},
        {{"diseases=[{\"disease\":\"4\",\"from\":\"2026-01-01\",\"self_pay\":1}]"}, ERR_CODE, "diseases[0].disease"},
        {{"diseases=[{\"disease\":\"1\",\"from\":\"2026-01-01\"}]"}, ERR_MISSING, "diseases[0].self_pay"},
        {{"diseases=[{\"disease\":\"1\",\"from\":\"2026-01-01\",\"self_pay\":100000000}]"},
         ERR_VALUE,
         "diseases[0].self_pay"},
        {{"diseases=[{\"disease\":\"1\",\"from\":\"2026-01-01\",\"self_pay\":\"1\"}]"},
         ERR_VALUE,
         "diseases[0].self_pay"},
        {{"diseases=[{\"disease\":\"1\",\"from\":\"2026-01-01\",\"until\":\"2025-12-31\",\"self_pay\":1}]"},
         ERR_DATE,
         "diseases.until"},
        {{AID, "tickets=[" T "]"}, ERR_OK, NULL},
        {{"tickets=[" T "]"}, ERR_CONFLICT, "tickets"},
        {{AID, "tickets=[{\"type\":\"03\",\"month\":\"202606\"}]"}, ERR_CODE, "tickets[0].type"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"202613\"}]"}, ERR_DATE, "tickets[0].month"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"2026-06\"}]"}, ERR_DATE, "tickets[0].month"},
        {{AID, "tickets=[{\"type\":\"01\"}]"}, ERR_MISSING, "tickets[0].month"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"202606\",\"institution\":\"131123456\"}]"},
         ERR_VALUE,
         "tickets[0].institution"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"202606\",\"treatment\":\"06\"}]"},
         ERR_CODE,
         "tickets[0].treatment"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"202606\",\"issue_number\":\"123456789012345678901\"}]"},
         ERR_LIMIT,
         "tickets[0].issue_number"},
        {{AID, "tickets=[{\"type\":\"01\",\"month\":\"202606\",\"from\":\"2026-06-30\",\"until\":\"2026-06-01\"}]"},
         ERR_DATE,
         "tickets.until"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct insurer_line line;
        struct diag d;
        row_check(read_ndjson(&arena, ndjson_line(rows[r].changes), &line, &d) == rows[r].err, rows[r].changes[0]);
        if (rows[r].field) row_check(strcmp(d.where, rows[r].field) == 0, rows[r].changes[0]);
        arena_reset(&arena);
    }
}

static void a_full_line_keeps_everything(void **state) {
    (void)state;
    struct insurer_line l;
    struct diag d;
    const char *const changes[] = {
        AID,
        "symbol=\"あ\"",
        "branch=\"07\"",
        "kana=\"ﾐﾎﾝ ﾀﾛｳ\"",
        "ratio=0",
        "limit=[{\"class\":\"02\",\"category\":\"B10\",\"issued\":\"2026-01-02\",\"from\":\"2026-01-01\",\"until\":\"2026-12-31\",\"long_term\":\"2026-03-01\"}]",
        "tickets=[{\"type\":\"02\",\"month\":\"202606\",\"from\":\"2026-06-01\",\"until\":\"2026-06-30\",\"issue_number\":\"A-1\",\"institution\":\"1341234567\",\"treatment\":\"04\",\"self_pay\":500,\"contact\":\"第一係\"}]",
        "mynumber=\"123456789018\"",
        NULL};
    assert_int_equal(read_ndjson(&arena, ndjson_line(changes), &l, &d), ERR_OK);
    assert_true(l.insurer.n == 12131116 && l.id.branch == 7 && l.period.class == CLASS_MEDICAL_AID &&
                l.period.ratio == 0);
    assert_str(l.period.kana, S("ﾐﾎﾝ ﾀﾛｳ"));
    const struct limit_certificate *c = &l.period.limits[0];
    assert_true(l.period.limit_count == 1 && c->class == 2 && day_is(c->issued) && day_is(c->until) &&
                day_is(c->long_term));
    assert_string_equal(c->category, "B10");
    const struct medical_ticket *t = &l.period.tickets[0];
    assert_true(l.period.ticket_count == 1 && t->type == 2 && t->month == 202606 && t->treatment == 4 &&
                t->self_pay_yen == 500 && t->institution.n == 1341234567);
    assert_str(t->contact, S("第一係"));
    assert_true(l.has_mynumber);
}

/* ---- what is no line ---- */

static void what_is_no_line_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum err err;
    } rows[] = {
        {"", ERR_MISSING},
        {"   ", ERR_MISSING},
        {"{", ERR_SYNTAX},
        {"[]", ERR_SYNTAX},
        {"1", ERR_SYNTAX},
        {"{}", ERR_MISSING},
        {"{\"insurer\":\"06139448\",\"insurer\":\"06139448\"}", ERR_DUPLICATE},
        {"{\"colour\":\"red\"}", ERR_UNKNOWN},
        {"{\"name\":\"\xff\"}", ERR_UTF8},
        {"{\"name\":\"\xed\xa0\x80\"}", ERR_UTF8},
        {"{\"name\":\"a\"}{}", ERR_SYNTAX},
        {"{'name':'a'}", ERR_SYNTAX},
        {"{\"name\":\"a\",}", ERR_SYNTAX},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct insurer_line line;
        struct diag d;
        row_check(read_ndjson(&arena, str_c(rows[r].line), &line, &d) == rows[r].err, rows[r].line);
        arena_reset(&arena);
    }
}

static void an_unknown_name_is_told_unless_it_may_be_a_persons(void **state) {
    (void)state;
    struct insurer_line line;
    struct diag d;
    assert_int_equal(read_ndjson(&arena, S("{\"colour\":\"red\"}"), &line, &d), ERR_UNKNOWN);
    assert_string_equal(d.detail, "colour");
    assert_int_equal(read_ndjson(&arena, S("{\"見本　太郎\":\"red\"}"), &line, &d), ERR_UNKNOWN);
    assert_string_equal(d.detail, "");
    arena_reset(&arena);
}

static void a_name_of_ten_megabytes_is_too_long(void **state) {
    (void)state;
    enum { BIG = 10 << 20 };
    char *p = malloc(BIG);
    struct insurer_line line;
    struct diag d;
    memset(p, 'a', BIG);
    memcpy(p, "{\"name\":\"", 9), memcpy(p + BIG - 2, "\"}", 2);
    assert_int_equal(read_ndjson(&arena, str_of(p, BIG), &line, &d), ERR_LIMIT);
    assert_int_equal(read_csv(&arena, S("name"), str_of(p + 9, BIG - 11), false, &line, &d), ERR_LIMIT);
    free(p);
    arena_reset(&arena);
}

/* ---- CSV ---- */

static void csv_quotes_as_rfc_4180_says(void **state) {
    (void)state;
    static const struct {
        const char *line, *name, *address;
        enum err err;
        const char *field;
    } rows[] = {
        {"a,b", "a", "b", ERR_OK, NULL},
        {"\"a\",\"b\"", "a", "b", ERR_OK, NULL},
        {"\"a,x\",b", "a,x", "b", ERR_OK, NULL},
        {"\"a\"\"x\"\"\",b", "a\"x\"", "b", ERR_OK, NULL},
        {"a,", "a", "", ERR_OK, NULL},
        {"a,\"\"", "a", "", ERR_OK, NULL},
        {" a ,b", " a ", "b", ERR_OK, NULL},
        {"\"a,b", NULL, NULL, ERR_SYNTAX, "name"},
        {"a,\"b", NULL, NULL, ERR_SYNTAX, "address"},
        {"a\"x,b", NULL, NULL, ERR_SYNTAX, "name"},
        {"\"a\"x,b", NULL, NULL, ERR_SYNTAX, "name"},
        {"a", NULL, NULL, ERR_SYNTAX, ""},
        {"a,b,c", NULL, NULL, ERR_SYNTAX, ""},
        {"a,b,", NULL, NULL, ERR_SYNTAX, ""},
        {"a,b\xff", NULL, NULL, ERR_UTF8, "address"},
        {"\"a,\",b\xff", NULL, NULL, ERR_UTF8, "address"},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct insurer_line l;
        struct diag d;
        char line[256];
        snprintf(line, sizeof line, "%s%s", "06139448,1,2020-04-01,1,1985-04-01,", rows[r].line);
        enum err e = read_csv(&arena, S("insurer,number,start,sex,birth,name,address"), str_c(line), false, &l, &d);
        row_check(e == rows[r].err, rows[r].line);
        if (rows[r].field) row_check(strcmp(d.where, rows[r].field) == 0, rows[r].line);
        if (e == ERR_OK)
            row_check(str_eq(l.period.name, str_c(rows[r].name)) && str_eq(l.period.address, str_c(rows[r].address)),
                      rows[r].line);
        arena_reset(&arena);
    }
}

static void a_header_must_name_columns_once(void **state) {
    (void)state;
    static const struct {
        const char *header;
        enum err err;
    } rows[] = {
        {"insurer,number", ERR_OK},
        {"\"insurer\",\"number\"", ERR_OK},
        {" insurer , number ", ERR_OK},
        {"\xef\xbb\xbfinsurer,number", ERR_OK},
        {"elderly_from,limit_from,disease_from", ERR_OK},
        {"insurer,colour", ERR_UNKNOWN},
        {"insurer,", ERR_UNKNOWN},
        {"", ERR_UNKNOWN},
        {"insurer,insurer", ERR_DUPLICATE},
        {"elderly_from,elderly_from", ERR_DUPLICATE},
        {"elderly", ERR_UNKNOWN},
        {"tickets", ERR_UNKNOWN},
        {"tickets_month", ERR_UNKNOWN},
        {"elderly_", ERR_UNKNOWN},
        {"disease_from,diseases_from", ERR_UNKNOWN},
        {"\"insurer", ERR_SYNTAX},
        {"insurer;number", ERR_UNKNOWN},
        {"\x8e\xf3", ERR_UNKNOWN},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct csv_header *h = NULL;
        struct diag d = {0};
        row_check(csv_header_new(&h, str_c(rows[r].header), false, &d) == rows[r].err, rows[r].header);
        if (h) csv_header_free(h);
    }
}

static const char full_header[] =
    "insurer,symbol,number,branch,start,name,kana,sex,birth,elderly_issued,elderly_from,elderly_until,elderly_ratio,"
    "limit_class,limit_category,limit_from,disease_disease,disease_from,disease_until,disease_self_pay,mynumber";
static const char full_row[] =
    "06139448,12-34,4260,01,2020-04-01,\"見本　太郎\",ﾐﾎﾝ ﾀﾛｳ,1,1953-04-01,,2025-08-01,2026-07-31,20,01,"
    "A03,2026-01-01,1,2026-01-01,,10000,123456789018";
static const char full_ndjson[] =
    "{\"insurer\":\"06139448\",\"symbol\":\"12-34\",\"number\":\"4260\",\"branch\":\"01\",\"start\":\"2020-04-01\",\"name\":\"見本　太郎\","
    "\"kana\":\"ﾐﾎﾝ ﾀﾛｳ\",\"sex\":\"1\",\"birth\":\"1953-04-01\",\"elderly\":[{\"from\":\"2025-08-01\",\"until\":\"2026-07-31\",\"ratio\":20}],"
    "\"limit\":[{\"class\":\"01\",\"category\":\"A03\",\"from\":\"2026-01-01\"}],\"diseases\":[{\"disease\":\"1\",\"from\":\"2026-01-01\","
    "\"self_pay\":10000}],\"mynumber\":\"123456789018\"}";

static void both_carriers_say_the_same_of_the_same_person(void **state) {
    (void)state;
    struct insurer_line j, c, s;
    struct diag d;
    struct cp932 cp932;
    assert_int_equal(read_ndjson(&arena, str_c(full_ndjson), &j, &d), ERR_OK);
    assert_int_equal(read_csv(&arena, str_c(full_header), str_c(full_row), false, &c, &d), ERR_OK);
    assert_true(same_line(&j, &c));
    assert_int_equal(cp932_open(&cp932, NULL), ERR_OK);
    buf_reset(&text);
    assert_int_equal(cp932_encode(&cp932, str_c(full_row), &text), strlen(full_row));
    cp932_close(&cp932);
    assert_int_equal(read_csv(&arena, str_c(full_header), buf_str(&text), true, &s, &d), ERR_OK);
    assert_true(same_line(&j, &s));
    arena_reset(&arena);
}

static void bytes_that_are_no_cp932_are_refused_with_their_column(void **state) {
    (void)state;
    struct insurer_line l;
    struct diag d;
    static const char head[] = "insurer,number,start,sex,birth,name,address",
                      start[] = "06139448,1,2020-04-01,1,1985-04-01,";
    static const struct {
        const char *rest;
        enum err err;
        const char *field;
    } rows[] = {{"\x8c\xa9\x96\x7b,x", ERR_OK, NULL},
                {"\xff,x", ERR_CP932, "name"},
                {"\x8c\xa9,\xf0\x40", ERR_CP932, "address"},
                {"\"\x8c\xa9,\",\x81", ERR_CP932, "address"},
                {"\xe8\xa6\x8b\xe6\x9c\xac,x", ERR_CP932, "name"},
                {"\x94\\,\x96{", ERR_OK, NULL} /* trail bytes that look like ASCII */};
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        char line[128];
        snprintf(line, sizeof line, "%s%s", start, rows[r].rest);
        enum err e = read_csv(&arena, str_c(head), str_c(line), true, &l, &d);
        if (strncmp(rows[r].rest, "\xe8\xa6", 2) == 0 && e == ERR_OK) continue; /* UTF-8 that happens to be CP932 */
        row_check(e == rows[r].err, rows[r].rest);
        if (rows[r].field) row_check(strcmp(d.where, rows[r].field) == 0, rows[r].rest);
    }
    arena_reset(&arena);
}

static void a_certificate_in_columns_is_whole_or_absent(void **state) {
    (void)state;
    struct insurer_line l;
    struct diag d;
    static const char head[] = "insurer,number,start,sex,birth,name,elderly_from,elderly_until,elderly_ratio";
    assert_int_equal(read_csv(&arena, str_c(head), S("06139448,1,2020-04-01,1,1985-04-01,a,,,"), false, &l, &d),
                     ERR_OK);
    assert_int_equal(l.period.elderly_count, 0);
    assert_int_equal(
        read_csv(&arena, str_c(head), S("06139448,1,2020-04-01,1,1985-04-01,a,2026-01-01,,20"), false, &l, &d),
        ERR_MISSING);
    assert_string_equal(d.where, "elderly_until");
    assert_int_equal(read_csv(&arena, str_c(head), S("06139448,1,2020-04-01,1,1985-04-01,a,2026-02-30,2026-12-31,20"),
                              false, &l, &d),
                     ERR_DATE);
    assert_string_equal(d.where, "elderly_from");
    assert_int_equal(read_csv(&arena, str_c(head),
                              S("06139448,1,2020-04-01,1,1985-04-01,a,2026-01-01,2026-12-31,twenty"), false, &l, &d),
                     ERR_VALUE);
    assert_string_equal(d.where, "elderly_ratio");
    arena_reset(&arena);
}

/* A long line with many quoted values needs no more memory than a short one. */
static void quoted_values_are_unquoted_in_place(void **state) {
    (void)state;
    struct insurer_line l;
    struct diag d;
    struct arena small;
    buf_reset(&text);
    buf_puts(&text, "06139448,1,2020-04-01,1,1985-04-01,a");
    for (unsigned i = 0; i < 15; i++) buf_puts(&text, ",\"\"");
    buf_putc(&text, '"');
    while (text.n < 60000) buf_putc(&text, 'x');
    arena_init(&small, 1 << 20);
    static const char head[] =
        "insurer,number,start,sex,birth,name,symbol,branch,kana,other_name,other_kana,other_sex,post,relation,"
        "head,class,issued,card_from,card_until,ratio,address";
    assert_int_equal(read_csv(&small, str_c(head), buf_str(&text), false, &l, &d), ERR_SYNTAX);
    arena_fini(&small);
}

/* ---- strangers ---- */

static void feed_ndjson(void *context, struct str s) {
    struct insurer_line l;
    struct diag d = {0};
    (void)context;
    enum err e = read_ndjson(&arena, s, &l, &d);
    assert_true(e == ERR_OK || d.err == e);
    arena_reset(&arena);
}

static void feed_csv(void *context, struct str s) {
    struct insurer_file_format *f = context;
    struct insurer_line l;
    struct diag d = {0};
    enum err e = f->read(f->context, &arena, s, &l, &d);
    assert_true(e == ERR_OK || d.err == e);
    arena_reset(&arena);
}

static void feed_header(void *context, struct str s) {
    struct csv_header *h = NULL;
    struct diag d = {0};
    (void)context;
    if (csv_header_new(&h, s, false, &d) == ERR_OK) csv_header_free(h);
}

static void truncated_and_flipped_lines_come_back(void **state) {
    (void)state;
    struct csv_header *h = NULL;
    assert_true(hostile_all(str_c(full_ndjson), feed_ndjson, NULL) > 1000);
    for (int cp932 = 0; cp932 < 2; cp932++) {
        assert_int_equal(csv_header_new(&h, str_c(full_header), cp932, NULL), ERR_OK);
        struct insurer_file_format f = insurer_file_csv(h);
        assert_true(hostile_all(str_c(full_row), feed_csv, &f) > 1000);
        csv_header_free(h);
    }
    assert_true(hostile_all(str_c(full_header), feed_header, NULL) > 1000);
}

static void no_memory_is_an_error(void **state) {
    (void)state;
    struct insurer_line l;
    struct diag d;
    enum err e;
    size_t nth = 0;
    do {
        arena_fini(&arena), arena_init(&arena, ARENA);
        short_memory_from(++nth);
        e = read_csv(&arena, S("insurer,number,start,sex,birth,name"), S("06139448,1,2020-04-01,1,1985-04-01,a"), true,
                     &l, &d);
    } while (short_memory_hit() && e == ERR_MEMORY);
    assert_int_equal(e, ERR_OK);
    for (nth = 1;; nth++) {
        arena_fini(&arena), arena_init(&arena, ARENA);
        short_memory_from(nth);
        e = read_ndjson(&arena, str_c(full_ndjson), &l, &d);
        if (!short_memory_hit()) break;
        assert_true(e == ERR_MEMORY || e == ERR_LIMIT); /* the tree's arena does not tell which */
    }
    assert_int_equal(e, ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_checked_in_both_carriers),
        cmocka_unit_test(a_text_where_a_number_belongs_is_refused),
        cmocka_unit_test(lists_are_checked_item_by_item),
        cmocka_unit_test(a_full_line_keeps_everything),
        cmocka_unit_test(what_is_no_line_is_refused),
        cmocka_unit_test(an_unknown_name_is_told_unless_it_may_be_a_persons),
        cmocka_unit_test(a_name_of_ten_megabytes_is_too_long),
        cmocka_unit_test(csv_quotes_as_rfc_4180_says),
        cmocka_unit_test(a_header_must_name_columns_once),
        cmocka_unit_test(both_carriers_say_the_same_of_the_same_person),
        cmocka_unit_test(bytes_that_are_no_cp932_are_refused_with_their_column),
        cmocka_unit_test(a_certificate_in_columns_is_whole_or_absent),
        cmocka_unit_test(quoted_values_are_unquoted_in_place),
        cmocka_unit_test(truncated_and_flipped_lines_come_back),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("insurer file", tests, begin, end);
}
