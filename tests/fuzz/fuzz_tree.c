/**
 * @file fuzz_tree.c
 * @brief libFuzzer target: any bytes through scanner, tree, merge, set, key tables and printing.
 *
 * The text is cut at the first byte 0x1E into a world, a patch and an assignment. What must hold:
 * no crash, no leak; cJSON builds whatever the scanner accepts; every problem has a place in the
 * text; what is printed parses again and prints the same. Usage: fuzz_tree corpus/tree.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/keys.h"
#include "io_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

static void check_problems(const sj_problems *problems)
{
    char text[4096];
    for (size_t i = 0; i < problems->n; i++) {
        const sj_err *err = &problems->at[i];
        require(err->status != SJ_OK && err->text[0] != '\0', "a problem has a text");
        require(err->line == 0 || (err->column >= 1 && err->length >= 1), "a place is whole");
        require(err->column <= 256 || err->excerpt[0] == '\0', "a caret stands under its excerpt");
        (void)sj_err_format(err, text, sizeof text);
    }
}

/* The scanner has its own word for memory that ends: it may not come up here. */
static sj_tree *parse(const char *name, const char *text, size_t length)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    sj_status st = sj_tree_parse(&tree, name, text, length, &problems);
    require(st != SJ_E_NOMEM, "cJSON takes what the scanner accepts");
    require((tree == NULL) == (st != SJ_OK), "a tree or a problem");
    require((problems.n_errors > 0) == (st != SJ_OK), "a problem or a tree");
    for (size_t i = 0; i < problems.n; i++) {
        require(problems.at[i].line >= 1, "a fault of a text has a place");
    }
    check_problems(&problems);
    sj_problems_clear(&problems);
    return tree;
}

static void check_print(sj_tree *tree)
{
    char *printed = sj_tree_print(tree);
    require(printed != NULL, "a tree prints");
    sj_tree *again = parse("printed", printed, strlen(printed));
    require(again != NULL, "what is printed parses");
    char *twice = sj_tree_print(again);
    require(twice != NULL && strcmp(printed, twice) == 0, "it prints the same again");
    free(printed);
    free(twice);
    sj_tree_free(again);
}

static void read_keys(sj_tree *tree)
{
    sj_problems problems = {0};
    test_root root;
    sj_reader reader = {tree, sj_arena_new(), sj_values_new(), &problems, NULL};
    require(sj_keys_read(&reader, &root_table, &root) == SJ_OK, "memory lasts");
    check_problems(&problems);
    for (size_t i = 0; i < sj_values_length(reader.values); i++) {
        const sj_value *value = sj_values_row(reader.values, (sj_val)i);
        require(value->base == value->base, "a value is a number");
        require(sj_values_find(reader.values, value->pointer) != SJ_NO_VALUE, "it is found");
        require(sj_keys_find(&root_table, value->pointer) == value->key, "so is its row");
        sj_refs found = {NULL, 0};
        (void)sj_values_match(reader.values, "/*/*/{rate_per_year,open}", &found, reader.arena);
    }
    sj_reader_clear(&reader);
    sj_values_free(reader.values);
    sj_arena_free(reader.arena);
    sj_problems_clear(&problems);
}

static void set(sj_tree *tree, const char *assignment)
{
    sj_problems problems = {0};
    sj_status st = strlen(assignment) % 2 == 0
                       ? sj_tree_set(tree, assignment, &problems)
                       : sj_keys_set(&root_table, tree, assignment, &problems);
    require(st != SJ_E_NOMEM && (problems.n_errors > 0) == (st != SJ_OK), "set or a problem");
    check_problems(&problems);
    sj_problems_clear(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *cut = size == 0 ? NULL : memchr(text, 0x1E, size);
    size_t length = cut == NULL ? size : (size_t)(cut - text);
    sj_tree *tree = parse("world", text, length);
    if (tree == NULL) {
        return 0;
    }
    check_print(tree);
    read_keys(tree);
    if (cut != NULL) {
        size_t rest = size - length - 1;
        const char *second = cut + 1, *end = rest == 0 ? NULL : memchr(second, 0x1E, rest);
        size_t n = end == NULL ? rest : (size_t)(end - second);
        sj_tree *patch = parse("patch", second, n);
        sj_err err;
        if (patch != NULL && sj_tree_merge(tree, "", patch, &err) == SJ_OK) {
            (void)sj_tree_merge(tree, "/places/new", patch, &err);
        }
        sj_tree_free(patch);
        char *assignment = end == NULL ? NULL : strndup(end + 1, rest - n - 1);
        if (assignment != NULL) {
            set(tree, assignment);
            (void)sj_tree_remove(tree, assignment);
        }
        free(assignment);
        check_print(tree);
        read_keys(tree);
    }
    sj_tree_free(tree);
    return 0;
}
