#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/scanner.h"
#include "io/tree.h"

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* JSON pointer of the value that is being read. */
static void write_pointer(const scanner *s, char *pointer, size_t size)
{
    pointer[0] = '\0';
    for (int i = 0; i < s->depth; i++) {
        const scan_frame *frame = &s->frames[i];
        char segment[128];
        if (!frame->is_object) {
            (void)snprintf(segment, sizeof segment, "%zu", frame->index);
        } else if (i + 1 == s->depth || frame->key.text == NULL) {
            break; /* the object itself: the fault may lie before or behind the key */
        } else {
            sji_show(segment, sizeof segment, frame->key.text, frame->key.length);
        }
        sj_pointer_append(pointer, size, segment);
    }
}

bool scan_fail(scanner *s, sj_status status, sji_spot spot, int length, const char *hint,
               const char *fmt, ...)
{
    char text[400], pointer[sizeof((sj_err *)0)->where];
    if (s->problems->n >= s->first_problem + SJI_SCAN_PROBLEMS) {
        return false;
    }
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    write_pointer(s, pointer, sizeof pointer);
    sj_err err;
    (void)sj_err_set(&err, status, pointer, "%s", text);
    (void)snprintf(err.hint, sizeof err.hint, "%s", hint);
    sji_err_place(&err, s->text, spot, length);
    sj_problems_add(s->problems, &err);
    return false;
}

typedef struct slip {
    const char *begins; /* the text at the fault */
    const char *hint;
} slip;

static const slip slips[] = {
    {"'", "texts and keys stand in double quotes"},
    {"\xE2\x80\x9C", "typographic quotes: texts and keys stand in plain double quotes"},
    {"\xE2\x80\x9D", "typographic quotes: texts and keys stand in plain double quotes"},
    {"\xC2\xA0", "a no-break space: replace it by a plain one"},
    {"//", "JSON has no comments; write them under the key \"notes\""},
    {"/*", "JSON has no comments; write them under the key \"notes\""},
    {"#", "JSON has no comments; write them under the key \"notes\""},
    {"True", "write true"},
    {"False", "write false"},
    {"None", "write null"},
    {"NaN", "NaN is no number in JSON; leave the key out"},
    {"nan", "NaN is no number in JSON; leave the key out"},
    {"Inf", "Infinity is no number in JSON; leave the key out"},
    {"inf", "Infinity is no number in JSON; leave the key out"},
    {"=", "a colon stands between key and value"},
    {";", "a comma stands between members"},
    {"+", "a number has no plus sign"},
    {".", "digits stand on both sides of a point, such as 0.5"},
    {",", "a value is missing before this comma, or the comma is one too many"},
};

static const char *slip_hint(const scanner *s)
{
    const char *at = s->text->text + s->at;
    size_t left = s->text->length - s->at;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        size_t length = strlen(slips[i].begins);
        if (left >= length && memcmp(at, slips[i].begins, length) == 0) {
            return slips[i].hint;
        }
    }
    return "";
}

/* Hints that depend on what was expected. */
static const char *context_hint(const scanner *s, const char *expected)
{
    unsigned char c = (unsigned char)s->text->text[s->at];
    bool begins_value = c != '\0' && (is_letter(c) || is_digit(c) || strchr("\"{[-", c) != NULL);
    if (strncmp(expected, "\",\"", 3) == 0 && begins_value) {
        return "a comma is missing before this";
    }
    if (strncmp(expected, "a key", 5) == 0 && is_letter(c)) {
        return "keys stand in double quotes";
    }
    bool behind_comma = s->at > 0 && s->text->text[s->at - 1] == ',';
    if (strncmp(expected, "a key", 5) == 0 && is_digit(c) && behind_comma) {
        return SJI_THOUSANDS_HINT;
    }
    if (strncmp(expected, "a value", 7) == 0 && is_letter(c)) {
        return "texts stand in double quotes";
    }
    if (strncmp(expected, "the end", 7) == 0) {
        return "a bracket too many, or a second document";
    }
    return "";
}

static bool fail_at_end(scanner *s, const char *expected)
{
    char hint[96] = "";
    if (s->depth > 0) {
        const scan_frame *frame = &s->frames[s->depth - 1];
        (void)snprintf(hint, sizeof hint, "the \"%c\" of line %d, column %d is not closed",
                       frame->is_object ? '{' : '[', frame->opened.line, frame->opened.column);
    }
    return scan_fail(s, SJ_E_SYNTAX, scan_spot(s, s->at), 1, hint,
                     "the text ends where %s should stand", expected);
}

/* Length in bytes of the word or character at the fault. */
static size_t fault_length(const scanner *s)
{
    const char *at = s->text->text + s->at;
    size_t left = s->text->length - s->at, n = 0;
    while (n < left && n < 40 &&
           (is_letter((unsigned char)at[n]) || is_digit((unsigned char)at[n]))) {
        n++;
    }
    return n > 0 ? n : sji_utf8_size(at, left);
}

bool scan_unexpected(scanner *s, const char *expected)
{
    if (s->at >= s->text->length) {
        return fail_at_end(s, expected);
    }
    size_t length = fault_length(s);
    const char *at = s->text->text + s->at;
    sji_spot spot = scan_spot(s, s->at);
    if (length == 0) {
        return scan_fail(s, SJ_E_ENCODING, spot, 1, "save the file as UTF-8",
                         "byte 0x%02X is not UTF-8", (unsigned)(unsigned char)at[0]);
    }
    if ((unsigned char)at[0] < 0x20) {
        return scan_fail(s, at[0] == '\0' ? SJ_E_ENCODING : SJ_E_SYNTAX, spot, 1, "",
                         "control character U+%04X where %s should stand",
                         (unsigned)(unsigned char)at[0], expected);
    }
    const char *hint = slip_hint(s);
    if (hint[0] == '\0') {
        hint = context_hint(s, expected);
    }
    if (at[0] == '"') {
        return scan_fail(s, SJ_E_SYNTAX, spot, 1, hint, "a text stands where %s should stand",
                         expected);
    }
    char shown[SJI_SHOWN];
    sji_show(shown, sizeof shown, at, length);
    return scan_fail(s, SJ_E_SYNTAX, spot, sji_characters(at, length), hint,
                     "\"%s\" stands where %s should stand", shown, expected);
}
