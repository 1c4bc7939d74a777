#include "edge/paper/looker.h"

#include "base/world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- starting ---- */

static enum err picture_file(struct str picture, int *fd, struct diag *d) {
    *fd = memfd_create("picture", MFD_CLOEXEC);
    if (*fd < 0) return diag_errno(d, "picture");
    enum err e = world_write_all(world_real(), *fd, picture, 0, d);
    if (e != ERR_OK) close(*fd);
    return e;
}

static int prepare(posix_spawn_file_actions_t *a, int picture, int answer) {
    int code = posix_spawn_file_actions_adddup2(a, picture, STDIN_FILENO);
    if (code == 0) code = posix_spawn_file_actions_adddup2(a, answer, STDOUT_FILENO);
    /* What libraries say of damaged files is of no use to anyone, and may be long. */
    if (code == 0) code = posix_spawn_file_actions_addopen(a, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(a, STDERR_FILENO + 1);
    return code;
}

static int spawn(pid_t *pid, const char *program, unsigned pages, int picture, int answer) {
    char name[] = "mado", command[] = "look", option[] = "--pages", count[16];
    char *const words[] = {name, command, option, count, NULL}, *const nothing[] = {NULL};
    posix_spawn_file_actions_t a;
    snprintf(count, sizeof count, "%u", pages);
    int code = posix_spawn_file_actions_init(&a);
    if (code) return code;
    code = prepare(&a, picture, answer);
    if (code == 0) code = posix_spawn(pid, program, &a, NULL, words, nothing);
    posix_spawn_file_actions_destroy(&a);
    return code;
}

enum err looker_start(struct looker *l, const char *program, struct str picture, unsigned pages, struct diag *d) {
    int file = -1, ends[2];
    *l = (struct looker){.fd = -1};
    TRY(picture_file(picture, &file, d));
    if (pipe2(ends, O_CLOEXEC) != 0) {
        close(file);
        return diag_errno(d, "picture");
    }
    errno = spawn(&l->process, program, pages, file, ends[1]);
    enum err e = errno ? diag_errno(d, "mado look") : ERR_OK;
    close(file);
    close(ends[1]);
    if (e == ERR_OK && fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) e = diag_errno(d, "mado look");
    if (e != ERR_OK) return close(ends[0]), e;
    l->fd = ends[0];
    buf_init(&l->reply, LOOK_REPLY_MAX);
    return ERR_OK;
}

/* ---- its answer ---- */

/* It ended, so this waits for nothing; inside nginx, whoever reaps every child may have been first. */
static void close_it(struct looker *l) {
    close(l->fd);
    l->fd = -1;
    while (waitpid(l->process, NULL, 0) < 0 && errno == EINTR) {}
}

bool looker_turn(struct looker *l) {
    enum { STEP = 4096 };
    while (l->fd >= 0) {
        char step[STEP];
        ssize_t n = read(l->fd, step, sizeof step);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return false;
        if (n <= 0) close_it(l);
        else buf_put(&l->reply, str_of(step, (size_t)n));
    }
    return true;
}

void looker_wait(struct looker *l) {
    while (!looker_turn(l)) {
        struct pollfd p = {.fd = l->fd, .events = POLLIN};
        (void)!poll(&p, 1, -1);
    }
}

enum err looker_result(const struct looker *l, struct str *lines, struct diag *d) {
    invariant(l->fd < 0);
    *lines = S("");
    if (!buf_ok(&l->reply)) return diag_set(d, ERR_LIMIT, "picture", NULL);
    return look_reply_read(buf_str(&l->reply), lines, d);
}

void looker_end(struct looker *l) {
    if (l->fd >= 0) close(l->fd); /* its next write ends it */
    l->fd = -1;
    buf_fini(&l->reply);
}
