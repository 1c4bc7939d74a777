/* Tables of names and places a user names to `mado people`: any bytes are taken or refused, and what is taken can be picked from. */
#include "base/utf8.h"
#include "service/people/nation.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct str text = str_of(bytes, size);
    struct names n = {0};
    struct nation nation = {.municipalities = calloc(MUNICIPALITIES_MAX, sizeof *nation.municipalities)};
    struct chance c = chance_of(1, 2, 3);
    invariant(nation.municipalities);
    arena_init(&n.arena, 1 << 22);
    arena_init(&nation.arena, 1 << 22);
    (void)!names_add_surnames(&n, text, "surnames", NULL);
    (void)!names_add_given(&n, text, "given", NULL);
    if (n.surnames.n) {
        const struct name *name = name_pick(&n.surnames, &c);
        invariant(utf8_valid(name->kanji) && utf8_valid(name->kana) && name->kanji.n && name->kana.n);
    }
    if (nation_place_from(&nation, text, "places", NULL) == ERR_OK)
        for (size_t i = 0; i < nation.municipality_count; i++) invariant(nation.municipalities[i].town_count > 0);
    free(nation.municipalities);
    arena_fini(&nation.arena);
    names_fini(&n);
    return 0;
}
