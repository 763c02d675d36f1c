/**
 * @file uniformize.c
 * @brief A chain's people jump together until the last has stopped.
 */
#include "num/uniformize.h"
#include "num/draw.h"
#include "base/bug.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* expected jumps of one piece of time, and room for as many as ever matter in it */
static const double piece_mean = 32.0;
enum { N_TABLE = 96 };

/** Rates as the probabilities that the draws need. */
typedef struct chain {
    size_t k;
    double leave[SJ_CHAIN_MAX];                   /* probability that a jump leaves the class */
    double condition[SJ_CHAIN_MAX][SJ_CHAIN_MAX]; /* of a target given none before it */
} chain;

/** How many jumps a person makes: Poisson. */
typedef struct jumps {
    double mean;
    int top;
    double tail[N_TABLE + 1]; /* P(K >= j) / P(K = j) */
} jumps;

/** Sum of a row without its diagonal, and its conditional probabilities, summed from the end. */
static double read_row(chain *c, const double rate[], size_t from)
{
    double rest = 0.0;
    for (size_t to = c->k; to-- > 0;) {
        double r = to == from ? 0.0 : rate[from * c->k + to];
        rest += r;
        c->condition[from][to] = r > 0.0 ? r / rest : 0.0;
    }
    return rest;
}

static void read_chain(chain *c, size_t k, const double rate[], double exit_rate)
{
    c->k = k;
    for (size_t from = 0; from < k; from++) {
        c->leave[from] = read_row(c, rate, from) / exit_rate;
    }
}

/** The largest rate at which a class is left, summed as in read_row(). */
static double largest_exit(size_t k, const double rate[])
{
    double largest = 0.0;
    for (size_t from = 0; from < k; from++) {
        double rest = 0.0;
        for (size_t to = k; to-- > 0;) {
            rest += to == from ? 0.0 : rate[from * k + to];
        }
        largest = rest > largest ? rest : largest;
    }
    return largest;
}

/** P(K >= j) / P(K = j) = 1 + mean/(j + 1) + mean^2/((j + 1)(j + 2)) + ... */
static double tail_series(double mean, int j)
{
    double sum = 1.0, term = 1.0;
    for (double i = j + 1.0; term > 1e-17 * sum; i += 1.0) {
        term *= mean / i;
        sum += term;
    }
    return sum;
}

/** The ratios downwards from where hardly anybody jumps any more: adding, never subtracting. */
static void fill_jumps(jumps *law, double mean)
{
    law->mean = mean;
    law->top = (int)(mean + 6.0 * sqrt(mean) + 6.0);
    law->tail[law->top] = tail_series(mean, law->top);
    for (int j = law->top; j > 0; j--) {
        law->tail[j - 1] = 1.0 + mean / j * law->tail[j];
    }
}

/** P(K = j | K >= j). */
static double stop_probability(const jumps *law, int j)
{
    return 1.0 / (j <= law->top ? law->tail[j] : tail_series(law->mean, j));
}

/** Those of one class who leave it now go to their targets. */
static void spread(sj_rng *rng, const chain *c, size_t from, int64_t n, int64_t next[],
                   int64_t moves[])
{
    for (size_t to = 0; n > 0; to++) {
        int64_t gone = sj_draw_binomial(rng, n, c->condition[from][to]);
        next[to] += gone;
        n -= gone;
        if (moves != NULL) {
            moves[from * c->k + to] += gone;
        }
    }
}

/** One jump of all who are alive. */
static void jump(sj_rng *rng, const chain *c, int64_t alive[], int64_t moves[])
{
    int64_t next[SJ_CHAIN_MAX] = {0};
    for (size_t i = 0; i < c->k; i++) {
        int64_t leave = sj_draw_binomial(rng, alive[i], c->leave[i]);
        next[i] += alive[i] - leave;
        spread(rng, c, i, leave, next, moves);
    }
    memcpy(alive, next, sizeof next);
}

/** Those who make no further jump go from alive to count; returns how many are left alive. */
static int64_t stop(sj_rng *rng, size_t k, double p, int64_t alive[], int64_t count[])
{
    int64_t left = 0;
    for (size_t i = 0; i < k; i++) {
        int64_t stopped = sj_draw_binomial(rng, alive[i], p);
        count[i] += stopped;
        alive[i] -= stopped;
        left += alive[i];
    }
    return left;
}

/** Those alive have begun to jump. */
static void advance(sj_rng *rng, const chain *c, const jumps *law, int64_t alive[], int64_t count[],
                    int64_t moves[])
{
    int j = 0;
    do {
        jump(rng, c, alive, moves);
        j++;
    } while (stop(rng, c->k, stop_probability(law, j), alive, count) > 0);
}

/** Who does not jump at all is drawn first: of few people, or in a short time, that is often
 * everybody, and nothing else is needed. */
void sj_uniformize(sj_rng *rng, size_t k, const double rate[], double time, int64_t count[],
                   int64_t moves[])
{
    SJ_REQUIRE(k >= 1 && k <= SJ_CHAIN_MAX && time >= 0.0);
    double exit_rate = largest_exit(k, rate), mean = exit_rate * time;
    SJ_REQUIRE(isfinite(mean));
    if (!(mean > 0.0)) {
        return;
    }
    double pieces = ceil(mean / piece_mean), none = exp(-mean / pieces);
    bool is_read = false;
    chain c;
    jumps law;
    for (double i = 0.0; i < pieces; i += 1.0) {
        int64_t alive[SJ_CHAIN_MAX] = {0};
        memcpy(alive, count, k * sizeof count[0]);
        memset(count, 0, k * sizeof count[0]);
        if (stop(rng, k, none, alive, count) == 0) {
            continue;
        }
        if (!is_read) {
            read_chain(&c, k, rate, exit_rate);
            fill_jumps(&law, mean / pieces);
            is_read = true;
        }
        advance(rng, &c, &law, alive, count, moves);
    }
}
