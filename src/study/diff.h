/**
 * @file diff.h
 * @brief What differs between two scenarios, pointer by pointer.
 *
 * Both are compared as they are played: `extends`, policies and tables in files
 * of their own, --with and --set are in place. Collections go by id, so that
 * order does not matter; arrays are one value; a value and its evidence (mark,
 * source, range, note) are one line. A bare number is {"value", "mark": "A"}.
 * Lines come in the order of the first scenario, what it lacks after its
 * siblings. Floor 6 (study).
 */
#ifndef SJ_STUDY_DIFF_H
#define SJ_STUDY_DIFF_H
#include "base/mem.h"
#include "world/world.h"

typedef struct sj_change {
    char kind;     /* '~' changed, '-' only in the first, '+' only in the second */
    char *pointer; /* own; RFC 6901 */
    char *a, *b;   /* own; the values as JSON, NULL where there is none */
    char *about;   /* own; "mark V -> A; source census -> none" of what changed beside the value,
                      "" where nothing did */
} sj_change;

typedef SJ_VEC(sj_change) sj_changes;

/** @brief Compare two trees. Neither is changed. Release with sj_changes_clear(). */
SJ_MUSTUSE sj_status sj_diff_trees(sj_changes *out, sj_tree *a, sj_tree *b, sj_err *err);

/** @brief Compare two worlds. Series of drivers are compared by what they hold, whatever their
 * files are called; the tree of `b` is edited for that. */
SJ_MUSTUSE sj_status sj_diff_worlds(sj_changes *out, sj_world *a, sj_world *b, sj_err *err);
void sj_changes_clear(sj_changes *changes);
#endif /* SJ_STUDY_DIFF_H */
