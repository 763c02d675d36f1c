/**
 * @file test_report_flows.c
 * @brief Which corridors a flow map holds: the way home, corridors of few people, places.
 * Usage: test_report_flows [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "report/flows.h"
#include <math.h>
#include <string.h>

/* Places p0 ... p99 in a row; links l to each from p0, and h home from p1. */
static void make_results(sji_results *r, int n_links, double people, double step)
{
    sj_problems problems = {0};
    sj_str rows = {0}, scenario = {0};
    memset(r, 0, sizeof *r);
    sj_str_add(&rows, "date,from,to,link,nationality,channel,mean,q05,q95\n");
    sj_str_add(&scenario, "{\"links\": {\"h\": {\"classes\": [\"home\"]}, "
                          "\"l\": {\"classes\": [\"regular\", \"home\"]}}, \"places\": {");
    for (int i = 0; i <= n_links; i++) {
        sj_str_printf(&scenario, "%s\"p%d\": {\"lat\": %d, \"lon\": 0}", i > 0 ? ", " : "", i,
                      i % 90);
    }
    sj_str_add(&scenario, "}}");
    for (int i = 1; i <= n_links; i++) {
        sj_str_printf(&rows, "2021-01-01,p0,p%d,l,ven,c,%.3f,0,0\n", i, people - step * i);
    }
    sj_str_add(&rows, "2021-01-01,p1,p0,h,ven,home,700,0,0\n");
    sj_str_add(&rows, "2021-01-01,p1,nowhere,l,ven,c,50,0,0\n");
    assert_int_equal(sj_csv_parse(&r->flows, "flows.csv", rows.text, rows.n, &problems), SJ_OK);
    assert_int_equal(
        sj_tree_parse(&r->scenario, "scenario.json", scenario.text, scenario.n, &problems), SJ_OK);
    sj_str_clear(&rows);
    sj_str_clear(&scenario);
}

static void clear(sji_results *r, sji_flows *flows)
{
    sji_flows_clear(flows);
    sj_csv_clear(&r->flows);
    sj_tree_free(r->scenario);
}

static void test_way_home(void **state)
{
    sji_results r;
    sji_flows flows;
    make_results(&r, 3, 100.0, 10.0);
    assert_int_equal(sji_flows_make(&flows, &r, false, NULL), SJ_OK);
    assert_int_equal(flows.flow.n, 3);
    assert_int_equal(flows.n_without, 1);
    assert_true(flows.way_home == 700.0 && flows.people == 240.0);
    assert_string_equal(flows.flow.at[0].to, "p1"); /* the largest first */
    assert_int_equal(flows.node.n, 4);
    assert_true(flows.node.at[flows.flow.at[0].a].people == 240.0); /* p0 is an end of all */
    sji_flows_clear(&flows);
    assert_int_equal(sji_flows_make(&flows, &r, true, NULL), SJ_OK);
    assert_int_equal(flows.flow.n, 4);
    assert_true(flows.way_home == 0.0 && flows.flow.at[0].people == 700.0);
    clear(&r, &flows);
}

static void test_few_corridors_are_all_there(void **state)
{
    sji_results r;
    sji_flows flows;
    make_results(&r, SJI_FLOWS_FEW, 1e6, 0.0);
    assert_int_equal(sji_flows_make(&flows, &r, false, NULL), SJ_OK);
    assert_int_equal(flows.flow.n, SJI_FLOWS_FEW);
    assert_int_equal(flows.n_all, SJI_FLOWS_FEW);
    clear(&r, &flows);
}

static void test_small_corridors_are_left_out(void **state)
{
    sji_results r;
    sji_flows flows;
    make_results(&r, 80, 1000.0, 12.4); /* 80 corridors of 987.6 down to 8 people */
    assert_int_equal(sji_flows_make(&flows, &r, false, NULL), SJ_OK);
    assert_int_equal(flows.n_all, 80);
    double all = 80 * 1000.0 - 12.4 * 80 * 81 / 2;
    assert_true(fabs(flows.people - all) < 1e-6);
    assert_true(flows.flow.n > SJI_FLOWS_FEW && flows.flow.n <= SJI_FLOWS_MOST);
    for (size_t i = 0; i < flows.flow.n; i++) {
        assert_true(flows.flow.at[i].people >= SJI_FLOWS_SHARE * all);
    }
    assert_int_equal(flows.node.n, flows.flow.n + 1); /* places of others are not there */
    clear(&r, &flows);
    make_results(&r, 80, 1000.0, 0.0); /* equal ones: each has 1.25 %, the number limits */
    assert_int_equal(sji_flows_make(&flows, &r, false, NULL), SJ_OK);
    assert_int_equal(flows.flow.n, SJI_FLOWS_MOST);
    clear(&r, &flows);
    make_results(&r, 30, 0.0, -1.0); /* 1 ... 30 people: 465 in all, from 1.2 on they are drawn */
    assert_int_equal(sji_flows_make(&flows, &r, false, NULL), SJ_OK);
    assert_int_equal(flows.flow.n, 29);
    assert_true(flows.flow.at[28].people == 2.0);
    clear(&r, &flows);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_way_home),
        cmocka_unit_test(test_few_corridors_are_all_there),
        cmocka_unit_test(test_small_corridors_are_left_out),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
