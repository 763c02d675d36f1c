#include "report/texts.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"

enum { REPLACEMENT = 0xFFFD };

/* Bytes of the character that starts at *text, 1 for a byte that starts none; its code point. */
static size_t decode(const char *text, uint32_t *code)
{
    const unsigned char *byte = (const unsigned char *)text;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = 1;
    *code = byte[0];
    if (byte[0] < 0x80) {
        return 1;
    }
    if (byte[0] >= 0xC2 && byte[0] <= 0xF4) {
        n = byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
        *code = byte[0] & (0xFFu >> (n + 1));
    }
    for (size_t i = 1; i < n; i++) {
        if ((byte[i] & 0xC0) != 0x80) {
            n = 1;
            break;
        }
        *code = *code << 6 | (byte[i] & 0x3F);
    }
    if (n == 1 || *code < least[n] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000)) {
        *code = REPLACEMENT;
        return 1;
    }
    return n;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

/* What XML 1.0 (the SVG) and pango cannot take. */
static bool is_forbidden(uint32_t code)
{
    return code == REPLACEMENT || (code & 0xFFFE) == 0xFFFE;
}

static bool is_symbol(uint32_t code)
{
    return code >= 0x10000;
}

static bool has_symbols(const char *text)
{
    uint32_t code = 0;
    for (; *text != '\0' && !is_symbol(code); text += decode(text, &code)) {
        (void)decode(text, &code);
    }
    return is_symbol(code);
}

static void put_literal(sj_str *out, const char *text, bool with_symbols)
{
    sj_str_add(out, "'");
    for (const char *at = text; *at != '\0';) {
        uint32_t code;
        size_t n = decode(at, &code);
        if (is_control(code)) {
            sj_str_add(out, " ");
        } else if (is_forbidden(code)) {
            sj_str_add(out, "\xEF\xBF\xBD");
        } else if (code == '\'') {
            sj_str_add(out, "''");
        } else if (is_symbol(code) && !with_symbols) {
            sj_str_add(out, "\xE2\x96\xAF"); /* a white box, U+25AF */
        } else {
            sj_str_add_n(out, at, n);
        }
        at += n;
    }
    sj_str_add(out, "'");
}

void sji_words_quote(sj_str *out, const char *text)
{
    text = text == NULL ? "" : text;
    bool is_plain = !has_symbols(text);
    sj_str_add(out, is_plain ? "" : "(symbols ? ");
    put_literal(out, text, true);
    if (!is_plain) {
        sj_str_add(out, " : ");
        put_literal(out, text, false);
        sj_str_add(out, ")");
    }
}

static double em_of_ascii(uint32_t code)
{
    if (strchr("ijl'|!", (int)code) != NULL) {
        return 0.32;
    }
    if (strchr(" .,:;()[]frtI-/", (int)code) != NULL) {
        return 0.40;
    }
    if (strchr("mwMWQO@%&", (int)code) != NULL) {
        return 0.90;
    }
    return code >= 'A' && code <= 'Z' ? 0.70 : 0.63;
}

static double em_of(uint32_t code)
{
    if (code < 0x80) {
        return is_control(code) ? 0.40 : em_of_ascii(code);
    }
    if ((code >= 0x300 && code < 0x370) || (code >= 0x200B && code < 0x2010) ||
        (code >= 0xFE00 && code < 0xFE10) || (code >= 0x202A && code < 0x202F)) {
        return 0.0;
    }
    if (code >= 0x1F000) {
        return 1.35;
    }
    return code >= 0x1100 && code < 0xFB00 && !(code >= 0x1E00 && code < 0x2600) ? 1.0 : 0.65;
}

double sji_words_em(const char *text)
{
    double em = 0.0;
    uint32_t code;
    for (const char *at = text; *at != '\0'; at += decode(at, &code)) {
        (void)decode(at, &code);
        em += em_of(code);
    }
    return em;
}

/* Bytes of the longest beginning of whole characters that is at most `em` wide. */
static size_t fitting(const char *text, double em)
{
    size_t n = 0;
    double used = 0.0;
    while (text[n] != '\0') {
        uint32_t code;
        size_t step = decode(text + n, &code);
        used += em_of(code);
        if (used > em) {
            break;
        }
        n += step;
    }
    return n;
}

void sji_words_fit(sj_str *out, const char *text, double em)
{
    size_t n = fitting(text, em);
    if (text[n] == '\0') {
        sj_str_add(out, text);
        return;
    }
    n = fitting(text, em - 1.0);
    while (n > 0 && text[n - 1] == ' ') {
        n--;
    }
    sj_str_add_n(out, text, n);
    sj_str_add(out, "\xE2\x80\xA6");
}

size_t sji_words_break(const char *text, double em)
{
    size_t n = fitting(text, em), at = n;
    if (text[n] == '\0' || text[n] == ' ') {
        return n;
    }
    while (at > 0 && text[at - 1] != ' ') {
        at--;
    }
    return at > 0 ? at : n > 0 ? n : strlen(text);
}

void sji_words_decimal(sj_str *out, double value, int digits)
{
    if (!isfinite(value) || fabs(value) >= 1e15) {
        sj_str_add(out, isnan(value) ? "NA" : value > 0 ? "\xE2\x88\x9E" : "-\xE2\x88\x9E");
        return;
    }
    int64_t unit = 1;
    for (int i = 0; i < digits; i++) {
        unit *= 10;
    }
    int64_t scaled = llround(fabs(value) * (double)unit), whole = scaled / unit;
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)whole);
    if (value < 0 && scaled != 0) {
        sj_str_add(out, "-");
    }
    for (int i = 0; i < n; i++) {
        sj_str_add_n(out, text + i, 1);
        if ((n - 1 - i) % 3 == 0 && i + 1 < n) {
            sj_str_add(out, ",");
        }
    }
    if (digits > 0) {
        sj_str_printf(out, ".%0*lld", digits, (long long)(scaled % unit));
    }
}

void sji_words_count(sj_str *out, double value)
{
    sji_words_decimal(out, value, 0);
}

void sji_words_stem(sj_str *out, const char *text)
{
    for (size_t i = 0; text[i] != '\0' && i < 60; i++) {
        char c = text[i];
        bool keep =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        sj_str_add_n(out, keep ? &text[i] : "_", 1);
    }
}

void sji_words_of_id(sj_str *out, const char *id)
{
    for (; *id != '\0'; id++) {
        sj_str_add_n(out, *id == '-' || *id == '_' ? " " : id, 1);
    }
}

static const char *month_name(int month)
{
    static const char *const name[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return name[month - 1];
}

void sji_words_month(sj_str *out, int day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    sj_str_printf(out, "%s %d", month_name(month), year);
}

void sji_words_day(sj_str *out, int day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    sj_str_printf(out, "%d %s %d", day_of_month, month_name(month), year);
}
