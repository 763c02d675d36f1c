/**
 * @file test_io_csv.c
 * @brief Comma-separated tables: what is read, what is refused and where.
 * Usage: test_io_csv [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "io/csv.h"
#include "temp.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sj_csv parse(const char *text)
{
    sj_csv csv;
    sj_problems problems = {0};
    sj_status st = sj_csv_parse(&csv, "t.csv", text, strlen(text), &problems);
    if (st != SJ_OK) {
        print_error("%s: %s\n", text, problems.at[0].text);
    }
    assert_int_equal(st, SJ_OK);
    assert_int_equal(problems.n, 0);
    return csv;
}

static void test_plain(void **state)
{
    sj_csv csv = parse("date,value\n2022-01-01,0.3\n2022-02-01, 0.4 \n");
    double value;
    assert_int_equal(csv.n_rows, 2);
    assert_int_equal(csv.n_columns, 2);
    assert_string_equal(csv.path, "t.csv");
    assert_int_equal(sj_csv_column(&csv, "value"), 1);
    assert_int_equal(sj_csv_column(&csv, "Value"), -1);
    assert_string_equal(sj_csv_cell(&csv, 1, 0), "2022-02-01");
    assert_true(sj_csv_number(&csv, 0, 1, &value) && value == 0.3);
    assert_true(sj_csv_number(&csv, 1, 1, &value) && value == 0.4);
    assert_false(sj_csv_number(&csv, 0, 0, &value));
    assert_int_equal(csv.line[0], 1);
    assert_int_equal(csv.line[2], 3);
    sj_csv_clear(&csv);
}

static void test_quotes(void **state)
{
    sj_csv csv = parse("\xEF\xBB\xBF\"a\", b \r\n\"x, \"\"y\"\"\r\nz\",1\r\n\r\n\"\",2");
    double value;
    assert_int_equal(csv.n_rows, 2);
    assert_int_equal(sj_csv_column(&csv, "a"), 0);
    assert_int_equal(sj_csv_column(&csv, "b"), 1); /* blanks around a heading do not count */
    assert_string_equal(sj_csv_cell(&csv, 0, 0), "x, \"y\"\r\nz");
    assert_string_equal(sj_csv_cell(&csv, 1, 0), "");
    assert_int_equal(csv.line[1], 2);
    assert_int_equal(csv.line[2], 5);
    assert_false(sj_csv_number(&csv, 1, 0, &value));
    sj_csv_clear(&csv);
    csv = parse("a,b");
    assert_int_equal(csv.n_rows, 0);
    sj_csv_clear(&csv);
    csv = parse("a,b\n,\n");
    assert_int_equal(csv.n_rows, 1);
    assert_string_equal(sj_csv_cell(&csv, 0, 1), "");
    sj_csv_clear(&csv);
    csv = parse("n\n1\n\n2\n");
    assert_int_equal(csv.n_rows, 2);
    sj_csv_clear(&csv);
}

typedef struct fault {
    const char *text;
    size_t length; /* 0 = strlen */
    sj_status status;
    int line, column;
    const char *says, *hint;
} fault;

static void test_faults(void **state)
{
    static const fault faults[] = {
        {"", 0, SJ_E_CSV, 1, 1, "empty", "names of the columns"},
        {"\n\n", 0, SJ_E_CSV, 1, 1, "empty", ""},
        {"date;value\n2022;1\n", 0, SJ_E_CSV, 1, 1, "only one cell", "semicolons"},
        {"date\tvalue\n2022\t1\n", 0, SJ_E_CSV, 1, 1, "only one cell", "tabs"},
        {"a,b\n1;2\n", 0, SJ_E_CSV, 2, 1, "1 cell, the header 2", "semicolons"},
        {"a,b\n1,2\n1,0,5\n", 0, SJ_E_CSV, 3, 1, "3 cells, the header 2", "decimal comma"},
        {"a,b\n1\n", 0, SJ_E_CSV, 2, 1, "1 cell, the header 2", ""},
        {"a,b\nx,\"0,5\"\n", 0, SJ_E_CSV, 2, 3, "decimal point", "with a point"},
        {"a,b\nx,\"-1.234,5\"\n", 0, SJ_E_CSV, 2, 3, "decimal point", "thousands"},
        {"a,b\nx,\" 0,5 \"\n", 0, SJ_E_CSV, 2, 3, "decimal point", "with a point"},
        {"\"2,2 \"", 0, SJ_E_CSV, 1, 1, "decimal point", "with a point"},
        {"a,b\nx,\"y\n\nz\n", 0, SJ_E_CSV, 2, 3, "not closed", ""},
        {"a,b\nx,\"y\" z\n", 0, SJ_E_CSV, 2, 6, "follows a closing quote", "twice"},
        {"a,b\nx,y\"z\n", 0, SJ_E_CSV, 2, 4, "a quote inside", ""},
        {"a,,c\n", 0, SJ_E_CSV, 1, 1, "column 2 is empty", ""},
        {"a,b,a\n1,2,3\n", 0, SJ_E_CSV, 1, 1, "\"a\" stands twice", ""},
        {"a,b\r1,2\r", 0, SJ_E_CSV, 1, 4, "stands alone", "CR LF"},
        {"a,b\n\xC3\xA9,\xFF\n", 0, SJ_E_ENCODING, 2, 3, "not UTF-8", "save"},
        {"a,b\n1,\0\n", 8, SJ_E_ENCODING, 2, 3, "NUL", ""},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const fault *f = &faults[i];
        sj_csv csv;
        sj_problems problems = {0};
        size_t length = f->length > 0 ? f->length : strlen(f->text);
        sj_status st = sj_csv_parse(&csv, "t.csv", f->text, length, &problems);
        const sj_err *err = &problems.at[0];
        assert_true(problems.n > 0);
        bool is_good = st == f->status && err->line == f->line && err->column == f->column &&
                       strstr(err->text, f->says) != NULL && strstr(err->hint, f->hint) != NULL;
        if (!is_good) {
            print_error("%s: %d %d:%d %s (%s)\n", f->text, (int)st, err->line, err->column,
                        err->text, err->hint);
        }
        assert_true(is_good);
        assert_string_equal(err->source, "t.csv");
        assert_null(csv.text);
        assert_null(csv.cell);
        sj_problems_clear(&problems);
    }
}

static void test_all_problems(void **state)
{
    sj_csv csv;
    sj_problems problems = {0};
    static const char text[] = "a,b\n1\n1,2\n1,2,3\n\"1,5\",2\n";
    assert_int_equal(sj_csv_parse(&csv, "t", text, strlen(text), &problems), SJ_E_CSV);
    assert_int_equal(problems.n, 3);
    assert_int_equal(problems.at[2].line, 5);
    sj_problems_clear(&problems);
}

static void test_files(void **state)
{
    sj_csv csv;
    sj_problems problems = {0};
    char path[TEMP_NAME];
    static const char *const cells[] = {"plain", "a,b",    "say \"x\"", "two\nlines",
                                        "",      " blank", "\xC3\xA9"};
    enum { N = sizeof cells / sizeof cells[0] };
    temp_name(path, "csv");
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "w");
    (void)fputs("text,n\n", stream);
    for (int i = 0; i < N; i++) {
        sj_csv_write(stream, cells[i]);
        (void)fprintf(stream, ",%d\n", i);
    }
    (void)fclose(stream);
    assert_int_equal(sj_csv_load(&csv, path, &problems), SJ_OK);
    assert_int_equal(csv.n_rows, N);
    for (int i = 0; i < N; i++) {
        assert_string_equal(sj_csv_cell(&csv, (size_t)i, 0), cells[i]);
    }
    sj_csv_clear(&csv);
    (void)unlink(path);
    assert_int_equal(sj_csv_load(&csv, path, &problems), SJ_E_IO);
    assert_int_equal(problems.n, 1);
    sj_csv_clear(&csv);
    sj_problems_clear(&problems);
}

static void test_large(void **state)
{
    sj_str text = {0};
    sj_str_add(&text, "a,b,c\n");
    for (int i = 0; i < 200000; i++) {
        sj_str_printf(&text, "%d,\"x %d\",%d.5\n", i, i, i);
    }
    sj_csv csv = parse(text.text);
    double value;
    assert_int_equal(csv.n_rows, 200000);
    assert_true(sj_csv_number(&csv, 199999, 2, &value) && value == 199999.5);
    sj_csv_clear(&csv);
    sj_str_clear(&text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),  cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_all_problems),
        cmocka_unit_test(test_files),  cmocka_unit_test(test_large),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
