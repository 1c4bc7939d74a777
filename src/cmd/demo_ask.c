#include "base/cp932.h"
#include "base/json.h"
#include "base/world.h"
#include "cmd/demo.h"
#include "edge/fhir/systems.h"
#include "edge/receipt/tree.h"
#include "net/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MESSAGE_MAX = 64 << 10, ARENA = 1 << 20, FOLDER_WAIT_MS = 10 * 1000 };

struct demo_line {
    struct client *client;
    char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
};

enum err demo_line_open(struct demo_line **out, const char *folder, const char *centre, struct diag *d) {
    struct demo_line *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "demo", NULL);
    const char *clinic = "keys/institutions/" DEMO_INSTITUTION;
    int n = snprintf(l->ca, sizeof l->ca, "%s/keys/ca.pem", folder);
    int m = snprintf(l->certificate, sizeof l->certificate, "%s/%s/cert.pem", folder, clinic);
    int k = snprintf(l->key, sizeof l->key, "%s/%s/key.pem", folder, clinic);
    struct client_settings s = {.centre = centre, .ca = l->ca, .certificate = l->certificate, .key = l->key};
    enum err e = n < PATH_MAX && m < PATH_MAX && k < PATH_MAX ? client_open(&l->client, &s, d)
                                                              : diag_set(d, ERR_LIMIT, "path", NULL);
    const struct client_reply *reply;
    if (e == ERR_OK)
        e = client_get(l->client, "/health", &reply, d); /* the handshake, so that no answer's time holds it */
    if (e == ERR_OK) return *out = l, ERR_OK;
    if (l->client) client_close(l->client);
    free(l);
    return e;
}

void demo_line_close(struct demo_line *l) {
    if (l == NULL) return;
    client_close(l->client);
    free(l);
}

/* ---- the question as each side writes it ---- */

static void put_day(struct buf *b, const char *day) { /* 2026-11-22 as the field writes it */
    for (; *day; day++)
        if (*day != '-') buf_putc(b, *day);
}

static void put_element(struct buf *b, enum demo_way way, const char *name, const char *value, bool day) {
    if (value[0] == 0) return;
    if (way == DEMO_FOLDER) buf_printf(b, "<%s>", name);
    else buf_printf(b, "%s\"%s\":\"", b->p[b->n - 1] == '{' ? "" : ",", name);
    if (day) put_day(b, value);
    else buf_puts(b, value);
    if (way == DEMO_FOLDER) buf_printf(b, "</%s>", name);
    else buf_putc(b, '"');
}

static void put_field(struct buf *b, enum demo_way way, const struct demo_person *p) {
    bool xml = way == DEMO_FOLDER;
    buf_puts(b, xml ? "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?>\n<XmlMsg><MessageHeader>"
                    : "{\"XmlMsg\":{\"MessageHeader\":{");
    put_element(b, way, "MedicalInstitutionCode", DEMO_INSTITUTION, false);
    put_element(b, way, "QualificationConfirmationDate", p->on, true);
    put_element(b, way, "ArbitraryFileIdentifier", "demo", false);
    buf_puts(b, xml ? "</MessageHeader>\n<MessageBody><QualificationConfirmSearchInfo>"
                    : "},\"MessageBody\":{\"QualificationConfirmSearchInfo\":{");
    put_element(b, way, "InsurerNumber", p->insurer, false);
    put_element(b, way, "InsuredCardSymbol", p->symbol, false);
    put_element(b, way, "InsuredIdentificationNumber", p->number, false);
    put_element(b, way, "InsuredBranchNumber", p->branch, false);
    put_element(b, way, "Birthdate", p->birth, true);
    put_element(b, way, "LimitApplicationCertificateRelatedConsFlg", "0", false);
    buf_puts(b, xml ? "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>\n" : "}}}}\n");
}

static void put_insured(struct buf *b, const char *name, const char *value, bool *any) {
    if (value[0] == 0) return;
    buf_printf(b,
               "%s{\"url\":\"http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson%s\","
               "\"valueString\":\"%s\"}",
               *any ? "," : "", name, value);
    *any = true;
}

static void put_fhir(struct buf *b, const struct demo_person *p) {
    bool any = false;
    buf_puts(b, "{\"resourceType\":\"CoverageEligibilityRequest\",\"status\":\"active\",\"purpose\":[\"validation\","
                "\"benefits\"],\n\"contained\":[");
    buf_printf(b, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"birthDate\":\"%s\"},\n", p->birth);
    buf_puts(b, " {\"resourceType\":\"Coverage\",\"id\":\"c\",\"status\":\"active\",\"extension\":[");
    put_insured(b, "Symbol", p->symbol, &any);
    put_insured(b, "Number", p->number, &any);
    put_insured(b, "SubNumber", p->branch, &any);
    buf_puts(b, "],\"beneficiary\":{\"reference\":\"#p\"},\"payor\":[{\"reference\":\"#i\"}]},\n");
    buf_printf(
        b,
        " {\"resourceType\":\"Organization\",\"id\":\"i\",\"identifier\":[{\"system\":\"%s\",\"value\":\"%s\"}]}],\n",
        "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber", p->insurer);
    buf_puts(b, "\"patient\":{\"reference\":\"#p\"},\"insurer\":{\"reference\":\"#i\"},"
                "\"insurance\":[{\"coverage\":{\"reference\":\"#c\"}}],\n");
    buf_printf(b, "\"servicedDate\":\"%s\",\"created\":\"%s\"}\n", p->on, p->on);
}

void demo_put_question(struct buf *out, enum demo_way way, const struct demo_person *p) {
    if (way == DEMO_FHIR) put_fhir(out, p);
    else put_field(out, way, p);
}

/* ---- the answer as each side reads it ---- */

static void keep(struct str s, char *out, size_t size) {
    if (!str_to_c(str_head(s, size - 1), out, size)) out[0] = 0;
}

static unsigned number_of(struct str s, unsigned otherwise) {
    uint64_t n;
    return str_uint(s, 999, &n) ? (unsigned)n : otherwise;
}

static void read_field(const struct tree *message, struct demo_answer *a) {
    const struct tree *body = tree_child(message, S("MessageBody"));
    const struct tree *list = tree_child(body, S("ResultList"));
    const struct tree *r = tree_child(list, S("ResultOfQualificationConfirmation"));
    const struct tree *elderly = tree_child(r, S("ElderlyRecipientCertificateInfo"));
    struct str share = tree_text(elderly, S("ElderlyRecipientContributionRatio"));
    a->validity = number_of(tree_text(body, S("QualificationValidity")), 0);
    a->ratio = number_of(str_empty(share) ? tree_text(r, S("InsuredPartialContributionRatio")) : share, 255);
    keep(tree_text(r, S("Name")), a->name, sizeof a->name);
    keep(tree_text(r, S("InsurerName")), a->insurer_name, sizeof a->insurer_name);
    keep(tree_text(r, S("SubstitutedCharacters")), a->substituted, sizeof a->substituted);
}

static struct json contained(struct json v, struct str type) {
    for (struct json r = json_first(json_get(v, "contained")); !json_none(r); r = json_next(r)) {
        struct str s;
        if (json_str(json_get(r, "resourceType"), &s) && str_eq(s, type)) return r;
    }
    return (struct json){0};
}

static void keep_json(struct json v, const char *name, char *out, size_t size) {
    struct str s;
    if (json_str(json_get(v, name), &s)) keep(s, out, size);
}

static void read_fhir(struct json v, struct demo_answer *a) {
    struct str url;
    uint64_t n;
    for (struct json x = json_first(json_get(v, "extension")); !json_none(x); x = json_next(x)) {
        struct str code = {0};
        if (!json_str(json_get(x, "url"), &url) || !str_ends(url, S("/validity"))) continue;
        if (json_str(json_get(json_get(x, "valueCoding"), "code"), &code)) a->validity = number_of(code, 0);
    }
    struct json share = json_first(json_get(contained(v, S("Coverage")), "costToBeneficiary"));
    if (json_uint(json_get(json_get(share, "valueQuantity"), "value"), 100, &n)) a->ratio = (unsigned)n;
    keep_json(json_first(json_get(contained(v, S("Patient")), "name")), "text", a->name, sizeof a->name);
    keep_json(contained(v, S("Organization")), "name", a->insurer_name, sizeof a->insurer_name);
}

static enum err read_answer(enum demo_way way, struct str body, struct demo_answer *a, struct diag *d) {
    struct arena arena;
    struct tree *t = NULL;
    struct json v;
    arena_init(&arena, ARENA);
    enum err e = way == DEMO_FHIR   ? json_read(&arena, body, &v, d)
                 : way == DEMO_JSON ? tree_read_json(&arena, body, &t, d)
                                    : tree_read_xml(&arena, body, &t, d);
    if (e == ERR_OK && way == DEMO_FHIR) read_fhir(v, a);
    else if (e == ERR_OK) read_field(t, a);
    arena_fini(&arena);
    if (e == ERR_OK && a->validity == 0) e = diag_set(d, ERR_VALUE, "answer", "it is a refusal");
    return e;
}

/* ---- asking ---- */

static int64_t now_us(void) { return world_real()->steady_us(world_real()); }

enum err demo_ask(struct demo_line *l, enum demo_way way, const struct demo_person *p, struct demo_answer *out,
                  struct diag *d) {
    const char *path =
        way == DEMO_FHIR ? "/fhir/R4/CoverageEligibilityRequest/$submit" : "/MSA01030/ILI01030SV01/search";
    const struct client_reply *reply = NULL;
    struct buf b;
    *out = (struct demo_answer){.ratio = 255};
    buf_init(&b, MESSAGE_MAX);
    demo_put_question(&b, way, p);
    int64_t began = now_us();
    enum err e = client_post(l->client, path, way == DEMO_FHIR ? "application/fhir+json" : "application/json",
                             buf_str(&b), &reply, d);
    out->us = now_us() - began;
    buf_fini(&b);
    return e == ERR_OK ? read_answer(way, buf_str(&reply->body), out, d) : e;
}

static enum err put_request(const char *path, const struct demo_person *p, struct diag *d) {
    struct cp932 c;
    struct buf b, sjis;
    TRY(cp932_open(&c, d));
    buf_init(&b, MESSAGE_MAX), buf_init(&sjis, MESSAGE_MAX);
    demo_put_question(&b, DEMO_FOLDER, p);
    enum err e = cp932_encode(&c, buf_str(&b), &sjis) == b.n ? ERR_OK : diag_set(d, ERR_CP932, "request", NULL);
    if (e == ERR_OK) e = world_replace_file(world_real(), path, buf_str(&sjis), 0600, d);
    buf_fini(&b), buf_fini(&sjis), cp932_close(&c);
    return e;
}

enum err demo_ask_folder(const char *folder, const struct demo_person *p, unsigned nth, struct demo_answer *out,
                         struct diag *d) {
    char request[PATH_MAX], result[PATH_MAX];
    struct stat st;
    struct buf b;
    *out = (struct demo_answer){.ratio = 255};
    int n = snprintf(request, sizeof request, "%s/oqs/req/OQSsiquc01req_demo%u.xml", folder, nth);
    int m = snprintf(result, sizeof result, "%s/oqs/res/OQSsiquc01res_demo%u.xml", folder, nth);
    if (n >= PATH_MAX || m >= PATH_MAX) return diag_set(d, ERR_LIMIT, "path", NULL);
    int64_t began = now_us();
    TRY(put_request(request, p, d));
    while (stat(result, &st) != 0) {
        if (demo_stopped()) return diag_set(d, ERR_BUSY, "", "stopped");
        if (now_us() - began > FOLDER_WAIT_MS * 1000) return diag_set(d, ERR_TIMEOUT, result, "no answer came");
        (void)usleep(500);
    }
    out->us = now_us() - began;
    buf_init(&b, MESSAGE_MAX);
    enum err e = world_read_file(world_real(), result, &b, d);
    if (e == ERR_OK) e = read_answer(DEMO_FOLDER, buf_str(&b), out, d);
    buf_fini(&b);
    return e;
}
