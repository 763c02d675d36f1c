#include "io/format.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

/* digits x 10^exponent; digits do not end in 0. */
typedef struct decimal {
    uint64_t digits;
    int exponent;
} decimal;

enum { LEAST_EXACT_EXPONENT = -16 };

static const uint64_t power_of_ten[] = {
    UINT64_C(1),         UINT64_C(10),         UINT64_C(100),         UINT64_C(1000),
    UINT64_C(10000),     UINT64_C(100000),     UINT64_C(1000000),     UINT64_C(10000000),
    UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000)};

static wide wide_power(int exponent)
{
    int half = exponent / 2;
    return (wide)power_of_ten[half] * power_of_ten[exponent - half];
}

/* The whole numbers [low, high] that read back as the value, scaled; `centre` and `rest` (a
 * fraction of 2^shift) are the value itself. */
typedef struct interval {
    uint64_t low, high, centre;
    wide rest;
    int shift, scale;
} interval;

/* For 2^-16 <= value < 2^53: all products fit in 128 bits, so every bound is exact. */
static interval exact_interval(double value)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &exponent), DBL_MANT_DIG);
    exponent -= DBL_MANT_DIG;
    int magnitude = (int)floor((exponent + DBL_MANT_DIG - 1) * 0.30102999566398120);
    interval in = {.shift = 2 - exponent, .scale = 16 - magnitude};
    wide power = wide_power(in.scale);
    wide fraction = ((wide)1 << in.shift) - 1;
    bool is_lowest = mantissa == (UINT64_C(1) << (DBL_MANT_DIG - 1)); /* the gap below is half */
    wide lower = (wide)(4 * mantissa - (is_lowest ? 1 : 2)) * power;
    wide centre = (wide)(4 * mantissa) * power;
    wide upper = (wide)(4 * mantissa + 2) * power;
    bool takes_ties = mantissa % 2 == 0; /* reading rounds halves to even */
    in.low = (uint64_t)(lower >> in.shift) + ((lower & fraction) == 0 && takes_ties ? 0 : 1);
    in.high = (uint64_t)(upper >> in.shift) - ((upper & fraction) == 0 && !takes_ties ? 1 : 0);
    in.centre = (uint64_t)(centre >> in.shift);
    in.rest = centre & fraction;
    return in;
}

/* Nearest multiple of `step` to the value that lies in the interval; there is one. */
static uint64_t nearest_multiple(const interval *in, uint64_t step)
{
    uint64_t below = in->centre / step * step;
    uint64_t twice = 2 * (in->centre - below);
    wide half = (wide)1 << (in->shift - 1);
    bool is_up = step == 1 ? in->rest > half : twice > step || (twice == step && in->rest > 0);
    bool is_tie = step == 1 ? in->rest == half : twice == step && in->rest == 0;
    if (is_tie) {
        is_up = below / step % 2 == 1;
    }
    if (is_up ? below + step > in->high : below < in->low) {
        is_up = !is_up;
    }
    return is_up ? below + step : below;
}

/* Fewest digits by exact arithmetic (the interval of Steele and White 1990, as in Ryu). */
static decimal shortest_exact(double value)
{
    interval in = exact_interval(value);
    uint64_t step = 1;
    int dropped = 0;
    while (in.high / (10 * step) * (10 * step) >= in.low) {
        step *= 10;
        dropped++;
    }
    return (decimal){nearest_multiple(&in, step) / step, dropped - in.scale};
}

static decimal read_scientific(const char *text)
{
    decimal d = {0};
    int decimals = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            d.digits = 10 * d.digits + (uint64_t)(*at - '0');
            decimals++;
        }
    }
    d.exponent = (int)strtol(at + 1, NULL, 10) - (decimals - 1);
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

static double decimal_value(decimal d)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%llue%d", (unsigned long long)d.digits, d.exponent);
    return strtod(text, NULL);
}

/* Fewest digits by trial, for the very large and the very small. */
static decimal shortest_by_trial(double value)
{
    decimal d = {0};
    for (int n = value < DBL_MIN ? 1 : 15; n <= 17; n++) {
        char text[48];
        (void)snprintf(text, sizeof text, "%.*e", n - 1, value);
        d = read_scientific(text);
        if (decimal_value(d) == value) {
            break;
        }
    }
    return d;
}

static size_t write_whole(uint64_t value, char *out)
{
    char reversed[24];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < n; i++) {
        out[i] = reversed[n - 1 - i];
    }
    out[n] = '\0';
    return n;
}

static size_t write_scientific(const char *digits, size_t n, int exponent, char *out)
{
    size_t length = 0;
    out[length++] = digits[0];
    if (n > 1) {
        out[length++] = '.';
        memcpy(out + length, digits + 1, n - 1);
        length += n - 1;
    }
    out[length++] = 'e';
    if (exponent < 0) {
        out[length++] = '-';
    }
    return length + write_whole((uint64_t)abs(exponent), out + length);
}

/* 0.00001 to below 10^16 in positions, all else with an exponent. */
static size_t write_decimal(decimal d, char *out)
{
    char digits[24];
    size_t n = write_whole(d.digits, digits), length = 0;
    int point = (int)n + d.exponent; /* digits before the point */
    if (point < -4 || point > 16) {
        return write_scientific(digits, n, point - 1, out);
    }
    if (point <= 0) {
        memcpy(out, "0.0000", 6);
        length = 2 + (size_t)-point;
        memcpy(out + length, digits, n);
        length += n;
    } else if (d.exponent >= 0) {
        memcpy(out, digits, n);
        memset(out + n, '0', (size_t)d.exponent);
        length = (size_t)point;
    } else {
        memcpy(out, digits, (size_t)point);
        out[point] = '.';
        memcpy(out + point + 1, digits + point, n - (size_t)point);
        length = n + 1;
    }
    out[length] = '\0';
    return length;
}

static size_t write_special(double value, char *out)
{
    const char *text = isnan(value) ? "NA" : value > 0.0 ? "inf" : "-inf";
    memcpy(out, text, strlen(text) + 1);
    return strlen(text);
}

size_t sj_format_number(double value, char out[SJ_NUMBER_TEXT])
{
    if (!isfinite(value)) {
        return write_special(value, out);
    }
    double size = fabs(value);
    size_t sign = value < 0.0 ? 1 : 0;
    out[0] = '-';
    if (size < 0x1p53 && size == (double)(uint64_t)size) {
        return sign + write_whole((uint64_t)size, out + sign);
    }
    bool is_exact = size >= ldexp(1.0, LEAST_EXACT_EXPONENT) && size < 0x1p53;
    return sign +
           write_decimal(is_exact ? shortest_exact(size) : shortest_by_trial(size), out + sign);
}

enum { WORD_LONGEST = 64 };

/* Optimal string alignment distance, or limit + 1 where it is larger. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b, size_t limit)
{
    size_t row[3][WORD_LONGEST + 1];
    size_t *before = row[0], *last = row[1], *now = row[2];
    for (size_t j = 0; j <= n_b; j++) {
        before[j] = last[j] = j;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t least = now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t best = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
            least = best < least ? best : least;
        }
        if (least > limit) {
            return limit + 1;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[n_b];
}

enum { PART_SHORTEST = 4 };

static bool is_joint(char c)
{
    return c == '\0' || c == '-' || c == '_';
}

/* The shortest word of which the given one is a whole part: queue of queue_length. */
static const char *word_with_part(const char *part, const char *const words[], size_t n)
{
    size_t length = strlen(part);
    const char *found = NULL;
    for (size_t i = 0; i < n && length >= PART_SHORTEST; i++) {
        const char *at = strstr(words[i], part);
        bool is_part = at != NULL && is_joint(at[length]) && (at == words[i] || is_joint(at[-1]));
        if (is_part && (found == NULL || strlen(words[i]) < strlen(found))) {
            found = words[i];
        }
    }
    return found;
}

const char *sj_suggest(const char *word, const char *const words[], size_t n)
{
    size_t length = strlen(word);
    if (length > WORD_LONGEST) {
        return NULL;
    }
    size_t limit = length / 3 > 1 ? length / 3 : 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < n && limit > 0; i++) {
        size_t other = strlen(words[i]);
        size_t gap = other > length ? other - length : length - other;
        if (gap > limit || other > WORD_LONGEST) {
            continue;
        }
        size_t found = distance(word, length, words[i], other, limit);
        if (found <= limit) {
            nearest = words[i];
            limit = found > 0 ? found - 1 : 0;
        }
    }
    return nearest != NULL ? nearest : word_with_part(word, words, n);
}
