/**
 * @file test_io_scan.c
 * @brief The scanner: what RFC 8259 refuses, with line and column; what it accepts, cJSON accepts
 * too. Usage: test_io_scan [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/scan.h"
#include "io/tree.h"
#include <stdlib.h>
#include <string.h>

typedef struct fault {
    const char *text;
    size_t length; /* 0 = strlen */
    sj_status status;
    int line, column, caret;
    const char *says, *hint; /* parts of the message and of the hint */
} fault;

static void check_fault(const fault *f)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    size_t length = f->length > 0 ? f->length : strlen(f->text);
    sj_status st = sj_tree_parse(&tree, "file.json", f->text, length, &problems);
    bool is_good = st == f->status && tree == NULL && problems.n > 0;
    const sj_err *err = problems.n > 0 ? &problems.at[0] : NULL;
    is_good = is_good && err->status == f->status && err->line == f->line &&
              err->column == f->column && err->length == f->caret &&
              strcmp(err->source, "file.json") == 0 && strstr(err->text, f->says) != NULL &&
              strstr(err->hint, f->hint) != NULL;
    if (!is_good) {
        print_error("%s: status %d, %d:%d length %d \"%s\" hint \"%s\"\n", f->text, (int)st,
                    err != NULL ? err->line : -1, err != NULL ? err->column : -1,
                    err != NULL ? err->length : -1, err != NULL ? err->text : "",
                    err != NULL ? err->hint : "");
    }
    assert_true(is_good);
    sj_problems_clear(&problems);
}

#define CHECK(faults)                                                                              \
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults)[0]; i++) {                              \
        check_fault(&(faults)[i]);                                                                 \
    }

static void test_structure(void **state)
{
    static const fault faults[] = {
        {"", 0, SJ_E_SYNTAX, 1, 1, 1, "file is empty", "begins with {"},
        {" \n\t ", 0, SJ_E_SYNTAX, 1, 1, 1, "file is empty", ""},
        {"\xEF\xBB\xBF", 0, SJ_E_SYNTAX, 1, 1, 1, "file is empty", ""},
        {"{} {}", 0, SJ_E_SYNTAX, 1, 4, 1, "the end of the text", "second document"},
        {"{}}", 0, SJ_E_SYNTAX, 1, 3, 1, "the end of the text", "too many"},
        {"{\n \"a\": 1,\n}", 0, SJ_E_SYNTAX, 2, 8, 1, "comma", "remove this comma"},
        {"[1, 2, ]", 0, SJ_E_SYNTAX, 1, 6, 1, "comma", "remove this comma"},
        {"[,1]", 0, SJ_E_SYNTAX, 1, 2, 1, "a value", "one too many"},
        {"[1,,2]", 0, SJ_E_SYNTAX, 1, 4, 1, "a value", "one too many"},
        {"{,}", 0, SJ_E_SYNTAX, 1, 2, 1, "a key in double quotes", ""},
        {"{\"a\": 1\n \"b\": 2}", 0, SJ_E_SYNTAX, 2, 2, 1, "\",\" or \"}\"", "comma is missing"},
        {"[1 2]", 0, SJ_E_SYNTAX, 1, 4, 1, "\",\" or \"]\"", "comma is missing"},
        {"{\"a\" 1}", 0, SJ_E_SYNTAX, 1, 6, 1, "\":\" after the key", ""},
        {"{\"a\" = 1}", 0, SJ_E_SYNTAX, 1, 6, 1, "\":\"", "a colon stands"},
        {"{\"a\": 1; \"b\": 2}", 0, SJ_E_SYNTAX, 1, 8, 1, "\",\"", "a comma stands"},
        {"{a: 1}", 0, SJ_E_SYNTAX, 1, 2, 1, "a key", "keys stand in double quotes"},
        {"{'a': 1}", 0, SJ_E_SYNTAX, 1, 2, 1, "a key", "double quotes"},
        {"{\"a\": 'x'}", 0, SJ_E_SYNTAX, 1, 7, 1, "a value", "double quotes"},
        {"{\"a\": \xE2\x80\x9Cx\xE2\x80\x9D}", 0, SJ_E_SYNTAX, 1, 7, 1, "a value", "typographic"},
        {"{\"a\":\xC2\xA0 1}", 0, SJ_E_SYNTAX, 1, 6, 1, "a value", "no-break space"},
        {"{\"a\": 900,000}", 0, SJ_E_SYNTAX, 1, 11, 3, "a key", "between thousands: 900000"},
        {"{\"a\": 1,5}", 0, SJ_E_SYNTAX, 1, 9, 1, "a key", "the decimal point is 1.5"},
        {"{1: 2}", 0, SJ_E_SYNTAX, 1, 2, 1, "a key", ""},
        {"[1}", 0, SJ_E_SYNTAX, 1, 3, 1, "\"}\" stands where", ""},
        {"{\"a\": [1, 2}", 0, SJ_E_SYNTAX, 1, 12, 1, "\",\" or \"]\"", ""},
        {"{\n  \"a\": [1,", 0, SJ_E_SYNTAX, 2, 11, 1, "the text ends", "\"[\" of line 2, column 8"},
        {"{\n  \"a\": 1", 0, SJ_E_SYNTAX, 2, 9, 1, "the text ends", "\"{\" of line 1, column 1"},
        {"{\"a\":", 0, SJ_E_SYNTAX, 1, 6, 1, "ends where a value", ""},
        {"{\"a\"", 0, SJ_E_SYNTAX, 1, 5, 1, "ends where \":\"", ""},
        {"// a\n{}", 0, SJ_E_SYNTAX, 1, 1, 1, "a value", "no comments"},
        {"{} /* a */", 0, SJ_E_SYNTAX, 1, 4, 1, "the end", "no comments"},
        {"{\n# a\n}", 0, SJ_E_SYNTAX, 2, 1, 1, "a key", "no comments"},
        {"\f{}", 0, SJ_E_SYNTAX, 1, 1, 1, "control character U+000C", ""},
    };
    CHECK(faults)
}

static void test_numbers_and_words(void **state)
{
    static const fault faults[] = {
        {"[01]", 0, SJ_E_SYNTAX, 1, 2, 2, "\"01\" is not a number", "no 0 may stand"},
        {"[-01]", 0, SJ_E_SYNTAX, 1, 2, 3, "not a number", "no 0 may stand"},
        {"[2022-01-01]", 0, SJ_E_SYNTAX, 1, 2, 10, "not a number", ""},
        {"[1.]", 0, SJ_E_SYNTAX, 1, 2, 2, "not a number", "both sides"},
        {"[.5]", 0, SJ_E_SYNTAX, 1, 2, 1, "a value", "both sides"},
        {"[+1]", 0, SJ_E_SYNTAX, 1, 2, 1, "a value", "no plus sign"},
        {"[-]", 0, SJ_E_SYNTAX, 1, 2, 1, "not a number", "minus"},
        {"[-Infinity]", 0, SJ_E_SYNTAX, 1, 2, 1, "not a number", "Infinity"},
        {"[1e]", 0, SJ_E_SYNTAX, 1, 2, 2, "not a number", ""},
        {"[1e+]", 0, SJ_E_SYNTAX, 1, 2, 3, "not a number", ""},
        {"[0x10]", 0, SJ_E_SYNTAX, 1, 3, 3, "\",\" or \"]\"", ""},
        {"[1e999]", 0, SJ_E_NUMBER_RANGE, 1, 2, 5, "1e999 cannot be", "1e308"},
        {"[\n -1e999]", 0, SJ_E_NUMBER_RANGE, 2, 2, 6, "cannot be", ""},
        {"[1e-999]", 0, SJ_E_NUMBER_RANGE, 1, 2, 6, "cannot be", ""},
        {"[1e99999999999999999999]", 0, SJ_E_NUMBER_RANGE, 1, 2, 22, "cannot be", ""},
        {"[1234567890123456789012345678901234567890123456789012345678901234]", 0, SJ_E_NUMBER_RANGE,
         1, 2, 64, "more than 63", "17 digits"},
        {"[NaN]", 0, SJ_E_SYNTAX, 1, 2, 3, "a value", "NaN is no number"},
        {"[Infinity]", 0, SJ_E_SYNTAX, 1, 2, 8, "a value", "Infinity is no number"},
        {"[True]", 0, SJ_E_SYNTAX, 1, 2, 4, "\"True\"", "write true"},
        {"[None]", 0, SJ_E_SYNTAX, 1, 2, 4, "a value", "write null"},
        {"[nul]", 0, SJ_E_SYNTAX, 1, 2, 3, "a value", "double quotes"},
        {"[truely]", 0, SJ_E_SYNTAX, 1, 2, 6, "a value", ""},
        {"[\n  abc]", 0, SJ_E_SYNTAX, 2, 3, 3, "\"abc\" stands", "texts stand in double quotes"},
    };
    CHECK(faults)
}

static void test_texts(void **state)
{
    static const fault faults[] = {
        {"{\"a\": \"b\n\", \"c\": 1}", 0, SJ_E_SYNTAX, 1, 7, 1, "does not end in its line",
         "double quote is missing"},
        {"{\"a: 1\n}", 0, SJ_E_SYNTAX, 1, 2, 1, "does not end in its line", ""},
        {"[\"abc", 0, SJ_E_SYNTAX, 1, 2, 1, "ends inside a text", "closing"},
        {"[\"abc\\", 0, SJ_E_SYNTAX, 1, 6, 1, "unknown escape", ""},
        {"[\"a\tb\"]", 0, SJ_E_SYNTAX, 1, 4, 1, "U+0009", "\\t"},
        {"[\"a\x01\"]", 0, SJ_E_SYNTAX, 1, 4, 1, "U+0001", ""},
        {"[\"a\\x\"]", 0, SJ_E_SYNTAX, 1, 4, 2, "unknown escape", "backslash"},
        {"[\"C:\\dir\"]", 0, SJ_E_SYNTAX, 1, 5, 2, "unknown escape", "backslash"},
        {"[\"\\u12\"]", 0, SJ_E_SYNTAX, 1, 3, 2, "four hexadecimal", ""},
        {"[\"\\u12g4\"]", 0, SJ_E_SYNTAX, 1, 3, 2, "four hexadecimal", ""},
        {"[\"\\u0000\"]", 0, SJ_E_ENCODING, 1, 3, 6, "NUL", ""},
        {"[\"\\ud800\"]", 0, SJ_E_ENCODING, 1, 3, 6, "surrogate", "two escapes"},
        {"[\"\\ud800\\u0041\"]", 0, SJ_E_ENCODING, 1, 3, 6, "surrogate", ""},
        {"[\"\\udc00\"]", 0, SJ_E_ENCODING, 1, 3, 6, "surrogate", ""},
        {"[\"\\ud800\\ud800\\udc00\"]", 0, SJ_E_ENCODING, 1, 3, 6, "surrogate", ""},
        {"[\"\xC3\xA9\xFF\"]", 0, SJ_E_ENCODING, 1, 4, 1, "0xFF", "UTF-8"},
        {"[\"\xC0\x80\"]", 0, SJ_E_ENCODING, 1, 3, 1, "0xC0", ""},
        {"[\"\xE0\x80\x80\"]", 0, SJ_E_ENCODING, 1, 3, 1, "0xE0", ""},
        {"[\"\xED\xA0\x80\"]", 0, SJ_E_ENCODING, 1, 3, 1, "0xED", ""},
        {"[\"\xF4\x90\x80\x80\"]", 0, SJ_E_ENCODING, 1, 3, 1, "0xF4", ""},
        {"[\"\xE2\x82\"]", 0, SJ_E_ENCODING, 1, 3, 1, "0xE2", ""},
        {"[\xFF]", 0, SJ_E_ENCODING, 1, 2, 1, "0xFF", "UTF-8"},
        {"[\"a\0b\"]", 7, SJ_E_ENCODING, 1, 4, 1, "NUL", ""},
        {"[1\0]", 4, SJ_E_ENCODING, 1, 3, 1, "U+0000", ""},
        {"\xFF\xFE{\0}\0", 6, SJ_E_ENCODING, 1, 1, 1, "UTF-16", "save"},
    };
    CHECK(faults)
}

static void test_duplicates(void **state)
{
    static const fault faults[] = {
        {"{\"a\": 1,\n \"b\": 2, \"a\": 3}", 0, SJ_E_DUPLICATE_KEY, 2, 10, 3, "\"a\" stands twice",
         "line 1, column 2"},
        {"{\"a\": 1, \"\\u0061\": 3}", 0, SJ_E_DUPLICATE_KEY, 1, 10, 8, "\"a\" stands twice", ""},
        {"{\"x\": {\"a/b\": 1, \"a/b\": 3}}", 0, SJ_E_DUPLICATE_KEY, 1, 18, 5, "\"a/b\"", ""},
    };
    CHECK(faults)
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    static const char text[] =
        "{\"k\": [0, {\"a\": 1, \"A\": 2, \"a\": 3, \"a\": 01.5, \"\": 1, \"\": 2}]}";
    assert_int_equal(sj_tree_parse(&tree, "f", text, strlen(text), &problems), SJ_E_SYNTAX);
    sj_problems_clear(&problems);
    static const char better[] =
        "{\"k\": [0, {\"a\": 1, \"A\": 2, \"a\": 3, \"a\": 1e999, \"\": 1, \"\": 2}]}";
    assert_int_equal(sj_tree_parse(&tree, "f", better, strlen(better), &problems),
                     SJ_E_NUMBER_RANGE);
    assert_int_equal(problems.n, 4); /* 1e999, "" twice, "a" twice more */
    assert_string_equal(problems.at[1].where, "/k/1");
    sj_problems_clear(&problems);
}

static char *nested(int depth)
{
    char *text = malloc((size_t)(2 * depth) + 1);
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    text[2 * depth] = '\0';
    return text;
}

static void test_depth(void **state)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    char *text = nested(64);
    assert_int_equal(sj_tree_parse(&tree, "f", text, strlen(text), &problems), SJ_OK);
    sj_tree_free(tree);
    free(text);
    text = nested(65);
    assert_int_equal(sj_tree_parse(&tree, "f", text, strlen(text), &problems), SJ_E_DEPTH);
    assert_int_equal(problems.at[0].column, 65);
    sj_problems_clear(&problems);
    free(text);
    text = nested(200000);
    assert_int_equal(sj_tree_parse(&tree, "f", text, strlen(text), &problems), SJ_E_DEPTH);
    sj_problems_clear(&problems);
    free(text);
}

static void test_accepts(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "0",
        "-0",
        "1e-7",
        "1E+7",
        "0.5e1",
        "\"\"",
        "true",
        " null\r\n\t",
        "\xEF\xBB\xBF{\"a\": 1}",
        "{\"a\":1,\"A\":2}",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"]",
        "[\"\\ud83d\\ude00 \xF0\x9F\x98\x80 \xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF\x7F\"]",
        "[123456789012345678901234567890123456789012345678901234567890123]",
        "[5e-324, 1.7976931348623157e308, 0e999, 0.0000e-999]",
        "{\"\": {\"\": 1}, \"a\": [{}, [], {\"b\": []}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sj_problems problems = {0};
        sj_tree *tree = NULL;
        assert_int_equal(sj_tree_parse(&tree, "f", texts[i], strlen(texts[i]), &problems), SJ_OK);
        assert_int_equal(problems.n, 0);
        sj_tree_free(tree);
    }
}

static void test_places(void **state)
{
    static const char text[] = "{\n  \"\xC3\xA9\": [1, \"\xE2\x82\xAC\xE2\x82\xAC\", true],\r\n"
                               "\t\"b\": {\"c\": -1.5e3}\n}";
    sji_text from = {"f", text, strlen(text)};
    sji_spans spans;
    sj_problems problems = {0};
    assert_int_equal(sji_scan(&spans, &from, &problems), SJ_OK);
    static const int expected[][6] = {/* value line, column, length; key line, column, length */
                                      {1, 1, 1, 0, 0, 0},  {2, 8, 1, 2, 3, 3},  {2, 9, 1, 0, 0, 0},
                                      {2, 12, 4, 0, 0, 0}, {2, 18, 4, 0, 0, 0}, {3, 7, 1, 3, 2, 3},
                                      {3, 13, 6, 3, 8, 3}};
    assert_int_equal(spans.n, 7);
    for (size_t i = 0; i < spans.n; i++) {
        const sji_span *s = &spans.at[i];
        const int found[6] = {s->value.line, s->value.column, s->length,
                              s->key.line,   s->key.column,   s->key_length};
        assert_memory_equal(found, expected[i], sizeof found);
    }
    sj_vec_clear(&spans);
}

static sj_err first_problem(const char *text)
{
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    assert_int_not_equal(sj_tree_parse(&tree, "f", text, strlen(text), &problems), SJ_OK);
    sj_err err = problems.at[0];
    sj_problems_clear(&problems);
    return err;
}

static void test_excerpt(void **state)
{
    char out[4096];
    sj_err err = first_problem("{\n\t\"a\x1b[31m\": 1,\n}");
    assert_string_equal(err.excerpt, " \"a?[31m\": 1,"); /* no escape reaches a terminal */
    err = first_problem("{\r\n  \"a\": 1 \"b\": 2\r\n}\r\n");
    assert_string_equal(err.excerpt, "  \"a\": 1 \"b\": 2");
    (void)sj_err_format(&err, out, sizeof out);
    assert_string_equal(out,
                        "f:2:10: error E0201: a text stands where \",\" or \"}\" should stand\n"
                        "    2 |   \"a\": 1 \"b\": 2\n"
                        "      |          ^ a comma is missing before this\n");
    sj_str line = {0};
    sj_str_printf(&line, "[x, %0300d]", 1);
    err = first_problem(line.text); /* the fault near, the end far */
    assert_int_equal(strlen(err.excerpt), 255);
    assert_string_equal(err.excerpt + 252, "...");
    assert_int_equal(err.column, 2);
    sj_str_clear(&line);
    sj_str_printf(&line, "[%*s, 'x' and more]", 300, "1");
    err = first_problem(line.text); /* the fault far: the hint tells what stands there */
    assert_string_equal(err.excerpt, "");
    assert_int_equal(err.column, 304);
    assert_non_null(strstr(err.hint, "at `'x' and more]`: texts and keys"));
    sj_str_clear(&line);
}

/* One long line with many keys must not take quadratic time; nor must a big map. */
static void test_large(void **state)
{
    sj_str text = {0};
    sj_str_add(&text, "{");
    for (int i = 0; i < 50000; i++) {
        sj_str_printf(&text, "%s\"key-%d\": {\"a\": %d}", i == 0 ? "" : ", ", i * 7919 % 50000, i);
    }
    sj_str_add(&text, "}");
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    assert_int_equal(sj_tree_parse(&tree, "f", text.text, text.n, &problems), SJ_OK);
    sj_tree_free(tree);
    text.n--;
    sj_str_add(&text, ", \"key-77\": 1, \"key-77\": 2}");
    assert_int_equal(sj_tree_parse(&tree, "f", text.text, text.n, &problems), SJ_E_DUPLICATE_KEY);
    assert_int_equal(problems.n, 2);
    sj_problems_clear(&problems);
    sj_str_clear(&text);
}

/* Many faults end in a bounded list. */
static void test_many_faults(void **state)
{
    sj_str text = {0};
    sj_str_add(&text, "[0");
    for (int i = 0; i < 5000; i++) {
        sj_str_add(&text, ",\n1e999");
    }
    sj_str_add(&text, "]");
    sj_problems problems = {0};
    sj_tree *tree = NULL;
    assert_int_equal(sj_tree_parse(&tree, "f", text.text, text.n, &problems), SJ_E_NUMBER_RANGE);
    assert_int_equal(problems.n, SJI_SCAN_PROBLEMS);
    assert_int_equal(problems.at[99].line, 101);
    sj_problems_clear(&problems);
    sj_str_clear(&text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure), cmocka_unit_test(test_numbers_and_words),
        cmocka_unit_test(test_texts),     cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_depth),     cmocka_unit_test(test_accepts),
        cmocka_unit_test(test_places),    cmocka_unit_test(test_excerpt),
        cmocka_unit_test(test_large),     cmocka_unit_test(test_many_faults),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
