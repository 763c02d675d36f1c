/* Ranks, the month of a queue and the policy that comes of it, on numbers worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "study/need.h"
#include "temp.h"

static void near(double x, double expected)
{
    if (!(fabs(x - expected) <= 1e-9)) {
        print_error("%.17g is not %.17g\n", x, expected);
        fail();
    }
}

static void the_rank_is_the_smallest_share_that_is_enough(void **state)
{
    assert_int_equal(sj_need_rank(0.9, 20), 18);
    assert_int_equal(sj_need_rank(0.9, 10), 9);
    assert_int_equal(sj_need_rank(0.7, 10), 7); /* 0.7 x 10 is a little more than 7 */
    assert_int_equal(sj_need_rank(0.9, 9), 9);
    assert_int_equal(sj_need_rank(0.95, 20), 19);
    assert_int_equal(sj_need_rank(0.999, 5), 5);
    assert_int_equal(sj_need_rank(0.001, 5), 1);
    const double sample[] = {5, 1, 4, 2, 3};
    double room[5];
    near(sj_need_quantile(sample, 5, 0.6, room), 3);
    near(sj_need_quantile(sample, 5, 0.61, room), 4);
    near(sj_need_quantile(sample, 5, 0.99, room), 5);
    near(sample[0], 5);
}

/* Three open days without a limit; 2 people a unit and day. */
static const double no_limit[] = {INFINITY, INFINITY, INFINITY}, two[] = {2, 2, 2};
static const bool daily[] = {true, true, true};
static const sj_queue_month plain = {
    .n_days = 3, .most = no_limit, .per_unit = two, .arrives = daily};

static void a_month_goes_day_by_day(void **state)
{
    sj_queue_month m = plain;
    near(sj_queue_end(&m, 10, 9, 3), 3); /* 10-6+3, 7-6+3, 4-4+3 */
    near(sj_queue_end(&m, 10, 9, 0), 19);
    m.joins_before = true;
    near(sj_queue_end(&m, 10, 9, 3), 1); /* 13-6, 10-6, 7-6 */

    const double closed_tuesday[] = {INFINITY, 0, INFINITY}, few[] = {2, 2, 2};
    m = plain;
    m.most = closed_tuesday;
    near(sj_queue_end(&m, 10, 9, 3), 7); /* 7, 10, 7 */
    m.most = few;
    near(sj_queue_end(&m, 10, 9, 3), 7); /* 4 a day: 9, 8, 7 */

    const bool on_monday[] = {true, false, false};
    m = plain;
    m.arrives = on_monday;
    near(sj_queue_end(&m, 10, 9, 3), 1); /* 13, 7, 1 */
}

static void no_shows_stay_some_leave_and_the_new_wait_for_their_papers(void **state)
{
    sj_queue_month m = plain;
    m.stays = 0.5;
    near(sj_queue_end(&m, 10, 9, 3), 10);
    m = plain;
    m.leaves_per_day = 0.1;
    near(sj_queue_end(&m, 10, 9, 3), 3); /* 6.6, 3.54, 3 */
    near(sj_queue_end(&m, 10, 9, 1), (((8 * 0.9 + 3) - 2) * 0.9 + 3 - 2) * 0.9 + 3);
    m = plain;
    m.handover_days = 1; /* joined after yesterday's service, ready today */
    near(sj_queue_end(&m, 10, 9, 3), 3);
    m.handover_days = 2;
    near(sj_queue_end(&m, 10, 9, 3), 6); /* ready 7, 4, 3: 7, 6, 6 */
    m.joins_before = true;
    m.handover_days = 1;
    near(sj_queue_end(&m, 10, 9, 3), 3); /* ready 10, 7, 4: 7, 4, 3 */
}

static void the_fewest_units_that_are_enough_for_enough(void **state)
{
    const double queue[] = {10, 4}, arrivals[] = {9, 0}, none[] = {0, 0}, one[] = {1, 0};
    bool met;
    near(sj_queue_need(&plain, queue, arrivals, none, 2, 3, 0.5, &met), 1);
    assert_true(met);
    near(sj_queue_need(&plain, queue, arrivals, none, 2, 4, 0.5, &met), 0);
    near(sj_queue_need(&plain, queue, arrivals, none, 2, 3, 0.9, &met), 3);
    assert_true(met);
    near(sj_queue_need(&plain, queue, arrivals, none, 2, 7, 0.9, &met), 2);
    /* those of the last day are still there: 3 + 1; more than 3 units do nothing */
    near(sj_queue_need(&plain, queue, arrivals, one, 2, 3, 0.9, &met), 3);
    assert_false(met);
    const double closed[] = {0, 0, 0};
    sj_queue_month m = plain;
    m.most = closed;
    near(sj_queue_need(&m, queue, arrivals, none, 2, 3, 0.9, &met), 0);
    assert_false(met);
}

static sj_day day(const char *text)
{
    sj_day out;
    assert_true(sj_day_parse(text, &out));
    return out;
}

/* Eight officers are needed from 2 February; as a rise takes ten days, they are hired before. */
static void officers_are_hired_before_they_are_needed(void **state)
{
    sj_need need = {.ask = {"queue_length", "far", "asylum/first", 100, 0.9},
                    .unit = "officers",
                    .pointer = "/programmes/asylum/stages/first/officers",
                    .start = day("2022-01-01"),
                    .lag = 10};
    static const char *const dates[] = {"2022-01-02", "2022-02-02", "2022-03-02", "2022-04-01"};
    static const double needed[] = {5, 8, 6};
    for (int i = 0; i < 3; i++) {
        sj_need_row row = {.from = day(dates[i]),
                           .record = day(dates[i + 1]) - (i < 2),
                           .needed = needed[i],
                           .is_met = true};
        assert_true(sj_vec_push(&need.rows, row));
    }
    char name[TEMP_NAME], *text = NULL;
    size_t length;
    temp_name(name, "need");
    int file = mkstemp(name);
    assert_true(file >= 0);
    (void)close(file);
    assert_int_equal(sj_need_write_policy(&need, name, NULL), SJ_OK);
    assert_int_equal(sj_file_read(name, &text, &length, NULL), SJ_OK);
    assert_non_null(
        strstr(text, "\"set\": 5, \"from\": \"2022-01-02\", \"to\": \"2022-01-23\" },\n"));
    assert_non_null(
        strstr(text, "\"set\": 8, \"from\": \"2022-01-23\", \"to\": \"2022-03-02\" },\n"));
    assert_non_null(strstr(text, "\"set\": 6, \"from\": \"2022-03-02\" }\n"));
    free(text);
    need.pointer[0] = '\0';
    assert_int_equal(sj_need_write_policy(&need, name, NULL), SJ_E_REFERENCE);
    (void)unlink(name);
    sj_need_clear(&need);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rank_is_the_smallest_share_that_is_enough),
        cmocka_unit_test(a_month_goes_day_by_day),
        cmocka_unit_test(no_shows_stay_some_leave_and_the_new_wait_for_their_papers),
        cmocka_unit_test(the_fewest_units_that_are_enough_for_enough),
        cmocka_unit_test(officers_are_hired_before_they_are_needed)};
    return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
