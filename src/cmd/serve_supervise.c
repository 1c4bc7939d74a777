#include "base/log.h"
#include "base/world.h"
#include "cmd/cmd.h"
#include "cmd/serve_children.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    OPEN_WAIT_S = 120, /* for all workers: opening a nation's store takes less than a second */
    QUIT_WAIT_S = 40,  /* for owed answers; nginx itself gives up after DOOR_SHUTDOWN_S */
    HURRY_WAIT_S = 5,  /* after SIGTERM, before SIGKILL */
    LINE_MAX_ = 1024,
};

enum phase { OPENING, OPEN, QUITTING, HURRYING, KILLING };

struct state {
    const struct supervision *plan;
    enum phase phase;
    int64_t until_us; /* when the phase has lasted too long; 0: never */
    unsigned ready;
    bool failed;
    int signals;
    struct buf word; /* from ready_fd, unfinished */
};

static int64_t now_us(void) { return world_real()->steady_us(world_real()); }

static void enter(struct state *s, enum phase phase, int wait_s) {
    s->phase = phase;
    s->until_us = wait_s ? now_us() + (int64_t)wait_s * 1000000 : 0;
}

static void signal_all(const struct state *s, int (*pick)(const struct child *c)) {
    for (size_t i = 0; i < s->plan->count; i++) {
        const struct child *c = &s->plan->children[i];
        if (c->pid && pick(c)) kill(c->pid, pick(c));
    }
}

static int pick_quit(const struct child *c) { return c->quit_signal; }
static int pick_reload(const struct child *c) { return c->reload_signal; }
static int pick_term(const struct child *c) { return (void)c, SIGTERM; }

/* The whole group: a master that hangs leaves its workers behind otherwise. */
static void kill_all(const struct state *s) {
    for (size_t i = 0; i < s->plan->count; i++)
        if (s->plan->children[i].pid) kill(-s->plan->children[i].pid, SIGKILL);
}

/* One step further towards the end. */
static void end(struct state *s) {
    if (s->phase < QUITTING) {
        enter(s, QUITTING, QUIT_WAIT_S);
        signal_all(s, pick_quit);
    } else if (s->phase == QUITTING) {
        enter(s, HURRYING, HURRY_WAIT_S);
        signal_all(s, pick_term);
    } else {
        enter(s, KILLING, HURRY_WAIT_S);
        kill_all(s);
    }
}

static void fail(struct state *s, const char *ja, const char *en, const char *what) {
    fprintf(stderr, "%s: %s / %s: %s\n", s->plan->name, ja, en, what);
    s->failed = true;
    if (s->phase < QUITTING) end(s);
}

static void reap(struct state *s) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (size_t i = 0; i < s->plan->count; i++) {
            struct child *c = &s->plan->children[i];
            if (c->pid != pid) continue;
            while (child_log(c)) continue;
            c->pid = 0;
            if (s->phase < QUITTING)
                fail(s, "思いがけず終わりました。すべて止めます", "ended unexpectedly; stopping all", c->name);
        }
    }
}

static void reload(struct state *s) {
    struct diag d;
    if (s->phase != OPEN || s->plan->reload == NULL) return;
    if (s->plan->reload(s->plan->context, &d) != ERR_OK) {
        log_diag(LOG_ERROR, "not reloaded, the old settings stay", &d);
        return;
    }
    signal_all(s, pick_reload);
    log_line(LOG_INFO, "reloading", NULL);
}

static void take_signal(struct state *s) {
    struct signalfd_siginfo info;
    if (read(s->signals, &info, sizeof info) != (ssize_t)sizeof info) return;
    switch (info.ssi_signo) {
    case SIGCHLD: reap(s); break;
    case SIGHUP: reload(s); break;
    default: end(s); break;
    }
}

static void take_word(struct state *s, struct str line) {
    char text[LINE_MAX_];
    if (str_starts(line, S("ready "))) {
        if (++s->ready != s->plan->expected || s->phase != OPENING) return;
        enter(s, OPEN, 0);
        s->plan->opened(s->plan->context);
    } else if (str_to_c(str_head(line, sizeof text - 1), text, sizeof text)) {
        fail(s, "窓口を開けられません", "a worker could not start", text);
    }
}

static void take_words(struct state *s) {
    char chunk[256];
    ssize_t n = read(s->plan->ready_fd, chunk, sizeof chunk);
    if (n <= 0) return;
    buf_put(&s->word, str_of(chunk, (size_t)n));
    struct str rest = buf_str(&s->word);
    while (str_find(rest, S("\n")) < rest.n) take_word(s, str_cut(&rest, '\n'));
    if (!buf_ok(&s->word)) rest.n = 0;
    if (rest.n) memmove(s->word.p, rest.p, rest.n);
    buf_reset(&s->word);
    s->word.n = rest.n;
}

static bool any_lives(const struct state *s) {
    for (size_t i = 0; i < s->plan->count; i++)
        if (s->plan->children[i].pid) return true;
    return false;
}

static void turn(struct state *s) {
    struct pollfd p[2 + CHILDREN_MAX] = {{.fd = s->signals, .events = POLLIN},
                                         {.fd = s->plan->ready_fd, .events = POLLIN}};
    int64_t left_us = s->until_us ? s->until_us - now_us() : -1;
    for (size_t i = 0; i < s->plan->count; i++)
        p[2 + i] = (struct pollfd){.fd = s->plan->children[i].log_fd, .events = POLLIN};
    if (s->until_us && left_us <= 0) {
        if (s->phase == OPENING) fail(s, "時間内に開きませんでした", "not open in time", "nginx");
        else end(s);
        return;
    }
    if (poll(p, 2 + s->plan->count, s->until_us ? (int)(left_us / 1000) + 1 : -1) <= 0) return;
    for (size_t i = 0; i < s->plan->count; i++) {
        struct child *c = &s->plan->children[i];
        if (p[2 + i].revents && !child_log(c)) {
            close(c->log_fd);
            c->log_fd = -1;
        }
    }
    if (p[1].revents & POLLIN) take_words(s);
    if (p[0].revents) take_signal(s);
}

static int hold_signals(void) {
    sigset_t mine;
    sigemptyset(&mine);
    sigaddset(&mine, SIGTERM);
    sigaddset(&mine, SIGINT);
    sigaddset(&mine, SIGHUP);
    sigaddset(&mine, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mine, NULL);
    return signalfd(-1, &mine, SFD_CLOEXEC);
}

int supervise(const struct supervision *plan) {
    struct state s = {.plan = plan, .signals = hold_signals()};
    struct diag d;
    invariant(plan->count <= CHILDREN_MAX);
    if (s.signals < 0) return (void)!diag_errno(&d, "signalfd"), cmd_fail(&d);
    buf_init(&s.word, LINE_MAX_);
    enter(&s, OPENING, OPEN_WAIT_S);
    for (size_t i = 0; i < plan->count && !s.failed; i++) {
        if (child_start(&plan->children[i], &d) == ERR_OK) continue;
        s.failed = true;
        (void)cmd_fail(&d);
        end(&s);
    }
    while (any_lives(&s)) turn(&s);
    for (size_t i = 0; i < plan->count; i++) buf_fini(&plan->children[i].line);
    buf_fini(&s.word);
    close(s.signals);
    return s.failed ? EXIT_FAILED : 0;
}
