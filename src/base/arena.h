/**
 * @file arena.h
 * @brief Storage that lives and dies together. Floor 0 (base).
 */
#ifndef SJ_BASE_ARENA_H
#define SJ_BASE_ARENA_H
#include <stddef.h>

typedef struct sj_arena sj_arena;

/** @brief New empty arena, NULL when memory ends; sj_arena_free releases all that came from it. */
sj_arena *sj_arena_new(void);
void sj_arena_free(sj_arena *arena);

/** @brief Zeroed storage for n elements, aligned for any type; NULL when memory ends. */
void *sj_arena_calloc(sj_arena *arena, size_t n, size_t size);

/** @brief Copy of a text in the arena, NULL when memory ends. */
char *sj_arena_strdup(sj_arena *arena, const char *text);
char *sj_arena_printf(sj_arena *arena, const char *fmt, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
#endif /* SJ_BASE_ARENA_H */
