#include "cmd/nginx_run.h"

#include "base/world.h"
#include "cmd/serve_children.h"
#include "net/door_config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { NGINX_CONFIG_MAX = 64 << 10 };
enum { OPEN_FILES = 32 * 1024 };
#define MODULE "ngx_http_mado_module.so"

enum err nginx_join(char out[PATH_MAX], const char *folder, const char *name, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

enum err nginx_find(struct nginx_run *r, struct diag *d) {
    char own[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
    if (n > 0) {
        own[n] = 0;
        memcpy(r->own, own, (size_t)n + 1);
        char *slash = strrchr(own, '/');
        if (slash) *slash = 0;
        TRY(nginx_join(r->module, own, MODULE, d));
        if (access(r->module, R_OK) == 0) return ERR_OK;
    }
    TRY(nginx_join(r->module, "/usr/lib/mado", MODULE, d));
    if (access(r->module, R_OK) == 0) return ERR_OK;
    return diag_set(d, ERR_NOT_FOUND, MODULE, "neither beside mado nor in /usr/lib/mado");
}

/* nginx takes listening sockets by number from this variable, as it does when its binary is replaced. */
enum err nginx_prepare(struct nginx_run *r, struct diag *d) {
    struct buf word = buf_over(r->sockets_word, sizeof r->sockets_word - 1);
    TRY(nginx_join(r->config, r->run, "nginx.conf", d));
    buf_puts(&word, "NGINX=");
    for (size_t i = 0; i < ARRAY_LEN(r->sockets); i++)
        if (r->sockets[i]) buf_printf(&word, "%d;", r->sockets[i]->fd);
    if (pipe2(r->ready_fds, O_CLOEXEC) != 0) return diag_errno(d, "pipe");
    snprintf(r->ready_word, sizeof r->ready_word, "MADO_READY_FD=%d", r->ready_fds[1]);
    return ERR_OK;
}

static void hand_sockets(const struct nginx_run *r, struct child *c) {
    for (size_t i = 0; i < ARRAY_LEN(r->sockets); i++)
        if (r->sockets[i]) c->fds[c->fd_count++] = r->sockets[i]->fd;
}

static void print_lines(struct str text) {
    while (!str_empty(text)) {
        struct str line = str_cut(&text, '\n');
        fprintf(stderr, "  nginx: %.*s\n", (int)line.n, line.p);
    }
}

enum err nginx_configure(const struct nginx_run *n, const struct door_config *c, struct diag *d) {
    struct buf text;
    buf_init(&text, NGINX_CONFIG_MAX);
    enum err e = door_config_put(&text, c, d);
    if (e == ERR_OK) e = world_replace_file(world_real(), n->config, buf_str(&text), 0600, d);
    buf_fini(&text);
    return e;
}

enum err nginx_test(const struct nginx_run *r, struct diag *d) {
    const char *arguments[] = {"nginx", "-t", "-q", "-e", "stderr", "-p", r->run, "-c", r->config, NULL};
    const char *environment[] = {r->sockets_word, NULL};
    struct child test = {.name = "nginx -t", .program = NGINX, .arguments = arguments, .environment = environment};
    struct buf said;
    if (access(NGINX, X_OK) != 0) return diag_set(d, ERR_NOT_FOUND, NGINX, "install it: ./setup");
    hand_sockets(r, &test);
    buf_init(&said, CHILD_LINE_MAX);
    int status = child_run(&test, &said);
    if (status != 0) print_lines(buf_str(&said));
    buf_fini(&said);
    return status == 0 ? ERR_OK : diag_set(d, ERR_VALUE, "nginx -t", "nginx does not accept the settings, see above");
}

unsigned nginx_open_files(void) {
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0) return 1024;
    return r.rlim_max < OPEN_FILES ? (unsigned)r.rlim_max : OPEN_FILES;
}

struct child nginx_child(const struct nginx_run *r, const char *arguments[NGINX_ARGUMENTS],
                         const char *environment[NGINX_ENVIRONMENT]) {
    const char *const words[NGINX_ARGUMENTS] = {"nginx", "-e", "stderr", "-p", r->run, "-c", r->config, NULL};
    memcpy(arguments, words, sizeof words);
    environment[0] = r->sockets_word, environment[1] = r->ready_word, environment[2] = NULL;
    struct child c = {.name = "nginx",
                      .program = NGINX,
                      .arguments = arguments,
                      .environment = environment,
                      .fds = {r->ready_fds[1]},
                      .fd_count = 1,
                      .quit_signal = SIGQUIT};
    hand_sockets(r, &c);
    return c;
}
