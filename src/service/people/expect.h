/* expect: what the window should be told, read off how the person was made. It knows nothing of src/rules and must never ask it: the two
 * are written apart from docs/format/answer.md, so that one finds the other's mistakes. */
#ifndef SERVICE_PEOPLE_EXPECT_H
#define SERVICE_PEOPLE_EXPECT_H

#include "core/verdict.h"
#include "service/people/household.h"

struct asked {
    const struct period *card; /* whose insurer, symbol and number are asked for; NULL: a number nobody has */
    int branch;
    struct day birth, on;
};
struct expected {
    enum validity validity;
    const struct period *shown; /* NULL with 4 and 5 */
    uint8_t ratio;              /* or RATIO_NONE */
    bool newer;
    uint32_t warnings; /* 1u << enum warning */
};

struct expected expect(const struct nation *n, const struct household *h, const struct asked *q);

#endif
