/**
 * @file test_num_rng.c
 * @brief Philox: published vectors, keys, counters, ranges, the face towards GSL.
 *
 * Usage: test_num_rng [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "num/rng.h"
#include <math.h>
#include <string.h>

static void is_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

/** Two of the vectors in Random123's kat_vectors for philox4x32 with 10 rounds. The third has all
 * bits of the counter set: the block at which a generator is used up. */
static void test_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sj_rng rng = {.key = {{cases[i].key[0], cases[i].key[1]}}};
        memcpy(rng.counter, cases[i].counter, sizeof rng.counter);
        const uint32_t *a = cases[i].answer;
        assert_true(sj_rng_next(&rng) == (a[0] | (uint64_t)a[1] << 32));
        assert_true(sj_rng_next(&rng) == (a[2] | (uint64_t)a[3] << 32));
        assert_true(rng.counter[0] == cases[i].counter[0] + 1);
    }
}

/** A batch holds the same blocks as single numbers do, and leaves the buffer alone. */
static void test_batches(void **state)
{
    (void)state;
    sj_rng a = sj_rng_start(sj_rng_key_of(9, 9), UINT64_C(0xfedcba9876543210), 1234, 4095);
    sj_rng b = a;
    uint64_t first = sj_rng_next(&a), second = sj_rng_next(&a), word[3 * SJ_RNG_BATCH];
    assert_true(sj_rng_next(&b) == first);
    sj_rng_fill(&b, 3, word);
    for (size_t i = 0; i < 3 * SJ_RNG_BATCH; i++) {
        assert_true(word[i] == sj_rng_next(&a));
    }
    assert_true(sj_rng_next(&b) == second);
    assert_true(sj_rng_next(&b) == sj_rng_next(&a));
    assert_memory_equal(a.counter, b.counter, sizeof a.counter);
}

/** The second of them through the batch; its block is the third of four. */
static void test_batch_known_answer(void **state)
{
    (void)state;
    sj_rng rng = {.key = {{0xa4093822, 0x299f31d0}},
                  .counter = {0x243f6a88 - 2, 0x85a308d3, 0x13198a2e, 0x03707344}};
    uint64_t word[SJ_RNG_BATCH];
    sj_rng_fill(&rng, 1, word);
    assert_true(word[4] == UINT64_C(0x94fdccebd16cfe09));
    assert_true(word[5] == UINT64_C(0x24126ea15001e420));
}

/** Splitmix64 of published outputs for state 0, and the key built from it as rng.h says. */
static void test_key(void **state)
{
    (void)state;
    uint64_t s = 0;
    assert_true(sj_splitmix64(&s) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(sj_splitmix64(&s) == UINT64_C(0x6e789e6aa1b965f4));
    const uint64_t factor = UINT64_C(0xd1342543de82ef95);
    for (uint64_t seed = 0; seed < 3; seed++) {
        for (uint64_t replication = 0; replication < 3; replication++) {
            uint64_t x = seed;
            uint64_t y = sj_splitmix64(&x) ^ replication * factor;
            uint64_t key = sj_splitmix64(&y);
            sj_rng_key got = sj_rng_key_of(seed, replication);
            assert_true(got.word[0] == (uint32_t)key && got.word[1] == key >> 32);
        }
    }
    /* S(S(0)) and S(S(42) ^ 7 x factor), worked out apart */
    assert_true(sj_rng_key_of(0, 0).word[0] == 0x4d197e6f);
    assert_true(sj_rng_key_of(0, 0).word[1] == 0xa706dd2f);
    assert_true(sj_rng_key_of(42, 7).word[0] == 0x96388fc1);
    assert_true(sj_rng_key_of(42, 7).word[1] == 0x40dd2b91);
}

static void test_counter(void **state)
{
    (void)state;
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 2), UINT64_C(0x0123456789abcdef), 10, 7);
    assert_true(rng.counter[0] == 0 && rng.counter[1] == 10 * 4096 + 7);
    assert_true(rng.counter[2] == 0x89abcdef && rng.counter[3] == 0x01234567);
    assert_true(rng.left == 0);
    sj_rng copy = rng;
    assert_true(sj_rng_next(&rng) == sj_rng_next(&copy));
    rng = sj_rng_start(sj_rng_key_of(1, 2), 0, SJ_RNG_DAYS - 1, SJ_RNG_ORDINALS - 1);
    assert_true(rng.counter[1] == UINT32_MAX);
}

/** A generator whose next two words are given. */
static sj_rng rng_giving(uint64_t next, uint64_t after)
{
    return (sj_rng){.buffer = {after, next}, .left = 2};
}

static void test_ranges(void **state)
{
    (void)state;
    sj_rng rng = rng_giving(0, UINT64_MAX);
    assert_true(sj_rng_uniform(&rng) == 0.0);
    assert_true(sj_rng_uniform(&rng) == 1.0 - 0x1p-53);
    rng = rng_giving(0, UINT64_MAX);
    assert_true(sj_rng_uniform_positive(&rng) == 0x1p-53);
    assert_true(sj_rng_uniform_positive(&rng) == 1.0 - 0x1p-53);
    rng = rng_giving(0, UINT64_MAX);
    is_near(sj_rng_exponential(&rng), 36.736800569677101, 1e-9);
    is_near(sj_rng_exponential(&rng), 0x1p-53, 1e-20);
    rng = rng_giving(UINT64_C(1) << 63, UINT64_C(3) << 62);
    is_near(sj_rng_normal(&rng), 0.0, 1e-12);
    is_near(sj_rng_normal(&rng), 0.67448975019608171, 1e-12);
    rng = rng_giving(0, UINT64_MAX);
    double low = sj_rng_normal(&rng), high = sj_rng_normal(&rng);
    assert_true(low < -8.2 && low == -high);
}

static void test_below(void **state)
{
    (void)state;
    sj_rng rng = rng_giving(UINT64_MAX, UINT64_MAX);
    assert_true(sj_rng_below(&rng, 1) == 0);
    assert_true(sj_rng_below(&rng, 10) == 9);
    rng = rng_giving(0, (UINT64_C(1) << 63) + 1); /* 0 is one of 2^64 mod 10 = 6 words too many */
    assert_true(sj_rng_below(&rng, 10) == 5);
    assert_true(rng.left == 0);
    rng = rng_giving(0, 5);
    assert_true(sj_rng_below(&rng, UINT64_C(1) << 32) == 0); /* a power of 2 rejects nothing */
    assert_true(rng.left == 1);
}

/** GSL sees the same stream. */
static void test_gsl_face(void **state)
{
    (void)state;
    gsl_rng *gsl = gsl_rng_alloc(sj_rng_gsl_type);
    assert_non_null(gsl);
    gsl_rng_set(gsl, 31);
    sj_rng rng = sj_rng_start(sj_rng_key_of(31, 0), 0, 0, 0);
    for (int i = 0; i < 10; i++) {
        assert_true(gsl_rng_get(gsl) == sj_rng_next(&rng));
        assert_true(gsl_rng_uniform(gsl) == sj_rng_uniform(&rng));
        assert_true(gsl_rng_uniform_int(gsl, 6) < 6);
        (void)sj_rng_next(&rng);
    }
    assert_string_equal(gsl_rng_name(gsl), "sj_philox4x32_10");
    gsl_rng_free(gsl);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_batch_known_answer),
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_counter),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_gsl_face),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
