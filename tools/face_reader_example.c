/* face_reader_example: a face reader to copy from, and the one the tests use. It has no camera: --answer says what it says. What is real is
 * everything between it and Mado: the socket, the line, the signature (docs/format/face-reader.md). It needs libcrypto alone.
 *
 *   openssl genpkey -algorithm ed25519 -out reader.key              the device's own; it never leaves the device
 *   openssl pkey -in reader.key -pubout -out KEYS/face/reader-1.pem registers it at the window
 *   face_reader_example SOCKET reader.key reader-1 yes|no|given-up|silent
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, HEX_MAX = 64, SIGNATURE_MAX = 80 };

struct question {
    char nonce[HEX_MAX + 1], visit[HEX_MAX + 1], card[HEX_MAX + 1];
};

/* The question's members stand in one order and hold hexadecimal digits alone, so that no JSON library is needed. */
static int member(const char *line, const char *name, char out[HEX_MAX + 1]) {
    char mark[16];
    size_t n;
    snprintf(mark, sizeof mark, "\"%s\":\"", name);
    const char *at = strstr(line, mark);
    if (at == NULL) return 0;
    at += strlen(mark);
    n = strspn(at, "0123456789abcdef");
    if (n > HEX_MAX || at[n] != '"') return 0;
    memcpy(out, at, n);
    out[n] = 0;
    return 1;
}

static int read_question(FILE *in, struct question *q) {
    char line[LINE_MAX_BYTES];
    return fgets(line, sizeof line, in) && strstr(line, "\"form\":\"mado-face-1\"") &&
           member(line, "nonce", q->nonce) && member(line, "visit", q->visit) && member(line, "card", q->card);
}

/* Ed25519 and ECDSA differ in the digest that is named, in nothing else. */
static size_t sign(EVP_PKEY *key, const char *text, unsigned char out[SIGNATURE_MAX]) {
    const EVP_MD *digest = EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256();
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    size_t n = SIGNATURE_MAX;
    int good = c && EVP_DigestSignInit(c, NULL, digest, NULL, key) == 1 &&
               EVP_DigestSign(c, out, &n, (const unsigned char *)text, strlen(text)) == 1;
    EVP_MD_CTX_free(c);
    return good ? n : 0;
}

static void reply(FILE *out, EVP_PKEY *key, const struct question *q, const char *answer, const char *device) {
    char text[LINE_MAX_BYTES];
    unsigned char signature[SIGNATURE_MAX];
    snprintf(text, sizeof text, "mado-face-1\n%s\n%s\n%s\n%s\n%s\n", q->nonce, q->visit, q->card, answer, device);
    size_t n = sign(key, text, signature);
    fprintf(out, "{\"form\":\"mado-face-1\",\"nonce\":\"%s\",\"visit\":\"%s\",\"card\":\"%s\",\"answer\":\"%s\",",
            q->nonce, q->visit, q->card, answer);
    fprintf(out, "\"device\":\"%s\",\"signature\":\"", device);
    for (size_t i = 0; i < n; i++) fprintf(out, "%02x", signature[i]);
    fprintf(out, "\"}\n");
    fflush(out);
}

static EVP_PKEY *read_key(const char *path) {
    FILE *f = fopen(path, "r");
    EVP_PKEY *key = f ? PEM_read_PrivateKey(f, NULL, NULL, NULL) : NULL;
    if (f) fclose(f);
    return key;
}

/* For the user that starts it, and nobody else. */
static int listen_at(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (strlen(path) >= sizeof a.sun_path) return -1;
    memcpy(a.sun_path, path, strlen(path) + 1);
    unlink(path);
    umask(0077);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 4) != 0) return -1;
    return fd;
}

static void serve(int line, EVP_PKEY *key, const char *answer, const char *device) {
    struct question q;
    FILE *f = fdopen(line, "r+");
    if (f == NULL) return;
    setvbuf(f, NULL, _IONBF, 0);
    if (!read_question(f, &q)) {
        fclose(f);
        return;
    }
    /* Here a real one looks at the person and at the card's picture, on its own, and keeps nothing. */
    if (strcmp(answer, "silent") == 0) (void)fgetc(f);
    else reply(f, key, &q, answer, device);
    fclose(f);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: face_reader_example SOCKET KEY.pem DEVICE yes|no|given-up|silent\n");
        return 64;
    }
    EVP_PKEY *key = read_key(argv[2]);
    int door = key ? listen_at(argv[1]) : -1;
    if (door < 0) {
        perror(key ? argv[1] : argv[2]);
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        int line = accept(door, NULL, NULL);
        if (line >= 0) serve(line, key, argv[4], argv[3]);
    }
}
