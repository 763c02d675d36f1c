/* sojourn COMMAND ...: one table of commands. */
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "io/format.h"

typedef struct command {
    const char *name, *doc;
    int (*run)(int argc, char **argv);
} command;

static const command commands[] = {
    {"run", "run a scenario; the results go to a new folder", sj_cmd_run},
    {"validate", "name every problem of a scenario at once", sj_cmd_validate},
    {"explain", "what a key, an error code or a scenario means", sj_cmd_explain},
    {"new", "start a scenario of your own from an example", sj_cmd_new},
    {"compare", "what differs between runs, with intervals and a verdict", sj_cmd_compare},
    {"diff", "what differs between two scenarios", sj_cmd_diff},
    {"fit", "how well results reproduce observations, beside naive baselines", sj_cmd_fit},
    {"need", "the capacity that keeps a metric below a level", sj_cmd_need},
    {"plot", "draw a results folder", sj_cmd_plot},
    {"list", "processes, metrics, plots, errors, examples", sj_cmd_list},
    {"version", "the version and how it was built", sj_cmd_version}};

enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static int show_commands(FILE *stream, int exit_status)
{
    (void)fputs("usage: sojourn COMMAND ...\n\n", stream);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        (void)fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].doc);
    }
    (void)fputs("\n`sojourn COMMAND --help` tells the rest; docs/guide.md is a first hour.\n",
                stream);
    return exit_status;
}

int main(int argc, char **argv)
{
    (void)gsl_set_error_handler_off();
    /* A reader that goes away and a file that may not grow are errors of writing, told as such. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        return show_commands(stderr, SJ_EXIT_USAGE);
    }
    bool asks = strcmp(argv[1], "help") == 0;
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || (asks && argc == 2)) {
        return show_commands(stdout, SJ_EXIT_OK);
    }
    char option[] = "--help";
    if (asks) { /* help COMMAND is COMMAND --help */
        argv[1] = argv[2];
        argv[2] = option;
        argc = 3;
    }
    const char *word = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    const char *names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(word, commands[i].name) == 0) {
            int exit_status = commands[i].run(argc - 1, argv + 1);
            if (fflush(stdout) != 0 || ferror(stdout)) {
                (void)fputs("error E0102: standard output could not be written\n", stderr);
                return exit_status == SJ_EXIT_OK ? 4 : exit_status;
            }
            return exit_status;
        }
    }
    sj_err err;
    (void)sj_err_set(&err, SJ_E_USAGE, "", "unknown command \"%.80s\"", word);
    const char *near = sj_suggest(word, names, N_COMMANDS);
    if (near != NULL) {
        (void)snprintf(err.hint, sizeof err.hint, "did you mean \"%s\"?", near);
    }
    return sj_say_error(&err);
}
