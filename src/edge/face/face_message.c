#include "edge/face/face_message.h"

#include "base/json.h"

#include <sodium.h>

#define FACE_ANSWER(name, code, ja, en) code,
static const char *const answers[FACE_ANSWERS] = {
#include "core/face_answer.def"
};
#undef FACE_ANSWER

static const char *const members[] = {"form", "nonce", "visit", "card", "answer", "device", "signature"};

void face_question_put(struct buf *out, const struct face_question *q) {
    buf_printf(out, "{\"form\":\"" FACE_FORM "\",\"nonce\":\"%s\",\"visit\":\"%s\",\"card\":\"%s\"}\n", q->nonce,
               q->visit, q->card);
}

void face_signed_put(struct buf *out, const struct face_question *q, enum face_answer answer, const char *device) {
    buf_printf(out, FACE_FORM "\n%s\n%s\n%s\n%s\n%s\n", q->nonce, q->visit, q->card, answers[answer], device);
}

bool face_device_name(struct str name) {
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0))) return false;
    }
    return name.n > 0 && name.n <= FACE_DEVICE_MAX;
}

/* ---- a reply ---- */

static bool is_member(struct str name) {
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (str_eq(name, str_c(members[i]))) return true;
    return false;
}

/* Nothing but text in the members that there are: nowhere could a score or a picture stand. */
static enum err check_members(struct json root, struct diag *d) {
    struct str text;
    if (json_kind(root) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "", NULL);
    for (struct json v = json_first(root); !json_none(v); v = json_next(v)) {
        if (!is_member(json_name(v))) return diag_set(d, ERR_UNKNOWN, "", "a member that the form does not have");
        if (!json_str(v, &text)) return diag_set(d, ERR_VALUE, "", "every member is text");
    }
    return ERR_OK;
}

static enum err text_of(struct json root, const char *name, struct str *out, struct diag *d) {
    return json_str(json_get(root, name), out) ? ERR_OK : diag_set(d, ERR_MISSING, name, NULL);
}

static enum err must_be(struct json root, const char *name, const char *want, enum err otherwise, struct diag *d) {
    struct str got;
    TRY(text_of(root, name, &got, d));
    return str_eq(got, str_c(want)) ? ERR_OK : diag_set(d, otherwise, name, NULL);
}

static enum err read_answer(struct json root, enum face_answer *out, struct diag *d) {
    struct str text;
    TRY(text_of(root, "answer", &text, d));
    for (int i = 0; i < FACE_ANSWERS; i++)
        if (str_eq(text, str_c(answers[i]))) return *out = (enum face_answer)i, ERR_OK;
    return diag_set(d, ERR_VALUE, "answer", NULL);
}

static enum err read_signature(struct json root, struct face_reply *r, struct diag *d) {
    struct str hex;
    const char *end = NULL;
    TRY(text_of(root, "signature", &hex, d));
    if (hex.n == 0 || hex.n > FACE_SIGNATURE_MAX) return diag_set(d, ERR_VALUE, "signature", NULL);
    bool good = sodium_hex2bin(r->signature, sizeof r->signature, hex.p, hex.n, NULL, &r->signature_bytes, &end) == 0;
    return good && end == hex.p + hex.n ? ERR_OK : diag_set(d, ERR_VALUE, "signature", NULL);
}

static enum err read_members(struct json root, const struct face_question *q, struct face_reply *out, struct diag *d) {
    struct str device;
    TRY(check_members(root, d));
    TRY(must_be(root, "form", FACE_FORM, ERR_VERSION, d));
    TRY(must_be(root, "nonce", q->nonce, ERR_CONFLICT, d));
    TRY(must_be(root, "visit", q->visit, ERR_CONFLICT, d));
    TRY(must_be(root, "card", q->card, ERR_CONFLICT, d));
    TRY(read_answer(root, &out->answer, d));
    TRY(text_of(root, "device", &device, d));
    if (!face_device_name(device) || !str_to_c(device, out->device, sizeof out->device))
        return diag_set(d, ERR_VALUE, "device", NULL);
    return read_signature(root, out, d);
}

enum err face_reply_read(struct str line, const struct face_question *q, struct face_reply *out, struct diag *d) {
    struct arena a;
    struct json root;
    *out = (struct face_reply){0};
    if (line.n > FACE_LINE_MAX) return diag_set(d, ERR_LIMIT, "", NULL);
    arena_init(&a, FACE_ARENA_MAX);
    enum err e = json_read(&a, line, &root, d);
    if (e != ERR_OK) e = diag_set(d, e, "", NULL);
    else e = read_members(root, q, out, d);
    arena_fini(&a);
    return e;
}

/* ---- its signature ---- */

static const EVP_MD *digest_of(EVP_PKEY *key, bool *known) {
    *known = EVP_PKEY_is_a(key, "ED25519") == 1;
    if (*known) return NULL;
    *known = EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_bits(key) == 256;
    return EVP_sha256();
}

enum err face_reply_verify(const struct face_reply *r, const struct face_question *q, EVP_PKEY *key, struct diag *d) {
    char room[FACE_LINE_MAX];
    struct buf said = buf_over(room, sizeof room);
    bool known;
    const EVP_MD *digest = digest_of(key, &known);
    if (!known) return diag_set(d, ERR_NOT_SUPPORTED, "key", "Ed25519 or P-256");
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (c == NULL) return diag_set(d, ERR_MEMORY, "key", NULL);
    face_signed_put(&said, q, r->answer, r->device);
    bool good = EVP_DigestVerifyInit(c, NULL, digest, NULL, key) == 1 &&
                EVP_DigestVerify(c, r->signature, r->signature_bytes, (const unsigned char *)said.p, said.n) == 1;
    EVP_MD_CTX_free(c);
    return good ? ERR_OK : diag_set(d, ERR_UNAUTHENTICATED, "signature", NULL);
}
