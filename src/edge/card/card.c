#include "edge/card/card.h"

#include "edge/card/apdu.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509.h>

enum { CLA_ISO = 0x00, CLA_OWN = 0x80, INS_VERIFY = 0x20, INS_SIGN = 0x2a, INS_SELECT = 0xa4, INS_READ = 0xb0 };
enum { INS_GET_RESPONSE = 0xc0, BY_FILE = 0x02, BY_NAME = 0x04, NO_CONTROL_DATA = 0x0c, THE_CURRENT_FILE = 0x80 };
enum { SIGNATURE_MAX = 1024, DIGEST_INFO_SHA256 = 19, DIGEST = 32 };

#define STATUS_WORD(value, mask, outcome, ja, en) {value, mask, {ja, sizeof ja - 1}, {en, sizeof en - 1}},
static const struct {
    uint16_t value, mask;
    struct str ja, en;
} status_words[CARD_OUTCOMES] = {
#include "edge/card/status_word.def"
    {0, 0, {"カードの知らない応答です", sizeof "カードの知らない応答です" - 1}, {"a status that is not known", 26}},
};
#undef STATUS_WORD

enum card_outcome card_outcome(uint16_t status) {
    for (enum card_outcome o = 0; o < CARD_UNKNOWN_STATUS; o++)
        if ((status & status_words[o].mask) == status_words[o].value) return o;
    return CARD_UNKNOWN_STATUS;
}

struct str card_outcome_ja(enum card_outcome o) {
    return status_words[o].ja;
}
struct str card_outcome_en(enum card_outcome o) {
    return status_words[o].en;
}

/* ---- one command, with what belongs to its answer ---- */

static enum err send_once(struct reader *r, const struct apdu *a, struct buf *data, uint16_t *status, struct diag *d) {
    char room[APDU_MAX], got[APDU_ANSWER_MAX];
    struct buf command = buf_over(room, sizeof room), raw = buf_over(got, sizeof got);
    struct apdu_answer answer;
    apdu_put(&command, a);
    enum err e = reader_send(r, buf_str(&command), &raw, d);
    OPENSSL_cleanse(room, sizeof room); /* it may have held a PIN */
    TRY(e);
    if (!buf_ok(&raw) || !apdu_answer_read(buf_str(&raw), &answer))
        return diag_set(d, ERR_SYNTAX, "card", "no answer of a card");
    *status = answer.status;
    if (data == NULL) return ERR_OK;
    bool fits = answer.data.n <= data->limit - data->n;
    buf_put(data, answer.data);
    if (buf_ok(data)) return ERR_OK;
    return fits ? diag_set(d, ERR_MEMORY, "card", NULL) : diag_set(d, ERR_LIMIT, "card", "an answer too long");
}

/* 6Cxx is asked again with the length it names, 61xx is fetched: readers for T=0 leave that to us. */
static enum err ask(struct reader *r, struct apdu a, struct buf *data, struct card_result *result, struct diag *d) {
    uint16_t status = 0;
    TRY(send_once(r, &a, data, &status, d));
    for (unsigned round = 0; round < CARD_ROUNDS_MAX; round++) {
        *result = (struct card_result){card_outcome(status), status, 0};
        unsigned n = status & 0xff ? status & 0xff : APDU_LE_ALL;
        if (result->outcome == CARD_PIN_WRONG) result->tries_left = status & 0xf;
        if (result->outcome == CARD_OTHER_LENGTH) a.le = n;
        else if (result->outcome == CARD_MORE) a = (struct apdu){.cla = CLA_ISO, .ins = INS_GET_RESPONSE, .le = n};
        else return ERR_OK;
        TRY(send_once(r, &a, data, &status, d));
    }
    return diag_set(d, ERR_SYNTAX, "card", "an answer without an end");
}

enum err card_select(struct reader *r, enum application a, struct card_result *result, struct diag *d) {
    const struct apdu select = {
        .cla = CLA_ISO, .ins = INS_SELECT, .p1 = BY_NAME, .p2 = NO_CONTROL_DATA, .data = application_name(a)};
    return ask(r, select, NULL, result, d);
}

static enum err select_file(struct reader *r, enum application_file f, struct card_result *result, struct diag *d) {
    const uint16_t number = application_files[f].id;
    const char id[2] = {(char)(number >> 8), (char)(number & 0xff)};
    const struct apdu select = {
        .cla = CLA_ISO, .ins = INS_SELECT, .p1 = BY_FILE, .p2 = NO_CONTROL_DATA, .data = {id, sizeof id}};
    return ask(r, select, NULL, result, d);
}

/* ---- files ---- */

/* How long a DER object is, from its first bytes: tag SEQUENCE, then a length of one byte, or of one or two more (X.690, 8.1.3). */
static bool der_size(struct str head, size_t *out) {
    const unsigned char *p = (const unsigned char *)head.p;
    if (head.n < 4 || p[0] != 0x30) return false;
    if (p[1] < 0x80) *out = 2u + p[1];
    else if (p[1] == 0x81 && p[2] >= 0x80) *out = 3u + p[2];
    else if (p[1] == 0x82 && p[2] > 0) *out = 4u + ((size_t)p[2] << 8 | p[3]);
    else return false;
    return *out <= CARD_FILE_MAX;
}

enum err card_read(struct reader *r, enum application_file f, struct buf *out, struct card_result *result,
                   struct diag *d) {
    const struct file_row *row = &application_files[f];
    size_t start = out->n, size = row->size;
    invariant(row->kind == FILE_KIND_DATA);
    TRY(select_file(r, f, result, d));
    for (unsigned round = 0; result->outcome == CARD_DONE && (size == 0 || out->n - start < size); round++) {
        size_t at = out->n - start;
        unsigned want = size && size - at < APDU_LE_ALL ? (unsigned)(size - at) : APDU_LE_ALL;
        const struct apdu read = {
            .cla = CLA_ISO, .ins = INS_READ, .p1 = (uint8_t)(at >> 8), .p2 = (uint8_t)(at & 0xff), .le = want};
        TRY(ask(r, read, out, result, d));
        if (result->outcome != CARD_DONE && result->outcome != CARD_END_OF_FILE) break;
        if (size == 0 && !der_size(str_skip(buf_str(out), start), &size))
            return diag_set(d, ERR_SYNTAX, row->en, "no DER object");
        bool whole = out->n - start >= size;
        if (!whole && (result->outcome == CARD_END_OF_FILE || out->n - start == at || round == CARD_ROUNDS_MAX))
            return diag_set(d, ERR_SYNTAX, row->en, "shorter than it says");
        if (whole) result->outcome = CARD_DONE;
    }
    buf_cut(out, result->outcome == CARD_DONE ? start + size : start);
    return ERR_OK;
}

#define TOKEN(name, text, ja, en) {text, sizeof text - 1},
static const struct str token_names[TOKEN_UNKNOWN] = {
#include "edge/card/token.def"
};
#undef TOKEN

enum err card_read_token(struct reader *r, enum card_token *out, struct card_result *result, struct diag *d) {
    struct buf bytes;
    *out = TOKEN_UNKNOWN;
    buf_init(&bytes, CARD_FILE_MAX);
    enum err e = card_read(r, FILE_TOKEN, &bytes, result, d);
    struct str name = str_trim(str_head(buf_str(&bytes), TOKEN_NAME_BYTES));
    for (enum card_token t = 0; e == ERR_OK && t < TOKEN_UNKNOWN; t++)
        if (str_eq(name, token_names[t])) *out = t;
    buf_fini(&bytes);
    return e;
}

/* ---- PINs ---- */

static enum err send_pin(struct reader *r, enum pin p, struct str pin, struct card_result *result, struct diag *d) {
    const struct apdu verify = {.cla = CLA_ISO, .ins = INS_VERIFY, .p2 = THE_CURRENT_FILE, .data = pin};
    TRY(select_file(r, pin_rows[p].file, result, d));
    return result->outcome == CARD_DONE ? ask(r, verify, NULL, result, d) : ERR_OK;
}

enum err card_tries(struct reader *r, enum pin p, struct card_result *result, struct diag *d) {
    return send_pin(r, p, S(""), result, d);
}

enum err card_verify(struct reader *r, enum pin p, struct str pin, struct card_result *result, struct diag *d) {
    char room[PIN_BYTES_MAX];
    if (pin.n > sizeof room) return diag_set(d, ERR_VALUE, "PIN", NULL);
    for (size_t i = 0; i < pin.n; i++) room[i] = (char)(pin.p[i] >= 'a' && pin.p[i] <= 'z' ? pin.p[i] - 32 : pin.p[i]);
    struct str capitals = str_of(room, pin.n);
    enum err e = pin_fits(p, capitals) ? send_pin(r, p, capitals, result, d) : diag_set(d, ERR_VALUE, "PIN", NULL);
    OPENSSL_cleanse(room, sizeof room);
    return e;
}

/* ---- signatures ---- */

/* RSA with SHA-256, as every card has so far: the card puts PKCS #1's padding around the DigestInfo (RFC 8017, 9.2). The next card's
 * P-384 with SHA-384 comes here, when somebody knows how it wants to be asked. */
static bool put_hash(EVP_PKEY *public_key, struct str message, struct buf *out) {
    static const char digest_info[] = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    unsigned char hash[DIGEST];
    if (!EVP_PKEY_is_a(public_key, "RSA")) return false;
    if (!EVP_Q_digest(NULL, "SHA256", NULL, message.p, message.n, hash, NULL)) return false;
    buf_put(out, str_of(digest_info, DIGEST_INFO_SHA256));
    buf_put(out, str_of(hash, sizeof hash));
    return true;
}

enum err card_sign(struct reader *r, enum pin p, EVP_PKEY *public_key, struct str message, struct buf *signature,
                   struct card_result *result, struct diag *d) {
    char room[DIGEST_INFO_SHA256 + DIGEST];
    struct buf hash = buf_over(room, sizeof room);
    size_t start = signature->n, size = (size_t)EVP_PKEY_get_size(public_key);
    if (!put_hash(public_key, message, &hash)) return diag_set(d, ERR_NOT_SUPPORTED, "card", "its kind of key");
    TRY(select_file(r, pin_rows[p].key, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    const struct apdu sign = {
        .cla = CLA_OWN, .ins = INS_SIGN, .p2 = THE_CURRENT_FILE, .data = buf_str(&hash), .le = APDU_LE_ALL};
    TRY(ask(r, sign, signature, result, d));
    if (result->outcome == CARD_DONE && signature->n - start != size)
        return diag_set(d, ERR_SYNTAX, "card", "a signature of another size than its key's");
    if (result->outcome != CARD_DONE) buf_cut(signature, start);
    return ERR_OK;
}

/* ---- the whole session ---- */

void card_proof_init(struct card_proof *p) {
    *p = (struct card_proof){.token = TOKEN_UNKNOWN};
    buf_init(&p->certificate, CARD_FILE_MAX);
    buf_init(&p->signature, SIGNATURE_MAX);
}

void card_proof_fini(struct card_proof *p) {
    buf_fini(&p->certificate);
    buf_fini(&p->signature);
}

static enum err sign_with(struct reader *r, struct str challenge, struct card_proof *out, struct diag *d) {
    const unsigned char *der = (const unsigned char *)out->certificate.p;
    X509 *certificate = d2i_X509(NULL, &der, (long)out->certificate.n);
    EVP_PKEY *key = certificate ? X509_get0_pubkey(certificate) : NULL;
    enum err e = key ? card_sign(r, PIN_AUTH, key, challenge, &out->signature, &out->result, d)
                     : diag_set(d, ERR_SYNTAX, "card", "no certificate with a key");
    X509_free(certificate);
    ERR_clear_error();
    return e;
}

static bool unlocked(const struct card_result *r) {
    return r->outcome == CARD_DONE || r->outcome == CARD_PIN_WRONG || r->outcome == CARD_NO_LIMIT;
}

enum err card_prove(struct reader *r, struct str pin, struct str challenge, struct card_proof *out, struct diag *d) {
    struct card_result *result = &out->result;
    out->step = CARD_STEP_SELECT;
    TRY(card_select(r, APPLICATION_JPKI, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    out->step = CARD_STEP_TOKEN;
    TRY(card_read_token(r, &out->token, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    out->step = CARD_STEP_TRIES;
    TRY(card_tries(r, PIN_AUTH, result, d));
    if (!unlocked(result)) return ERR_OK;
    out->step = CARD_STEP_PIN;
    TRY(card_verify(r, PIN_AUTH, pin, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    /* After the PIN: Android wants it even for this certificate. */
    out->step = CARD_STEP_CERTIFICATE;
    TRY(card_read(r, FILE_AUTH_CERTIFICATE, &out->certificate, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    out->step = CARD_STEP_SIGN;
    return sign_with(r, challenge, out, d);
}
