/* application: what both sides know of a card's applications: their names, their files (application_file.def), their PINs (pin.def). */
#ifndef EDGE_CARD_APPLICATION_H
#define EDGE_CARD_APPLICATION_H

#include "base/str.h"

#define APPLICATION(name, df_name, ja, en) APPLICATION_##name,
enum application {
#include "edge/card/application.def"
    APPLICATION_COUNT,
};
#undef APPLICATION

#define APPLICATION_FILE(name, application, id, kind, pin, size, ja, en) FILE_##name,
enum application_file {
#include "edge/card/application_file.def"
    FILE_COUNT,
};
#undef APPLICATION_FILE

#define PIN_ROW(name, file, key, min, max, letters, tries) PIN_##name,
enum pin {
    PIN_NONE,
#include "edge/card/pin.def"
    PIN_COUNT,
};
#undef PIN_ROW

enum file_kind { FILE_KIND_DATA, FILE_KIND_KEY, FILE_KIND_PIN };

struct file_row {
    enum application application;
    uint16_t id;
    enum file_kind kind;
    enum pin pin;
    uint16_t size; /* 0: a DER object */
    const char *ja, *en;
};
extern const struct file_row application_files[FILE_COUNT];

struct pin_row {
    enum application_file file, key;
    uint8_t min, max;
    bool letters;
    uint8_t tries;
};
extern const struct pin_row pin_rows[PIN_COUNT]; /* [PIN_NONE] is empty */

/* DF names are given in full: cards also take a beginning of one (JICSAP 4.2). */
struct str application_name(enum application a);
static inline enum application_file file_of(const struct file_row *row) {
    return (enum application_file)(row - application_files);
}
/* NULL when the application has none. */
const struct file_row *file_by_id(enum application a, uint16_t id);
const struct file_row *file_by_short_id(enum application a, unsigned short_id);
/* Whether it has the form of that PIN: what has not would only spend a try. */
bool pin_fits(enum pin p, struct str text);

enum {
    SHORT_ID_MASK = 0x1f,
    SHORT_ID_GIVEN = 0x80,      /* in P1 of READ BINARY and in P2 of VERIFY and SIGN */
    TOKEN_NAME_BYTES = 32,      /* of the token information, padded with spaces */
    CERTIFICATE_PRESENT = 0x8f, /* in PRESENT: first byte signature, second authentication */
    PIN_BYTES_MAX = 16,
};

#endif
