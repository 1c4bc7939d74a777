#include "base/buf.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct option {
    const char *command, *name, *value;
    bool required;
    const char *ja, *en;
};
struct command {
    const char *name;
    bool hidden;
    const char *rest, *ja, *en;
    int (*run)(const struct cmd_args *args);
};

#define COMMAND(name, hidden, rest, ja, en) {#name, hidden, rest, ja, en, cmd_##name},
#define OPTION(command, name, value, required, ja, en)
static const struct command commands[] = {
#include "cmd/commands.def"
};
#undef COMMAND
#undef OPTION
#define COMMAND(name, hidden, rest, ja, en)
#define OPTION(command, name, value, required, ja, en) {#command, name, value, required, ja, en},
static const struct option options[] = {
#include "cmd/commands.def"
    {"", "", "", false, "", ""},
};
#undef COMMAND
#undef OPTION

static const struct command *find_command(const char *name) {
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static const struct option *find_option(const char *command, struct str name) {
    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        if (strcmp(options[i].command, command) == 0 && str_eq(str_c(options[i].name), name)) return &options[i];
    return NULL;
}

const char *cmd_value(const struct cmd_args *a, const char *name) {
    for (size_t i = 0; i < a->given_count; i++)
        if (strcmp(a->given[i].name, name) == 0) return a->given[i].value;
    return NULL;
}

bool cmd_number(const struct cmd_args *a, const char *name, uint64_t max, uint64_t otherwise, uint64_t *out) {
    const char *text = cmd_value(a, name);
    *out = otherwise;
    if (text == NULL || str_uint(str_c(text), max, out)) return true;
    fprintf(stderr, "mado: --%s には 0 から %llu までの整数を指定してください / needs a whole number from 0 to %llu\n",
            name, (unsigned long long)max, (unsigned long long)max);
    return false;
}

int cmd_fail(const struct diag *d) {
    struct buf b;
    buf_init(&b, 4096);
    diag_put(d, &b);
    fprintf(stderr, "mado: %.*s\n", (int)b.n, b.p);
    buf_fini(&b);
    bool option = str_starts(str_c(d->where), S("--")); /* a value that an option cannot have */
    bool usage =
        d->err == ERR_USAGE || (option && (d->err == ERR_VALUE || d->err == ERR_CHECK_DIGIT || d->err == ERR_DATE));
    return usage ? EXIT_USAGE : EXIT_FAILED;
}

static void print_command(const struct command *c) {
    printf("mado %s", c->name);
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        const struct option *o = &options[i];
        if (strcmp(o->command, c->name) != 0) continue;
        printf(o->required ? " --%s%s%s" : " [--%s%s%s]", o->name, o->value[0] ? " " : "", o->value);
    }
    printf("%s%s\n\n  %s\n  %s\n", c->rest[0] ? " " : "", c->rest, c->ja, c->en);
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        const struct option *o = &options[i];
        if (strcmp(o->command, c->name) != 0) continue;
        printf("\n  --%s%s%s\n      %s\n      %s\n", o->name, o->value[0] ? " " : "", o->value, o->ja, o->en);
    }
}

int cmd_help(const struct cmd_args *args) {
    if (args->rest_count) {
        const struct command *c = find_command(args->rest[0]);
        if (c) return print_command(c), 0;
        fprintf(stderr, "mado: 「%s」という命令はありません / there is no command \"%s\"\n", args->rest[0],
                args->rest[0]);
        return EXIT_USAGE;
    }
    puts("mado " MADO_VERSION " — 窓: オンライン資格確認 / online eligibility verification\n");
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (!commands[i].hidden) printf("  %-8s %s\n           %s\n", commands[i].name, commands[i].ja, commands[i].en);
    puts("\nmado help COMMAND で詳しい使い方 / shows a command in detail");
    return 0;
}

static int usage(const char *command, const char *ja, const char *en, const char *what) {
    fprintf(stderr, "mado %s: %s / %s: %s\n", command, ja, en, what);
    fprintf(stderr, "  → mado help %s\n", command);
    return EXIT_USAGE;
}

/* Options may stand anywhere; "--" ends them; --name=value is the same as --name value. */
static int parse(const struct command *c, int argc, char **argv, struct cmd_args *args, const char **rest) {
    bool literal = false;
    for (int i = 2; i < argc; i++) {
        struct str word = str_c(argv[i]);
        if (literal || !str_starts(word, S("--"))) {
            rest[args->rest_count++] = argv[i];
            continue;
        }
        if ((literal = word.n == 2)) continue;
        struct str name = str_skip(word, 2), inline_value = name;
        name = str_cut(&inline_value, '=');
        bool has_inline = name.n + 2 < word.n;
        const struct option *o = find_option(c->name, name);
        if (o == NULL) return usage(c->name, "知らない指定です", "unknown option", argv[i]);
        if (args->given_count == CMD_OPTIONS_MAX)
            return usage(c->name, "指定が多すぎます", "too many options", argv[i]);
        if (o->value[0] == 0 && has_inline) return usage(c->name, "値は付けられません", "takes no value", argv[i]);
        const char *value = o->value[0] == 0 ? "" : has_inline ? inline_value.p : i + 1 < argc ? argv[++i] : NULL;
        if (value == NULL) return usage(c->name, "値がありません", "needs a value", argv[i]);
        args->given[args->given_count].name = o->name;
        args->given[args->given_count++].value = value;
    }
    args->rest = rest;
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (strcmp(options[i].command, c->name) != 0 || !options[i].required || cmd_flag(args, options[i].name))
            continue;
        char name[64];
        snprintf(name, sizeof name, "--%s", options[i].name);
        return usage(c->name, "必要な指定がありません", "missing option", name);
    }
    return 0;
}

int main(int argc, char **argv) {
    static const char *rest[1 << 16];
    struct cmd_args args = {0};
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--version") == 0) return puts("mado " MADO_VERSION), 0;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) name = "help";
    const struct command *c = find_command(name);
    if (c == NULL) {
        fprintf(stderr, "mado: 「%s」という命令はありません / there is no command \"%s\"\n  → mado help\n", name, name);
        return EXIT_USAGE;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) break;
        if (strcmp(argv[i], "--help") == 0) return print_command(c), 0;
    }
    if ((size_t)argc > ARRAY_LEN(rest)) return usage(name, "引数が多すぎます", "too many arguments", argv[1]);
    int wrong = parse(c, argc, argv, &args, rest);
    return wrong ? wrong : c->run(&args);
}
