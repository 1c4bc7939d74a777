#include "core/verdict.h"

#define WARNING(name, code, ja, en) {code, ja, en},
static const struct warning_info table[WARNING_COUNT] = {
#include "core/warning.def"
};
#undef WARNING

const struct warning_info *warning_info(enum warning w) {
    invariant((unsigned)w < WARNING_COUNT);
    return &table[w];
}
