/* S8: new connections with mutual TLS, full handshakes.
 *   shake bare KEYS INSTITUTION SECONDS                  both ends in this process, no socket; CPU of the server's end alone
 *   shake door KEYS INSTITUTION SECONDS HOST:PORT PIDS   against a server, one small request each; CPU of PIDS
 * Prints: connections cpu_us_each */
#include "bench/lib/figures.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void good(int result, const char *what) {
    if (result == 1) return;
    ERR_print_errors_fp(stderr);
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static SSL_CTX *context(const SSL_METHOD *method, const char *keys, const char *own) {
    char cert[512], key[512], ca[512];
    SSL_CTX *c = SSL_CTX_new(method);
    must(c != NULL, "SSL_CTX");
    snprintf(cert, sizeof cert, "%s/%s/cert.pem", keys, own), snprintf(key, sizeof key, "%s/%s/key.pem", keys, own);
    snprintf(ca, sizeof ca, "%s/ca.pem", keys);
    good(SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION), "TLS 1.3");
    good(SSL_CTX_use_certificate_chain_file(c, cert), cert);
    good(SSL_CTX_use_PrivateKey_file(c, key, SSL_FILETYPE_PEM), key);
    good(SSL_CTX_load_verify_locations(c, ca, NULL), ca);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return c;
}

/* As mado serve has nginx set it up: the list of revoked certificates, one ticket. */
static SSL_CTX *server_context(const char *keys) {
    char crl[512];
    SSL_CTX *c = context(TLS_server_method(), keys, "server");
    snprintf(crl, sizeof crl, "%s/crl.pem", keys);
    good(X509_load_crl_file(X509_STORE_add_lookup(SSL_CTX_get_cert_store(c), X509_LOOKUP_file()), crl,
                            X509_FILETYPE_PEM),
         crl);
    X509_STORE_set_flags(SSL_CTX_get_cert_store(c), X509_V_FLAG_CRL_CHECK);
    good(SSL_CTX_set_num_tickets(c, 1), "tickets");
    good(SSL_CTX_set1_groups_list(c, "X25519:prime256v1"), "groups");
    static const unsigned char name[] = "bench";
    good(SSL_CTX_set_session_id_context(c, name, sizeof name), "session");
    return c;
}

static uint64_t bare(SSL_CTX *server, SSL_CTX *client) {
    SSL *s = SSL_new(server), *c = SSL_new(client);
    BIO *a, *b;
    uint64_t spent = 0;
    good(s && c ? BIO_new_bio_pair(&a, 64 << 10, &b, 64 << 10) : 0, "BIO pair");
    SSL_set_bio(s, a, a), SSL_set_bio(c, b, b);
    for (bool s_done = false, c_done = false; !s_done || !c_done;) {
        if (!c_done) c_done = SSL_connect(c) == 1;
        uint64_t at = thread_cpu_ns();
        if (!s_done) s_done = SSL_accept(s) == 1;
        spent += thread_cpu_ns() - at;
        must(SSL_get_verify_result(s) == X509_V_OK, "verification");
    }
    uint64_t at = thread_cpu_ns();
    SSL_free(s);
    spent += thread_cpu_ns() - at;
    SSL_free(c);
    return spent;
}

static void shake_hands(SSL_CTX *client, const struct sockaddr_in *to) {
    static const char request[] = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char reply[4096];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0 && connect(fd, (const struct sockaddr *)to, sizeof *to) == 0, "connect");
    SSL *s = SSL_new(client);
    good(s ? SSL_set_fd(s, fd) : 0, "SSL");
    good(SSL_connect(s), "handshake");
    good(SSL_write(s, request, sizeof request - 1) == sizeof request - 1, "request");
    good(SSL_read(s, reply, sizeof reply) > 12 && memcmp(reply, "HTTP/1.1 200", 12) == 0, "reply");
    (void)SSL_shutdown(s);
    SSL_free(s);
    close(fd);
}

int main(int argc, char **argv) {
    char own[128];
    pid_t pids[PIDS_MAX];
    bool door = argc == 7 && strcmp(argv[1], "door") == 0;
    if (!door && (argc != 5 || strcmp(argv[1], "bare") != 0))
        return fprintf(stderr, "usage: shake bare|door KEYS INSTITUTION SECONDS [HOST:PORT PIDS]\n"), 2;
    snprintf(own, sizeof own, "institutions/%s", argv[3]);
    SSL_CTX *client = context(TLS_client_method(), argv[2], own), *server = server_context(argv[2]);
    uint64_t until = steady_ns() + read_number(argv[4], 600, "SECONDS") * 1000000000u, n = 0, spent = 0;
    if (door) {
        char *colon = strrchr(argv[5], ':');
        must(colon != NULL, "HOST:PORT");
        *colon = 0;
        struct sockaddr_in to = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)read_number(colon + 1, 65535, "PORT"))};
        must(inet_pton(AF_INET, argv[5], &to.sin_addr) == 1, "HOST");
        size_t count = read_pids(argv[6], pids);
        uint64_t before = cpu_of_ns(pids, count);
        for (; steady_ns() < until; n++) shake_hands(client, &to);
        spent = cpu_of_ns(pids, count) - before;
    } else {
        for (; steady_ns() < until; n++) spent += bare(server, client);
    }
    printf("%llu %.2f\n", (unsigned long long)n, (double)spent / 1e3 / (double)(n ? n : 1));
    SSL_CTX_free(client), SSL_CTX_free(server);
    return n ? 0 : 1;
}
