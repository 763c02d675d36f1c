/**
 * @file test_report_texts.c
 * @brief Texts on their way into a script: quoting, cutting, numbers, axes.
 * Usage: test_report_texts [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/axis.h"
#include "report/figure.h"
#include "report/texts.h"
#include <math.h>
#include <string.h>

/* Call a function that appends, compare what it made. */
#define ASSERT_MADE(expected, call)                                                                \
    do {                                                                                           \
        sj_str out = {0};                                                                          \
        call;                                                                                      \
        assert_false(out.failed);                                                                  \
        assert_string_equal(out.text, expected);                                                   \
        sj_str_clear(&out);                                                                        \
    } while (0)

static void test_quote_is_literal(void **state)
{
    ASSERT_MADE("''", sji_words_quote(&out, NULL));
    ASSERT_MADE("'plain'", sji_words_quote(&out, "plain"));
    ASSERT_MADE("'it''s'", sji_words_quote(&out, "it's"));
    ASSERT_MADE("'''; system(\"x\") #'", sji_words_quote(&out, "'; system(\"x\") #"));
    ASSERT_MADE("'`id` @m $(x) {/=9 a} ^_ %s \\'",
                sji_words_quote(&out, "`id` @m $(x) {/=9 a} ^_ %s \\"));
}

static void test_quote_takes_out_controls(void **state)
{
    ASSERT_MADE("'a b c d'", sji_words_quote(&out, "a\nb\rc\x7F"
                                                   "d"));
    ASSERT_MADE("'a b'", sji_words_quote(&out, "a\xC2\x85"
                                               "b")); /* next line, U+0085 */
    ASSERT_MADE("'a b'", sji_words_quote(&out, "a\xE2\x80\xA8"
                                               "b")); /* line separator, U+2028 */
}

static void test_quote_mends_utf8(void **state)
{
    ASSERT_MADE("'Bogot\xC3\xA1'", sji_words_quote(&out, "Bogot\xC3\xA1"));
    ASSERT_MADE("'a\xEF\xBF\xBD"
                "b'",
                sji_words_quote(&out, "a\xFF"
                                      "b"));
    ASSERT_MADE("'\xEF\xBF\xBD'", sji_words_quote(&out, "\xC3"));                 /* cut short */
    ASSERT_MADE("'\xEF\xBF\xBD\xEF\xBF\xBD'", sji_words_quote(&out, "\xC0\xA7")); /* overlong ' */
    ASSERT_MADE("'\xEF\xBF\xBD'", sji_words_quote(&out, "\xEF\xBF\xBF"));         /* U+FFFF */
}

static void test_quote_of_symbols(void **state)
{
    ASSERT_MADE("(symbols ? '\xF0\x9F\x99\x82''' : '\xE2\x96\xAF''')",
                sji_words_quote(&out, "\xF0\x9F\x99\x82'"));
}

/* Whatever the bytes: quotes outside pairs stand at the ends only, no line end is left. */
static void test_quote_of_all_pairs(void **state)
{
    for (int a = 1; a < 256; a++) {
        for (int b = 1; b < 256; b++) {
            char text[] = {(char)a, (char)b, '\'', '\0'};
            sj_str out = {0};
            size_t n_quotes = 0;
            sji_words_quote(&out, text);
            for (size_t i = 0; i < out.n; i++) {
                n_quotes += out.text[i] == '\'';
                assert_true((unsigned char)out.text[i] >= 0x20);
            }
            assert_int_equal(n_quotes % 2, 0);
            assert_int_equal(out.text[0], '\'');
            assert_int_equal(out.text[out.n - 1], '\'');
            sj_str_clear(&out);
        }
    }
}

static void test_script_quotes_through_q(void **state)
{
    sji_figure figure;
    sji_figure_init(&figure, "../a b'c", 100.0, 100.0);
    assert_string_equal(figure.stem, "___a_b_c");
    size_t before = figure.script.n;
    sji_fig_add(&figure, "%q %n %d %s", "x'y", 0.1, 7, "word");
    assert_string_equal(figure.script.text + before, "'x''y' 0.1 7 word");
    sji_figure_clear(&figure);
}

static void test_fit_cuts_whole_characters(void **state)
{
    ASSERT_MADE("short", sji_words_fit(&out, "short", 10.0));
    sj_str out = {0};
    sji_words_fit(&out, "\xC3\xA1\xC3\xA1\xC3\xA1\xC3\xA1\xC3\xA1\xC3\xA1", 3.0);
    assert_true(sji_words_em(out.text) <= 3.0);
    assert_int_equal(strncmp(out.text + out.n - 3, "\xE2\x80\xA6", 3), 0);
    assert_int_equal((out.n - 3) % 2, 0);
    sj_str_clear(&out);
}

static void test_break_at_spaces(void **state)
{
    const char *text = "one two three";
    assert_int_equal(sji_words_break(text, 100.0), strlen(text));
    assert_int_equal(sji_words_break(text, sji_words_em("one two th")), strlen("one two "));
    assert_int_equal(sji_words_break("unbroken", sji_words_em("unb")), 3);
    assert_int_equal(sji_words_break("w", 0.01), 1); /* always goes on */
}

static void test_numbers(void **state)
{
    ASSERT_MADE("0", sji_words_count(&out, 0.0));
    ASSERT_MADE("999", sji_words_count(&out, 999.4));
    ASSERT_MADE("1,000", sji_words_count(&out, 999.5));
    ASSERT_MADE("-1,234,567", sji_words_count(&out, -1234567.0));
    ASSERT_MADE("0", sji_words_count(&out, -0.2));
    ASSERT_MADE("12,345.07", sji_words_decimal(&out, 12345.07, 2));
    ASSERT_MADE("NA", sji_words_count(&out, NAN));
}

static void test_dates_and_names(void **state)
{
    ASSERT_MADE("Mar 2022", sji_words_month(&out, sj_day_of(2022, 3, 16)));
    ASSERT_MADE("16 Mar 2022", sji_words_day(&out, sj_day_of(2022, 3, 16)));
    ASSERT_MADE("public health", sji_words_of_id(&out, "public-health"));
    ASSERT_MADE("a__b-C9", sji_words_stem(&out, "a/.b-C9"));
}

static void test_axis_of_numbers(void **state)
{
    static const double highs[] = {1.0, 7.3, 1050000.0, 0.031, 99.9, 2.5e9, 1e-9};
    for (size_t i = 0; i < sizeof highs / sizeof highs[0]; i++) {
        sji_axis axis;
        sji_axis_numbers(&axis, 0.0, highs[i], 5, "");
        assert_true(axis.low <= 0.0 && axis.high >= highs[i] * (1.0 - 1e-9));
        assert_true(axis.n >= 3 && axis.n <= 12);
        assert_true(axis.high < 1.7 * highs[i]);
        for (int k = 1; k < axis.n; k++) {
            assert_true(axis.tick[k].at > axis.tick[k - 1].at);
            assert_string_not_equal(axis.tick[k].label, axis.tick[k - 1].label);
        }
    }
    sji_axis axis;
    sji_axis_numbers(&axis, 0.0, 0.0, 5, " %"); /* nothing to show: still an axis */
    assert_true(axis.high > axis.low);
    assert_string_equal(axis.tick[0].label, "0.0 %");
}

static void test_axis_of_dates(void **state)
{
    for (int months = 0; months < 400; months += 7) {
        sji_axis axis;
        sj_day first = sj_day_of(2015, 3, 14), last = first + (sj_day)(months * 30.44);
        sji_axis_dates(&axis, first, last, 300.0);
        assert_true(axis.high > axis.low && axis.n <= 8);
        for (int k = 0; k < axis.n; k++) {
            assert_true(sj_day_is_first((sj_day)axis.tick[k].at));
            assert_true(axis.tick[k].at >= axis.low && axis.tick[k].at <= axis.high);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote_is_literal),
        cmocka_unit_test(test_quote_takes_out_controls),
        cmocka_unit_test(test_quote_mends_utf8),
        cmocka_unit_test(test_quote_of_symbols),
        cmocka_unit_test(test_quote_of_all_pairs),
        cmocka_unit_test(test_script_quotes_through_q),
        cmocka_unit_test(test_fit_cuts_whole_characters),
        cmocka_unit_test(test_break_at_spaces),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_dates_and_names),
        cmocka_unit_test(test_axis_of_numbers),
        cmocka_unit_test(test_axis_of_dates),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
