/**
 * @file test_engine_calendar.c
 * @brief The calendar against a slow twin: an unsorted array searched for the smallest of
 * (time, phase, insertion). Usage: test_engine_calendar [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/calendar.h"
#include "engine/calendar_inside.h"
#include "num/rng.h"
#include <stdlib.h>
#include <string.h>

/* ---- the twin ----------------------------------------------------------------------------- */

enum { TWIN_ROOM = 20000, N_STALE = 64 };

typedef struct pending {
    sj_tick time;
    unsigned phase;
    uint64_t insertion;
    sj_handle handle;
    sj_event event;
} pending;

typedef struct slow_twin {
    pending at[TWIN_ROOM];
    size_t n;
    uint64_t insertion;
    sj_handle stale[N_STALE];
    size_t n_gone;
} slow_twin;

static bool is_before(const pending *a, const pending *b)
{
    if (a->time != b->time) {
        return a->time < b->time;
    }
    return a->phase != b->phase ? a->phase < b->phase : a->insertion < b->insertion;
}

static size_t twin_first(const slow_twin *twin)
{
    size_t first = 0;
    for (size_t i = 1; i < twin->n; i++) {
        first = is_before(&twin->at[i], &twin->at[first]) ? i : first;
    }
    return first;
}

static void twin_remove(slow_twin *twin, size_t i)
{
    twin->stale[twin->n_gone++ % N_STALE] = twin->at[i].handle;
    twin->at[i] = twin->at[--twin->n];
}

/* ---- operations on both ------------------------------------------------------------------- */

typedef struct both {
    sj_calendar *calendar;
    slow_twin *twin;
    sj_rng rng;
    uint64_t n_ticks; /* times are drawn from so many: few make many ties */
    sj_tick base;
} both;

static sj_tick draw_time(both *pair)
{
    return pair->base + (sj_tick)sj_rng_below(&pair->rng, pair->n_ticks);
}

static void both_post(both *pair)
{
    slow_twin *twin = pair->twin;
    pending *new = &twin->at[twin->n];
    assert_true(twin->n < TWIN_ROOM);
    new->time = draw_time(pair);
    new->phase = (unsigned)sj_rng_below(&pair->rng, 4) * 85;
    new->insertion = twin->insertion++;
    new->event = (sj_event){.kind = (uint32_t)sj_rng_below(&pair->rng, 9),
                            .index = (uint32_t) new->insertion,
                            .data = (int64_t)sj_rng_next(&pair->rng)};
    new->handle = sj_calendar_post(pair->calendar, new->time, new->phase, new->event);
    assert_int_not_equal(new->handle, 0);
    twin->n++;
}

static void both_pop(both *pair)
{
    sj_tick time = 0, next_time = 0;
    unsigned phase = 0, next_phase = 0;
    sj_event event;
    bool has_next = sj_calendar_next(pair->calendar, &next_time, &next_phase);
    bool is_found = sj_calendar_pop(pair->calendar, &time, &phase, &event);
    assert_int_equal(is_found, pair->twin->n > 0);
    assert_int_equal(is_found, has_next);
    if (!is_found) {
        return;
    }
    size_t i = twin_first(pair->twin);
    const pending *first = &pair->twin->at[i];
    assert_true(time == first->time && phase == first->phase);
    assert_true(next_time == time && next_phase == phase);
    assert_true(event.kind == first->event.kind && event.index == first->event.index &&
                event.data == first->event.data);
    assert_false(sj_calendar_is_pending(pair->calendar, first->handle));
    twin_remove(pair->twin, i);
}

static void both_cancel(both *pair)
{
    if (pair->twin->n > 0) {
        size_t i = sj_rng_below(&pair->rng, pair->twin->n);
        assert_true(sj_calendar_is_pending(pair->calendar, pair->twin->at[i].handle));
        assert_true(sj_calendar_cancel(pair->calendar, pair->twin->at[i].handle));
        twin_remove(pair->twin, i);
    }
}

static void both_reschedule(both *pair)
{
    if (pair->twin->n > 0) {
        pending *old = &pair->twin->at[sj_rng_below(&pair->rng, pair->twin->n)];
        old->time = draw_time(pair);
        old->phase = (unsigned)sj_rng_below(&pair->rng, 256);
        old->insertion = pair->twin->insertion++;
        assert_true(sj_calendar_reschedule(pair->calendar, old->handle, old->time, old->phase));
    }
}

static void try_stale(both *pair)
{
    if (pair->twin->n_gone >= N_STALE) {
        sj_handle handle = pair->twin->stale[sj_rng_below(&pair->rng, N_STALE)];
        assert_false(sj_calendar_is_pending(pair->calendar, handle));
        assert_false(sj_calendar_cancel(pair->calendar, handle));
        assert_false(sj_calendar_reschedule(pair->calendar, handle, 0, 0));
    }
}

/* n operations; p_post of 100 are posts, the rest pop, cancel, reschedule. */
static void operate(both *pair, size_t n, unsigned p_post)
{
    for (size_t i = 0; i < n; i++) {
        unsigned what = (unsigned)sj_rng_below(&pair->rng, 100);
        if (what < p_post) {
            both_post(pair);
        } else if (what < p_post + 20) {
            both_pop(pair);
        } else if (what < p_post + 30) {
            both_cancel(pair);
        } else if (what < 95) {
            both_reschedule(pair);
        } else {
            try_stale(pair);
        }
        assert_int_equal(sj_calendar_length(pair->calendar), pair->twin->n);
        if (i % 251 == 0) {
            assert_int_equal(sj_calendar_verify(pair->calendar, NULL), SJ_OK);
        }
    }
}

static void drain(both *pair)
{
    while (pair->twin->n > 0) {
        both_pop(pair);
    }
    both_pop(pair);
    assert_int_equal(sj_calendar_verify(pair->calendar, NULL), SJ_OK);
}

static both pair_new(uint64_t seed, uint64_t n_ticks, sj_tick base)
{
    both pair = {.calendar = sj_calendar_new(),
                 .twin = calloc(1, sizeof(slow_twin)),
                 .rng = sj_rng_start(sj_rng_key_of(seed, 0), 1, 0, 0),
                 .n_ticks = n_ticks,
                 .base = base};
    assert_non_null(pair.calendar);
    assert_non_null(pair.twin);
    return pair;
}

static void pair_free(both *pair)
{
    sj_calendar_free(pair->calendar);
    free(pair->twin);
}

/* ---- tests -------------------------------------------------------------------------------- */

static void test_same_as_twin(void **state)
{
    /* few ticks: ties; negative and positive; many ticks; up to about 1,500 pending */
    static const struct {
        uint64_t n_ticks;
        sj_tick base;
    } set[] = {
        {5, -2}, {1000, -500}, {UINT64_C(1) << 62, INT64_MIN}, {1 << 20, INT64_MAX - (1 << 20)}};
    for (size_t k = 0; k < sizeof set / sizeof set[0]; k++) {
        both pair = pair_new(20260101 + k, set[k].n_ticks, set[k].base);
        operate(&pair, 20000, 31);
        operate(&pair, 4000, 60);
        operate(&pair, 16000, 29);
        drain(&pair);
        operate(&pair, 2000, 30);
        pair_free(&pair);
    }
}

static void test_same_as_twin_large(void **state)
{
    both pair = pair_new(7, 1 << 16, -30000);
    for (size_t i = 0; i < 12000; i++) { /* beyond the size where prefetching begins */
        both_post(&pair);
    }
    operate(&pair, 4000, 30);
    drain(&pair);
    pair_free(&pair);
}

/* A small limit of sequences: order survives every renumbering, hollow root or not. */
static void test_sequence_wraps(void **state)
{
    static const uint32_t limits[] = {400, 401, 1000};
    for (size_t k = 0; k < 3; k++) {
        both pair = pair_new(99 + k, 3, -1);
        pair.calendar->sequence_limit = limits[k];
        for (size_t round = 0; round < 400; round++) {
            operate(&pair, 60, 25);
            while (pair.twin->n > 200) {
                both_pop(&pair);
            }
        }
        assert_true(pair.twin->insertion > 20 * (uint64_t)limits[k] / 4);
        drain(&pair);
        pair_free(&pair);
    }
}

static void test_first_in_first_out_across_wrap(void **state)
{
    sj_calendar *calendar = sj_calendar_new();
    calendar->sequence_limit = 8;
    for (int64_t i = 0; i < 100; i++) {
        sj_tick time;
        unsigned phase;
        sj_event event;
        assert_int_not_equal(sj_calendar_post(calendar, 5, 1, (sj_event){.data = i}), 0);
        if (i >= 4) { /* five wait, all at one instant */
            assert_true(sj_calendar_pop(calendar, &time, &phase, &event));
            assert_int_equal(event.data, i - 4);
        }
    }
    sj_calendar_free(calendar);
}

static void test_reschedule_goes_behind_equals(void **state)
{
    sj_calendar *calendar = sj_calendar_new();
    sj_tick time;
    unsigned phase;
    sj_event event;
    sj_handle first = sj_calendar_post(calendar, 10, 0, (sj_event){.data = 1});
    sj_calendar_post(calendar, 10, 0, (sj_event){.data = 2});
    assert_true(sj_calendar_reschedule(calendar, first, 10, 0));
    assert_true(sj_calendar_is_pending(calendar, first));
    sj_calendar_pop(calendar, &time, &phase, &event);
    assert_int_equal(event.data, 2);
    sj_calendar_pop(calendar, &time, &phase, &event);
    assert_int_equal(event.data, 1);
    assert_false(sj_calendar_is_pending(calendar, first));
    sj_calendar_free(calendar);
}

static void test_order_of_extremes(void **state)
{
    static const sj_tick times[] = {INT64_MAX, 0, -1, INT64_MIN, 1, INT64_MIN + 1, INT64_MAX - 1};
    static const sj_tick sorted[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    sj_calendar *calendar = sj_calendar_new();
    sj_tick time;
    unsigned phase;
    sj_event event;
    for (size_t i = 0; i < 7; i++) {
        sj_calendar_post(calendar, times[i], 255, (sj_event){0});
        sj_calendar_post(calendar, times[i], 0, (sj_event){0});
    }
    for (size_t i = 0; i < 14; i++) {
        assert_true(sj_calendar_pop(calendar, &time, &phase, &event));
        assert_true(time == sorted[i / 2]);
        assert_int_equal(phase, i % 2 == 0 ? 0 : 255);
        assert_int_equal(sj_calendar_verify(calendar, NULL), SJ_OK);
    }
    assert_false(sj_calendar_pop(calendar, &time, &phase, &event));
    sj_calendar_free(calendar);
}

static void test_pop_until(void **state)
{
    sj_calendar *calendar = sj_calendar_new();
    sj_tick time = -7;
    unsigned phase;
    sj_event event;
    assert_false(sj_calendar_pop_until(calendar, INT64_MAX, &time, &phase, &event));
    sj_calendar_post(calendar, 3, 0, (sj_event){0});
    sj_calendar_post(calendar, 4, 0, (sj_event){0});
    assert_false(sj_calendar_pop_until(calendar, 2, &time, &phase, &event));
    assert_int_equal(time, -7);
    assert_true(sj_calendar_pop_until(calendar, 3, &time, &phase, &event));
    assert_int_equal(time, 3);
    assert_false(sj_calendar_pop_until(calendar, 3, &time, &phase, &event));
    assert_int_equal(sj_calendar_length(calendar), 1);
    sj_calendar_free(calendar);
}

static void test_handles(void **state)
{
    sj_calendar *calendar = sj_calendar_new();
    assert_false(sj_calendar_is_pending(calendar, 0));
    assert_false(sj_calendar_cancel(calendar, 0));
    assert_false(sj_calendar_cancel(calendar, UINT64_MAX));
    sj_handle old = sj_calendar_post(calendar, 1, 0, (sj_event){0});
    assert_true(sj_calendar_cancel(calendar, old));
    assert_false(sj_calendar_cancel(calendar, old));
    sj_handle new = sj_calendar_post(calendar, 1, 0, (sj_event){0}); /* the same slot */
    assert_true((old & (SJI_SLOT_END - 1)) == (new &(SJI_SLOT_END - 1)));
    assert_false(sj_calendar_cancel(calendar, old));
    assert_false(sj_calendar_reschedule(calendar, old, 0, 0));
    assert_true(sj_calendar_is_pending(calendar, new));
    sj_calendar_free(calendar);
}

/* A slot whose 2^31 uses are over is not given out again, so old handles stay stale. */
static void test_slot_retires(void **state)
{
    sj_calendar *calendar = sj_calendar_new();
    sj_handle first = sj_calendar_post(calendar, 1, 0, (sj_event){0});
    assert_true(sj_calendar_cancel(calendar, first));
    calendar->generation[0] = UINT32_MAX - 1;
    sj_handle last = sj_calendar_post(calendar, 1, 0, (sj_event){0});
    assert_int_equal(last & (SJI_SLOT_END - 1), 0);
    assert_true(sj_calendar_cancel(calendar, last));
    assert_int_equal(calendar->n_retired, 1);
    sj_handle next = sj_calendar_post(calendar, 1, 0, (sj_event){0});
    assert_int_equal(next & (SJI_SLOT_END - 1), 1);
    assert_false(sj_calendar_is_pending(calendar, first));
    assert_false(sj_calendar_is_pending(calendar, last));
    assert_int_equal(sj_calendar_verify(calendar, NULL), SJ_OK);
    sj_calendar_free(calendar);
}

/* ---- verify finds planted faults ---------------------------------------------------------- */

static void swap_keys(sj_calendar *calendar)
{
    sji_key key = calendar->heap[0];
    calendar->heap[0] = calendar->heap[3];
    calendar->heap[3] = key;
    calendar->position[sji_key_slot(calendar->heap[0])] = 0;
    calendar->position[sji_key_slot(key)] = 3;
}

static void wrong_position(sj_calendar *calendar)
{
    calendar->position[sji_key_slot(calendar->heap[2])] = 5;
}

static void free_in_use(sj_calendar *calendar)
{
    calendar->generation[sji_key_slot(calendar->heap[4])]++;
}

static void dirty_cell(sj_calendar *calendar)
{
    calendar->heap[calendar->n] = calendar->heap[1];
}

static void lost_slot(sj_calendar *calendar)
{
    calendar->free_slot = SJI_SLOT_NONE;
}

static void circle_of_slots(sj_calendar *calendar)
{
    calendar->position[calendar->free_slot] = calendar->free_slot;
}

static void sequence_to_come(sj_calendar *calendar)
{
    calendar->sequence = 3;
}

static void hollow_full(sj_calendar *calendar)
{
    calendar->hollow = true;
}

static void test_verify_finds_faults(void **state)
{
    static const struct {
        void (*plant)(sj_calendar *calendar);
        const char *says;
    } faults[] = {{swap_keys, "heap order"},
                  {wrong_position, "position"},
                  {free_in_use, "not in use"},
                  {dirty_cell, "empty"},
                  {lost_slot, "free"},
                  {circle_of_slots, "list of free slots"},
                  {sequence_to_come, "sequence"},
                  {hollow_full, "hollow"}};
    for (size_t k = 0; k < sizeof faults / sizeof faults[0]; k++) {
        sj_calendar *calendar = sj_calendar_new();
        sj_handle handle = 0;
        sj_err err = {0};
        for (sj_tick i = 0; i < 11; i++) {
            handle = sj_calendar_post(calendar, 20 - i, 0, (sj_event){0});
        }
        sj_calendar_cancel(calendar, handle);
        assert_int_equal(sj_calendar_verify(calendar, &err), SJ_OK);
        faults[k].plant(calendar);
        assert_int_equal(sj_calendar_verify(calendar, &err), SJ_E_INTERNAL);
        assert_non_null(strstr(err.text, faults[k].says));
        sj_calendar_free(calendar);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_twin),
        cmocka_unit_test(test_same_as_twin_large),
        cmocka_unit_test(test_sequence_wraps),
        cmocka_unit_test(test_first_in_first_out_across_wrap),
        cmocka_unit_test(test_reschedule_goes_behind_equals),
        cmocka_unit_test(test_order_of_extremes),
        cmocka_unit_test(test_pop_until),
        cmocka_unit_test(test_handles),
        cmocka_unit_test(test_slot_retires),
        cmocka_unit_test(test_verify_finds_faults),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
