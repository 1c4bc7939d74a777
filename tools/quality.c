/* How good links are: compares DIR/links.ndjson of `mado link` with DIR/truth.ndjson of `mado people --dirty` and prints tables.
 *   quality TRUTH LINKS      exit code 0: no wrong link; 3: there are some; 1: a file cannot be read or a line is malformed; 2: used wrongly
 * docs/format/people-files.md says what the tables mean. */
#include "service/quality/quality.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_FAILED = 1, EXIT_USED_WRONGLY = 2, EXIT_WRONG_LINKS = 3, TABLE_MAX = 1 << 20 };

typedef enum err line_fn(struct quality *q, struct str line, struct diag *d);

static bool failed(const char *path, struct diag *d) {
    struct buf text;
    buf_init(&text, 4096);
    diag_put(d, &text);
    fprintf(stderr, "quality: %s: %.*s\n", path, (int)text.n, text.p);
    buf_fini(&text);
    return false;
}

static bool read_lines(struct quality *q, const char *path, line_fn *take) {
    struct diag d = {0};
    char *line = NULL;
    size_t cap = 0;
    unsigned number = 0;
    ssize_t n;
    bool good = true;
    FILE *f = fopen(path, "r");
    if (f == NULL) return diag_errno(&d, "open") == ERR_OK || failed(path, &d);
    while (good && (n = getline(&line, &cap, f)) >= 0) {
        struct str s = str_of(line, (size_t)n - (line[n - 1] == '\n'));
        number++;
        if (take(q, s, &d) == ERR_OK) continue;
        d.line = number;
        good = failed(path, &d);
    }
    if (good && ferror(f)) good = diag_errno(&d, "read") == ERR_OK || failed(path, &d);
    free(line);
    (void)fclose(f);
    return good;
}

int main(int argc, char **argv) {
    struct quality q;
    struct quality_count c;
    struct buf table;
    if (argc != 3) {
        fputs("使い方 / usage: quality TRUTH.ndjson LINKS.ndjson\n", stderr);
        return EXIT_USED_WRONGLY;
    }
    quality_init(&q, world_real());
    if (!read_lines(&q, argv[1], quality_truth_line) || !read_lines(&q, argv[2], quality_link_line)) {
        quality_fini(&q);
        return EXIT_FAILED;
    }
    buf_init(&table, TABLE_MAX);
    quality_count(&q, &c);
    quality_put(&c, &table);
    bool written = buf_ok(&table) && fwrite(table.p, 1, table.n, stdout) == table.n && fflush(stdout) == 0;
    buf_fini(&table);
    quality_fini(&q);
    if (!written) return EXIT_FAILED;
    return c.group[QUALITY_ALL].wrong ? EXIT_WRONG_LINKS : 0;
}
