/**
 * @file rows.h
 * @brief Short forms for the rows of key tables; only for keys_*.c. Floor 3 (world).
 *
 * T is the struct that the table fills, f its field; the key has the field's
 * name unless a row says otherwise (_AS).
 */
#ifndef SJ_WORLD_ROWS_H
#define SJ_WORLD_ROWS_H
#include "world/spec.h"

#define REQ SJ_KEY_REQUIRED
#define DYN SJ_KEY_DYNAMIC
#define DEF SJ_KEY_DEFAULT
#define NONE ""
#define INF INFINITY

#define NUM_AS(key, T, f, flags, unit, low, high, fallback, doc, src)                              \
    {                                                                                              \
        key, SJ_KEY_NUMBER, offsetof(T, f), flags, unit, low, high, fallback, NULL, NULL, NULL,    \
            doc, src                                                                               \
    }
#define NUM(T, f, flags, unit, low, high, fallback, doc, src)                                      \
    NUM_AS(#f, T, f, flags, unit, low, high, fallback, doc, src)
#define INT(T, f, flags, unit, low, high, fallback, doc, src)                                      \
    {                                                                                              \
#f, SJ_KEY_INTEGER, offsetof(T, f), flags, unit, low, high, fallback, NULL, NULL, NULL,    \
            doc, src                                                                               \
    }
#define BOOL_AS(key, T, f, flags, fallback, doc)                                                   \
    {                                                                                              \
        key, SJ_KEY_BOOL, offsetof(T, f), flags, NONE, 0, 1, fallback, NULL, NULL, NULL, doc, NONE \
    }
#define BOOL(T, f, flags, fallback, doc) BOOL_AS(#f, T, f, flags, fallback, doc)
#define TEXT_AS(key, T, f, flags, doc)                                                             \
    {                                                                                              \
        key, SJ_KEY_TEXT, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, NULL, NULL, doc, NONE   \
    }
#define TEXT(T, f, flags, doc) TEXT_AS(#f, T, f, flags, doc)
#define DATE(T, f, flags, doc)                                                                     \
    {                                                                                              \
#f, SJ_KEY_DATE, offsetof(T, f), flags, "date", -INF, INF, 0, NULL, NULL, NULL, doc, NONE  \
    }
#define ENUM(T, f, flags, list, fallback, doc)                                                     \
    {                                                                                              \
#f, SJ_KEY_ENUM, offsetof(T, f), flags, NONE, -INF, INF, fallback, NULL, list, NULL, doc,  \
            NONE                                                                                   \
    }
#define REF(T, f, flags, collection, doc)                                                          \
    {                                                                                              \
#f, SJ_KEY_REF, offsetof(T, f), flags, NONE, -INF, INF, 0, collection, NULL, NULL, doc,    \
            NONE                                                                                   \
    }
#define REFS(T, f, flags, collection, doc)                                                         \
    {                                                                                              \
#f, SJ_KEY_REFS, offsetof(T, f), flags, NONE, -INF, INF, 0, collection, NULL, NULL, doc,   \
            NONE                                                                                   \
    }
#define WORDS(T, f, flags, list, doc)                                                              \
    {                                                                                              \
#f, SJ_KEY_WORDS, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, list, NULL, doc, NONE   \
    }
#define TEXTS(T, f, flags, doc)                                                                    \
    {                                                                                              \
#f, SJ_KEY_TEXTS, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, NULL, NULL, doc, NONE   \
    }
#define NUMS_AS(key, T, f, flags, unit, low, high, collection, list, doc)                          \
    {                                                                                              \
        key, SJ_KEY_NUMBERS, offsetof(T, f), flags, unit, low, high, 0, collection, list, NULL,    \
            doc, NONE                                                                              \
    }
#define NUMS(T, f, flags, unit, low, high, collection, list, doc)                                  \
    NUMS_AS(#f, T, f, flags, unit, low, high, collection, list, doc)
#define OBJECT_AS(key, T, f, flags, sub, doc)                                                      \
    {                                                                                              \
        key, SJ_KEY_OBJECT, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, NULL, sub, doc, NONE  \
    }
#define OBJECT(T, f, flags, sub, doc) OBJECT_AS(#f, T, f, flags, sub, doc)
#define MAP_AS(key, T, f, flags, collection, sub, doc)                                             \
    {                                                                                              \
        key, SJ_KEY_MAP, offsetof(T, f), flags, NONE, -INF, INF, 0, collection, NULL, sub, doc,    \
            NONE                                                                                   \
    }
#define MAP(T, f, flags, sub, doc) MAP_AS(#f, T, f, flags, NULL, sub, doc)
#define LIST(T, f, flags, sub, doc)                                                                \
    {                                                                                              \
#f, SJ_KEY_LIST, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, NULL, sub, doc, NONE     \
    }
#define ANY(T, f, flags, doc)                                                                      \
    {                                                                                              \
#f, SJ_KEY_ANY, offsetof(T, f), flags, NONE, -INF, INF, 0, NULL, NULL, NULL, doc, NONE     \
    }

/** Defines the table `name` of struct T from the rows before it. */
#define TABLE(name, word, T, rows, doc)                                                            \
    const sj_key_table name = {word, doc, sizeof(T), rows, sizeof(rows) / sizeof((rows)[0])}

/* Tables of one room that other tables name. */
extern const sj_key_table sji_place_keys, sji_nationality_keys, sji_stocks_keys, sji_status_keys;
extern const sj_key_table sji_driver_keys, sji_departure_keys, sji_choice_keys, sji_route_keys;
extern const sj_key_table sji_beliefs_keys, sji_noise_keys, sji_channel_keys, sji_link_keys;
extern const sj_key_table sji_post_keys, sji_programme_keys, sji_chain_keys, sji_service_keys;
extern const sj_key_table sji_unit_cost_keys, sji_fund_keys, sji_demography_keys, sji_onward_keys;
extern const sj_key_table sji_return_keys, sji_opinion_keys, sji_policy_entry_keys;
#endif /* SJ_WORLD_ROWS_H */
