/**
 * @file test_io_nomem.c
 * @brief Memory ends at the n-th allocation, for every n until the work is done: no crash, and
 * under ASan nothing leaks. Linked with --wrap=malloc,calloc,realloc; cJSON allocates through its
 * hooks. Usage: test_io_nomem [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/csv.h"
#include "io/keys.h"
#include "io_table.h"
#include "nomem.h"
#include "temp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char world[] =
    "{\"format\": \"f\", \"sources\": {\"s\": {\"text\": \"t\"}}, \"start\": \"2022-01-01\",\n"
    "\"places\": {\"a\": {\"kind\": \"country\", \"people\": {\"value\": 5, \"mark\": \"V\", "
    "\"source\": \"s\", "
    "\"note\": \"n\", \"low\": 1, \"high\": 9}, \"pass\": {\"default\": 1, \"b\": 0.5, \"a\": "
    "0.5}},\n"
    "\"b\\u00e9\": {\"kind\": \"city\"}, \"b\": {\"kind\": \"city\", \"parent\": \"a\", "
    "\"rate_per_year\": {\"value\": 1, "
    "\"distribution\": {\"law\": \"discrete\", \"values\": [1, 2], \"weights\": [1, 1]}}}},\n"
    "\"stocks\": {\"a\": {\"b\": 5, \"c\": 6}}, \"acts\": {\"2022-01-01\": 1}, \"ops\": [{\"at\": "
    "\"/x\"}],\n"
    "\"to\": [\"a\", \"z\"], \"groups\": [\"0-4\"], \"off\": [\"x\"], \"weights\": {\"0-4\": 1, "
    "\"9\": 1},\n"
    "\"shares\": {\"b\": 1, \"a\": 2}, \"unknown\": 1}";
static const char patch_text[] =
    "{\"places\": {\"b\": {\"kind\": null, \"name\": \"B\"}, \"n\": {\"kind\": "
    "\"node\", \"pass\": {\"a\": 1}}}, \"to\": [\"b\"]}";

static bool parse(sj_tree **tree, const char *name, const char *text)
{
    sj_problems problems = {0};
    sj_status st = sj_tree_parse(tree, name, text, strlen(text), &problems);
    assert_true(st == SJ_OK || st == SJ_E_NOMEM);
    assert_int_equal(*tree == NULL, st != SJ_OK);
    sj_problems_clear(&problems);
    return st == SJ_OK;
}

/* Merge, put, set and print: true if all went through. */
static bool change(sj_tree *tree)
{
    sj_err err;
    sj_tree *patch = NULL;
    sj_problems problems = {0};
    bool is_done = parse(&patch, "p", patch_text) &&
                   sj_tree_merge(tree, "", patch, &err) == SJ_OK &&
                   sj_tree_merge(tree, "/new/place", patch, &err) == SJ_OK &&
                   sj_tree_put(tree, "/any/x", cJSON_CreateObject(), "q", 1, 1, &err) == SJ_OK &&
                   sj_tree_remove(tree, "/new") &&
                   sj_keys_set(&root_table, tree, "/noise/level=7", &problems) == SJ_OK &&
                   sj_keys_set(&root_table, tree, "/stocks/a/b/count=7", &problems) == SJ_OK &&
                   sj_tree_set(tree, "/places/a/people=7", &problems) == SJ_OK &&
                   sj_tree_set(tree, "/places/a/name=some text", &problems) == SJ_OK;
    sj_tree_free(patch);
    sj_problems_clear(&problems);
    char *printed = is_done ? sj_tree_print(tree) : NULL;
    free(printed);
    return printed != NULL;
}

/* Read the tree: true if memory did not end. Its faults must all be found then. */
static bool read_tree(sj_tree *tree, size_t n_faults)
{
    sj_problems problems = {0};
    test_root root;
    sj_reader reader = {tree, sj_arena_new(), sj_values_new(), &problems, NULL};
    bool is_made = reader.arena != NULL && reader.values != NULL;
    sj_status st = is_made ? sj_keys_read(&reader, &root_table, &root) : SJ_E_NOMEM;
    assert_true(st == SJ_OK || st == SJ_E_NOMEM);
    if (st == SJ_OK) {
        assert_int_equal(problems.n_errors, n_faults);
        sj_refs found = {NULL, 0};
        size_t n = sj_values_match(reader.values, "/places/*/rate_per_year", &found, reader.arena);
        bool is_added = sj_values_add(reader.values, "/x", &place_rows[2], 1) != SJ_NO_VALUE;
        st = n == 0 || !is_added ? SJ_E_NOMEM : SJ_OK;
    }
    sj_reader_clear(&reader);
    sj_values_free(reader.values);
    sj_arena_free(reader.arena);
    sj_problems_clear(&problems);
    return st == SJ_OK;
}

static bool use_trees(void)
{
    sj_tree *tree = NULL;
    bool is_done = parse(&tree, "w", world) && read_tree(tree, 5) && change(tree);
    sj_tree_free(tree);
    return is_done;
}

static bool use_bad_text(void)
{
    static const char text[] = "{\"a\": 1, \"a\": 2, \"\\u0062\": 1e999, \"b\": [1,]}";
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    sj_status st = sj_tree_parse(&tree, "w", text, strlen(text), &problems);
    assert_true(st == SJ_E_NUMBER_RANGE || st == SJ_E_NOMEM || problems.overflow);
    assert_int_not_equal(st, SJ_OK);
    assert_null(tree);
    bool is_done = st != SJ_E_NOMEM && !problems.overflow;
    sj_problems_clear(&problems);
    return is_done;
}

static bool use_csv(void)
{
    sj_csv csv;
    sj_problems problems = {0};
    static const char text[] = "a,b\n1,\"x\"\"y\"\n2,3\n";
    sj_status st = sj_csv_parse(&csv, "t", text, strlen(text), &problems);
    assert_true(st == SJ_OK || st == SJ_E_NOMEM);
    sj_csv_clear(&csv);
    sj_problems_clear(&problems);
    return st == SJ_OK;
}

static char path_a[TEMP_NAME], path_b[TEMP_NAME];

static int make_files(void **state)
{
    char text[TEMP_NAME + 64];
    temp_name(path_a, "nomem-a");
    temp_name(path_b, "nomem-b");
    int a = mkstemp(path_a), b = mkstemp(path_b);
    (void)snprintf(text, sizeof text, "{\"extends\": \"%s\", \"to\": null}",
                   strrchr(path_a, '/') + 1);
    bool is_good =
        a >= 0 && b >= 0 && write(a, world, strlen(world)) > 0 && write(b, text, strlen(text)) > 0;
    (void)close(a);
    (void)close(b);
    cJSON_Hooks hooks = {__wrap_malloc, free};
    cJSON_InitHooks(&hooks);
    return is_good ? 0 : -1;
}

static int remove_files(void **state)
{
    (void)unlink(path_a);
    (void)unlink(path_b);
    return 0;
}

static bool use_files(void)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    sj_status st = sj_tree_load(&tree, path_b, &problems);
    bool is_done = st == SJ_OK && read_tree(tree, 4);
    assert_int_equal(tree == NULL, st != SJ_OK);
    sj_tree_free(tree);
    sj_problems_clear(&problems);
    return is_done;
}

static bool use_documentation(void)
{
    char *text = sj_keys_markdown(&root_table);
    free(text);
    return text != NULL;
}

/* Let the n-th allocation fail, alone or with all after it, for n = 0, 1, ... */
static void sweep(bool (*use)(void))
{
    for (int once = 0; once < 2; once++) {
        bool is_done = false;
        only_once = once == 1;
        for (long n = 0; !is_done && n < 20000; n++) {
            n_allowed = n;
            is_done = use();
            is_done = is_done && n_allowed > 0; /* nothing was denied */
            n_allowed = -1;
        }
        assert_true(is_done);
    }
}

static void test_trees(void **state)
{
    sweep(use_trees);
}

static void test_bad_text(void **state)
{
    sweep(use_bad_text);
}

static void test_csv(void **state)
{
    sweep(use_csv);
}

static void test_files(void **state)
{
    sweep(use_files);
}

static void test_documentation(void **state)
{
    sweep(use_documentation);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),         cmocka_unit_test(test_bad_text),
        cmocka_unit_test(test_csv),           cmocka_unit_test(test_files),
        cmocka_unit_test(test_documentation),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
