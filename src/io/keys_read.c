#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "io/format.h"
#include "io/keys_room.h"

void *sji_alloc(sj_reader *reader, size_t n, size_t size)
{
    void *block = sj_arena_calloc(reader->arena, n, size);
    if (block == NULL) {
        reader->state->no_memory = true;
    }
    return block;
}

const char *sji_copy(sj_reader *reader, const char *text)
{
    const char *copy = sj_arena_strdup(reader->arena, text);
    if (copy == NULL) {
        reader->state->no_memory = true;
        return "";
    }
    return copy;
}

size_t sji_push(sj_reader *reader, const char *segment)
{
    sj_str *pointer = &reader->state->pointer;
    size_t length = pointer->n;
    sj_str_add(pointer, "/");
    for (size_t plain; *segment != '\0'; segment += plain) {
        plain = strcspn(segment, "~/");
        sj_str_add_n(pointer, segment, plain);
        if (segment[plain] != '\0') {
            sj_str_add(pointer, segment[plain] == '~' ? "~0" : "~1");
            plain++;
        }
    }
    return length;
}

void sji_pop(sj_reader *reader, size_t length)
{
    reader->state->pointer.n = length;
    reader->state->pointer.text[length] = '\0';
}

bool sji_is_skipped(const char *key)
{
    return strcmp(key, "notes") == 0 || strncmp(key, "x-", 2) == 0;
}

size_t sji_count_members(const cJSON *object)
{
    size_t n = 0;
    for (const cJSON *child = object->child; child != NULL; child = child->next) {
        n += sji_is_skipped(child->string) ? 0 : 1;
    }
    return n;
}

static bool is_id(const char *text)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    return text[0] != '\0' && strchr(first, text[0]) != NULL &&
           text[strspn(text, others)] == '\0' && strcmp(text, "value") != 0 &&
           strcmp(text, "file") != 0;
}

/* Row of a key; the row "*" names none. */
static const sj_key *row_of(const sj_key_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_keys; i++) {
        if (strcmp(table->keys[i].name, name) == 0 && !sji_is_rest(&table->keys[i])) {
            return &table->keys[i];
        }
    }
    return NULL;
}

static bool has_rest_row(const sj_key_table *table)
{
    for (size_t i = 0; i < table->n_keys; i++) {
        if (sji_is_rest(&table->keys[i])) {
            return true;
        }
    }
    return false;
}

static void read_text(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    const char *text = node == NULL ? NULL : sji_read_text(reader, row, node, "a text");
    *(const char **)field = text == NULL ? NULL : sji_copy(reader, text);
}

static void read_date(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_day day = (row->flags & SJ_KEY_DEFAULT) != 0 ? (sj_day)row->fallback : SJ_NO_DAY;
    const char *text = node == NULL ? NULL : sji_read_text(reader, row, node, "a date");
    if (text != NULL && !sj_day_parse(text, &day)) {
        char shown[SJI_SHOWN];
        sji_show(shown, sizeof shown, text, strlen(text));
        SJI_REPORT(reader, node, SJ_E_DATE, "a date is written YYYY-MM-DD, such as 2024-02-29",
                   "\"%s\" is not a date", shown);
    }
    *(sj_day *)field = day;
}

static void read_value(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    *(sj_val *)field = sji_read_value(reader, row, node);
}

static void read_object(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sji_read_object(reader, row->table, node, "", field);
}

static void read_any(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    (void)reader;
    (void)row;
    *(const cJSON **)field = node;
}

bool sji_check_id(sj_reader *reader, const sj_key *row, const cJSON *node)
{
    sj_day day;
    char shown[SJI_SHOWN];
    bool by_date = (row->flags & SJ_KEY_BY_DATE) != 0;
    bool is_free = (row->flags & SJ_KEY_FREE_IDS) != 0 || row->of != NULL || row->words != NULL;
    bool is_good = by_date   ? sj_day_parse(node->string, &day)
                   : is_free ? node->string[0] != '\0'
                             : is_id(node->string);
    if (is_good) {
        return true;
    }
    const char *hint = by_date   ? "a date is written YYYY-MM-DD, such as 2024-02-29"
                       : is_free ? "it must not be empty"
                                 : "a letter, then letters, digits and \"-\"; not value or file";
    sji_show(shown, sizeof shown, node->string, strlen(node->string));
    sji_report(reader, node, true, by_date ? SJ_E_DATE : SJ_E_ID, reader->state->pointer.text, hint,
               "\"%s\" is not %s", shown, by_date ? "a date" : "an id");
    return false;
}

static int compare_nodes(const void *left, const void *right)
{
    const cJSON *const *a = left, *const *b = right;
    return strcmp((*a)->string, (*b)->string);
}

const cJSON **sji_sorted_members(sj_reader *reader, const sj_key *row, const cJSON *node,
                                 const sj_key_table *except, size_t *n)
{
    const cJSON **members = sj_calloc(sji_count_members(node), sizeof *members);
    *n = 0;
    if (members == NULL) {
        reader->state->no_memory = true;
        return NULL;
    }
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        bool is_named = except != NULL && row_of(except, child->string) != NULL;
        if (!is_named && !sji_is_skipped(child->string) && sji_check_id(reader, row, child)) {
            members[(*n)++] = child;
        }
    }
    qsort(members, *n, sizeof *members, compare_nodes);
    return members;
}

static void register_collection(sj_reader *reader, const sj_key *row, const sj_map *map)
{
    struct sj_reader_state *state = reader->state;
    sji_collection made = {row->name, map->at, map->n, row->table->size, state->reading};
    for (size_t i = 0; i < state->collections.n; i++) {
        sji_collection *old = &state->collections.at[i];
        if (strcmp(old->name, row->name) == 0) {
            *old = old->reading == state->reading ? *old : made;
            return;
        }
    }
    if (!sj_vec_push(&state->collections, made)) {
        state->no_memory = true;
    }
}

/* Read the item at a member of a map or list; the pointer of the container is being read. */
static void read_item(sj_reader *reader, const sj_key *row, const cJSON *node, const char *id,
                      void *item)
{
    size_t length = sji_push(reader, id);
    const cJSON *outer = reader->state->entry;
    if (!reader->state->pointer.failed) {
        reader->state->entry = node->string == NULL ? NULL : node;
        sji_read_object(reader, row->table, node, sji_copy(reader, id), item);
        reader->state->entry = outer;
    }
    sji_pop(reader, length);
}

static void read_members(sj_reader *reader, const sj_key *row, const cJSON *node,
                         const sj_key_table *except, sj_map *map)
{
    size_t n;
    const cJSON **members = sji_sorted_members(reader, row, node, except, &n);
    char *at = members == NULL ? NULL : sji_alloc(reader, n, row->table->size);
    for (size_t i = 0; at != NULL && i < n; i++) {
        sj_item *item = (sj_item *)(void *)(at + i * row->table->size);
        read_item(reader, row, members[i], members[i]->string, item);
        if (row->of != NULL) {
            sji_wait_for(reader, row, &item->ref, members[i]->string, members[i], true);
        }
    }
    *map = (sj_map){at, at == NULL ? 0 : n};
    free(members);
}

static void read_map(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_map map = {NULL, 0};
    if (node != NULL && !cJSON_IsObject(node)) {
        sji_report_type(reader, row, node, "an object of ids");
    } else if (node != NULL) {
        read_members(reader, row, node, NULL, &map);
    }
    *(sj_map *)field = map;
    if ((row->flags & SJ_KEY_COLLECTION) != 0) {
        register_collection(reader, row, &map);
    }
}

static void read_list(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_map *map = field;
    *map = (sj_map){NULL, 0};
    if (node != NULL && !cJSON_IsArray(node)) {
        sji_report_type(reader, row, node, "a list of objects");
    }
    if (!cJSON_IsArray(node)) {
        return;
    }
    size_t n = (size_t)cJSON_GetArraySize(node), i = 0;
    char *at = sji_alloc(reader, n, row->table->size);
    *map = (sj_map){at, at == NULL ? 0 : n};
    for (const cJSON *child = node->child; at != NULL && child != NULL; child = child->next) {
        char id[24];
        (void)snprintf(id, sizeof id, "%zu", i);
        read_item(reader, row, child, id, at + i++ * row->table->size);
    }
}

typedef void read_function(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);

static read_function *const readers[] = {
    [SJ_KEY_NUMBER] = read_value,
    [SJ_KEY_INTEGER] = read_value,
    [SJ_KEY_BOOL] = read_value,
    [SJ_KEY_TEXT] = read_text,
    [SJ_KEY_DATE] = read_date,
    [SJ_KEY_ENUM] = sji_read_enum,
    [SJ_KEY_REF] = sji_read_ref,
    [SJ_KEY_REFS] = sji_read_refs,
    [SJ_KEY_WORDS] = sji_read_words,
    [SJ_KEY_TEXTS] = sji_read_texts,
    [SJ_KEY_NUMBERS] = sji_read_numbers,
    [SJ_KEY_OBJECT] = read_object,
    [SJ_KEY_MAP] = read_map,
    [SJ_KEY_LIST] = read_list,
    [SJ_KEY_ANY] = read_any,
};

static bool is_leaf_value(const sj_key *row)
{
    return row->type == SJ_KEY_NUMBER || row->type == SJ_KEY_INTEGER || row->type == SJ_KEY_BOOL;
}

/* The pointer of an object with a shorthand key also finds that key. */
static void alias_shorthand(sj_reader *reader, sj_val index, size_t length)
{
    char *text = reader->state->pointer.text;
    if (index == SJ_NO_VALUE || reader->state->pointer.failed) {
        return;
    }
    char kept = text[length];
    text[length] = '\0';
    if (sj_values_find(reader->values, text) == SJ_NO_VALUE &&
        !sji_values_alias(reader->values, index, text)) {
        reader->state->no_memory = true;
    }
    text[length] = kept;
}

enum { MOST_SIBLINGS = 512 };

static const cJSON *first_sibling(const cJSON *node)
{
    while (node->prev != NULL && node->prev->next == node) { /* that of the first is the last */
        node = node->prev;
    }
    return node;
}

static const sji_source *source_of(const sj_reader *reader, const cJSON *node)
{
    const sji_place *place = sji_places_get(&reader->tree->places, node);
    return place == NULL ? NULL : place->source;
}

/* The entries beside this one that may have been meant: one that is spelt nearly like it; else, for
 * an entry of another file than theirs, all of them. "" = none. */
static void hint_siblings(sj_reader *reader, char *hint, size_t size, const cJSON *node)
{
    const char *names[MOST_SIBLINGS], *others[MOST_SIBLINGS];
    size_t n = 0, n_others = 0;
    bool is_entry = node == reader->state->entry;
    for (const cJSON *other = first_sibling(node); other != NULL && n < MOST_SIBLINGS;
         other = other->next) {
        if (other == node || other->string == NULL || !cJSON_IsObject(other)) {
            continue;
        }
        names[n++] = other->string;
        if (is_entry && source_of(reader, other) != source_of(reader, node)) {
            others[n_others++] = other->string;
        }
    }
    const char *near = node->string == NULL ? NULL : sj_suggest(node->string, names, n);
    hint[0] = '\0';
    if (near != NULL) {
        (void)snprintf(hint, size, "; or did you mean \"%.60s\"?", near);
    } else if (n_others > 0) {
        (void)snprintf(hint, size, "; a new entry? there %s: ", n_others == 1 ? "is" : "are");
        sji_list_words(hint + strlen(hint), size - strlen(hint), others, n_others);
    }
}

/* Is a key of the whole file missing where no other file was extended? Asked once. */
static bool asks_for_base(sj_reader *reader, const sj_key *row)
{
    size_t n_files = 0;
    for (size_t i = 0; i < reader->tree->sources.n; i++) {
        n_files += reader->tree->sources.at[i]->text.text != NULL;
    }
    bool is_block = row->type == SJ_KEY_OBJECT || row->type == SJ_KEY_MAP;
    bool asks =
        is_block && n_files < 2 && reader->state->pointer.n == 0 && !reader->state->asked_for_base;
    reader->state->asked_for_base = reader->state->asked_for_base || asks;
    return asks;
}

static void report_missing(sj_reader *reader, const sj_key *row, const cJSON *node)
{
    char hint[400], siblings[150];
    bool has_unit = row->unit != NULL && row->unit[0] != '\0';
    hint_siblings(reader, siblings, sizeof siblings, node);
    (void)snprintf(hint, sizeof hint, "%.100s%s%s%s%s", row->doc == NULL ? "" : row->doc,
                   has_unit ? " (" : "", has_unit ? row->unit : "", has_unit ? ")" : "", siblings);
    sji_report(reader, node, false, SJ_E_MISSING_KEY, reader->state->pointer.text, hint,
               "key \"%s\" is missing%s", row->name,
               asks_for_base(reader, row) ? ", or is \"extends\" missing?" : "");
}

/* Read one key of the object at `node`; `member` is NULL where it is absent. */
static void read_key(sj_reader *reader, const sj_key *row, const cJSON *node, const cJSON *member,
                     void *field)
{
    if (member == NULL && node != NULL && (row->flags & SJ_KEY_REQUIRED) != 0) {
        report_missing(reader, row, node);
    }
    size_t length = sji_push(reader, row->name);
    if (!reader->state->pointer.failed) {
        readers[row->type](reader, row, member, field);
        bool is_short = (row->flags & SJ_KEY_SHORTHAND) != 0 && is_leaf_value(row);
        if (is_short) {
            alias_shorthand(reader, *(sj_val *)field, length);
        }
    }
    sji_pop(reader, length);
}

static bool takes_bool(const sj_key *row)
{
    return (row->flags & SJ_KEY_OR_BOOL) != 0;
}

/* True where a row can be written in place of its whole object, as this node is. */
static bool takes_shorthand(const sj_key *row, const cJSON *node)
{
    if ((row->flags & SJ_KEY_SHORTHAND) == 0) {
        return false;
    }
    const cJSON *leaf = sji_is_atomic(node) ? sji_child(node, "value") : node;
    switch (row->type) {
    case SJ_KEY_NUMBER:
    case SJ_KEY_INTEGER:
        return cJSON_IsNumber(leaf) || (takes_bool(row) && cJSON_IsBool(leaf));
    case SJ_KEY_BOOL:
        return cJSON_IsBool(leaf);
    case SJ_KEY_TEXT:
    case SJ_KEY_DATE:
    case SJ_KEY_ENUM:
    case SJ_KEY_REF:
        return cJSON_IsString(leaf);
    case SJ_KEY_REFS:
    case SJ_KEY_WORDS:
    case SJ_KEY_TEXTS:
    case SJ_KEY_LIST:
        return cJSON_IsArray(node);
    case SJ_KEY_NUMBERS:
    case SJ_KEY_OBJECT:
    case SJ_KEY_MAP:
        return false;
    case SJ_KEY_ANY:
        return true;
    }
    return false;
}

/* Sort the members of an object to the rows of its table; unknown ones are reported. */
static void find_members(sj_reader *reader, const sj_key_table *table, const cJSON *node,
                         const cJSON *found[])
{
    bool has_rest = has_rest_row(table);
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        const sj_key *row = row_of(table, child->string);
        if (row != NULL) {
            found[row - table->keys] = child;
        } else if (!has_rest && !sji_is_skipped(child->string)) {
            sji_report_unknown(reader, child, table->keys, table->n_keys);
        }
    }
}

const sj_key *sji_shorthand(const sj_key_table *table, const cJSON *node)
{
    for (size_t i = 0; i < table->n_keys; i++) {
        if (takes_shorthand(&table->keys[i], node)) {
            return &table->keys[i];
        }
    }
    return NULL;
}

bool sji_is_object_of(const sj_key_table *table, const cJSON *node)
{
    return cJSON_IsObject(node) && (!sji_is_atomic(node) || row_of(table, "value") != NULL);
}

/* The row "*": all members that no other row names; they stand in the object itself. */
static void read_rest(sj_reader *reader, const sj_key_table *table, const sj_key *row,
                      const cJSON *object, void *field)
{
    SJ_REQUIRE(row->type == SJ_KEY_MAP || row->type == SJ_KEY_NUMBERS);
    if (row->type == SJ_KEY_NUMBERS) {
        sji_read_number_members(reader, row, object, table, field);
        return;
    }
    *(sj_map *)field = (sj_map){NULL, 0};
    if (object != NULL) {
        read_members(reader, row, object, table, field);
    }
}

/* Read every row of a table; `object` is NULL where the node is absent or a shorthand. */
static void read_rows(sj_reader *reader, const sj_key_table *table, const cJSON *node,
                      const cJSON *object, const cJSON *const found[], char *item)
{
    for (size_t i = 0; i < table->n_keys && !reader->state->no_memory; i++) {
        const sj_key *row = &table->keys[i];
        if (sji_is_rest(row)) {
            read_rest(reader, table, row, object, item + row->offset);
        } else {
            read_key(reader, row, node, found[i], item + row->offset);
        }
    }
}

void sji_read_object(sj_reader *reader, const sj_key_table *table, const cJSON *node,
                     const char *id, void *item)
{
    const cJSON *found[SJI_MOST_KEYS] = {0};
    SJ_REQUIRE(table->n_keys <= SJI_MOST_KEYS);
    *(sj_item *)item = (sj_item){id, sji_copy(reader, reader->state->pointer.text), SJ_NO_REF};
    bool is_object = sji_is_object_of(table, node);
    const sj_key *row = is_object || node == NULL ? NULL : sji_shorthand(table, node);
    if (is_object) {
        find_members(reader, table, node, found);
    } else if (row != NULL) {
        found[row - table->keys] = node;
    } else if (node != NULL) {
        SJI_REPORT(reader, node, SJ_E_TYPE, table->doc, "must be an object: %s", table->name);
        node = NULL;
    }
    read_rows(reader, table, node, is_object ? node : NULL, found, item);
}

static int compare_texts(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

static bool list_sources(sj_reader *reader)
{
    struct sj_reader_state *state = reader->state;
    const cJSON *sources = sji_child(reader->tree->root, "sources");
    state->sources.n = 0;
    for (const cJSON *child = cJSON_IsObject(sources) ? sources->child : NULL; child != NULL;
         child = child->next) {
        if (!sji_is_skipped(child->string) && !sj_vec_push(&state->sources, child->string)) {
            return false;
        }
    }
    if (state->sources.n > 1) {
        qsort(state->sources.at, state->sources.n, sizeof *state->sources.at, compare_texts);
    }
    return true;
}

static bool begin_reading(sj_reader *reader, const char *pointer)
{
    if (reader->state == NULL) {
        reader->state = sj_calloc(1, sizeof *reader->state);
    }
    struct sj_reader_state *state = reader->state;
    if (state == NULL) {
        return false;
    }
    state->reading++;
    state->first_problem = reader->problems->n;
    state->n_reported = state->n_dropped = state->n_suggested = 0;
    state->pending.n = state->unsorted.n = 0;
    state->no_memory = state->asked_for_base = false;
    state->entry = NULL;
    sj_str_clear(&state->pointer);
    sj_str_add(&state->pointer, pointer);
    return !state->pointer.failed && list_sources(reader);
}

sj_status sj_keys_read_at(sj_reader *reader, const sj_key_table *table, const char *pointer,
                          void *item)
{
    const cJSON *node = sj_tree_at(reader->tree, pointer);
    memset(item, 0, table->size);
    if (!begin_reading(reader, pointer)) {
        return SJ_E_NOMEM;
    }
    sji_read_object(reader, table, node, "", item);
    if (!reader->state->no_memory && !reader->state->pointer.failed) {
        sji_resolve(reader);
    }
    sji_finish_problems(reader);
    bool is_out =
        reader->state->no_memory || reader->state->pointer.failed || reader->problems->overflow;
    return is_out ? SJ_E_NOMEM : SJ_OK;
}

sj_status sj_keys_read(sj_reader *reader, const sj_key_table *table, void *root)
{
    return sj_keys_read_at(reader, table, "", root);
}

void sj_reader_clear(sj_reader *reader)
{
    struct sj_reader_state *state = reader->state;
    if (state == NULL) {
        return;
    }
    sj_vec_clear(&state->collections);
    sj_vec_clear(&state->pending);
    sj_vec_clear(&state->unsorted);
    sj_vec_clear(&state->sources);
    sj_str_clear(&state->pointer);
    free(state);
    reader->state = NULL;
}
