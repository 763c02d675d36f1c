/**
 * @file test_base.c
 * @brief Dates, errors, texts, storage, files, digests. Usage: test_base [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "temp.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- dates -------------------------------------------------------------------------------- */

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* Every day of 400 years and more, against a calendar that counts on its fingers. */
static void test_dates(void **state)
{
    sj_day day = sj_day_of(1799, 1, 1);
    int weekday = 1; /* 1 January 1799 was a Tuesday */
    for (int year = 1799; year <= 2201; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int date = 1; date <= days_in_month(year, month); date++, day++) {
                int y, m, d;
                char text[SJ_DATE_TEXT], expected[40];
                sj_day back;
                assert_int_equal(sj_day_of(year, month, date), day);
                sj_day_civil(day, &y, &m, &d);
                assert_true(y == year && m == month && d == date);
                assert_int_equal(sj_day_weekday(day), weekday);
                weekday = (weekday + 1) % 7;
                sj_day_format(day, text);
                (void)snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month, date);
                assert_string_equal(text, expected);
                assert_true(sj_day_parse(text, &back) && back == day);
                assert_int_equal(sj_day_is_first(day), date == 1);
                assert_int_equal(sj_day_month_index(day), 12 * year + month - 1);
                int n_left = days_in_month(year, month) - date + 1;
                assert_int_equal(sj_day_next_month(day), day + n_left);
            }
        }
    }
    assert_int_equal(sj_day_of(1970, 1, 1), 0);
    assert_int_equal(sj_day_weekday(0), 3);
    assert_int_equal(sj_day_of(2000, 2, 29), 11016);
    assert_int_equal(sj_day_of(1969, 12, 31), -1);
    assert_int_equal(sj_day_of(0, 3, 1), -719468);
}

static void test_date_parse(void **state)
{
    static const char *const bad[] = {
        "",           "2022",       "2022-1-01",       "2022-01-1",   "2022-01-01 ", " 2022-01-01",
        "2022/01/01", "2022-13-01", "2022-00-10",      "2022-01-00",  "2022-01-32",  "2022-02-29",
        "1900-02-29", "2022-04-31", "22-01-01",        "02022-01-01", "2022-01-0a",  "-022-01-01",
        "+022-01-01", "2022-01--1", "2022-01-01T00:00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sj_day day = 77;
        assert_false(sj_day_parse(bad[i], &day));
        assert_int_equal(day, 77);
    }
    sj_day day;
    assert_true(sj_day_parse("2000-02-29", &day));
    assert_true(sj_day_parse("0000-01-01", &day));
    assert_int_equal(day, -719528);
    assert_true(sj_day_parse("9999-12-31", &day));
    assert_int_equal(day, 2932896);
}

/* ---- errors ------------------------------------------------------------------------------- */

static void test_error_table(void **state)
{
    size_t n;
    const sj_error_row *table = sj_error_table(&n);
    assert_true(n > 20);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || table[i - 1].status < table[i].status); /* ascending, no repeats */
        assert_ptr_equal(sj_error_row_of(table[i].status), &table[i]);
        assert_true(table[i].exit_status > 0 && strlen(table[i].text) > 0);
    }
    assert_null(sj_error_row_of(SJ_OK));
    assert_string_equal(sj_error_row_of(SJ_E_UNKNOWN_KEY)->name, "UNKNOWN_KEY");
}

static void test_error_format(void **state)
{
    sj_err err;
    char text[1000];
    assert_int_equal(SJ_FAIL(NULL, SJ_E_IO, "x", "y"), SJ_E_IO);
    assert_int_equal(SJ_FAIL(&err, SJ_E_UNKNOWN_KEY, "/a/b", "unknown key \"%s\"", "k"),
                     SJ_E_UNKNOWN_KEY);
    (void)sj_err_format(&err, text, sizeof text);
    assert_string_equal(text, "error E0213: unknown key \"k\" in /a/b\n");
    (void)snprintf(err.source, sizeof err.source, "f.json");
    (void)snprintf(err.hint, sizeof err.hint, "did you mean \"l\"?");
    (void)sj_err_format(&err, text, sizeof text);
    assert_string_equal(text, "f.json: error E0213: unknown key \"k\" in /a/b\n"
                              "      did you mean \"l\"?\n");
    err.line = 41;
    err.column = 4;
    err.length = 3;
    (void)snprintf(err.excerpt, sizeof err.excerpt, "   \"k\": 5,");
    size_t length = sj_err_format(&err, text, sizeof text);
    assert_string_equal(text, "f.json:41:4: error E0213: unknown key \"k\" in /a/b\n"
                              "   41 |    \"k\": 5,\n"
                              "      |    ^^^ did you mean \"l\"?\n");
    assert_int_equal(length, strlen(text));
    err.is_warning = true;
    err.where[0] = '\0';
    (void)sj_err_format(&err, text, sizeof text);
    assert_non_null(strstr(text, "f.json:41:4: warning E0213: unknown key \"k\"\n"));
    for (size_t size = 0; size < 60; size++) { /* cut anywhere, never beyond */
        memset(text, 'x', sizeof text);
        assert_int_equal(sj_err_format(&err, text, size), length - strlen(" in /a/b") + 2);
        assert_true(size == 0 || strlen(text) == size - 1);
        assert_int_equal(text[size], 'x');
    }
}

static void test_error_cut(void **state)
{
    sj_err err;
    char *longest = malloc(5000);
    memset(longest, 'a', 4999);
    longest[4999] = '\0';
    (void)SJ_FAIL(&err, SJ_E_IO, longest, "%s", longest);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    free(longest);
}

static void test_problems(void **state)
{
    sj_problems problems = {0};
    sj_err err;
    assert_int_equal(sj_problems_status(&problems), SJ_OK);
    (void)SJ_FAIL(&err, SJ_E_DATE, "", "late");
    err.is_warning = true;
    sj_problems_add(&problems, &err);
    assert_int_equal(sj_problems_status(&problems), SJ_OK);
    for (int i = 0; i < 100; i++) {
        (void)SJ_FAIL(&err, i == 0 ? SJ_E_RANGE : SJ_E_TYPE, "", "%d", i);
        sj_problems_add(&problems, &err);
    }
    assert_int_equal(problems.n, 101);
    assert_int_equal(problems.n_errors, 100);
    assert_string_equal(problems.at[100].text, "99");
    assert_int_equal(sj_problems_status(&problems), SJ_E_RANGE);
    sj_problems_clear(&problems);
    assert_int_equal(problems.n, 0);
    problems.overflow = true;
    assert_int_equal(sj_problems_status(&problems), SJ_E_NOMEM);
    sj_problems_clear(&problems);
}

/* ---- texts and storage -------------------------------------------------------------------- */

static void test_str(void **state)
{
    sj_str str = {0};
    sj_str_add(&str, "");
    assert_string_equal(str.text, "");
    sj_str_add_n(&str, "abcdef", 3);
    sj_str_printf(&str, "-%d-%s", 5, "x");
    assert_string_equal(str.text, "abc-5-x");
    assert_int_equal(str.n, 7);
    for (int i = 0; i < 1000; i++) {
        sj_str_printf(&str, "%d,", i);
    }
    assert_false(str.failed);
    assert_int_equal(str.n, strlen(str.text));
    assert_string_equal(str.text + str.n - 8, "998,999,");
    sj_str_clear(&str);
    assert_null(str.text);
    sj_str_clear(&str);
}

static void test_mem(void **state)
{
    assert_null(sj_reallocarray(NULL, SIZE_MAX / 2, 3));
    void *nothing = sj_calloc(0, 8);
    assert_non_null(nothing);
    free(nothing);
    char *copy = sj_strndup("abcdef", 3);
    assert_string_equal(copy, "abc");
    free(copy);
    SJ_VEC(int) v = {0};
    for (int i = 0; i < 1000; i++) {
        assert_true(sj_vec_push(&v, i));
    }
    assert_int_equal(v.n, 1000);
    assert_int_equal(v.at[999], 999);
    sj_vec_clear(&v);
    assert_null(v.at);
}

static void test_arena(void **state)
{
    sj_arena *arena = sj_arena_new();
    assert_non_null(arena);
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i % 97 == 0 ? 50000 : i % 37; /* some larger than a chunk, some empty */
        unsigned char *block = sj_arena_calloc(arena, size, 1);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % sizeof(void *), 0);
        for (size_t k = 0; k < size; k++) {
            assert_int_equal(block[k], 0);
        }
        memset(block, 0xAA, size);
    }
    assert_string_equal(sj_arena_strdup(arena, "text"), "text");
    assert_string_equal(sj_arena_printf(arena, "%s-%d", "a", 7), "a-7");
    assert_null(sj_arena_calloc(arena, SIZE_MAX / 4, 8));
    sj_arena_free(arena);
    sj_arena_free(NULL);
}

static void test_hash(void **state)
{
    assert_true(sj_hash_text(SJ_HASH_START, "") == UINT64_C(0xcbf29ce484222325));
    assert_true(sj_hash_text(SJ_HASH_START, "a") == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(sj_hash_text(SJ_HASH_START, "foobar") == UINT64_C(0x85944171f73967e8));
    assert_true(sj_hash_text(sj_hash_text(SJ_HASH_START, "foo"), "bar") ==
                UINT64_C(0x85944171f73967e8));
    uint64_t seed = 1234567;
    assert_true(sj_splitmix64(&seed) == UINT64_C(6457827717110365317));
    assert_true(sj_splitmix64(&seed) == UINT64_C(3203168211198807973));
}

/* ---- files -------------------------------------------------------------------------------- */

static char folder[TEMP_NAME];

static int make_folder(void **state)
{
    temp_name(folder, "base");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    return rmdir(folder);
}

static void write_text(const char *path, const char *text)
{
    sj_out out;
    sj_err err;
    assert_int_equal(sj_out_open(&out, path, &err), SJ_OK);
    (void)fputs(text, out.stream);
    assert_int_equal(sj_out_finish(&out, &err), SJ_OK);
}

static void assert_holds(const char *path, const char *expected)
{
    char *text;
    size_t length;
    sj_err err;
    assert_int_equal(sj_file_read(path, &text, &length, &err), SJ_OK);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(text, expected);
    free(text);
}

static void test_files(void **state)
{
    sj_err err;
    sj_out out;
    char *text, *path = sj_path_join(folder, "f.txt");
    size_t length;
    assert_int_equal(sj_file_read(path, &text, &length, &err), SJ_E_IO);
    assert_non_null(strstr(err.text, "No such file"));
    assert_string_equal(err.where, path);
    assert_null(text);
    write_text(path, "");
    assert_holds(path, "");
    write_text(path, "first");
    assert_holds(path, "first");
    assert_int_equal(sj_out_open(&out, path, &err), SJ_OK); /* abandoned: the old file stays */
    (void)fputs("second", out.stream);
    assert_holds(path, "first");
    sj_out_abandon(&out);
    sj_out_abandon(&out);
    assert_holds(path, "first");
    assert_int_equal(sj_file_read(folder, &text, &length, &err), SJ_E_IO); /* a folder is no file */
    (void)unlink(path);
    free(path);
    assert_int_equal(sj_out_open(&out, "/nowhere/at/all", &err), SJ_E_IO);
    assert_null(out.stream);
    assert_int_equal(rmdir(folder), 0); /* nothing was left behind */
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void test_large_file(void **state)
{
    sj_str text = {0};
    char *path = sj_path_join(folder, "large.txt");
    for (int i = 0; i < 100000; i++) {
        sj_str_printf(&text, "%d\n", i);
    }
    write_text(path, text.text);
    assert_holds(path, text.text);
    (void)unlink(path);
    free(path);
    sj_str_clear(&text);
}

/* A full disk is an error, and the old file stays. */
static void test_full_disk(void **state)
{
    sj_err err;
    sj_out out;
    char *path = sj_path_join(folder, "f.txt");
    write_text(path, "old");
    assert_int_equal(sj_out_open(&out, path, &err), SJ_OK);
    FILE *full = freopen("/dev/full", "w", out.stream);
    if (full == NULL) {
        sj_out_abandon(&out);
        (void)unlink(path);
        free(path);
        skip();
    }
    out.stream = full;
    (void)fputs("new", out.stream);
    assert_int_equal(sj_out_finish(&out, &err), SJ_E_IO);
    assert_non_null(strstr(err.text, "No space left"));
    assert_holds(path, "old");
    (void)unlink(path);
    free(path);
}

static void test_folders(void **state)
{
    sj_err err;
    char *path = sj_path_join(folder, "a/b/c");
    assert_int_equal(sj_dir_make(path, &err), SJ_OK);
    assert_int_equal(sj_dir_make(path, &err), SJ_OK);
    char *file = sj_path_join(path, "f");
    write_text(file, "x");
    assert_int_equal(sj_dir_make(file, &err), SJ_E_IO);
    char *below = sj_path_join(file, "g");
    assert_int_equal(sj_dir_make(below, &err), SJ_E_IO);
    (void)unlink(file);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rmdir(path), 0);
        *strrchr(path, '/') = '\0';
    }
    free(below);
    free(file);
    free(path);
}

static void test_paths(void **state)
{
    static const char *const cases[][3] = {{"a/b.json", "c.csv", "a/c.csv"},
                                           {"b.json", "c.csv", "c.csv"},
                                           {"/x/b.json", "../c.csv", "/x/../c.csv"},
                                           {"a/b.json", "/abs/c.csv", "/abs/c.csv"}};
    for (size_t i = 0; i < 4; i++) {
        char *path = sj_path_beside(cases[i][0], cases[i][1]);
        assert_string_equal(path, cases[i][2]);
        free(path);
    }
}

static void test_sha256(void **state)
{
    char hex[65];
    sj_sha256("abc", 3, hex); /* FIPS 180-2, B.1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sj_sha256("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),       cmocka_unit_test(test_date_parse),
        cmocka_unit_test(test_error_table), cmocka_unit_test(test_error_format),
        cmocka_unit_test(test_error_cut),   cmocka_unit_test(test_problems),
        cmocka_unit_test(test_str),         cmocka_unit_test(test_mem),
        cmocka_unit_test(test_arena),       cmocka_unit_test(test_hash),
        cmocka_unit_test(test_files),       cmocka_unit_test(test_large_file),
        cmocka_unit_test(test_full_disk),   cmocka_unit_test(test_folders),
        cmocka_unit_test(test_paths),       cmocka_unit_test(test_sha256),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
