/**
 * @file uniformize.h
 * @brief Batched uniformization: n people through a Markov chain for a time, exactly.
 *
 * q = largest exit rate; each person makes K ~ Poisson(q t) jumps of
 * E = I + Q/q. All n are drawn together: how many stop after this jump is
 * binomial with P(K = k | K >= k), the rest move by the rows of E, until
 * nobody is left. The law of the end state is expm(Q t) exactly and every
 * transition is counted. Source: Jensen (1953); model.md 4.0. Floor 1 (num).
 */
#ifndef SJ_NUM_UNIFORMIZE_H
#define SJ_NUM_UNIFORMIZE_H
#include "num/rng.h"
#include <stddef.h>
#include <stdint.h>

enum { SJ_CHAIN_MAX = 8 /* classes of one chain */ };

/**
 * @brief Advance the counts of one chain. A chain whose rates are all 0 stays as it is and draws
 * nothing. No allocation. Costs a few k binomials for each of the jumps somebody makes, at most
 * about q t + 6 sqrt(q t) of them; a time with q t > 32 is cut into equal pieces, which leaves the
 * law.
 * @param[in]     rate     k x k row-major, rate[from * k + to] per unit of time, >= 0; the diagonal
 *                         is ignored. k <= SJ_CHAIN_MAX.
 * @param[in]     time     >= 0, in the unit of the rates.
 * @param[in,out] count    k counts, their sum is kept.
 * @param[in,out] moves    k x k transitions made are added here; NULL = not wanted.
 */
void sj_uniformize(sj_rng *rng, size_t k, const double rate[], double time, int64_t count[],
                   int64_t moves[]);

/** @brief Stationary law of the chain into share[k] (sum 1); all in class 0 where no rate is
 * positive. Where the chain falls apart it is where people who start in class 0 end in the long
 * run: classes that class 0 does not reach, or that it leaves for good, have share 0. Dense
 * elimination (Grassmann, Taksar and Heyman 1985), no subtraction, so small shares keep their
 * digits. */
void sj_stationary(size_t k, const double rate[], double share[]);
#endif /* SJ_NUM_UNIFORMIZE_H */
