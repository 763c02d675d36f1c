/**
 * @file test_draws.c
 * @brief Every sampler against its exact law.
 *
 * R = 10^6 draws a case (fewer where the case says so), fixed seeds. Three tests of every number
 * drawn (chi-square over the whole law, mean, variance), about 1,400 tests in this file; each at
 * alpha = 1e-3 / 1400, so all hold together with probability 0.999. Found with power 0.9 at R: a
 * shift of a mean by 0.0062 standard deviations, an error of a variance by 0.9 %, and over 100
 * cells a relative error of the probabilities of 1.1 % (root mean square, weighted by the law).
 *
 * Usage: test_draws [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "law.h"
#include "num/draw.h"
#include <gsl/gsl_randist.h>
#include <stdio.h>

enum { R = 1000000, K_MAX = 3000, CASES = 1400 };

static const double alpha = 1e-3 / CASES;

static sj_rng rng_of(uint32_t day)
{
    return sj_rng_start(sj_rng_key_of(20240229, 3), 11, day, 0);
}

static void is_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", got, expected);
    }
}

static void hold(double p_value, const char *what, double a, double b, double c)
{
    if (!(p_value > alpha)) {
        fail_msg("%s, case (%.17g, %.17g, %.17g): p = %.3g", what, a, b, c, p_value);
    }
}

static void judge(sample *s, const char *what)
{
    const whole_law *l = &s->law;
    const law_cells *c = &s->cells;
    double p = chi_square(c->n, s->seen, c->p, s->n);
    hold(p, what, l->a, l->b, l->c);
    if (c->variance > 0.0) {
        double z = s->sum / sqrt(s->n * c->variance);
        hold(z_value(z), "mean", l->a, l->b, l->c);
        double spread = c->fourth - c->variance * c->variance;
        if (spread > 1e-9 * c->variance * c->variance) {
            z = (s->squares / s->n - c->variance) / sqrt(spread / s->n);
            hold(s->n * c->variance > 1000.0 ? z_value(z) : 1.0, "variance", l->a, l->b, l->c);
        }
    }
    free(s->seen);
    free(s->cells.p);
}

/* ---- Philox as a source of uniforms ---- */

static void test_uniform(void **state)
{
    (void)state;
    sj_rng rng = rng_of(1);
    int64_t high[256] = {0}, low[256] = {0}, pair[256] = {0};
    double p[256];
    for (int i = 0; i < R; i++) {
        double u = sj_rng_uniform(&rng), v = sj_rng_uniform(&rng);
        assert_true(u >= 0.0 && u < 1.0);
        high[(int)(u * 256.0)]++;
        low[(uint64_t)ldexp(u, 53) & 255]++;
        pair[(int)(u * 16.0) * 16 + (int)(v * 16.0)]++;
    }
    for (int i = 0; i < 256; i++) {
        p[i] = 1.0 / 256.0;
    }
    hold(chi_square(256, high, p, R), "uniform, high bits", 0, 0, 0);
    hold(chi_square(256, low, p, R), "uniform, low bits", 0, 0, 0);
    hold(chi_square(256, pair, p, R), "uniform, pairs", 0, 0, 0);
}

/** First uniforms of decisions that differ in day, ordinal, name or replication only. */
static void test_decisions_are_independent(void **state)
{
    (void)state;
    double p[256];
    for (int i = 0; i < 256; i++) {
        p[i] = 1.0 / 256.0;
    }
    for (int kind = 0; kind < 4; kind++) {
        int64_t pair[256] = {0};
        double before = 0.5;
        for (uint32_t i = 0; i < 200000; i++) {
            sj_rng rng = sj_rng_start(sj_rng_key_of(5, kind == 0 ? i : 0), kind == 1 ? i : 9,
                                      kind == 2 ? i : 3, kind == 3 ? i % 4096 : 0);
            double u = kind == 3 && i >= 4096 ? sj_rng_uniform(&rng) : 0.0;
            u = sj_rng_uniform(&rng);
            if (kind != 3 || i < 4096) {
                pair[(int)(before * 16.0) * 16 + (int)(u * 16.0)]++;
            }
            before = u;
        }
        hold(chi_square(256, pair, p, kind == 3 ? 4096 : 200000), "first numbers", kind, 0, 0);
    }
}

/** Large n by their remainder: three fourths of 2^64 would come out uneven in it without rejection.
 */
static void test_below(void **state)
{
    (void)state;
    const uint64_t n[] = {1, 2, 3, 10, 100, UINT64_C(3) << 62, (UINT64_C(1) << 63) + 1};
    for (size_t c = 0; c < sizeof n / sizeof n[0]; c++) {
        sj_rng rng = rng_of(10 + (uint32_t)c);
        int64_t seen[100] = {0};
        double p[100] = {0.0};
        size_t cells = n[c] <= 100 ? (size_t)n[c] : 3;
        for (int i = 0; i < R; i++) {
            uint64_t x = sj_rng_below(&rng, n[c]);
            assert_true(x < n[c]);
            seen[x % cells]++;
        }
        for (size_t i = 0; i < cells; i++) {
            p[i] = 1.0 / (double)cells;
        }
        hold(chi_square(cells, seen, p, R), "below", (double)n[c], 0, 0);
    }
}

static void test_exponential_and_normal(void **state)
{
    (void)state;
    sj_rng rng = rng_of(20);
    int64_t exponential[200] = {0}, normal[200] = {0};
    double p[200];
    for (int i = 0; i < R; i++) { /* by their own distribution functions back to uniforms */
        exponential[(int)(200.0 * gsl_cdf_exponential_P(sj_rng_exponential(&rng), 1.0))]++;
        normal[(int)(200.0 * gsl_cdf_ugaussian_P(sj_rng_normal(&rng)))]++;
    }
    for (int i = 0; i < 200; i++) {
        p[i] = 1.0 / 200.0;
    }
    hold(chi_square(200, exponential, p, R), "exponential", 0, 0, 0);
    hold(chi_square(200, normal, p, R), "normal", 0, 0, 0);
}

/* ---- one number ---- */

#define TWO_31 2147483648.0

/* mean 12 is where inversion ends and rejection begins */
static const double binomial_cases[][2] = {
    {1, 0.3},           {1, 0.7},
    {1, 1e-3},          {2, 0.5},
    {5, 0.5},           {10, 0.05},
    {10, 0.95},         {23, 0.5},
    {24, 0.5},          {25, 0.5},
    {25, 0.52},         {40, 0.299},
    {40, 0.301},        {100, 0.119},
    {100, 0.121},       {100, 0.881},
    {100, 0.879},       {1000, 1e-4},
    {1000, 0.0119},     {1000, 0.0121},
    {1000, 0.03},       {1000, 0.3},
    {1000, 0.97},       {1000, 0.9881},
    {1e6, 1e-7},        {1e6, 1.19e-5},
    {1e6, 1.21e-5},     {1e6, 0.5},
    {1e6, 0.999},       {TWO_31, 1e-9},
    {TWO_31, 5.55e-9},  {TWO_31, 5.6e-9},
    {TWO_31, 1e-7},     {TWO_31, 0.3},
    {TWO_31, 0.5},      {TWO_31, 0.9},
    {TWO_31, 1 - 1e-8}, {1099511627776.0, 0.25},
};

static void test_binomial(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof binomial_cases / sizeof binomial_cases[0]; c++) {
        int64_t n = (int64_t)binomial_cases[c][0];
        double p = binomial_cases[c][1];
        sj_rng rng = rng_of(100 + (uint32_t)c);
        sample s = sample_of(binomial_law(n, p), (double)n * p * (1.0 - p));
        for (int i = 0; i < R; i++) {
            see(&s, sj_draw_binomial(&rng, n, p));
        }
        judge(&s, "binomial");
    }
}

/* groups of one row; more than 3 to expect is where one binomial takes over */
static const double rare_cases[][2] = {{1, 0.3},     {3, 1e-3},    {10, 0.05},   {1, 2.0},
                                       {1000, 5e-4}, {40, 0.0749}, {40, 0.0751}, {7, 0.4}};

enum { N_RARE = sizeof rare_cases / sizeof rare_cases[0] };

/** Every group of a row is a binomial, and neighbours know nothing of each other. */
static void test_rare(void **state)
{
    (void)state;
    sj_rare row = sj_rare_start(rng_of(150));
    sample of[N_RARE];
    int64_t pair[N_RARE][9] = {{0}};
    double p_cell[N_RARE][3];
    for (int c = 0; c < N_RARE; c++) {
        int64_t n = (int64_t)rare_cases[c][0];
        double p = -expm1(-rare_cases[c][1]);
        of[c] = sample_of(binomial_law(n, p), (double)n * p * (1.0 - p));
        p_cell[c][0] = gsl_ran_binomial_pdf(0, p, (unsigned)n);
        p_cell[c][1] = gsl_ran_binomial_pdf(1, p, (unsigned)n);
        p_cell[c][2] = 1.0 - p_cell[c][0] - p_cell[c][1];
    }
    int64_t before = 0;
    for (int i = 0; i < R; i++) {
        for (int c = 0; c < N_RARE; c++) {
            int64_t x = sj_rare_draw(&row, (int64_t)rare_cases[c][0], rare_cases[c][1]);
            see(&of[c], x);
            x = x < 2 ? x : 2;
            pair[c][3 * before + x] += i > 0 || c > 0;
            before = x;
        }
    }
    for (int c = 0; c < N_RARE; c++) {
        double law[9];
        for (int k = 0; k < 9; k++) {
            law[k] = p_cell[(c + N_RARE - 1) % N_RARE][k / 3] * p_cell[c][k % 3];
        }
        hold(chi_square(9, pair[c], law, R - (c == 0)), "neighbours in a row", c, 0, 0);
        judge(&of[c], "rare");
    }
}

/* mean 20 is where inversion ends and rejection begins */
static const double poisson_cases[] = {1e-3, 0.1,  1.0,  5.0, 9.9, 10.0, 12.0,   19.9,
                                       20.0, 20.1, 25.5, 1e2, 1e4, 1e6,  TWO_31, 1099511627776.0};

static void test_poisson(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof poisson_cases / sizeof poisson_cases[0]; c++) {
        double mean = poisson_cases[c];
        sj_rng rng = rng_of(200 + (uint32_t)c);
        sample s = sample_of(poisson_law(mean), mean);
        for (int i = 0; i < R; i++) {
            see(&s, sj_draw_poisson(&rng, mean));
        }
        judge(&s, "poisson");
    }
}

/* mean 26 is where inversion ends and rejection begins; 12 the longest product for P(0) */
static const int64_t hypergeometric_cases[][3] = {
    {1, 9, 3},
    {5, 5, 5},
    {4, 1, 3},
    {12, 1000, 600},
    {13, 1000, 600},
    {180, 820, 40},
    {620, 380, 40},
    {200, 800, 960},
    {700, 300, 650},
    {50, 50, 50},
    {60, 60, 60},
    {300, 700, 86},
    {300, 700, 87},
    {100, 900, 259},
    {100, 900, 261},
    {1000, 1000, 52},
    {1000, 1000, 1948},
    {3000, 1000000, 500000},
    {300000, 700000, 10000},
    {10, INT64_C(1) << 31, INT64_C(1) << 30},
    {40, INT64_C(1) << 31, INT64_C(1) << 30},
    {60, INT64_C(1) << 31, INT64_C(1) << 30},
    {200000, INT64_C(1) << 31, 200000},
    {INT64_C(1) << 31, INT64_C(1) << 31, 40},
    {INT64_C(1) << 31, INT64_C(1) << 31, 60},
    {INT64_C(1) << 31, INT64_C(1) << 31, INT64_C(1) << 30},
    {INT64_C(1) << 30, INT64_C(1) << 31, INT64_C(1) << 31},
    {INT64_C(1) << 31, 5, INT64_C(1) << 30},
    {INT64_C(1) << 40, INT64_C(1) << 40, INT64_C(1) << 39},
};

static void test_hypergeometric(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof hypergeometric_cases / sizeof hypergeometric_cases[0]; c++) {
        const int64_t *h = hypergeometric_cases[c];
        double all = (double)(h[0] + h[1]), share = (double)h[0] / all;
        double variance = (double)h[2] * share * (1.0 - share) * (all - (double)h[2]) / (all - 1.0);
        sj_rng rng = rng_of(300 + (uint32_t)c);
        sample s = sample_of(hypergeometric_law(h[0], h[1], h[2]), variance);
        for (int i = 0; i < R; i++) {
            see(&s, sj_draw_hypergeometric(&rng, h[0], h[1], h[2]));
        }
        judge(&s, "hypergeometric");
    }
}

/** At 2^52 a law is normal to 1e-8, and its last three bits are even. */
static void test_limit_of_counts(void **state)
{
    (void)state;
    const int64_t n = INT64_C(1) << 52, half = n / 2;
    const double variance[3] = {(double)n * 0.25, (double)n * 0.25, (double)n / 16.0};
    const double mean[3] = {(double)half, (double)n * 0.25, (double)n * 0.25};
    sj_rng rng = rng_of(400);
    double p[200], p_bits[8];
    for (int i = 0; i < 200; i++) {
        p[i] = 1.0 / 200.0;
        p_bits[i % 8] = 1.0 / 8.0;
    }
    for (int kind = 0; kind < 3; kind++) {
        int64_t seen[200] = {0}, bits[8] = {0};
        for (int i = 0; i < R; i++) {
            int64_t x = kind == 0   ? sj_draw_binomial(&rng, n, 0.5)
                        : kind == 1 ? sj_draw_poisson(&rng, mean[1])
                                    : sj_draw_hypergeometric(&rng, half, half, half);
            double z = ((double)x - mean[kind]) / sqrt(variance[kind]);
            seen[(int)(200.0 * gsl_cdf_ugaussian_P(z))]++;
            bits[x & 7]++;
        }
        hold(chi_square(200, seen, p, R), "limit", kind, 0, 0);
        hold(chi_square(8, bits, p_bits, R), "limit, last bits", kind, 0, 0);
    }
}

/* ---- several numbers ---- */

/** Marginals and sums of neighbouring classes of a vector of counts; the sums carry the
 * covariances. */
typedef struct vector {
    size_t k;
    sample one[32], pair[32];
} vector;

static void vector_see(vector *v, const int64_t x[], int64_t total)
{
    int64_t sum = 0;
    for (size_t i = 0; i < v->k; i++) {
        sum += x[i];
        see(&v->one[i], x[i]);
        see(&v->pair[i], x[i] + x[(i + 1) % v->k]);
    }
    assert_true(sum == total);
}

static void vector_judge(vector *v, const char *what)
{
    for (size_t i = 0; i < v->k; i++) {
        judge(&v->one[i], what);
        judge(&v->pair[i], what);
    }
}

static sample binomial_sample(int64_t n, double p)
{
    return sample_of(binomial_law(n, p), (double)n * p * (1.0 - p));
}

static vector multinomial_vector(size_t k, int64_t n, const double p[])
{
    vector v = {.k = k};
    for (size_t i = 0; i < k; i++) {
        v.one[i] = binomial_sample(n, p[i]);
        v.pair[i] = binomial_sample(n, p[i] + p[(i + 1) % k]);
    }
    return v;
}

static sample hypergeometric_sample(int64_t marked, int64_t all, int64_t m)
{
    double share = (double)marked / (double)all;
    double spare = all > 1 ? (double)(all - m) / ((double)all - 1.0) : 0.0;
    return sample_of(hypergeometric_law(marked, all - marked, m),
                     (double)m * share * (1.0 - share) * spare);
}

static vector hypergeometric_vector(size_t k, int64_t m, const int64_t have[])
{
    vector v = {.k = k};
    int64_t all = 0;
    for (size_t i = 0; i < k; i++) {
        all += have[i];
    }
    for (size_t i = 0; i < k; i++) {
        v.one[i] = hypergeometric_sample(have[i], all, m);
        v.pair[i] = hypergeometric_sample(have[i] + have[(i + 1) % k], all, m);
    }
    return v;
}

static void test_multinomial(void **state)
{
    (void)state;
    const double p[5] = {0.125, 0.0, 0.25, 0.5, 0.125}, weight[5] = {1.0, 0.0, 2.0, 4.0, 1.0};
    const int64_t n[] = {1, 10, 1000};
    for (size_t c = 0; c < 3; c++) {
        vector v = multinomial_vector(5, n[c], p);
        sj_rng rng = rng_of(500 + (uint32_t)c);
        for (int i = 0; i < R / 2; i++) {
            int64_t out[5];
            sj_draw_multinomial(&rng, n[c], 5, weight, out);
            vector_see(&v, out, n[c]);
        }
        vector_judge(&v, "multinomial");
    }
}

/** All ten outcomes of three people in three classes. */
/* Few people over many classes are drawn one by one: the same law, and no class without weight. */
static void test_multinomial_of_few(void **state)
{
    enum { K = 30, N = 7 };
    double weight[K], p[K], sum = 0;
    int64_t out[K];
    for (size_t i = 0; i < K; i++) {
        weight[i] = i % 5 == 4 ? 0 : (double)(1 + i % 7);
        sum += weight[i];
    }
    for (size_t i = 0; i < K; i++) {
        p[i] = weight[i] / sum;
    }
    vector v = multinomial_vector(K, N, p);
    sj_rng rng = rng_of(510);
    for (int r = 0; r < R / 2; r++) {
        sj_draw_multinomial(&rng, N, K, weight, out);
        for (size_t i = 4; i < K; i += 5) {
            assert_int_equal(out[i], 0);
        }
        vector_see(&v, out, N);
    }
    vector_judge(&v, "multinomial of few");
}

static void test_multinomial_joint(void **state)
{
    (void)state;
    const double p[3] = {0.2, 0.3, 0.5};
    int64_t seen[16] = {0};
    double law[16] = {0.0};
    sj_rng rng = rng_of(510);
    for (unsigned a = 0; a <= 3; a++) {
        for (unsigned b = 0; a + b <= 3; b++) {
            const unsigned x[3] = {a, b, 3 - a - b};
            law[a * 4 + b] = gsl_ran_multinomial_pdf(3, p, x);
        }
    }
    for (int i = 0; i < R; i++) {
        int64_t out[3];
        sj_draw_multinomial(&rng, 3, 3, p, out);
        seen[out[0] * 4 + out[1]]++;
    }
    hold(chi_square(16, seen, law, R), "multinomial, joint", 0, 0, 0);
}

/** Small classes at the end keep their shares, however large the first. */
static void test_multinomial_small_tail(void **state)
{
    (void)state;
    const double weight[4] = {1.0, 3e-17, 1e-17, 0.0};
    sj_rng rng = rng_of(520);
    int64_t seen[2] = {0, 0};
    for (int i = 0; i < 2000; i++) {
        int64_t out[4];
        sj_draw_multinomial(&rng, INT64_C(1) << 53, 4, weight, out);
        assert_int_equal(out[3], 0);
        seen[0] += out[1];
        seen[1] += out[2];
    }
    const double p[2] = {0.75, 0.25};
    double total = (double)(seen[0] + seen[1]), mean = 2000.0 * 0x1p53 * 4e-17;
    hold(z_value((total - mean) / sqrt(mean)), "small tail, sum", 0, 0, 0);
    hold(chi_square(2, seen, p, total), "small tail, shares", 0, 0, 0);
}

/** The worked example of the carry rule: 40 of 1000 leave, work 180 / 620 / 200. */
static void test_worked_example(void **state)
{
    (void)state;
    const int64_t have[3] = {180, 620, 200};
    vector v = hypergeometric_vector(3, 40, have);
    sj_rng rng = rng_of(600);
    is_near(v.one[0].cells.mean, 7.2, 1e-9);
    is_near(v.one[1].cells.mean, 24.8, 1e-9);
    is_near(v.one[2].cells.variance, 40 * 0.2 * 0.8 * 960 / 999, 1e-9);
    for (int i = 0; i < R; i++) {
        int64_t out[3];
        sj_draw_hypergeometric_multi(&rng, 40, 3, have, out);
        vector_see(&v, out, 40);
    }
    is_near(v.one[2].squares / v.one[2].n, 6.15, 0.05);
    vector_judge(&v, "worked example");
}

/** Class by class, by positions, and with the draw almost all; some classes empty. */
static void test_hypergeometric_multi(void **state)
{
    (void)state;
    const int64_t have[10] = {1, 2, 0, 3, 100, 1, 0, 7, 40, 6};
    const int64_t m[] = {1, 3, 5, 6, 80, 159};
    for (size_t c = 0; c < sizeof m / sizeof m[0]; c++) {
        vector v = hypergeometric_vector(10, m[c], have);
        sj_rng rng = rng_of(610 + (uint32_t)c);
        for (int i = 0; i < R / 5; i++) {
            int64_t out[10];
            sj_draw_hypergeometric_multi(&rng, m[c], 10, have, out);
            vector_see(&v, out, m[c]);
        }
        vector_judge(&v, "several classes");
    }
}

/** All pairs of six are equally likely. */
static void test_positions_joint(void **state)
{
    (void)state;
    const int64_t have[6] = {1, 1, 1, 1, 1, 1};
    int64_t seen[64] = {0};
    double law[64] = {0.0};
    sj_rng rng = rng_of(620);
    for (int a = 0; a < 6; a++) {
        for (int b = 0; b < a; b++) {
            law[1 << a | 1 << b] = 1.0 / 15.0;
        }
    }
    for (int i = 0; i < R; i++) {
        int64_t out[6];
        int set = 0;
        sj_draw_hypergeometric_multi(&rng, 2, 6, have, out);
        for (int j = 0; j < 6; j++) {
            set |= (int)out[j] << j;
        }
        assert_in_range(set, 1, 63);
        seen[set]++;
    }
    hold(chi_square(64, seen, law, R), "pairs of six", 0, 0, 0);
}

/** Many classes and more taken than the list of positions holds: the classes are halved. Groups of
 * classes are hypergeometric too. */
static void test_many_classes(void **state)
{
    (void)state;
    enum { K = 400, GROUPS = 8 };
    int64_t have[K], group[GROUPS] = {0};
    for (int i = 0; i < K; i++) {
        have[i] = i * 7 % 11;
        group[i % GROUPS] += have[i];
    }
    vector v = hypergeometric_vector(GROUPS, 150, group);
    sj_rng rng = rng_of(630);
    for (int i = 0; i < R / 20; i++) {
        int64_t out[K], sums[GROUPS] = {0};
        sj_draw_hypergeometric_multi(&rng, 150, K, have, out);
        for (int j = 0; j < K; j++) {
            assert_true(out[j] >= 0 && out[j] <= have[j]);
            sums[j % GROUPS] += out[j];
        }
        vector_see(&v, sums, 150);
    }
    vector_judge(&v, "many classes");
}

/* ---- split tables ---- */

static void make_split(size_t k, double stay, double p[])
{
    double sum = 0.0;
    for (size_t i = 1; i < k; i++) {
        p[i] = i % 5 == 3 && i != k - 1 ? 0.0 : 1.0 + (double)(i * 7 % 13);
        sum += p[i];
    }
    for (size_t i = 1; i < k; i++) {
        p[i] *= (1.0 - stay) / sum;
    }
    p[0] = stay;
}

/** The same law as the multinomial: movers one by one, and class by class. */
static void test_split(void **state)
{
    (void)state;
    static const struct {
        size_t k;
        int64_t n;
        double stay;
    } cases[] = {{20, 10, 0.95}, {20, 1000, 0.95}, {20, 20000, 0.95}, {3, 50, 0.2},
                 {3, 1000, 0.2}, {2, 100, 0.9},    {30, 40, 0.0}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        double p[32];
        make_split(cases[c].k, cases[c].stay, p);
        sj_split *split = sj_split_new(cases[c].k, p);
        assert_non_null(split);
        vector v = multinomial_vector(cases[c].k, cases[c].n, p);
        sj_rng rng = rng_of(700 + (uint32_t)c);
        for (int i = 0; i < R / 5; i++) {
            int64_t out[32];
            sj_split_draw(split, &rng, cases[c].n, out);
            vector_see(&v, out, cases[c].n);
        }
        vector_judge(&v, "split");
        sj_split_free(split);
    }
}

/** One person at a time has the same law; most stay, or nobody does. */
static void test_split_one(void **state)
{
    (void)state;
    const size_t k[] = {2, 3, 20, 33, 100};
    for (size_t c = 0; c < 5; c++) {
        double p[100];
        int64_t seen[100] = {0};
        make_split(k[c], c == 2 ? 0.01 : 0.6, p);
        sj_split *split = sj_split_new(k[c], p);
        assert_non_null(split);
        sj_rng rng = rng_of(850 + (uint32_t)c);
        for (int i = 0; i < R; i++) {
            size_t class = sj_split_one(split, &rng);
            assert_in_range(class, 0, k[c] - 1);
            seen[class]++;
        }
        hold(chi_square(k[c], seen, p, R), "one of a split", (double)k[c], 0, 0);
        sj_split_free(split);
    }
}

/** The sum of many draws against the weights: borders finer than 16 bits show here. The longest
 * table for 16 bits a mover is 2^11, the next is 2^12. */
static void test_split_tables(void **state)
{
    (void)state;
    static const struct {
        size_t k;
        int n_draws;
    } cases[] = {{20, 2000000}, {33, 500000},   {34, 500000},
                 {100, 500000}, {2049, 500000}, {2050, 250000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        static double p[K_MAX];
        static int64_t out[K_MAX], seen[K_MAX];
        size_t k = cases[c].k;
        make_split(k, 0.95, p);
        memset(seen, 0, sizeof seen);
        sj_split *split = sj_split_new(k, p);
        assert_non_null(split);
        sj_rng rng = rng_of(800 + (uint32_t)c);
        for (int i = 0; i < cases[c].n_draws; i++) {
            sj_split_draw(split, &rng, 1000, out);
            for (size_t j = 0; j < k; j++) {
                seen[j] += out[j];
            }
        }
        hold(chi_square(k, seen, p, 1000.0 * cases[c].n_draws), "split table", (double)k, 0, 0);
        sj_split_free(split);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_decisions_are_independent),
        cmocka_unit_test(test_below),
        cmocka_unit_test(test_exponential_and_normal),
        cmocka_unit_test(test_binomial),
        cmocka_unit_test(test_rare),
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_hypergeometric),
        cmocka_unit_test(test_limit_of_counts),
        cmocka_unit_test(test_multinomial),
        cmocka_unit_test(test_multinomial_of_few),
        cmocka_unit_test(test_multinomial_joint),
        cmocka_unit_test(test_multinomial_small_tail),
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_hypergeometric_multi),
        cmocka_unit_test(test_positions_joint),
        cmocka_unit_test(test_many_classes),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_one),
        cmocka_unit_test(test_split_tables),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
