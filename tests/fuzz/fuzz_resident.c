/* Lines of the resident registry, and two of them compared and decided upon as a member and a resident: any bytes are taken or refused, and
 * whatever is taken is decided the same twice and never linked without a number. */
#include "edge/registry_file/registry_file.h"
#include "rules/identity/link.h"
#include "service/link/sketch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct str rest = str_of(bytes, size), first = str_cut(&rest, '\n');
    struct resident a, b;
    struct arena arena;
    struct diag d = {0};
    arena_init(&arena, 1 << 22);
    if (registry_file_ndjson().read(&arena, first, &a, &d) == ERR_OK &&
        registry_file_ndjson().read(&arena, rest, &b, &d) == ERR_OK) {
        struct likeness l, again;
        struct sketch s;
        (void)!sketch_of(&a.person, NAME_OWN, true, &s);
        if (person_compare(&a.person, &b.person, &l, &d) == ERR_OK) {
            invariant(person_compare(&a.person, &b.person, &again, &d) == ERR_OK);
            struct link_facts f = {.has_number = true, .holders = 1, .holder = &l, .others = &again, .other_count = 1};
            enum link_rule r = link_decide(&f);
            f.holder = &again;
            invariant(link_decide(&f) == r);
            f.has_number = false, f.holders = 0, f.holder = NULL;
            invariant(link_rule_info(link_decide(&f))->outcome != LINK_LINKED);
        }
    }
    arena_fini(&arena);
    return 0;
}
