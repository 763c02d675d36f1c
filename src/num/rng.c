/**
 * @file rng.c
 * @brief Philox blocks, whole numbers and the face towards GSL.
 */
#include "num/rng.h"
#include "base/hash.h"
#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <limits.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

__extension__ typedef unsigned __int128 wide;

sj_rng_key sj_rng_key_of(uint64_t seed, uint64_t replication)
{
    uint64_t state = seed;
    state = sj_splitmix64(&state) ^ (replication * UINT64_C(0xd1342543de82ef95));
    uint64_t key = sj_splitmix64(&state);
    return (sj_rng_key){{(uint32_t)key, (uint32_t)(key >> 32)}};
}

/** Make the block the counter stands at, and step on. */
static inline void make_block(sj_rng *rng, uint64_t *first, uint64_t *second)
{
    philox4x32_ctr_t at = {{rng->counter[0]++, rng->counter[1], rng->counter[2], rng->counter[3]}};
    philox4x32_key_t key = {{rng->key.word[0], rng->key.word[1]}};
    philox4x32_ctr_t block = philox4x32_R(10, at, key);
    *first = block.v[0] | (uint64_t)block.v[1] << 32;
    *second = block.v[2] | (uint64_t)block.v[3] << 32;
}

void sj_rng_refill(sj_rng *rng)
{
    make_block(rng, &rng->buffer[1], &rng->buffer[0]);
    SJ_REQUIRE(rng->counter[0] != 0); /* else the numbers would repeat */
    rng->left = 2;
}

#if defined(__SSE2__)
/** Philox4x32 with four blocks side by side: lane x of c[w] is word w of block x, in 64 bits of
 * which the upper 32 are of no account. */
typedef struct lanes {
    __m128i low, high;
} lanes;

static inline lanes lanes_mix(lanes product, lanes word, __m128i key)
{
    return (lanes){_mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product.low, 32), word.low), key),
                   _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product.high, 32), word.high), key)};
}

static inline lanes lanes_times(lanes word, uint32_t factor)
{
    __m128i f = _mm_set1_epi64x(factor);
    return (lanes){_mm_mul_epu32(word.low, f), _mm_mul_epu32(word.high, f)};
}

/** Two words of 32 bits side by side as one of 64, the first below. */
static inline __m128i join(__m128i first, __m128i second)
{
    __m128i lower = _mm_and_si128(first, _mm_set1_epi64x(UINT32_MAX));
    return _mm_or_si128(lower, _mm_slli_epi64(second, 32));
}

/** Store two blocks, of which x holds the first and y the second words of 64 bits. */
static inline void store_two(__m128i x, __m128i y, uint64_t word[4])
{
    _mm_storeu_si128((__m128i *)(void *)word, _mm_unpacklo_epi64(x, y));
    _mm_storeu_si128((__m128i *)(void *)(word + 2), _mm_unpackhi_epi64(x, y));
}

/** Words of four blocks and the key of the round. */
typedef struct four_blocks {
    lanes c[4];
    __m128i key[2];
} four_blocks;

static inline void lanes_round(four_blocks *b)
{
    lanes first = lanes_times(b->c[0], PHILOX_M4x32_0);
    lanes second = lanes_times(b->c[2], PHILOX_M4x32_1);
    b->c[0] = lanes_mix(second, b->c[1], b->key[0]);
    b->c[2] = lanes_mix(first, b->c[3], b->key[1]);
    b->c[1] = second;
    b->c[3] = first;
    b->key[0] = _mm_add_epi64(b->key[0], _mm_set1_epi64x(PHILOX_W32_0));
    b->key[1] = _mm_add_epi64(b->key[1], _mm_set1_epi64x(PHILOX_W32_1));
}

/** The next four blocks, the same words as four times make_block(). */
static void make_four_blocks(sj_rng *rng, uint64_t word[SJ_RNG_BATCH])
{
    four_blocks b;
    uint32_t at = rng->counter[0];
    b.c[0] = (lanes){_mm_set_epi64x(at + 1U, at), _mm_set_epi64x(at + 3U, at + 2U)};
    for (int i = 1; i < 4; i++) {
        b.c[i].low = b.c[i].high = _mm_set1_epi64x(rng->counter[i]);
    }
    b.key[0] = _mm_set1_epi64x(rng->key.word[0]);
    b.key[1] = _mm_set1_epi64x(rng->key.word[1]);
    for (int i = 0; i < 5; i++) { /* two a turn, so nothing is moved about between registers */
        lanes_round(&b);
        lanes_round(&b);
    }
    store_two(join(b.c[0].low, b.c[1].low), join(b.c[2].low, b.c[3].low), word);
    store_two(join(b.c[0].high, b.c[1].high), join(b.c[2].high, b.c[3].high), word + 4);
    rng->counter[0] = at + 4;
}
#else
static void make_four_blocks(sj_rng *rng, uint64_t word[SJ_RNG_BATCH])
{
    for (int i = 0; i < SJ_RNG_BATCH; i += 2) {
        make_block(rng, &word[i], &word[i + 1]);
    }
}
#endif

void sj_rng_fill(sj_rng *rng, size_t n_batches, uint64_t word[])
{
    for (size_t i = 0; i < n_batches; i++) {
        SJ_REQUIRE(rng->counter[0] < UINT32_MAX - 4); /* else the numbers would repeat */
        make_four_blocks(rng, word + i * SJ_RNG_BATCH);
    }
}

uint64_t sj_rng_below(sj_rng *rng, uint64_t n)
{
    SJ_REQUIRE(n >= 1);
    wide product = (wide)sj_rng_next(rng) * n;
    if ((uint64_t)product < n) {
        uint64_t uneven = (0 - n) % n; /* 2^64 mod n low parts come once too often */
        while ((uint64_t)product < uneven) {
            product = (wide)sj_rng_next(rng) * n;
        }
    }
    return (uint64_t)(product >> 64);
}

double sj_rng_normal(sj_rng *rng)
{
    return gsl_cdf_ugaussian_Pinv(sj_rng_uniform_positive(rng));
}

static void gsl_face_set(void *state, unsigned long seed)
{
    sj_rng *rng = state;
    *rng = sj_rng_start(sj_rng_key_of(seed, 0), 0, 0, 0);
}

static unsigned long gsl_face_get(void *state)
{
    return sj_rng_next(state);
}

static double gsl_face_get_double(void *state)
{
    return sj_rng_uniform(state);
}

static const gsl_rng_type gsl_face = {
    .name = "sj_philox4x32_10",
    .max = ULONG_MAX,
    .min = 0,
    .size = sizeof(sj_rng),
    .set = gsl_face_set,
    .get = gsl_face_get,
    .get_double = gsl_face_get_double,
};

const gsl_rng_type *const sj_rng_gsl_type = &gsl_face;
