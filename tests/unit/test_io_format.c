/**
 * @file test_io_format.c
 * @brief Numbers as text and back; suggestions. Usage: test_io_format [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "io/format.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_written(double value, const char *expected)
{
    char text[SJ_NUMBER_TEXT];
    assert_int_equal(sj_format_number(value, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void test_examples(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {14000, "14000"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e15, "1000000000000000"},
        {9007199254740991, "9007199254740991"},
        {9007199254740992, "9007199254740992"},
        {-9007199254740991, "-9007199254740991"},
        {1e16, "1e16"},
        {1.5e300, "1.5e300"},
        {1e22, "1e22"},
        {1e23, "1e23"},
        {123456.789, "123456.789"},
        {0.00012, "0.00012"},
        {0.00001, "0.00001"},
        {0.000001, "1e-6"},
        {-2.5e-7, "-2.5e-7"},
        {0.5, "0.5"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
        {1.0 / 3, "0.3333333333333333"},
        {2.0 / 3, "0.6666666666666666"},
        {9.5, "9.5"},
        {4503599627370495.5, "4503599627370495.5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_written(cases[i].value, cases[i].text);
    }
    assert_written(NAN, "NA");
    assert_written(INFINITY, "inf");
    assert_written(-INFINITY, "-inf");
}

/* Significant digits of a decimal text. */
static int n_digits(const char *text)
{
    int n = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && (n > 0 || *text != '0')) {
            n++;
            zeros = *text == '0' ? zeros + 1 : 0;
        }
    }
    return n - zeros;
}

/* Reads back the same, by both readers, and no %.17g with fewer digits does. */
static void check(double value)
{
    char text[SJ_NUMBER_TEXT], trial[40];
    double back = NAN;
    size_t length = sj_format_number(value, text);
    if (length != strlen(text) || length >= SJ_NUMBER_TEXT || !sj_parse_number(text, &back) ||
        back != value || strtod(text, NULL) != value) {
        fail_msg("%a became %s", value, text);
    }
    int fewer = n_digits(text) - 1;
    if (fewer >= 1 && value != 0.0) {
        (void)snprintf(trial, sizeof trial, "%.*e", fewer - 1, value);
        if (strtod(trial, NULL) == value) {
            fail_msg("%a became %s, but %s would do", value, text, trial);
        }
    }
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void test_round_trip(void **state)
{
    uint64_t seed = 1;
    for (int i = 0; i < 400000; i++) { /* all bit patterns, and numbers of a usual size */
        double value = double_of(sj_splitmix64(&seed));
        if (isfinite(value)) {
            check(value);
        }
        double u = (double)(sj_splitmix64(&seed) >> 11) * 0x1p-53;
        check(u);
        check(-u * 1e6);
        check(floor(u * 1e7) / 1e3);
        check(u * 1e-4);
    }
}

static void test_edges(void **state)
{
    for (int e = -1074; e <= 1023; e++) { /* where the gaps below and above differ */
        double power = ldexp(1.0, e);
        check(power);
        check(nextafter(power, 0.0));
        check(nextafter(power, INFINITY));
    }
    for (int e = -323; e <= 308; e++) {
        char text[16];
        (void)snprintf(text, sizeof text, "1e%d", e);
        double power = strtod(text, NULL);
        check(power);
        check(nextafter(power, 0.0));
        check(nextafter(power, INFINITY));
    }
    for (uint64_t bits = 1; bits < 3000; bits++) {
        check(double_of(bits));
    }
}

static void test_parse(void **state)
{
    static const char *const bad[] = {
        "",       " ",        "1 ",
        " 1",     "+1",       ".5",
        "5.",     "01",       "-",
        "1e",     "1e+",      "0x1",
        "nan",    "inf",      "NA",
        "1,5",    "1_0",      "1e999",
        "1e-999", "--1",      "1.2.3",
        "1e1.5",  "\xD9\xA1", "1234567890123456789012345678901234567890123456789012345678901234"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = 7;
        assert_false(sj_parse_number(bad[i], &value));
        assert_true(value == 7);
    }
    static const char *const good[] = {"0",
                                       "-0",
                                       "1",
                                       "1e5",
                                       "1E+05",
                                       "0.1e-3",
                                       "123456789012345678901234567890",
                                       "0.000000000000000000000000000000000000000000000000001",
                                       "9007199254740993",
                                       "9007199254740993.0000000000000001",
                                       "2.2250738585072011e-308",
                                       "4.9e-324",
                                       "179769313486231570000000000000000000000e270",
                                       "0e999"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = NAN;
        assert_true(sj_parse_number(good[i], &value));
        assert_true(value == strtod(good[i], NULL));
    }
}

static void test_parse_random(void **state)
{
    uint64_t seed = 2;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        uint64_t r = sj_splitmix64(&seed);
        (void)snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)(r >> (r % 60)),
                       (unsigned long long)(sj_splitmix64(&seed) >> (r % 50)), (int)(r % 60) - 30);
        double value;
        assert_true(sj_parse_number(text, &value));
        if (value != strtod(text, NULL)) {
            fail_msg("%s was read as %a", text, value);
        }
    }
}

/* Where the machine has one, a locale with a decimal comma changes nothing. */
static void test_locale(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "es_ES.UTF-8", "es_CO.UTF-8", "fr_FR.UTF-8"};
    char before[32];
    (void)snprintf(before, sizeof before, "%s", setlocale(LC_NUMERIC, NULL));
    bool is_found = false;
    for (size_t i = 0; !is_found && i < sizeof names / sizeof names[0]; i++) {
        is_found = setlocale(LC_NUMERIC, names[i]) != NULL;
    }
    double value;
    assert_written(1234.5, "1234.5");
    assert_written(1.5e-300, "1.5e-300");
    assert_written(1.234567e300, "1.234567e300");
    assert_true(sj_parse_number("1234.56789012345678901", &value) && value > 1234.5);
    assert_false(sj_parse_number("1234,5", &value));
    (void)setlocale(LC_NUMERIC, before);
    if (!is_found) {
        skip();
    }
}

static void test_suggest(void **state)
{
    static const char *const words[] = {"slots_per_day", "capacity", "calendar", "cap", "km"};
    static const struct {
        const char *word, *expected;
    } cases[] = {
        {"slot_per_day", "slots_per_day"},
        {"slots_per_dya", "slots_per_day"},
        {"capactiy", "capacity"},
        {"calender", "calendar"},
        {"kn", "km"},
        {"caps", "cap"},
        {"capacity", "capacity"},
        {"zzz", NULL},
        {"", NULL},
        {"population", NULL},
        {"slots", "slots_per_day"}, /* a whole part */
        {"slot", NULL},
        {"per_day", "slots_per_day"},
        {"day", NULL}, /* too short to tell */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *found = sj_suggest(cases[i].word, words, 5);
        if (cases[i].expected == NULL) {
            assert_null(found);
        } else {
            assert_non_null(found);
            assert_string_equal(found, cases[i].expected);
        }
    }
    static const char *const tied[] = {"aab", "aac"};
    assert_string_equal(sj_suggest("aaa", tied, 2), "aab"); /* ties by order */
    assert_null(sj_suggest("abc", NULL, 0));
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(sj_suggest(longest, words, 5));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),     cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_edges),        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_random), cmocka_unit_test(test_locale),
        cmocka_unit_test(test_suggest),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
