/**
 * @file rng.h
 * @brief Random numbers of one decision: Philox4x32-10, counted, never shared.
 *
 * Key = splitmix64(seed, replication); counter = (block, day x 4096 + ordinal,
 * FNV-1a-64 of the decision's name). Every decision (one process, one entity,
 * one instant) starts its own counter, so nothing that happens elsewhere
 * shifts its numbers: common random numbers across scenarios come by
 * themselves. A generator is plain storage; starting one costs nothing, the
 * first block (two words of 64 bits) is made when the first number is drawn.
 * A decision may draw somewhat fewer than 2^33 words; more is a programmer error.
 * Source: Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3".
 * Floor 1 (num).
 */
#ifndef SJ_NUM_RNG_H
#define SJ_NUM_RNG_H
#include "base/bug.h"
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

/** @brief Key of one replication. */
typedef struct sj_rng_key {
    uint32_t word[2];
} sj_rng_key;

/** @brief Generator of one decision; copy freely. */
typedef struct sj_rng {
    sj_rng_key key;
    uint32_t counter[4]; /* block, day x 4096 + ordinal, hash low, hash high */
    uint64_t buffer[2];  /* the last block, in order of reading from the end */
    unsigned left;       /* unread words of the buffer */
} sj_rng;

enum { SJ_RNG_ORDINALS = 4096, SJ_RNG_DAYS = 1 << 20, SJ_RNG_BATCH = 8 };

/**
 * @brief Key of replication `replication` (0-based) under `seed`.
 *
 * With S(x) the first output of splitmix64 started at state x, the key is
 * S(S(seed) ^ (replication x 0xd1342543de82ef95 mod 2^64)), low word first.
 * S is a bijection and the factor is odd, so the keys of all 2^64 replications
 * of a seed differ from each other.
 */
sj_rng_key sj_rng_key_of(uint64_t seed, uint64_t replication);

/** @brief Make the next block and put it into the empty buffer. For sj_rng_next(). */
void sj_rng_refill(sj_rng *rng);

/** @brief n_batches x SJ_RNG_BATCH words from the next whole blocks, in their order: quicker a word
 * than sj_rng_next(). A word still unread in the buffer stays there and is read later. */
void sj_rng_fill(sj_rng *rng, size_t n_batches, uint64_t word[]);

/** @brief Start the generator of the decision `hash` on a day of the run; 0 <= ordinal < 4096,
 * 0 <= day < 2^20. */
static inline sj_rng sj_rng_start(sj_rng_key key, uint64_t hash, uint32_t day, uint32_t ordinal)
{
    SJ_REQUIRE(ordinal < SJ_RNG_ORDINALS && day < SJ_RNG_DAYS);
    sj_rng rng = {
        .key = key,
        .counter = {0, day * SJ_RNG_ORDINALS + ordinal, (uint32_t)hash, (uint32_t)(hash >> 32)}};
    return rng;
}

/** @brief Next 64 random bits. */
static inline uint64_t sj_rng_next(sj_rng *rng)
{
    if (rng->left == 0) {
        sj_rng_refill(rng);
    }
    return rng->buffer[--rng->left];
}

/** @brief Uniform on [0, 1) with 53 bits. */
static inline double sj_rng_uniform(sj_rng *rng)
{
    return (double)(sj_rng_next(rng) >> 11) * 0x1p-53;
}

/** @brief Uniform on the open interval (0, 1): never 0, so its logarithm is finite; 52 bits and a
 * half, so u and 1 - u are both possible and equally likely. */
static inline double sj_rng_uniform_positive(sj_rng *rng)
{
    return ((double)(sj_rng_next(rng) >> 12) + 0.5) * 0x1p-52;
}

/** @brief Uniform integer on 0 ... n - 1, exactly (Lemire 2019); n >= 1. */
uint64_t sj_rng_below(sj_rng *rng, uint64_t n);

/** @brief Exponential with mean 1: one number, falling in its uniform. */
static inline double sj_rng_exponential(sj_rng *rng)
{
    return -log(sj_rng_uniform_positive(rng));
}

/** @brief Standard normal by inversion (Wichura 1988): one number, rising in its uniform. */
double sj_rng_normal(sj_rng *rng);

/** @brief The same stream as a gsl_rng_type; `gsl_rng_set` sets the key from (seed, 0) and starts
 * at hash 0, day 0, ordinal 0. Uniforms have 53 bits. */
extern const gsl_rng_type *const sj_rng_gsl_type;
#endif /* SJ_NUM_RNG_H */
