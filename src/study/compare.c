#include "study/compare.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "num/stats.h"
#include "study/table_inside.h"

static const char *const beyond_unknown = "larger than what is not known";
static const char *const below_unknown = "real, but smaller than what is not known";
static const char *const within_noise = "within Monte Carlo noise";

/* One row of summary.csv: rows of one key follow one another, by rep. */
typedef struct cursor {
    const sj_csv *csv;
    int column[4], rep, value;
    size_t row;
} cursor;

static bool open_cursor(cursor *c, const sj_csv *csv)
{
    static const char *const names[] = {"metric", "place", "nationality", "item"};
    bool good = true;
    c->csv = csv;
    c->row = 0;
    for (int i = 0; i < 4; i++) {
        c->column[i] = sj_csv_column(csv, names[i]);
        good = good && c->column[i] >= 0;
    }
    c->rep = sj_csv_column(csv, "rep");
    c->value = sj_csv_column(csv, "value");
    return good && c->rep >= 0 && c->value >= 0;
}

static int compare_keys(const cursor *a, size_t i, const cursor *b, size_t k)
{
    for (int c = 0; c < 4; c++) {
        int order =
            strcmp(sj_csv_cell(a->csv, i, a->column[c]), sj_csv_cell(b->csv, k, b->column[c]));
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* Values of the key at the cursor by rep (NaN where missing); moves behind it. */
static void read_key(cursor *c, double value[], int n_reps)
{
    size_t first = c->row;
    while (c->row < c->csv->n_rows && compare_keys(c, first, c, c->row) == 0) {
        double rep, x;
        if (sj_csv_number(c->csv, c->row, c->rep, &rep) && rep >= 0 && rep < n_reps) {
            value[(int)rep] = sj_csv_number(c->csv, c->row, c->value, &x) ? x : NAN;
        }
        c->row++;
    }
}

static double correlation_of(const double a[], const double b[], int n)
{
    double ma, mb, va, vb, sum = 0;
    sj_mean_variance(a, (size_t)n, &ma, &va);
    sj_mean_variance(b, (size_t)n, &mb, &vb);
    for (int i = 0; i < n; i++) {
        sum += (a[i] - ma) * (b[i] - mb);
    }
    return n < 2 || va <= 0 || vb <= 0 ? NAN : sum / (n - 1) / sqrt(va * vb);
}

static const char *verdict_of(const sj_difference *d)
{
    if (d->n < 2 || (d->low <= 0 && d->high >= 0)) {
        return within_noise;
    }
    return fabs(d->difference) > d->spread ? beyond_unknown : below_unknown;
}

void sj_difference_fill(sj_difference *d, double room[], int n_reps)
{
    double *a = room, *b = room + n_reps, *diff = room + 2 * n_reps, mean;
    int n = 0;
    for (int i = 0; i < n_reps; i++) {
        if (isfinite(a[i]) && isfinite(b[i])) {
            a[n] = a[i];
            b[n] = b[i];
            diff[n] = b[i] - a[i];
            n++;
        }
    }
    d->n = n;
    d->base = d->policy = d->difference = d->low = d->high = d->spread = d->correlation = NAN;
    d->usd = d->usd_low = d->usd_high = NAN;
    if (n > 0) {
        double variance;
        sj_mean_variance(b, (size_t)n, &d->policy, &variance);
        sj_mean_variance(a, (size_t)n, &d->base, &variance);
        d->spread = sqrt(variance);
        d->correlation = correlation_of(a, b, n);
        sj_mean_interval(diff, (size_t)n, 0.95, &mean, &d->low, &d->high);
        d->difference = mean;
    }
    d->verdict = verdict_of(d);
}

static bool push_row(sj_comparison *out, const sj_difference *numbers, const char *const key[4])
{
    sj_difference d = *numbers;
    char **texts[] = {&d.metric, &d.place, &d.nationality, &d.item};
    bool good = true;
    for (int i = 0; i < 4; i++) {
        *texts[i] = sj_strdup(key[i]);
        good = good && *texts[i] != NULL;
    }
    if (good && sj_vec_push(out, d)) {
        return true;
    }
    for (int i = 0; i < 4; i++) {
        free(*texts[i]);
    }
    return false;
}

static sj_status add(sj_comparison *out, const cursor *c, size_t row, double room[], int n_reps)
{
    sj_difference d = {0};
    const char *key[4];
    sj_difference_fill(&d, room, n_reps);
    for (int i = 0; i < 4; i++) {
        key[i] = sj_csv_cell(c->csv, row, c->column[i]);
    }
    return d.n == 0 || push_row(out, &d, key) ? SJ_OK : SJ_E_NOMEM;
}

sj_difference *sj_comparison_row(sj_comparison *c, const char *const key[4])
{
    size_t at = 0;
    int order = 1;
    for (; at < c->n; at++) {
        const char *own[] = {c->at[at].metric, c->at[at].place, c->at[at].nationality,
                             c->at[at].item};
        order = 0;
        for (int i = 0; i < 4 && order == 0; i++) {
            order = strcmp(own[i], key[i]);
        }
        if (order >= 0) {
            break;
        }
    }
    if (at < c->n && order == 0) {
        return &c->at[at];
    }
    sj_difference none = {.verdict = within_noise};
    if (!push_row(c, &none, key)) {
        return NULL;
    }
    sj_difference last = c->at[c->n - 1];
    memmove(&c->at[at + 1], &c->at[at], (c->n - 1 - at) * sizeof last);
    c->at[at] = last;
    return &c->at[at];
}

/* What a key that a table does not hold is there: 0 in the replications it has (rows that are 0
 * throughout are left out of tables), missing in others. */
static void find_reps(const cursor *c, double absent[], int n_reps)
{
    for (int i = 0; i < n_reps; i++) {
        absent[i] = NAN;
    }
    for (size_t row = 0; row < c->csv->n_rows; row++) {
        double rep;
        if (sj_csv_number(c->csv, row, c->rep, &rep) && rep >= 0 && rep < n_reps) {
            absent[(int)rep] = 0;
        }
    }
}

/* room: the two samples, their differences, and what an absent key is in either table. */
static sj_status walk(sj_comparison *out, cursor *a, cursor *b, double room[], int n_reps)
{
    double *absent_a = room + 3 * n_reps, *absent_b = room + 4 * n_reps;
    find_reps(a, absent_a, n_reps);
    find_reps(b, absent_b, n_reps);
    while (a->row < a->csv->n_rows || b->row < b->csv->n_rows) {
        int order = a->row >= a->csv->n_rows   ? 1
                    : b->row >= b->csv->n_rows ? -1
                                               : compare_keys(a, a->row, b, b->row);
        const cursor *named = order <= 0 ? a : b;
        size_t row = named->row;
        for (int i = 0; i < n_reps; i++) {
            room[i] = order <= 0 ? NAN : absent_a[i];
            room[n_reps + i] = order >= 0 ? NAN : absent_b[i];
        }
        if (order <= 0) {
            read_key(a, room, n_reps);
        }
        if (order >= 0) {
            read_key(b, room + n_reps, n_reps);
        }
        SJ_TRY(add(out, named, row, room, n_reps));
    }
    return SJ_OK;
}

int sj_summary_reps(const sj_csv *summary)
{
    int n = 0, column = sj_csv_column(summary, "rep");
    for (size_t row = 0; column >= 0 && row < summary->n_rows; row++) {
        double rep;
        if (sj_csv_number(summary, row, column, &rep) && rep + 1 > n && rep < 1e6) {
            n = (int)rep + 1;
        }
    }
    return n;
}

/* Seed of a results folder, -1 where the manifest does not say. */
static double seed_of(const char *folder)
{
    char *path = sj_path_join(folder, "manifest.json"), *text = NULL;
    size_t length;
    double seed = -1;
    if (path != NULL && sj_file_read(path, &text, &length, NULL) == SJ_OK) {
        cJSON *root = cJSON_Parse(text);
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, "seed");
        seed = cJSON_IsNumber(item) ? item->valuedouble : -1;
        cJSON_Delete(root);
    }
    free(text);
    free(path);
    return seed;
}

static sj_status load_summary(sj_csv *csv, cursor *c, const char *folder, sj_problems *problems)
{
    char *path = sj_path_join(folder, "summary.csv");
    if (path == NULL) {
        return SJ_E_NOMEM;
    }
    sj_status st = sj_csv_load(csv, path, problems);
    if (st == SJ_OK && problems->n_errors > 0) {
        st = sj_problems_status(problems);
    }
    if (st == SJ_OK && !open_cursor(c, csv)) {
        sj_err err;
        st = SJ_FAIL(&err, SJ_E_CSV, path, "is no summary of a run");
        sj_problems_add(problems, &err);
    }
    free(path);
    return st;
}

sj_status sj_compare(sj_comparison *out, const char *base, const char *policy,
                     sj_problems *problems)
{
    sj_csv csv[2] = {0};
    cursor a, b;
    memset(out, 0, sizeof *out);
    sj_status st = load_summary(&csv[0], &a, base, problems);
    if (st == SJ_OK) {
        st = load_summary(&csv[1], &b, policy, problems);
    }
    if (st == SJ_OK) {
        int n_a = sj_summary_reps(a.csv), n_b = sj_summary_reps(b.csv), n = n_a > n_b ? n_a : n_b;
        double *room = sj_calloc(5 * (size_t)n, sizeof *room);
        st = room == NULL ? SJ_E_NOMEM : walk(out, &a, &b, room, n);
        free(room);
        double seed = seed_of(base);
        out->is_paired = seed >= 0 && seed == seed_of(policy);
    }
    if (st == SJ_E_NOMEM) {
        sj_err err;
        (void)SJ_FAIL(&err, SJ_E_NOMEM, "compare", "out of memory");
        sj_problems_add(problems, &err);
    }
    sj_csv_clear(&csv[0]);
    sj_csv_clear(&csv[1]);
    return st;
}

void sj_comparison_clear(sj_comparison *comparison)
{
    for (size_t i = 0; i < comparison->n; i++) {
        free(comparison->at[i].metric);
        free(comparison->at[i].place);
        free(comparison->at[i].nationality);
        free(comparison->at[i].item);
    }
    sj_vec_clear(comparison);
}

sj_status sj_comparison_write(const sj_comparison *comparison, const char *path, sj_err *err)
{
    sj_out out;
    SJ_TRY(sj_out_open(&out, path, err));
    (void)fprintf(out.stream, "metric,place,nationality,item,base,policy,difference,low,high,"
                              "correlation,verdict,usd_per_unit,usd_low,usd_high\n");
    for (size_t i = 0; i < comparison->n; i++) {
        const sj_difference *d = &comparison->at[i];
        sji_cell(out.stream, d->metric, true);
        sji_cell(out.stream, d->place, false);
        sji_cell(out.stream, d->nationality, false);
        sji_cell(out.stream, d->item, false);
        sji_put(out.stream, d->base);
        sji_put(out.stream, d->policy);
        sji_put(out.stream, d->difference);
        sji_put(out.stream, d->low);
        sji_put(out.stream, d->high);
        sji_put(out.stream, d->correlation);
        sji_cell(out.stream, d->verdict, false);
        sji_put(out.stream, d->usd);
        sji_put(out.stream, d->usd_low);
        sji_put(out.stream, d->usd_high);
        (void)fputc('\n', out.stream);
    }
    return sj_out_finish(&out, err);
}
