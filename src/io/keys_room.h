/**
 * @file keys_room.h
 * @brief Inside of a reading by key tables, for the files of this room.
 *
 * Reading functions return nothing: a fault of the file becomes a problem, and
 * memory ending sets a flag that ends the reading with SJ_E_NOMEM. While an
 * object is read, `state->pointer` is its JSON pointer; segments are pushed and
 * popped around each member. Floor 1 (io), private.
 */
#ifndef SJ_IO_KEYS_ROOM_H
#define SJ_IO_KEYS_ROOM_H
#include "base/mem.h"
#include "base/str.h"
#include "io/keys.h"
#include "io/tree_room.h"

enum {
    SJI_MOST_KEYS = 128,      /* rows of one table */
    SJI_MOST_PROBLEMS = 1000, /* shown by one reading; more are counted */
    SJI_MOST_SUGGESTIONS = 100
};

/** @brief A MAP that may be referred to. Borrows all. */
typedef struct sji_collection {
    const char *name;
    const char *at; /* n items of `size` bytes, each beginning with an sj_item */
    size_t n, size;
    int reading; /* which call read it */
} sji_collection;

/** @brief A reference that waits until all ids are known. */
typedef struct sji_pending {
    const sj_key *row;
    int *target;
    const char *id, *pointer; /* arena */
    const cJSON *node;        /* borrowed from the tree, until the reading ends */
    bool of_key;              /* the id is the key of the node, not its text */
} sji_pending;

/** @brief What a reading remembers between rows. */
struct sj_reader_state {
    SJ_VEC(sji_collection) collections;
    SJ_VEC(sji_pending) pending;
    SJ_VEC(sj_numbers *) unsorted; /* NUMBERS by collection, sorted after resolving */
    SJ_VEC(const char *) sources;  /* ids in /sources, sorted; borrowed from the tree */
    sj_str pointer;
    const cJSON *entry;  /* the entry of a MAP that is being read, the innermost */
    bool asked_for_base; /* whether `extends` is missing */
    int reading;
    size_t first_problem, n_reported, n_dropped, n_suggested;
    bool no_memory;
};

/* keys_report.c */

/** @brief Report a problem at a node (or its key) of the object at `pointer`. */
void sji_report(sj_reader *reader, const cJSON *node, bool of_key, sj_status status,
                const char *pointer, const char *hint, const char *fmt, ...) SJ_PRINTF(7, 8);

/** @brief The same for the value whose pointer is being read. */
#define SJI_REPORT(reader, node, status, hint, ...)                                                \
    sji_report((reader), (node), false, (status), (reader)->state->pointer.text, (hint),           \
               __VA_ARGS__)

/** @brief Report a node of the wrong type; `wanted` as "a number". */
void sji_report_type(sj_reader *reader, const sj_key *row, const cJSON *node, const char *wanted);

/** @brief Report an unknown key of the object being read, with the nearest of its keys. */
void sji_report_unknown(sj_reader *reader, const cJSON *node, const sj_key *rows, size_t n);

/** @brief "did you mean" among words into `hint`; empty where none is near, or too many were made.
 */
void sji_hint_nearest(sj_reader *reader, char *hint, size_t size, const char *word,
                      const char *const *words, size_t n);

/** @brief "a, b, c" of words, cut with "..." to the room. */
void sji_list_words(char *out, size_t size, const char *const *words, size_t n);
size_t sji_count_words(const char *const *words);

/** @brief The range of a key in words: "between 0 and 1 (share)"; "" where all is allowed. */
void sji_describe_range(char *out, size_t size, const sj_key *row);

/** @brief Sort the problems of this reading by place, and tell how many were dropped. */
void sji_finish_problems(sj_reader *reader);

/* keys_read.c */

/** @brief True for `notes` and `x-...`, which are allowed anywhere and skipped. */
bool sji_is_skipped(const char *key);

/** @brief True for a row "*", which takes the members that no other row names. */
static inline bool sji_is_rest(const sj_key *row)
{
    return row->name[0] == '*' && row->name[1] == '\0';
}

/** @brief Zeroed storage of the arena; NULL sets no_memory. */
void *sji_alloc(sj_reader *reader, size_t n, size_t size);
const char *sji_copy(sj_reader *reader, const char *text);

/** @brief Append a segment to the pointer; sji_pop() with what it returned takes it off. */
size_t sji_push(sj_reader *reader, const char *segment);
void sji_pop(sj_reader *reader, size_t length);

/** @brief Members of an object without the skipped ones. */
size_t sji_count_members(const cJSON *object);

/** @brief Read the object at `node` (NULL = absent) into `item`. */
void sji_read_object(sj_reader *reader, const sj_key_table *table, const cJSON *node,
                     const char *id, void *item);

/** @brief True where a node is written as an object of the table, not as a shorthand. */
bool sji_is_object_of(const sj_key_table *table, const cJSON *node);

/** @brief The row that a node in place of an object means, NULL where it means none. */
const sj_key *sji_shorthand(const sj_key_table *table, const cJSON *node);

/** @brief Report a member whose key is no id (or date) as the row asks for; false then. */
bool sji_check_id(sj_reader *reader, const sj_key *row, const cJSON *node);

/** @brief Members with good ids that no row of `except` (may be NULL) names, sorted bytewise.
 * Returns new (free()), NULL when memory ends. */
const cJSON **sji_sorted_members(sj_reader *reader, const sj_key *row, const cJSON *node,
                                 const sj_key_table *except, size_t *n);

/* keys_value.c */

/** @brief Read a number, whole number or truth value; adds its default where it is absent. */
sj_val sji_read_value(sj_reader *reader, const sj_key *row, const cJSON *node);

/** @brief Text of a leaf that is a text or {"value": text, ...}; NULL after a report. */
const char *sji_read_text(sj_reader *reader, const sj_key *row, const cJSON *node,
                          const char *wanted);

/* keys_law.c */

/** @brief Read low, high and distribution of a value object; false after a report. */
bool sji_read_law(sj_reader *reader, const sj_key *row, const cJSON *low, const cJSON *high,
                  const cJSON *distribution, const cJSON *node, sj_value *value);

/** @brief A number (or truth value) of the kind and within the range of the key. */
bool sji_read_number(sj_reader *reader, const sj_key *row, const cJSON *node, double *out);

/* keys_list.c */
void sji_read_enum(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);
void sji_read_ref(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);
void sji_read_refs(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);
void sji_read_words(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);
void sji_read_texts(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);
void sji_read_numbers(sj_reader *reader, const sj_key *row, const cJSON *node, void *field);

/** @brief Numbers of all members that no row of `except` names; `node` NULL = none. */
void sji_read_number_members(sj_reader *reader, const sj_key *row, const cJSON *node,
                             const sj_key_table *except, sj_numbers *numbers);

/** @brief Remember a reference until all ids are known; the target stays where it is. */
void sji_wait_for(sj_reader *reader, const sj_key *row, int *target, const char *id,
                  const cJSON *node, bool of_key);

/** @brief Look up all references that wait. */
void sji_resolve(sj_reader *reader);

/* keys_doc.c */

/** @brief What a pointer addresses by the tables. */
typedef struct sji_address {
    const sj_key *row;         /* NULL where there is none */
    const sj_key_table *table; /* of the object there; NULL where there is none */
    bool is_item;              /* a member of a map, list or numbers, not the whole */
} sji_address;

sji_address sji_find(const sj_key_table *table, const char *pointer);

/* values.c */

/** @brief Add a row; its pointer is copied. `alias` (may be NULL, copied) also finds it. */
sj_val sji_values_push(sj_values *values, const sj_value *row);
bool sji_values_alias(sj_values *values, sj_val index, const char *alias);
#endif /* SJ_IO_KEYS_ROOM_H */
