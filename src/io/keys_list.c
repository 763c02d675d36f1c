#include <stdio.h>
#include <string.h>

#include "io/keys_room.h"

static int word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

/* Index of a word of the row; reported, and SJ_NO_REF, where it is none. */
static int read_word(sj_reader *reader, const sj_key *row, const cJSON *node, bool of_key,
                     const char *word)
{
    char hint[256], shown[SJI_SHOWN];
    int index = word_index(row->words, word);
    if (index != SJ_NO_REF) {
        return index;
    }
    size_t n = sji_count_words(row->words);
    sji_hint_nearest(reader, hint, sizeof hint, word, row->words, n);
    size_t length = strlen(hint);
    (void)snprintf(hint + length, sizeof hint - length, "%sone of: ", length > 0 ? " " : "");
    length = strlen(hint);
    sji_list_words(hint + length, sizeof hint - length, row->words, n);
    sji_show(shown, sizeof shown, word, strlen(word));
    sji_report(reader, node, of_key, SJ_E_CHOICE, reader->state->pointer.text, hint,
               "\"%s\" is not allowed here", shown);
    return SJ_NO_REF;
}

void sji_read_enum(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    int index = (int)row->fallback;
    const char *word = node == NULL ? NULL : sji_read_text(reader, row, node, "a word");
    if (word != NULL) {
        index = read_word(reader, row, node, false, word);
    }
    *(int *)field = index;
}

void sji_wait_for(sj_reader *reader, const sj_key *row, int *target, const char *id,
                  const cJSON *node, bool of_key)
{
    sji_pending pending = {.row = row, .target = target, .node = node, .of_key = of_key};
    *target = SJ_NO_REF;
    pending.id = sji_copy(reader, id);
    pending.pointer = sji_copy(reader, reader->state->pointer.text);
    if (!sj_vec_push(&reader->state->pending, pending)) {
        reader->state->no_memory = true;
    }
}

void sji_read_ref(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    const char *id = node == NULL ? NULL : sji_read_text(reader, row, node, "an id");
    *(int *)field = SJ_NO_REF;
    if (id != NULL) {
        sji_wait_for(reader, row, field, id, node, false);
    }
}

/* The elements of a list of texts: how many, or -1 after a report. */
static int check_list(sj_reader *reader, const sj_key *row, const cJSON *node)
{
    if (!cJSON_IsArray(node)) {
        sji_report_type(reader, row, node, "a list of texts, such as [\"a\", \"b\"]");
        return -1;
    }
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        if (!cJSON_IsString(child)) {
            sji_report_type(reader, NULL, child, "a list of texts");
            return -1;
        }
    }
    return cJSON_GetArraySize(node);
}

static int compare_nodes(const void *left, const void *right)
{
    const cJSON *const *a = left, *const *b = right;
    return strcmp((*a)->valuestring, (*b)->valuestring);
}

/* Report texts that stand twice in a list. */
static void check_repeats(sj_reader *reader, const cJSON *list, size_t n)
{
    const cJSON **sorted = sj_calloc(n, sizeof *sorted);
    if (sorted == NULL) {
        reader->state->no_memory = true;
        return;
    }
    size_t i = 0;
    for (const cJSON *child = list->child; child != NULL; child = child->next) {
        sorted[i++] = child;
    }
    qsort(sorted, n, sizeof *sorted, compare_nodes);
    for (i = 1; i < n; i++) {
        if (strcmp(sorted[i - 1]->valuestring, sorted[i]->valuestring) == 0) {
            char shown[SJI_SHOWN];
            sji_show(shown, sizeof shown, sorted[i]->valuestring, strlen(sorted[i]->valuestring));
            SJI_REPORT(reader, list, SJ_E_MEANING, "remove one", "\"%s\" stands twice", shown);
        }
    }
    free(sorted);
}

/* Storage for the indices of a list; false where there is nothing to read. */
static bool begin_indices(sj_reader *reader, const sj_key *row, const cJSON *node, sj_refs *refs)
{
    *refs = (sj_refs){NULL, 0};
    int n = node == NULL ? -1 : check_list(reader, row, node);
    if (n < 0) {
        return false;
    }
    check_repeats(reader, node, (size_t)n);
    refs->at = sji_alloc(reader, (size_t)n, sizeof *refs->at);
    refs->n = refs->at == NULL ? 0 : (size_t)n;
    return refs->at != NULL;
}

void sji_read_refs(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_refs *refs = field;
    if (!begin_indices(reader, row, node, refs)) {
        return;
    }
    int *target = refs->at;
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        sji_wait_for(reader, row, target++, child->valuestring, child, false);
    }
}

void sji_read_words(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_refs *refs = field;
    if (!begin_indices(reader, row, node, refs)) {
        return;
    }
    int *target = refs->at;
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        *target++ = read_word(reader, row, child, false, child->valuestring);
    }
}

void sji_read_texts(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    sj_texts *texts = field;
    *texts = (sj_texts){NULL, 0};
    int n = node == NULL ? -1 : check_list(reader, row, node);
    const char **at = n < 0 ? NULL : sji_alloc(reader, (size_t)n, sizeof *at);
    if (at == NULL) {
        return;
    }
    *texts = (sj_texts){at, (size_t)n};
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        *at++ = sji_copy(reader, child->valuestring);
    }
}

/* What the key of one number means: a date, a word, an id of a collection, or a free text. */
static void read_number_key(sj_reader *reader, const sj_key *row, const cJSON *node,
                            sj_number *number)
{
    *number = (sj_number){.ref = SJ_NO_REF, .day = SJ_NO_DAY, .value = SJ_NO_VALUE};
    number->id = sji_copy(reader, node->string);
    if ((row->flags & SJ_KEY_BY_DATE) != 0) {
        (void)sj_day_parse(node->string, &number->day);
    } else if (row->words != NULL) {
        number->ref = read_word(reader, row, node, true, node->string);
    } else if (row->of != NULL) {
        sji_wait_for(reader, row, &number->ref, node->string, node, true);
    }
}

static int compare_numbers(const void *left, const void *right)
{
    const sj_number *a = left, *b = right;
    if (a->ref != b->ref) {
        return a->ref < b->ref ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static void sort_numbers(sj_numbers *numbers)
{
    if (numbers->n > 1) {
        qsort(numbers->at, numbers->n, sizeof *numbers->at, compare_numbers);
    }
}

void sji_read_number_members(sj_reader *reader, const sj_key *row, const cJSON *node,
                             const sj_key_table *except, sj_numbers *numbers)
{
    size_t n;
    *numbers = (sj_numbers){NULL, 0};
    const cJSON **sorted = node == NULL ? NULL : sji_sorted_members(reader, row, node, except, &n);
    sj_number *at = sorted == NULL ? NULL : sji_alloc(reader, n, sizeof *at);
    for (size_t i = 0; at != NULL && i < n; i++) {
        read_number_key(reader, row, sorted[i], &at[i]);
        size_t length = sji_push(reader, sorted[i]->string);
        if (!reader->state->pointer.failed) {
            at[i].value = sji_read_value(reader, row, sorted[i]);
        }
        sji_pop(reader, length);
    }
    *numbers = (sj_numbers){at, at == NULL ? 0 : n};
    free(sorted);
    bool waits = row->of != NULL && row->words == NULL && (row->flags & SJ_KEY_BY_DATE) == 0;
    if (!waits) {
        sort_numbers(numbers);
    } else if (numbers->n > 1 && !sj_vec_push(&reader->state->unsorted, numbers)) {
        reader->state->no_memory = true;
    }
}

void sji_read_numbers(sj_reader *reader, const sj_key *row, const cJSON *node, void *field)
{
    bool is_object = cJSON_IsObject(node) && !sji_is_atomic(node);
    if (node != NULL && !is_object) {
        sji_report_type(reader, row, node, "an object of numbers, such as {\"id\": 1}");
    }
    sji_read_number_members(reader, row, is_object ? node : NULL, NULL, field);
}

static const sji_collection *find_collection(const sj_reader *reader, const char *name)
{
    const struct sj_reader_state *state = reader->state;
    for (size_t i = 0; state != NULL && i < state->collections.n; i++) {
        if (strcmp(state->collections.at[i].name, name) == 0) {
            return &state->collections.at[i];
        }
    }
    return NULL;
}

static const char *item_id(const sji_collection *collection, size_t i)
{
    return ((const sj_item *)(const void *)(collection->at + i * collection->size))->id;
}

static int find_item(const sji_collection *collection, const char *id)
{
    size_t low = 0, high = collection == NULL ? 0 : collection->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(id, item_id(collection, middle));
        if (order == 0) {
            return (int)middle;
        }
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return SJ_NO_REF;
}

int sj_reader_find(const sj_reader *reader, const char *collection, const char *id)
{
    return find_item(find_collection(reader, collection), id);
}

/* The nearest id of the collection, or the first of them. */
static void hint_ids(sj_reader *reader, char *hint, size_t size, const char *id,
                     const sji_collection *collection)
{
    enum { LISTED = 32 }; /* more do not fit in a hint */
    bool is_searched = reader->state->n_suggested < SJI_MOST_SUGGESTIONS;
    size_t n = is_searched || collection->n < LISTED ? collection->n : LISTED;
    const char **ids = sj_calloc(n, sizeof *ids);
    hint[0] = '\0';
    if (ids == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = item_id(collection, i);
    }
    sji_hint_nearest(reader, hint, size, id, ids, n);
    if (hint[0] == '\0') {
        (void)snprintf(hint, size, "known: ");
        sji_list_words(hint + strlen(hint), size - strlen(hint), ids, n);
    }
    free(ids);
}

static void report_reference(sj_reader *reader, const sji_pending *pending,
                             const sji_collection *collection)
{
    char hint[256], shown[SJI_SHOWN];
    if (collection == NULL || collection->n == 0) {
        (void)snprintf(hint, sizeof hint, "there are no %s", pending->row->of);
    } else {
        hint_ids(reader, hint, sizeof hint, pending->id, collection);
    }
    sji_show(shown, sizeof shown, pending->id, strlen(pending->id));
    sji_report(reader, pending->node, pending->of_key, SJ_E_REFERENCE, pending->pointer, hint,
               "there is no \"%s\" among the %s", shown, pending->row->of);
}

void sji_resolve(sj_reader *reader)
{
    struct sj_reader_state *state = reader->state;
    for (size_t i = 0; i < state->pending.n; i++) {
        const sji_pending *pending = &state->pending.at[i];
        const sji_collection *collection = find_collection(reader, pending->row->of);
        *pending->target = find_item(collection, pending->id);
        if (*pending->target == SJ_NO_REF) {
            report_reference(reader, pending, collection);
        }
    }
    for (size_t i = 0; i < state->unsorted.n; i++) {
        sort_numbers(state->unsorted.at[i]);
    }
    state->pending.n = state->unsorted.n = 0;
}
