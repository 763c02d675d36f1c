/**
 * @file test_analysis_nomem.c
 * @brief Memory ends at the n-th allocation of a fit, for every n until all is written: nothing
 * leaks (under ASan), the status tells. Linked with --wrap=malloc,calloc,realloc.
 * Usage: test_analysis_nomem [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "analysis/fit.h"
#include "base/file.h"
#include "nomem.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const table[][2] = {
    {"manifest.json", "{\"name\": \"small\"}"},
    {"scenario.json", "{\"places\": {\"col\": {\"kind\": \"country\"}}}"},
    {"series.csv", "metric,place,nationality,item,date,mean,q05,q25,q50,q75,q95,reps\n"
                   "arrivals,col,ven,ALL,2021-01-01,0,0,0,0,0,0,2\n"
                   "arrivals,col,ven,ALL,2021-02-01,5,4,4,5,6,6,2\n"
                   "arrivals,col,ven,ALL,2021-03-01,9,8,8,9,10,10,2\n"
                   "queue_length,col,ALL,etpv/a,2021-01-01,7,6,7,7,7,8,2\n"
                   "queue_length,col,ALL,etpv/b,2021-01-01,7,6,7,7,7,8,2\n"
                   "stock,col,ven,ALL,2021-01-01,90,80,80,90,99,99,2\n"
                   "stock,per,ven,ALL,2021-01-01,90,80,80,90,99,99,2\n"},
    {"reps.csv", "metric,place,nationality,item,date,rep,value\n"
                 "arrivals,col,ven,ALL,2021-01-01,0,0\narrivals,col,ven,ALL,2021-01-01,1,0\n"
                 "arrivals,col,ven,ALL,2021-02-01,0,4\narrivals,col,ven,ALL,2021-02-01,1,6\n"
                 "arrivals,col,ven,ALL,2021-03-01,0,8\narrivals,col,ven,ALL,2021-03-01,1,10\n"},
    {"observed.csv", "id,metric,place,nationality,item,date,observed,mean,q05,q50,q95\n"
                     "x,stock,col,ven,ALL,2021-01-15,50,40,30,41,55\n"},
    {"seen.csv", "target,metric,place,nationality,item,from,to,value,unit,mark,source,note\n"
                 "a,stock,col,ven,ALL,,2020-12-31,95,persons,A,,\n"
                 "a,stock,per,ven,ALL,,2020-12-31,85,persons,A,,\n"
                 "a,stock,per,ven,ALL,,2019-12-31,80,persons,A,,\n"
                 "a,stock,col,ven,ALL,,2021-01-15,80,persons,A,,\n"
                 "a,queue_length,col,ALL,etpv,,2020-12-31,5,persons,A,,\n"
                 "b,arrivals,col,ven,ALL,2021-01-01,2021-02-28,15,persons,A,,\n"
                 "b,arrivals,col,ven,ALL,2021-01-01,2021-01-31,5,persons,A,,before\n"
                 "b,arrivals,col,ven,ALL,2021-02-01,2021-02-28,8,persons,A,,first\n"},
};

enum { N_TABLES = sizeof table / sizeof table[0] };

static void name_file(char path[512], const char *folder, const char *name)
{
    (void)snprintf(path, 512, "%s/%s", folder, name);
}

static void write_folder(const char *folder)
{
    for (size_t i = 0; i < N_TABLES; i++) {
        sj_out out;
        char path[512];
        name_file(path, folder, table[i][0]);
        assert_int_equal(sj_out_open(&out, path, NULL), SJ_OK);
        assert_true(fputs(table[i][1], out.stream) >= 0);
        assert_int_equal(sj_out_finish(&out, NULL), SJ_OK);
    }
}

static void remove_folder(const char *folder)
{
    static const char *const made[] = {"fit.csv", "fit-rows.csv", "fit-changes.csv"};
    char path[512];
    for (size_t i = 0; i < N_TABLES + 3; i++) {
        name_file(path, folder, i < N_TABLES ? table[i][0] : made[i - N_TABLES]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else was left, no half file */
}

static void test_fit(void **state)
{
    const char *place = getenv("TMPDIR");
    char folder[256], seen[512];
    sj_status st = SJ_E_NOMEM;
    (void)snprintf(folder, sizeof folder, "%s/sojourn-XXXXXX", place == NULL ? "." : place);
    assert_non_null(mkdtemp(folder));
    write_folder(folder);
    name_file(seen, folder, "seen.csv");
    const char *folders[2] = {folder, folder}, *tables[1] = {seen};
    const sj_fit_options options = {
        .folders = folders, .n_folders = 2, .tables = tables, .n_tables = 1};
    for (long n = 0; st != SJ_OK; n++) {
        sj_fit fit;
        sj_err err = {0};
        sj_problems problems = {0};
        n_allowed = n;
        st = sj_fit_make(&fit, &options, &problems);
        st = st == SJ_OK ? sj_fit_write(&fit, folder, &err) : st;
        n_allowed = -1;
        assert_true(st == SJ_OK || st == SJ_E_NOMEM || st == SJ_E_IO);
        assert_true(st == SJ_OK || err.status != SJ_OK || problems.n > 0 || problems.overflow);
        assert_true(n < 20000);
        if (st == SJ_OK) {
            assert_int_equal(fit.targets.n, 2);
            assert_int_equal(fit.targets.at[0].n_covered, 4);
            assert_int_equal(fit.changes.n, 1);
        }
        sj_fit_clear(&fit);
        sj_problems_clear(&problems);
    }
    remove_folder(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fit)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
