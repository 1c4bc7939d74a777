/* The module as nginx sees it: its directives and when it starts and ends.
 *
 *   mado_app NAME;              in http: which of the program's apps answers; without it the first
 *   mado CONFIG ENTRANCE;       in a location: the app answers here. CONFIG is given to the app once a worker
 *   mado_refusal CODE;          in a location that error_page leads to: the app counts a refusal of that code
 *   mado_body_deadline TIME;    in http: for a whole body, however it is dripped
 *   mado_owed_max NUMBER;       in http: answers a worker may owe before it says "later" (503) */
#include "net/nginx/worker.h"

enum { BODY_DEADLINE_MS = 30 * 1000, OWED_MAX = 4096 };

static void *create_main(ngx_conf_t *cf) {
    struct door_main_conf *m = ngx_pcalloc(cf->pool, sizeof *m);
    if (m == NULL) return NULL;
    m->body_deadline = NGX_CONF_UNSET_MSEC;
    m->owed_max = NGX_CONF_UNSET;
    return m;
}

static char *init_main(ngx_conf_t *cf, void *conf) {
    struct door_main_conf *m = conf;
    (void)cf;
    ngx_conf_init_msec_value(m->body_deadline, BODY_DEADLINE_MS);
    ngx_conf_init_value(m->owed_max, OWED_MAX);
    return NGX_CONF_OK;
}

static void *create_loc(ngx_conf_t *cf) { return ngx_pcalloc(cf->pool, sizeof(struct door_loc_conf)); }

static char *set_mado(ngx_conf_t *cf, ngx_command_t *cmd, void *conf) {
    struct door_loc_conf *l = conf;
    struct door_main_conf *m = ngx_http_conf_get_module_main_conf(cf, ngx_http_mado_module);
    ngx_http_core_loc_conf_t *core = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    ngx_str_t *words = cf->args->elts;
    (void)cmd;
    if (l->entrance.len) return (char *)"is duplicate";
    if (m->config.len && !str_eq(door_str(m->config), door_str(words[1])))
        return (char *)"needs the same CONFIG everywhere";
    m->config = words[1];
    l->entrance = words[2];
    core->handler = door_handle;
    return NGX_CONF_OK;
}

static char *set_app(ngx_conf_t *cf, ngx_command_t *cmd, void *conf) {
    struct door_main_conf *m = conf;
    ngx_str_t *words = cf->args->elts;
    (void)cmd;
    if (m->app) return (char *)"is duplicate";
    for (size_t i = 0; http_apps[i]; i++)
        if (str_eq(door_str(words[1]), str_c(http_apps[i]->name))) return m->app = http_apps[i], NGX_CONF_OK;
    return (char *)"is no app of this program";
}

static char *set_refusal(ngx_conf_t *cf, ngx_command_t *cmd, void *conf) {
    struct door_loc_conf *l = conf;
    ngx_str_t *words = cf->args->elts;
    (void)cmd;
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++)
        if (str_eq(door_str(words[1]), str_c(err_info(e)->code))) return l->refusal = e, NGX_CONF_OK;
    return (char *)"is no code of an error";
}

/* Once for each request, in the location where it ended. */
static ngx_int_t count_refusal(ngx_http_request_t *r) {
    struct door_main_conf *m = ngx_http_get_module_main_conf(r, ngx_http_mado_module);
    struct door_loc_conf *l = ngx_http_get_module_loc_conf(r, ngx_http_mado_module);
    struct door_worker *w = m->worker;
    if (l->refusal != ERR_OK && w && w->app->refused) w->app->refused(w->state, l->refusal);
    return NGX_OK;
}

static ngx_int_t add_log_handler(ngx_conf_t *cf) {
    ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    ngx_http_handler_pt *handler = ngx_array_push(&core->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (handler == NULL) return NGX_ERROR;
    *handler = count_refusal;
    return NGX_OK;
}

/* Neither the master nor `nginx -t` comes here, and nginx's helper processes answer nothing: the store is opened in
 * workers only. */
static ngx_int_t init_process(ngx_cycle_t *cycle) {
    struct door_main_conf *m = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_mado_module);
    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE) return NGX_OK;
    if (m == NULL || m->config.len == 0) return NGX_OK;
    return door_worker_start(cycle, m);
}

static void exit_process(ngx_cycle_t *cycle) {
    struct door_main_conf *m = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_mado_module);
    if (m && m->worker) door_worker_stop(m->worker);
}

static ngx_command_t commands[] = {
    {ngx_string("mado"), NGX_HTTP_LOC_CONF | NGX_CONF_TAKE2, set_mado, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("mado_app"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, set_app, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL},
    {ngx_string("mado_refusal"), NGX_HTTP_LOC_CONF | NGX_CONF_TAKE1, set_refusal, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("mado_body_deadline"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_msec_slot,
     NGX_HTTP_MAIN_CONF_OFFSET, offsetof(struct door_main_conf, body_deadline), NULL},
    {ngx_string("mado_owed_max"), NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1, ngx_conf_set_num_slot, NGX_HTTP_MAIN_CONF_OFFSET,
     offsetof(struct door_main_conf, owed_max), NULL},
    ngx_null_command,
};

static ngx_http_module_t hooks = {
    .postconfiguration = add_log_handler,
    .create_main_conf = create_main,
    .init_main_conf = init_main,
    .create_loc_conf = create_loc,
};

ngx_module_t ngx_http_mado_module = {
    NGX_MODULE_V1, &hooks, commands, NGX_HTTP_MODULE, NULL, NULL,
    init_process,  NULL,   NULL,     exit_process,    NULL, NGX_MODULE_V1_PADDING,
};

/* What nginx looks up in a module's file; its own build writes these into a generated file. */
extern ngx_module_t *ngx_modules[];
extern char *ngx_module_names[], *ngx_module_order[];
ngx_module_t *ngx_modules[] = {&ngx_http_mado_module, NULL};
char *ngx_module_names[] = {(char *)"ngx_http_mado_module", NULL};
char *ngx_module_order[] = {NULL};
