#include <stdint.h>
#include <string.h>

#include "io/number.h"
#include "io/scanner.h"

static size_t bytes_left(const scanner *s)
{
    return s->text->length - s->at;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits after \u, -1 where they are not. */
static int32_t hex_unit(const char *text, size_t length)
{
    int32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = i < length ? hex_value(text[i]) : -1;
        if (digit < 0) {
            return -1;
        }
        unit = 16 * unit + digit;
    }
    return unit;
}

static bool is_high(int32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* \uXXXX, or two of them for a character beyond U+FFFF; moves behind it. */
static void scan_unicode_escape(scanner *s)
{
    const char *at = s->text->text + s->at;
    int32_t unit = hex_unit(at + 2, bytes_left(s) - 2);
    int32_t second = -1;
    if (unit >= 0 && bytes_left(s) >= 8 && at[6] == '\\' && at[7] == 'u') {
        second = hex_unit(at + 8, bytes_left(s) - 8);
    }
    if (unit < 0) {
        (void)scan_fail(s, SJ_E_SYNTAX, scan_spot(s, s->at), 2, "",
                        "\\u takes four hexadecimal digits");
        s->at += 2;
        return;
    }
    if (unit == 0) {
        (void)scan_fail(s, SJ_E_ENCODING, scan_spot(s, s->at), 6, "remove it", "NUL in a text");
    } else if (is_low(unit) || (is_high(unit) && !is_low(second))) {
        (void)scan_fail(s, SJ_E_ENCODING, scan_spot(s, s->at), 6,
                        "characters beyond U+FFFF take two escapes, high then low",
                        "half of a surrogate pair in a text");
    }
    s->at += is_high(unit) && is_low(second) ? 12 : 6;
}

static void scan_escape(scanner *s)
{
    char c = bytes_left(s) > 1 ? s->text->text[s->at + 1] : '\0';
    if (c == 'u') {
        scan_unicode_escape(s);
        return;
    }
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) {
        (void)scan_fail(s, SJ_E_SYNTAX, scan_spot(s, s->at), 2,
                        "a backslash itself is written \\\\", "unknown escape in a text");
    }
    s->at += (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 ? 2 : 1;
}

/* A byte that may not stand in a text as it is; false where the text must have ended. */
static bool scan_odd_byte(scanner *s, sji_spot opened, bool *is_reported)
{
    unsigned char byte = (unsigned char)s->text->text[s->at];
    if (byte == '\n' || byte == '\r') {
        return scan_fail(s, SJ_E_SYNTAX, opened, 1,
                         "a double quote is missing in this line (a line break is written \\n)",
                         "a text does not end in its line");
    }
    if (*is_reported) {
        s->at++;
        return true;
    }
    *is_reported = true;
    if (byte == 0) {
        (void)scan_fail(s, SJ_E_ENCODING, scan_spot(s, s->at), 1, "remove it", "NUL in a text");
    } else if (byte < 0x20) {
        (void)scan_fail(s, SJ_E_SYNTAX, scan_spot(s, s->at), 1,
                        byte == '\t' ? "a tab is written \\t" : "",
                        "control character U+%04X in a text", byte);
    } else {
        (void)scan_fail(s, SJ_E_ENCODING, scan_spot(s, s->at), 1, "save the file as UTF-8",
                        "byte 0x%02X is not UTF-8", byte);
    }
    s->at++;
    return true;
}

bool scan_text(scanner *s, scan_result *found)
{
    sji_spot opened = scan_spot(s, s->at);
    bool is_reported = false;
    *found = (scan_result){.first = ++s->at};
    while (bytes_left(s) > 0 && s->text->text[s->at] != '"') {
        unsigned char byte = (unsigned char)s->text->text[s->at];
        size_t size = sji_utf8_size(s->text->text + s->at, bytes_left(s));
        if (byte == '\\') {
            found->has_escape = true;
            scan_escape(s);
        } else if (byte < 0x20 || size == 0) {
            if (!scan_odd_byte(s, opened, &is_reported)) {
                return false;
            }
        } else {
            s->at += size;
        }
    }
    if (bytes_left(s) == 0) {
        return scan_fail(s, SJ_E_SYNTAX, opened, 1, "its closing double quote is missing",
                         "the file ends inside a text");
    }
    found->last = s->at++;
    return true;
}

static size_t put_utf8(char *out, int32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const int lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[size] | code);
    return size;
}

/* Unescape what stands at text[0] == '\\'; bytes taken, bytes written in *n. Faults were reported
 * before: they become "?". */
static size_t unescape_one(const char *text, size_t length, char *out, size_t *n)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    if (length < 2) {
        *n = 0;
        return length;
    }
    if (text[1] != 'u') {
        const char *known = strchr(from, text[1]);
        out[0] = known != NULL && text[1] != '\0' ? to[known - from] : text[1];
        *n = 1;
        return 2;
    }
    int32_t code = hex_unit(text + 2, length - 2);
    size_t taken = code < 0 ? 2 : 6;
    if (is_high(code) && length >= 12 && is_low(hex_unit(text + 8, 4))) {
        code = 0x10000 + ((code - 0xD800) << 10) + (hex_unit(text + 8, 4) - 0xDC00);
        taken = 12;
    }
    *n = put_utf8(out, code <= 0 || is_high(code) || is_low(code) ? '?' : code);
    return taken;
}

const char *scan_unescape(scanner *s, const scan_result *found, size_t *length)
{
    const char *text = s->text->text + found->first;
    *length = found->last - found->first;
    if (!found->has_escape) {
        return text;
    }
    s->arena = s->arena != NULL ? s->arena : sj_arena_new();
    char *out = s->arena == NULL ? NULL : sj_arena_calloc(s->arena, *length + 1, 1);
    if (out == NULL) {
        s->no_memory = true;
        return NULL;
    }
    size_t n = 0;
    for (size_t at = 0; at < *length;) {
        size_t written = 1;
        if (text[at] != '\\') {
            out[n] = text[at++];
        } else {
            at += unescape_one(text + at, *length - at, out + n, &written);
        }
        n += written;
    }
    *length = n;
    return out;
}

static size_t run_of(const scanner *s, const char *allowed)
{
    size_t n = 0;
    while (n < bytes_left(s) && s->text->text[s->at + n] != '\0' &&
           strchr(allowed, s->text->text[s->at + n]) != NULL) {
        n++;
    }
    return n;
}

static bool fail_number(scanner *s, size_t length)
{
    const char *text = s->text->text + s->at;
    char shown[SJI_SHOWN];
    sji_show(shown, sizeof shown, text, length);
    size_t digits = text[0] == '-' ? 1 : 0;
    const char *hint = "";
    if (length > digits + 1 && text[digits] == '0' && strchr("0123456789", text[digits + 1])) {
        hint = "no 0 may stand before other digits; a date or code is a text in double quotes";
    } else if (memchr(text, '.', length) != NULL) {
        hint = "digits stand on both sides of a point, such as 0.5";
    } else if (length == 1 && text[0] == '-') {
        hint = "digits follow a minus sign; Infinity is no number in JSON";
    }
    return scan_fail(s, SJ_E_SYNTAX, scan_spot(s, s->at), (int)length, hint,
                     "\"%s\" is not a number of JSON", shown);
}

bool scan_number(scanner *s)
{
    const char *text = s->text->text + s->at;
    size_t run = run_of(s, "0123456789.eE+-");
    size_t length = sji_number_length(text, bytes_left(s));
    double value;
    if (length == 0 || length != run) {
        return fail_number(s, run);
    }
    if (length > SJI_NUMBER_LONGEST) {
        (void)scan_fail(s, SJ_E_NUMBER_RANGE, scan_spot(s, s->at), (int)length,
                        "17 digits are all that a number can hold",
                        "a number of more than %d characters", SJI_NUMBER_LONGEST);
    } else if (!sji_number_value(text, length, &value)) {
        (void)scan_fail(s, SJ_E_NUMBER_RANGE, scan_spot(s, s->at), (int)length,
                        "numbers lie between 1e-308 and 1e308, or are 0",
                        "number %.*s cannot be represented", (int)length, text);
    }
    s->at += length;
    return true;
}

bool scan_word(scanner *s)
{
    static const char *const words[] = {"true", "false", "null"};
    size_t run = run_of(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (run == strlen(words[i]) && memcmp(s->text->text + s->at, words[i], run) == 0) {
            s->at += run;
            return true;
        }
    }
    return scan_unexpected(s, "a value");
}
