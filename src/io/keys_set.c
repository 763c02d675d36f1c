#include <stdio.h>
#include <string.h>

#include "io/keys_room.h"

/* {key: copy of the node} at the place of the node. */
static sj_status write_out(sj_tree *tree, const char *pointer, const sj_key *row, const cJSON *node,
                           sj_err *err)
{
    sj_err place = {0};
    cJSON *object = cJSON_CreateObject(), *copy = cJSON_Duplicate(node, true);
    if (object == NULL || copy == NULL || !cJSON_AddItemToObject(object, row->name, copy)) {
        cJSON_Delete(object);
        cJSON_Delete(copy);
        return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
    }
    sji_tree_place_node(tree, node, false, &place);
    return sj_tree_put(tree, pointer, object, place.source, place.line, place.column, err);
}

/* Make what stands at a pointer an object that can take members, where the tables have an object
 * there; but an item of a map is not made. */
static sj_status open_object(const sj_key_table *table, sj_tree *tree, const char *pointer,
                             sj_err *err)
{
    sji_address address = sji_find(table, pointer);
    const cJSON *node = sj_tree_at(tree, pointer);
    if (address.table == NULL || sji_is_object_of(address.table, node)) {
        return SJ_OK;
    }
    if (node == NULL) {
        cJSON *object = address.is_item ? NULL : cJSON_CreateObject();
        return address.is_item
                   ? SJ_OK
                   : sj_tree_put(tree, pointer, object, SJ_SOURCE_COMMAND_LINE, 0, 0, err);
    }
    const sj_key *meant = sji_shorthand(address.table, node);
    return meant == NULL ? SJ_OK : write_out(tree, pointer, meant, node, err);
}

/* The objects above what a pointer names, from the root down, as long as they stand. */
static sj_status open_way(const sj_key_table *table, sj_tree *tree, char *pointer, sj_err *err)
{
    char segment[SJI_SEGMENT];
    const char *rest = sji_pointer_next(pointer, segment, sizeof segment);
    while (rest != NULL && rest[0] != '\0') {
        char *end = pointer + (rest - pointer);
        *end = '\0';
        sj_status st = open_object(table, tree, pointer, err);
        bool is_there = sj_tree_at(tree, pointer) != NULL;
        *end = '/';
        if (st != SJ_OK || !is_there) {
            return st;
        }
        rest = sji_pointer_next(rest, segment, sizeof segment);
    }
    return SJ_OK;
}

sj_status sj_keys_set(const sj_key_table *table, sj_tree *tree, const char *assignment,
                      sj_problems *problems)
{
    sj_err err;
    size_t length = strcspn(assignment, "=");
    bool is_text = sji_utf8_valid(assignment, length) == length;
    char *pointer = sj_strndup(assignment, length);
    sj_status st = pointer == NULL ? SJ_FAIL(&err, SJ_E_NOMEM, "", "out of memory") : SJ_OK;
    if (pointer != NULL && is_text) {
        st = open_way(table, tree, pointer, &err);
    }
    free(pointer);
    if (st != SJ_OK) {
        (void)snprintf(err.source, sizeof err.source, SJ_SOURCE_COMMAND_LINE);
        sj_problems_add(problems, &err);
        return st;
    }
    return sj_tree_set(tree, assignment, problems);
}
