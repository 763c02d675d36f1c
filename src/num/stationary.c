/**
 * @file stationary.c
 * @brief The law a chain reaches in the long run, by elimination without subtraction.
 */
#include "num/uniformize.h"
#include "base/bug.h"
#include <stdbool.h>
#include <string.h>

/** A chain being censored: classes are eliminated one by one, the rest stays a chain. */
typedef struct censored {
    size_t k;
    double rate[SJ_CHAIN_MAX][SJ_CHAIN_MAX];
    bool there[SJ_CHAIN_MAX];
} censored;

/** reach[i] has bit j where a way leads from i to j; every class reaches itself. */
static void find_ways(size_t k, const double rate[], unsigned reach[])
{
    for (size_t i = 0; i < k; i++) {
        reach[i] = 1U << i;
        for (size_t j = 0; j < k; j++) {
            reach[i] |= rate[i * k + j] > 0.0 ? 1U << j : 0U;
        }
    }
    for (size_t via = 0; via < k; via++) {
        for (size_t i = 0; i < k; i++) {
            reach[i] |= (reach[i] >> via & 1U) != 0 ? reach[via] : 0U;
        }
    }
}

/** Is class i in a closed set: does every class it reaches lead back to it? */
static bool is_recurrent(size_t k, const unsigned reach[], size_t i)
{
    for (size_t j = 0; j < k; j++) {
        if ((reach[i] >> j & 1U) != 0 && (reach[j] >> i & 1U) == 0) {
            return false;
        }
    }
    return true;
}

/** Take class i out: ways through it become direct ways. Returns its exit rate before. */
static double eliminate(censored *c, size_t i)
{
    double out = 0.0;
    c->there[i] = false;
    for (size_t j = 0; j < c->k; j++) {
        out += c->there[j] ? c->rate[i][j] : 0.0;
    }
    for (size_t from = 0; from < c->k && out > 0.0; from++) {
        double through = c->rate[from][i] / out;
        for (size_t to = 0; c->there[from] && to < c->k; to++) {
            c->rate[from][to] += c->there[to] && to != from ? through * c->rate[i][to] : 0.0;
        }
    }
    return out;
}

/** Share of one closed set, where `weight` of the people end; adds to share[]. */
static void settle(censored *c, unsigned set, double weight, double share[])
{
    double out[SJ_CHAIN_MAX] = {0.0};
    double mass[SJ_CHAIN_MAX] = {0.0};
    double sum = 0.0;
    for (size_t i = 0; i < c->k; i++) {
        c->there[i] = (set >> i & 1U) != 0;
    }
    for (size_t i = c->k; i-- > 0;) {
        out[i] = c->there[i] ? eliminate(c, i) : 0.0;
    }
    for (size_t i = 0; i < c->k; i++) { /* back, in the opposite order */
        if ((set >> i & 1U) != 0) {
            for (size_t j = 0; j < i; j++) {
                mass[i] += (set >> j & 1U) != 0 ? mass[j] * c->rate[j][i] : 0.0;
            }
            mass[i] = out[i] > 0.0 ? mass[i] / out[i] : 1.0;
            sum += mass[i];
        }
    }
    for (size_t i = 0; i < c->k; i++) {
        share[i] += weight * mass[i] / sum;
    }
}

/** Rates from class 0 straight to the recurrent classes, all other transient ones eliminated. */
static void find_ends(censored *c, unsigned recurrent)
{
    for (size_t i = 0; i < c->k; i++) {
        c->there[i] = true;
    }
    for (size_t i = c->k; i-- > 1;) {
        if ((recurrent >> i & 1U) == 0) {
            (void)eliminate(c, i);
        }
    }
}

void sj_stationary(size_t k, const double rate[], double share[])
{
    SJ_REQUIRE(k >= 1 && k <= SJ_CHAIN_MAX);
    unsigned reach[SJ_CHAIN_MAX];
    unsigned recurrent = 0;
    censored start = {.k = k};
    find_ways(k, rate, reach);
    for (size_t i = 0; i < k; i++) {
        share[i] = 0.0;
        recurrent |= is_recurrent(k, reach, i) ? 1U << i : 0U;
        memcpy(start.rate[i], &rate[i * k], k * sizeof rate[0]);
        start.rate[i][i] = 0.0;
    }
    if ((recurrent & 1U) != 0) {
        settle(&start, reach[0], 1.0, share);
        return;
    }
    find_ends(&start, recurrent);
    double sum = 0.0;
    for (size_t i = 1; i < k; i++) {
        sum += (recurrent >> i & 1U) != 0 ? start.rate[0][i] : 0.0;
    }
    for (size_t i = 1; i < k; i++) {
        if ((recurrent >> i & 1U) != 0 && start.rate[0][i] > 0.0) {
            censored copy = start;
            settle(&copy, reach[i], start.rate[0][i] / sum, share);
        }
    }
}
