/**
 * @file test_report_nomem.c
 * @brief Memory ends at the n-th allocation of drawing a small folder, for every n until all is
 * drawn: nothing leaks (under ASan), the status tells. Linked with --wrap=malloc,calloc,realloc.
 * Usage: test_report_nomem [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "nomem.h"
#include "report/plots.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const table[][2] = {
    {"series.csv", "metric,place,nationality,item,date,mean,q05,q50,q95,reps\n"
                   "applied_total,col,ALL,etpv,2021-01-01,5,4,5,6,2\n"
                   "applied_total,col,ALL,etpv,2021-02-01,9,8,9,10,2\n"
                   "capacity,col,ALL,school,2021-01-01,50,50,50,50,2\n"
                   "completed_total,col,ALL,etpv/vetting,2021-02-01,4,3,4,5,2\n"
                   "crossings,l,ALL,ALL,2021-01-01,0,0,0,0,2\n"
                   "crossings,l,ALL,ALL,2021-02-01,50,40,50,60,2\n"
                   "demand,col,ALL,school,2021-01-01,70,60,70,80,2\n"
                   "queue_length,col,ALL,etpv/vetting,2021-01-01,7,6,7,8,2\n"
                   "queue_length,col,ALL,claims/first,2021-01-01,3,2,3,4,2\n"
                   "queue_length,col,ALL,claims/first,2021-02-01,5,4,5,6,2\n"
                   "stock,col,ven,ALL,2021-01-01,1000,900,1000,1100,2\n"
                   "stock,col,ven,ALL,2021-02-01,1100,900,1100,1200,2\n"},
    {"observed.csv", "id,metric,place,nationality,item,date,observed,fitted,label,source,mean,q05,"
                     "q50,q95\n"
                     "a,stock,col,ven,ALL,2021-01-15,990,no,,census,1,1,1,1\n"
                     "b,applied_total,col,ALL,etpv,2021-01-20,7,yes,seven,census,1,1,1,1\n"},
    {"flows.csv", "date,from,to,link,nationality,channel,mean,q05,q95\n"
                  "2021-02-01,ven,col,l,ven,c,50,40,60\n"},
    {"waits.csv", "programme,stage,days,completed,waiting\netpv,vetting,3,5,1\n"},
    {"overload.csv", "place,sector,date,utilisation,overloaded\n"
                     "col,school,2021-01-04,1.4,1\ncol,school,2021-01-11,0.9,0\n"},
    {"compare.csv", "metric,place,item,base,policy,difference,low,high,verdict\n"
                    "stock,col,ALL,100,90,-10,-12,-8,less\n"},
    {"manifest.json", "{\"name\": \"t\"}"},
    {"observations.csv",
     "target,metric,place,nationality,item,from,to,value,unit,mark,source,note\n"
     "t,crossings,l,ALL,ALL,2021-01-01,2021-01-31,55,persons,V,s,\n"
     "t,queue_length,col,ALL,claims,,2021-01-31,4,persons,V,s,\n"},
    {"scenario.json",
     "{\"title\": \"T\", \"links\": {\"l\": {\"from\": \"ven\", \"to\": \"col\"}}, \"programmes\": "
     "{\"claims\": {\"country\": \"col\", \"pending_status\": \"claimant\"}}, \"places\": "
     "{\"ven\": {\"lat\": 10, \"lon\": -67}, "
     "\"col\": {\"name\": \"Colombia\", \"lat\": 4, \"lon\": -74}}}"},
};

static void write_folder(const char *folder)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        sj_out out;
        char *path = sj_path_join(folder, table[i][0]);
        assert_int_equal(sj_out_open(&out, path, NULL), SJ_OK);
        assert_true(fputs(table[i][1], out.stream) >= 0);
        assert_int_equal(sj_out_finish(&out, NULL), SJ_OK);
        free(path);
    }
}

static void remove_folder(const char *folder, const char *const drawn[], size_t n_drawn)
{
    char path[512];
    for (size_t i = 0; i < n_drawn; i++) {
        (void)snprintf(path, sizeof path, "%s/plots/%s.gp", folder, drawn[i]);
        assert_int_equal(unlink(path), 0);
        (void)snprintf(path, sizeof path, "%s/plots/%s.dat", folder, drawn[i]);
        assert_int_equal(unlink(path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/plots", folder);
    assert_int_equal(rmdir(path), 0); /* nothing else was left, no half file */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, table[i][0]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void test_draw(void **state)
{
    static const char *const drawn[] = {"stock",    "capacity",   "overload",   "funnel-etpv",
                                        "queue",    "asylum",     "waits",      "map",
                                        "corridor", "corridor-l", "observed-t", "compare"};
    static const char *const links[] = {"l"};
    const char *place = getenv("TMPDIR");
    char folder[256];
    sj_status st = SJ_E_NOMEM;
    (void)snprintf(folder, sizeof folder, "%s/sojourn-XXXXXX", place == NULL ? "." : place);
    assert_non_null(mkdtemp(folder));
    write_folder(folder);
    sj_observations observations = {0};
    sj_problems problems = {0};
    char *rows = sj_path_join(folder, "observations.csv");
    assert_int_equal(sj_observations_load(&observations, rows, &problems), SJ_OK);
    free(rows);
    sj_plot_request request = {.folder = folder,
                               .format = "svg",
                               .observed = &observations,
                               .links = links,
                               .n_links = 1,
                               .scripts_only = true};
    for (long n = 0; st != SJ_OK; n++) {
        sj_plot_made made = {0};
        sj_err err = {0};
        n_allowed = n;
        st = sj_plots_draw(&request, &made, &err);
        n_allowed = -1;
        assert_true(st == SJ_OK || st == SJ_E_NOMEM || st == SJ_E_IO);
        assert_true(n < 20000);
        if (st == SJ_OK) {
            assert_int_equal(made.n_scripts, sizeof drawn / sizeof drawn[0]);
        }
        sj_plot_made_clear(&made);
    }
    sj_observations_clear(&observations);
    sj_problems_clear(&problems);
    remove_folder(folder, drawn, sizeof drawn / sizeof drawn[0]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_draw)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
