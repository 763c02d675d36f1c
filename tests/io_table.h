/**
 * @file io_table.h
 * @brief A small world of key tables that uses every key type and flag; for the tests and fuzz
 * targets of src/io.
 */
#ifndef SJ_TESTS_IO_TABLE_H
#define SJ_TESTS_IO_TABLE_H
#include "io/keys.h"

static const char *const kind_words[] = {"country", "city", "node", NULL};
static const char *const group_words[] = {"0-4", "5-17", "18-59", "60+", NULL};

typedef struct test_source {
    sj_item item;
    const char *text;
} test_source;
static const sj_key source_rows[] = {
    {"text", SJ_KEY_TEXT, offsetof(test_source, text), SJ_KEY_REQUIRED, "", -INFINITY, INFINITY, 0,
     NULL, NULL, NULL, "what it is", ""},
};
static const sj_key_table source_table = {"source", "a source", sizeof(test_source), source_rows,
                                          1};

typedef struct test_share {
    sj_item item;
    sj_val all;
    sj_numbers of;
} test_share;
static const sj_key share_rows[] = {
    {"default", SJ_KEY_NUMBER, offsetof(test_share, all),
     SJ_KEY_DEFAULT | SJ_KEY_DYNAMIC | SJ_KEY_SHORTHAND, "share", 0, 1, 0.5, NULL, NULL, NULL,
     "for all that are not named", "none"},
    {"*", SJ_KEY_NUMBERS, offsetof(test_share, of), SJ_KEY_DYNAMIC, "share", 0, 1, 0, "places",
     NULL, NULL, "by place", ""},
};
static const sj_key_table share_table = {"share", "a share by place", sizeof(test_share),
                                         share_rows, 2};

typedef struct test_place {
    sj_item item;
    int kind, parent;
    sj_val people, rate, open;
    const char *name;
    test_share pass;
} test_place;
static const sj_key place_rows[] = {
    {"kind", SJ_KEY_ENUM, offsetof(test_place, kind), SJ_KEY_REQUIRED, "", -INFINITY, INFINITY, 0,
     NULL, kind_words, NULL, "what it is", ""},
    {"parent", SJ_KEY_REF, offsetof(test_place, parent), 0, "", -INFINITY, INFINITY, 0, "places",
     NULL, NULL, "country of it", ""},
    {"people", SJ_KEY_INTEGER, offsetof(test_place, people), 0, "persons", 0, 9e15, 0, NULL, NULL,
     NULL, "who live there", ""},
    {"rate_per_year", SJ_KEY_NUMBER, offsetof(test_place, rate),
     SJ_KEY_DEFAULT | SJ_KEY_DYNAMIC | SJ_KEY_OPEN_LOW, "1/year", 0, 2, 0.25, NULL, NULL, NULL,
     "how many leave", "a source | of defaults"},
    {"open", SJ_KEY_BOOL, offsetof(test_place, open), SJ_KEY_DEFAULT | SJ_KEY_DYNAMIC, "", 0, 1, 1,
     NULL, NULL, NULL, "lets people in", ""},
    {"name", SJ_KEY_TEXT, offsetof(test_place, name), 0, "", -INFINITY, INFINITY, 0, NULL, NULL,
     NULL, "name in plots", ""},
    {"pass", SJ_KEY_OBJECT, offsetof(test_place, pass), 0, "", -INFINITY, INFINITY, 0, NULL, NULL,
     &share_table, "share that passes", ""},
};
static const sj_key_table place_table = {"place", "a place", sizeof(test_place), place_rows, 7};

typedef struct test_stock {
    sj_item item;
    sj_val count;
} test_stock;
static const sj_key stock_rows[] = {
    {"count", SJ_KEY_INTEGER, offsetof(test_stock, count), SJ_KEY_REQUIRED | SJ_KEY_SHORTHAND,
     "persons", 0, 9e15, 0, NULL, NULL, NULL, "people", ""},
};
static const sj_key_table stock_table = {"stock", "people of one origin in one place",
                                         sizeof(test_stock), stock_rows, 1};
typedef struct test_stocks {
    sj_item item;
    SJ_MAP_OF(test_stock) in;
} test_stocks;
static const sj_key stocks_rows[] = {
    {"*", SJ_KEY_MAP, offsetof(test_stocks, in), 0, "", -INFINITY, INFINITY, 0, "places", NULL,
     &stock_table, "by place", ""},
};
static const sj_key_table stocks_table = {"stocks", "people of one origin", sizeof(test_stocks),
                                          stocks_rows, 1};

typedef struct test_op {
    sj_item item;
    const char *at;
    sj_val set, value;
} test_op;
static const sj_key op_rows[] = {
    {"at", SJ_KEY_TEXT, offsetof(test_op, at), SJ_KEY_REQUIRED, "", -INFINITY, INFINITY, 0, NULL,
     NULL, NULL, "pointer", ""},
    {"set", SJ_KEY_NUMBER, offsetof(test_op, set), SJ_KEY_OR_BOOL, "", -1e15, 1e15, 0, NULL, NULL,
     NULL, "new value", ""},
    {"value", SJ_KEY_NUMBER, offsetof(test_op, value), 0, "", -INFINITY, INFINITY, 0, NULL, NULL,
     NULL, "a key that is named like a value object's", ""},
};
static const sj_key_table op_table = {"op", "a change", sizeof(test_op), op_rows, 3};

typedef struct test_noise {
    sj_item item;
    sj_val sd, level;
} test_noise;
static const sj_key noise_rows[] = {
    {"sd", SJ_KEY_NUMBER, offsetof(test_noise, sd), SJ_KEY_DEFAULT, "log", 0, INFINITY, 0, NULL,
     NULL, NULL, "of the noise", ""},
    {"level", SJ_KEY_NUMBER, offsetof(test_noise, level), SJ_KEY_REQUIRED, "", -INFINITY, INFINITY,
     0, NULL, NULL, NULL, "of the noise", ""},
};
static const sj_key_table noise_table = {"noise", "noise", sizeof(test_noise), noise_rows, 2};

typedef struct test_root {
    sj_item item;
    const char *format;
    sj_day start;
    SJ_MAP_OF(test_source) sources;
    SJ_MAP_OF(test_place) places;
    SJ_MAP_OF(test_stocks) stocks;
    SJ_MAP_OF(test_stock) acts, moves;
    SJ_MAP_OF(test_op) ops;
    sj_refs to, groups;
    sj_texts off;
    sj_numbers weights, pledges, shares, free;
    test_noise noise;
    const cJSON *any;
} test_root;
#define TEST_ROW(name, type, field, flags, of, words, table)                                       \
    {                                                                                              \
        name, type, offsetof(test_root, field), flags, "", 0, 1e6, 0, of, words, table,            \
            "meaning of " name, ""                                                                 \
    }
static const sj_key root_rows[] = {
    TEST_ROW("format", SJ_KEY_TEXT, format, SJ_KEY_REQUIRED, NULL, NULL, NULL),
    TEST_ROW("start", SJ_KEY_DATE, start, 0, NULL, NULL, NULL),
    TEST_ROW("sources", SJ_KEY_MAP, sources, 0, NULL, NULL, &source_table),
    TEST_ROW("places", SJ_KEY_MAP, places, SJ_KEY_COLLECTION, NULL, NULL, &place_table),
    TEST_ROW("stocks", SJ_KEY_MAP, stocks, 0, "places", NULL, &stocks_table),
    TEST_ROW("acts", SJ_KEY_MAP, acts, SJ_KEY_BY_DATE, NULL, NULL, &stock_table),
    TEST_ROW("moves", SJ_KEY_MAP, moves, SJ_KEY_FREE_IDS, NULL, NULL, &stock_table),
    TEST_ROW("ops", SJ_KEY_LIST, ops, 0, NULL, NULL, &op_table),
    TEST_ROW("to", SJ_KEY_REFS, to, 0, "places", NULL, NULL),
    TEST_ROW("groups", SJ_KEY_WORDS, groups, 0, NULL, group_words, NULL),
    TEST_ROW("off", SJ_KEY_TEXTS, off, 0, NULL, NULL, NULL),
    TEST_ROW("weights", SJ_KEY_NUMBERS, weights, 0, NULL, group_words, NULL),
    TEST_ROW("pledges", SJ_KEY_NUMBERS, pledges, SJ_KEY_BY_DATE, NULL, NULL, NULL),
    TEST_ROW("shares", SJ_KEY_NUMBERS, shares, SJ_KEY_DYNAMIC, "places", NULL, NULL),
    TEST_ROW("free", SJ_KEY_NUMBERS, free, SJ_KEY_FREE_IDS, NULL, NULL, NULL),
    TEST_ROW("noise", SJ_KEY_OBJECT, noise, 0, NULL, NULL, &noise_table),
    TEST_ROW("any", SJ_KEY_ANY, any, 0, NULL, NULL, NULL),
};
static const sj_key_table root_table = {"root", "a small world", sizeof(test_root), root_rows,
                                        sizeof root_rows / sizeof root_rows[0]};
#endif /* SJ_TESTS_IO_TABLE_H */
