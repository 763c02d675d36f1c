#include "report/results.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Node at /collection/id/key..., NULL where there is none. */
static const cJSON *node_at(const sji_results *results, const char *const segment[], size_t n)
{
    const cJSON *node = results->scenario == NULL ? NULL : sj_tree_root(results->scenario);
    for (size_t i = 0; i < n && node != NULL; i++) {
        node = cJSON_IsObject(node) ? cJSON_GetObjectItemCaseSensitive(node, segment[i]) : NULL;
    }
    return node;
}

static const char *text_of(const cJSON *node)
{
    return cJSON_IsString(node) && node->valuestring[0] != '\0' ? node->valuestring : NULL;
}

const char *sji_results_text(const sji_results *results, const char *collection, const char *id,
                             const char *key)
{
    const char *const segment[] = {collection, id, key};
    return text_of(node_at(results, segment, 3));
}

bool sji_results_list_is(const sji_results *results, const char *collection, const char *id,
                         const char *key, const char *word)
{
    const char *const segment[] = {collection, id, key};
    const cJSON *list = node_at(results, segment, 3);
    const char *only = cJSON_GetArraySize(list) == 1 ? text_of(cJSON_GetArrayItem(list, 0)) : NULL;
    return cJSON_IsArray(list) && only != NULL && strcmp(only, word) == 0;
}

const char *sji_results_title(const sji_results *results)
{
    const char *const segment[] = {"title"};
    return text_of(node_at(results, segment, 1));
}

bool sji_results_is_rest(const char *id, char *whole, size_t size)
{
    size_t n = strlen(id);
    if (n <= 5 || n - 5 >= size || strcmp(id + n - 5, "-rest") != 0) {
        return false;
    }
    memcpy(whole, id, n - 5);
    whole[n - 5] = '\0';
    return true;
}

const char *sji_results_name(const sji_results *results, const char *collection, const char *id)
{
    const char *name = sji_results_text(results, collection, id, "name");
    char whole[128];
    if (name == NULL && sji_results_is_rest(id, whole, sizeof whole)) {
        name = sji_results_text(results, collection, whole, "name");
    }
    return name != NULL ? name : id;
}

static bool number_of(const cJSON *node, double *out)
{
    if (cJSON_IsObject(node)) {
        node = cJSON_GetObjectItemCaseSensitive(node, "value");
    }
    if (!cJSON_IsNumber(node) || !isfinite(node->valuedouble)) {
        return false;
    }
    *out = node->valuedouble;
    return true;
}

bool sji_results_number(const sji_results *results, const char *collection, const char *id,
                        const char *key, double *out)
{
    const char *const segment[] = {collection, id, key};
    return number_of(node_at(results, segment, 3), out);
}

bool sji_results_stage(const sji_results *results, const char *item, const char **programme,
                       const char **stage)
{
    char *copy = sj_arena_strdup(results->arena, item);
    if (copy == NULL) {
        return false;
    }
    char *slash = strchr(copy, '/');
    *programme = copy;
    *stage = "";
    if (slash != NULL) {
        *slash = '\0';
        *stage = slash + 1;
    }
    return true;
}

const char *sji_results_stage_name(const sji_results *results, const char *programme,
                                   const char *stage)
{
    const char *const segment[] = {"programmes", programme, "stages", stage, "name"};
    const char *name = text_of(node_at(results, segment, 5));
    return name != NULL ? name : stage;
}

double sji_results_stage_order(const sji_results *results, const char *programme, const char *stage)
{
    const char *const segment[] = {"programmes", programme, "stages", stage, "order"};
    double order;
    return number_of(node_at(results, segment, 5), &order) ? order : 1e9;
}
