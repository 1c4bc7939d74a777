#include "lib/hostile.h"

#include <stdlib.h>

static char *copy(struct str s) {
    char *p = malloc(s.n ? s.n : 1);
    invariant(p != NULL);
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

size_t hostile_truncations(struct str good, hostile_feed *feed, void *context) {
    for (size_t n = 0; n < good.n; n++) {
        char *p = copy(str_head(good, n));
        feed(context, str_of(p, n));
        free(p);
    }
    return good.n;
}

size_t hostile_bit_flips(struct str good, hostile_feed *feed, void *context) {
    char *p = copy(good);
    for (size_t i = 0; i < good.n; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            p[i] = (char)(good.p[i] ^ (1 << bit));
            feed(context, str_of(p, good.n));
        }
        p[i] = good.p[i];
    }
    free(p);
    return good.n * 8;
}

size_t hostile_all(struct str good, hostile_feed *feed, void *context) {
    return hostile_truncations(good, feed, context) + hostile_bit_flips(good, feed, context);
}
