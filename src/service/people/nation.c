#include "service/people/nation.h"

#include <stdlib.h>

static enum err write_days(struct nation *n) {
    n->iso = malloc(ISO_DAYS * sizeof *n->iso);
    if (n->iso == NULL) return ERR_MEMORY;
    struct buf text;
    buf_init(&text, 16);
    for (int i = 0; i < ISO_DAYS; i++) {
        buf_reset(&text);
        day_put_iso(&text, (struct day){ISO_FIRST + i});
        if (!buf_ok(&text) || text.n != sizeof *n->iso) break;
        memcpy(n->iso[i], text.p, sizeof *n->iso);
    }
    bool whole = buf_ok(&text);
    buf_fini(&text);
    return whole ? ERR_OK : ERR_MEMORY;
}

enum err nation_init(struct nation *n, struct world *w, const struct people_options *o, struct diag *d) {
    *n = (struct nation){.options = *o};
    struct civil c = day_civil(o->as_of);
    if (o->count == 0 || o->count > PEOPLE_COUNT_MAX)
        return diag_set(d, ERR_VALUE, "count", "1 to %d", PEOPLE_COUNT_MAX);
    if (c.year < 2020 || c.year > 2040) return diag_set(d, ERR_VALUE, "as-of", "a day of the years 2020 to 2040");
    arena_init(&n->arena, 64u << 20);
    /* Four numbers a person, of seven digits or as many as are needed, all of one width. */
    for (n->number_base = 1000000; n->number_base * 9 < o->count * 4;) n->number_base *= 10;
    TRY(names_init(&n->names, w, o->surnames, o->given_names, d));
    enum err e = nation_place(n, w, d);
    if (e == ERR_OK) e = nation_insure(n, d);
    if (e == ERR_OK && write_days(n) != ERR_OK) e = diag_set(d, ERR_MEMORY, "days", NULL);
    if (e != ERR_OK) nation_fini(n);
    return e;
}

void nation_fini(struct nation *n) {
    names_fini(&n->names);
    free(n->municipalities);
    free(n->insurers);
    for (size_t s = 0; s < SCHEMES; s++) free(n->of_scheme[s]);
    free(n->iso);
    arena_fini(&n->arena);
    *n = (struct nation){0};
}

const struct municipality *nation_home(const struct nation *n, uint64_t ordinal) {
    size_t low = 0, high = n->municipality_count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (n->municipalities[middle].upto > ordinal) high = middle;
        else low = middle + 1;
    }
    return &n->municipalities[low];
}
