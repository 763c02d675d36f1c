/* sojourn plot DIR: pictures of a results folder, with the script and the data of each. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/commands.h"
#include "report/plots.h"

enum { N_OPTIONS = 5, MOST_WORDS = 32 };

static const sj_option options[N_OPTIONS] = {
    {"--kind", NULL, true, "kinds, commas between (default: auto, all that there is data for)"},
    {"--format", NULL, true, "svg (default), png or pdf"},
    {"--observed", NULL, true, "a table of observations, as `fit` takes it; may be repeated"},
    {"--link", NULL, true, "links to draw by nationality, commas between (corridor)"},
    {"--way-home", NULL, false, "draw links of the way home alone as well (map, corridor)"}};

/* Words between commas. */
typedef struct words {
    char *text; /* owns: what the words point into */
    const char *at[MOST_WORDS];
    size_t n;
} words;

static sj_status split(words *out, const char *option, const char *list, sj_err *err)
{
    if (list == NULL) {
        return SJ_OK;
    }
    out->text = sj_strdup(list);
    if (out->text == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, option, "out of memory");
    }
    for (char *at = out->text; at != NULL;) {
        char *comma = strchr(at, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        if (out->n == MOST_WORDS) {
            return SJ_FAIL(err, SJ_E_USAGE, "", "%s takes %d words at most", option, MOST_WORDS);
        }
        out->at[out->n++] = at;
        at = comma == NULL ? NULL : comma + 1;
    }
    return SJ_OK;
}

static int draw(const sj_plot_request *request)
{
    sj_plot_made made = {0};
    sj_err err = {0};
    sj_status st = sj_plots_draw(request, &made, &err);
    for (size_t i = 0; i < made.n_pictures; i++) {
        (void)puts(made.pictures[i]);
    }
    (void)fflush(stdout);
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
    return st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
}

/* All tables are read, so that all that is wrong in them is told at once. */
static sj_status load_tables(const sj_args *args, sj_observations *out, sj_problems *problems)
{
    sj_status st = SJ_OK;
    for (size_t i = 0; i < args->n_occurrences; i++) {
        if (strcmp(args->options[args->option[i]].name, "--observed") == 0) {
            sj_status one = sj_observations_load(out, args->value[i], problems);
            st = st == SJ_OK ? one : st;
        }
    }
    return st;
}

static int draw_with_tables(const sj_args *args, const sj_plot_request *request,
                            sj_observations *observations)
{
    sj_problems problems = {0};
    sj_status st = load_tables(args, observations, &problems);
    int exit_status = sj_say_problems(&problems);
    sj_problems_clear(&problems);
    return st == SJ_OK ? draw(request) : exit_status;
}

static int plot(const sj_args *args)
{
    words kinds = {0}, links = {0};
    sj_observations observations = {0};
    sj_err err = {0};
    const char *format = sj_args_value(args, "--format");
    sj_status st = split(&kinds, "--kind", sj_args_value(args, "--kind"), &err);
    if (st == SJ_OK) {
        st = split(&links, "--link", sj_args_value(args, "--link"), &err);
    }
    bool is_auto = kinds.n == 0 || (kinds.n == 1 && strcmp(kinds.at[0], "auto") == 0);
    sj_plot_request request = {.folder = args->rest[0],
                               .format = format != NULL ? format : "svg",
                               .kinds = is_auto ? NULL : kinds.at,
                               .n_kinds = is_auto ? 0 : kinds.n,
                               .links = links.at,
                               .n_links = links.n,
                               .with_way_home = sj_args_value(args, "--way-home") != NULL,
                               .observed = sj_args_value(args, "--observed") != NULL ? &observations
                                                                                     : NULL};
    int exit_status;
    if (st != SJ_OK) {
        exit_status = sj_say_error(&err);
    } else if (sj_plots_check(&request, &err) != SJ_OK) {
        (void)sj_say_error(&err);
        exit_status = SJ_EXIT_USAGE; /* a word of the command line, not of a file */
    } else {
        exit_status = draw_with_tables(args, &request, &observations);
    }
    sj_observations_clear(&observations);
    free(kinds.text);
    free(links.text);
    return exit_status;
}

int sj_cmd_plot(int argc, char **argv)
{
    size_t n;
    const sj_plot_kind *kind = sj_plot_kinds(&n);
    sj_str doc = {0};
    sj_str_add(&doc, "Draws a results folder into DIR/plots/: for each plot a gnuplot script, its "
                     "data and\nthe picture. Prints the paths of the pictures. Without gnuplot "
                     "the scripts and the\ndata are written. Kinds:\n");
    for (size_t i = 0; i < n; i++) {
        sj_str_printf(&doc, "\n  %-9s %s (%s)", kind[i].name, kind[i].doc, kind[i].needs);
    }
    const sj_usage usage = {.line = "plot DIR [--kind K,...] [--format svg|png|pdf] "
                                    "[--observed CSV]... [--link L,...]",
                            .doc = doc.failed ? "Draws a results folder." : doc.text,
                            .options = options,
                            .n_options = N_OPTIONS,
                            .least = 1,
                            .most = 1,
                            .takes = "plot takes one results folder",
                            .run = plot};
    int exit_status = sj_usage_run(&usage, argc, argv);
    sj_str_clear(&doc);
    return exit_status;
}
