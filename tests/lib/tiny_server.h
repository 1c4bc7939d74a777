/* A server on loopback that answers every connection with the same bytes (which say "Connection: close", for it waits until the other side has
 * closed), or never answers: for what fetches. */
#ifndef TESTS_LIB_TINY_SERVER_H
#define TESTS_LIB_TINY_SERVER_H

#include "base/str.h"

#include <pthread.h>
#include <stdatomic.h>

struct tiny_server {
    int fd;
    unsigned port;
    struct str reply; /* borrowed; empty: connections are taken and left waiting */
    pthread_t thread;
    atomic_bool stop;
    atomic_uint taken;
};
void tiny_server_start(struct tiny_server *s, struct str reply);
void tiny_server_stop(struct tiny_server *s);

#endif
