#include "base/buf.h"
#include "base/zip.h"
#include "edge/receipt/face.h"
#include "edge/receipt/folders.h"
#include "lib/attested.h"
#include "lib/failing_world.h"
#include "unit/edge/receipt/sample.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* A centre in memory: answers every question with the sample, or as told. */
struct fake_centre {
    enum err err;
    int status;
    const char *reply; /* NULL: the sample's answer */
    size_t asked;
    char path[64];
    struct buf json;
};

static struct arena arena;
static struct substitutes subs;
static struct sample sample;
static struct request asked_request;
static struct fake_centre centre;
static struct attested signer; /* of the centre that has one */
static char root[64];
static int64_t steady_us, now_us = 1795337315000000;

static int64_t fake_steady(struct world *w) { return (void)w, steady_us; }
static int64_t fake_now(struct world *w) { return (void)w, now_us; }

static enum err ask(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d) {
    struct fake_centre *c = context;
    c->asked++;
    snprintf(c->path, sizeof c->path, "%s", path);
    if (c->err != ERR_OK) return diag_set(d, c->err, "", NULL);
    *status = c->status ? c->status : 200;
    if (c->reply) return *reply = str_c(c->reply), ERR_OK;
    struct tree *t;
    struct writer w = writer_of(&c->json, CARRIER_JSON);
    if (tree_read_json(&arena, json, &t, d) != ERR_OK) return d->err;
    buf_reset(&c->json);
    answer_write(&w, &asked_request, &sample.answer);
    if (signer.key) {
        struct str plain = arena_copy(&arena, buf_str(&c->json));
        buf_reset(&c->json);
        attested_put(&signer, plain, now_us, &c->json);
    }
    *reply = buf_str(&c->json);
    return ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static int begin(void **state) {
    (void)state;
    memcpy(root, "/tmp/mado-folders-XXXXXX", sizeof "/tmp/mado-folders-XXXXXX");
    if (mkdtemp(root) == NULL || substitutes_open(&subs, world_real(), NULL, NULL) != ERR_OK) return -1;
    arena_init(&arena, TREE_ARENA_MAX);
    centre = (struct fake_centre){0};
    buf_init(&centre.json, 1 << 20);
    sample_fill(&sample);
    sample_request(&arena, &asked_request, MESSAGE_SINGLE, S(SAMPLE_REQUEST));
    steady_us = 1000000;
    return 0;
}

static int end(void **state) {
    (void)state;
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    substitutes_close(&subs);
    arena_fini(&arena);
    buf_fini(&centre.json);
    return 0;
}

static struct folders *opened(struct failing_world *f, size_t nth, enum folder_encoding encoding, bool zip) {
    struct folders *out = NULL;
    struct diag d = {0};
    struct folders_settings s = {
        .folder = root,
        .world = failing_world(f, nth, EIO),
        .centre = {ask, &centre},
        .give_up_s = 8,
        .form = {.encoding = encoding, .zip = zip, .substitutes = &subs, .institution = {1312345670}}};
    s.world->steady_us = fake_steady, s.world->now_us = fake_now;
    if (folders_open(&out, &s, &d) != ERR_OK) return assert_true(f->hit), NULL;
    return out;
}

static void put(const char *sub, const char *name, struct str bytes) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/%s", root, sub, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
}

static bool there(const char *sub, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/%s", root, sub, name);
    return access(path, F_OK) == 0;
}

static size_t count(const char *sub) {
    char path[PATH_MAX];
    size_t n = 0;
    snprintf(path, sizeof path, "%s/%s", root, sub);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *i; (i = readdir(dir)) != NULL;) n += i->d_name[0] != '.' && strcmp(i->d_name, "lock") != 0;
    closedir(dir);
    return n;
}

static struct str bytes_of(const char *sub, const char *name) {
    static struct buf b;
    char path[PATH_MAX];
    buf_fini(&b);
    buf_init(&b, 1 << 24);
    snprintf(path, sizeof path, "%s/%s/%s", root, sub, name);
    if (world_read_file(world_real(), path, &b, NULL) != ERR_OK) fail_msg("no %s/%s", sub, name);
    struct str s = arena_copy(&arena, buf_str(&b));
    buf_fini(&b);
    return s;
}

static struct tree *result(const char *name) { return sample_read_back(&arena, CARRIER_XML, bytes_of("res", name)); }

#define RESULT "MessageBody/ResultList/ResultOfQualificationConfirmation/"

static void a_request_becomes_a_response_of_its_name(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    put("req", "OQSsiquc01req_20261122 患者12.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    const struct tree *t = result("OQSsiquc01res_20261122 患者12.xml");
    assert_true(str_starts(bytes_of("res", "OQSsiquc01res_20261122 患者12.xml"),
                           S("<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\r\n<XmlMsg>")));
    assert_string_equal(sample_at(t, "MessageHeader/CharacterCodeIdentifier"), "1");
    assert_string_equal(sample_at(t, RESULT "Name"), "見本　太郎");
    assert_string_equal(sample_at(t, RESULT "NameKana"), "ﾐﾎﾝ ﾀﾛｳ");
    assert_string_equal(sample_at(t, RESULT "InsurerNumber"), "  138057");
    assert_string_equal(centre.path, "/MSA01030/ILI01030SV01/search");
    assert_int_equal(count("req") + count("trash") + count(".mado"), 0);
    assert_int_equal(count("res"), 1);
    folders_close(f);
}

static void utf8_is_said_and_written(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_UTF8, false);
    sample.coverage.name = S("𠮷野　𩸽");
    put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    assert_true(str_starts(bytes_of("res", "OQSsiquc01res_1.xml"), S("<?xml version=\"1.0\" encoding=\"UTF-8\"")));
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/CharacterCodeIdentifier"), "0");
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), RESULT "Name"), "𠮷野　𩸽");
    folders_close(f);
}

static void a_name_that_shift_jis_cannot_hold_is_told(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    sample.coverage.name = S("𠮷野　𩸽");
    put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), RESULT "Name"), "吉野　〓");
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), RESULT "SubstitutedCharacters"),
                        "Name U+20BB7→吉 U+29E3D→〓");
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageBody/ProcessingResultCode"), "MDOW0100W");
    folders_close(f);
}

static void names_that_are_not_ours_are_left_alone(void **state) {
    (void)state;
    static const char *const rows[] = {"YZKsiquc01req_1.xml", "OQSsiquc01req_.xml",   "OQSsiquc01req_1.xml.tmp",
                                       "OQSsiquc01req_1.txt", "xOQSsiquc01req_1.xml", "OQSsiquc02req_1.xml",
                                       "OQSsiquc01res_1.xml", "OQSsiquc01req1.xml"};
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) put("req", rows[i], S(SAMPLE_REQUEST));
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/req/OQSsiquc01req_fifo.xml", root);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(folders_turn(f), 0);
    assert_int_equal(count("req"), ARRAY_LEN(rows) + 1);
    folders_close(f);
}

static void every_kind_goes_to_its_place(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    for (int k = 0; k < MESSAGE_KINDS; k++) {
        const struct message_kind_info *info = message_kind_info((enum message_kind)k);
        if (k == MESSAGE_STATEMENT) continue; /* the window's own to take in: test_statement.c */
        char request[64], response[64];
        snprintf(request, sizeof request, "%s_7.xml", info->request.p);
        snprintf(response, sizeof response, "%s_7.xml", info->response.p);
        put("req", request, S(SAMPLE_REQUEST));
        assert_int_equal(folders_turn(f), 1);
        assert_string_equal(centre.path, info->path);
        assert_true(there("res", response));
    }
    folders_close(f);
}

static void what_is_no_message_is_tried_for_three_seconds_and_put_aside(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    put("trash", "OQSsiquc01req_1.xml", S("an older one"));
    put("req", "OQSsiquc01req_1.xml", S("<?xml version=\"1.0\"?>\n<XmlMsg>"));
    assert_int_equal(folders_turn(f), 0);
    steady_us += 2900000;
    assert_int_equal(folders_turn(f), 0);
    put("req", "OQSsiquc01req_1.xml", S("<?xml version=\"1.0\"?>\n<XmlMsg><MessageHeader>")); /* still being written */
    assert_int_equal(folders_turn(f), 0);
    steady_us += 2900000;
    assert_int_equal(folders_turn(f), 0);
    assert_true(there("req", "OQSsiquc01req_1.xml"));
    steady_us += 200000;
    assert_int_equal(folders_turn(f), 1);
    const struct tree *t = result("OQSsiquc01res_1.xml");
    assert_string_equal(sample_at(t, "MessageHeader/SegmentOfResult"), "9");
    assert_string_equal(sample_at(t, "MessageHeader/ErrorCode"), "MDOF0001E");
    assert_non_null(strstr(sample_at(t, "MessageHeader/ErrorMessage"), "行2"));
    assert_string_equal(sample_at(t, "MessageHeader/MedicalInstitutionCode"), "1312345670");
    assert_true(str_eq(bytes_of("trash", "OQSsiquc01req_1.xml"), S("an older one")));
    assert_true(there("trash", "OQSsiquc01req_1.xml.1"));
    assert_int_equal(centre.asked, 0);
    folders_close(f);
}

static void a_half_written_request_is_answered_when_it_is_whole(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    put("req", "OQSsiquc01req_1.xml", str_head(S(SAMPLE_REQUEST), 300));
    assert_int_equal(folders_turn(f), 0);
    steady_us += 500000;
    put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/SegmentOfResult"), "1");
    assert_int_equal(count("trash"), 0);
    folders_close(f);
}

static void a_request_of_ten_megabytes_is_refused(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    struct buf big;
    buf_init(&big, 16 << 20);
    char *room = buf_room(&big, 10 << 20);
    memset(room, 'A', 10 << 20);
    put("req", "OQSsiquc01req_1.xml", str_of(room, 10 << 20));
    buf_fini(&big);
    assert_int_equal(folders_turn(f), 0);
    steady_us += 3000000;
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/ErrorCode"), "MDOF0005E");
    assert_true(there("trash", "OQSsiquc01req_1.xml"));
    folders_close(f);
}

/* Revoked, perhaps: neither then nor in the second in which it is not asked again is anything answered from memory; a line that
 * is down is told apart from that. */
static void a_centre_that_refuses_is_not_a_silent_one(void **state) {
    (void)state;
    static const struct {
        enum err err;
        int status;
        bool answered;
    } rows[] = {{ERR_UNAUTHENTICATED, 0, false}, {ERR_OK, 429, false}, {ERR_UNAVAILABLE, 0, true}, {ERR_OK, 503, true}};
    char folder[sizeof root + 16];
    attested_make(&signer, now_us);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
        struct known k;
        struct folders *f = NULL;
        snprintf(folder, sizeof folder, "%s/known-%zu", root, r);
        assert_int_equal(known_open(&k,
                                    &(struct known_settings){.world = world_real(),
                                                             .folder = folder,
                                                             .secret = S("a private key"),
                                                             .ca = signer.ca,
                                                             .institution = {1312345670}},
                                    NULL),
                         ERR_OK);
        struct folders_settings s = {.folder = root, .world = world_real(), .centre = {ask, &centre}};
        struct failing_world failing;
        s.world = failing_world(&failing, 0, EIO), s.world->steady_us = fake_steady, s.world->now_us = fake_now;
        s.form = (struct folder_form){.encoding = FOLDER_UTF8, .substitutes = &subs, .known = &k};
        assert_int_equal(folders_open(&f, &s, NULL), ERR_OK);
        centre.err = ERR_OK, centre.status = 0, centre.reply = NULL;
        put("req", "OQSsiquc01req_a.xml", S(SAMPLE_REQUEST));
        assert_int_equal(folders_turn(f), 1);
        assert_int_equal(sealed_count(k.told), 1);
        assert_true(str_find(bytes_of("res", "OQSsiquc01res_a.xml"), S("Attestation")) ==
                    bytes_of("res", "OQSsiquc01res_a.xml").n);
        centre.err = rows[r].err, centre.status = rows[r].status, centre.reply = rows[r].status ? "busy" : NULL;
        put("req", "OQSsiquc01req_b.xml", S(SAMPLE_REQUEST)), put("req", "OQSsiquc01req_c.xml", S(SAMPLE_REQUEST));
        assert_int_equal(folders_turn(f), rows[r].answered ? 2 : 0);
        assert_int_equal(folders_turn(f), 0);
        assert_int_equal(count("res"), rows[r].answered ? 3 : 1);
        folders_close(f);
        known_close(&k);
        char path[128];
        for (const char *n = "abc"; *n; n++) {
            snprintf(path, sizeof path, "%s/req/OQSsiquc01req_%c.xml", root, *n), unlink(path);
            snprintf(path, sizeof path, "%s/res/OQSsiquc01res_%c.xml", root, *n), unlink(path);
        }
    }
    attested_remove(&signer);
    signer = (struct attested){0};
}

static void a_silent_centre_is_asked_again_until_nobody_waits(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    centre.err = ERR_UNAVAILABLE;
    put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
    put("req", "OQSmuquc01req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 0);
    assert_int_equal(centre.asked, 1); /* the second waits its turn: connecting in vain takes seconds */
    assert_int_equal(folders_turn(f), 0);
    assert_int_equal(centre.asked, 1);
    steady_us += 1000000;
    assert_int_equal(folders_turn(f), 0);
    assert_int_equal(centre.asked, 2);
    steady_us += 7000000;
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/ErrorCode"), "MDOS0009E");
    assert_true(there("req", "OQSmuquc01req_1.xml"));
    centre.err = ERR_OK;
    steady_us += 1000000;
    assert_int_equal(folders_turn(f), 1);
    assert_true(there("res", "OQSmuquc01res_1.xml"));
    folders_close(f);
}

static void replies_of_the_centre_are_taken_for_what_they_are(void **state) {
    (void)state;
    static const struct {
        int status;
        const char *reply, *code; /* NULL: asked again */
    } rows[] = {
        {503, "", NULL},
        {429, "{}", NULL},
        {502, "<html>", NULL},
        {403, "{\"error\":{\"code\":\"MDOA0003E\"}}", "MDOA0003E"},
        {404, "not here", "MDOH0001E"},
        {200, "no JSON", "MDOS0009E"},
        {200, "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"9\",\"ErrorCode\":\"MDOA0002E\"}}}", "MDOA0002E"},
        {400, "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"9\",\"ErrorCode\":\"MDOF0010E\"}}}", "MDOF0010E"},
    };
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        centre.status = rows[i].status, centre.reply = rows[i].reply;
        put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
        size_t n = folders_turn(f);
        if (n != (rows[i].code != NULL)) fail_msg("row %zu: %zu answered", i, n);
        if (n) assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/ErrorCode"), rows[i].code);
        steady_us += 1000000;
    }
    folders_close(f);
}

/* The centre saw JSON; the person who looks sees the file. */
static void a_fault_is_named_with_its_line_in_the_file(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    centre.status = 400;
    centre.reply =
        "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"9\",\"ErrorCode\":\"MDOF0011E\",\"ErrorMessage\":\"x\"}}}";
    put("req", "OQSsiquc01req_1.xml",
        S("<XmlMsg><MessageHeader><MedicalInstitutionCode>1312345670</MedicalInstitutionCode></MessageHeader>\n\n<MessageBody>"
          "<QualificationConfirmSearchInfo><InsurerNumber>138057</InsurerNumber><InsuredIdentificationNumber>1</InsuredIdentificationNumber>"
          "\n<Birthdate>20010230</Birthdate></QualificationConfirmSearchInfo></MessageBody></XmlMsg>"));
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/ErrorMessage"),
                        "日付が正しくありません（Birthdate 行4）");
    folders_close(f);
}

static const char bulk_reply[] =
    "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"1\"},\"MessageBody\":{\"BulkConfirmUnit\":["
    "{\"ProcessingResultStatus\":\"1\"},{\"ProcessingResultStatus\":\"2\"}]}}}";
static const char working_reply[] = "{\"XmlMsg\":{\"MessageHeader\":{\"SegmentOfResult\":\"2\"}}}";

static void a_bulk_result_may_come_as_zip(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, true);
    centre.reply = working_reply;
    put("req", "OQSmuquc02req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    assert_string_equal(sample_at(result("OQSmuquc02res_1.xml"), "MessageHeader/SegmentOfResult"), "2");
    centre.reply = bulk_reply;
    put("req", "OQSmuquc02req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 1);
    assert_false(there("res", "OQSmuquc02res_1.xml")); /* the earlier step's would be taken for the result */
    struct buf xml;
    buf_init(&xml, 1 << 20);
    assert_int_equal(zip_read_one(bytes_of("res", "OQSmuquc02res_1.zip"), S("OQSmuquc02res_1.xml"), &xml, NULL),
                     ERR_OK);
    const struct tree *t = sample_read_back(&arena, CARRIER_XML, buf_str(&xml));
    assert_string_equal(sample_at(tree_again(tree_child(tree_child(t, S("MessageBody")), S("BulkConfirmUnit"))),
                                  "ProcessingResultStatus"),
                        "2");
    buf_fini(&xml);
    folders_close(f);
}

/* One reader takes 01res, and 02res while working, as Shift_JIS unless there is a mark. */
static void status_steps_in_utf8_have_a_byte_order_mark(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_UTF8, false);
    static const struct {
        const char *request, *response, *reply;
        bool mark;
    } rows[] = {
        {"OQSmuquc01req_1.xml", "OQSmuquc01res_1.xml", working_reply, true},
        {"OQSmuquc02req_1.xml", "OQSmuquc02res_1.xml", working_reply, true},
        {"OQSmuquc02req_1.xml", "OQSmuquc02res_1.xml", bulk_reply, false},
        {"OQSsiquc01req_1.xml", "OQSsiquc01res_1.xml", working_reply, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        centre.reply = rows[i].reply;
        put("req", rows[i].request, S(SAMPLE_REQUEST));
        assert_int_equal(folders_turn(f), 1);
        assert_int_equal(str_starts(bytes_of("res", rows[i].response), S("\xef\xbb\xbf<?xml")), rows[i].mark);
    }
    folders_close(f);
}

static void single_questions_go_before_bulk_ones(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    put("req", "OQSmuquc01req_1.xml", S(SAMPLE_REQUEST));
    put("req", "OQSmuquc01req_2.xml", S(SAMPLE_REQUEST));
    put("req", "OQSsiquc01req_1.xml", S(SAMPLE_REQUEST));
    assert_int_equal(folders_turn(f), 2); /* the single one and one bulk step */
    assert_true(there("res", "OQSsiquc01res_1.xml") && there("res", "OQSmuquc01res_1.xml"));
    assert_int_equal(folders_turn(f), 1);
    folders_close(f);
}

static void unread_results_are_cleared_in_time(void **state) {
    (void)state;
    struct failing_world w;
    put("", "x", S("")); /* the folder is there */
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    put("res", "OQSsiquc01res_1.xml", S("a"));
    put("res", "YZKsiquc01res_1.xml", S("not ours"));
    put("face", "OQSsiquc01res_face_A_20261122000000.xml", S("a"));
    put("trash", "OQSsiquc01req_1.xml", S("kept"));
    now_us = world_real()->now_us(world_real()) + (int64_t)1439 * 60 * 1000000;
    (void)folders_turn(f);
    assert_true(there("res", "OQSsiquc01res_1.xml"));
    steady_us += 61 * 1000000;
    now_us += 2 * 60 * 1000000;
    (void)folders_turn(f);
    assert_false(there("res", "OQSsiquc01res_1.xml"));
    assert_false(there("face", "OQSsiquc01res_face_A_20261122000000.xml"));
    assert_true(there("res", "YZKsiquc01res_1.xml"));
    assert_true(there("trash", "OQSsiquc01req_1.xml"));
    now_us = 1795337315000000;
    folders_close(f);
}

static void a_second_window_is_kept_out(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false), *g = NULL;
    struct folders_settings s = {
        .folder = root, .world = world_real(), .centre = {ask, &centre}, .form = {.substitutes = &subs}};
    assert_int_equal(folders_open(&g, &s, NULL), ERR_LOCKED);
    folders_close(f);
}

static void a_cards_result_is_put_into_face(void **state) {
    (void)state;
    struct failing_world w;
    struct folders *f = opened(&w, SIZE_MAX, FOLDER_SJIS, false);
    struct buf json;
    buf_init(&json, 1 << 16);
    struct writer writer = writer_of(&json, CARRIER_JSON);
    answer_write(&writer, &asked_request, &sample.answer);
    char folder[sizeof root + 8];
    const struct folder_form form = {.encoding = FOLDER_SJIS, .substitutes = &subs};
    snprintf(folder, sizeof folder, "%s/face", root);
    assert_int_equal(face_put(&w.world, folder, S("0123456789abcdef"), buf_str(&json), &form, NULL), ERR_OK);
    assert_int_equal(face_put(&w.world, folder, S("../x"), buf_str(&json), &form, NULL), ERR_VALUE);
    assert_int_equal(face_put(&w.world, folder, S(""), buf_str(&json), &form, NULL), ERR_VALUE);
    buf_fini(&json);
    const struct tree *t = sample_read_back(&arena, CARRIER_XML,
                                            bytes_of("face", "OQSsiquc01res_face_0123456789abcdef_20261122174835.xml"));
    assert_string_equal(sample_at(t, RESULT "Name"), "見本　太郎");
    folders_close(f);
}

/* The window ends at every operation of the disk in turn, and another one is started. */
static void wherever_the_window_ends_nothing_is_lost_and_nothing_doubled(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool aside;
    } rows[] = {{SAMPLE_REQUEST, false}, {"no message", true}};
    for (size_t row = 0; row < ARRAY_LEN(rows); row++) {
        for (size_t nth = 1;; nth++) {
            struct failing_world w, after;
            struct folders *f = opened(&w, nth, FOLDER_SJIS, false);
            if (f == NULL) continue; /* it failed while opening */
            put("req", "OQSsiquc01req_1.xml", str_c(rows[row].text));
            centre.asked = 0;
            (void)folders_turn(f);
            steady_us += 3000000;
            if (!w.hit) (void)folders_turn(f);
            bool kept = there(".mado", rows[row].aside ? "OQSsiquc01res_1.xml.aside" : "OQSsiquc01res_1.xml");
            bool ended = w.hit;
            folders_close(f);
            f = opened(&after, SIZE_MAX, FOLDER_SJIS, false);
            assert_non_null(f);
            (void)folders_turn(f);
            steady_us += 3000000;
            (void)folders_turn(f);
            assert_int_equal(count("req") + count(".mado"), 0);
            assert_int_equal(count("res"), 1);
            assert_int_equal(count("trash"), rows[row].aside);
            assert_true(centre.asked <= (kept ? 1u : 2u));
            assert_string_equal(sample_at(result("OQSsiquc01res_1.xml"), "MessageHeader/SegmentOfResult"),
                                rows[row].aside ? "9" : "1");
            folders_close(f);
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/res/OQSsiquc01res_1.xml", root), unlink(path);
            snprintf(path, sizeof path, "%s/trash/OQSsiquc01req_1.xml", root), unlink(path);
            if (!ended) {
                assert_true(nth > 8);
                break;
            }
        }
    }
}

static void a_zip_bomb_and_damaged_archives_are_refused(void **state) {
    (void)state;
    struct buf big, archive, out;
    buf_init(&big, 64 << 20), buf_init(&archive, 64 << 20), buf_init(&out, 1 << 20);
    char *room = buf_room(&big, 32 << 20);
    memset(room, ' ', 32 << 20);
    assert_int_equal(zip_write_one("OQSmuquc02res_1.xml", str_of(room, 32 << 20), &archive, NULL), ERR_OK);
    assert_true(archive.n < 1 << 20);
    assert_int_equal(zip_read_one(buf_str(&archive), S("OQSmuquc02res_"), &out, NULL), ERR_LIMIT);
    assert_true(out.n <= 1 << 20);
    buf_reset(&out);
    assert_int_equal(zip_read_one(buf_str(&archive), S("OQSmuimm02res_"), &out, NULL), ERR_NOT_FOUND);
    assert_int_equal(zip_read_one(S("no archive"), S("O"), &out, NULL), ERR_SYNTAX);
    assert_int_equal(zip_read_one(str_head(buf_str(&archive), archive.n / 2), S("O"), &out, NULL), ERR_SYNTAX);
    buf_fini(&big), buf_fini(&archive), buf_fini(&out);
}

int main(void) {
#define folders_test(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        folders_test(a_request_becomes_a_response_of_its_name),
        folders_test(utf8_is_said_and_written),
        folders_test(a_name_that_shift_jis_cannot_hold_is_told),
        folders_test(names_that_are_not_ours_are_left_alone),
        folders_test(every_kind_goes_to_its_place),
        folders_test(what_is_no_message_is_tried_for_three_seconds_and_put_aside),
        folders_test(a_half_written_request_is_answered_when_it_is_whole),
        folders_test(a_request_of_ten_megabytes_is_refused),
        folders_test(a_centre_that_refuses_is_not_a_silent_one),
        folders_test(a_silent_centre_is_asked_again_until_nobody_waits),
        folders_test(replies_of_the_centre_are_taken_for_what_they_are),
        folders_test(a_fault_is_named_with_its_line_in_the_file),
        folders_test(a_bulk_result_may_come_as_zip),
        folders_test(status_steps_in_utf8_have_a_byte_order_mark),
        folders_test(single_questions_go_before_bulk_ones),
        folders_test(unread_results_are_cleared_in_time),
        folders_test(a_second_window_is_kept_out),
        folders_test(a_cards_result_is_put_into_face),
        folders_test(wherever_the_window_ends_nothing_is_lost_and_nothing_doubled),
        folders_test(a_zip_bomb_and_damaged_archives_are_refused),
    };
    return cmocka_run_group_tests_name("the receipt computer's folders", tests, NULL, NULL);
}
