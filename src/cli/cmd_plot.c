/* sojourn plot DIR [--kind K,...] [--format svg|png|pdf] */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "io/format.h"
#include "report/plots.h"

enum { EXIT_OK = 0, EXIT_USAGE = 2, MOST_KINDS = 32 };

static const char usage[] = "usage: sojourn plot DIR [--kind K,...] [--format svg|png|pdf]\n";

/* The command line, taken apart. */
typedef struct orders {
    const char *folder, *format;
    const char *kind[MOST_KINDS];
    size_t n_kinds;
    char *list; /* owns: the text the kinds point into */
    bool wants_help;
} orders;

static void show_help(void)
{
    size_t n;
    const sj_plot_kind *kind = sj_plot_kinds(&n);
    (void)fputs(usage, stdout);
    (void)fputs("\n"
                "Draws a results folder into DIR/plots/: for each plot a gnuplot script, its data\n"
                "and the picture. Prints the paths of the pictures. Without gnuplot the scripts\n"
                "and the data are written. Kinds (default: auto, all that there is data for):\n",
                stdout);
    for (size_t i = 0; i < n; i++) {
        (void)printf("  %-9s %s (%s)\n", kind[i].name, kind[i].doc, kind[i].needs);
    }
}

static void show_error(const sj_err *err)
{
    char text[2048];
    (void)sj_err_format(err, text, sizeof text);
    size_t n = strlen(text);
    (void)fprintf(stderr, "%s%s", text, n > 0 && text[n - 1] == '\n' ? "" : "\n");
}

static int exit_status_of(sj_status st)
{
    const sj_error_row *row = sj_error_row_of(st);
    return row == NULL ? EXIT_OK : row->exit_status;
}

/* Cut "a,b" into kinds; "auto" alone means none in particular. */
static sj_status take_kinds(orders *o, const char *list, sj_err *err)
{
    free(o->list);
    o->n_kinds = 0;
    o->list = sj_strdup(list);
    if (o->list == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "--kind", "out of memory");
    }
    for (char *at = o->list; at != NULL;) {
        char *comma = strchr(at, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        if (o->n_kinds == MOST_KINDS) {
            return SJ_FAIL(err, SJ_E_USAGE, "--kind", "too many kinds");
        }
        o->kind[o->n_kinds++] = at;
        at = comma == NULL ? NULL : comma + 1;
    }
    o->n_kinds = o->n_kinds == 1 && strcmp(o->kind[0], "auto") == 0 ? 0 : o->n_kinds;
    return SJ_OK;
}

static sj_status fail_option(const char *option, sj_err *err)
{
    static const char *const known[] = {"--kind", "--format", "--help"};
    const char *near = sj_suggest(option, known, 3);
    sj_status st = SJ_FAIL(err, SJ_E_USAGE, "", "unknown option \"%.80s\"", option);
    if (near != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"?", near);
    }
    return st;
}

/* Value of an option "--name VALUE" or "--name=VALUE" at argv[*i]; NULL if it is another. */
static const char *value_of(const char *name, int argc, char **argv, int *i, bool *is_lacking)
{
    size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) != 0 || (argv[*i][n] != '\0' && argv[*i][n] != '=')) {
        return NULL;
    }
    if (argv[*i][n] == '=') {
        return argv[*i] + n + 1;
    }
    *is_lacking = *i + 1 >= argc;
    return *is_lacking ? "" : argv[++*i];
}

static sj_status take_argument(orders *o, int argc, char **argv, int *i, sj_err *err)
{
    bool is_lacking = false;
    const char *option = argv[*i], *value;
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) {
        o->wants_help = true;
        return SJ_OK;
    }
    if ((value = value_of("--kind", argc, argv, i, &is_lacking)) != NULL && !is_lacking) {
        return take_kinds(o, value, err);
    }
    if (value == NULL && (value = value_of("--format", argc, argv, i, &is_lacking)) != NULL) {
        o->format = value;
    }
    if (is_lacking) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "%s needs a value", option);
    }
    if (value != NULL) {
        return SJ_OK;
    }
    if (option[0] == '-' && option[1] != '\0') {
        return fail_option(option, err);
    }
    if (o->folder != NULL) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "one folder only: \"%.80s\" is one too many", option);
    }
    o->folder = option;
    return SJ_OK;
}

static sj_status take_arguments(orders *o, int argc, char **argv, sj_err *err)
{
    for (int i = 1; i < argc; i++) {
        SJ_TRY(take_argument(o, argc, argv, &i, err));
    }
    if (o->folder == NULL && !o->wants_help) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "which results folder?");
    }
    return SJ_OK;
}

static sj_status draw(const sj_plot_request *request, sj_err *err)
{
    sj_plot_made made = {0};
    sj_status st = sj_plots_draw(request, &made, err);
    for (size_t i = 0; i < made.n_pictures; i++) {
        (void)puts(made.pictures[i]);
    }
    if (made.notes.n > 0 && st == SJ_OK) {
        (void)fprintf(stderr, "gnuplot says: %s\n", made.notes.text);
    }
    if (made.gnuplot_absent) {
        (void)fprintf(stderr,
                      "sojourn plot: gnuplot is not installed, so there are no pictures; %zu "
                      "scripts with their data are in %s/plots (run there: gnuplot NAME.gp)\n",
                      made.n_scripts, request->folder);
    }
    sj_plot_made_clear(&made);
    return st;
}

int sj_cmd_plot(int argc, char **argv)
{
    orders o = {.format = "svg"};
    sj_err err = {0};
    int status = EXIT_USAGE;
    sj_status st = take_arguments(&o, argc, argv, &err);
    sj_plot_request request = {.folder = o.folder,
                               .format = o.format,
                               .kinds = o.n_kinds > 0 ? o.kind : NULL,
                               .n_kinds = o.n_kinds};
    if (st == SJ_OK && o.wants_help) {
        show_help();
        status = EXIT_OK;
    } else if (st != SJ_OK || (st = sj_plots_check(&request, &err)) != SJ_OK) {
        show_error(&err);
        (void)fputs(err.hint[0] == '\0' ? usage : "", stderr);
    } else {
        st = draw(&request, &err);
        status = exit_status_of(st);
        if (st != SJ_OK) {
            show_error(&err);
        }
    }
    free(o.list);
    return status;
}
