#include "io/places.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* Open addressing, linear probing, at most two thirds full. */
typedef struct sji_places_slot {
    const cJSON *node; /* NULL = free */
    sji_place place;
} slot;

sji_source *sji_source_new(const char *name, char *text, size_t length)
{
    sji_source *source = sj_calloc(1, sizeof *source);
    char *copy = sj_strdup(name);
    if (source == NULL || copy == NULL) {
        free(source);
        free(copy);
        free(text);
        return NULL;
    }
    *source = (sji_source){.text = {copy, text, length}, .references = 1};
    return source;
}

/* The source owns what its sji_text borrows for everyone else. */
static void free_owned(const char *text)
{
    free((void *)(uintptr_t)text);
}

void sji_source_release(sji_source *source)
{
    if (source != NULL && --source->references == 0) {
        free_owned(source->text.name);
        free_owned(source->text.text);
        free(source);
    }
}

static size_t home_of(const sji_places *places, const cJSON *node)
{
    uint64_t state = (uint64_t)(uintptr_t)node;
    return (size_t)sj_splitmix64(&state) & (places->capacity - 1);
}

/* Slot of the node, or the free slot where it would stand. */
static size_t find_slot(const sji_places *places, const cJSON *node)
{
    size_t i = home_of(places, node);
    while (places->slot[i].node != NULL && places->slot[i].node != node) {
        i = (i + 1) & (places->capacity - 1);
    }
    return i;
}

static bool make_room(sji_places *places)
{
    if (3 * (places->n + 1) <= 2 * places->capacity) {
        return true;
    }
    sji_places larger = {.n = places->n,
                         .capacity = places->capacity == 0 ? 64 : 2 * places->capacity};
    larger.slot = sj_calloc(larger.capacity, sizeof *larger.slot);
    if (larger.slot == NULL) {
        return false;
    }
    for (size_t i = 0; i < places->capacity; i++) {
        if (places->slot[i].node != NULL) {
            larger.slot[find_slot(&larger, places->slot[i].node)] = places->slot[i];
        }
    }
    free(places->slot);
    *places = larger;
    return true;
}

bool sji_places_set(sji_places *places, const cJSON *node, const sji_place *place)
{
    if (!make_room(places)) {
        return false;
    }
    slot *found = &places->slot[find_slot(places, node)];
    places->n += found->node == NULL ? 1 : 0;
    *found = (slot){node, *place};
    return true;
}

const sji_place *sji_places_get(const sji_places *places, const cJSON *node)
{
    if (places->n == 0) {
        return NULL;
    }
    const slot *found = &places->slot[find_slot(places, node)];
    return found->node == NULL ? NULL : &found->place;
}

void sji_places_remove(sji_places *places, const cJSON *node)
{
    size_t mask = places->capacity - 1;
    size_t hole = places->n == 0 ? 0 : find_slot(places, node);
    if (places->n == 0 || places->slot[hole].node == NULL) {
        return;
    }
    places->n--;
    for (size_t i = (hole + 1) & mask; places->slot[i].node != NULL; i = (i + 1) & mask) {
        size_t home = home_of(places, places->slot[i].node);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            places->slot[hole] = places->slot[i];
            hole = i;
        }
    }
    places->slot[hole].node = NULL;
}

void sji_places_clear(sji_places *places)
{
    free(places->slot);
    memset(places, 0, sizeof *places);
}
