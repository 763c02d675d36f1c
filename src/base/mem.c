#include "base/mem.h"

#include <stdint.h>
#include <string.h>

void *sj_calloc(size_t n, size_t size)
{
    return calloc(n == 0 ? 1 : n, size == 0 ? 1 : size);
}

void *sj_reallocarray(void *old, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        return NULL;
    }
    size_t bytes = n * size;
    return realloc(old, bytes == 0 ? 1 : bytes);
}

char *sj_strndup(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *sj_strdup(const char *text)
{
    return sj_strndup(text, strlen(text));
}

bool sj_grow(void **block, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) {
        return true;
    }
    size_t larger = *capacity + *capacity / 2 + 4;
    if (larger < need) {
        larger = need;
    }
    void *grown = sj_reallocarray(*block, larger, size);
    if (grown == NULL) {
        return false;
    }
    *block = grown;
    *capacity = larger;
    return true;
}
