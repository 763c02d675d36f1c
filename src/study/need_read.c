/* reps.csv as panels. */
#include "study/need_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static const char *const headings[] = {"metric", "place", "nationality", "item",
                                       "date",   "rep",   "value"};
enum { METRIC, PLACE, NATIONALITY, ITEM, DATE, REP, VALUE, COLUMNS };

static sj_status load_csv(sji_reps *reps, const char *folder, sj_err *err)
{
    sj_problems problems = {0};
    char *path = sj_path_join(folder, "reps.csv");
    if (path == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, folder, "out of memory");
    }
    sj_status st = sj_csv_load(&reps->csv, path, &problems);
    st = st == SJ_OK ? sj_problems_status(&problems) : st;
    if (st != SJ_OK && problems.n > 0) {
        *err = problems.at[0];
    } else if (st != SJ_OK) {
        st = SJ_FAIL(err, st, path, "cannot be read");
    }
    for (int c = 0; st == SJ_OK && c < COLUMNS; c++) {
        reps->column[c] = sj_csv_column(&reps->csv, headings[c]);
        if (reps->column[c] < 0) {
            st = SJ_FAIL(err, SJ_E_CSV, path, "has no column \"%s\"", headings[c]);
        }
    }
    sj_problems_clear(&problems);
    free(path);
    return st;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* One day and one replication of a row; false where it has none. */
static bool address(const sji_reps *reps, size_t row, sj_day *day, int *rep)
{
    double number;
    bool good = sj_day_parse(sj_csv_cell(&reps->csv, row, reps->column[DATE]), day) &&
                sj_csv_number(&reps->csv, row, reps->column[REP], &number) && number >= 0 &&
                number < 1e6;
    *rep = good ? (int)number : -1;
    return good;
}

static int find(const int *at, size_t n, int x)
{
    const int *found = n == 0 ? NULL : bsearch(&x, at, n, sizeof *at, compare_ints);
    return found == NULL ? -1 : (int)(found - at);
}

/* Rows of one key come by date, then replication, so that the last one seen is mostly the next. */
static bool note(sji_reps *reps, sj_day day, int rep)
{
    if (find(reps->dates.at, reps->dates.n, day) < 0) {
        if (!sj_vec_push(&reps->dates, day)) {
            return false;
        }
        qsort(reps->dates.at, reps->dates.n, sizeof(sj_day), compare_ints);
    }
    if (find(reps->numbers.at, reps->numbers.n, rep) < 0) {
        if (!sj_vec_push(&reps->numbers, rep)) {
            return false;
        }
        qsort(reps->numbers.at, reps->numbers.n, sizeof(int), compare_ints);
    }
    return true;
}

sj_status sji_reps_load(sji_reps *reps, const char *folder, sj_err *err)
{
    memset(reps, 0, sizeof *reps);
    SJ_TRY(load_csv(reps, folder, err));
    for (size_t row = 0; row < reps->csv.n_rows; row++) {
        sj_day day;
        int rep;
        if (address(reps, row, &day, &rep) && !note(reps, day, rep)) {
            return SJ_FAIL(err, SJ_E_NOMEM, folder, "out of memory");
        }
    }
    reps->n_reps = (int)reps->numbers.n;
    return SJ_OK;
}

void sji_reps_clear(sji_reps *reps)
{
    sj_csv_clear(&reps->csv);
    sj_vec_clear(&reps->dates);
    sj_vec_clear(&reps->numbers);
}

int sji_reps_date(const sji_reps *reps, sj_day day)
{
    return find(reps->dates.at, reps->dates.n, day);
}

sj_status sji_panel_read(sji_panel *panel, const sji_reps *reps, const char *metric,
                         const char *place, const char *item, sj_err *err)
{
    const char *key[] = {metric, place, "ALL", item};
    panel->at = sj_calloc(reps->dates.n * reps->numbers.n, sizeof *panel->at);
    if (panel->at == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, metric, "out of memory");
    }
    for (size_t row = 0; row < reps->csv.n_rows; row++) {
        bool is_of = true;
        for (int c = 0; c < 4 && is_of; c++) {
            is_of = strcmp(sj_csv_cell(&reps->csv, row, reps->column[c]), key[c]) == 0;
        }
        sj_day day;
        int rep;
        if (!is_of || !address(reps, row, &day, &rep)) {
            continue;
        }
        double x;
        const char *cell = sj_csv_cell(&reps->csv, row, reps->column[VALUE]);
        bool is_number = sj_csv_number(&reps->csv, row, reps->column[VALUE], &x);
        int date = sji_reps_date(reps, day), i = find(reps->numbers.at, reps->numbers.n, rep);
        panel->at[date * reps->n_reps + i] = is_number                  ? x
                                             : strcmp(cell, "inf") == 0 ? (double)INFINITY
                                                                        : (double)NAN;
    }
    return SJ_OK;
}

void sji_panel_clear(sji_panel *panel)
{
    free(panel->at);
    panel->at = NULL;
}
