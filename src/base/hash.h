/**
 * @file hash.h
 * @brief FNV-1a-64 of texts, and splitmix64. Floor 0 (base).
 *
 * sj_hash_text(sj_hash_text(SJ_HASH_START, "a/"), "b") is the hash of "a/b".
 */
#ifndef SJ_BASE_HASH_H
#define SJ_BASE_HASH_H
#include <stdint.h>

#define SJ_HASH_START UINT64_C(14695981039346656037)

/** @brief Continue an FNV-1a-64 hash over one byte. */
static inline uint64_t sj_hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(1099511628211);
}

/** @brief Continue an FNV-1a-64 hash over a NUL-terminated text. */
static inline uint64_t sj_hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = sj_hash_byte(hash, (unsigned char)*text);
    }
    return hash;
}

/** @brief Next output of splitmix64 (Steele, Lea and Flood 2014); advances *state. */
static inline uint64_t sj_splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
#endif /* SJ_BASE_HASH_H */
