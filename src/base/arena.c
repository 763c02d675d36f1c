#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t data[];
} chunk;

struct sj_arena {
    chunk *first;
};

enum { CHUNK_BYTES = 32768 };

sj_arena *sj_arena_new(void)
{
    return sj_calloc(1, sizeof(sj_arena));
}

void sj_arena_free(sj_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (chunk *c = arena->first; c != NULL;) {
        chunk *next = c->next;
        free(c);
        c = next;
    }
    free(arena);
}

void *sj_arena_calloc(sj_arena *arena, size_t n, size_t size)
{
    if (size != 0 && n > (size_t)-1 / 2 / size) {
        return NULL;
    }
    size_t align = sizeof(max_align_t);
    size_t bytes = (n * size + align - 1) / align * align;
    chunk *c = arena->first;
    if (c == NULL || c->size - c->used < bytes) {
        size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        c = malloc(sizeof *c + room);
        if (c == NULL) {
            return NULL;
        }
        c->size = room;
        c->used = 0;
        c->next = arena->first;
        arena->first = c;
    }
    char *at = (char *)c->data + c->used;
    c->used += bytes;
    memset(at, 0, bytes);
    return at;
}

char *sj_arena_strdup(sj_arena *arena, const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = sj_arena_calloc(arena, length, 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *sj_arena_printf(sj_arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = length < 0 ? NULL : sj_arena_calloc(arena, (size_t)length + 1, 1);
    if (text != NULL) {
        va_start(args, fmt);
        (void)vsnprintf(text, (size_t)length + 1, fmt, args);
        va_end(args);
    }
    return text;
}
