/**
 * @file mem.h
 * @brief Allocation with overflow checks, and growable vectors.
 *
 * Everything is released with free(). Memory ending is a normal failure: the
 * functions return NULL or false and leave the old storage as it was.
 * Floor 0 (base).
 */
#ifndef SJ_BASE_MEM_H
#define SJ_BASE_MEM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/** @brief n * size zeroed bytes, NULL when memory ends or the product overflows; n = 0 gives a
 * pointer that may be freed. */
void *sj_calloc(size_t n, size_t size);

/** @brief realloc to n * size bytes with the same rules; the old block stays valid on failure. */
void *sj_reallocarray(void *old, size_t n, size_t size);

/** @brief New copy of a text, or of its first `length` bytes. Returns new. */
char *sj_strdup(const char *text);
char *sj_strndup(const char *text, size_t length);

/** @brief Make room for `need` elements in a block of *capacity; grows by half at least. */
bool sj_grow(void **block, size_t *capacity, size_t need, size_t size);

/** @brief A growable vector: `SJ_VEC(int) v = {0};`, elements at v.at[0] ... v.at[v.n - 1]. */
#define SJ_VEC(type)                                                                               \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t n, capacity;                                                                        \
    }

/** @brief Append a value; false (and the vector as it was) when memory ends. */
#define sj_vec_push(vec, value)                                                                    \
    (sj_grow((void **)&(vec)->at, &(vec)->capacity, (vec)->n + 1, sizeof *(vec)->at)               \
         ? ((vec)->at[(vec)->n++] = (value), true)                                                 \
         : false)

/** @brief Release the elements; the vector is empty and usable afterwards. */
#define sj_vec_clear(vec) (free((vec)->at), (vec)->at = NULL, (vec)->n = 0, (vec)->capacity = 0)
/** @brief Exchange two values of a type. */
#define SJ_SWAP(type, a, b)                                                                        \
    do {                                                                                           \
        type sj_swap_kept = (a);                                                                   \
        (a) = (b);                                                                                 \
        (b) = sj_swap_kept;                                                                        \
    } while (0)
#endif /* SJ_BASE_MEM_H */
