/* application: what both sides know of the JPKI application: its name, its files (application_file.def), its PINs. */
#ifndef EDGE_CARD_APPLICATION_H
#define EDGE_CARD_APPLICATION_H

#include "base/str.h"

/* DF names, always given in full: cards also take a beginning of one (JICSAP 4.2). */
#define JPKI_AID S("\xd3\x92\xf0\x00\x26\x01\x00\x00\x00\x01")

#define APPLICATION_FILE(name, id, kind, pin, ja, en) FILE_##name,
enum application_file {
#include "edge/card/application_file.def"
    FILE_COUNT,
};
#undef APPLICATION_FILE

enum pin { PIN_NONE, PIN_AUTH, PIN_SIGN, PIN_COUNT };
enum file_kind { FILE_KIND_DATA, FILE_KIND_KEY, FILE_KIND_PIN };

struct file_row {
    uint16_t id;
    enum file_kind kind;
    enum pin pin;
    const char *ja, *en;
};
extern const struct file_row application_files[FILE_COUNT];

static inline enum application_file file_of(const struct file_row *row) {
    return (enum application_file)(row - application_files);
}
/* NULL when there is none. */
const struct file_row *file_by_id(uint16_t id);
const struct file_row *file_by_short_id(unsigned short_id);

enum {
    SHORT_ID_MASK = 0x1f,
    SHORT_ID_GIVEN = 0x80, /* in P1 of READ BINARY and in P2 of VERIFY and SIGN */
    TOKEN_BYTES = 160,     /* of which 32 are the name, padded with spaces */
    TOKEN_NAME_BYTES = 32,
    CERTIFICATE_PRESENT = 0x8f, /* in PRESENT: first byte signature, second authentication */
};

#endif
