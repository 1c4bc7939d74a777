#include "base/world.h"
#include "cmd/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 80,
    END_WAIT_MS = 15 * 1000, /* the server answers what it owes first: milliseconds */
    SAID_MAX = 1 << 20,
};

static volatile sig_atomic_t stopped;
static void on_stop(int signal_number) {
    (void)signal_number;
    stopped = 1;
}

bool demo_stopped(void) { return stopped; }

void demo_listen_for_stop(void) {
    struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL), sigaction(SIGTERM, &stop, NULL), sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL); /* `mado demo | head` must still clean up */
}

void demo_pause_ms(unsigned ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    if (!stopped) (void)nanosleep(&t, NULL);
}

/* In the child: only calls that are safe between fork and exec. */
_Noreturn static void become(const char *folder, int out, int err, pid_t parent, const char *const *arguments) {
    struct sigaction normal = {.sa_handler = SIG_DFL};
    sigaction(SIGPIPE, &normal, NULL);
    setpgid(0, 0); /* Ctrl-C reaches the demo alone, which then ends the others in their order */
    int nothing = open("/dev/null", O_RDONLY);
    bool ok = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
              dup2(err, STDERR_FILENO) >= 0 && chdir(folder) == 0;
    ok = ok && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
    if (ok) execv("/proc/self/exe", (char *const *)(uintptr_t)arguments);
    _exit(127);
}

enum err demo_child_start(struct demo_child *c, const char *folder, const char *name, const char *const *arguments,
                          bool with_terminal, struct diag *d) {
    struct winsize size = {.ws_row = 24, .ws_col = 120};
    int slave = -1;
    pid_t parent = getpid();
    c->terminal_fd = -1;
    if (snprintf(c->log, sizeof c->log, "%s/logs/%s", folder, name) >= (int)sizeof c->log)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    int out = open(c->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (out < 0) return diag_errno(d, c->log);
    if (with_terminal && openpty(&c->terminal_fd, &slave, NULL, NULL, &size) != 0) slave = -1;
    c->pid = fork();
    if (c->pid == 0) become(folder, out, slave >= 0 ? slave : out, parent, arguments);
    if (slave >= 0) close(slave);
    close(out);
    if (c->terminal_fd >= 0) (void)fcntl(c->terminal_fd, F_SETFD, FD_CLOEXEC);
    return c->pid < 0 ? (c->pid = 0, diag_errno(d, name)) : ERR_OK;
}

static void forget(struct demo_child *c) {
    if (c->terminal_fd >= 0) close(c->terminal_fd);
    c->terminal_fd = -1, c->pid = 0;
}

void demo_child_said(const struct demo_child *c, struct buf *out) {
    struct diag d;
    if (world_read_file(world_real(), c->log, out, &d) != ERR_OK) buf_reset(out);
}

/* Its last line says why. */
static enum err failed(const struct demo_child *c, struct diag *d) {
    struct buf said;
    buf_init(&said, SAID_MAX);
    demo_child_said(c, &said);
    struct str text = str_trim(buf_str(&said)), last = text;
    while (!str_empty(text)) last = str_cut(&text, '\n');
    enum err e = diag_set(d, ERR_UNAVAILABLE, c->log, "%.*s", (int)(last.n < 150 ? last.n : 150), last.p ? last.p : "");
    buf_fini(&said);
    return e;
}

enum err demo_child_wait(struct demo_child *c, void (*look)(void *context), void *context, struct diag *d) {
    int status = 0;
    for (;;) {
        pid_t pid = waitpid(c->pid, &status, WNOHANG);
        if (pid == c->pid) break;
        if (pid < 0 && errno != EINTR) return diag_errno(d, c->log);
        if (stopped) {
            demo_child_end(c);
            return diag_set(d, ERR_BUSY, "", "stopped");
        }
        if (look) look(context);
        demo_pause_ms(LOOK_MS);
    }
    forget(c);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ERR_OK : failed(c, d);
}

bool demo_child_ended(struct demo_child *c) {
    int status;
    if (c->pid && waitpid(c->pid, &status, WNOHANG) == c->pid) forget(c);
    return c->pid == 0;
}

void demo_child_end(struct demo_child *c) {
    struct timespec pause = {.tv_nsec = 10 * 1000000L};
    if (c->pid == 0) return;
    kill(c->pid, SIGTERM);
    for (unsigned waited = 0; !demo_child_ended(c) && waited < END_WAIT_MS; waited += 10) nanosleep(&pause, NULL);
    if (c->pid == 0) return;
    kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) continue;
    forget(c);
}
