/**
 * @file tree_room.h
 * @brief Inside of a tree, for the files of this room. Floor 1 (io), private.
 */
#ifndef SJ_IO_TREE_ROOM_H
#define SJ_IO_TREE_ROOM_H
#include "base/mem.h"
#include "io/places.h"
#include "io/tree.h"

struct sj_tree {
    cJSON *root; /* owns */
    sji_places places;
    SJ_VEC(sji_source *) sources; /* holds a reference each */
};

/** @brief Member of an object by its exact name, NULL where none. O(members). */
cJSON *sji_child(const cJSON *object, const char *name);

/** @brief True for a value object: an object with a key "value"; never looked into by a merge. */
bool sji_is_atomic(const cJSON *node);

/** @brief Fill the place of a node (or its key); nothing where it has none. O(1). */
void sji_tree_place_node(const sj_tree *tree, const cJSON *node, bool of_key, sj_err *err);

/** @brief Forget the places of a node and all below it. */
void sji_tree_forget(sj_tree *tree, const cJSON *node);

/** @brief Make the tree hold a source; false when memory ends. */
SJ_MUSTUSE bool sji_tree_hold(sj_tree *tree, sji_source *source);

/** @brief Split off the first segment of a pointer ("/a~1b/c"), unescaped into `segment`. Returns
 * what follows ("/c"), NULL where `pointer` does not begin with "/" or the segment is too long. */
const char *sji_pointer_next(const char *pointer, char *segment, size_t size);

/** @brief Element or member of a node by a segment; NULL where none. */
cJSON *sji_step(const cJSON *node, const char *segment);

enum { SJI_SEGMENT = 512 /* bytes of a key in a pointer */ };
#endif /* SJ_IO_TREE_ROOM_H */
