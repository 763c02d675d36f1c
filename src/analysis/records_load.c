/* Reading a results folder: its manifest, its tables sorted by key. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/records_inside.h"
#include "base/file.h"

static int compare_keys(const char *const a[SJI_N_KEYS], const char *const b[SJI_N_KEYS])
{
    int order = 0;
    for (int i = 0; i < SJI_N_KEYS && order == 0; i++) {
        order = strcmp(a[i], b[i]);
    }
    return order;
}

static int compare_curves(const void *a, const void *b)
{
    return compare_keys(((const sji_curve_rows *)a)->key, ((const sji_curve_rows *)b)->key);
}

size_t sji_keyed_from(const sji_keyed *table, const char *const key[SJI_N_KEYS])
{
    size_t low = 0, high = table->curves.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(table->curves.at[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const sji_curve_rows *sji_keyed_find(const sji_keyed *table, const char *const key[SJI_N_KEYS])
{
    size_t at = sji_keyed_from(table, key);
    return at < table->curves.n && compare_keys(table->curves.at[at].key, key) == 0
               ? &table->curves.at[at]
               : NULL;
}

static void report(sj_problems *problems, const sj_err *err)
{
    sj_problems_add(problems, err);
}

static sj_status no_memory(sj_problems *problems, const char *where)
{
    sj_err err;
    sj_status st = SJ_FAIL(&err, SJ_E_NOMEM, where, "out of memory");
    report(problems, &err);
    return st;
}

/* Columns by name; the first that is missing is a problem. */
static sj_status find_columns(const sj_csv *csv, const char *const names[], int n, int *columns[],
                              sj_problems *problems)
{
    for (int i = 0; i < n; i++) {
        *columns[i] = sj_csv_column(csv, names[i]);
        if (*columns[i] < 0) {
            sj_err err;
            sj_status st = SJ_FAIL(&err, SJ_E_CSV, csv->path, "column \"%s\" is missing", names[i]);
            report(problems, &err);
            return st;
        }
    }
    return SJ_OK;
}

/* Sorted for search; a key in two runs would lose one of them. */
static sj_status sort_curves(sji_keyed *table, sj_problems *problems)
{
    if (table->curves.n > 0) {
        qsort(table->curves.at, table->curves.n, sizeof *table->curves.at, compare_curves);
    }
    for (size_t i = 1; i < table->curves.n; i++) {
        const char *const *key = table->curves.at[i].key;
        if (compare_keys(table->curves.at[i - 1].key, key) == 0) {
            sj_err err;
            sj_status st = SJ_FAIL(&err, SJ_E_CSV, table->csv.path,
                                   "the rows of \"%.60s,%.60s,%.60s,%.60s\" do not stand together",
                                   key[0], key[1], key[2], key[3]);
            (void)snprintf(
                err.hint, sizeof err.hint,
                "a table of results is sorted by key; run `sojourn run` again or sort it");
            report(problems, &err);
            return st;
        }
    }
    return SJ_OK;
}

static sj_status load_keyed(sji_keyed *table, const char *path, sj_problems *problems)
{
    static const char *const names[] = {"metric", "place", "nationality", "item", "date"};
    int *columns[] = {&table->key[0], &table->key[1], &table->key[2], &table->key[3], &table->date};
    SJ_TRY(sj_csv_load(&table->csv, path, problems));
    SJ_TRY(find_columns(&table->csv, names, 5, columns, problems));
    for (size_t row = 0; row < table->csv.n_rows; row++) {
        sji_curve_rows curve = {.first = row, .n = 1};
        for (int i = 0; i < SJI_N_KEYS; i++) {
            curve.key[i] = sj_csv_cell(&table->csv, row, table->key[i]);
        }
        size_t n = table->curves.n;
        if (n > 0 && compare_keys(table->curves.at[n - 1].key, curve.key) == 0) {
            table->curves.at[n - 1].n++;
        } else if (!sj_vec_push(&table->curves, curve)) {
            return no_memory(problems, path);
        }
    }
    return sort_curves(table, problems);
}

/* The dates of the first curve: every curve has them all. */
static sj_status read_dates(sj_records *r, sj_problems *problems)
{
    const sji_keyed *series = &r->series;
    for (size_t i = 0; series->curves.n > 0 && i < series->curves.at[0].n; i++) {
        size_t row = series->curves.at[0].first + i;
        const char *text = sj_csv_cell(&series->csv, row, series->date);
        sj_day day;
        if (!sj_day_parse(text, &day)) {
            sj_err err;
            sj_status st =
                SJ_FAIL(&err, SJ_E_DATE, series->csv.path, "line %d: \"%.40s\" is not a date",
                        series->csv.line[row + 1], text);
            report(problems, &err);
            return st;
        }
        if (!sj_vec_push(&r->dates, day)) {
            return no_memory(problems, r->folder);
        }
    }
    if (r->dates.n == 0) {
        sj_err err;
        sj_status st = SJ_FAIL(&err, SJ_E_CSV, series->csv.path, "holds no records");
        report(problems, &err);
        return st;
    }
    return SJ_OK;
}

static sj_status load_series(sj_records *r, const char *path, sj_problems *problems)
{
    static const char *const names[] = {"mean", "q05", "q95"};
    int *columns[] = {&r->mean, &r->q05, &r->q95};
    SJ_TRY(load_keyed(&r->series, path, problems));
    SJ_TRY(find_columns(&r->series.csv, names, 3, columns, problems));
    r->q25 = sj_csv_column(&r->series.csv, "q25");
    r->q75 = sj_csv_column(&r->series.csv, "q75");
    return read_dates(r, problems);
}

static sj_status load_reps(sj_records *r, const char *path, sj_problems *problems)
{
    enum { MOST_REPS = 1000000 };
    static const char *const names[] = {"rep", "value"};
    int *columns[] = {&r->rep, &r->value};
    SJ_TRY(load_keyed(&r->reps, path, problems));
    SJ_TRY(find_columns(&r->reps.csv, names, 2, columns, problems));
    for (size_t row = 0; row < r->reps.csv.n_rows; row++) {
        double rep;
        if (sj_csv_number(&r->reps.csv, row, r->rep, &rep) && rep >= r->n_reps && rep < MOST_REPS) {
            r->n_reps = (int)rep + 1;
        }
    }
    return SJ_OK;
}

/* The levels of single days that the scenario asked for. */
static sj_status load_days(sj_records *r, const char *path, sj_problems *problems)
{
    static const char *const names[] = {"metric", "place", "nationality", "item",
                                        "date",   "mean",  "q05",         "q95"};
    int *columns[] = {&r->day_key[0], &r->day_key[1], &r->day_key[2], &r->day_key[3],
                      &r->day_date,   &r->day_mean,   &r->day_q05,    &r->day_q95};
    SJ_TRY(sj_csv_load(&r->days, path, problems));
    SJ_TRY(find_columns(&r->days, names, 8, columns, problems));
    r->day_q25 = sj_csv_column(&r->days, "q25");
    r->day_q75 = sj_csv_column(&r->days, "q75");
    return SJ_OK;
}

static sj_status load_manifest(sj_records *r, const char *path, sj_problems *problems)
{
    char *text = NULL;
    size_t length;
    sj_err err;
    sj_status st = sj_file_read(path, &text, &length, &err);
    if (st == SJ_OK) {
        cJSON *root = cJSON_ParseWithLength(text, length);
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(root, "name");
        r->is_fixed = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "fixed"));
        if (cJSON_IsString(name)) {
            r->scenario = sj_strdup(name->valuestring);
            st = r->scenario != NULL ? SJ_OK : SJ_FAIL(&err, SJ_E_NOMEM, path, "out of memory");
        } else {
            st = SJ_FAIL(&err, SJ_E_FORMAT, path, "is no manifest of a run: it names no scenario");
        }
        cJSON_Delete(root);
    } else if (st == SJ_E_IO) {
        (void)snprintf(err.hint, sizeof err.hint,
                       "a results folder is what `sojourn run` writes; it holds manifest.json");
    }
    free(text);
    if (st != SJ_OK) {
        report(problems, &err);
    }
    return st;
}

static sj_status load_scenario(sj_records *r, const char *path, sj_problems *problems)
{
    return sj_tree_load(&r->tree, path, problems);
}

static sj_status load_part(sj_records *r, const char *name, bool is_needed,
                           sj_status (*load)(sj_records *, const char *, sj_problems *),
                           sj_problems *problems)
{
    struct stat about;
    char *path = sj_path_join(r->folder, name);
    if (path == NULL) {
        return no_memory(problems, name);
    }
    sj_status st = is_needed || stat(path, &about) == 0 ? load(r, path, problems) : SJ_OK;
    free(path);
    return st;
}

sj_status sj_records_load(sj_records **out, const char *folder, sj_problems *problems)
{
    sj_records *r = sj_calloc(1, sizeof *r);
    *out = NULL;
    if (r == NULL) {
        return no_memory(problems, folder);
    }
    r->folder = sj_strdup(folder);
    sj_status st = r->folder != NULL ? SJ_OK : no_memory(problems, folder);
    if (st == SJ_OK) {
        st = load_part(r, "manifest.json", true, load_manifest, problems);
    }
    if (st == SJ_OK) {
        st = load_part(r, "series.csv", true, load_series, problems);
    }
    if (st == SJ_OK) {
        st = load_part(r, "reps.csv", false, load_reps, problems);
    }
    if (st == SJ_OK) {
        st = load_part(r, "observed.csv", false, load_days, problems);
    }
    if (st == SJ_OK) {
        st = load_part(r, "scenario.json", false, load_scenario, problems);
    }
    if (st == SJ_OK) {
        *out = r;
        r = NULL;
    }
    sj_records_free(r);
    return st;
}

void sj_records_free(sj_records *records)
{
    if (records == NULL) {
        return;
    }
    sj_csv_clear(&records->series.csv);
    sj_csv_clear(&records->reps.csv);
    sj_csv_clear(&records->days);
    sj_vec_clear(&records->series.curves);
    sj_vec_clear(&records->reps.curves);
    sj_vec_clear(&records->dates);
    sj_tree_free(records->tree);
    free(records->scenario);
    free(records->folder);
    free(records);
}

const char *sj_records_scenario(const sj_records *records)
{
    return records->scenario;
}

const char *sj_records_folder(const sj_records *records)
{
    return records->folder;
}

bool sj_records_is_fixed(const sj_records *records)
{
    return records->is_fixed;
}

sj_day sj_records_first(const sj_records *records)
{
    return records->dates.at[0];
}

sj_day sj_records_last(const sj_records *records)
{
    return records->dates.at[records->dates.n - 1];
}
