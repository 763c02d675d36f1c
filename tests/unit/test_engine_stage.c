/**
 * @file test_engine_stage.c
 * @brief Queueing stages: every sentence of semantics A4 that concerns a stage, one by one.
 *
 * Laws of the draws are the matter of test_engine_stage_law.c, long random use that of
 * test_engine_stage_twin.c. Usage: test_engine_stage [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/stage.h"
#include "engine/stage_inside.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { A = 3, B = 7, C = 12 };

static sj_rng rng_of(uint32_t day)
{
    return sj_rng_start(sj_rng_key_of(4242, 0), 77, day, 0);
}

static void join(sj_stage *stage, uint32_t owner, sj_day since, sj_day joined, int64_t count)
{
    sj_batch batch = {
        .owner = owner, .since = since, .joined = joined, .ready = joined, .count = count};
    assert_int_equal(sj_stage_join(stage, &batch), SJ_OK);
}

static void join_ready(sj_stage *stage, uint32_t owner, sj_day joined, sj_day ready, int64_t count)
{
    sj_batch batch = {
        .owner = owner, .since = joined, .joined = joined, .ready = ready, .count = count};
    assert_int_equal(sj_stage_join(stage, &batch), SJ_OK);
}

static void join_class(sj_stage *stage, uint32_t owner, int32_t priority, sj_day joined,
                       int64_t count)
{
    sj_batch batch = {.owner = owner,
                      .priority = priority,
                      .since = joined,
                      .joined = joined,
                      .ready = joined,
                      .count = count};
    assert_int_equal(sj_stage_join(stage, &batch), SJ_OK);
}

static void serve(sj_stage *stage, sj_day today, int64_t slots, sj_batches *served)
{
    sj_rng rng = rng_of((uint32_t)today);
    assert_int_equal(sj_stage_serve(stage, &rng, today, slots, served), SJ_OK);
    assert_int_equal(sj_stage_verify(stage, NULL), SJ_OK);
}

static int64_t sum_of(const sj_batches *batches, uint32_t owner)
{
    int64_t sum = 0;
    for (size_t i = 0; i < batches->n; i++) {
        sum += batches->at[i].owner == owner ? batches->at[i].count : 0;
    }
    return sum;
}

static void expect_batch(const sj_batch *batch, uint32_t owner, sj_day joined, int64_t count)
{
    assert_int_equal(batch->owner, owner);
    assert_int_equal(batch->joined, joined);
    assert_int_equal(batch->count, count);
}

/* ---- slots and days ----------------------------------------------------------------------- */

static void test_fraction_of_a_slot_carries(void **state)
{
    static const int64_t quarters[] = {2, 3, 3, 3, 2, 3, 3, 3};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(sj_stage_slots(stage, 2.75), quarters[i]);
    }
    for (int i = 0; i < 3; i++) { /* a tenth is no binary fraction, ten of them are one */
        for (int k = 0; k < 9; k++) {
            assert_int_equal(sj_stage_slots(stage, 0.1), 0);
        }
        assert_int_equal(sj_stage_slots(stage, 0.1), 1);
    }
    assert_int_equal(sj_stage_slots(stage, 0.0), 0);
    assert_int_equal(sj_stage_slots(stage, 1e300), INT64_C(1) << 53);
    int64_t sum = 0;
    for (int i = 0; i < 100000; i++) {
        sum += sj_stage_slots(stage, 1.0 / 3.0);
    }
    assert_int_equal(sum, 33333);
    sj_stage_free(stage);
}

static void test_unused_whole_slots_lapse(void **state)
{
    sj_batches served = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join(stage, A, 0, 0, 3);
    assert_int_equal(sj_stage_slots(stage, 10.5), 10);
    serve(stage, 1, 10, &served);
    assert_int_equal(sum_of(&served, A), 3);
    assert_int_equal(sj_stage_slots(stage, 10.5), 11); /* not 18 */
    assert_int_equal(sj_stage_slots(stage, 10.5), 10);
    serve(stage, 2, 10, &served);
    assert_int_equal(served.n, 0);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

static void test_open_days(void **state)
{
    static const bool mon_fri[] = {true, true, true, true, true, false, false};
    sj_day monday = sj_day_of(2024, 1, 1);
    for (sj_day d = 0; d < 14; d++) {
        assert_true(sj_open_on(SJ_OPEN_ALL, monday + d));
        assert_int_equal(sj_open_on(SJ_OPEN_MON_FRI, monday + d), mon_fri[d % 7]);
        assert_int_equal(sj_open_on(SJ_OPEN_MON_SAT, monday + d), d % 7 != 6);
    }
    assert_false(sj_open_on(SJ_OPEN_MON_SAT, sj_day_of(1969, 12, 28)));
}

/* ---- joining ------------------------------------------------------------------------------ */

static void test_join_merges_equals(void **state)
{
    size_t n = 0;
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join(stage, B, 2, 9, 5);
    join(stage, A, 2, 9, 4);
    join(stage, A, 1, 9, 3);
    join(stage, A, 2, 8, 2);
    join(stage, A, 2, 9, 6);
    join(stage, C, 2, 9, 0); /* nobody */
    assert_int_equal(sj_stage_length(stage), 20);
    assert_int_equal(sj_stage_length_of(stage, A), 15);
    assert_int_equal(sj_stage_length_of(stage, C), 0);
    assert_int_equal(sj_stage_length_of(stage, UINT32_MAX), 0);
    const sj_batch *batches = sj_stage_batches(stage, A, &n);
    assert_int_equal(n, 3);
    expect_batch(&batches[0], A, 8, 2);
    expect_batch(&batches[1], A, 9, 3);
    expect_batch(&batches[2], A, 9, 10);
    assert_true(batches[1].since == 1 && batches[2].since == 2);
    const uint32_t *owners = sj_stage_owners(stage, &n);
    assert_int_equal(n, 2);
    assert_true(owners[0] == A && owners[1] == B);
    assert_null(sj_stage_batches(stage, C, &n));
    assert_int_equal(n, 0);
    sj_stage_free(stage);
    sj_stage_free(NULL);
}

/* ---- order -------------------------------------------------------------------------------- */

static void test_fifo(void **state)
{
    sj_batches served = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join(stage, B, 4, 6, 10);
    join(stage, A, 5, 5, 10);
    join(stage, C, 1, 7, 10); /* the earliest application counts for nothing here */
    serve(stage, 9, 15, &served);
    assert_int_equal(served.n, 2);
    expect_batch(&served.at[0], A, 5, 10);
    expect_batch(&served.at[1], B, 6, 5);
    assert_int_equal(9 - served.at[1].joined, 3); /* the stage wait */
    assert_int_equal(9 - served.at[1].since, 5);  /* the case wait */
    serve(stage, 9, 100, &served);
    assert_int_equal(served.n, 2);
    expect_batch(&served.at[0], B, 6, 5);
    expect_batch(&served.at[1], C, 7, 10);
    assert_int_equal(sj_stage_length(stage), 0);
    serve(stage, 10, 5, &served);
    assert_int_equal(served.n, 0);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

static void test_lifo(void **state)
{
    sj_batches served = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_LIFO);
    join(stage, B, 6, 6, 10);
    join(stage, A, 5, 5, 10);
    join(stage, C, 7, 7, 10);
    serve(stage, 9, 15, &served);
    assert_int_equal(served.n, 2);
    expect_batch(&served.at[0], C, 7, 10);
    expect_batch(&served.at[1], B, 6, 5);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

static void test_priority_then_fifo(void **state)
{
    sj_batches served = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_PRIORITY);
    join_class(stage, A, 2, 1, 10);
    join_class(stage, A, -1, 8, 10);
    join_class(stage, B, 2, 0, 10);
    join_class(stage, B, -1, 9, 10);
    join_class(stage, C, 0, 8, 10);
    serve(stage, 9, 45, &served);
    assert_int_equal(served.n, 5);
    expect_batch(&served.at[0], A, 8, 10);
    expect_batch(&served.at[1], B, 9, 10);
    expect_batch(&served.at[2], C, 8, 10);
    expect_batch(&served.at[3], B, 0, 10);
    expect_batch(&served.at[4], A, 1, 5);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

/* Without the discipline priority the class makes no difference: equals of a day are equals. */
static void test_class_matters_for_priority_only(void **state)
{
    int64_t n_first = 0;
    sj_batches served = {0};
    for (uint32_t r = 0; r < 200; r++) {
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join_class(stage, A, 9, 1, 1);
        join_class(stage, B, 1, 1, 1);
        serve(stage, (sj_day)r + 1, 1, &served);
        n_first += sum_of(&served, A);
        sj_stage_free(stage);
    }
    assert_in_range(n_first, 65, 135); /* 100 +- 5 sd */
    sj_batches_clear(&served);
}

/* ---- ready and rejoin ---------------------------------------------------------------------- */

static void test_not_ready_is_passed_over(void **state)
{
    sj_batches served = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join_ready(stage, A, 1, 20, 10);
    join_ready(stage, A, 1, 4, 10);
    join_ready(stage, B, 2, 5, 10);
    serve(stage, 3, 100, &served);
    assert_int_equal(served.n, 0);
    serve(stage, 5, 15, &served); /* in order of joined among those who are ready */
    assert_int_equal(served.n, 2);
    expect_batch(&served.at[0], A, 1, 10);
    assert_int_equal(served.at[0].ready, 4);
    expect_batch(&served.at[1], B, 2, 5);
    serve(stage, 19, 100, &served);
    assert_int_equal(sum_of(&served, B), 5);
    assert_int_equal(sj_stage_length(stage), 10);
    join_ready(stage, B, 19, 19, 3);
    serve(stage, 20, 11, &served); /* ready on the day itself, and first by its joined day */
    assert_int_equal(served.n, 2);
    expect_batch(&served.at[0], A, 1, 10);
    expect_batch(&served.at[1], B, 19, 1);
    sj_batches_clear(&served);
    sj_stage_free(stage);
}

/* No-shows rejoin with joined = today and the old `since`, and are not called again that day. */
static void test_rejoin(void **state)
{
    sj_batches served = {0}, again = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join(stage, A, 3, 10, 41);
    join(stage, B, 12, 12, 20);
    serve(stage, 12, 41, &served);
    expect_batch(&served.at[0], A, 10, 41);
    sj_batch back = served.at[0];
    back.count = 32;
    back.joined = 12;
    back.ready = 13;
    assert_int_equal(sj_stage_join(stage, &back), SJ_OK);
    serve(stage, 12, 100, &again);
    assert_int_equal(sum_of(&again, A), 0);
    assert_int_equal(sum_of(&again, B), 20);
    serve(stage, 13, 100, &again);
    assert_int_equal(again.n, 1);
    expect_batch(&again.at[0], A, 12, 32);
    assert_int_equal(again.at[0].since, 3);
    sj_batches_clear(&served);
    sj_batches_clear(&again);
    sj_stage_free(stage);
}

/* ---- out by other causes ------------------------------------------------------------------- */

static void test_take_nobody_and_all(void **state)
{
    size_t n = 0;
    sj_rng rng = rng_of(0);
    sj_batches taken = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_LIFO);
    assert_int_equal(sj_stage_take(stage, &rng, A, 0, &taken), SJ_OK);
    join(stage, A, 1, 1, 5);
    join(stage, A, 1, 2, 5);
    join(stage, B, 1, 2, 5);
    assert_int_equal(sj_stage_take(stage, &rng, A, 10, &taken), SJ_OK);
    assert_int_equal(taken.n, 2);
    expect_batch(&taken.at[0], A, 1, 5);
    expect_batch(&taken.at[1], A, 2, 5);
    assert_int_equal(sj_stage_length(stage), 5);
    const uint32_t *owners = sj_stage_owners(stage, &n);
    assert_true(n == 1 && owners[0] == B);
    assert_int_equal(sj_stage_verify(stage, NULL), SJ_OK);
    sj_batches_clear(&taken);
    sj_stage_free(stage);
}

static void test_thin_none_and_all(void **state)
{
    sj_rng rng = rng_of(0);
    sj_batches taken = {0};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_PRIORITY);
    for (uint32_t owner = 0; owner < 50; owner++) {
        join_class(stage, owner * 977, (int32_t)(owner % 3), (sj_day)(owner % 7), owner);
    }
    assert_int_equal(sj_stage_thin(stage, &rng, 0.0, &taken), SJ_OK);
    assert_int_equal(taken.n, 0);
    assert_int_equal(sj_stage_length(stage), 49 * 25);
    assert_int_equal(sj_stage_thin(stage, &rng, 1.0, &taken), SJ_OK);
    assert_int_equal(taken.n, 49);
    for (uint32_t i = 0; i < 49; i++) {
        assert_int_equal(taken.at[i].owner, (i + 1) * 977);
        assert_int_equal(taken.at[i].count, i + 1);
    }
    assert_int_equal(sj_stage_length(stage), 0);
    assert_int_equal(sj_stage_verify(stage, NULL), SJ_OK);
    sj_batches_clear(&taken);
    sj_stage_free(stage);
}

/* ---- looking -------------------------------------------------------------------------------- */

static void test_ages(void **state)
{
    int64_t ages[5] = {100, 0, 0, 0, 0};
    static const int64_t expected[5] = {102, 4, 0, 3, 8};
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    join(stage, A, 0, 10, 2);
    join(stage, B, 0, 9, 4);
    join(stage, B, 0, 7, 3);
    join(stage, C, 0, 6, 1);
    join(stage, C, 0, -700, 7); /* the last day gathers all who wait longer */
    sj_stage_ages(stage, 10, 5, ages);
    assert_memory_equal(ages, expected, sizeof ages);
    sj_stage_free(stage);
}

/* The same seed serves the same people, whatever was in memory before. */
/* Who joined in March counts as of the 15th, whichever day it was; April is left alone. */
static void test_merge_month(void **state)
{
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    sj_day march = sj_day_of(2021, 3, 1), april = sj_day_of(2021, 4, 1);
    join(stage, A, sj_day_of(2021, 1, 20), march, 5);
    join(stage, A, sj_day_of(2021, 1, 3), march + 19, 7);
    join(stage, A, april - 1, april - 1, 2);
    join(stage, A, april, april, 4);
    join(stage, B, march + 30, march + 30, 2);
    join(stage, C, march - 1, march - 1, 9);
    sj_batches scratch = {0};
    assert_int_equal(sj_stage_merge_month(stage, april, &scratch), SJ_OK);
    sj_err err = {0};
    assert_int_equal(sj_stage_verify(stage, &err), SJ_OK);
    size_t n = 0;
    const sj_batch *batch = sj_stage_batches(stage, A, &n);
    assert_int_equal(n, 3);
    assert_int_equal(batch[0].joined, march + 14);
    assert_int_equal(batch[0].since, sj_day_of(2021, 1, 15));
    assert_int_equal(batch[0].count, 12);
    assert_int_equal(batch[1].joined, march + 14);
    assert_int_equal(batch[1].since, march + 14);
    assert_int_equal(batch[1].count, 2);
    assert_int_equal(batch[2].joined, april);
    batch = sj_stage_batches(stage, B, &n);
    assert_int_equal(batch[0].joined, march + 14);
    batch = sj_stage_batches(stage, C, &n);
    assert_int_equal(batch[0].joined, march - 1);
    assert_int_equal(sj_stage_length(stage), 29);
    sj_batches_clear(&scratch);
    sj_stage_free(stage);
}

static void test_same_seed_same_people(void **state)
{
    sj_batches served[2] = {{0}, {0}};
    for (size_t k = 0; k < 2; k++) {
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_RANDOM);
        for (uint32_t i = 0; i < 500; i++) {
            uint32_t owner = (i * 7919) % 500; /* another order of joining, the second time */
            join(stage, k == 0 ? owner : i, 0, 0, 3);
        }
        serve(stage, 1, 400, &served[k]);
        sj_stage_free(stage);
    }
    assert_int_equal(served[0].n, served[1].n);
    assert_memory_equal(served[0].at, served[1].at, served[0].n * sizeof(sj_batch));
    sj_batches_clear(&served[0]);
    sj_batches_clear(&served[1]);
}

/* ---- verify finds planted faults ------------------------------------------------------------ */

static void plant_count(sj_stage *stage)
{
    sji_lane_at(&stage->lanes[0], 0)->count++;
}

static void plant_sign(sj_stage *stage)
{
    sji_lane_at(&stage->lanes[0], 0)->count = -1;
}

static void plant_order(sj_stage *stage)
{
    sji_lane_at(&stage->lanes[0], 1)->joined = -5;
}

static void plant_total(sj_stage *stage)
{
    stage->total--;
}

static void plant_group(sj_stage *stage)
{
    sji_group_at(&stage->groups, 0)->total++;
}

static void plant_share(sj_stage *stage)
{
    sji_group_at(&stage->groups, 0)->at[0].count++;
}

static void plant_ready(sj_stage *stage)
{
    sji_group_at(&stage->groups, 0)->ready_until = -9;
}

static void plant_fraction(sj_stage *stage)
{
    stage->carried = NAN;
}

static void test_verify_finds_faults(void **state)
{
    static void (*const plants[])(sj_stage *) = {plant_count, plant_sign,    plant_order,
                                                 plant_total, plant_group,   plant_share,
                                                 plant_ready, plant_fraction};
    for (size_t k = 0; k < sizeof plants / sizeof plants[0]; k++) {
        sj_err err = {0};
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join(stage, A, 1, 1, 5);
        join(stage, A, 1, 2, 5);
        join(stage, B, 1, 2, 5);
        assert_int_equal(sj_stage_verify(stage, &err), SJ_OK);
        plants[k](stage);
        assert_int_equal(sj_stage_verify(stage, &err), SJ_E_INTERNAL);
        assert_int_not_equal(strlen(err.text), 0);
        sj_stage_free(stage);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fraction_of_a_slot_carries),
        cmocka_unit_test(test_unused_whole_slots_lapse),
        cmocka_unit_test(test_open_days),
        cmocka_unit_test(test_join_merges_equals),
        cmocka_unit_test(test_fifo),
        cmocka_unit_test(test_lifo),
        cmocka_unit_test(test_priority_then_fifo),
        cmocka_unit_test(test_class_matters_for_priority_only),
        cmocka_unit_test(test_not_ready_is_passed_over),
        cmocka_unit_test(test_rejoin),
        cmocka_unit_test(test_take_nobody_and_all),
        cmocka_unit_test(test_thin_none_and_all),
        cmocka_unit_test(test_ages),
        cmocka_unit_test(test_merge_month),
        cmocka_unit_test(test_same_seed_same_people),
        cmocka_unit_test(test_verify_finds_faults),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
