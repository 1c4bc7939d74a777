#include "edge/card/application.h"

#define APPLICATION_FILE(name, id, kind, pin, ja, en) {id, FILE_KIND_##kind, PIN_##pin, ja, en},
const struct file_row application_files[FILE_COUNT] = {
#include "edge/card/application_file.def"
};
#undef APPLICATION_FILE

const struct file_row *file_by_id(uint16_t id) {
    for (size_t i = 0; i < FILE_COUNT; i++)
        if (application_files[i].id == id) return &application_files[i];
    return NULL;
}

const struct file_row *file_by_short_id(unsigned short_id) {
    for (size_t i = 0; i < FILE_COUNT; i++)
        if ((application_files[i].id & SHORT_ID_MASK) == short_id) return &application_files[i];
    return NULL;
}
