/* number_links: links as a register holds them that trusts numbers alone: every member whose number a resident has is linked to that resident,
 * whoever it is. For measuring an inspection of links on made-up people (docs/quality.md); `mado link` never does this.
 *
 *     number_links RESIDENTS MEMBERS… >links.ndjson */
#include "edge/insurer_file/insurer_file.h"
#include "edge/links/links.h"
#include "edge/registry_file/registry_file.h"

#include <sodium.h>
#include <stdio.h>

static uint8_t key[crypto_generichash_KEYBYTES];

static enum err tokens(void *context, const struct mynumber *numbers, size_t count, struct link_token *out,
                       struct diag *d) {
    (void)context, (void)d;
    for (size_t i = 0; i < count; i++)
        (void)crypto_generichash(out[i].bytes, sizeof out[i].bytes, numbers[i].sealed_digits,
                                 sizeof numbers[i].sealed_digits, key, sizeof key);
    return ERR_OK;
}

static enum err result(void *context, const struct link_result *r, struct diag *d) {
    struct buf *b = context;
    struct link_result by_number = *r;
    if (r->holder == NULL) return ERR_OK;
    by_number.rule = LINK_RULE_ALL_AGREE, by_number.wrong = 0;
    buf_reset(b);
    TRY(links_put(b, &by_number, d));
    return fwrite(b->p, 1, b->n, stdout) == b->n ? ERR_OK : diag_errno(d, "stdout");
}

static enum err refused(void *context, const char *path, uint64_t line, const struct diag *why, struct diag *d) {
    (void)context, (void)path, (void)line, (void)why, (void)d;
    return ERR_OK;
}

static enum err run(struct linking *l, char **files, int count, struct diag *d) {
    struct insurer_file_format format = insurer_file_ndjson();
    TRY(linking_open(l, d));
    for (int i = 0; i < count; i++) TRY(linking_file(l, files[i], 1, &format, d));
    return linking_finish(l, d);
}

int main(int argc, char **argv) {
    struct buf line;
    struct diag d = {0};
    const struct resident_format format = registry_file_ndjson();
    if (argc < 3 || sodium_init() < 0) return fprintf(stderr, "number_links RESIDENTS MEMBERS…\n"), 2;
    crypto_generichash_keygen(key);
    buf_init(&line, 1 << 20);
    struct linking l = {.world = world_real(),
                        .residents = argv[1],
                        .format = &format,
                        .memory_bytes = 1ull << 30,
                        .threads = 2,
                        .tokens = tokens,
                        .result = result,
                        .refused = refused,
                        .context = &line};
    enum err e = run(&l, argv + 2, argc - 2, &d);
    linking_close(&l);
    buf_fini(&line);
    if (e == ERR_OK && fflush(stdout) == 0) return 0;
    char room[512];
    struct buf text = buf_over(room, sizeof room);
    diag_put(&d, &text);
    return fprintf(stderr, "number_links: %.*s\n", (int)text.n, text.p), 1;
}
