/**
 * @file nomem.h
 * @brief Memory that ends at the n-th allocation. For test programs named *_nomem, which are linked
 * with --wrap=malloc,calloc,realloc; cJSON needs its hooks set to __wrap_malloc. Include once.
 */
#ifndef TESTS_NOMEM_H
#define TESTS_NOMEM_H
#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

/** Allocations to come that succeed; -1 = all. */
static long n_allowed = -1;

/** How many have been denied. */
static long n_denied;

/** Only the n-th fails, those after it succeed. */
static bool only_once;

static bool is_denied(void)
{
    if (n_allowed < 0) {
        return false;
    }
    if (n_allowed == 0) {
        n_allowed = only_once ? -1 : 0;
        n_denied++;
        return true;
    }
    n_allowed--;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return is_denied() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return is_denied() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return is_denied() ? NULL : __real_realloc(old, size);
}
#endif /* TESTS_NOMEM_H */
