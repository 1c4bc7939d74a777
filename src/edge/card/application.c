#include "edge/card/application.h"

#define APPLICATION(name, df_name, ja, en) {df_name, sizeof df_name - 1},
static const struct str names[APPLICATION_COUNT] = {
#include "edge/card/application.def"
};
#undef APPLICATION

#define APPLICATION_FILE(name, application, id, kind, pin, size, ja, en)                                               \
    {APPLICATION_##application, id, FILE_KIND_##kind, PIN_##pin, size, ja, en},
const struct file_row application_files[FILE_COUNT] = {
#include "edge/card/application_file.def"
};
#undef APPLICATION_FILE

#define PIN_ROW(name, file, key, min, max, letters, tries)                                                             \
    [PIN_##name] = {FILE_##file, FILE_##key, min, max, letters, tries},
const struct pin_row pin_rows[PIN_COUNT] = {
#include "edge/card/pin.def"
};
#undef PIN_ROW

struct str application_name(enum application a) {
    return names[a];
}

const struct file_row *file_by_id(enum application a, uint16_t id) {
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (application_files[i].application == a && application_files[i].id == id) return &application_files[i];
    return NULL;
}

const struct file_row *file_by_short_id(enum application a, unsigned short_id) {
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (application_files[i].application == a && (application_files[i].id & SHORT_ID_MASK) == short_id)
            return &application_files[i];
    return NULL;
}

bool pin_fits(enum pin p, struct str text) {
    const struct pin_row *row = &pin_rows[p];
    size_t digits = 0, capitals = 0;
    for (size_t i = 0; i < text.n; i++) {
        digits += text.p[i] >= '0' && text.p[i] <= '9';
        capitals += text.p[i] >= 'A' && text.p[i] <= 'Z';
    }
    bool mixed = row->letters ? digits > 0 && capitals > 0 : capitals == 0;
    return text.n >= row->min && text.n <= row->max && digits + capitals == text.n && mixed;
}
