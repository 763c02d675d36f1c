/**
 * @file draw.h
 * @brief Exact integer draws: how a whole number of people splits.
 *
 * All are exact in law for n up to 2^31 and beyond to 2^53; probabilities
 * are clamped to [0, 1] only where rounding took them out by less than 1e-12.
 * Floor 1 (num).
 */
#ifndef SJ_NUM_DRAW_H
#define SJ_NUM_DRAW_H
#include "num/rng.h"
#include <stddef.h>
#include <stdint.h>

/** @brief Binomial(n, p), n >= 0. O(1). With q = min(p, 1 - p): inversion below n q = 12, from one
 * number and rising in p, so equal decisions of two scenarios stay close; BTRS above (Hormann
 * 1993). Draws nothing where the result is certain. */
int64_t sj_draw_binomial(sj_rng *rng, int64_t n, double p);

/** @brief Poisson(mean), 0 <= mean <= 2^53. O(1): inversion below 20, PTRS above (Hormann 1993)
 * with a hat raised by 1 %, without which it is not quite exact: see draw_poisson.c. */
int64_t sj_draw_poisson(sj_rng *rng, double mean);

/** @brief Hypergeometric: marked among `draw` taken without replacement from `marked` marked and
 * `plain` others; 0 <= draw <= marked + plain. Inversion for small cases, HRUA (Stadlober 1990)
 * above: cost does not grow with the draw. */
int64_t sj_draw_hypergeometric(sj_rng *rng, int64_t marked, int64_t plain, int64_t draw);

/** @brief Multinomial(n; weight / sum) over k classes into out[]; weights finite, >= 0, not all 0
 * unless n = 0. Conditional binomials in order of class. */
void sj_draw_multinomial(sj_rng *rng, int64_t n, size_t k, const double weight[], int64_t out[]);

/** @brief Multivariate hypergeometric: m taken without replacement from classes of counts
 * `have[]`; 0 <= m <= sum. Costs O(k) at most, and O(m log m + k) sums without draws when m is
 * small against k. out may be the address of have, whose counts are then gone. */
void sj_draw_hypergeometric_multi(sj_rng *rng, int64_t m, size_t k, const int64_t have[],
                                  int64_t out[]);

enum { SJ_POSITIONS_MAX = 64 };

/** @brief m of the positions 0 ... total - 1 without replacement, rising, into list[m]; 0 <= m <=
 * min(total, SJ_POSITIONS_MAX). Who walks counts anyway finds the classes of few people on the way:
 * the same law as sj_draw_hypergeometric_multi(). Floyd's algorithm (Bentley and Floyd 1987). */
void sj_draw_positions(sj_rng *rng, size_t m, int64_t total, int64_t list[]);

/** @brief How many of list[*next ... m - 1] lie below `end`, the last position of a count plus one;
 * *next moves behind them. */
static inline int64_t sj_positions_below(const int64_t list[], size_t m, size_t *next, int64_t end)
{
    size_t before = *next;
    while (*next < m && list[*next] < end) {
        ++*next;
    }
    return (int64_t)(*next - before);
}

/** @brief Up to so many people out of a longer list of counts, positions pay. */
enum { SJ_POSITIONS_FEW = 16 };

/**
 * @brief Rare things in a row: a binomial for each of many groups most of which have none.
 *
 * The hazards of all groups laid end to end are a line on which hits fall with unit rate; `left` is
 * the way to the next one. A group that ends before it has none, at the cost of one sum. Whoever is
 * hit, once or more often, is one of the binomial. One stream of numbers for the whole row: what a
 * hit leads to is drawn from another, so that one hit more or less shifts nothing else.
 */
typedef struct sj_rare {
    sj_rng gaps; /* the row's alone */
    double left; /* exponential, mean 1 */
} sj_rare;

/** @brief A new row. */
static inline sj_rare sj_rare_start(sj_rng rng)
{
    sj_rare rare = {.gaps = rng};
    rare.left = sj_rng_exponential(&rare.gaps);
    return rare;
}

/** @brief Binomial(n, 1 - exp(-hazard)) of the next group; n >= 0, hazard >= 0 for a person, also
 * infinite. Draws of one row are independent. */
int64_t sj_rare_draw(sj_rare *rare, int64_t n, double hazard);

/**
 * @brief A multinomial whose classes are known beforehand, in two stages: most stay (class 0),
 * the movers are drawn one by one from an alias table (Walker 1977) or, if many, by conditional
 * binomials with precomputed conditionals. Many draws from one table.
 */
typedef struct sj_split sj_split;

/** @brief New table over k classes, NULL when memory ends. Class 0 is the one that most stay in;
 * weights as for the multinomial. O(k); the caller frees it with sj_split_free(), NULL allowed. */
sj_split *sj_split_new(size_t k, const double weight[]);
void sj_split_free(sj_split *split);

/** @brief Multinomial(n; the table's weights) into out[k]. Thread-safe on a const table, no
 * allocation. A binomial for those who move, then about 2 ns for each of them where they are fewer
 * than 24 a class, a binomial for each class otherwise. */
void sj_split_draw(const sj_split *split, sj_rng *rng, int64_t n, int64_t out[]);

/** @brief The class of one person, by the same law; two numbers at most. */
size_t sj_split_one(const sj_split *split, sj_rng *rng);
#endif /* SJ_NUM_DRAW_H */
