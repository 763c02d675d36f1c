#include "cli/args.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/format.h"

static int find_option(const sj_args *args, const char *word, size_t length)
{
    for (size_t i = 0; i < args->n_options; i++) {
        const sj_option *o = &args->options[i];
        bool whole = strlen(o->name) == length && strncmp(o->name, word, length) == 0;
        bool brief =
            o->brief != NULL && strlen(o->brief) == length && strncmp(o->brief, word, length) == 0;
        if (whole || brief) {
            return (int)i;
        }
    }
    return -1;
}

static sj_status unknown(const sj_args *args, const char *word, sj_err *err)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < args->n_options && n < 64; i++) {
        names[n++] = args->options[i].name;
    }
    const char *near = sj_suggest(word, names, n);
    sj_status st = SJ_FAIL(err, SJ_E_USAGE, "", "unknown option \"%.80s\"", word);
    if (near != NULL && err != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"?", near);
    }
    return st;
}

static sj_status take_option(sj_args *args, int argc, char **argv, int *i, sj_err *err)
{
    const char *word = argv[*i], *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    int option = find_option(args, word, length);
    const char *glued = NULL; /* the value of -n2 */
    if (option < 0 && word[1] != '-') {
        option = find_option(args, word, 2);
        glued = word + 2;
    }
    if (option < 0 || (glued != NULL && !args->options[option].takes_value)) {
        return unknown(args, word, err);
    }
    const sj_option *o = &args->options[option];
    const char *value = "";
    if (glued != NULL) {
        value = glued;
    } else if (o->takes_value && equals != NULL) {
        value = equals + 1;
    } else if (o->takes_value) {
        if (*i + 1 >= argc) {
            return SJ_FAIL(err, SJ_E_USAGE, "", "option %s needs a value", o->name);
        }
        value = argv[++*i];
    } else if (equals != NULL) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "option %s takes no value", o->name);
    }
    args->option[args->n_occurrences] = option;
    args->value[args->n_occurrences++] = value;
    return SJ_OK;
}

sj_status sj_args_parse(sj_args *args, const sj_option options[], size_t n, int argc, char **argv,
                        sj_err *err)
{
    memset(args, 0, sizeof *args);
    args->options = options;
    args->n_options = n;
    args->value = sj_calloc((size_t)argc + 1, sizeof *args->value);
    args->option = sj_calloc((size_t)argc + 1, sizeof *args->option);
    args->rest = sj_calloc((size_t)argc + 1, sizeof *args->rest);
    if (args->value == NULL || args->option == NULL || args->rest == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "", "out of memory");
    }
    bool only_rest = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (only_rest || word[0] != '-' || word[1] == '\0') {
            args->rest[args->n_rest++] = word;
        } else if (strcmp(word, "--") == 0) {
            only_rest = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            args->wants_help = true;
        } else {
            SJ_TRY(take_option(args, argc, argv, &i, err));
        }
    }
    return SJ_OK;
}

void sj_args_clear(sj_args *args)
{
    free(args->value);
    free(args->option);
    free(args->rest);
    memset(args, 0, sizeof *args);
}

size_t sj_args_values(const sj_args *args, const char *name, const char *out[])
{
    size_t n = 0;
    for (size_t i = 0; i < args->n_occurrences; i++) {
        if (strcmp(args->options[args->option[i]].name, name) == 0) {
            out[n++] = args->value[i];
        }
    }
    return n;
}

const char *sj_args_value(const sj_args *args, const char *name)
{
    const char *last = NULL;
    for (size_t i = 0; i < args->n_occurrences; i++) {
        if (strcmp(args->options[args->option[i]].name, name) == 0) {
            last = args->value[i];
        }
    }
    return last;
}

sj_status sj_args_int(const sj_args *args, const char *name, long low, long high, long absent,
                      long *out, sj_err *err)
{
    const char *text = sj_args_value(args, name);
    *out = absent;
    if (text == NULL) {
        return SJ_OK;
    }
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < low || value > high) {
        return SJ_FAIL(err, SJ_E_USAGE, "",
                       "%s takes a whole number from %ld to %ld, not \"%.40s\"", name, low, high,
                       text);
    }
    *out = value;
    return SJ_OK;
}

static int say_help(const sj_usage *usage)
{
    (void)printf("usage: sojourn %s\n\n%s\n", usage->line, usage->doc);
    for (size_t i = 0; i < usage->n_options; i++) {
        const sj_option *o = &usage->options[i];
        char name[64];
        (void)snprintf(name, sizeof name, "%s%s%s%s", o->brief ? o->brief : "",
                       o->brief ? ", " : "", o->name, o->takes_value ? " X" : "");
        (void)printf("%s  %-18s %s\n", i == 0 ? "\n" : "", name, o->doc);
    }
    return SJ_EXIT_OK;
}

int sj_say_error(const sj_err *err)
{
    char text[2048];
    (void)sj_err_format(err, text, sizeof text);
    (void)fputs(text, stderr);
    const sj_error_row *row = sj_error_row_of(err->status);
    return row == NULL || err->is_warning ? SJ_EXIT_OK : row->exit_status;
}

enum { FEW_WARNINGS = 3 };

/* Warnings of the same code before the i-th problem. */
static size_t warned_before(const sj_problems *problems, size_t i)
{
    size_t n = 0;
    for (size_t k = 0; k < i; k++) {
        n += problems->at[k].is_warning && problems->at[k].status == problems->at[i].status;
    }
    return n;
}

static int say_problems(const sj_problems *problems, size_t most_warnings)
{
    int exit_status = SJ_EXIT_OK;
    size_t n_left_out = 0;
    for (size_t i = 0; i < problems->n; i++) {
        if (problems->at[i].is_warning && warned_before(problems, i) >= most_warnings) {
            n_left_out++;
            continue;
        }
        int one = sj_say_error(&problems->at[i]);
        exit_status = exit_status == SJ_EXIT_OK ? one : exit_status;
    }
    if (n_left_out > 0) {
        (void)fprintf(stderr, "and %zu more warnings like these: `sojourn validate` shows all\n",
                      n_left_out);
    }
    if (problems->overflow && exit_status == SJ_EXIT_OK) {
        exit_status = 5;
    }
    return exit_status;
}

int sj_say_problems(const sj_problems *problems)
{
    return say_problems(problems, SIZE_MAX);
}

int sj_say_few_problems(const sj_problems *problems)
{
    return say_problems(problems, FEW_WARNINGS);
}

int sj_usage_run(const sj_usage *usage, int argc, char **argv)
{
    sj_args args;
    sj_err err = {0};
    int exit_status;
    if (sj_args_parse(&args, usage->options, usage->n_options, argc, argv, &err) != SJ_OK) {
        exit_status = sj_say_error(&err);
    } else if (args.wants_help) {
        exit_status = say_help(usage);
    } else if (args.n_rest < usage->least || args.n_rest > usage->most) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "%s", usage->takes);
        exit_status = sj_say_error(&err);
    } else {
        exit_status = usage->run(&args);
    }
    sj_args_clear(&args);
    return exit_status;
}
