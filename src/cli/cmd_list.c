/* sojourn list WHAT, sojourn version. */
#include <gnu/libc-version.h>
#include <gsl/gsl_version.h>
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/examples.h"
#include "cli/load.h"
#include "io/format.h"
#include "process/run.h"
#include "record/metric.h"
#include "report/plots.h"
#include "study/table.h"

static int list_processes(void)
{
    for (int i = 0; i < sj_n_process_kinds; i++) {
        const sj_process_kind *kind = sj_process_kinds[i];
        (void)printf("%-18s %s%s%s\n", kind->name, kind->doc,
                     kind->switch_off >= 0 ? "; off: " : "",
                     kind->switch_off >= 0 ? sj_process_words[kind->switch_off] : "");
    }
    return SJ_EXIT_OK;
}

static int list_metrics(void)
{
    static const char *const kinds[] = {"level", "flow", "total"};
    for (int i = 0; i < SJ_N_METRICS; i++) {
        const sj_metric_row *m = &sj_metric_table[i];
        (void)printf("%-22s %-12s %-6s %s\n", m->id, m->unit, kinds[m->kind], m->doc);
    }
    return SJ_EXIT_OK;
}

static int list_errors(void)
{
    size_t n;
    const sj_error_row *rows = sj_error_table(&n);
    for (size_t i = 0; i < n; i++) {
        (void)printf("E%04d %-14s exit %-4d %s\n", (int)rows[i].status, rows[i].name,
                     rows[i].exit_status, rows[i].text);
    }
    return SJ_EXIT_OK;
}

static int list_plots(void)
{
    size_t n;
    const sj_plot_kind *kinds = sj_plot_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        (void)printf("%-10s %s (%s)\n", kinds[i].name, kinds[i].doc, kinds[i].needs);
    }
    return SJ_EXIT_OK;
}

static int list_tables(void)
{
    for (int i = 0; i < sj_n_table_docs; i++) {
        (void)printf("%-14s %s\n%14s %s\n", sj_table_docs[i].file, sj_table_docs[i].doc, "",
                     sj_table_docs[i].columns);
    }
    return SJ_EXIT_OK;
}

static int list_examples(void)
{
    sj_examples all;
    sj_err err = {0};
    if (sj_examples_find(&all, &err) != SJ_OK) {
        sj_examples_clear(&all);
        return sj_say_error(&err);
    }
    for (size_t i = 0; i < all.n; i++) {
        (void)printf("%-14s %s\n", all.at[i].id, all.at[i].title);
    }
    sj_examples_clear(&all);
    return SJ_EXIT_OK;
}

/* Ids and names, the cities and nodes of a country below it. */
static int list_countries(const char *path)
{
    const sj_args none = {0};
    sj_world *w = NULL;
    int exit_status = sj_load_world(&w, path, &none, NULL, 0);
    for (int c = 0; exit_status == SJ_EXIT_OK && c < w->n_countries; c++) {
        for (int pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < w->spec.places.n; i++) {
                const sj_spec_place *place = &w->spec.places.at[i];
                bool is_country = strcmp(place->item.id, w->countries[c].id) == 0;
                if (w->country_of_place[i] == c && is_country == (pass == 0)) {
                    (void)printf("%s%-14s %s\n", is_country ? "" : "  ", place->item.id,
                                 place->name != NULL ? place->name : "");
                }
            }
        }
    }
    sj_world_free(w);
    return exit_status;
}

typedef struct subject {
    const char *name;
    int (*list)(void);
} subject;

static const subject subjects[] = {{"processes", list_processes}, {"metrics", list_metrics},
                                   {"errors", list_errors},       {"plots", list_plots},
                                   {"tables", list_tables},       {"examples", list_examples}};

enum { N_SUBJECTS = sizeof subjects / sizeof subjects[0] };

static int unknown_subject(const char *word)
{
    const char *names[N_SUBJECTS];
    for (size_t i = 0; i < N_SUBJECTS; i++) {
        names[i] = subjects[i].name;
    }
    sj_err err;
    if (strcmp(word, "countries") == 0) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "list countries takes a scenario file");
        return sj_say_error(&err);
    }
    const char *near = sj_suggest(word, names, N_SUBJECTS);
    (void)SJ_FAIL(&err, SJ_E_USAGE, "", "list knows no \"%.80s\"", word);
    (void)snprintf(err.hint, sizeof err.hint, "%s%s%s",
                   near != NULL ? "did you mean \"" : "see `sojourn list --help`",
                   near != NULL ? near : "", near != NULL ? "\"?" : "");
    return sj_say_error(&err);
}

int sj_cmd_list(int argc, char **argv)
{
    const char *last = argc > 1 ? argv[argc - 1] : "";
    bool help = strcmp(last, "--help") == 0 || strcmp(last, "-h") == 0;
    if (argc == 3 && !help && strcmp(argv[1], "countries") == 0) {
        return list_countries(argv[2]);
    }
    for (size_t i = 0; argc == 2 && i < N_SUBJECTS; i++) {
        if (strcmp(argv[1], subjects[i].name) == 0) {
            return subjects[i].list();
        }
    }
    if (argc == 2 && !help) {
        return unknown_subject(argv[1]);
    }
    (void)fprintf(help ? stdout : stderr,
                  "usage: sojourn list processes|metrics|errors|plots|tables|examples\n"
                  "       sojourn list countries FILE\n");
    return help ? SJ_EXIT_OK : SJ_EXIT_USAGE;
}

int sj_cmd_version(int argc, char **argv)
{
    bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
    if (argc > 2 || (argc == 2 && !json)) {
        bool help = strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0;
        (void)fprintf(help ? stdout : stderr, "usage: sojourn version [--json]\n");
        return help ? SJ_EXIT_OK : SJ_EXIT_USAGE;
    }
#if defined(__clang__)
    const char *compiler = "clang " __clang_version__;
#else
    const char *compiler = "gcc " __VERSION__;
#endif
    (void)printf(json ? "{\"sojourn\": \"%s\", \"compiler\": \"%s\", \"gsl\": \"%s\", \"libm\": "
                        "\"glibc %s\"}\n"
                      : "sojourn %s (%s, GSL %s, glibc %s)\n",
                 SJ_VERSION, compiler, gsl_version, gnu_get_libc_version());
    return SJ_EXIT_OK;
}
