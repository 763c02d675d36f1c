/**
 * @file keys.h
 * @brief Key tables: one row describes a key once, and everything reads that row.
 *
 * A table describes an object of a scenario: each row names a key, its type,
 * unit, range, default (behavioural keys only), whether a policy may move it,
 * its meaning and source. sj_keys_read() fills a C struct from a tree by such
 * a table and reports every problem with its place. Numbers and truth values
 * do not land in the struct themselves: they land in one flat sj_values table,
 * addressed by JSON pointer, and the struct holds their index; a run copies
 * the table, draws the ranges and lets policies move entries.
 * Floor 1 (io).
 */
#ifndef SJ_IO_KEYS_H
#define SJ_IO_KEYS_H
#include "base/arena.h"
#include "base/date.h"
#include "io/tree.h"
#include <math.h>
#include <stdint.h>

/** @brief Index into sj_values; SJ_NO_VALUE = the key is absent and has no default. */
typedef int32_t sj_val;
enum { SJ_NO_VALUE = -1, SJ_NO_REF = -1 };

typedef enum sj_key_type {
    SJ_KEY_NUMBER,  /* sj_val; a number or a value object */
    SJ_KEY_INTEGER, /* sj_val; a whole number up to 2^53 */
    SJ_KEY_BOOL,    /* sj_val; 0 or 1 */
    SJ_KEY_TEXT,    /* const char *, NULL if absent */
    SJ_KEY_DATE,    /* sj_day, SJ_NO_DAY if absent */
    SJ_KEY_ENUM,    /* int, index into `words`; absent = index `fallback`, flag or not */
    SJ_KEY_REF,     /* int, index of the id in the collection `of`; SJ_NO_REF if absent */
    SJ_KEY_REFS,    /* sj_refs: array of ids of the collection `of` */
    SJ_KEY_WORDS,   /* sj_refs: array of words of `words`, as indices, no repeats */
    SJ_KEY_TEXTS,   /* sj_texts: array of texts */
    SJ_KEY_NUMBERS, /* sj_numbers: object {id: number or value object}; ids of the collection `of`,
                       words of `words`, dates (flag SJ_KEY_BY_DATE), or free */
    SJ_KEY_OBJECT,  /* the struct of `table`, inline; absent = all its keys absent (defaults) */
    SJ_KEY_MAP,     /* sj_map: object {id: object of `table`}, sorted by id */
    SJ_KEY_LIST,    /* sj_map: array of objects of `table`, in order; ids "0", "1", ... */
    SJ_KEY_ANY      /* const cJSON *, borrowed: read by the owner of the table */
} sj_key_type;

enum {
    SJ_KEY_REQUIRED = 1 << 0,   /* structural: absence is an error */
    SJ_KEY_DYNAMIC = 1 << 1,    /* a policy may move it */
    SJ_KEY_DEFAULT = 1 << 2,    /* behavioural: `fallback` where absent */
    SJ_KEY_OPEN_LOW = 1 << 3,   /* the low end itself is not allowed */
    SJ_KEY_BY_DATE = 1 << 4,    /* NUMBERS, MAP: keys are dates, ascending */
    SJ_KEY_SHORTHAND = 1 << 5,  /* a bare number, value object, text (or array) in place of the
                                   object means this key of it */
    SJ_KEY_COLLECTION = 1 << 6, /* MAP: its ids may be referred to under the key's name */
    SJ_KEY_FREE_IDS = 1 << 7,   /* MAP, NUMBERS: ids are any non-empty text ("a>b"); otherwise they
                                   are [A-Za-z][A-Za-z0-9-]*, not value or file */
    SJ_KEY_OR_BOOL = 1 << 8     /* NUMBER: true and false are taken as 1 and 0 */
};

/* A row named "*" (MAP or NUMBERS) takes all members of its object that no other row names, so
 * {"ven": {"col": 5}} is a MAP whose table has the one row "*", and {"default": 0.3, "ven": 0.9}
 * a table with the shorthand row "default" and a row "*" of NUMBERS. A MAP whose `of` is set has
 * ids that are ids of that collection (item.ref is their index). */

#define SJ_NO_DAY INT32_MIN

typedef struct sj_key_table sj_key_table;

/** @brief One row: one key. */
typedef struct sj_key {
    const char *name;
    sj_key_type type;
    size_t offset; /* of the field in the struct of the table */
    unsigned flags;
    const char *unit;          /* "persons", "1/year", "USD", "share", ...; "" = none */
    double low, high;          /* closed range of a number; +-INFINITY = none */
    double fallback;           /* default, if SJ_KEY_DEFAULT */
    const char *of;            /* REF, REFS, NUMBERS: collection, such as "places" */
    const char *const *words;  /* ENUM, WORDS, NUMBERS: NULL-terminated words */
    const sj_key_table *table; /* OBJECT, MAP */
    const char *doc;           /* one line: what it means */
    const char *source;        /* where the default comes from; "" = none */
} sj_key;

struct sj_key_table {
    const char *name; /* "programme" */
    const char *doc;  /* one line */
    size_t size;      /* of the struct; it begins with an sj_item */
    const sj_key *keys;
    size_t n_keys;
};

/** @brief First member of every struct that a table fills. */
typedef struct sj_item {
    const char *id;      /* "" for an object that is not in a map */
    const char *pointer; /* its own JSON pointer */
    int ref;             /* MAP with `of`: index in that collection; else SJ_NO_REF */
} sj_item;

typedef struct sj_map {
    void *at; /* n structs of the table's size, sorted by id */
    size_t n;
} sj_map;
/** @brief A map member with its type: same layout as sj_map. */
#define SJ_MAP_OF(type)                                                                            \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t n;                                                                                  \
    }

typedef struct sj_refs {
    int *at;
    size_t n;
} sj_refs;
typedef struct sj_texts {
    const char **at;
    size_t n;
} sj_texts;
typedef struct sj_number {
    const char *id;
    int ref;    /* index in the collection or in the words; SJ_NO_REF for free ids */
    sj_day day; /* BY_DATE */
    sj_val value;
} sj_number;
typedef struct sj_numbers {
    sj_number *at; /* sorted by ref, by day, or by id */
    size_t n;
} sj_numbers;

/**
 * @brief How a value is uncertain.
 *
 * In a file, `low` and `high` beside `value` mean a triangular law. Any other is written as
 * "distribution": {"law": NAME, parameters}:
 *
 *     uniform, loguniform   low, high        (there, or beside the value; loguniform: above 0)
 *     normal                mean, sd         (sd > 0)
 *     lognormal             mean_log, sd_log (sd_log > 0; natural logarithm)
 *     beta                  alpha, beta      (both > 0; on 0 to 1, which the key must allow)
 *     discrete              values, weights  (lists of one length; weights >= 0, sum > 0, all 1
 *                                            where absent)
 *
 * low <= value <= high, both within the range of the key; equal ends are no range (FIXED).
 * Whole-number keys take every law, a draw is rounded; truth values take only discrete. A law that
 * reaches beyond the range of the key is truncated to it.
 */
typedef enum sj_law {
    SJ_LAW_FIXED,
    SJ_LAW_TRIANGULAR, /* low, mode = base, high */
    SJ_LAW_UNIFORM,    /* a = low, b = high */
    SJ_LAW_LOGUNIFORM, /* a = low, b = high */
    SJ_LAW_NORMAL,     /* a = mean, b = sd, truncated to the key's range */
    SJ_LAW_LOGNORMAL,  /* a = mean of the log, b = sd of the log, truncated likewise */
    SJ_LAW_BETA,       /* a, b */
    SJ_LAW_DISCRETE    /* `choices` with `weights` */
} sj_law;

/** @brief One value of a scenario. */
typedef struct sj_value {
    const char *pointer;
    const sj_key *key;
    double base;
    char mark; /* S V F R A; D = the key table's default */
    const char *source, *note;
    sj_law law;
    double a, b; /* parameters, see sj_law; triangular: low, high */
    double *choices, *weights;
    size_t n_choices;
} sj_value;

typedef struct sj_values sj_values;

/** @brief Everything a reading needs; `problems` collects. */
typedef struct sj_reader {
    sj_tree *tree;
    sj_arena *arena;   /* all that is made lives here */
    sj_values *values; /* new values are added here */
    sj_problems *problems;
    struct sj_reader_state *state; /* references still to resolve; NULL at first */
} sj_reader;

/**
 * @brief Read the whole tree into *root by `table` and resolve references.
 *
 * Unknown keys (but `notes` and `x-...`) are errors with a suggestion; `source` of marks V and S is
 * looked up in /sources. A leaf text may be {"value": text, "mark", "source", "note"}. Values are
 * added in the order of the table and of sorted ids, whatever the order of the file. A value of
 * which nothing sensible can be read is left absent. The pointer of an object with a shorthand
 * number also finds that number (sj_values_find, sj_values_match). Texts and items are copied to
 * the arena; only ANY borrows from the tree. At most 1000 problems are listed, sorted by place;
 * the last one tells how many more there were. O(n log n).
 *
 * @retval SJ_OK      Also with problems: look at them.
 * @retval SJ_E_NOMEM Memory ended; *root is not to be used.
 */
SJ_MUSTUSE sj_status sj_keys_read(sj_reader *reader, const sj_key_table *table, void *root);

/** @brief The same for the object at a pointer of reader->tree, with references to collections of
 * this and of earlier readings (a policy read into a scenario that stands). Absent = no required
 * keys asked for, defaults set. */
SJ_MUSTUSE sj_status sj_keys_read_at(sj_reader *reader, const sj_key_table *table,
                                     const char *pointer, void *item);

/** @brief sj_tree_set() that knows the tables: objects that are absent on the way are made where
 * the table has them (an id of a map must exist), and a shorthand on the way is written out, so
 * that "/noise/sd=0.1" and "/programmes/p/pass/ven=0.9" work whatever the file says. */
SJ_MUSTUSE sj_status sj_keys_set(const sj_key_table *table, sj_tree *tree, const char *assignment,
                                 sj_problems *problems);

/** @brief Index of an id in a collection of the reading, SJ_NO_REF where there is none. */
int sj_reader_find(const sj_reader *reader, const char *collection, const char *id);

/** @brief Report a problem at a pointer of the tree; `hint` may be NULL. */
void sj_reader_problem(sj_reader *reader, sj_status status, const char *pointer, const char *hint,
                       const char *fmt, ...) SJ_PRINTF(5, 6);
void sj_reader_warning(sj_reader *reader, sj_status status, const char *pointer, const char *hint,
                       const char *fmt, ...) SJ_PRINTF(5, 6);

/** @brief Release what the reading itself needs (not the arena, the tree or the values). */
void sj_reader_clear(sj_reader *reader);

/** @brief The values: new, free, length, row, by pointer (SJ_NO_VALUE where none). */
sj_values *sj_values_new(void);
void sj_values_free(sj_values *values);
size_t sj_values_length(const sj_values *values);
const sj_value *sj_values_row(const sj_values *values, sj_val index);
sj_val sj_values_find(const sj_values *values, const char *pointer);

/** @brief Add a value that no file holds (derived); its pointer is copied. SJ_NO_VALUE when memory
 * ends. */
sj_val sj_values_add(sj_values *values, const char *pointer, const sj_key *key, double base);

/** @brief The same for one that is drawn uniformly from low to high (mark A; `base` is the middle).
 */
sj_val sj_values_add_uniform(sj_values *values, const char *pointer, double low, double high);

/** @brief Values whose pointer matches a pattern: a segment may be `*` or `{a,b}`. Appends to
 * *out; returns how many (0 also when memory ends). Ascending by index. O(1) without such a
 * segment, else O(values). */
size_t sj_values_match(const sj_values *values, const char *pattern, sj_refs *out, sj_arena *arena);

/** @brief Row of a table that a pointer addresses, NULL where none; for `explain`, `--set`,
 * policies. Ids in the pointer may be anything, `*` too. O(rows). */
const sj_key *sj_keys_find(const sj_key_table *table, const char *pointer);

/** @brief Reference documentation of a table and all below it, as Markdown. Returns new. */
char *sj_keys_markdown(const sj_key_table *table);
#endif /* SJ_IO_KEYS_H */
