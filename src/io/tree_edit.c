#include <stdio.h>
#include <string.h>

#include "io/format.h"
#include "io/tree_room.h"

void sji_tree_forget(sj_tree *tree, const cJSON *node)
{
    sji_places_remove(&tree->places, node);
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        sji_tree_forget(tree, child);
    }
}

static void delete_node(sj_tree *tree, cJSON *node)
{
    sji_tree_forget(tree, node);
    cJSON_Delete(node);
}

/* Put a node in the stead of a child; it inherits the key. No allocation. */
static void replace_child(sj_tree *tree, cJSON *parent, cJSON *old, cJSON *node)
{
    char *key = old->string;
    int owner = (old->type ^ node->type) & cJSON_StringIsConst;
    old->string = node->string;
    node->string = key;
    old->type ^= owner;
    node->type ^= owner;
    sji_tree_forget(tree, old);
    (void)cJSON_ReplaceItemViaPointer(parent, old, node);
}

/* Members of an object by name, so that a large merge is not quadratic. A name lives on when its
 * node is replaced (the key moves on), and nodes that are deleted wait until the merge is over. */
typedef struct member {
    const char *name;
    cJSON *node;
} member;

typedef struct member_index {
    member *at;
    size_t n;
} member_index;

static int compare_members(const void *left, const void *right)
{
    const member *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static bool index_members(member_index *index, const cJSON *object)
{
    size_t n = 0;
    for (const cJSON *child = object->child; child != NULL; child = child->next) {
        n++;
    }
    index->n = 0;
    index->at = sj_calloc(n, sizeof *index->at);
    if (index->at == NULL) {
        return false;
    }
    for (cJSON *child = object->child; child != NULL; child = child->next) {
        index->at[index->n++] = (member){child->string, child};
    }
    qsort(index->at, n, sizeof *index->at, compare_members);
    return true;
}

static cJSON *indexed_member(const member_index *index, const char *name)
{
    size_t low = 0, high = index->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, index->at[middle].name);
        if (order == 0) {
            return index->at[middle].node;
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

/* Copy the place of a node of the patch, and of all below it, to its copy. */
static bool copy_places(sj_tree *tree, const cJSON *copy, const sj_tree *patch, const cJSON *node)
{
    const sji_place *place = sji_places_get(&patch->places, node);
    if (place != NULL && !sji_places_set(&tree->places, copy, place)) {
        return false;
    }
    const cJSON *below = node->child;
    for (const cJSON *child = copy->child; child != NULL && below != NULL; child = child->next) {
        if (!copy_places(tree, child, patch, below)) {
            return false;
        }
        below = below->next;
    }
    return true;
}

/* A copy of a node of the patch with its places; objects are copied empty, to be merged into. */
static cJSON *copy_node(sj_tree *tree, const sj_tree *patch, const cJSON *node, bool is_merged)
{
    cJSON *copy = cJSON_Duplicate(node, !is_merged);
    const sji_place *place = sji_places_get(&patch->places, node);
    if (copy == NULL) {
        return NULL;
    }
    bool is_placed = is_merged ? place == NULL || sji_places_set(&tree->places, copy, place)
                               : copy_places(tree, copy, patch, node);
    if (!is_placed) {
        delete_node(tree, copy);
        return NULL;
    }
    return copy;
}

static bool merge_object(sj_tree *tree, cJSON *target, const sj_tree *patch, const cJSON *source);

static bool add_member(sj_tree *tree, cJSON *object, const char *name, cJSON *node)
{
    if (!cJSON_AddItemToObject(object, name, node)) {
        delete_node(tree, node);
        return false;
    }
    return true;
}

/* Take a member out of its object; it is deleted when the merge of the object is over. */
static void doom(sj_tree *tree, cJSON *object, cJSON *node, cJSON **doomed)
{
    sji_tree_forget(tree, node);
    (void)cJSON_DetachItemViaPointer(object, node);
    node->next = *doomed;
    *doomed = node;
}

/* Merge one member that is not null; `old` is what stands there, or NULL. */
static bool merge_member(sj_tree *tree, cJSON *target, cJSON *old, const sj_tree *patch,
                         const cJSON *node)
{
    bool is_merged = cJSON_IsObject(node) && !sji_is_atomic(node);
    if (is_merged && cJSON_IsObject(old) && !sji_is_atomic(old)) {
        return merge_object(tree, old, patch, node);
    }
    cJSON *copy = copy_node(tree, patch, node, is_merged);
    if (copy == NULL) {
        return false;
    }
    if (old != NULL) {
        replace_child(tree, target, old, copy);
    } else if (!add_member(tree, target, node->string, copy)) {
        return false;
    }
    return !is_merged || merge_object(tree, copy, patch, node);
}

/* RFC 7396, but for value objects, which are replaced whole. O(n log n). */
static bool merge_object(sj_tree *tree, cJSON *target, const sj_tree *patch, const cJSON *source)
{
    member_index index;
    cJSON *doomed = NULL;
    if (!index_members(&index, target)) {
        return false;
    }
    bool is_good = true;
    for (const cJSON *node = source->child; is_good && node != NULL; node = node->next) {
        cJSON *old = indexed_member(&index, node->string);
        if (!cJSON_IsNull(node)) {
            is_good = merge_member(tree, target, old, patch, node);
        } else if (old != NULL) {
            doom(tree, target, old, &doomed);
        }
    }
    cJSON_Delete(doomed);
    free(index.at);
    return is_good;
}

/* Put a node at a child of `parent`, in the stead of what stands there. Takes it on success. */
static sj_status put_child(sj_tree *tree, cJSON *parent, const char *segment, const char *pointer,
                           cJSON *node, sj_err *err)
{
    cJSON *old = sji_step(parent, segment);
    if (old != NULL) {
        replace_child(tree, parent, old, node);
        return SJ_OK;
    }
    if (cJSON_IsArray(parent)) {
        char end[24];
        (void)snprintf(end, sizeof end, "%d", cJSON_GetArraySize(parent));
        if (strcmp(segment, end) != 0 && strcmp(segment, "-") != 0) {
            return SJ_FAIL(err, SJ_E_POINTER, pointer, "the list has only %s elements", end);
        }
        (void)cJSON_AddItemToArray(parent, node);
        return SJ_OK;
    }
    if (!cJSON_AddItemToObject(parent, segment, node)) {
        return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
    }
    return SJ_OK;
}

static bool is_parent(const cJSON *node)
{
    return cJSON_IsArray(node) || (cJSON_IsObject(node) && !sji_is_atomic(node));
}

/* Next node on the way to a parent, made as an empty object with that place where it is missing. */
static sj_status step_or_make(sj_tree *tree, cJSON **node, const char *segment, const char *pointer,
                              const sji_place *place, sj_err *err)
{
    cJSON *child = sji_step(*node, segment);
    if (child == NULL) {
        child = cJSON_CreateObject();
        if (child == NULL || !sji_places_set(&tree->places, child, place)) {
            cJSON_Delete(child);
            return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
        }
        sj_status st = put_child(tree, *node, segment, pointer, child, err);
        if (st != SJ_OK) {
            delete_node(tree, child);
            return st;
        }
    }
    *node = child;
    return SJ_OK;
}

static sj_status check_pointer(const char *pointer, sj_err *err)
{
    char segment[SJI_SEGMENT];
    int n = 0;
    for (const char *rest = pointer; rest[0] != '\0'; n++) {
        rest = sji_pointer_next(rest, segment, sizeof segment);
        if (rest == NULL) {
            return SJ_FAIL(err, SJ_E_POINTER, pointer,
                           "a pointer begins with \"/\" and has keys below %d bytes", SJI_SEGMENT);
        }
    }
    if (n > SJI_DEPTH) {
        return SJ_FAIL(err, SJ_E_DEPTH, pointer, "a pointer has at most %d segments", SJI_DEPTH);
    }
    return SJ_OK;
}

/* Put a node whose places are set; takes it on success. */
static sj_status put_placed(sj_tree *tree, const char *pointer, cJSON *node, const sji_place *place,
                            sj_err *err)
{
    char segment[SJI_SEGMENT];
    SJ_TRY(check_pointer(pointer, err));
    if (pointer[0] == '\0') {
        delete_node(tree, tree->root);
        tree->root = node;
        return SJ_OK;
    }
    cJSON *parent = tree->root;
    const char *rest = sji_pointer_next(pointer, segment, sizeof segment);
    for (;; rest = sji_pointer_next(rest, segment, sizeof segment)) {
        if (!is_parent(parent)) {
            return SJ_FAIL(err, SJ_E_POINTER, pointer, "only objects and lists have members");
        }
        if (rest[0] == '\0') {
            return put_child(tree, parent, segment, pointer, node, err);
        }
        SJ_TRY(step_or_make(tree, &parent, segment, pointer, place, err));
    }
}

static bool set_places(sj_tree *tree, const cJSON *node, const sji_place *place)
{
    if (!sji_places_set(&tree->places, node, place)) {
        return false;
    }
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        if (!set_places(tree, child, place)) {
            return false;
        }
    }
    return true;
}

/* Source of that name, held by the tree; NULL when memory ends. */
static sji_source *source_of(sj_tree *tree, const char *name)
{
    for (size_t i = 0; i < tree->sources.n; i++) {
        if (strcmp(tree->sources.at[i]->text.name, name) == 0) {
            return tree->sources.at[i];
        }
    }
    sji_source *source = sji_source_new(name, NULL, 0);
    bool is_held = source != NULL && sji_tree_hold(tree, source);
    sji_source_release(source);
    return is_held ? source : NULL;
}

static sji_spot spot_of(const sji_source *source, int line, int column)
{
    sji_spot spot = {.line = line, .column = column};
    const char *text = source->text.text;
    for (int i = 1; text != NULL && i < line && spot.at < source->text.length; spot.at++) {
        i += text[spot.at] == '\n' ? 1 : 0;
    }
    return spot;
}

sj_status sj_tree_put(sj_tree *tree, const char *pointer, cJSON *node, const char *source, int line,
                      int column, sj_err *err)
{
    sj_status st;
    sji_place place = {.source = source_of(tree, source), .span.length = 1};
    if (node == NULL || place.source == NULL) {
        cJSON_Delete(node);
        return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
    }
    place.span.value = spot_of(place.source, line, column);
    st = set_places(tree, node, &place) ? put_placed(tree, pointer, node, &place, err)
                                        : SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
    if (st != SJ_OK) {
        delete_node(tree, node);
    }
    return st;
}

sj_status sj_tree_merge(sj_tree *tree, const char *pointer, sj_tree *patch, sj_err *err)
{
    const cJSON *source = patch->root;
    for (size_t i = 0; i < patch->sources.n; i++) {
        if (!sji_tree_hold(tree, patch->sources.at[i])) {
            return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
        }
    }
    if (cJSON_IsNull(source)) {
        (void)sj_tree_remove(tree, pointer);
        return SJ_OK;
    }
    bool is_merged = cJSON_IsObject(source) && !sji_is_atomic(source);
    cJSON *target = sj_tree_at(tree, pointer);
    if (!is_merged || !cJSON_IsObject(target) || sji_is_atomic(target)) {
        const sji_place *known = sji_places_get(&patch->places, source);
        sji_place place = known == NULL ? (sji_place){0} : *known;
        target = copy_node(tree, patch, source, is_merged);
        if (target == NULL) {
            return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
        }
        sj_status st = put_placed(tree, pointer, target, &place, err);
        if (st != SJ_OK) {
            delete_node(tree, target);
            return st;
        }
    }
    if (is_merged && !merge_object(tree, target, patch, source)) {
        return SJ_FAIL(err, SJ_E_NOMEM, pointer, "out of memory");
    }
    return SJ_OK;
}

/* Parent of what a pointer names and the last segment; NULL where the way breaks off, and then
 * `pointer` + *broken is the rest and *last the node it broke off at. */
static cJSON *find_parent(const sj_tree *tree, const char *pointer, char *segment, size_t size,
                          cJSON **last)
{
    cJSON *parent = tree->root;
    const char *rest = sji_pointer_next(pointer, segment, size);
    while (rest != NULL && rest[0] != '\0') {
        cJSON *child = sji_step(parent, segment);
        *last = parent;
        if (child == NULL) {
            return NULL;
        }
        parent = child;
        rest = sji_pointer_next(rest, segment, size);
    }
    *last = parent;
    return rest == NULL ? NULL : parent;
}

bool sj_tree_remove(sj_tree *tree, const char *pointer)
{
    char segment[SJI_SEGMENT];
    cJSON *last, *parent = find_parent(tree, pointer, segment, sizeof segment, &last);
    cJSON *node = parent == NULL ? NULL : sji_step(parent, segment);
    if (node == NULL) {
        return false;
    }
    delete_node(tree, cJSON_DetachItemViaPointer(parent, node));
    return true;
}

/* "did you mean" among the members of a node; nothing where none is near. */
static void suggest_member(char *hint, size_t size, const cJSON *node, const char *segment)
{
    const char *nearest = NULL;
    size_t n = 0;
    for (const cJSON *child = cJSON_IsObject(node) ? node->child : NULL; child != NULL;
         child = child->next) {
        n++;
    }
    const char **names = n == 0 ? NULL : sj_calloc(n, sizeof *names);
    if (names != NULL) {
        n = 0;
        for (const cJSON *child = node->child; child != NULL; child = child->next) {
            names[n++] = child->string;
        }
        nearest = sj_suggest(segment, names, n);
    }
    if (nearest != NULL) {
        (void)snprintf(hint, size, "did you mean \"%s\"?", nearest);
    }
    free(names);
}

/* Check that a pointer may be set (or removed, if it must exist). */
static sj_status check_settable(const sj_tree *tree, const char *pointer, bool must_exist,
                                sj_err *err)
{
    char segment[SJI_SEGMENT], shown[SJI_SHOWN];
    cJSON *last = NULL;
    if (pointer[0] != '/') {
        return SJ_FAIL(err, SJ_E_POINTER, pointer, "a pointer begins with \"/\"");
    }
    const cJSON *parent = find_parent(tree, pointer, segment, sizeof segment, &last);
    if (parent != NULL && !is_parent(parent)) {
        (void)SJ_FAIL(err, SJ_E_POINTER, pointer, "a single value has no members");
        (void)snprintf(err->hint, sizeof err->hint, "set %.*s itself",
                       (int)(strrchr(pointer, '/') - pointer), pointer);
        return err->status;
    }
    if (parent == NULL || (must_exist && sji_step(parent, segment) == NULL)) {
        sji_show(shown, sizeof shown, segment, strlen(segment));
        (void)SJ_FAIL(err, SJ_E_POINTER, pointer, "there is no \"%s\"", shown);
        suggest_member(err->hint, sizeof err->hint, last, segment);
        return err->status;
    }
    return SJ_OK;
}

/* {"value": number, "mark": "A", "source": "command line"}; takes the number. */
static cJSON *mark_number(cJSON *number)
{
    cJSON *node = cJSON_CreateObject();
    if (node == NULL || !cJSON_AddItemToObject(node, "value", number)) {
        cJSON_Delete(node);
        cJSON_Delete(number);
        return NULL;
    }
    if (cJSON_AddStringToObject(node, "mark", "A") == NULL ||
        cJSON_AddStringToObject(node, "source", SJ_SOURCE_COMMAND_LINE) == NULL) {
        cJSON_Delete(node);
        return NULL;
    }
    return node;
}

/* Text that is meant as JSON, so that its faults are reported and it is no plain string. */
static bool is_meant_as_json(const char *text, const sj_problems *faults)
{
    if (strchr("{[\"", text[0]) != NULL && text[0] != '\0') {
        return true;
    }
    return faults->n > 0 && faults->at[0].status != SJ_E_SYNTAX;
}

/* Node of the right side of an assignment; NULL with problems. */
static cJSON *read_assigned(const char *text, sj_problems *problems)
{
    sj_tree *value = NULL;
    sj_problems faults = {0};
    cJSON *node = NULL;
    sj_status st = sj_tree_parse(&value, SJ_SOURCE_COMMAND_LINE, text, strlen(text), &faults);
    if (st == SJ_OK) {
        node = value->root;
        value->root = NULL;
        node = cJSON_IsNumber(node) ? mark_number(node) : node;
    } else if (st != SJ_E_NOMEM && !is_meant_as_json(text, &faults)) {
        node = cJSON_CreateString(text);
    }
    bool is_reported =
        node == NULL && st != SJ_OK && st != SJ_E_NOMEM && is_meant_as_json(text, &faults);
    for (size_t i = 0; is_reported && i < faults.n; i++) {
        sj_problems_add(problems, &faults.at[i]);
    }
    if (node == NULL && !is_reported) {
        sj_err err;
        (void)sj_err_set(&err, SJ_E_NOMEM, "", "out of memory");
        sj_problems_add(problems, &err);
    }
    sj_problems_clear(&faults);
    sj_tree_free(value);
    return node;
}

static sj_status assign(sj_tree *tree, const char *pointer, const char *text, sj_problems *problems)
{
    sj_err err;
    size_t n_errors = problems->n_errors, n = problems->n;
    cJSON *node = read_assigned(text, problems);
    if (node == NULL) {
        return problems->n > n && problems->n_errors > n_errors ? problems->at[n].status
                                                                : SJ_E_NOMEM;
    }
    bool is_removal = cJSON_IsNull(node);
    sj_status st = check_settable(tree, pointer, is_removal, &err);
    if (st != SJ_OK || is_removal) {
        cJSON_Delete(node);
    } else {
        st = sj_tree_put(tree, pointer, node, SJ_SOURCE_COMMAND_LINE, 0, 0, &err);
    }
    if (st == SJ_OK && is_removal) {
        (void)sj_tree_remove(tree, pointer);
    }
    if (st != SJ_OK) {
        (void)snprintf(err.source, sizeof err.source, "%s", SJ_SOURCE_COMMAND_LINE);
        sj_problems_add(problems, &err);
    }
    return st;
}

static sj_status fail_assignment(sj_problems *problems, sj_status status, const char *where,
                                 const char *text)
{
    sj_err err;
    (void)SJ_FAIL(&err, status, where, "%s", text);
    (void)snprintf(err.hint, sizeof err.hint, "--set takes /pointer=value");
    (void)snprintf(err.source, sizeof err.source, "%s", SJ_SOURCE_COMMAND_LINE);
    sj_problems_add(problems, &err);
    return status;
}

sj_status sj_tree_set(sj_tree *tree, const char *assignment, sj_problems *problems)
{
    const char *equals = strchr(assignment, '=');
    size_t length = strlen(assignment);
    if (equals == NULL) {
        return fail_assignment(problems, SJ_E_USAGE, assignment, "no \"=\"");
    }
    if (sji_utf8_valid(assignment, length) < length) {
        return fail_assignment(problems, SJ_E_ENCODING, "", "the text is not UTF-8");
    }
    char *pointer = sj_strndup(assignment, (size_t)(equals - assignment));
    if (pointer == NULL) {
        return fail_assignment(problems, SJ_E_NOMEM, "", "out of memory");
    }
    sj_status st = assign(tree, pointer, equals + 1, problems);
    free(pointer);
    return st;
}
