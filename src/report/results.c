#include "report/results.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "io/format.h"

sj_status sji_results_columns(const sj_csv *csv, const char *const headings[], size_t n,
                              int column[], sj_err *err)
{
    for (size_t i = 0; i < n; i++) {
        column[i] = sj_csv_column(csv, headings[i]);
        if (column[i] < 0) {
            return SJ_FAIL(err, SJ_E_CSV, csv->path, "column \"%s\" is missing", headings[i]);
        }
    }
    return SJ_OK;
}

double sji_results_number_at(const sj_csv *csv, size_t row, int column)
{
    double value;
    if (sj_csv_number(csv, row, column, &value)) {
        return value;
    }
    return strcmp(sj_csv_cell(csv, row, column), "inf") == 0 ? (double)INFINITY : (double)NAN;
}

bool sji_results_day_at(const sj_csv *csv, size_t row, int column, sj_day *out)
{
    return sj_day_parse(sj_csv_cell(csv, row, column), out);
}

static bool is_same_key(const sji_curve *a, const sji_curve *b)
{
    return strcmp(a->metric, b->metric) == 0 && strcmp(a->place, b->place) == 0 &&
           strcmp(a->nationality, b->nationality) == 0 && strcmp(a->item, b->item) == 0;
}

static void note_span(sji_results *results, sj_day day)
{
    if (results->pool.n == 1 || day < results->first) {
        results->first = day;
    }
    if (results->pool.n == 1 || day > results->last) {
        results->last = day;
    }
}

/* Add a row of series.csv to the curve it continues, or to a new one. */
static bool add_sample(sji_results *results, const sji_curve *key, const sji_sample *sample)
{
    size_t n = results->curves.n;
    if (!sj_vec_push(&results->pool, *sample)) {
        return false;
    }
    note_span(results, sample->day);
    if (n == 0 || !is_same_key(&results->curves.at[n - 1], key)) {
        sji_curve curve = *key;
        curve.first = results->pool.n - 1;
        if (!sj_vec_push(&results->curves, curve)) {
            return false;
        }
        n++;
    }
    results->curves.at[n - 1].n++;
    return true;
}

/* A quantile of a column that need not be there. */
static double quantile_at(const sj_csv *csv, size_t row, int column)
{
    return column < 0 ? (double)NAN : sji_results_number_at(csv, row, column);
}

static sj_status take_series(sji_results *results, const sj_csv *csv, sj_err *err)
{
    static const char *const heading[] = {"metric", "place", "nationality", "item", "date",
                                          "mean",   "q05",   "q95",         "reps"};
    int c[9];
    SJ_TRY(sji_results_columns(csv, heading, 9, c, err));
    int q25 = sj_csv_column(csv, "q25"), q50 = sj_csv_column(csv, "q50");
    int q75 = sj_csv_column(csv, "q75");
    for (size_t i = 0; i < csv->n_rows; i++) {
        sji_sample sample = {0,
                             sji_results_number_at(csv, i, c[5]),
                             sji_results_number_at(csv, i, c[6]),
                             sji_results_number_at(csv, i, c[7]),
                             quantile_at(csv, i, q25),
                             quantile_at(csv, i, q50),
                             quantile_at(csv, i, q75)};
        double reps = sji_results_number_at(csv, i, c[8]);
        sji_curve key = {sj_csv_cell(csv, i, c[0]),
                         sj_csv_cell(csv, i, c[1]),
                         sj_csv_cell(csv, i, c[2]),
                         sj_csv_cell(csv, i, c[3]),
                         NULL,
                         0,
                         0,
                         reps > 0 && reps < 1e9 ? (int)reps : 0};
        if (!sji_results_day_at(csv, i, c[4], &sample.day)) {
            return SJ_FAIL(err, SJ_E_DATE, csv->path, "line %d: \"%s\" is not a date",
                           csv->line[i + 1], sj_csv_cell(csv, i, c[4]));
        }
        if (!add_sample(results, &key, &sample)) {
            return SJ_FAIL(err, SJ_E_NOMEM, csv->path, "out of memory");
        }
    }
    for (size_t i = 0; i < results->curves.n; i++) {
        results->curves.at[i].at = results->pool.at + results->curves.at[i].first;
    }
    results->reps = results->curves.n > 0 ? results->curves.at[0].reps : 0;
    return SJ_OK;
}

static sj_status take_observed(sji_results *results, const sj_csv *csv, sj_err *err)
{
    static const char *const heading[] = {"metric",   "place",  "nationality", "item",  "date",
                                          "observed", "fitted", "label",       "source"};
    int c[9];
    SJ_TRY(sji_results_columns(csv, heading, 9, c, err));
    for (size_t i = 0; i < csv->n_rows; i++) {
        sji_observed row = {sj_csv_cell(csv, i, c[0]),
                            sj_csv_cell(csv, i, c[1]),
                            sj_csv_cell(csv, i, c[2]),
                            sj_csv_cell(csv, i, c[3]),
                            sj_csv_cell(csv, i, c[7]),
                            sj_csv_cell(csv, i, c[8]),
                            0,
                            sji_results_number_at(csv, i, c[5]),
                            strcmp(sj_csv_cell(csv, i, c[6]), "yes") == 0};
        if (!sji_results_day_at(csv, i, c[4], &row.day)) {
            return SJ_FAIL(err, SJ_E_DATE, csv->path, "line %d: \"%s\" is not a date",
                           csv->line[i + 1], sj_csv_cell(csv, i, c[4]));
        }
        if (isfinite(row.value) && !sj_vec_push(&results->observed, row)) {
            return SJ_FAIL(err, SJ_E_NOMEM, csv->path, "out of memory");
        }
    }
    return SJ_OK;
}

/* Read a table if it is there; *is_there tells. */
static sj_status load_table(sj_csv *csv, const char *folder, const char *name, bool *is_there,
                            sj_err *err)
{
    struct stat about;
    sj_problems problems = {0};
    char *path = sj_path_join(folder, name);
    *is_there = false;
    if (path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, name, "out of memory");
    }
    sj_status st = SJ_OK;
    if (stat(path, &about) == 0) {
        st = sj_csv_load(csv, path, &problems);
        *is_there = st == SJ_OK;
    }
    if (st != SJ_OK && err != NULL && problems.n > 0) {
        *err = problems.at[0];
    }
    sj_problems_clear(&problems);
    free(path);
    return st;
}

/* Read a JSON file of the folder if it is there. */
static sj_status load_json(sj_tree **out, const char *folder, const char *name, sj_err *err)
{
    struct stat about;
    sj_problems problems = {0};
    char *path = sj_path_join(folder, name);
    if (path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, name, "out of memory");
    }
    sj_status st = SJ_OK;
    if (stat(path, &about) == 0) {
        st = sj_tree_load(out, path, &problems);
    }
    if (st != SJ_OK && err != NULL && problems.n > 0) {
        *err = problems.at[0];
    }
    sj_problems_clear(&problems);
    free(path);
    return st;
}

static sj_status load_tables(sji_results *results, sj_err *err)
{
    bool there[6];
    const char *folder = results->folder;
    SJ_TRY(load_table(&results->series, folder, "series.csv", &there[0], err));
    SJ_TRY(load_table(&results->published, folder, "observed.csv", &there[1], err));
    SJ_TRY(load_table(&results->flows, folder, "flows.csv", &there[2], err));
    SJ_TRY(load_table(&results->waits, folder, "waits.csv", &there[3], err));
    SJ_TRY(load_table(&results->overload, folder, "overload.csv", &there[4], err));
    SJ_TRY(load_table(&results->compare, folder, "compare.csv", &there[5], err));
    if (!(there[0] || there[2] || there[3] || there[4] || there[5])) {
        return SJ_FAIL(err, SJ_E_IO, folder,
                       "is not a results folder: it holds no series.csv, flows.csv, waits.csv, "
                       "overload.csv or compare.csv");
    }
    if (there[0]) {
        SJ_TRY(take_series(results, &results->series, err));
    }
    return there[1] ? take_observed(results, &results->published, err) : SJ_OK;
}

sj_status sji_results_load(sji_results *results, const char *folder, sj_err *err)
{
    struct stat about;
    memset(results, 0, sizeof *results);
    if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode)) {
        return SJ_FAIL(err, SJ_E_IO, folder, "there is no such folder");
    }
    results->folder = sj_strdup(folder);
    results->arena = sj_arena_new();
    if (results->folder == NULL || results->arena == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, folder, "out of memory");
    }
    SJ_TRY(load_json(&results->scenario, folder, "scenario.json", err));
    SJ_TRY(load_json(&results->manifest, folder, "manifest.json", err));
    return load_tables(results, err);
}

void sji_results_clear(sji_results *results)
{
    sj_csv_clear(&results->series);
    sj_csv_clear(&results->published);
    sj_csv_clear(&results->flows);
    sj_csv_clear(&results->waits);
    sj_csv_clear(&results->overload);
    sj_csv_clear(&results->compare);
    sj_vec_clear(&results->pool);
    sj_vec_clear(&results->curves);
    sj_vec_clear(&results->observed);
    sj_tree_free(results->scenario);
    sj_tree_free(results->manifest);
    sj_arena_free(results->arena);
    free(results->folder);
    memset(results, 0, sizeof *results);
}

const sji_curve *sji_results_curve(const sji_results *results, const char *metric,
                                   const char *place, const char *nationality, const char *item)
{
    sji_curve key = {metric, place, nationality, item, NULL, 0, 0, 0};
    for (size_t i = 0; i < results->curves.n; i++) {
        if (is_same_key(&results->curves.at[i], &key)) {
            return &results->curves.at[i];
        }
    }
    return NULL;
}

const sji_sample *sji_curve_last(const sji_curve *curve)
{
    for (size_t i = curve == NULL ? 0 : curve->n; i > 0; i--) {
        if (isfinite(curve->at[i - 1].mean)) {
            return &curve->at[i - 1];
        }
    }
    return NULL;
}

double sji_curve_peak(const sji_curve *curve, bool of_band)
{
    double peak = 0.0;
    for (size_t i = 0; i < curve->n; i++) {
        const sji_sample *at = &curve->at[i];
        if (isfinite(at->mean)) {
            peak = fmax(peak, at->mean);
        }
        if (of_band && isfinite(at->high)) {
            peak = fmax(peak, at->high);
        }
    }
    return peak;
}
