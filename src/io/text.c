#include "io/text.h"

#include <stdio.h>
#include <string.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Second byte of a character of three or four: excludes overlong forms, surrogates, > U+10FFFF. */
static bool is_second(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return is_continuation(second);
    }
}

size_t sji_utf8_size(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (length == 0) {
        return 0;
    }
    if (byte[0] < 0x80) {
        return 1;
    }
    size_t size = byte[0] >= 0xF0 ? 4 : byte[0] >= 0xE0 ? 3 : 2;
    if (byte[0] < 0xC2 || byte[0] > 0xF4 || length < size || !is_second(byte[0], byte[1])) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if (!is_continuation(byte[i])) {
            return 0;
        }
    }
    return size;
}

size_t sji_utf8_valid(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t size = sji_utf8_size(text + at, length - at);
        if (size == 0) {
            break;
        }
        at += size;
    }
    return at;
}

size_t sji_bom_size(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

void sji_spot_move(sji_spot *spot, const char *text, size_t to)
{
    for (; spot->at < to; spot->at++) {
        if (text[spot->at] == '\n') {
            spot->line++;
            spot->column = 1;
        } else if (!is_continuation((unsigned char)text[spot->at])) {
            spot->column++;
        }
    }
}

int sji_characters(const char *text, size_t length)
{
    int n = 0;
    for (size_t i = 0; i < length; i++) {
        n += is_continuation((unsigned char)text[i]) ? 0 : 1;
    }
    return n;
}

/* Copies as much as fits, character by character; returns the bytes of `text` that were taken. */
static size_t copy_shown(char *out, size_t size, const char *text, size_t length)
{
    size_t n = 0, at = 0;
    while (at < length) {
        size_t bytes = sji_utf8_size(text + at, length - at);
        unsigned char byte = (unsigned char)text[at];
        bool is_plain = bytes > 0 && byte >= 0x20 && byte != 0x7F &&
                        !(bytes == 2 && byte == 0xC2 && (unsigned char)text[at + 1] < 0xA0);
        size_t need = is_plain ? bytes : 1;
        if (n + need + 1 > size) {
            break;
        }
        if (is_plain) {
            memcpy(out + n, text + at, bytes);
        } else {
            out[n] = byte == '\t' ? ' ' : '?';
        }
        n += need;
        at += bytes > 0 ? bytes : 1;
    }
    out[n] = '\0';
    return at;
}

void sji_show(char *out, size_t size, const char *text, size_t length)
{
    if (copy_shown(out, size, text, length) < length) {
        (void)copy_shown(out, size - 3, text, length);
        memcpy(out + strlen(out), "...", 4);
    }
}

/* The hint of a place far to the right in a long line: what stands there, then the old hint. */
static void hint_nearby(sj_err *err, const char *at, size_t length)
{
    char shown[SJI_SHOWN], hint[181];
    sji_show(shown, sizeof shown, at, length);
    (void)snprintf(hint, sizeof hint, "%.180s", err->hint);
    (void)snprintf(err->hint, sizeof err->hint, "at `%s`%s%s", shown, hint[0] == '\0' ? "" : ": ",
                   hint);
}

/* The line around a byte, as far as an excerpt can reach: a very long line costs nothing. */
static void find_line(const sji_text *text, size_t at, size_t *first, size_t *last)
{
    enum { REACH = 4 * sizeof((sj_err *)0)->excerpt };
    size_t low = at > REACH ? at - REACH : 0;
    size_t high = text->length - at > REACH ? at + REACH : text->length;
    *first = *last = at;
    while (*first > low && text->text[*first - 1] != '\n') {
        --*first;
    }
    while (*last < high && text->text[*last] != '\n' && text->text[*last] != '\r') {
        ++*last;
    }
    if (*first == 0) {
        *first = sji_bom_size(text->text, *last);
    }
}

void sji_err_place(sj_err *err, const sji_text *text, sji_spot spot, int length)
{
    size_t first, last;
    (void)snprintf(err->source, sizeof err->source, "%s", text->name);
    err->line = spot.line;
    err->column = spot.column;
    err->length = length > 0 ? length : 1;
    err->excerpt[0] = '\0';
    if (text->text == NULL || spot.line <= 0 || spot.at > text->length) {
        return;
    }
    find_line(text, spot.at, &first, &last);
    sji_show(err->excerpt, sizeof err->excerpt, text->text + first, last - first);
    int shown = sji_characters(err->excerpt, strlen(err->excerpt));
    bool is_cut = last - first >= sizeof err->excerpt;
    if (spot.column > shown + 1 || (is_cut && spot.column + 3 > shown)) {
        err->excerpt[0] = '\0';
        hint_nearby(err, text->text + spot.at, last - spot.at);
    } else if (spot.column + err->length - 1 > shown) {
        err->length = spot.column <= shown ? shown - spot.column + 1 : 1;
    }
}
