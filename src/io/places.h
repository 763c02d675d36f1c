/**
 * @file places.h
 * @brief Where the nodes of a tree come from: a map from node to place.
 *
 * Keyed by the address of the node, so a place follows its node through merge,
 * put and remove without any renaming; only looked up, never listed, so no
 * result depends on addresses. Floor 1 (io), private to the tree.
 */
#ifndef SJ_IO_PLACES_H
#define SJ_IO_PLACES_H
#include <cjson/cJSON.h>

#include "io/scan.h"

/** @brief A file (or "command line") that nodes come from; shared by the trees that hold some. */
typedef struct sji_source {
    sji_text text; /* owns name and text; text NULL where there is none */
    int references;
} sji_source;

/** @brief New source with one reference; takes `text` in any case (may be NULL). */
sji_source *sji_source_new(const char *name, char *text, size_t length);

/** @brief Give one reference back; NULL is allowed. */
void sji_source_release(sji_source *source);

typedef struct sji_place {
    sji_source *source; /* borrowed: the tree holds a reference */
    sji_span span;
} sji_place;

typedef struct sji_places {
    struct sji_places_slot *slot;
    size_t n, capacity; /* a power of two, or 0 */
} sji_places;

/** @brief Set the place of a node; false when memory ends. O(1). */
SJ_MUSTUSE bool sji_places_set(sji_places *places, const cJSON *node, const sji_place *place);

/** @brief Place of a node, NULL where it has none. Borrowed until the next change. O(1). */
const sji_place *sji_places_get(const sji_places *places, const cJSON *node);

/** @brief Forget a node. O(1). */
void sji_places_remove(sji_places *places, const cJSON *node);

void sji_places_clear(sji_places *places);
#endif /* SJ_IO_PLACES_H */
