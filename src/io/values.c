#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "io/keys_room.h"

/* Slots hold 2 * row + (0 = by its pointer, 1 = by its alias), -1 = free. */
struct sj_values {
    SJ_VEC(sj_value) rows;
    SJ_VEC(const char *) aliases; /* of each row, NULL where none */
    sj_arena *arena;              /* pointers and aliases */
    int64_t *slot;
    size_t n_slots, n_used; /* n_slots a power of two, or 0 */
};

sj_values *sj_values_new(void)
{
    sj_values *values = sj_calloc(1, sizeof *values);
    if (values != NULL) {
        values->arena = sj_arena_new();
    }
    if (values != NULL && values->arena == NULL) {
        free(values);
        return NULL;
    }
    return values;
}

void sj_values_free(sj_values *values)
{
    if (values == NULL) {
        return;
    }
    sj_vec_clear(&values->rows);
    sj_vec_clear(&values->aliases);
    sj_arena_free(values->arena);
    free(values->slot);
    free(values);
}

size_t sj_values_length(const sj_values *values)
{
    return values->rows.n;
}

const sj_value *sj_values_row(const sj_values *values, sj_val index)
{
    return &values->rows.at[index];
}

static const char *text_of(const sj_values *values, int64_t entry)
{
    size_t row = (size_t)(entry / 2);
    return entry % 2 == 0 ? values->rows.at[row].pointer : values->aliases.at[row];
}

/* Slot that holds the text, or the free one where it would stand. */
static size_t find_slot(const sj_values *values, const char *text)
{
    size_t i = (size_t)sj_hash_text(SJ_HASH_START, text) & (values->n_slots - 1);
    while (values->slot[i] >= 0 && strcmp(text_of(values, values->slot[i]), text) != 0) {
        i = (i + 1) & (values->n_slots - 1);
    }
    return i;
}

static bool grow_slots(sj_values *values)
{
    if (2 * (values->n_used + 1) <= values->n_slots) {
        return true;
    }
    size_t n = values->n_slots == 0 ? 64 : 2 * values->n_slots;
    int64_t *old = values->slot, *grown = sj_calloc(n, sizeof *grown);
    size_t n_old = values->n_slots;
    if (grown == NULL) {
        return false;
    }
    memset(grown, -1, n * sizeof *grown);
    values->slot = grown;
    values->n_slots = n;
    for (size_t i = 0; i < n_old; i++) {
        if (old[i] >= 0) {
            grown[find_slot(values, text_of(values, old[i]))] = old[i];
        }
    }
    free(old);
    return true;
}

/* The first of two equal texts stays. There is room. */
static void enter(sj_values *values, const char *text, int64_t entry)
{
    size_t i = find_slot(values, text);
    if (values->slot[i] < 0) {
        values->slot[i] = entry;
        values->n_used++;
    }
}

sj_val sji_values_push(sj_values *values, const sj_value *row)
{
    if (values->rows.n >= INT32_MAX || !grow_slots(values) ||
        !sj_grow((void **)&values->aliases.at, &values->aliases.capacity, values->rows.n + 1,
                 sizeof *values->aliases.at)) {
        return SJ_NO_VALUE;
    }
    sj_value copy = *row;
    copy.pointer = sj_arena_strdup(values->arena, row->pointer);
    if (copy.pointer == NULL || !sj_vec_push(&values->rows, copy)) {
        return SJ_NO_VALUE;
    }
    values->aliases.at[values->aliases.n++] = NULL;
    sj_val index = (sj_val)values->rows.n - 1;
    enter(values, copy.pointer, 2 * (int64_t)index);
    return index;
}

bool sji_values_alias(sj_values *values, sj_val index, const char *alias)
{
    if (!grow_slots(values)) {
        return false;
    }
    const char *copy = sj_arena_strdup(values->arena, alias);
    if (copy == NULL) {
        return false;
    }
    values->aliases.at[index] = copy;
    enter(values, copy, 2 * (int64_t)index + 1);
    return true;
}

sj_val sj_values_add(sj_values *values, const char *pointer, const sj_key *key, double base)
{
    sj_value row = {.pointer = pointer, .key = key, .base = base, .mark = 'D', .law = SJ_LAW_FIXED};
    return sji_values_push(values, &row);
}

sj_val sj_values_add_uniform(sj_values *values, const char *pointer, double low, double high)
{
    sj_value row = {.pointer = pointer,
                    .base = (low + high) / 2,
                    .mark = 'A',
                    .law = low < high ? SJ_LAW_UNIFORM : SJ_LAW_FIXED,
                    .a = low,
                    .b = high};
    return sji_values_push(values, &row);
}

sj_val sj_values_find(const sj_values *values, const char *pointer)
{
    if (values->n_slots == 0) {
        return SJ_NO_VALUE;
    }
    int64_t entry = values->slot[find_slot(values, pointer)];
    return entry < 0 ? SJ_NO_VALUE : (sj_val)(entry / 2);
}

static size_t segment_length(const char *at)
{
    return strcspn(at, "/");
}

/* One of the alternatives of "{a,b}" (length with its braces) equals the segment. */
static bool matches_braces(const char *pattern, size_t length, const char *segment, size_t n)
{
    const char *at = pattern + 1, *end = pattern + length - 1;
    while (at <= end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t width = (size_t)((comma == NULL ? end : comma) - at);
        if (width == n && memcmp(at, segment, n) == 0) {
            return true;
        }
        at += width + 1;
    }
    return false;
}

static bool matches_segment(const char *pattern, size_t length, const char *segment, size_t n)
{
    if (length == 1 && pattern[0] == '*') {
        return true;
    }
    if (length >= 2 && pattern[0] == '{' && pattern[length - 1] == '}') {
        return matches_braces(pattern, length, segment, n);
    }
    return length == n && memcmp(pattern, segment, n) == 0;
}

static bool matches(const char *pattern, const char *pointer)
{
    while (*pattern == '/' && *pointer == '/') {
        size_t length = segment_length(++pattern), n = segment_length(++pointer);
        if (!matches_segment(pattern, length, pointer, n)) {
            return false;
        }
        pattern += length;
        pointer += n;
    }
    return *pattern == '\0' && *pointer == '\0';
}

static bool row_matches(const sj_values *values, size_t i, const char *pattern)
{
    const char *alias = values->aliases.at[i];
    return matches(pattern, values->rows.at[i].pointer) ||
           (alias != NULL && matches(pattern, alias));
}

/* Make room for `more` indices behind those of `out`; false when memory ends. */
static bool extend_refs(sj_refs *out, size_t more, sj_arena *arena)
{
    int *at = sj_arena_calloc(arena, out->n + more, sizeof *at);
    if (at == NULL) {
        return false;
    }
    if (out->n > 0) {
        memcpy(at, out->at, out->n * sizeof *at);
    }
    out->at = at;
    return true;
}

size_t sj_values_match(const sj_values *values, const char *pattern, sj_refs *out, sj_arena *arena)
{
    if (strpbrk(pattern, "*{") == NULL) {
        sj_val index = sj_values_find(values, pattern);
        if (index == SJ_NO_VALUE || !extend_refs(out, 1, arena)) {
            return 0;
        }
        out->at[out->n++] = index;
        return 1;
    }
    size_t n = 0;
    for (size_t i = 0; i < values->rows.n; i++) {
        n += row_matches(values, i, pattern) ? 1 : 0;
    }
    if (n == 0 || !extend_refs(out, n, arena)) {
        return 0;
    }
    for (size_t i = 0; i < values->rows.n; i++) {
        if (row_matches(values, i, pattern)) {
            out->at[out->n++] = (int)i;
        }
    }
    return n;
}
