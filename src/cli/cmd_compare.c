/* sojourn compare BASE POLICY...: one line a metric, and compare.csv beside each policy's tables.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/commands.h"
#include "study/compare.h"

static const sj_option options[] = {
    {"--metric", NULL, true, "show only this metric"},
    {"--all", NULL, false, "show every row, also those within noise"}};

static bool is_shown(const sj_difference *d, const sj_args *args)
{
    const char *metric = sj_args_value(args, "--metric");
    if (metric != NULL) {
        return strcmp(d->metric, metric) == 0;
    }
    bool noise = strncmp(d->verdict, "within", 6) == 0;
    return sj_args_value(args, "--all") != NULL ||
           (!noise && strcmp(d->nationality, "ALL") == 0 && strcmp(d->metric, "attribution") != 0);
}

static void show_rows(const sj_comparison *c, const sj_args *args)
{
    size_t shown = 0;
    for (size_t i = 0; i < c->n; i++) {
        const sj_difference *d = &c->at[i];
        if (!is_shown(d, args)) {
            continue;
        }
        if (shown++ == 0) {
            (void)printf("%-22s %-14s %-24s %12s %12s %12s %25s  %s\n", "metric", "place", "item",
                         "base", "policy", "difference", "95 % interval", "verdict");
        }
        char interval[64];
        (void)snprintf(interval, sizeof interval, "[%.4g, %.4g]", d->low, d->high);
        (void)printf("%-22s %-14s %-24s %12.6g %12.6g %12.6g %25s  %s\n", d->metric, d->place,
                     d->item, d->base, d->policy, d->difference, interval, d->verdict);
    }
    if (shown == 0) {
        (void)printf("no metric differs by more than Monte Carlo noise\n");
    }
}

static int compare_two(const char *base, const char *policy, const sj_args *args)
{
    sj_comparison c;
    sj_problems problems = {0};
    sj_status st = sj_compare(&c, base, policy, &problems);
    int exit_status = sj_say_problems(&problems);
    sj_problems_clear(&problems);
    if (st == SJ_OK) {
        sj_err err = {0};
        char *path = sj_path_join(policy, "compare.csv");
        st = path == NULL ? SJ_E_NOMEM : sj_comparison_write(&c, path, &err);
        exit_status = st == SJ_OK ? SJ_EXIT_OK : sj_say_error(&err);
        if (!c.is_paired) {
            (void)fprintf(stderr, "warning: the folders have different seeds: the differences are "
                                  "not paired and their intervals mean little\n");
        }
        (void)printf("%s against %s\n", policy, base);
        show_rows(&c, args);
        (void)fprintf(stderr, "all %zu rows: %s\n", c.n, path != NULL ? path : "");
        free(path);
    }
    sj_comparison_clear(&c);
    return exit_status;
}

int sj_cmd_compare(int argc, char **argv)
{
    sj_args args;
    sj_err err = {0};
    int exit_status = SJ_EXIT_OK;
    if (sj_args_parse(&args, options, 2, argc, argv, &err) != SJ_OK) {
        exit_status = sj_say_error(&err);
    } else if (args.wants_help) {
        exit_status = sj_say_help(
            "compare BASE POLICY...",
            "Compares results folders with the first, replication by replication, and writes\n"
            "compare.csv into each of the others. What differs beyond noise is shown.",
            options, 2);
    } else if (args.n_rest < 2) {
        (void)SJ_FAIL(&err, SJ_E_USAGE, "", "compare takes two results folders or more");
        exit_status = sj_say_error(&err);
    }
    for (size_t i = 1; exit_status == SJ_EXIT_OK && !args.wants_help && i < args.n_rest; i++) {
        exit_status = compare_two(args.rest[0], args.rest[i], &args);
    }
    sj_args_clear(&args);
    return exit_status;
}
