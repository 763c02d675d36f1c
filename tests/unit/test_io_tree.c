/**
 * @file test_io_tree.c
 * @brief Trees: pointers, places through merge, put and set, extends, printing.
 * Usage: test_io_tree [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/tree.h"
#include "temp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sj_tree *parse(const char *name, const char *text)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    sj_status st = sj_tree_parse(&tree, name, text, strlen(text), &problems);
    if (st != SJ_OK) {
        print_error("%s: %s\n", text, problems.at[0].text);
    }
    assert_int_equal(st, SJ_OK);
    return tree;
}

/* Compare as the text a tree prints in one canonical way. */
static void assert_tree(sj_tree *tree, const char *expected)
{
    sj_tree *other = parse("expected", expected);
    char *a = sj_tree_print(tree), *b = sj_tree_print(other);
    assert_string_equal(a, b);
    free(a);
    free(b);
    sj_tree_free(other);
}

static void assert_place(const sj_tree *tree, const char *pointer, bool of_key, const char *place)
{
    sj_err err;
    char text[400];
    (void)SJ_FAIL(&err, SJ_E_TYPE, pointer, "x");
    sj_tree_place(tree, pointer, of_key, &err);
    (void)snprintf(text, sizeof text, "%s:%d:%d:%d", err.source, err.line, err.column, err.length);
    assert_string_equal(text, place);
}

static void test_pointers(void **state)
{
    sj_tree *tree =
        parse("f", "{\"a/b\": {\"~x\": [10, [20]]}, \"\": 5, \"A\": 1, \"a\": 2, \"0\": 3}");
    assert_ptr_equal(sj_tree_at(tree, ""), sj_tree_root(tree));
    assert_true(sj_tree_at(tree, "/a~1b/~0x/0")->valuedouble == 10);
    assert_true(sj_tree_at(tree, "/a~1b/~0x/1/0")->valuedouble == 20);
    assert_true(sj_tree_at(tree, "/")->valuedouble == 5);
    assert_true(sj_tree_at(tree, "/A")->valuedouble == 1);
    assert_true(sj_tree_at(tree, "/a")->valuedouble == 2);
    assert_true(sj_tree_at(tree, "/0")->valuedouble == 3);
    static const char *const nowhere[] = {"a",           "/b",
                                          "/a~1b/~0x/2", "/a~1b/~0x/00",
                                          "/a~1b/~0x/-", "/a~1b/~0x/-1",
                                          "/a~1b/~0x/",  "/a~1b/~0x/999999999",
                                          "/A/b",        "/a~1b/~0x/0x0",
                                          "//"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        assert_null(sj_tree_at(tree, nowhere[i]));
    }
    sj_tree_free(tree);
}

static void test_append(void **state)
{
    char pointer[16] = "";
    sj_pointer_append(pointer, sizeof pointer, "a/b");
    sj_pointer_append(pointer, sizeof pointer, "~");
    assert_string_equal(pointer, "/a~1b/~0");
    sj_pointer_append(pointer, sizeof pointer, "12345~9");
    assert_string_equal(pointer, "/a~1b/~0/12345"); /* an escape is not cut in half */
    sj_pointer_append(pointer, sizeof pointer, "x");
    assert_string_equal(pointer, "/a~1b/~0/12345/");
    sj_pointer_append(pointer, sizeof pointer, "x");
    assert_string_equal(pointer, "/a~1b/~0/12345/");
}

static const char base_text[] = "{\n"
                                "  \"keep\": 1,\n"
                                "  \"num\": {\"value\": 5, \"mark\": \"V\", \"source\": \"s\"},\n"
                                "  \"list\": [1, 2, 3],\n"
                                "  \"obj\": {\"a\": 1, \"b\": {\"c\": 2}},\n"
                                "  \"gone\": {\"x\": 1}\n"
                                "}\n";

static void test_places(void **state)
{
    sj_tree *tree = parse("base.json", base_text);
    assert_place(tree, "", false, "base.json:1:1:1");
    assert_place(tree, "/keep", false, "base.json:2:11:1");
    assert_place(tree, "/keep", true, "base.json:2:3:6");
    assert_place(tree, "/num/source", false, "base.json:3:46:3");
    assert_place(tree, "/list/1", false, "base.json:4:15:1");
    assert_place(tree, "/list/1", true, "base.json:4:15:1"); /* elements have no key */
    assert_place(tree, "/obj/b/c", true, "base.json:5:25:3");
    assert_place(tree, "/obj/b/d/e", false, "base.json:5:24:1"); /* nearest ancestor */
    assert_place(tree, "/obj/b/d/e", true, "base.json:5:24:1");
    assert_string_equal(sj_tree_source(tree, "/obj/b/c"), "base.json");
    sj_err err = {0};
    sj_tree_place(tree, "/list/2", false, &err);
    assert_string_equal(err.excerpt, "  \"list\": [1, 2, 3],");
    sj_tree_free(tree);
}

static void test_merge(void **state)
{
    sj_err err;
    sj_tree *tree = parse("base.json", base_text);
    sj_tree *patch = parse("patch.json", "{\n"
                                         " \"num\": {\"value\": 6},\n"
                                         " \"list\": [9],\n"
                                         " \"obj\": {\"b\": {\"c\": null, \"d\": 4}, \"e\": 5},\n"
                                         " \"gone\": null, \"never\": null,\n"
                                         " \"new\": {\"x\": null, \"y\": {\"z\": [null]}}\n"
                                         "}\n");
    assert_int_equal(sj_tree_merge(tree, "", patch, &err), SJ_OK);
    assert_tree(
        tree,
        "{\"keep\": 1, \"num\": {\"value\": 6}, \"list\": [9], "
        "\"obj\": {\"a\": 1, \"b\": {\"d\": 4}, \"e\": 5}, \"new\": {\"y\": {\"z\": [null]}}}");
    assert_tree(
        patch, "{\"num\": {\"value\": 6}, \"list\": [9], \"obj\": {\"b\": {\"c\": null, \"d\": 4}, "
               "\"e\": 5}, \"gone\": null, \"never\": null, \"new\": {\"x\": null, \"y\": {\"z\": "
               "[null]}}}");
    sj_tree_free(patch); /* the tree keeps what it needs */
    assert_place(tree, "/keep", false, "base.json:2:11:1");
    assert_place(tree, "/num", false, "patch.json:2:9:1");
    assert_place(tree, "/num/value", true, "patch.json:2:10:7");
    assert_place(tree, "/num/mark", false, "patch.json:2:9:1");
    assert_place(tree, "/list/0", false, "patch.json:3:11:1");
    assert_place(tree, "/obj", false, "base.json:5:10:1");
    assert_place(tree, "/obj/b/d", true, "patch.json:4:27:3");
    assert_place(tree, "/gone", false, "base.json:1:1:1");
    assert_place(tree, "/new/y/z/0", false, "patch.json:6:33:4");
    assert_string_equal(sj_tree_source(tree, "/obj/e"), "patch.json");
    sj_tree_free(tree);
}

static void test_merge_at(void **state)
{
    sj_err err;
    sj_tree *tree = parse("f", "{\"a\": {\"b\": 1, \"v\": {\"value\": 1}}, \"l\": [1]}");
    sj_tree *patch = parse("p", "{\"c\": 2, \"n\": null}");
    assert_int_equal(sj_tree_merge(tree, "/a", patch, &err), SJ_OK);
    assert_int_equal(sj_tree_merge(tree, "/a/b", patch, &err), SJ_OK);
    assert_int_equal(sj_tree_merge(tree, "/a/v", patch, &err), SJ_OK);
    assert_int_equal(sj_tree_merge(tree, "/x/y", patch, &err), SJ_OK);
    assert_int_equal(sj_tree_merge(tree, "/l/-", patch, &err), SJ_OK);
    assert_tree(tree, "{\"a\": {\"b\": {\"c\": 2}, \"v\": {\"c\": 2}, \"c\": 2}, "
                      "\"l\": [1, {\"c\": 2}], \"x\": {\"y\": {\"c\": 2}}}");
    assert_int_equal(sj_tree_merge(tree, "/l/7", patch, &err), SJ_E_POINTER);
    assert_int_equal(sj_tree_merge(tree, "nowhere", patch, &err), SJ_E_POINTER);
    sj_tree_free(patch);
    patch = parse("p", "null");
    assert_int_equal(sj_tree_merge(tree, "/a", patch, &err), SJ_OK);
    sj_tree_free(patch);
    patch = parse("p", "[7]");
    assert_int_equal(sj_tree_merge(tree, "/x", patch, &err), SJ_OK);
    assert_tree(tree, "{\"l\": [1, {\"c\": 2}], \"x\": [7]}");
    assert_int_equal(sj_tree_merge(tree, "", patch, &err), SJ_OK);
    assert_tree(tree, "[7]");
    sj_tree_free(patch);
    sj_tree_free(tree);
}

/* The examples of RFC 7396, appendix A, but for arrays of whole documents. */
static void test_rfc_7396(void **state)
{
    static const char *const cases[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sj_err err;
        sj_tree *tree = parse("f", cases[i][0]), *patch = parse("p", cases[i][1]);
        assert_int_equal(sj_tree_merge(tree, "", patch, &err), SJ_OK);
        assert_tree(tree, cases[i][2]);
        sj_tree_free(tree);
        sj_tree_free(patch);
    }
}

static void test_put_and_remove(void **state)
{
    sj_err err;
    sj_tree *tree = parse("f.json", "{\"a\": {\"b\": 1},\n \"l\": [1]}");
    assert_int_equal(sj_tree_put(tree, "/a/b", cJSON_CreateNumber(2), "t.csv", 7, 3, &err), SJ_OK);
    assert_int_equal(sj_tree_put(tree, "/x/y~1z/w", cJSON_CreateTrue(), "t.csv", 8, 1, &err),
                     SJ_OK);
    assert_int_equal(sj_tree_put(tree, "/l/-", cJSON_CreateNumber(5), "f.json", 2, 3, &err), SJ_OK);
    assert_int_equal(sj_tree_put(tree, "/l/0", cJSON_CreateNumber(4), "f.json", 2, 3, &err), SJ_OK);
    assert_tree(tree, "{\"a\": {\"b\": 2}, \"l\": [4, 5], \"x\": {\"y/z\": {\"w\": true}}}");
    assert_place(tree, "/a/b", false, "t.csv:7:3:1");
    assert_place(tree, "/a/b", true, "t.csv:7:3:1");
    assert_place(tree, "/x/y~1z", false, "t.csv:8:1:1");
    assert_place(tree, "/l/1", false, "f.json:2:3:1");
    sj_tree_place(tree, "/l/1", false, &err);
    assert_string_equal(err.excerpt, " \"l\": [1]}");
    static const char *const bad[] = {"x", "/l/5", "/l/01", "/a/b/c", "/l/0/c"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sj_tree_put(tree, bad[i], cJSON_CreateObject(), "", 0, 0, &err),
                         SJ_E_POINTER);
    }
    assert_false(sj_tree_remove(tree, ""));
    assert_false(sj_tree_remove(tree, "/q"));
    assert_false(sj_tree_remove(tree, "/q/r"));
    assert_false(sj_tree_remove(tree, "/a/b/c"));
    assert_true(sj_tree_remove(tree, "/l/0"));
    assert_true(sj_tree_remove(tree, "/x"));
    assert_tree(tree, "{\"a\": {\"b\": 2}, \"l\": [5]}");
    assert_int_equal(sj_tree_put(tree, "", cJSON_CreateArray(), "g", 1, 1, &err), SJ_OK);
    assert_tree(tree, "[]");
    sj_tree_free(tree);
}

static void test_deep_pointer(void **state)
{
    sj_err err;
    sj_str pointer = {0};
    sj_tree *tree = parse("f", "{}");
    for (int i = 0; i < 65; i++) {
        sj_str_add(&pointer, "/a");
    }
    assert_int_equal(sj_tree_put(tree, pointer.text, cJSON_CreateNull(), "", 0, 0, &err),
                     SJ_E_DEPTH);
    assert_int_equal(sj_tree_put(tree, pointer.text + 2, cJSON_CreateNull(), "", 0, 0, &err),
                     SJ_OK);
    assert_non_null(sj_tree_at(tree, pointer.text + 2));
    sj_str_clear(&pointer);
    sj_str_printf(&pointer, "/%0600d", 1);
    assert_int_equal(sj_tree_put(tree, pointer.text, cJSON_CreateNull(), "", 0, 0, &err),
                     SJ_E_POINTER);
    assert_null(sj_tree_at(tree, pointer.text));
    sj_str_clear(&pointer);
    sj_tree_free(tree);
}

/* Places follow many changes: each value tells its own line. */
static void test_places_follow(void **state)
{
    sj_err err;
    sj_str text = {0};
    sj_str_add(&text, "{");
    for (int i = 0; i < 3000; i++) {
        sj_str_printf(&text, "%s\n\"k%d\": %d", i == 0 ? "" : ",", i, i + 2);
    }
    sj_str_add(&text, "\n}");
    sj_tree *tree = parse("f", text.text);
    for (int i = 0; i < 3000; i++) {
        char pointer[32];
        (void)snprintf(pointer, sizeof pointer, "/k%d", (i * 1777) % 3000);
        if (i % 3 == 0) {
            assert_true(sj_tree_remove(tree, pointer));
        } else if (i % 3 == 1) {
            int line = (i * 1777) % 3000 + 2;
            assert_int_equal(
                sj_tree_put(tree, pointer, cJSON_CreateNumber(line), "f", line, 1, &err), SJ_OK);
        }
    }
    int n = 0;
    for (const cJSON *child = sj_tree_root(tree)->child; child != NULL; child = child->next) {
        char pointer[32];
        (void)snprintf(pointer, sizeof pointer, "/%s", child->string);
        sj_tree_place(tree, pointer, false, &err);
        assert_int_equal(err.line, child->valuedouble);
        n++;
    }
    assert_int_equal(n, 2000);
    sj_tree_free(tree);
    sj_str_clear(&text);
}

/* One assignment; the first problem in *err where it fails. */
static sj_status set(sj_tree *tree, const char *assignment, sj_err *err)
{
    sj_problems problems = {0};
    sj_status st = sj_tree_set(tree, assignment, &problems);
    assert_int_equal(problems.n > 0, st != SJ_OK);
    memset(err, 0, sizeof *err);
    if (problems.n > 0) {
        *err = problems.at[0];
        assert_string_equal(err->source, "command line");
        assert_int_equal(err->status, st);
    }
    sj_problems_clear(&problems);
    return st;
}

static void test_set(void **state)
{
    sj_err err;
    sj_tree *tree =
        parse("f", "{\"places\": {\"nea\": {\"n\": {\"value\": 5, \"mark\": \"V\"}, \"x\": 1}}}");
    assert_int_equal(set(tree, "/places/nea/n=7.5", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/date=2022-01-31", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/text=a = b", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/open=false", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/list=[1, 2]", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/empty=", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/far={\"k\": 1}", &err), SJ_OK);
    assert_int_equal(set(tree, "/places/nea/x=null", &err), SJ_OK);
    assert_tree(tree,
                "{\"places\": {\"nea\": {"
                "\"n\": {\"value\": 7.5, \"mark\": \"A\", \"source\": \"command line\"}, "
                "\"date\": \"2022-01-31\", \"text\": \"a = b\", \"open\": false, \"list\": [1, 2], "
                "\"empty\": \"\"}, \"far\": {\"k\": 1}}}");
    assert_place(tree, "/places/nea/n", false, "command line:0:0:1");
    assert_string_equal(sj_tree_source(tree, "/places/nea/n"), "command line");
    assert_int_equal(set(tree, "/plases/nea/n=1", &err), SJ_E_POINTER);
    assert_string_equal(err.hint, "did you mean \"places\"?");
    assert_string_equal(err.where, "/plases/nea/n");
    assert_int_equal(set(tree, "/places/nee/n=1", &err), SJ_E_POINTER);
    assert_string_equal(err.hint, "did you mean \"nea\"?");
    assert_int_equal(set(tree, "/places/nea/n/value=1", &err), SJ_E_POINTER);
    assert_string_equal(err.hint, "set /places/nea/n itself");
    assert_int_equal(set(tree, "/places/nea/list/0/x=1", &err), SJ_E_POINTER);
    assert_int_equal(set(tree, "/places/nea/y=null", &err), SJ_E_POINTER);
    assert_int_equal(set(tree, "/places/nea/list/7=1", &err), SJ_E_POINTER);
    assert_int_equal(set(tree, "places=1", &err), SJ_E_POINTER);
    assert_int_equal(set(tree, "=1", &err), SJ_E_POINTER);
    assert_int_equal(set(tree, "/places", &err), SJ_E_USAGE);
    assert_int_equal(set(tree, "/places/nea/n=\xFF", &err), SJ_E_ENCODING);
    assert_int_equal(set(tree, "/places/nea/n\xFF=1", &err), SJ_E_ENCODING);
    assert_int_equal(set(tree, "/places/nea/n=1e999", &err), SJ_E_NUMBER_RANGE);
    assert_int_equal(set(tree, "/places/far={\"k\": 1,}", &err), SJ_E_SYNTAX);
    assert_int_equal(err.column, 8);
    assert_int_equal(set(tree, "/places/far={\"k\": 1, \"k\": 2}", &err), SJ_E_DUPLICATE_KEY);
    sj_tree_free(tree);
}

/* ---- files -------------------------------------------------------------------------------- */

enum { PATH = TEMP_NAME + 64 };

static char folder[TEMP_NAME];

static int make_folder(void **state)
{
    temp_name(folder, "tree");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    return rmdir(folder);
}

static const char *path_of(const char *name, char path[PATH])
{
    (void)snprintf(path, PATH, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    char path[PATH];
    FILE *stream = fopen(path_of(name, path), "w");
    assert_non_null(stream);
    (void)fputs(text, stream);
    (void)fclose(stream);
}

static sj_status load(const char *name, sj_tree **tree, sj_err *err)
{
    char path[PATH];
    sj_problems problems = {0};
    sj_status st = sj_tree_load(tree, path_of(name, path), &problems);
    assert_int_equal(problems.n > 0, st != SJ_OK);
    if (problems.n > 0) {
        *err = problems.at[0];
    }
    sj_problems_clear(&problems);
    return st;
}

static void test_extends(void **state)
{
    sj_err err;
    sj_tree *tree = NULL;
    char path[PATH];
    write_file("a.json",
               "{\"a\": 1,\n \"b\": {\"value\": 2, \"mark\": \"F\"}, \"c\": {\"d\": 3, \"e\": 4}}");
    write_file("b.json", "{\"extends\": \"a.json\", \"b\": 5, \"c\": {\"d\": null}}");
    write_file("c.json", "{\"f\": 6,\n\"extends\": \"b.json\"}");
    assert_int_equal(load("c.json", &tree, &err), SJ_OK);
    assert_tree(tree, "{\"a\": 1, \"b\": 5, \"c\": {\"e\": 4}, \"f\": 6}");
    assert_string_equal(sj_tree_source(tree, "/c/e"), path_of("a.json", path));
    assert_string_equal(sj_tree_source(tree, "/b"), path_of("b.json", path));
    assert_string_equal(sj_tree_source(tree, "/f"), path_of("c.json", path));
    sj_tree_place(tree, "/c/e", true, &err);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.excerpt,
                        " \"b\": {\"value\": 2, \"mark\": \"F\"}, \"c\": {\"d\": 3, \"e\": 4}}");
    sj_tree_free(tree);
    (void)unlink(path_of("a.json", path));
    (void)unlink(path_of("b.json", path));
    (void)unlink(path_of("c.json", path));
}

static void test_extends_faults(void **state)
{
    sj_err err;
    sj_tree *tree = NULL;
    char path[PATH], text[64], name[32];
    write_file("self.json", "{\n \"extends\": \"self.json\"}");
    assert_int_equal(load("self.json", &tree, &err), SJ_E_EXTENDS);
    assert_null(tree);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 13);
    assert_string_equal(err.where, "/extends");
    write_file("self.json", "{\"extends\": 5}");
    assert_int_equal(load("self.json", &tree, &err), SJ_E_TYPE);
    write_file("self.json", "{\n \"extends\": \"none.json\"}");
    assert_int_equal(load("self.json", &tree, &err), SJ_E_IO);
    assert_int_equal(err.line, 2);
    assert_non_null(strstr(err.text, "none.json"));
    assert_int_equal(load("none.json", &tree, &err), SJ_E_IO);
    write_file("bad.json", "{,}");
    write_file("self.json", "{\"extends\": \"bad.json\"}");
    assert_int_equal(load("self.json", &tree, &err), SJ_E_SYNTAX);
    assert_string_equal(err.source, path_of("bad.json", path));
    for (int i = 0; i < 10; i++) {
        (void)snprintf(name, sizeof name, "%d.json", i);
        (void)snprintf(text, sizeof text, i == 0 ? "{\"n\": 0}" : "{\"extends\": \"%d.json\"}",
                       i - 1);
        write_file(name, text);
    }
    assert_int_equal(load("8.json", &tree, &err), SJ_OK);
    assert_tree(tree, "{\"n\": 0}");
    sj_tree_free(tree);
    assert_int_equal(load("9.json", &tree, &err), SJ_E_EXTENDS);
    assert_string_equal(err.source, path_of("1.json", path));
    for (int i = 0; i < 10; i++) {
        (void)snprintf(name, sizeof name, "%d.json", i);
        (void)unlink(path_of(name, path));
    }
    (void)unlink(path_of("self.json", path));
    (void)unlink(path_of("bad.json", path));
}

static void test_print(void **state)
{
    static const char text[] = "{\"a\": [], \"b\": {}, \"c\": \"\\\"\\\\\\n\\u0001\xC3\xA9/\", "
                               "\"d\": {\"e\": 0.1, \"f\": [1e300, -5, true, null]}, \"g\": 1e22}";
    sj_tree *tree = parse("f", text);
    char *printed = sj_tree_print(tree);
    assert_string_equal(printed, "{\n"
                                 "  \"a\": [],\n"
                                 "  \"b\": {},\n"
                                 "  \"c\": \"\\\"\\\\\\n\\u0001\xC3\xA9/\",\n"
                                 "  \"d\": {\n"
                                 "    \"e\": 0.1,\n"
                                 "    \"f\": [1e300, -5, true, null]\n"
                                 "  },\n"
                                 "  \"g\": 1e22\n"
                                 "}\n");
    sj_tree *again = parse("g", printed);
    char *twice = sj_tree_print(again);
    assert_string_equal(printed, twice);
    free(printed);
    free(twice);
    sj_tree_free(again);
    sj_tree_free(tree);
}

/* Merging a large map must not take quadratic time. */
static void test_large_merge(void **state)
{
    sj_err err;
    sj_str text = {0};
    sj_str_add(&text, "{");
    for (int i = 0; i < 100000; i++) {
        sj_str_printf(&text, "%s\"k%d\": {\"a\": 1, \"b%d\": 2}", i == 0 ? "" : ",", i, i);
    }
    sj_str_add(&text, "}");
    sj_tree *tree = parse("f", text.text), *patch = parse("p", text.text);
    assert_int_equal(sj_tree_merge(tree, "", patch, &err), SJ_OK);
    assert_string_equal(sj_tree_source(tree, "/k9/a"), "p");
    sj_tree_free(tree);
    sj_tree_free(patch);
    sj_str_clear(&text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pointers),       cmocka_unit_test(test_append),
        cmocka_unit_test(test_places),         cmocka_unit_test(test_merge),
        cmocka_unit_test(test_merge_at),       cmocka_unit_test(test_rfc_7396),
        cmocka_unit_test(test_put_and_remove), cmocka_unit_test(test_deep_pointer),
        cmocka_unit_test(test_places_follow),  cmocka_unit_test(test_set),
        cmocka_unit_test(test_extends),        cmocka_unit_test(test_extends_faults),
        cmocka_unit_test(test_print),          cmocka_unit_test(test_large_merge),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
