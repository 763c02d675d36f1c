#include "io/tree.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "io/number.h"
#include "io/scan.h"
#include "io/tree_room.h"

enum { EXTENDS_DEPTH = 8 };

static sj_status fail_memory(sj_problems *problems, const char *source)
{
    sj_err err;
    sj_status st = SJ_FAIL(&err, SJ_E_NOMEM, "", "out of memory");
    (void)snprintf(err.source, sizeof err.source, "%s", source);
    sj_problems_add(problems, &err);
    return st;
}

/* Give every node its place; the spans stand in the order of the text, as the nodes do. */
static bool attach(sj_tree *tree, sji_source *source, cJSON *node, const sji_spans *spans,
                   size_t *next)
{
    sji_place place = {source, spans->at[(*next)++]};
    if (cJSON_IsNumber(node)) {
        (void)sji_number_value(source->text.text + place.span.value.at, (size_t)place.span.length,
                               &node->valuedouble);
    }
    if (!sji_places_set(&tree->places, node, &place)) {
        return false;
    }
    for (cJSON *child = node->child; child != NULL; child = child->next) {
        if (!attach(tree, source, child, spans, next)) {
            return false;
        }
    }
    return true;
}

/* The scanner has accepted the text, so only memory can end here. */
static sj_tree *build(sji_source *source, const sji_spans *spans)
{
    sj_tree *tree = sj_calloc(1, sizeof *tree);
    size_t next = 0;
    if (tree == NULL || !sji_tree_hold(tree, source)) {
        free(tree);
        return NULL;
    }
    size_t bom = sji_bom_size(source->text.text, source->text.length);
    tree->root = cJSON_ParseWithLength(source->text.text + bom, source->text.length - bom);
    if (tree->root == NULL || !attach(tree, source, tree->root, spans, &next)) {
        sj_tree_free(tree);
        return NULL;
    }
    return tree;
}

/* Takes the text. */
static sj_status parse_owned(sj_tree **out, const char *name, char *text, size_t length,
                             sj_problems *problems)
{
    sji_spans spans;
    *out = NULL;
    sji_source *source = sji_source_new(name, text, length);
    if (source == NULL) {
        return fail_memory(problems, name);
    }
    sj_status st = sji_scan(&spans, &source->text, problems);
    if (st == SJ_OK) {
        *out = build(source, &spans);
    }
    if (st == SJ_E_NOMEM || (st == SJ_OK && *out == NULL)) {
        st = fail_memory(problems, name);
    }
    sj_vec_clear(&spans);
    sji_source_release(source);
    return st;
}

sj_status sj_tree_parse(sj_tree **out, const char *source, const char *text, size_t length,
                        sj_problems *problems)
{
    *out = NULL;
    char *copy = sj_strndup(text, length);
    if (copy == NULL) {
        return fail_memory(problems, source);
    }
    return parse_owned(out, source, copy, length, problems);
}

void sj_tree_free(sj_tree *tree)
{
    if (tree == NULL) {
        return;
    }
    cJSON_Delete(tree->root);
    sji_places_clear(&tree->places);
    for (size_t i = 0; i < tree->sources.n; i++) {
        sji_source_release(tree->sources.at[i]);
    }
    sj_vec_clear(&tree->sources);
    free(tree);
}

bool sji_tree_hold(sj_tree *tree, sji_source *source)
{
    for (size_t i = 0; i < tree->sources.n; i++) {
        if (tree->sources.at[i] == source) {
            return true;
        }
    }
    if (!sj_vec_push(&tree->sources, source)) {
        return false;
    }
    source->references++;
    return true;
}

/* A file of an `extends` chain, known by device and inode. */
typedef struct visited {
    dev_t device[EXTENDS_DEPTH + 1];
    ino_t inode[EXTENDS_DEPTH + 1];
    int n;
} visited;

static bool was_visited(const visited *files, const struct stat *about)
{
    for (int i = 0; i < files->n; i++) {
        if (files->device[i] == about->st_dev && files->inode[i] == about->st_ino) {
            return true;
        }
    }
    return false;
}

static sj_status fail_extends(sj_tree *tree, sj_problems *problems, sj_status status,
                              const char *hint, const char *text)
{
    sj_err err;
    (void)sj_err_set(&err, status, "/extends", "%s", text);
    (void)snprintf(err.hint, sizeof err.hint, "%s", hint);
    sj_tree_place(tree, "/extends", false, &err);
    sj_problems_add(problems, &err);
    return status;
}

static sj_status read_tree(sj_tree **out, const char *path, sj_tree *from, sj_problems *problems)
{
    char *text;
    size_t length;
    sj_err err;
    sj_status st = sj_file_read(path, &text, &length, &err);
    if (st != SJ_OK && from != NULL) {
        char reason[sizeof err.text + sizeof err.where + 4];
        (void)snprintf(reason, sizeof reason, "%s: %s", err.where, err.text);
        return fail_extends(from, problems, st, "the path is taken beside this file", reason);
    }
    if (st != SJ_OK) {
        sj_problems_add(problems, &err);
        return st;
    }
    return parse_owned(out, strcmp(path, "-") == 0 ? "standard input" : path, text, length,
                       problems);
}

static sj_status load_chain(sj_tree **out, const char *path, sj_tree *from, visited *files,
                            sj_problems *problems);

/* Replace *tree by what it extends, with *tree merged into it. */
static sj_status extend(sj_tree **tree, const char *path, visited *files, sj_problems *problems)
{
    const cJSON *extends = sji_child((*tree)->root, "extends");
    if (extends == NULL) {
        return SJ_OK;
    }
    if (!cJSON_IsString(extends)) {
        return fail_extends(*tree, problems, SJ_E_TYPE, "such as \"base.json\"",
                            "\"extends\" must be a text: the path of a file");
    }
    char *beside = sj_path_beside(path, extends->valuestring);
    if (beside == NULL) {
        return fail_memory(problems, path);
    }
    sj_tree *base = NULL;
    sj_status st = load_chain(&base, beside, *tree, files, problems);
    free(beside);
    if (st != SJ_OK) {
        return st;
    }
    sj_err err;
    (void)sj_tree_remove(*tree, "/extends");
    st = sj_tree_merge(base, "", *tree, &err);
    if (st != SJ_OK) {
        sj_problems_add(problems, &err);
        sj_tree_free(base);
        return st;
    }
    sj_tree_free(*tree);
    *tree = base;
    return SJ_OK;
}

/* `from` is the tree whose `extends` names the path, NULL for the first file. */
static sj_status load_chain(sj_tree **out, const char *path, sj_tree *from, visited *files,
                            sj_problems *problems)
{
    struct stat about;
    if (strcmp(path, "-") != 0 && stat(path, &about) == 0) {
        if (was_visited(files, &about)) {
            return fail_extends(from, problems, SJ_E_EXTENDS, "",
                                "`extends` goes round in a circle");
        }
        if (files->n > EXTENDS_DEPTH) {
            return fail_extends(from, problems, SJ_E_EXTENDS, "",
                                "`extends` is nested deeper than 8 files");
        }
        files->device[files->n] = about.st_dev;
        files->inode[files->n++] = about.st_ino;
    }
    sj_tree *tree = NULL;
    sj_status st = read_tree(&tree, path, from, problems);
    if (st == SJ_OK) {
        st = extend(&tree, path, files, problems);
    }
    if (st != SJ_OK) {
        sj_tree_free(tree);
        tree = NULL;
    }
    *out = tree;
    return st;
}

sj_status sj_tree_load(sj_tree **out, const char *path, sj_problems *problems)
{
    visited files = {.n = 0};
    *out = NULL;
    return load_chain(out, path, NULL, &files, problems);
}

cJSON *sj_tree_root(sj_tree *tree)
{
    return tree->root;
}

cJSON *sji_child(const cJSON *object, const char *name)
{
    if (!cJSON_IsObject(object)) {
        return NULL;
    }
    cJSON *child = object->child;
    while (child != NULL && (child->string == NULL || strcmp(child->string, name) != 0)) {
        child = child->next;
    }
    return child;
}

bool sji_is_atomic(const cJSON *node)
{
    return sji_child(node, "value") != NULL;
}

/* Index of an array element: digits without a leading 0; -1 where it is none. */
static int element_index(const char *segment)
{
    int index = 0;
    size_t length = strlen(segment);
    if (length == 0 || length > 8 || (segment[0] == '0' && length > 1)) {
        return -1;
    }
    for (; *segment != '\0'; segment++) {
        if (*segment < '0' || *segment > '9') {
            return -1;
        }
        index = 10 * index + (*segment - '0');
    }
    return index;
}

cJSON *sji_step(const cJSON *node, const char *segment)
{
    if (!cJSON_IsArray(node)) {
        return sji_child(node, segment);
    }
    int index = element_index(segment);
    return index < 0 ? NULL : cJSON_GetArrayItem(node, index);
}

const char *sji_pointer_next(const char *pointer, char *segment, size_t size)
{
    size_t n = 0;
    if (pointer[0] != '/') {
        return NULL;
    }
    for (pointer++; *pointer != '\0' && *pointer != '/'; pointer++) {
        char c = *pointer;
        if (c == '~' && (pointer[1] == '0' || pointer[1] == '1')) {
            c = *++pointer == '0' ? '~' : '/';
        }
        if (n + 1 == size) {
            segment[n] = '\0';
            return NULL;
        }
        segment[n++] = c;
    }
    segment[n] = '\0';
    return pointer;
}

/* Where a walk along a pointer ends. */
typedef struct walk {
    cJSON *node;         /* NULL where the pointer leads nowhere */
    const cJSON *placed; /* the last node on the way whose place is known */
} walk;

static walk walk_to(const sj_tree *tree, const char *pointer)
{
    char segment[SJI_SEGMENT];
    walk w = {.node = tree->root};
    for (;;) {
        if (w.node != NULL && sji_places_get(&tree->places, w.node) != NULL) {
            w.placed = w.node;
        }
        if (w.node == NULL || *pointer == '\0') {
            return w;
        }
        pointer = sji_pointer_next(pointer, segment, sizeof segment);
        w.node = pointer == NULL ? NULL : sji_step(w.node, segment);
    }
}

cJSON *sj_tree_at(sj_tree *tree, const char *pointer)
{
    return walk_to(tree, pointer).node;
}

void sji_tree_place_node(const sj_tree *tree, const cJSON *node, bool of_key, sj_err *err)
{
    const sji_place *place = node == NULL ? NULL : sji_places_get(&tree->places, node);
    if (place == NULL) {
        return;
    }
    const sji_span *span = &place->span;
    bool has_key = of_key && span->key.line > 0;
    sji_err_place(err, &place->source->text, has_key ? span->key : span->value,
                  has_key ? span->key_length : span->length);
}

void sj_tree_place(const sj_tree *tree, const char *pointer, bool of_key, sj_err *err)
{
    walk w = walk_to(tree, pointer);
    sji_tree_place_node(tree, w.placed, of_key && w.placed == w.node, err);
}

const char *sj_tree_source(const sj_tree *tree, const char *pointer)
{
    walk w = walk_to(tree, pointer);
    return w.placed == NULL ? "" : sji_places_get(&tree->places, w.placed)->source->text.name;
}

void sj_pointer_append(char *pointer, size_t size, const char *segment)
{
    size_t n = strlen(pointer);
    if (n + 2 > size) {
        return;
    }
    pointer[n++] = '/';
    for (; *segment != '\0'; segment++) {
        bool is_escaped = *segment == '~' || *segment == '/';
        if (n + (is_escaped ? 3 : 2) > size) {
            break;
        }
        if (is_escaped) {
            pointer[n++] = '~';
        }
        pointer[n++] = *segment == '~' ? '0' : *segment == '/' ? '1' : *segment;
    }
    pointer[n] = '\0';
}
