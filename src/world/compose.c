/* What is done to the tree of a scenario before it is read, in this order (semantics A11):
 * policies and stocks in files of their own are put in place, --with adds policies, --without
 * takes some out, --set replaces values. `extends` has been followed before, by the tree.
 * Problems are collected, each with the file it stands in, and loading goes on, so that one
 * pass tells them all. */
#include "world/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "io/csv.h"
#include "io/format.h"

enum { POINTER_BYTES = 256 };

static const char *text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static void report(sj_tree *tree, const char *pointer, sj_status status, const char *text,
                   sj_problems *problems)
{
    sj_err err;
    (void)sj_err_set(&err, status, pointer, "%s", text);
    sj_tree_place(tree, pointer, false, &err);
    sj_problems_add(problems, &err);
}

static sj_status nomem(sj_problems *problems)
{
    sj_err err;
    sj_status st = SJ_FAIL(&err, SJ_E_NOMEM, "", "out of memory");
    sj_problems_add(problems, &err);
    return st;
}

/* What stands there already keeps its place among the others; what is new is of the command line.
 */
static sj_status replace(sj_tree *tree, const char *pointer, sj_tree *by, sj_problems *problems)
{
    sj_err err = {0}, at = {.source = SJ_SOURCE_COMMAND_LINE};
    if (sj_tree_at(tree, pointer) != NULL) {
        sj_tree_place(tree, pointer, false, &at);
    }
    sj_status st =
        sj_tree_put(tree, pointer, cJSON_CreateObject(), at.source, at.line, at.column, &err);
    if (st == SJ_OK) {
        st = sj_tree_merge(tree, pointer, by, &err);
    }
    if (st != SJ_OK) {
        sj_problems_add(problems, &err);
    }
    return st;
}

/* Puts the policy of a file at /policies/ID; a NULL id is the file's own, and then it comes last,
 * also where the scenario has one of that id. */
static sj_status add_policy(sj_tree *tree, const char *path, const char *id, sj_problems *problems)
{
    sj_tree *policy = NULL;
    size_t before = problems->n_errors;
    sj_status st = sj_tree_load(&policy, path, problems);
    if (st != SJ_OK || policy == NULL || problems->n_errors > before) {
        sj_tree_free(policy);
        return st == SJ_OK || st != SJ_E_NOMEM ? SJ_OK : st;
    }
    const char *format = text_of(sj_tree_root(policy), "format");
    const char *own = text_of(sj_tree_root(policy), "id");
    if (format == NULL || strcmp(format, "sojourn-policy/1") != 0) {
        report(policy, "/format", SJ_E_FORMAT, "a policy file has the format \"sojourn-policy/1\"",
               problems);
    } else if (id == NULL && own == NULL) {
        report(policy, "", SJ_E_MISSING_KEY, "a policy file names its \"id\"", problems);
    } else {
        char pointer[POINTER_BYTES] = "/policies";
        sj_pointer_append(pointer, sizeof pointer, id != NULL ? id : own);
        if (id == NULL) {
            (void)sj_tree_remove(tree, pointer);
        }
        st = replace(tree, pointer, policy, problems);
    }
    sj_tree_free(policy);
    return st;
}

static sj_status policies_in_files(sj_tree *tree, const char *path, sj_problems *problems)
{
    sj_status st = SJ_OK;
    const cJSON *policies = sj_tree_at(tree, "/policies");
    for (cJSON *item = policies == NULL ? NULL : policies->child; item != NULL && st == SJ_OK;) {
        cJSON *next = item->next;
        const char *file = text_of(item, "file");
        if (file != NULL && item->string != NULL) {
            char pointer[POINTER_BYTES] = "/policies";
            sj_pointer_append(pointer, sizeof pointer, item->string);
            const char *from = sj_tree_source(tree, pointer);
            char *full = sj_path_beside(from[0] != '\0' ? from : path, file);
            char *id = sj_strdup(item->string);
            st =
                full == NULL || id == NULL ? nomem(problems) : add_policy(tree, full, id, problems);
            free(full);
            free(id);
            policies = sj_tree_at(tree, "/policies");
        }
        item = next;
    }
    return st;
}

static cJSON *stock_node(const sj_csv *csv, size_t row, const int column[])
{
    static const char *const keys[] = {"value", "mark", "source", "low", "high", "note"};
    cJSON *node = cJSON_CreateObject();
    for (int k = 0; node != NULL && k < 6; k++) {
        const char *cell = column[k] < 0 ? "" : sj_csv_cell(csv, row, column[k]);
        double number;
        bool numeric = k == 0 || k == 3 || k == 4;
        if (cell[0] == '\0') {
            continue;
        }
        bool added = numeric && sj_parse_number(cell, &number)
                         ? cJSON_AddNumberToObject(node, keys[k], number) != NULL
                         : cJSON_AddStringToObject(node, keys[k], cell) != NULL;
        if (!added) {
            cJSON_Delete(node);
            return NULL;
        }
    }
    return node;
}

/* Does the count of a pair come from the table? Not where the file has one; where the file has an
 * object without a count, the pointer is led to it. */
static bool gives_count(sj_tree *tree, char *pointer, size_t size)
{
    const cJSON *there = sj_tree_at(tree, pointer);
    if (there == NULL) {
        return true;
    }
    if (!cJSON_IsObject(there) || cJSON_GetObjectItemCaseSensitive(there, "count") != NULL ||
        cJSON_GetObjectItemCaseSensitive(there, "value") != NULL) {
        return false;
    }
    sj_pointer_append(pointer, size, "count");
    return true;
}

static sj_status put_stocks(sj_tree *tree, const sj_csv *csv, sj_problems *problems)
{
    int nation = sj_csv_column(csv, "nationality"), country = sj_csv_column(csv, "country");
    int column[] = {sj_csv_column(csv, "count"),  sj_csv_column(csv, "mark"),
                    sj_csv_column(csv, "source"), sj_csv_column(csv, "low"),
                    sj_csv_column(csv, "high"),   sj_csv_column(csv, "note")};
    sj_err err = {0};
    if (nation < 0 || country < 0 || column[0] < 0) {
        sj_status st = SJ_FAIL(&err, SJ_E_CSV, "/stocks",
                               "the table needs the columns nationality, "
                               "country and count");
        (void)snprintf(err.source, sizeof err.source, "%s", csv->path);
        sj_problems_add(problems, &err);
        return st;
    }
    for (size_t row = 0; row < csv->n_rows; row++) {
        char pointer[POINTER_BYTES] = "/stocks";
        sj_pointer_append(pointer, sizeof pointer, sj_csv_cell(csv, row, nation));
        sj_pointer_append(pointer, sizeof pointer, sj_csv_cell(csv, row, country));
        if (!gives_count(tree, pointer, sizeof pointer)) {
            continue;
        }
        cJSON *node = stock_node(csv, row, column);
        if (node == NULL) {
            return nomem(problems);
        }
        sj_status st = sj_tree_put(tree, pointer, node, csv->path, csv->line[row + 1], 1, &err);
        if (st != SJ_OK) {
            sj_problems_add(problems, &err);
            return st;
        }
    }
    return SJ_OK;
}

/* {"file": CSV, ...}: rows give the counts that the rest of the object leaves open. */
static sj_status stocks_in_file(sj_tree *tree, const char *path, sj_problems *problems)
{
    const char *file = text_of(sj_tree_at(tree, "/stocks"), "file");
    if (file == NULL) {
        return SJ_OK;
    }
    const char *from = sj_tree_source(tree, "/stocks/file");
    char *full = sj_path_beside(from[0] != '\0' ? from : path, file);
    if (full == NULL) {
        return nomem(problems);
    }
    sj_csv csv = {0};
    size_t before = problems->n_errors;
    sj_status st = sj_csv_load(&csv, full, problems);
    (void)sj_tree_remove(tree, "/stocks/file");
    if (st == SJ_OK && problems->n_errors == before) {
        st = put_stocks(tree, &csv, problems);
    }
    sj_csv_clear(&csv);
    free(full);
    return st == SJ_E_NOMEM ? st : SJ_OK;
}

enum { MOST_POLICIES = 256 };

static void suggest_policy(char *hint, size_t size, const cJSON *policies, const char *id)
{
    const char *names[MOST_POLICIES];
    size_t n = 0;
    for (const cJSON *item = policies == NULL ? NULL : policies->child;
         item != NULL && n < MOST_POLICIES; item = item->next) {
        names[n++] = item->string;
    }
    const char *near = sj_suggest(id, names, n);
    if (near != NULL) {
        (void)snprintf(hint, size, "did you mean \"%s\"?", near);
    }
}

static void take_out(sj_tree *tree, const char *id, sj_problems *problems)
{
    char pointer[POINTER_BYTES] = "/policies";
    sj_pointer_append(pointer, sizeof pointer, id);
    if (!sj_tree_remove(tree, pointer)) {
        sj_err err;
        (void)sj_err_set(&err, SJ_E_REFERENCE, "--without", "no policy \"%s\" in /policies", id);
        (void)snprintf(err.source, sizeof err.source, SJ_SOURCE_COMMAND_LINE);
        suggest_policy(err.hint, sizeof err.hint, sj_tree_at(tree, "/policies"), id);
        sj_problems_add(problems, &err);
    }
}

sj_status sji_compose(sj_tree *tree, const char *path, const sj_load_options *options,
                      sj_problems *problems)
{
    SJ_TRY(policies_in_files(tree, path, problems));
    SJ_TRY(stocks_in_file(tree, path, problems));
    if (options == NULL) {
        return SJ_OK;
    }
    for (size_t i = 0; i < options->n_with; i++) {
        SJ_TRY(add_policy(tree, options->with[i], NULL, problems));
    }
    for (size_t i = 0; i < options->n_without; i++) {
        take_out(tree, options->without[i], problems);
    }
    for (size_t i = 0; i < options->n_set; i++) {
        sj_status st = sj_keys_set(&sj_scenario_keys, tree, options->set[i], problems);
        if (st == SJ_E_NOMEM) {
            return st;
        }
    }
    return SJ_OK;
}
