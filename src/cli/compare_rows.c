#include "cli/compare_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/format.h"
#include "record/metric.h"

int sj_compare_take_folder(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
        return SJ_EXIT_OK;
    }
    sj_tree *tree = NULL;
    sj_problems problems = {0};
    const cJSON *id = sj_tree_load(&tree, path, &problems) != SJ_OK || tree == NULL
                          ? NULL
                          : sj_tree_at(tree, "/id");
    sj_err err;
    (void)SJ_FAIL(&err, SJ_E_USAGE, "", "compare takes results folders, and %.200s is a file",
                  path);
    if (cJSON_IsString(id)) {
        (void)snprintf(err.hint, sizeof err.hint, "sojourn run %.100s writes results/%.100s", path,
                       id->valuestring);
    }
    sj_problems_clear(&problems);
    sj_tree_free(tree);
    return sj_say_error(&err);
}

/* Does a row of summary.csv of one of the folders have that text in a column? */
static bool is_in_folders(const char *column, const char *text, const sj_folder folders[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sj_csv *csv = &folders[i].summary;
        int at = sj_csv_column(csv, column);
        for (size_t row = 0; at >= 0 && row < csv->n_rows; row++) {
            if (strcmp(sj_csv_cell(csv, row, at), text) == 0) {
                return true;
            }
        }
    }
    return false;
}

static int fail_metric(const char *word)
{
    const char *names[SJ_N_METRICS];
    sj_err err;
    for (int i = 0; i < SJ_N_METRICS; i++) {
        names[i] = sj_metric_table[i].id;
    }
    const char *near = sj_suggest(word, names, SJ_N_METRICS);
    (void)SJ_FAIL(&err, SJ_E_USAGE, "--metric", "no metric \"%.60s\"", word);
    (void)snprintf(err.hint, sizeof err.hint, "%s%s%s",
                   near != NULL ? "did you mean \"" : "see `sojourn list metrics`",
                   near != NULL ? near : "", near != NULL ? "\"?" : "");
    return sj_say_error(&err);
}

enum { MOST_PLACES = 512 };

/* The places of the rows of a folder, each once as they follow one another. */
static int fail_place(const char *word, const sj_folder *folder)
{
    const char *names[MOST_PLACES];
    size_t n = 0;
    const sj_csv *csv = &folder->summary;
    int at = sj_csv_column(csv, "place");
    for (size_t row = 0; at >= 0 && row < csv->n_rows && n < MOST_PLACES; row++) {
        const char *place = sj_csv_cell(csv, row, at);
        if (n == 0 || strcmp(names[n - 1], place) != 0) {
            names[n++] = place;
        }
    }
    sj_err err;
    const char *near = sj_suggest(word, names, n);
    (void)SJ_FAIL(&err, SJ_E_USAGE, "--place", "no folder has a row of a place \"%.60s\"", word);
    (void)snprintf(
        err.hint, sizeof err.hint, "%s%s%s",
        near != NULL
            ? "did you mean \""
            : "the id of a country (sojourn list countries FILE), city, border post, link or ALL",
        near != NULL ? near : "", near != NULL ? "\"?" : "");
    return sj_say_error(&err);
}

static int check_metric(const char *metric, const sj_folder folders[], size_t n)
{
    if (metric == NULL || is_in_folders("metric", metric, folders, n)) {
        return SJ_EXIT_OK;
    }
    if (sj_metric_named(metric) < 0) {
        return fail_metric(metric);
    }
    (void)fprintf(stderr, "no folder has a row of %s: it is 0 throughout, or not recorded\n",
                  metric);
    return SJ_EXIT_OK;
}

int sj_compare_check(const sj_args *args, const sj_folder folders[], size_t n)
{
    int exit_status = check_metric(sj_args_value(args, "--metric"), folders, n);
    for (size_t i = 0; exit_status == SJ_EXIT_OK && i < args->n_occurrences; i++) {
        bool is_place = strcmp(args->options[args->option[i]].name, "--place") == 0;
        if (is_place && !is_in_folders("place", args->value[i], folders, n)) {
            exit_status = fail_place(args->value[i], &folders[0]);
        }
    }
    return exit_status;
}

/* Last day of the run of a folder, "" where it is not known. */
static const char *end_of(const sj_folder *folder)
{
    const cJSON *end = folder->scenario == NULL ? NULL : sj_tree_at(folder->scenario, "/time/end");
    const cJSON *text = cJSON_IsObject(end) ? cJSON_GetObjectItemCaseSensitive(end, "value") : end;
    return cJSON_IsString(text) ? text->valuestring : "";
}

void sj_compare_warn(const sj_folder *base, const sj_folder *policy)
{
    if (base->n_reps != policy->n_reps) {
        (void)fprintf(
            stderr, "warning: %s has %d replication%s, %s %d: only those that both have count\n",
            base->path, base->n_reps, base->n_reps == 1 ? "" : "s", policy->path, policy->n_reps);
    }
    const char *a = end_of(base), *b = end_of(policy);
    if (a[0] != '\0' && b[0] != '\0' && strcmp(a, b) != 0) {
        (void)fprintf(stderr,
                      "warning: %s ends on %s, %s on %s: levels are those of different days, and "
                      "flows are added up to them\n",
                      base->path, a, policy->path, b);
    }
}

/* Was the option given with that value, once at least? */
static bool is_named(const sj_args *args, const char *option, const char *value)
{
    for (size_t i = 0; i < args->n_occurrences; i++) {
        if (strcmp(args->options[args->option[i]].name, option) == 0 &&
            strcmp(args->value[i], value) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_shown(const sj_difference *d, const sj_args *args)
{
    const char *metric = sj_args_value(args, "--metric");
    if (sj_args_value(args, "--place") != NULL && !is_named(args, "--place", d->place)) {
        return false;
    }
    if (metric != NULL) {
        return strcmp(d->metric, metric) == 0;
    }
    bool noise = strncmp(d->verdict, "within", 6) == 0;
    return sj_args_value(args, "--all") != NULL ||
           (!noise && strcmp(d->nationality, "ALL") == 0 && strcmp(d->metric, "attribution") != 0);
}

enum { FEW = 5, ENOUGH = 8 /* replications */ };

/* Few replications that differ by the same say nothing about others. */
static bool has_no_verdict(const sj_difference *d)
{
    return d->n < FEW && !(d->high > d->low);
}

static void show_row(const sj_difference *d)
{
    char interval[64];
    (void)snprintf(interval, sizeof interval, "[%.4g, %.4g]", d->low, d->high);
    (void)printf("%-22s %-14s %-24s %12.6g %12.6g %12.6g %25s  %s\n", d->metric, d->place, d->item,
                 d->base, d->policy, d->difference, interval, has_no_verdict(d) ? "-" : d->verdict);
}

/* What the verdicts mean, and whether they mean much. */
static void show_legend(int n_pairs, bool has_none)
{
    (void)printf("within Monte Carlo noise: the interval holds 0. Else real, and smaller or larger "
                 "than what\n"
                 "is not known: the standard deviation of the base over its replications.\n");
    if (has_none) {
        (void)printf("-: none, for a few replications that all differ by the same.\n");
    }
    if (n_pairs < FEW) {
        (void)printf("%d replication%s: intervals and verdicts mean little; use %d or more\n",
                     n_pairs, n_pairs == 1 ? "" : "s", ENOUGH);
    }
}

void sj_compare_show(const sj_comparison *c, const sj_args *args)
{
    size_t shown = 0;
    int n_pairs = 0;
    bool has_none = false;
    for (size_t i = 0; i < c->n; i++) {
        const sj_difference *d = &c->at[i];
        n_pairs = d->n > n_pairs ? d->n : n_pairs;
        if (!is_shown(d, args)) {
            continue;
        }
        if (shown++ == 0) {
            (void)printf("%-22s %-14s %-24s %12s %12s %12s %25s  %s\n", "metric", "place", "item",
                         "base", "policy", "difference", "95 % interval", "verdict");
        }
        show_row(d);
        has_none = has_none || has_no_verdict(d);
    }
    if (shown == 0) {
        (void)printf(sj_args_value(args, "--metric") != NULL || sj_args_value(args, "--all") != NULL
                         ? "no such rows\n"
                         : "no metric differs by more than Monte Carlo noise\n");
    }
    show_legend(n_pairs, has_none);
}
