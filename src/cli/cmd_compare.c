/* sojourn compare BASE POLICY...: one line a metric, compare.csv beside each policy's tables, and
 * a closing table with a column for each folder: what it brought, what it cost, what a unit costs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli/args.h"
#include "cli/commands.h"
#include "cli/compare_rows.h"
#include "study/compare.h"
#include "study/outcome.h"

static const sj_option options[] = {
    {"--metric", NULL, true, "show only this metric (and no closing table)"},
    {"--place", NULL, true, "show only rows of this place (and no closing table); repeat it"},
    {"--all", NULL, false, "show every row, also those within noise"},
    {"--outcome", NULL, true, "METRIC[:place[:nationality[:item]]]: one more outcome; repeat it"}};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static const char doc[] =
    "Compares results folders with the first, replication by replication, and writes\n"
    "compare.csv into each of the others. What differs beyond noise is shown, and at the\n"
    "end a table with a column for each folder: means, money spent, and for each outcome\n"
    "its gain and the USD for a unit of it. Outcomes: people regularised (granted_total),\n"
    "people in work (metric employed), deaths on the way averted, overload averted,\n"
    "arrivals by regular channels (where /record/per_rep holds arrivals), as far as the\n"
    "folders hold them. In --outcome a part left out is the row ALL, or the sum where\n"
    "there is none (of places: countries). The gain of deaths, caught, overload, unmet\n"
    "need, queues, waits, irregular share, refusals and xenophobia is how much less.\n"
    "\n"
    "USD for a unit = mean difference of spent_usd / mean gain, with Fieller's interval\n"
    "of a ratio of paired means at 95 %; NA where the interval of the gain holds 0 or the\n"
    "same money was spent. spent_usd is what programmes and funds paid, nothing else.";

/* ---- the closing table ---- */

/* All folders of a command: the first is the base, comparisons are those of the others. */
typedef struct study {
    sj_folder *folders;
    sj_comparison *comparisons; /* n - 1 */
    size_t n;
    sj_outcomes outcomes;
} study;

enum { FIRST = 34, WIDTH = 28 };

/* The end of a path is what tells folders apart. */
static void show_head(const char *path)
{
    size_t length = strlen(path);
    (void)printf(" %*s", WIDTH, length > WIDTH ? path + length - WIDTH : path);
}

static void show_cell(double x, double low, double high)
{
    char text[96];
    if (isnan(x)) {
        (void)snprintf(text, sizeof text, "NA");
    } else {
        (void)snprintf(text, sizeof text, "%.4g [%.4g, %.4g]", x, low, high);
    }
    (void)printf(" %*s", WIDTH, text);
}

static void show_number(double x)
{
    if (isnan(x)) {
        (void)printf(" %*s", WIDTH, "NA");
    } else {
        (void)printf(" %*.*f", WIDTH, fabs(x) < 100 && x != floor(x) ? 2 : 0, x);
    }
}

/* Means of every folder. */
static void show_means(const study *s, const char *label, const char *const key[4])
{
    const sj_difference *first = NULL;
    for (size_t i = 1; i < s->n && first == NULL; i++) {
        first = sj_comparison_find(&s->comparisons[i - 1], key);
    }
    if (first == NULL) {
        return;
    }
    (void)printf("%-*s", FIRST, label);
    show_number(first->base);
    for (size_t i = 1; i < s->n; i++) {
        const sj_difference *d = sj_comparison_find(&s->comparisons[i - 1], key);
        show_number(d == NULL ? 0 : d->policy);
    }
    (void)printf("\n");
}

static void show_money(const study *s)
{
    static const char *const key[] = {"spent_usd", "ALL", "ALL", "ALL"};
    show_means(s, "USD spent", key);
    (void)printf("%-*s %*s", FIRST, "  difference of cost, USD", WIDTH, "");
    for (size_t i = 1; i < s->n; i++) {
        const sj_difference *d = sj_comparison_find(&s->comparisons[i - 1], key);
        show_cell(d == NULL ? 0 : d->difference, d == NULL ? 0 : d->low, d == NULL ? 0 : d->high);
    }
    (void)printf("\n");
}

static void show_outcome(const study *s, const sj_outcome *o)
{
    char label[SJ_OUTCOME_TEXT + 16];
    (void)printf("%-*s %*s", FIRST, o->label, WIDTH, "");
    for (size_t i = 1; i < s->n; i++) {
        const sj_difference *d = sj_comparison_outcome(&s->comparisons[i - 1], o);
        bool less = o->is_averted;
        show_cell(d == NULL ? 0
                  : less    ? 0 - d->difference
                            : d->difference,
                  d == NULL ? 0
                  : less    ? 0 - d->high
                            : d->low,
                  d == NULL ? 0
                  : less    ? 0 - d->low
                            : d->high);
    }
    (void)snprintf(label, sizeof label, "  USD per %s", o->unit);
    (void)printf("\n%-*s %*s", FIRST, label, WIDTH, "");
    for (size_t i = 1; i < s->n; i++) {
        const sj_difference *d = sj_comparison_outcome(&s->comparisons[i - 1], o);
        double gain = d == NULL ? 0 : o->is_averted ? 0 - d->difference : d->difference;
        if (d != NULL && !isnan(d->usd) && gain < 0) {
            (void)printf(" %*s", WIDTH, "a loss, no gain");
        } else {
            show_cell(d == NULL ? (double)NAN : d->usd, d == NULL ? 0 : d->usd_low,
                      d == NULL ? 0 : d->usd_high);
        }
    }
    (void)printf("\n");
}

static void show_closing(const study *s)
{
    static const char *const foreign[] = {"foreign", "ALL", "ALL", "ALL"};
    static const char *const departures[] = {"departures", "ALL", "ALL", "ALL"};
    (void)printf("\n%-*s", FIRST, "means; gains against the first");
    for (size_t i = 0; i < s->n; i++) {
        show_head(s->folders[i].path);
    }
    (void)printf("\n");
    show_means(s, "foreign residents at the end", foreign);
    show_means(s, "departures from home", departures);
    show_money(s);
    for (size_t i = 0; i < s->outcomes.n; i++) {
        show_outcome(s, &s->outcomes.at[i]);
    }
}

/* ---- the command ---- */

static int compare_two(const study *s, size_t i, const sj_args *args)
{
    const char *base = s->folders[0].path, *policy = s->folders[i].path;
    sj_comparison *c = &s->comparisons[i - 1];
    sj_problems problems = {0};
    sj_err err = {0};
    sj_status st = sj_compare(c, base, policy, &problems);
    int exit_status = sj_say_problems(&problems);
    sj_problems_clear(&problems);
    if (st != SJ_OK) {
        return exit_status;
    }
    char *path = sj_path_join(policy, "compare.csv");
    st = path == NULL
             ? SJ_FAIL(&err, SJ_E_NOMEM, "compare", "out of memory")
             : sj_comparison_outcomes(c, &s->outcomes, &s->folders[0], &s->folders[i], &err);
    if (st == SJ_OK) {
        st = sj_comparison_write(c, path, &err);
    }
    exit_status = st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
    if (!c->is_paired) {
        (void)fprintf(stderr, "warning: the folders have different seeds: the differences are "
                              "not paired and their intervals mean little\n");
    }
    sj_compare_warn(&s->folders[0], &s->folders[i]);
    (void)printf("%s against %s\n", policy, base);
    sj_compare_show(c, args);
    (void)fprintf(stderr, "all %zu rows: %s\n", c->n, path != NULL ? path : "");
    free(path);
    return exit_status;
}

static int load_folders(study *s, const sj_args *args)
{
    sj_problems problems = {0};
    sj_status st = SJ_OK;
    for (size_t i = 0; i < args->n_rest; i++) {
        int is_file = sj_compare_take_folder(args->rest[i]);
        if (is_file != SJ_EXIT_OK) {
            return is_file;
        }
    }
    for (size_t i = 0; st == SJ_OK && i < args->n_rest; i++) {
        s->n++;
        st = sj_folder_load(&s->folders[i], args->rest[i], &problems);
    }
    int exit_status = sj_say_problems(&problems);
    sj_problems_clear(&problems);
    return st != SJ_OK && exit_status == SJ_EXIT_OK ? 5 : exit_status;
}

static int find_outcomes(study *s, const sj_args *args)
{
    sj_err err = {0};
    const char **named = sj_calloc(args->n_occurrences + 1, sizeof *named);
    sj_status st = named == NULL ? SJ_FAIL(&err, SJ_E_NOMEM, "compare", "out of memory")
                                 : sj_outcomes_by_rule(&s->outcomes, s->folders, s->n, &err);
    size_t n = named == NULL ? 0 : sj_args_values(args, "--outcome", named);
    for (size_t i = 0; st == SJ_OK && i < n; i++) {
        st = sj_outcomes_add(&s->outcomes, named[i], s->folders, s->n, &err);
    }
    free(named);
    return st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
}

static int compare_all(const sj_args *args)
{
    study s = {.folders = sj_calloc(args->n_rest, sizeof *s.folders),
               .comparisons = sj_calloc(args->n_rest, sizeof *s.comparisons)};
    int exit_status = s.folders == NULL || s.comparisons == NULL ? 5 : load_folders(&s, args);
    if (exit_status == SJ_EXIT_OK) {
        exit_status = sj_compare_check(args, s.folders, s.n);
    }
    if (exit_status == SJ_EXIT_OK) {
        exit_status = find_outcomes(&s, args);
    }
    for (size_t i = 1; exit_status == SJ_EXIT_OK && i < s.n; i++) {
        exit_status = compare_two(&s, i, args);
    }
    bool all_rows =
        sj_args_value(args, "--metric") == NULL && sj_args_value(args, "--place") == NULL;
    if (exit_status == SJ_EXIT_OK && (all_rows || sj_args_value(args, "--outcome") != NULL)) {
        show_closing(&s);
    }
    for (size_t i = 0; i < s.n; i++) {
        sj_folder_clear(&s.folders[i]);
        sj_comparison_clear(&s.comparisons[i]);
    }
    sj_vec_clear(&s.outcomes);
    free(s.folders);
    free(s.comparisons);
    return exit_status;
}

int sj_cmd_compare(int argc, char **argv)
{
    static const sj_usage usage = {.line = "compare BASE POLICY...",
                                   .doc = doc,
                                   .options = options,
                                   .n_options = N_OPTIONS,
                                   .least = 2,
                                   .most = SIZE_MAX,
                                   .takes = "compare takes two results folders or more",
                                   .run = compare_all};
    return sj_usage_run(&usage, argc, argv);
}
