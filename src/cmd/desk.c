#include "edge/receipt/desk.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "service/figures.h"
#include "service/verify_desk.h"

#include <limits.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { NICE = 5 }; /* a bulk job gives way to single questions */

static volatile bool stop;
static void end(int signal_number) { (void)signal_number, stop = true; }

/* The process that writes what institutions register and submit; kept by mado serve, not for people. */
int cmd_desk(const struct cmd_args *args) {
    char socket_path[PATH_MAX];
    struct diag d = {0};
    struct verify_desk v;
    struct receipt_desk *r = NULL;
    struct figures figures = {0};
    struct sigaction on_end = {.sa_handler = end};
    const struct verify_desk_settings s = {
        .store = cmd_value(args, "store"), .writer = "desk", .write_desk = true, .attests = true};
    if (snprintf(socket_path, sizeof socket_path, "%s/run/desk.sock", s.store) >= (int)sizeof socket_path ||
        sodium_init() < 0)
        return cmd_fail(&(struct diag){.err = ERR_LIMIT, .where = "path"});
    sigaction(SIGTERM, &on_end, NULL);
    sigaction(SIGINT, &on_end, NULL);
    (void)setpriority(PRIO_PROCESS, 0, NICE);
    (void)prctl(PR_SET_DUMPABLE, 0); /* certificates of cards pass through: none of it goes into a core file */
    enum err e = verify_desk_open(&v, world_real(), &s, &d);
    if (e != ERR_OK) return cmd_fail(&d);
    e = figures_open(&figures, s.store, FIGURES_DESK, v.world->now_us(v.world), &d);
    if (e == ERR_OK) v.figures = &figures, e = receipt_desk_new(&r, &v, str_c(s.store), &d);
    struct desk_handler h = {0};
    if (e == ERR_OK) h = receipt_desk_handler(r), e = desk_line_serve(socket_path, &h, &stop, &d);
    if (r) receipt_desk_free(r);
    verify_desk_close(&v);
    figures_close(&figures);
    if (e != ERR_OK) log_diag(LOG_ERROR, "desk", &d);
    return e == ERR_OK ? 0 : EXIT_FAILED;
}
