#include "io/scan.h"

#include <stdio.h>
#include <string.h>

#include "io/scanner.h"

sji_spot scan_spot(scanner *s, size_t at)
{
    sji_spot_move(&s->spot, s->text->text, at);
    return s->spot;
}

static bool is_at_end(const scanner *s)
{
    return s->at >= s->text->length;
}

static char peek(const scanner *s)
{
    return is_at_end(s) ? '\0' : s->text->text[s->at];
}

static void skip_blanks(scanner *s)
{
    while (!is_at_end(s) && memchr(" \t\r\n", s->text->text[s->at], 4) != NULL) {
        s->at++;
    }
}

/* Begin the span of a value; its index in *i_span. */
static bool begin_span(scanner *s, size_t *i_span)
{
    sji_span span = {.value = scan_spot(s, s->at), .length = 1};
    if (!sj_vec_push(s->spans, span)) {
        s->no_memory = true;
        return false;
    }
    *i_span = s->spans->n - 1;
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    const scan_key *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    if (order == 0 && a->length != b->length) {
        order = a->length < b->length ? -1 : 1;
    }
    return order != 0 ? order : a->i_span < b->i_span ? -1 : 1;
}

static void report_duplicate(scanner *s, const scan_key *first, const scan_key *again)
{
    const sji_span *span = &s->spans->at[again->i_span];
    char shown[SJI_SHOWN], hint[64];
    sji_show(shown, sizeof shown, again->text, again->length);
    (void)snprintf(hint, sizeof hint, "it stands first in line %d, column %d",
                   s->spans->at[first->i_span].key.line, s->spans->at[first->i_span].key.column);
    (void)scan_fail(s, SJ_E_DUPLICATE_KEY, span->key, span->key_length, hint,
                    "key \"%s\" stands twice in one object", shown);
}

/* Sort the keys of the object that closes, report repeats, forget the keys. */
static void close_keys(scanner *s, const scan_frame *frame)
{
    size_t n = s->keys.n - frame->first_key;
    if (n == 0) {
        return;
    }
    scan_key *key = s->keys.at + frame->first_key;
    qsort(key, n, sizeof *key, compare_keys);
    for (size_t i = 0, first = 0; i + 1 < n; i++) {
        bool is_same = key[i].length == key[i + 1].length &&
                       memcmp(key[i].text, key[i + 1].text, key[i].length) == 0;
        if (is_same) {
            report_duplicate(s, &key[first], &key[i + 1]);
        } else {
            first = i + 1;
        }
    }
    s->keys.n = frame->first_key;
}

static bool scan_value(scanner *s);

/* A key and its colon. */
static bool scan_key_of(scanner *s, scan_frame *frame, sji_span *span)
{
    scan_result found;
    span->key = scan_spot(s, s->at);
    if (!scan_text(s, &found)) {
        return false;
    }
    span->key_length = sji_characters(s->text->text + span->key.at, s->at - span->key.at);
    frame->key.text = scan_unescape(s, &found, &frame->key.length);
    if (frame->key.text == NULL) {
        return false;
    }
    skip_blanks(s);
    if (peek(s) != ':') {
        return scan_unexpected(s, "\":\" after the key");
    }
    s->at++;
    skip_blanks(s);
    return true;
}

static bool scan_member(scanner *s, scan_frame *frame)
{
    sji_span span = {0};
    if (peek(s) != '"') {
        return scan_unexpected(s, "a key in double quotes");
    }
    if (!scan_key_of(s, frame, &span)) {
        return false;
    }
    frame->key.i_span = s->spans->n;
    if (!sj_vec_push(&s->keys, frame->key)) {
        s->no_memory = true;
        return false;
    }
    size_t i_span = s->spans->n;
    if (!scan_value(s)) {
        return false;
    }
    s->spans->at[i_span].key = span.key;
    s->spans->at[i_span].key_length = span.key_length;
    return true;
}

/* Members or elements and the commas between them, up to `close`. */
static bool scan_members(scanner *s, scan_frame *frame, char close)
{
    for (;;) {
        if (frame->is_object ? !scan_member(s, frame) : !scan_value(s)) {
            return false;
        }
        skip_blanks(s);
        if (peek(s) == close && !is_at_end(s)) {
            return true;
        }
        if (peek(s) != ',') {
            return scan_unexpected(s, frame->is_object ? "\",\" or \"}\"" : "\",\" or \"]\"");
        }
        size_t comma = s->at++;
        skip_blanks(s);
        if (peek(s) == close && !is_at_end(s)) {
            return scan_fail(s, SJ_E_SYNTAX, scan_spot(s, comma), 1, "remove this comma",
                             "a comma stands before the closing \"%c\"", close);
        }
        frame->index++;
    }
}

static bool scan_container(scanner *s)
{
    sji_spot opened = scan_spot(s, s->at);
    if (s->depth == SJI_DEPTH) {
        return scan_fail(s, SJ_E_DEPTH, opened, 1, "", "the text is nested deeper than %d levels",
                         SJI_DEPTH);
    }
    scan_frame *frame = &s->frames[s->depth++];
    *frame = (scan_frame){.is_object = peek(s) == '{', .first_key = s->keys.n, .opened = opened};
    char close = frame->is_object ? '}' : ']';
    s->at++;
    skip_blanks(s);
    if (peek(s) != close && !scan_members(s, frame, close)) {
        return false;
    }
    s->at++;
    close_keys(s, frame);
    s->depth--;
    return true;
}

static bool scan_value(scanner *s)
{
    size_t i_span, first = s->at;
    scan_result found;
    if (!begin_span(s, &i_span)) {
        return false;
    }
    char c = peek(s);
    if (c == '{' || c == '[') {
        return scan_container(s);
    }
    bool is_number = c == '-' || (c >= '0' && c <= '9');
    if (!(c == '"' ? scan_text(s, &found) : is_number ? scan_number(s) : scan_word(s))) {
        return false;
    }
    s->spans->at[i_span].length = sji_characters(s->text->text + first, s->at - first);
    return true;
}

/* Faults of the whole text; false where there is no use in going on. */
static bool check_whole(scanner *s)
{
    const char *text = s->text->text;
    size_t length = s->text->length;
    sji_spot start = {.line = 1, .column = 1};
    if (length > 0x3FFFFFFF) {
        return scan_fail(s, SJ_E_FORMAT, start, 1, "", "the file is larger than 1 GiB");
    }
    if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        return scan_fail(s, SJ_E_ENCODING, start, 1, "save the file as UTF-8",
                         "the file is in UTF-16");
    }
    skip_blanks(s);
    if (is_at_end(s)) {
        return scan_fail(s, SJ_E_SYNTAX, start, 1, "a scenario begins with {", "the file is empty");
    }
    return true;
}

static void scan_whole(scanner *s)
{
    s->at = sji_bom_size(s->text->text, s->text->length);
    s->spot = (sji_spot){.at = s->at, .line = 1, .column = 1};
    if (!check_whole(s) || !scan_value(s)) {
        return;
    }
    skip_blanks(s);
    if (!is_at_end(s)) {
        (void)scan_unexpected(s, "the end of the text");
    }
}

sj_status sji_scan(sji_spans *out, const sji_text *text, sj_problems *problems)
{
    scanner s = {.text = text, .spans = out, .problems = problems, .first_problem = problems->n};
    size_t n_errors = problems->n_errors;
    memset(out, 0, sizeof *out);
    scan_whole(&s);
    sj_vec_clear(&s.keys);
    sj_arena_free(s.arena);
    if (s.no_memory || (problems->n_errors > n_errors && problems->n == s.first_problem)) {
        return SJ_E_NOMEM;
    }
    return problems->n_errors > n_errors ? problems->at[s.first_problem].status : SJ_OK;
}
