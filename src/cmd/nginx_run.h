/* nginx_run: what `mado serve` and `mado window --pages` share in running Debian's nginx as a child: where it and the module are, the
 * sockets it is handed, and its own test of the settings. */
#ifndef CMD_NGINX_RUN_H
#define CMD_NGINX_RUN_H

#include "base/err.h"
#include "net/listen.h"

#include <limits.h>

#define NGINX "/usr/sbin/nginx" /* Debian's; the module is built for that build alone */

struct nginx_run {
    char own[PATH_MAX], module[PATH_MAX];  /* this program, and the module beside it or where a package puts it */
    char run[PATH_MAX], config[PATH_MAX];  /* its private folder, and nginx.conf there */
    struct listener *sockets[2];           /* NULL: none */
    char sockets_word[64], ready_word[64]; /* of its environment */
    int ready_fds[2];                      /* what its workers say: the reading end, and theirs */
};

MUST_USE enum err nginx_join(char out[PATH_MAX], const char *folder, const char *name, struct diag *d);
/* Fills own and module. ERR_NOT_FOUND. */
MUST_USE enum err nginx_find(struct nginx_run *n, struct diag *d);
/* Once run and the sockets are there: config, the words of the environment, the pipe. */
MUST_USE enum err nginx_prepare(struct nginx_run *n, struct diag *d);
struct door_config;
/* Writes nginx.conf for an app (net/door_config.h), where nginx_prepare() says. */
MUST_USE enum err nginx_configure(const struct nginx_run *n, const struct door_config *c, struct diag *d);
/* nginx's own test: a wrong key, a module of another build, a setting it does not know. What it says is printed. */
MUST_USE enum err nginx_test(const struct nginx_run *n, struct diag *d);
unsigned nginx_open_files(void);

struct child;
/* The child that runs it: `arguments` and `environment` are filled and stay while it runs. */
enum { NGINX_ARGUMENTS = 8, NGINX_ENVIRONMENT = 3 };
struct child nginx_child(const struct nginx_run *n, const char *arguments[NGINX_ARGUMENTS],
                         const char *environment[NGINX_ENVIRONMENT]);

#endif
