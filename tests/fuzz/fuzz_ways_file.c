/* Any bytes as a line of a list of ways: refused with a reason, or it keeps the format's promises and comes back from the store's row. */
#include "edge/ways_file/ways_file.h"
#include "rules/ways/ways.h"
#include "state/store/ways_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct ways_line *l) {
    char room[WAYS_ROW_MAX];
    struct buf b = buf_over(room, sizeof room);
    struct ways again;
    struct papers none = {0};
    struct reminder reminders[ENDINGS_MAX];
    invariant(l->insurer.n && l->id.number.n && day_is(l->on));
    ways_row_put(&b, &l->ways);
    invariant(buf_ok(&b) && ways_row_read(buf_str(&b), &again) && ways_same(&again, &l->ways));
    struct day until = ways_until(&l->ways, l->on);
    invariant(!day_is(until) || day_until(l->on, until));
    invariant(ways_reminders(&l->ways, &none, l->on, reminders) <= ENDINGS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena a;
    struct ways_line l;
    struct diag d = {0};
    arena_init(&a, 1 << 20);
    enum err e = ways_file_read(&a, str_of(data, n), &l, &d);
    invariant(e == ERR_OK || d.err == e);
    if (e == ERR_OK) check(&l);
    arena_fini(&a);
    return 0;
}
