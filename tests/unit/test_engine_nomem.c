/**
 * @file test_engine_nomem.c
 * @brief Memory ends at the n-th allocation, for every n until the work is done: nothing leaks
 * (under ASan), nothing is lost, verify() holds. Linked with --wrap=malloc,calloc,realloc.
 * Usage: test_engine_nomem [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/calendar.h"
#include "engine/servers.h"
#include "engine/stage.h"
#include "nomem.h"
#include <stdlib.h>

/* Each part of the work returns true if all went through; if not, what stands must be whole. */

static bool fill_calendar(sj_calendar *calendar)
{
    for (sj_tick i = 0; i < 300; i++) {
        size_t before = sj_calendar_length(calendar);
        if (sj_calendar_post(calendar, i * 37 % 101, 0, (sj_event){0}) == 0) {
            assert_int_equal(sj_calendar_length(calendar), before);
            return false;
        }
    }
    return true;
}

static bool use_calendar(void)
{
    sj_calendar *calendar = sj_calendar_new();
    if (calendar == NULL) {
        return false;
    }
    bool is_done = fill_calendar(calendar);
    n_allowed = -1;
    assert_int_equal(sj_calendar_verify(calendar, NULL), SJ_OK);
    sj_calendar_free(calendar);
    return is_done;
}

static bool fill_stage(sj_stage *stage, int64_t *joined)
{
    for (int32_t i = 0; i < 400; i++) {
        sj_batch batch = {.owner = (uint32_t)(i * 7 % 60 * 300),
                          .joined = i % 23,
                          .since = i % 5,
                          .ready = i % 23 + i % 2,
                          .count = 3};
        if (sj_stage_join(stage, &batch) != SJ_OK) {
            return false;
        }
        *joined += 3;
    }
    return true;
}

static int64_t sum_of(const sj_batches *batches)
{
    int64_t sum = 0;
    for (size_t i = 0; i < batches->n; i++) {
        sum += batches->at[i].count;
    }
    return sum;
}

/* Whatever call fails, those it wrote down have left and no one else has. */
static bool empty_stage(sj_stage *stage)
{
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 0), 1, 0, 0);
    sj_batches out = {0};
    int64_t here = sj_stage_length(stage);
    bool is_done = sj_stage_take(stage, &rng, 300, 2, &out) == SJ_OK;
    assert_int_equal(sj_stage_length(stage), here - sum_of(&out));
    for (sj_day day = 5; day < 25 && is_done; day += 5) {
        here = sj_stage_length(stage);
        is_done = sj_stage_serve(stage, &rng, day, 200, &out) == SJ_OK;
        assert_int_equal(sj_stage_length(stage), here - sum_of(&out));
    }
    if (is_done) {
        here = sj_stage_length(stage);
        is_done = sj_stage_thin(stage, &rng, 0.5, &out) == SJ_OK;
        assert_int_equal(sj_stage_length(stage), here - sum_of(&out));
    }
    sj_batches_clear(&out);
    return is_done;
}

static bool use_stage(sj_discipline discipline)
{
    int64_t joined = 0;
    sj_stage *stage = sj_stage_new(discipline);
    if (stage == NULL) {
        return false;
    }
    bool is_done = fill_stage(stage, &joined);
    assert_int_equal(sj_stage_length(stage), joined);
    is_done = is_done && empty_stage(stage);
    n_allowed = -1;
    assert_int_equal(sj_stage_verify(stage, NULL), SJ_OK);
    sj_stage_free(stage);
    return is_done;
}

static bool fill_servers(sj_servers *servers)
{
    for (sj_tick i = 0; i < 100; i++) {
        size_t before = sj_servers_busy(servers) + sj_servers_line(servers);
        if (sj_servers_arrive(servers, i, 5, 0, NULL) != SJ_OK) {
            assert_int_equal(sj_servers_busy(servers) + sj_servers_line(servers), before);
            return false;
        }
    }
    return true;
}

static bool use_servers(void)
{
    sj_calendar *calendar = sj_calendar_new();
    if (calendar == NULL) {
        return false;
    }
    sj_servers *servers =
        sj_servers_new(&(sj_servers_options){.calendar = calendar, .n_servers = 30});
    bool is_done = servers != NULL && fill_servers(servers);
    n_allowed = -1;
    if (servers != NULL) {
        assert_int_equal(sj_servers_verify(servers, NULL), SJ_OK);
    }
    sj_servers_free(servers);
    sj_calendar_free(calendar);
    return is_done;
}

static void test_calendar(void **state)
{
    long n = 0;
    for (bool is_done = false; !is_done; n++) {
        n_allowed = n;
        is_done = use_calendar();
        n_allowed = -1;
    }
    assert_true(n > 10);
}

static void test_stage(void **state)
{
    for (int d = SJ_DISCIPLINE_FIFO; d <= SJ_DISCIPLINE_RANDOM; d++) {
        long n = 0;
        for (bool is_done = false; !is_done; n++) {
            n_allowed = n;
            is_done = use_stage((sj_discipline)d);
            n_allowed = -1;
        }
        assert_true(n > 100);
    }
}

static void test_servers(void **state)
{
    long n = 0;
    for (bool is_done = false; !is_done; n++) {
        n_allowed = n;
        is_done = use_servers();
        n_allowed = -1;
    }
    assert_true(n > 6);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_stage),
        cmocka_unit_test(test_servers),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
