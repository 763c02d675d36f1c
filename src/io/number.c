#include "io/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/format.h"

static const double power_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(const char *text, size_t length, size_t at)
{
    while (at < length && is_digit(text[at])) {
        at++;
    }
    return at;
}

size_t sji_number_length(const char *text, size_t length)
{
    size_t at = length > 0 && text[0] == '-' ? 1 : 0;
    size_t end = skip_digits(text, length, at);
    if (end == at || (text[at] == '0' && end > at + 1)) {
        return 0;
    }
    if (end < length && text[end] == '.') {
        at = end + 1;
        end = skip_digits(text, length, at);
        if (end == at) {
            return 0;
        }
    }
    if (end < length && (text[end] == 'e' || text[end] == 'E')) {
        at = end + 1;
        at += at < length && (text[at] == '+' || text[at] == '-') ? 1 : 0;
        end = skip_digits(text, length, at);
        if (end == at) {
            return 0;
        }
    }
    return end;
}

/* A number taken apart: sign, its digits without leading zeros and point, a power of ten. */
typedef struct parts {
    bool is_negative;
    char digits[SJI_NUMBER_LONGEST + 16]; /* room for "e-100000" behind them */
    int n;
    int exponent;
} parts;

static int read_exponent(const char *text, size_t length, size_t at)
{
    bool is_negative = text[at] == '-';
    at += text[at] == '-' || text[at] == '+' ? 1 : 0;
    int exponent = 0;
    for (; at < length; at++) {
        exponent = exponent < 10000 ? 10 * exponent + (text[at] - '0') : exponent;
    }
    return is_negative ? -exponent : exponent;
}

static void take_apart(parts *p, const char *text, size_t length)
{
    bool after_point = false;
    p->is_negative = text[0] == '-';
    p->n = 0;
    p->exponent = 0;
    for (size_t at = p->is_negative ? 1 : 0; at < length; at++) {
        if (text[at] == '.') {
            after_point = true;
        } else if (text[at] == 'e' || text[at] == 'E') {
            p->exponent += read_exponent(text, length, at + 1);
            break;
        } else {
            p->exponent -= after_point ? 1 : 0;
            if (p->n > 0 || text[at] != '0') {
                p->digits[p->n++] = text[at];
            }
        }
    }
}

/* Whole digits up to 2^53 times or by an exact power of ten: one rounding, so exact (Clinger 1990).
 */
static bool value_fast(const parts *p, double *out)
{
    if (p->n > 16 || p->exponent < -22 || p->exponent > 22) {
        return false;
    }
    uint64_t whole = 0;
    for (int i = 0; i < p->n; i++) {
        whole = 10 * whole + (uint64_t)(p->digits[i] - '0');
    }
    if (whole > UINT64_C(9007199254740992)) {
        return false;
    }
    *out = p->exponent < 0 ? (double)whole / power_of_ten[-p->exponent]
                           : (double)whole * power_of_ten[p->exponent];
    return true;
}

/* strtod() of digits and an exponent: no point, so no locale. */
static double value_slow(parts *p)
{
    (void)snprintf(p->digits + p->n, sizeof p->digits - (size_t)p->n, "e%d", p->exponent);
    return strtod(p->digits, NULL);
}

bool sji_number_value(const char *text, size_t length, double *out)
{
    parts p;
    take_apart(&p, text, length);
    double value = 0.0;
    if (p.n > 0 && !value_fast(&p, &value)) {
        value = value_slow(&p);
    }
    if (!isfinite(value) || (value == 0.0 && p.n > 0)) {
        return false;
    }
    *out = p.is_negative ? -value : value;
    return true;
}

bool sj_parse_number(const char *text, double *out)
{
    size_t length = strlen(text);
    return length > 0 && length <= SJI_NUMBER_LONGEST &&
           sji_number_length(text, length) == length && sji_number_value(text, length, out);
}
