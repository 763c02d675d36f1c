#include "study/outcome.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "io/format.h"
#include "num/stats.h"
#include "record/metric.h"

static const char *const headings[] = {"metric", "place", "nationality", "item"};

/* ---- folders ---- */

static sj_status load_table(sj_csv *csv, const char *folder, const char *file,
                            sj_problems *problems)
{
    size_t before = problems->n_errors;
    char *path = sj_path_join(folder, file);
    if (path == NULL) {
        return SJ_E_NOMEM;
    }
    sj_status st = sj_csv_load(csv, path, problems);
    if (st == SJ_OK && problems->n_errors > before) {
        st = sj_problems_status(problems);
    }
    bool good = sj_csv_column(csv, "rep") >= 0 && sj_csv_column(csv, "value") >= 0;
    for (int i = 0; i < 4; i++) {
        good = good && sj_csv_column(csv, headings[i]) >= 0;
    }
    if (st == SJ_OK && !good) {
        sj_err err;
        st = SJ_FAIL(&err, SJ_E_CSV, path, "is no %s of a run", file);
        sj_problems_add(problems, &err);
    }
    free(path);
    return st;
}

sj_status sj_folder_load(sj_folder *folder, const char *path, sj_problems *problems)
{
    memset(folder, 0, sizeof *folder);
    folder->path = path;
    SJ_TRY(load_table(&folder->summary, path, "summary.csv", problems));
    folder->n_reps = sj_summary_reps(&folder->summary);
    char *scenario = sj_path_join(path, "scenario.json");
    sj_status st = scenario == NULL ? SJ_E_NOMEM : SJ_OK;
    if (st == SJ_OK && access(scenario, R_OK) == 0) {
        st = sj_tree_load(&folder->scenario, scenario, problems);
    }
    free(scenario);
    return st;
}

void sj_folder_clear(sj_folder *folder)
{
    sj_csv_clear(&folder->summary);
    sj_csv_clear(&folder->reps);
    sj_tree_free(folder->scenario);
    memset(folder, 0, sizeof *folder);
}

static sj_status need_reps(sj_folder *folder, sj_err *err)
{
    if (folder->reps.n_columns > 0) {
        return SJ_OK;
    }
    char *path = sj_path_join(folder->path, "reps.csv");
    bool there = path != NULL && access(path, R_OK) == 0;
    free(path);
    sj_problems problems = {0};
    sj_status st = !there ? SJ_OK : load_table(&folder->reps, folder->path, "reps.csv", &problems);
    if (st != SJ_OK && problems.n > 0) {
        *err = problems.at[0];
    } else if (st != SJ_OK) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "compare", "out of memory");
    }
    sj_problems_clear(&problems);
    return st;
}

/* ---- which rows an outcome is the sum of ---- */

static const char *text_at(const sj_folder *folder, const char *collection, const char *id,
                           const char *key)
{
    char pointer[256];
    (void)snprintf(pointer, sizeof pointer, "/%s", collection);
    sj_pointer_append(pointer, sizeof pointer, id);
    sj_pointer_append(pointer, sizeof pointer, key);
    const cJSON *node = folder->scenario == NULL ? NULL : sj_tree_at(folder->scenario, pointer);
    return cJSON_IsString(node) ? node->valuestring : "";
}

/* A sum over places is one over countries: leaves are parts of them. */
static bool is_summed(const sj_folder *folder, const sj_outcome *o, int part, const char *cell)
{
    if (part == 1 && folder->scenario != NULL) {
        return strcmp(text_at(folder, "places", cell, "kind"), "country") == 0;
    }
    if (part == 3 && o->of_regular_channels) {
        return strcmp(text_at(folder, "channels", cell, "class"), "regular") == 0;
    }
    return strcmp(cell, "ALL") != 0;
}

/* Does a row match the first n parts? */
static bool matches(const sj_folder *folder, const sj_csv *csv, size_t row, const sj_outcome *o,
                    int n)
{
    for (int i = 0; i < n; i++) {
        const char *cell = sj_csv_cell(csv, row, sj_csv_column(csv, headings[i]));
        bool good = strcmp(o->part[i], "*") == 0 ? is_summed(folder, o, i, cell)
                                                 : strcmp(o->part[i], cell) == 0;
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool any_matches(const sj_folder folders[], size_t n, const sj_outcome *o, int parts)
{
    for (size_t f = 0; f < n; f++) {
        const sj_csv *csv = o->in_reps ? &folders[f].reps : &folders[f].summary;
        for (size_t row = 0; csv->n_columns > 0 && row < csv->n_rows; row++) {
            if (matches(&folders[f], csv, row, o, parts)) {
                return true;
            }
        }
    }
    return false;
}

/* Parts not named: the row ALL where there is one, the sum where there is none. */
static bool resolve_in(sj_outcome *o, const sj_folder folders[], size_t n, bool in_reps)
{
    sj_outcome trial = *o;
    trial.in_reps = in_reps;
    for (int i = 1; i < 4; i++) {
        if (trial.part[i][0] == '\0') {
            (void)snprintf(trial.part[i], SJ_OUTCOME_TEXT, "ALL");
            if (!any_matches(folders, n, &trial, i + 1)) {
                (void)snprintf(trial.part[i], SJ_OUTCOME_TEXT, "*");
            }
        }
    }
    if (!any_matches(folders, n, &trial, 4)) {
        return false;
    }
    *o = trial;
    return true;
}

static bool adds_up(const char *unit)
{
    static const char *const units[] = {"persons", "person-days", "places", "permits", "USD"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* *found = false where no folder has such rows. */
static sj_status resolve(sj_outcome *o, sj_folder folders[], size_t n, bool *found, sj_err *err)
{
    *found = resolve_in(o, folders, n, false);
    if (*found) {
        return SJ_OK;
    }
    for (size_t f = 0; f < n; f++) {
        SJ_TRY(need_reps(&folders[f], err));
    }
    *found = resolve_in(o, folders, n, true);
    return SJ_OK;
}

/* ---- the list of outcomes ---- */

static const sj_outcome by_rule[] = {
    {.label = "people regularised", .unit = "person", .part = {"granted_total"}},
    {.label = "people in work", .unit = "person", .part = {"employed", "", "", "ALL"}},
    {.label = "deaths on the way averted",
     .unit = "death",
     .part = {"deaths", "links", "ALL", "ALL"},
     .is_averted = true},
    {.label = "overload averted",
     .unit = "person-day",
     .part = {"overload_person_days"},
     .is_averted = true},
    {.label = "arrivals by regular channels",
     .unit = "arrival",
     .part = {"arrivals", "*", "*", "*"},
     .of_regular_channels = true}};

sj_status sj_outcomes_by_rule(sj_outcomes *out, sj_folder folders[], size_t n, sj_err *err)
{
    for (size_t i = 0; i < sizeof by_rule / sizeof by_rule[0]; i++) {
        sj_outcome o = by_rule[i];
        bool found;
        SJ_TRY(resolve(&o, folders, n, &found, err));
        if (found && !sj_vec_push(out, o)) {
            return SJ_FAIL(err, SJ_E_NOMEM, "compare", "out of memory");
        }
    }
    return SJ_OK;
}

static sj_status unknown_metric(const char *word, sj_err *err)
{
    const char *names[SJ_N_METRICS];
    for (int i = 0; i < SJ_N_METRICS; i++) {
        names[i] = sj_metric_table[i].id;
    }
    const char *near = sj_suggest(word, names, SJ_N_METRICS);
    sj_status st = SJ_FAIL(err, SJ_E_USAGE, "--outcome", "no metric \"%.60s\"", word);
    (void)snprintf(err->hint, sizeof err->hint, "%s%s%s",
                   near != NULL ? "did you mean \"" : "see `sojourn list metrics`",
                   near != NULL ? near : "", near != NULL ? "\"?" : "");
    return st;
}

static bool is_better_fewer(const char *metric)
{
    static const char *const fewer[] = {"deaths",        "caught",       "overload_person_days",
                                        "unmet_need",    "queue_length", "queue_age_p50",
                                        "wait_p50",      "wait_p90",     "irregular_share",
                                        "refused_total", "xenophobia"};
    for (size_t i = 0; i < sizeof fewer / sizeof fewer[0]; i++) {
        if (strcmp(metric, fewer[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* "a:b:c" into parts; false where there are more than four or one is too long. */
static bool split(sj_outcome *o, const char *text)
{
    for (int i = 0; i < 4; i++) {
        size_t length = strcspn(text, ":");
        if (length >= SJ_OUTCOME_TEXT) {
            return false;
        }
        memcpy(o->part[i], text, length);
        text += length;
        if (*text == '\0') {
            return true;
        }
        text++;
    }
    return false;
}

sj_status sj_outcomes_add(sj_outcomes *out, const char *text, sj_folder folders[], size_t n,
                          sj_err *err)
{
    sj_outcome o = {.unit = "unit"};
    bool found;
    if (!split(&o, text)) {
        return SJ_FAIL(err, SJ_E_USAGE, "--outcome",
                       "takes METRIC[:place[:nationality[:item]]], not \"%.80s\"", text);
    }
    int metric = sj_metric_named(o.part[0]);
    if (metric < 0) {
        return unknown_metric(o.part[0], err);
    }
    o.is_averted = is_better_fewer(o.part[0]);
    (void)snprintf(o.label, sizeof o.label, "%.80s%s", text, o.is_averted ? " averted" : "");
    SJ_TRY(resolve(&o, folders, n, &found, err));
    if (!found) {
        return SJ_FAIL(err, SJ_E_REFERENCE, "--outcome",
                       "no folder has a row \"%.80s\" in summary.csv, nor in reps.csv (what "
                       "/record/per_rep names); rows that are 0 throughout are left out",
                       text);
    }
    bool is_sum = false;
    for (int i = 1; i < 4; i++) {
        is_sum = is_sum || strcmp(o.part[i], "*") == 0;
    }
    if (is_sum && !adds_up(sj_metric_table[metric].unit)) {
        return SJ_FAIL(err, SJ_E_USAGE, "--outcome",
                       "%s does not add up (%s): name its place, nationality and item, as in %s:nea"
                       ":ALL:ALL",
                       o.part[0], sj_metric_table[metric].unit, o.part[0]);
    }
    return sj_vec_push(out, o) ? SJ_OK : SJ_FAIL(err, SJ_E_NOMEM, "compare", "out of memory");
}

/* ---- samples ---- */

static size_t rep_at(const sj_csv *csv, size_t row, int n)
{
    double rep;
    bool good = sj_csv_number(csv, row, sj_csv_column(csv, "rep"), &rep) && rep >= 0 && rep < n;
    return good ? (size_t)rep : SIZE_MAX;
}

/* The last date of reps.csv: levels and totals are those of then, flows are summed up. */
static const char *last_date(const sj_csv *csv, int column)
{
    const char *last = "";
    for (size_t row = 0; row < csv->n_rows; row++) {
        const char *date = sj_csv_cell(csv, row, column);
        last = strcmp(date, last) > 0 ? date : last;
    }
    return last;
}

/* Value by replication: 0 where the folder has the replication but no such row. */
static void sample(const sj_outcome *o, const sj_folder *folder, double value[], int n)
{
    for (int i = 0; i < n; i++) {
        value[i] = NAN;
    }
    for (size_t row = 0; row < folder->summary.n_rows; row++) {
        size_t rep = rep_at(&folder->summary, row, n);
        if (rep != SIZE_MAX) {
            value[rep] = 0;
        }
    }
    const sj_csv *csv = o->in_reps ? &folder->reps : &folder->summary;
    int metric = sj_metric_named(o->part[0]), date = o->in_reps ? sj_csv_column(csv, "date") : -1;
    bool is_flow = metric >= 0 && sj_metric_table[metric].kind == SJ_METRIC_FLOW;
    const char *last = date >= 0 && !is_flow ? last_date(csv, date) : NULL;
    for (size_t row = 0; csv->n_columns > 0 && row < csv->n_rows; row++) {
        double x;
        size_t rep = rep_at(csv, row, n);
        bool counts = rep != SIZE_MAX && matches(folder, csv, row, o, 4) &&
                      (last == NULL || strcmp(sj_csv_cell(csv, row, date), last) == 0);
        if (counts) {
            value[rep] +=
                sj_csv_number(csv, row, sj_csv_column(csv, "value"), &x) ? x : (double)NAN;
        }
    }
}

/* ---- the ratio ---- */

void sj_cost_of_unit(const double cost[], const double gain[], size_t n, double *ratio, double *low,
                     double *high)
{
    double c, g, vc, vg, cov = 0;
    bool is_free = true;
    *ratio = *low = *high = NAN;
    for (size_t i = 0; i < n; i++) {
        is_free = is_free && cost[i] == 0;
    }
    if (n < 2 || is_free) {
        return;
    }
    sj_mean_variance(cost, n, &c, &vc);
    sj_mean_variance(gain, n, &g, &vg);
    for (size_t i = 0; i < n; i++) {
        cov += (cost[i] - c) * (gain[i] - g);
    }
    cov /= (double)(n - 1);
    double t = gsl_cdf_tdist_Qinv(0.025, (double)(n - 1)), t2 = t * t / (double)n;
    double a = g * g - t2 * vg, b = c * g - t2 * cov, rest = c * c - t2 * vc;
    if (!(a > 0)) {
        return;
    }
    double root = sqrt(fmax(0, b * b - a * rest));
    *ratio = c / g;
    *low = (b - root) / a;
    *high = (b + root) / a;
}

static void key_of(const sj_outcome *o, const char *key[4])
{
    for (int i = 0; i < 4; i++) {
        bool is_sum = strcmp(o->part[i], "*") == 0;
        key[i] = is_sum && i == 3 && o->of_regular_channels ? "regular"
                 : is_sum                                   ? "ALL"
                                                            : o->part[i];
    }
}

/* room: base, policy and difference of the outcome, then of the money; n values each. */
static sj_status add_outcome(sj_comparison *c, const sj_outcome *o, const sj_folder *base,
                             const sj_folder *policy, double room[], int n)
{
    static const sj_outcome money = {.part = {"spent_usd", "ALL", "ALL", "ALL"}};
    double *a = room, *b = room + n, *cost = room + 3 * n, *paid = room + 4 * n,
           *gain = room + 5 * n;
    int pairs = 0;
    const char *key[4];
    sample(o, base, a, n);
    sample(o, policy, b, n);
    sample(&money, base, cost, n);
    sample(&money, policy, paid, n);
    for (int i = 0; i < n; i++) {
        if (isfinite(a[i]) && isfinite(b[i])) {
            gain[pairs] = o->is_averted ? a[i] - b[i] : b[i] - a[i];
            cost[pairs++] = paid[i] - cost[i];
        }
    }
    key_of(o, key);
    sj_difference *d = sj_comparison_row(c, key);
    if (d == NULL) {
        return SJ_E_NOMEM;
    }
    sj_difference_fill(d, room, n);
    sj_cost_of_unit(cost, gain, (size_t)pairs, &d->usd, &d->usd_low, &d->usd_high);
    return SJ_OK;
}

sj_status sj_comparison_outcomes(sj_comparison *comparison, const sj_outcomes *outcomes,
                                 const sj_folder *base, const sj_folder *policy, sj_err *err)
{
    int n = base->n_reps > policy->n_reps ? base->n_reps : policy->n_reps;
    double *room = sj_calloc(6 * (size_t)n, sizeof *room);
    sj_status st = room == NULL ? SJ_E_NOMEM : SJ_OK;
    for (size_t i = 0; st == SJ_OK && i < outcomes->n; i++) {
        st = add_outcome(comparison, &outcomes->at[i], base, policy, room, n);
    }
    free(room);
    return st == SJ_OK ? SJ_OK : SJ_FAIL(err, st, "compare", "out of memory");
}

const sj_difference *sj_comparison_find(const sj_comparison *comparison, const char *const key[4])
{
    for (size_t i = 0; i < comparison->n; i++) {
        const sj_difference *d = &comparison->at[i];
        if (strcmp(d->metric, key[0]) == 0 && strcmp(d->place, key[1]) == 0 &&
            strcmp(d->nationality, key[2]) == 0 && strcmp(d->item, key[3]) == 0) {
            return d;
        }
    }
    return NULL;
}

const sj_difference *sj_comparison_outcome(const sj_comparison *comparison, const sj_outcome *of)
{
    const char *key[4];
    key_of(of, key);
    return sj_comparison_find(comparison, key);
}
