#include "study/diff.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "io/format.h"

enum { POINTER_BYTES = 512 };

static sj_status nomem(sj_err *err)
{
    return SJ_FAIL(err, SJ_E_NOMEM, "diff", "out of memory");
}

void sj_changes_clear(sj_changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        free(changes->at[i].pointer);
        free(changes->at[i].a);
        free(changes->at[i].b);
        free(changes->at[i].about);
    }
    sj_vec_clear(changes);
}

static const cJSON *child_of(const cJSON *node, const char *key)
{
    return cJSON_IsObject(node) ? cJSON_GetObjectItemCaseSensitive(node, key) : NULL;
}

/* A collection is walked through; everything else is one value. */
static bool is_collection(const cJSON *node)
{
    return cJSON_IsObject(node) && child_of(node, "value") == NULL;
}

static const cJSON *value_of(const cJSON *node)
{
    const cJSON *value = child_of(node, "value");
    return value != NULL ? value : node;
}

/* A value as JSON in one line, numbers with the fewest digits. New, NULL when memory ends. */
static char *text_of(const cJSON *node)
{
    if (cJSON_IsNumber(node)) {
        char number[SJ_NUMBER_TEXT];
        (void)sj_format_number(node->valuedouble, number);
        return sj_strdup(number);
    }
    char *printed = cJSON_PrintUnformatted(node);
    char *text = printed == NULL ? NULL : sj_strdup(printed);
    cJSON_free(printed);
    return text;
}

/* ---- what stands beside a value ---- */

static bool same(const cJSON *a, const cJSON *b)
{
    if (cJSON_IsNumber(a) && cJSON_IsNumber(b)) {
        return a->valuedouble == b->valuedouble;
    }
    return (a == NULL && b == NULL) || (a != NULL && b != NULL && cJSON_Compare(a, b, true));
}

static void add_member(sj_str *out, const cJSON *node, const cJSON *of, const char *key)
{
    bool is_bare = strcmp(key, "mark") == 0 && cJSON_IsNumber(value_of(of));
    if (node == NULL || cJSON_IsString(node)) {
        sj_str_add(out, node != NULL ? node->valuestring : is_bare ? "A" : "none");
        return;
    }
    char *text = text_of(node);
    sj_str_add(out, text != NULL ? text : "");
    out->failed = out->failed || text == NULL;
    free(text);
}

static void add_change(sj_str *out, const cJSON *a, const cJSON *b, const char *key)
{
    const cJSON *of_a = child_of(a, key), *of_b = child_of(b, key);
    sj_str left = {0}, right = {0};
    add_member(&left, of_a, a, key);
    add_member(&right, of_b, b, key);
    if (!same(of_a, of_b) && left.text != NULL && right.text != NULL &&
        strcmp(left.text, right.text) != 0) {
        sj_str_printf(out, "%s%s %s -> %s", out->n > 0 ? "; " : "", key, left.text, right.text);
    }
    out->failed = out->failed || left.failed || right.failed;
    sj_str_clear(&left);
    sj_str_clear(&right);
}

/* Of two value objects (or bare values): the members beside the value that differ. */
static void add_changes(sj_str *out, const cJSON *a, const cJSON *b)
{
    static const char *const first[] = {"mark", "source", "low", "high"};
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        add_change(out, a, b, first[i]);
    }
    const cJSON *sides[] = {a, b};
    for (int s = 0; s < 2; s++) {
        const cJSON *member = child_of(sides[s], "value") == NULL ? NULL : sides[s]->child;
        for (; member != NULL; member = member->next) {
            bool is_done = strcmp(member->string, "value") == 0 ||
                           (s == 1 && child_of(a, member->string) != NULL);
            for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
                is_done = is_done || strcmp(member->string, first[i]) == 0;
            }
            if (!is_done) {
                add_change(out, a, b, member->string);
            }
        }
    }
}

/* ---- the walk ---- */

static sj_status push(sj_changes *out, char kind, const char *pointer, const cJSON *a,
                      const cJSON *b, sj_err *err)
{
    sj_str about = {0};
    if (a != NULL && b != NULL && !is_collection(a) && !is_collection(b)) {
        add_changes(&about, a, b);
    }
    sj_change c = {.kind = kind,
                   .pointer = sj_strdup(pointer),
                   .a = a == NULL ? NULL : text_of(value_of(a)),
                   .b = b == NULL ? NULL : text_of(value_of(b)),
                   .about = sj_strdup(about.text == NULL ? "" : about.text)};
    bool good = !about.failed && c.pointer != NULL && c.about != NULL &&
                (a == NULL || c.a != NULL) && (b == NULL || c.b != NULL) && sj_vec_push(out, c);
    sj_str_clear(&about);
    if (!good) {
        free(c.pointer);
        free(c.a);
        free(c.b);
        free(c.about);
    }
    return good ? SJ_OK : nomem(err);
}

/* What one side alone has, value by value; an empty collection is a line of its own. */
static sj_status one_side(sj_changes *out, const cJSON *node, char pointer[POINTER_BYTES],
                          bool is_first, sj_err *err)
{
    if (!is_collection(node) || node->child == NULL) {
        return is_first ? push(out, '-', pointer, node, NULL, err)
                        : push(out, '+', pointer, NULL, node, err);
    }
    size_t length = strlen(pointer);
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        sj_pointer_append(pointer, POINTER_BYTES, child->string);
        SJ_TRY(one_side(out, child, pointer, is_first, err));
        pointer[length] = '\0';
    }
    return SJ_OK;
}

static sj_status same_value(const cJSON *a, const cJSON *b, bool *is_same, sj_err *err)
{
    sj_str about = {0};
    add_changes(&about, a, b);
    bool failed = about.failed;
    *is_same = about.n == 0 && same(value_of(a), value_of(b));
    sj_str_clear(&about);
    return failed ? nomem(err) : SJ_OK;
}

static sj_status both(sj_changes *out, const cJSON *a, const cJSON *b, char pointer[POINTER_BYTES],
                      sj_err *err)
{
    size_t length = strlen(pointer);
    if (!is_collection(a) || !is_collection(b)) {
        bool is_same = false;
        if (!is_collection(a) && !is_collection(b)) {
            SJ_TRY(same_value(a, b, &is_same, err));
        }
        return is_same ? SJ_OK : push(out, '~', pointer, a, b, err);
    }
    for (const cJSON *child = a->child; child != NULL; child = child->next) {
        const cJSON *other = child_of(b, child->string);
        sj_pointer_append(pointer, POINTER_BYTES, child->string);
        SJ_TRY(other == NULL ? one_side(out, child, pointer, true, err)
                             : both(out, child, other, pointer, err));
        pointer[length] = '\0';
    }
    for (const cJSON *child = b->child; child != NULL; child = child->next) {
        if (child_of(a, child->string) == NULL) {
            sj_pointer_append(pointer, POINTER_BYTES, child->string);
            SJ_TRY(one_side(out, child, pointer, false, err));
            pointer[length] = '\0';
        }
    }
    return SJ_OK;
}

sj_status sj_diff_trees(sj_changes *out, sj_tree *a, sj_tree *b, sj_err *err)
{
    char pointer[POINTER_BYTES] = "";
    memset(out, 0, sizeof *out);
    return both(out, sj_tree_root(a), sj_tree_root(b), pointer, err);
}

/* ---- series of drivers ---- */

/* Held levels by day, on the days that both runs have. */
static bool same_series(const sj_world *a, const double x[], const sj_world *b, const double y[])
{
    int n = a->n_days < b->n_days ? a->n_days : b->n_days;
    return a->start == b->start && memcmp(x, y, ((size_t)n + 1) * sizeof *x) == 0;
}

static sj_status name_alike(sj_world *a, sj_world *b, const char *pointer, bool is_same,
                            sj_err *err)
{
    const cJSON *x = sj_tree_at(a->tree, pointer), *y = sj_tree_at(b->tree, pointer);
    char name[256];
    if (!cJSON_IsString(x) || !cJSON_IsString(y) ||
        (!is_same && strcmp(x->valuestring, y->valuestring) != 0)) {
        return SJ_OK;
    }
    (void)snprintf(name, sizeof name, "%.200s%s", x->valuestring, is_same ? "" : ", other figures");
    cJSON *node = cJSON_CreateString(name);
    return node == NULL ? nomem(err) : sj_tree_put(b->tree, pointer, node, "", 0, 0, err);
}

/* Of one driver and country of a in b: its series, NULL where there is none. */
static const double *series_in(const sj_world *b, const char *driver, const char *country)
{
    int c = sj_world_country(b, country);
    for (int k = 0; c != SJ_NO_REF && k < b->n_drivers; k++) {
        if (strcmp(b->spec.drivers.at[k].item.id, driver) == 0) {
            return b->levels[k * b->n_countries + c].series;
        }
    }
    return NULL;
}

sj_status sj_diff_worlds(sj_changes *out, sj_world *a, sj_world *b, sj_err *err)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < a->n_drivers; k++) {
        for (int c = 0; c < a->n_countries; c++) {
            const char *driver = a->spec.drivers.at[k].item.id, *country = a->countries[c].id;
            const double *x = a->levels[k * a->n_countries + c].series;
            const double *y = series_in(b, driver, country);
            if (x == NULL || y == NULL) {
                continue;
            }
            char pointer[POINTER_BYTES] = "/drivers";
            sj_pointer_append(pointer, sizeof pointer, driver);
            sj_pointer_append(pointer, sizeof pointer, "levels");
            sj_pointer_append(pointer, sizeof pointer, country);
            sj_pointer_append(pointer, sizeof pointer, "series");
            SJ_TRY(name_alike(a, b, pointer, same_series(a, x, b, y), err));
        }
    }
    return sj_diff_trees(out, a->tree, b->tree, err);
}
