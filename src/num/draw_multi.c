/**
 * @file draw_multi.c
 * @brief Draws over many classes: multinomial and multivariate hypergeometric.
 */
#include "num/draw.h"
#include "base/bug.h"
#include <string.h>

/** Leave the sum of weight[i ...] in out[i], as the bits of a double. Sums from the end keep the
 * conditional probabilities of small classes exact. */
static double sums_from_end(size_t k, const double weight[], int64_t out[])
{
    _Static_assert(sizeof(double) == sizeof(int64_t), "a double must fit in a count");
    double sum = 0.0;
    for (size_t i = k; i-- > 0;) {
        sum += weight[i];
        memcpy(&out[i], &sum, sizeof sum);
    }
    return sum;
}

/** Binomial with a class's share of the rest; a share above one half by its complement, so that
 * what a large class leaves to the small ones is not lost in rounding. */
static int64_t draw_share(sj_rng *rng, int64_t n, double weight, double rest, double rest_after)
{
    if (weight <= 0.5 * rest) {
        return sj_draw_binomial(rng, n, weight / rest);
    }
    return n - sj_draw_binomial(rng, n, rest_after / rest);
}

/** The class in which a point of (0, sum] lies, by the sums from the end that stand in out[]. */
static size_t class_at(size_t k, const int64_t out[], double point)
{
    size_t low = 0;
    size_t high = k - 1;
    while (low < high) { /* the last class whose sum from the end is not below the point */
        size_t middle = low + (high - low + 1) / 2;
        double sum;
        memcpy(&sum, &out[middle], sizeof sum);
        if (sum >= point) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

enum { FEW = 32 };

/** Few people over many classes: one draw a person. */
static void multinomial_of_few(sj_rng *rng, int64_t n, size_t k, double sum, int64_t out[])
{
    size_t chosen[FEW];
    for (int64_t i = 0; i < n; i++) {
        chosen[i] = class_at(k, out, sum * sj_rng_uniform_positive(rng));
    }
    memset(out, 0, k * sizeof out[0]);
    for (int64_t i = 0; i < n; i++) {
        out[chosen[i]]++;
    }
}

void sj_draw_multinomial(sj_rng *rng, int64_t n, size_t k, const double weight[], int64_t out[])
{
    double rest = sums_from_end(k, weight, out);
    SJ_REQUIRE(n == 0 || rest > 0.0);
    if (n > 0 && n <= FEW && (size_t)n <= k / 4) {
        multinomial_of_few(rng, n, k, rest, out);
        return;
    }
    for (size_t i = 0; i < k; i++) {
        double after = 0.0;
        if (i + 1 < k) {
            memcpy(&after, &out[i + 1], sizeof after);
        }
        out[i] = n > 0 ? draw_share(rng, n, weight[i], rest, after) : 0;
        n -= out[i];
        rest = after;
    }
}

static int64_t sum_of(size_t k, const int64_t have[])
{
    int64_t sum = 0;
    for (size_t i = 0; i < k; i++) {
        sum += have[i];
    }
    return sum;
}

/** Where `value` stands, or would stand, in a rising list. */
static size_t place_in(const int64_t list[], size_t n, int64_t value)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        if (list[low + half] < value) {
            low += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return low;
}

void sj_draw_positions(sj_rng *rng, size_t m, int64_t total, int64_t list[])
{
    SJ_REQUIRE(m <= SJ_POSITIONS_MAX && (int64_t)m <= total);
    for (size_t n = 0; n < m; n++) {
        int64_t last = total - (int64_t)(m - n);
        int64_t value = (int64_t)sj_rng_below(rng, (uint64_t)last + 1);
        size_t at = place_in(list, n, value);
        if (at < n && list[at] == value) {
            at = n; /* taken already: `last` is free and above all others */
            value = last;
        }
        memmove(&list[at + 1], &list[at], (n - at) * sizeof list[0]);
        list[at] = value;
    }
}

/** Few taken: draw their positions, walk the classes once. */
static void multi_by_position(sj_rng *rng, size_t m, size_t k, const int64_t have[], int64_t total,
                              int64_t out[])
{
    int64_t list[SJ_POSITIONS_MAX];
    sj_draw_positions(rng, m, total, list);
    size_t next = 0;
    int64_t end = 0;
    for (size_t i = 0; i < k; i++) {
        end += have[i];
        out[i] = sj_positions_below(list, m, &next, end);
    }
}

/** Class by class, each given those before. */
static void multi_by_class(sj_rng *rng, int64_t m, size_t k, const int64_t have[], int64_t total,
                           int64_t out[])
{
    for (size_t i = 0; i < k; i++) {
        total -= have[i];
        out[i] = sj_draw_hypergeometric(rng, have[i], total, m);
        m -= out[i];
    }
}

/** As the public function; `total` is the sum of have. Halves the classes while the taken are too
 * many for the list of positions and yet few against the classes. */
static void multi(sj_rng *rng, int64_t m, size_t k, const int64_t have[], int64_t total,
                  int64_t out[])
{
    if (m == 0) {
        memset(out, 0, k * sizeof out[0]);
    } else if ((size_t)m <= 2 * k && m <= SJ_POSITIONS_MAX) {
        multi_by_position(rng, (size_t)m, k, have, total, out);
    } else if ((size_t)m > k / 2) {
        multi_by_class(rng, m, k, have, total, out);
    } else {
        size_t half = k / 2;
        int64_t total_low = sum_of(half, have);
        int64_t low = sj_draw_hypergeometric(rng, total_low, total - total_low, m);
        multi(rng, low, half, have, total_low, out);
        multi(rng, m - low, k - half, have + half, total - total_low, out + half);
    }
}

void sj_draw_hypergeometric_multi(sj_rng *rng, int64_t m, size_t k, const int64_t have[],
                                  int64_t out[])
{
    int64_t total = sum_of(k, have);
    SJ_REQUIRE(m >= 0 && m <= total);
    multi(rng, m, k, have, total, out);
}
