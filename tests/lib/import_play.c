#include "lib/import_play.h"

#include "base/json.h"
#include "edge/insurer_file/insurer_file.h"
#include "state/vault/vault.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

bool import_play_vault(int argc, char **argv) {
    struct vault_room *room = NULL;
    char folder[PATH_MAX];
    if (argc < 4 || strcmp(argv[1], "vault") != 0) return false;
    snprintf(folder, sizeof folder, "%s/vault", argv[3]);
    enum err e = argc == 5 ? vault_room_open_cards(&room, folder, NULL) : vault_room_open(&room, folder, NULL);
    if (e != ERR_OK) vault_room_refuse(3, e);
    else (void)!vault_room_serve(room, 3, NULL);
    if (room) vault_room_close(room);
    _exit(0); /* a sanitizer's look round at the end needs powers that were given up */
}

void import_play_begin(struct import_play *p) {
    *p = (struct import_play){.world = world_real(), .threads = 2};
    scratch_make(&p->scratch);
    scratch_path(&p->scratch, "store", p->store);
}

void import_play_end(struct import_play *p) { scratch_remove(&p->scratch); }

static enum err read_header(struct csv_header **h, const char *path, bool cp932, struct diag *d) {
    struct buf b;
    buf_init(&b, 64 << 20);
    enum err e = world_read_file(world_real(), path, &b, d);
    struct str rest = buf_str(&b);
    if (e == ERR_OK) e = csv_header_new(h, str_trim(str_cut(&rest, '\n')), cp932, d);
    buf_fini(&b);
    return e;
}

enum err import_play_again(struct import_play *p, const char *name) {
    char path[SCRATCH_PATH_MAX], result[SCRATCH_PATH_MAX + 8];
    struct importer *i = NULL;
    struct csv_header *h = NULL;
    struct insurer_file_format format = insurer_file_ndjson();
    struct import_settings s = {.world = p->world,
                                .store = p->store,
                                .program = "/proc/self/exe",
                                .memory_bytes = p->memory_bytes,
                                .threads = p->threads};
    p->diag = (struct diag){0};
    snprintf(result, sizeof result, "%s.result", scratch_path(&p->scratch, name, path));
    if (str_ends(str_c(name), S(".csv"))) {
        TRY(read_header(&h, path, str_ends(str_c(name), S(".sjis.csv")), &p->diag));
        format = insurer_file_csv(h);
    }
    enum err e = import_open(&i, &s, &p->diag);
    if (e == ERR_OK) e = import_file(i, path, &format, result, &p->progress, &p->diag);
    if (i) import_close(i);
    if (h) csv_header_free(h);
    return e;
}

enum err import_play_load(struct import_play *p, const char *name, struct str bytes) {
    scratch_write(&p->scratch, name, bytes);
    return import_play_again(p, name);
}

static void put_word(struct buf *out, struct json line, uint64_t expected) {
    struct str status, code = S(""), field = S("");
    uint64_t number = 0;
    invariant(json_uint(json_get(line, "line"), UINT32_MAX, &number) && number == expected);
    invariant(json_str(json_get(line, "status"), &status));
    if (out->n) buf_putc(out, ' ');
    if (str_eq(status, S("accepted"))) return buf_putc(out, 'A');
    if (str_eq(status, S("unchanged"))) return buf_putc(out, 'U');
    invariant(str_eq(status, S("refused")) && json_str(json_get(line, "code"), &code));
    buf_put(out, code);
    if (json_str(json_get(line, "field"), &field)) buf_putc(out, ':'), buf_put(out, field);
}

const char *import_play_results(const struct import_play *p, const char *name) {
    static char room[1 << 20];
    char path[SCRATCH_PATH_MAX], result[SCRATCH_PATH_MAX + 8];
    struct buf file, out = buf_over(room, sizeof room - 1);
    struct arena a;
    snprintf(result, sizeof result, "%s.result", scratch_path(&p->scratch, name, path));
    buf_init(&file, 256 << 20);
    arena_init(&a, 1 << 20);
    invariant(world_read_file(world_real(), result, &file, NULL) == ERR_OK);
    uint64_t line = str_ends(str_c(name), S(".csv")) ? 2 : 1;
    for (struct str rest = buf_str(&file); rest.n; line++) {
        struct json root;
        invariant(json_read(&a, str_cut(&rest, '\n'), &root, NULL) == ERR_OK);
        put_word(&out, root, line);
        arena_reset(&a);
    }
    invariant(buf_ok(&out));
    room[out.n] = 0;
    arena_fini(&a);
    buf_fini(&file);
    return room;
}
