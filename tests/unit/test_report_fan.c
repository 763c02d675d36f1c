/**
 * @file test_report_fan.c
 * @brief Panels of one curve: where samples and observations stand, and which panels are shown.
 * Usage: test_report_fan [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/fan.h"
#include <math.h>
#include <string.h>

static const sji_sample samples[] = {{0, 0, 0, 0, 0, 0, 0},
                                     {31, 10, 4, 30, 6, 8, 12},
                                     {59, 20, 2, 90, NAN, NAN, NAN},
                                     {90, NAN, NAN, NAN, NAN, NAN, NAN}};

static void test_curve_becomes_panel(void **state)
{
    const sji_results results = {0}; /* no days besides those of the reports */
    sji_curve curve = {.at = samples, .n = 4};
    sji_fan flow = {0}, level = {0};
    assert_true(sji_fan_add_curve(&flow, &results, &curve, true));
    assert_true(sji_fan_add_curve(&level, &results, &curve, false));
    assert_int_equal(level.model.n, 4);
    assert_int_equal(level.model.at[1].day, 31);
    assert_int_equal(flow.model.n, 3); /* the first record of a flow is of no period */
    assert_int_equal(flow.model.at[0].day, 16);
    assert_int_equal(flow.model.at[1].day, 45);
    assert_true(flow.model.at[0].middle == 8.0 && flow.model.at[0].q75 == 12.0);
    assert_true(flow.model.at[1].middle == 20.0); /* no median: the mean */
    assert_true(sji_fan_peak(&flow) == 90.0);
    assert_true(sji_fan_busiest(&flow)->middle == 20.0);
    sji_fan_seen seen = {40, 400.0};
    assert_true(sj_vec_push(&flow.seen, seen));
    assert_true(sji_fan_peak(&flow) == 400.0);
    sji_fan_clear(&flow);
    sji_fan_clear(&level);
}

static sj_observation row_of(const char *metric, sj_observed_kind kind, const char *from,
                             const char *to, double value)
{
    sj_observation row = {.target = "t",
                          .metric = metric,
                          .place = "a",
                          .nationality = "ALL",
                          .item = "ALL",
                          .kind = kind,
                          .value = value};
    assert_true(sj_day_parse(to, &row.to));
    row.from = row.to;
    assert_true(from == NULL || sj_day_parse(from, &row.from));
    return row;
}

static void test_observations_of_a_curve(void **state)
{
    sj_observations all = {0};
    const sj_observation rows[] = {
        row_of("crossings", SJ_OBSERVED_FLOW, "2021-02-01", "2021-02-28", 5),
        row_of("crossings", SJ_OBSERVED_FLOW, "2021-02-01", "2021-02-28", 5),  /* another table */
        row_of("crossings", SJ_OBSERVED_FLOW, "2021-01-01", "2021-12-31", 90), /* no month */
        row_of("queue_length", SJ_OBSERVED_LEVEL, NULL, "2021-02-28", 70)};
    for (int i = 0; i < 4; i++) {
        assert_true(sj_vec_push(&all.rows, rows[i]));
    }
    sji_fan fan = {0};
    assert_true(sji_fan_add_seen(&fan, &all, "crossings", "a", "ALL", "ALL"));
    assert_int_equal(fan.seen.n, 1);
    assert_int_equal(fan.seen.at[0].day, rows[0].from + 13);
    assert_true(sji_fan_add_seen(&fan, &all, "queue_length", "a", "ALL", "ALL"));
    assert_int_equal(fan.seen.n, 2);
    assert_int_equal(fan.seen.at[1].day, rows[3].to);
    assert_true(sji_fan_add_seen(&fan, &all, "crossings", "b", "ALL", "ALL"));
    assert_true(sji_fan_add_seen(&fan, NULL, "crossings", "a", "ALL", "ALL"));
    assert_int_equal(fan.seen.n, 2);
    sji_fan_clear(&fan);
    sj_observations_clear(&all);
}

static void check_choice(const sji_fan given[], size_t n, size_t most, const char *expected)
{
    sji_fan fan[8];
    memcpy(fan, given, n * sizeof *fan);
    size_t shown = sji_fans_choose(fan, n, most);
    assert_int_equal(shown, strlen(expected));
    double sum = 0.0, all = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += fan[i].weight;
        all += given[i].weight;
    }
    assert_true(sum == all); /* none is lost */
    for (size_t i = 0; i < shown; i++) {
        assert_int_equal((int)fan[i].weight, expected[i] - '0');
    }
}

static void test_choice(void **state)
{
    /* groups: x with 9, 8, 7, 6; y with 3, 2; none with 5 */
    const sji_fan given[] = {{.weight = 2, .group = "y"}, {.weight = 6, .group = "x"},
                             {.weight = 9, .group = "x"}, {.weight = 5},
                             {.weight = 7, .group = "x"}, {.weight = 3, .group = "y"},
                             {.weight = 8, .group = "x"}};
    check_choice(given, 7, 1, "9");
    check_choice(given, 7, 2, "95");      /* each stands alone */
    check_choice(given, 7, 3, "953");     /* the heaviest of each group */
    check_choice(given, 7, 5, "98532");   /* then in turn; groups side by side */
    check_choice(given, 7, 8, "9876532"); /* all there are */
    check_choice(given, 1, 4, "2");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curve_becomes_panel),
        cmocka_unit_test(test_observations_of_a_curve),
        cmocka_unit_test(test_choice),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
