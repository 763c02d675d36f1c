/**
 * @file test_engine_stage_law.c
 * @brief The draws of a stage against exact probabilities: who of several equals is served.
 *
 * Chi-square at alpha = 1e-3 / 6, six such tests in this file, fixed seeds. With R = 20,000 draws
 * a shift by 0.02 of a cell of probability 0.2 (0.01 of one of 0.05) is found with power 0.9.
 * Usage: test_engine_stage_law [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/stage.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

enum { R = 20000, A = 3, B = 7, C = 12 };

static const double alpha = 1e-3 / 6;

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

static int64_t sum_of(const sj_batches *batches, uint32_t owner)
{
    int64_t sum = 0;
    for (size_t i = 0; i < batches->n; i++) {
        sum += batches->at[i].owner == owner ? batches->at[i].count : 0;
    }
    return sum;
}

/* p-value of counts against probabilities; cells with fewer than 8 expected are pooled. */
static double p_value(const int64_t seen[], const double p[], size_t n, double draws)
{
    double chi = 0.0, rest_seen = 0.0, rest_p = 0.0;
    int df = -1;
    for (size_t i = 0; i < n; i++) {
        if (p[i] * draws < 8.0) {
            rest_seen += (double)seen[i];
            rest_p += p[i];
        } else {
            chi += pow((double)seen[i] - p[i] * draws, 2) / (p[i] * draws);
            df++;
        }
    }
    if (rest_p * draws >= 8.0) {
        chi += pow(rest_seen - rest_p * draws, 2) / (rest_p * draws);
        df++;
    }
    return gsl_cdf_chisq_Q(chi, df);
}

/* 150 slots; the head day is 10 with 200 people in A and 100 in B: hypergeometric, mean 100. */
static void test_worked_example(void **state)
{
    double sum = 0.0, squares = 0.0, p[151];
    int64_t seen[151] = {0};
    sj_batches served = {0};
    for (uint32_t r = 0; r < R; r++) {
        sj_rng rng = rng_of(r);
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join(stage, A, 10, 10, 200);
        join(stage, B, 10, 10, 100);
        join(stage, C, 3, 11, 50); /* a day behind: untouched */
        assert_int_equal(sj_stage_serve(stage, &rng, 12, 150, &served), SJ_OK);
        int64_t a = sum_of(&served, A);
        assert_int_equal(a + sum_of(&served, B), 150);
        assert_int_equal(sj_stage_length_of(stage, A), 200 - a);
        assert_int_equal(sj_stage_length_of(stage, C), 50);
        sum += (double)a;
        squares += (double)(a * a);
        seen[a]++;
        sj_stage_free(stage);
    }
    for (unsigned a = 0; a <= 150; a++) {
        p[a] = gsl_ran_hypergeometric_pdf(a, 200, 100, 150);
    }
    double variance = 150.0 * (2.0 / 3.0) * (1.0 / 3.0) * 150.0 / 299.0;
    assert_true(fabs(sum / R - 100.0) < 4.0 * sqrt(variance / R));
    assert_true(fabs(squares / R - sum / R * sum / R - variance) < 4.0 * variance * sqrt(2.0 / R));
    assert_true(p_value(seen, p, 151, R) > alpha);
    sj_batches_clear(&served);
}

/* Three owners of one day, and two applications within an owner: MVHG over all four batches. */
static void test_random_across_and_within_owners(void **state)
{
    static const unsigned have[4] = {3, 2, 4, 2}; /* A since 0, A since 1, B, C */
    enum { CELLS = 4 * 3 * 5 * 3, M = 5 };
    int64_t seen[CELLS] = {0};
    double p[CELLS] = {0};
    sj_batches served = {0};
    for (uint32_t r = 0; r < R; r++) {
        sj_rng rng = rng_of(r);
        size_t n[4] = {0};
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join(stage, C, 5, 5, have[3]);
        join(stage, A, 0, 5, have[0]);
        join(stage, B, 5, 5, have[2]);
        join(stage, A, 1, 5, have[1]);
        assert_int_equal(sj_stage_serve(stage, &rng, 6, M, &served), SJ_OK);
        for (size_t i = 0; i < served.n; i++) {
            const sj_batch *b = &served.at[i];
            n[b->owner == A ? (size_t)b->since : b->owner == B ? 2 : 3] = (size_t)b->count;
            assert_true(i == 0 || served.at[i - 1].owner <= b->owner);
        }
        seen[((n[0] * 3 + n[1]) * 5 + n[2]) * 3 + n[3]]++;
        sj_stage_free(stage);
    }
    for (unsigned i = 0; i < CELLS; i++) {
        unsigned n[4] = {i / 45, i / 15 % 3, i / 3 % 5, i % 3};
        if (n[0] + n[1] + n[2] + n[3] == M) {
            p[i] = gsl_ran_hypergeometric_pdf(n[0], 3, 8, M) *
                   gsl_ran_hypergeometric_pdf(n[1], 2, 6, M - n[0]) *
                   gsl_ran_hypergeometric_pdf(n[2], 4, 2, M - n[0] - n[1]);
        }
    }
    assert_true(p_value(seen, p, CELLS, R) > alpha);
    sj_batches_clear(&served);
}

/* The discipline random: all who are ready are equals, whatever their day or class. */
static void test_random_discipline(void **state)
{
    enum { M = 4, ALL = 9 };
    int64_t seen[M + 1] = {0}, seen_b[M + 1] = {0};
    double p[M + 1], p_b[M + 1];
    sj_batches served = {0};
    for (uint32_t r = 0; r < R; r++) {
        sj_rng rng = rng_of(r);
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_RANDOM);
        join(stage, B, 1, 1, 2);
        join_class(stage, A, 5, 2, 3);
        join(stage, A, 7, 7, 1);
        join(stage, C, 9, 9, 3);
        join_ready(stage, B, 9, 11, 50); /* not ready: no part in the draw */
        join_ready(stage, C, 12, 12, 50);
        assert_int_equal(sj_stage_serve(stage, &rng, 10, M, &served), SJ_OK);
        for (size_t i = 1; i < served.n; i++) {
            assert_true(served.at[i - 1].owner <= served.at[i].owner);
        }
        seen[sum_of(&served, A)]++;
        seen_b[sum_of(&served, B)]++;
        sj_stage_free(stage);
    }
    for (unsigned i = 0; i <= M; i++) {
        p[i] = gsl_ran_hypergeometric_pdf(i, 4, ALL - 4, M);
        p_b[i] = gsl_ran_hypergeometric_pdf(i, 2, ALL - 2, M);
    }
    assert_true(p_value(seen, p, M + 1, R) > alpha);
    assert_true(p_value(seen_b, p_b, M + 1, R) > alpha);
    sj_batches_clear(&served);
}

static void test_take_is_hypergeometric(void **state)
{
    int64_t seen[6] = {0};
    double p[6];
    sj_batches taken = {0};
    for (uint32_t r = 0; r < R; r++) {
        sj_rng rng = rng_of(r);
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join(stage, A, 1, 1, 5);
        join_ready(stage, A, 2, 90, 9); /* ready or not makes no difference */
        join(stage, B, 1, 1, 100);
        assert_int_equal(sj_stage_take(stage, &rng, A, 6, &taken), SJ_OK);
        int64_t first = taken.at[0].joined == 1 ? taken.at[0].count : 0;
        assert_int_equal(sum_of(&taken, A), 6);
        assert_int_equal(sj_stage_length_of(stage, A), 8);
        assert_int_equal(sj_stage_length_of(stage, B), 100);
        seen[first]++;
        sj_stage_free(stage);
    }
    for (unsigned i = 0; i < 6; i++) {
        p[i] = gsl_ran_hypergeometric_pdf(i, 5, 9, 6);
    }
    assert_true(p_value(seen, p, 6, R) > alpha);
    sj_batches_clear(&taken);
}

static void test_thin(void **state)
{
    int64_t seen[13] = {0};
    double p[13];
    sj_batches taken = {0};
    for (uint32_t r = 0; r < R; r++) {
        sj_rng rng = rng_of(r);
        sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
        join(stage, A, 1, 1, 5);
        join(stage, A, 1, 2, 3);
        join_ready(stage, B, 9, 99, 4);
        assert_int_equal(sj_stage_thin(stage, &rng, 0.3, &taken), SJ_OK);
        assert_int_equal(sj_stage_length(stage), 12 - sum_of(&taken, A) - sum_of(&taken, B));
        seen[sum_of(&taken, A) + sum_of(&taken, B)]++;
        sj_stage_free(stage);
    }
    for (unsigned i = 0; i < 13; i++) {
        p[i] = gsl_ran_binomial_pdf(i, 0.3, 12);
    }
    assert_true(p_value(seen, p, 13, R) > alpha);
    sj_batches_clear(&taken);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_random_across_and_within_owners),
        cmocka_unit_test(test_random_discipline),
        cmocka_unit_test(test_take_is_hypergeometric),
        cmocka_unit_test(test_thin),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
