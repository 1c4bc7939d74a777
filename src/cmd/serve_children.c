#include "cmd/serve_children.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUN_WAIT_MS = 30 * 1000 }; /* nginx -t reads keys and settings: less than a second */

/* In the child, between fork and exec: only calls that are safe there. */
_Noreturn static void become(const struct child *c, pid_t parent, int log_fd) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* Its own group: Ctrl-C at a terminal reaches serve alone, which then asks the children to finish. */
    setpgid(0, 0);
    int nothing = open("/dev/null", O_RDONLY);
    bool ok = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(log_fd, STDOUT_FILENO) >= 0 &&
              dup2(log_fd, STDERR_FILENO) >= 0;
    for (size_t i = 0; i < c->fd_count; i++) ok = ok && fcntl(c->fds[i], F_SETFD, 0) == 0;
    /* Also on kill -9 of serve, and when serve was gone before this line. */
    ok = ok && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
    if (ok) execv(c->program, (char *const *)(uintptr_t)c->arguments);
    _exit(127);
}

static void set_environment(const struct child *c) {
    for (size_t i = 0; c->environment && c->environment[i]; i++) putenv((char *)(uintptr_t)c->environment[i]);
}

static enum err spawn(const struct child *c, int flags, pid_t *pid, int *log_fd, struct diag *d) {
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0) return diag_errno(d, c->name);
    /* A log nobody reads must not hold up a worker: its lines are dropped instead. */
    if (flags && fcntl(ends[1], F_SETFL, flags) != 0) return diag_errno(d, c->name);
    *pid = fork();
    if (*pid == 0) {
        set_environment(c);
        become(c, parent, ends[1]);
    }
    close(ends[1]);
    if (*pid < 0) {
        close(ends[0]);
        return diag_errno(d, c->name);
    }
    *log_fd = ends[0];
    return ERR_OK;
}

enum err child_start(struct child *c, struct diag *d) {
    buf_init(&c->line, CHILD_LINE_MAX);
    return spawn(c, O_NONBLOCK, &c->pid, &c->log_fd, d);
}

int child_run(const struct child *c, struct buf *out) {
    struct diag d;
    pid_t pid;
    int fd, status = 0;
    if (spawn(c, 0, &pid, &fd, &d) != ERR_OK) return -1;
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        char chunk[1024];
        if (poll(&p, 1, RUN_WAIT_MS) == 0) kill(pid, SIGKILL);
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        buf_put(out, str_of(chunk, (size_t)n));
    }
    close(fd);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* "2026/11/22 21:55:11 [crit] 12#12: *3 message, client: ADDRESS, server: …, request: "…"": of this only the level and
 * the message are ours to keep. */
static void log_nginx(const char *name, struct str line) {
    static const struct {
        const char *word;
        enum log_level level;
    } levels[] = {{"[warn]", LOG_WARNING}, {"[notice]", LOG_DEBUG}, {"[info]", LOG_DEBUG}, {"[debug]", LOG_DEBUG}};
    enum log_level level = LOG_ERROR;
    char message[1024];
    for (size_t i = 0; i < ARRAY_LEN(levels); i++)
        if (str_find(line, str_c(levels[i].word)) < line.n) level = levels[i].level;
    if (level == LOG_DEBUG) return;
    line = str_head(line, str_find(line, S(", client: ")));
    size_t after = str_find(line, S("] "));
    if (after < line.n) line = str_skip(line, after + 2);
    if (!str_to_c(str_head(line, sizeof message - 1), message, sizeof message)) return;
    log_line(level, name, "message", message, NULL);
}

static void log_one(const struct child *c, struct str line) {
    if (str_empty(line)) return;
    if (line.p[0] != '{') {
        log_nginx(c->name, line);
        return;
    }
    struct buf whole;
    buf_init(&whole, CHILD_LINE_MAX + 1);
    buf_put(&whole, line);
    buf_putc(&whole, '\n');
    (void)!write(STDERR_FILENO, whole.p, whole.n);
    buf_fini(&whole);
}

bool child_log(struct child *c) {
    char chunk[4096];
    ssize_t n = read(c->log_fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) return true;
    if (n <= 0) return false;
    buf_put(&c->line, str_of(chunk, (size_t)n));
    struct str rest = buf_str(&c->line);
    while (str_find(rest, S("\n")) < rest.n) log_one(c, str_cut(&rest, '\n'));
    if (!buf_ok(&c->line) || rest.n > CHILD_LINE_MAX - sizeof chunk) {
        log_one(c, rest); /* a line without an end */
        rest.n = 0;
    }
    if (rest.n) memmove(c->line.p, rest.p, rest.n);
    buf_reset(&c->line);
    c->line.n = rest.n;
    return true;
}
