/* Keys that are not in the tables: 0 where the scenario knows them, not covered otherwise. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "analysis/records_inside.h"

static const char *const all = "ALL";

static bool is_all(const char *id)
{
    return strcmp(id, all) == 0;
}

static const cJSON *node(const sj_records *r, const char *collection, const char *id)
{
    char pointer[256];
    (void)snprintf(pointer, sizeof pointer, "/%s", collection);
    sj_pointer_append(pointer, sizeof pointer, id);
    return r->tree != NULL ? sj_tree_at(r->tree, pointer) : NULL;
}

/* Does any curve have this text at this key? */
static bool occurs(const sj_records *r, int key, const char *id)
{
    for (size_t i = 0; i < r->series.curves.n; i++) {
        if (strcmp(r->series.curves.at[i].key[key], id) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_place(const sj_records *r, const char *id)
{
    const cJSON *place = node(r, "places", id);
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(place, "kind");
    if (is_all(id) || occurs(r, SJI_PLACE, id)) {
        return true;
    }
    return (place != NULL || node(r, "links", id) != NULL) &&
           !(cJSON_IsString(kind) && strcmp(kind->valuestring, "outside") == 0);
}

/* An id of any collection, or the stage of a programme. */
static bool is_item(const sj_records *r, const char *id)
{
    const char *slash = strchr(id, '/');
    const cJSON *collection;
    if (is_all(id) || occurs(r, SJI_ITEM, id)) {
        return true;
    }
    if (r->tree == NULL) {
        return false;
    }
    if (slash != NULL) {
        char programme[128];
        (void)snprintf(programme, sizeof programme, "%.*s", (int)(slash - id), id);
        const cJSON *stages =
            cJSON_GetObjectItemCaseSensitive(node(r, "programmes", programme), "stages");
        return cJSON_GetObjectItemCaseSensitive(stages, slash + 1) != NULL;
    }
    cJSON_ArrayForEach(collection, sj_tree_root(r->tree))
    {
        if (cJSON_IsObject(collection) &&
            cJSON_GetObjectItemCaseSensitive(collection, id) != NULL) {
            return true;
        }
    }
    return false;
}

sj_cover sji_records_absent(const sj_records *r, const char *const key[SJI_N_KEYS])
{
    bool has_metric = false, is_divided = false;
    for (size_t i = 0; i < r->series.curves.n; i++) {
        const char *const *other = r->series.curves.at[i].key;
        if (strcmp(other[SJI_METRIC], key[SJI_METRIC]) == 0) {
            has_metric = true;
            is_divided =
                is_divided || (is_all(other[SJI_PLACE]) == is_all(key[SJI_PLACE]) &&
                               is_all(other[SJI_NATIONALITY]) == is_all(key[SJI_NATIONALITY]) &&
                               is_all(other[SJI_ITEM]) == is_all(key[SJI_ITEM]));
        }
    }
    if (!has_metric) {
        return SJ_NOT_METRIC;
    }
    if (!is_place(r, key[SJI_PLACE])) {
        return SJ_NOT_PLACE;
    }
    const char *nation = key[SJI_NATIONALITY];
    if (!is_all(nation) && node(r, "nationalities", nation) == NULL &&
        !occurs(r, SJI_NATIONALITY, nation)) {
        return SJ_NOT_NATIONALITY;
    }
    if (!is_item(r, key[SJI_ITEM])) {
        return SJ_NOT_ITEM;
    }
    return is_divided ? SJ_COVERED : SJ_NOT_DIVIDED;
}
