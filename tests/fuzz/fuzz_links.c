/* Lines of links.ndjson and residents.ndjson, any bytes: taken or refused with a reason, and what was taken can be looked for in a store. */
#include "edge/links/read.h"
#include "state/store/store_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct arena a;
    struct str rest = str_of(bytes, size);
    arena_init(&a, LINKS_ARENA);
    while (rest.n) {
        struct str line = str_cut(&rest, '\n'), id;
        struct person_link l;
        struct day died;
        struct diag d = {0};
        char room[STORE_MEMBER_KEY_MAX];
        struct buf key = buf_over(room, sizeof room);
        bool linked = false;
        arena_reset(&a);
        enum err e = link_line_read(&a, line, &l, &linked, &d);
        invariant(e == d.err);
        if (e == ERR_OK && linked) invariant(store_key_card(&key, l.insurer, &l.id) != ERR_OK || buf_ok(&key));
        d = (struct diag){0};
        invariant(resident_line_read(&a, line, &id, &died, &d) == d.err);
    }
    arena_fini(&a);
    return 0;
}
