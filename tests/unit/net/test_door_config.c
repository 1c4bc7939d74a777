#include "lib/unit.h"
#include "net/door_config.h"
#include "net/http.h"

static struct door_config usual(void) {
    return (struct door_config){
        .module = S("/opt/mado/ngx_http_mado_module.so"),
        .app = S("centre"),
        .config = S("/srv/a store"),
        .keys = S("/srv/keys"),
        .user = S(""),
        .listen = S("127.0.0.1:8443"),
        .status = S("127.0.0.1:9090"),
        .workers = 3,
        .open_files = 1024,
    };
}

static struct buf written(const struct door_config *c) {
    struct buf b;
    buf_init(&b, 64 << 10);
    assert_int_equal(door_config_put(&b, c, NULL), ERR_OK);
    return b;
}

static bool holds(const struct buf *b, const char *text) { return str_find(buf_str(b), str_c(text)) < b->n; }

static void what_protects_the_door_stands_in_it(void **state) {
    (void)state;
    static const char *const lines[] = {
        "ssl_verify_client on;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_crl \"/srv/keys/crl.pem\";",
        "ssl_client_certificate \"/srv/keys/ca.pem\";",
        "server_tokens off;",
        "access_log off;",
        "error_log stderr crit;",
        "mado_app centre;",
        "mado \"/srv/a store\" door;",
        "mado \"/srv/a store\" status;",
        "listen 127.0.0.1:8443 ssl http2",
        "listen 127.0.0.1:9090 backlog",
        "worker_processes 3;",
        "client_body_timeout ",
        "client_header_timeout ",
        "send_timeout ",
        "mado_body_deadline ",
        "mado_owed_max ",
        "worker_shutdown_timeout ",
    };
    struct door_config c = usual();
    struct buf b = written(&c);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) row_check(holds(&b, lines[i]), lines[i]);
    assert_false(holds(&b, "\nuser "));
    buf_fini(&b);
}

static void an_entrance_is_there_when_it_has_an_address(void **state) {
    (void)state;
    struct door_config c = usual();
    struct buf b = written(&c);
    assert_false(holds(&b, "\" kiosk;"));
    buf_fini(&b);
    c.pages = S("127.0.0.1:8080"), c.kiosk = S("127.0.0.1:8081");
    b = written(&c);
    assert_true(holds(&b, "mado \"/srv/a store\" pages;") && holds(&b, "mado \"/srv/a store\" kiosk;"));
    assert_true(holds(&b, "listen 127.0.0.1:8081 backlog"));
    buf_fini(&b);
}

static void every_refusal_of_nginx_has_a_body_in_two_languages(void **state) {
    (void)state;
    static const char *const statuses[] = {"400", "404",     "405", "408", "411", "413", "414", "421",
                                           "494", "495 496", "497", "500", "501", "503", "505"};
    struct door_config c = usual();
    struct buf b = written(&c);
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        char line[64];
        snprintf(line, sizeof line, "error_page %s =", statuses[i]);
        row_check(holds(&b, line), line);
    }
    assert_true(holds(&b, "クライアント証明書を確認できません"));
    assert_true(holds(&b, "the client certificate is missing or not trusted"));
    assert_true(holds(&b, "MDOA0001E"));
    assert_true(holds(&b, "mado_refusal A0001;"));
    buf_fini(&b);
}

static void put_form_body(struct buf *out, const struct diag *d) {
    buf_printf(out, "form of %s", err_info(d->err)->code);
}

static void addresses_with_a_form_of_their_own_are_refused_in_it_by_nginx_too(void **state) {
    (void)state;
    const struct door_form form = {S("/other/"), S("text/form"), put_form_body};
    struct door_config c = usual();
    c.form = &form;
    struct buf b = written(&c);
    assert_true(holds(&b, "~^/other/ /refusal-form;"));
    assert_true(holds(&b, "error_page 413 =413 $refusal/"));
    assert_true(holds(&b, "default_type \"text/form\";"));
    assert_true(holds(&b, "return 413 'form of F0005';"));
    assert_true(holds(&b, "return 401 'form of A0001';"));
    assert_true(holds(&b, "the client certificate is missing or not trusted"));
    buf_fini(&b);
}

static void without_a_status_address_there_is_no_entrance_without_tls(void **state) {
    (void)state;
    struct door_config c = usual();
    c.status = S("");
    struct buf b = written(&c);
    assert_false(holds(&b, "\" status;"));
    size_t first = str_find(buf_str(&b), S("listen "));
    assert_int_equal(str_find(str_skip(buf_str(&b), first + 1), S("listen ")), b.n - first - 1);
    buf_fini(&b);
}

static void pages_alone_need_neither_tls_nor_keys(void **state) {
    (void)state;
    struct door_config c = usual();
    c.app = S("window"), c.keys = c.listen = c.status = S(""), c.pages = S("127.0.0.1:8000");
    struct buf b = written(&c);
    assert_true(holds(&b, "mado_app window;"));
    assert_true(holds(&b, "listen 127.0.0.1:8000 backlog"));
    assert_true(holds(&b, "mado \"/srv/a store\" pages;"));
    assert_false(holds(&b, "ssl_"));
    buf_fini(&b);
}

static void a_folder_cannot_write_settings(void **state) {
    (void)state;
    static const char *const names[] = {"/a\"; user root; #", "/a$host", "/a\\", "/a\nb", "/a'b", "/a\x7f\x01"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str *parts[3];
        struct door_config c = usual();
        parts[0] = &c.module, parts[1] = &c.config, parts[2] = &c.keys;
        for (size_t j = 0; j < ARRAY_LEN(parts); j++) {
            struct buf b;
            c = usual();
            *parts[j] = str_c(names[i]);
            buf_init(&b, 64 << 10);
            row_check(door_config_put(&b, &c, NULL) == ERR_VALUE, names[i]);
            buf_fini(&b);
        }
    }
}

static void the_master_that_is_root_names_the_user(void **state) {
    (void)state;
    struct door_config c = usual();
    c.user = S("root");
    struct buf b = written(&c);
    assert_true(holds(&b, "\nuser root;\n"));
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_protects_the_door_stands_in_it),
        cmocka_unit_test(an_entrance_is_there_when_it_has_an_address),
        cmocka_unit_test(every_refusal_of_nginx_has_a_body_in_two_languages),
        cmocka_unit_test(addresses_with_a_form_of_their_own_are_refused_in_it_by_nginx_too),
        cmocka_unit_test(without_a_status_address_there_is_no_entrance_without_tls),
        cmocka_unit_test(pages_alone_need_neither_tls_nor_keys),
        cmocka_unit_test(a_folder_cannot_write_settings),
        cmocka_unit_test(the_master_that_is_root_names_the_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
