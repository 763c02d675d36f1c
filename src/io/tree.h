/**
 * @file tree.h
 * @brief A scenario as text becomes a tree whose every node knows its place.
 *
 * One pass of our own scanner checks what cJSON lets pass (grammar of RFC 8259
 * to the letter, duplicate keys, trailing text, depth above 64, 1e999, lone
 * surrogates, UTF-8) and notes file, line and column of every key and value by
 * JSON pointer (RFC 6901); cJSON then builds the tree. Trees compose:
 * merge patch (RFC 7396), except that arrays and value objects (objects with a
 * key "value") are replaced whole. Load trees before threads start: cJSON
 * keeps a global error. Floor 1 (io).
 */
#ifndef SJ_IO_TREE_H
#define SJ_IO_TREE_H
#include "base/err.h"
#include <cjson/cJSON.h>

typedef struct sj_tree sj_tree;

/** @brief Parse a text; `source` names it in messages. All problems go to `problems`; *out is new
 * (release with sj_tree_free) or NULL. */
SJ_MUSTUSE sj_status sj_tree_parse(sj_tree **out, const char *source, const char *text,
                                   size_t length, sj_problems *problems);

/** @brief Read and parse a file ("-" = standard input), then resolve its `extends` (a path beside
 * the file; depth 8, no circle) by merging the file into what it extends; /extends is removed. */
SJ_MUSTUSE sj_status sj_tree_load(sj_tree **out, const char *path, sj_problems *problems);
void sj_tree_free(sj_tree *tree);

/** @brief Root and node at a pointer ("" = root; "~0" and "~1" are escapes); NULL where none.
 * Borrowed until the tree changes. */
cJSON *sj_tree_root(sj_tree *tree);
cJSON *sj_tree_at(sj_tree *tree, const char *pointer);

/** @brief Merge `patch` into `tree` at `pointer` ("" = the root); null deletes; places follow. */
SJ_MUSTUSE sj_status sj_tree_merge(sj_tree *tree, const char *pointer, sj_tree *patch, sj_err *err);

/** @brief Put a node (the tree takes it) at a pointer whose parent exists or is made (objects);
 * its place is source:line:column for it and all below it. */
SJ_MUSTUSE sj_status sj_tree_put(sj_tree *tree, const char *pointer, cJSON *node,
                                 const char *source, int line, int column, sj_err *err);

/** @brief Remove what stands at a pointer; false if nothing does. */
bool sj_tree_remove(sj_tree *tree, const char *pointer);

/** @brief `--set POINTER=JSON`: an existing collection or key is asked for (SJ_E_POINTER with a
 * suggestion otherwise where the parent does not exist). Text that is no JSON is a string. A
 * number is stored as {"value", "mark": "A", "source": "command line"}; source "command line". */
SJ_MUSTUSE sj_status sj_tree_set(sj_tree *tree, const char *assignment, sj_problems *problems);

/** @brief Fill source, line, column, length, excerpt of *err for the value (or its key) at a
 * pointer; the nearest known ancestor where the pointer itself has no place. */
void sj_tree_place(const sj_tree *tree, const char *pointer, bool of_key, sj_err *err);

/** @brief File that the value at a pointer came from ("" where unknown); borrowed. */
const char *sj_tree_source(const sj_tree *tree, const char *pointer);

/** @brief The whole tree as indented JSON, numbers with the fewest digits that read back the
 * same. Returns new text, NULL when memory ends. */
char *sj_tree_print(sj_tree *tree);

/** @brief Append "/" and an escaped segment to a pointer text of `size` bytes; cut if too long. */
void sj_pointer_append(char *pointer, size_t size, const char *segment);
#endif /* SJ_IO_TREE_H */
