#include "edge/card/virtual_card.h"

#include "edge/card/virtual_sign.h"

enum { TOKEN_BYTES = 160 }; /* the row of application_file.def */
enum { INS_VERIFY = 0x20, INS_SIGN = 0x2a, INS_SELECT = 0xa4, INS_READ = 0xb0, CLA_ISO = 0x00, CLA_OWN = 0x80 };
enum { BY_FILE = 0x02, BY_NAME = 0x04, NO_CONTROL_DATA = 0x0c };
enum {
    DONE = 0x9000,
    TRIES_LEFT = 0x63c0,
    LENGTH = 0x6700,
    PIN_NEEDED = 0x6982,
    PIN_LOCKED = 0x6984,
    NO_CURRENT_FILE = 0x6986,
    NO_FILE = 0x6a82,
    PARAMETERS = 0x6a86,
    PAST_END = 0x6b00,
    NO_INSTRUCTION = 0x6d00,
    NO_CLASS = 0x6e00,
    NO_DIAGNOSIS = 0x6f00,
};

enum err virtual_card_init(struct virtual_card *c, const struct virtual_card_plan *plan, struct diag *d) {
    if (!pin_fits(PIN_AUTH, plan->pin)) return diag_set(d, ERR_VALUE, "--pin", "数字 4 桁 / 4 digits");
    if (!pin_fits(PIN_SIGN, plan->sign_pin))
        return diag_set(d, ERR_VALUE, "--sign-pin",
                        "英大文字と数字を両方使った 6 から 16 文字 / 6 to 16 of A-Z and 0-9, at least one of each");
    *c = (struct virtual_card){.plan = *plan};
    for (enum pin p = PIN_AUTH; p < PIN_COUNT; p++) c->tries[p] = plan->locked || plan->pinless ? 0 : pin_rows[p].tries;
    return ERR_OK;
}

static void leave_application(struct virtual_card *c) {
    c->selected = false, c->file = NULL;
    for (enum pin p = PIN_AUTH; p < PIN_COUNT; p++) c->verified[p] = false;
}

void virtual_card_reset(struct virtual_card *c) { leave_application(c); }

struct str virtual_card_atr(void) {
    return S("\x3b\xe0\x00\xff\x81\x31\xfe\x45\x14");
}

static bool is_open(const struct virtual_card *c, enum pin p) { return p == PIN_NONE || c->verified[p]; }

/* ---- SELECT ---- */

static uint16_t select_name(struct virtual_card *c, const struct apdu *a) {
    if (!str_eq(a->data, application_name(APPLICATION_JPKI))) return NO_FILE;
    if (a->p2 != NO_CONTROL_DATA) return PARAMETERS;
    leave_application(c);
    c->selected = true;
    return DONE;
}

static uint16_t select_file(struct virtual_card *c, const struct apdu *a) {
    if (a->p2 != NO_CONTROL_DATA) return PARAMETERS;
    if (a->data.n != 2) return LENGTH;
    const struct file_row *row =
        file_by_id(APPLICATION_JPKI, (uint16_t)((unsigned char)a->data.p[0] << 8 | (unsigned char)a->data.p[1]));
    if (!c->selected || row == NULL) return NO_FILE;
    c->file = row;
    return DONE;
}

static uint16_t select_any(struct virtual_card *c, const struct apdu *a) {
    if (a->p1 == BY_NAME) return select_name(c, a);
    if (a->p1 == BY_FILE) return select_file(c, a);
    if (a->p1 != 0) return PARAMETERS;
    /* There is no useful root: without a file id it does nothing in an application, and 3F00 is not there. */
    if (a->data.n) return NO_FILE;
    return c->selected ? DONE : PARAMETERS;
}

/* ---- READ BINARY ---- */

/* A file as it stands in the card. `room` of TOKEN_BYTES holds what the card writes itself. */
static struct str contents(const struct virtual_card *c, enum application_file f, char room[TOKEN_BYTES]) {
    static const char name[] = "JPKIAPICCTOKEN2";
    switch (f) {
    case FILE_TOKEN:
        memset(room, 0, TOKEN_BYTES);
        memset(room, ' ', TOKEN_NAME_BYTES);
        memcpy(room, name, sizeof name - 1);
        return str_of(room, TOKEN_BYTES);
    case FILE_PRESENT:
        memset(room, 0, 3);
        if (!c->plan.pinless) room[0] = (char)CERTIFICATE_PRESENT;
        room[1] = (char)CERTIFICATE_PRESENT;
        return str_of(room, 3);
    default: return c->plan.files[f];
    }
}

static bool has_filler(enum application_file f) { return f != FILE_TOKEN && f != FILE_PRESENT; }

static uint16_t read_binary(struct virtual_card *c, const struct apdu *a, struct buf *out) {
    size_t offset = (size_t)a->p1 << 8 | a->p2;
    if (a->data.n || a->le == 0) return LENGTH;
    if (a->p1 & SHORT_ID_GIVEN) {
        const struct file_row *row = c->selected ? file_by_short_id(APPLICATION_JPKI, a->p1 & SHORT_ID_MASK) : NULL;
        if (row == NULL) return NO_FILE;
        c->file = row, offset = a->p2;
    }
    if (c->file == NULL) return NO_CURRENT_FILE;
    if (c->file->kind != FILE_KIND_DATA || !is_open(c, c->file->pin)) return PIN_NEEDED;
    char room[TOKEN_BYTES];
    enum application_file f = file_of(c->file);
    struct str bytes = contents(c, f, room);
    if (str_empty(bytes)) return NO_FILE; /* a card without PINs has no signature certificate */
    size_t size = bytes.n + (has_filler(f) ? VIRTUAL_CARD_FILLER : 0);
    if (offset >= size) return PAST_END;
    size_t n = size - offset < a->le ? size - offset : a->le;
    for (size_t i = offset; i < offset + n; i++) buf_putc(out, i < bytes.n ? bytes.p[i] : (char)0xff);
    return DONE; /* also when it is less than was asked for (JICSAP 6.4.1) */
}

/* ---- VERIFY and SIGN ---- */

/* The file that P2 names, of the kind asked for; a refusal otherwise. */
static uint16_t referred(struct virtual_card *c, uint8_t p2, enum file_kind kind, const struct file_row **out) {
    if (!(p2 & SHORT_ID_GIVEN)) return PARAMETERS;
    if (p2 & SHORT_ID_MASK) {
        const struct file_row *row = c->selected ? file_by_short_id(APPLICATION_JPKI, p2 & SHORT_ID_MASK) : NULL;
        if (p2 & ~(SHORT_ID_GIVEN | SHORT_ID_MASK)) return PARAMETERS;
        if (row == NULL || row->kind != kind) return NO_FILE;
        c->file = row;
    }
    if (c->file == NULL || c->file->kind != kind) return NO_CURRENT_FILE;
    *out = c->file;
    return DONE;
}

static uint16_t verify(struct virtual_card *c, const struct apdu *a) {
    const struct file_row *row = NULL;
    if (a->p1 != 0) return PARAMETERS;
    uint16_t refused = referred(c, a->p2, FILE_KIND_PIN, &row);
    if (refused != DONE) return refused;
    enum pin p = row->pin;
    /* Asking without a PIN spends no try (JICSAP 6.4.9); of a locked one it says 63C0, where a PIN would get 6984. */
    if (a->data.n == 0) return c->verified[p] ? DONE : (uint16_t)(TRIES_LEFT | c->tries[p]);
    if (c->tries[p] == 0) return PIN_LOCKED;
    c->verified[p] = str_eq(a->data, p == PIN_AUTH ? c->plan.pin : c->plan.sign_pin);
    if (c->verified[p]) {
        c->tries[p] = pin_rows[p].tries;
        return DONE;
    }
    c->tries[p]--;
    return (uint16_t)(TRIES_LEFT | c->tries[p]); /* the try that locks still says 63C0 */
}

static uint16_t sign(struct virtual_card *c, const struct apdu *a, struct buf *out) {
    const struct file_row *row = NULL;
    const struct virtual_sign *way = virtual_sign_find(a->p1);
    if (way == NULL) return PARAMETERS;
    uint16_t refused = referred(c, a->p2, FILE_KIND_KEY, &row);
    if (refused != DONE) return refused;
    if (!is_open(c, row->pin)) return PIN_NEEDED;
    EVP_PKEY *key = row->pin == PIN_AUTH ? c->plan.auth_key : c->plan.sign_key;
    if (key == NULL) return NO_FILE;
    size_t size = (size_t)EVP_PKEY_get_size(key);
    if (!virtual_sign_takes(way, size, a->data.n) || a->le < size) return LENGTH;
    return virtual_sign(way, key, a->data, out) ? DONE : NO_DIAGNOSIS;
}

static uint16_t answer(struct virtual_card *c, const struct apdu *a, struct buf *out) {
    if (a->cla == CLA_OWN) return a->ins == INS_SIGN ? sign(c, a, out) : NO_INSTRUCTION;
    if (a->cla != CLA_ISO) return NO_CLASS;
    switch (a->ins) {
    case INS_SELECT: return select_any(c, a);
    case INS_READ: return read_binary(c, a, out);
    case INS_VERIFY: return verify(c, a);
    default: return NO_INSTRUCTION;
    }
}

void virtual_card_answer(struct virtual_card *c, struct str command, struct buf *out) {
    struct apdu a;
    size_t before = out->n;
    uint16_t status = apdu_read(command, &a) ? answer(c, &a, out) : LENGTH;
    invariant(out->n - before <= APDU_LE_ALL);
    apdu_answer_put(out, (struct str){NULL, 0}, status);
}
