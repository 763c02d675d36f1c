#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/format.h"
#include "io/keys_room.h"

/* False, and counted, where enough problems were reported. */
static bool has_room(sj_reader *reader)
{
    struct sj_reader_state *state = reader->state;
    if (state != NULL && state->n_reported >= SJI_MOST_PROBLEMS) {
        state->n_dropped++;
        return false;
    }
    if (state != NULL) {
        state->n_reported++;
    }
    return true;
}

static void set_text(sj_err *err, sj_status status, const char *pointer, const char *hint,
                     const char *fmt, va_list args)
{
    char text[sizeof err->text];
    (void)vsnprintf(text, sizeof text, fmt, args);
    (void)sj_err_set(err, status, pointer == NULL ? "" : pointer, "%s", text);
    (void)snprintf(err->hint, sizeof err->hint, "%s", hint == NULL ? "" : hint);
}

void sji_report(sj_reader *reader, const cJSON *node, bool of_key, sj_status status,
                const char *pointer, const char *hint, const char *fmt, ...)
{
    sj_err err;
    va_list args;
    if (!has_room(reader)) {
        return;
    }
    va_start(args, fmt);
    set_text(&err, status, pointer, hint, fmt, args);
    va_end(args);
    sji_tree_place_node(reader->tree, node, of_key, &err);
    if (err.source[0] == '\0') {
        sj_tree_place(reader->tree, err.where, false, &err);
    }
    sj_problems_add(reader->problems, &err);
}

void sj_reader_problem(sj_reader *reader, sj_status status, const char *pointer, const char *hint,
                       const char *fmt, ...)
{
    sj_err err;
    va_list args;
    if (!has_room(reader)) {
        return;
    }
    va_start(args, fmt);
    set_text(&err, status, pointer, hint, fmt, args);
    va_end(args);
    sj_tree_place(reader->tree, pointer, false, &err);
    sj_problems_add(reader->problems, &err);
}

void sj_reader_warning(sj_reader *reader, sj_status status, const char *pointer, const char *hint,
                       const char *fmt, ...)
{
    sj_err err;
    va_list args;
    if (!has_room(reader)) {
        return;
    }
    va_start(args, fmt);
    set_text(&err, status, pointer, hint, fmt, args);
    va_end(args);
    err.is_warning = true;
    sj_tree_place(reader->tree, pointer, false, &err);
    sj_problems_add(reader->problems, &err);
}

static const char *type_name(const cJSON *node)
{
    if (cJSON_IsNull(node)) {
        return "null";
    }
    if (cJSON_IsBool(node)) {
        return "true or false";
    }
    if (cJSON_IsNumber(node)) {
        return "a number";
    }
    if (cJSON_IsString(node)) {
        return "a text";
    }
    return cJSON_IsArray(node) ? "a list" : "an object";
}

/* Digits with commas, or with more points than a number has: 900,000 or 900.000.000. */
static bool has_thousands(const char *text)
{
    size_t digits = 0, points = 0, commas = 0;
    for (const char *at = text[0] == '-' ? text + 1 : text; *at != '\0'; at++) {
        bool is_digit = *at >= '0' && *at <= '9';
        if (!is_digit && *at != '.' && *at != ',') {
            return false;
        }
        digits += is_digit;
        points += *at == '.';
        commas += *at == ',';
    }
    return digits > 0 && (commas > 0 || points > 1);
}

/* What to do about the commonest wrong types. */
static void hint_type(char *hint, size_t size, const sj_key *row, const cJSON *node)
{
    double number;
    hint[0] = '\0';
    bool is_number = row != NULL && (row->type == SJ_KEY_NUMBER || row->type == SJ_KEY_INTEGER);
    if (cJSON_IsNull(node)) {
        (void)snprintf(hint, size,
                       "null deletes a key of a file that is extended; leave the key out");
    } else if (is_number && cJSON_IsString(node) && sj_parse_number(node->valuestring, &number)) {
        (void)snprintf(hint, size, "numbers stand without quotes");
    } else if (is_number && cJSON_IsString(node) && has_thousands(node->valuestring)) {
        (void)snprintf(hint, size, "%s", SJI_THOUSANDS_HINT);
    } else if (row != NULL && row->type == SJ_KEY_BOOL) {
        (void)snprintf(hint, size, "true or false, without quotes");
    } else if (row != NULL && row->doc != NULL) {
        bool has_unit = row->unit != NULL && row->unit[0] != '\0';
        (void)snprintf(hint, size, "%s%s%s%s", row->doc, has_unit ? " (" : "",
                       has_unit ? row->unit : "", has_unit ? ")" : "");
    }
}

void sji_report_type(sj_reader *reader, const sj_key *row, const cJSON *node, const char *wanted)
{
    char hint[200];
    hint_type(hint, sizeof hint, row, node);
    SJI_REPORT(reader, node, SJ_E_TYPE, hint, "must be %s, not %s", wanted, type_name(node));
}

size_t sji_count_words(const char *const *words)
{
    size_t n = 0;
    while (words[n] != NULL) {
        n++;
    }
    return n;
}

void sji_list_words(char *out, size_t size, const char *const *words, size_t n)
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        char shown[SJI_SHOWN];
        sji_show(shown, sizeof shown, words[i], strlen(words[i]));
        if (length + strlen(shown) + 8 > size) {
            (void)snprintf(out + length, size - length, ", ...");
            return;
        }
        length += (size_t)snprintf(out + length, size - length, "%s%s", i == 0 ? "" : ", ", shown);
    }
}

static const char *nearest_of(sj_reader *reader, const char *word, const char *const *words,
                              size_t n)
{
    if (reader->state->n_suggested >= SJI_MOST_SUGGESTIONS) {
        return NULL;
    }
    reader->state->n_suggested++;
    return sj_suggest(word, words, n);
}

void sji_hint_nearest(sj_reader *reader, char *hint, size_t size, const char *word,
                      const char *const *words, size_t n)
{
    const char *nearest = nearest_of(reader, word, words, n);
    hint[0] = '\0';
    if (nearest != NULL) {
        (void)snprintf(hint, size, "did you mean \"%s\"?", nearest);
    }
}

/* "(unit; meaning)" of the row that was suggested. */
static void hint_row(char *hint, size_t size, const char *name, const sj_key *row)
{
    const char *unit = row->unit == NULL ? "" : row->unit;
    const char *doc = row->doc == NULL ? "" : row->doc;
    const char *between = unit[0] != '\0' && doc[0] != '\0' ? "; " : "";
    bool is_bare = unit[0] == '\0' && doc[0] == '\0';
    (void)snprintf(hint, size, "did you mean \"%s\"?%s%s%s%s%s", name, is_bare ? "" : " (", unit,
                   between, doc, is_bare ? "" : ")");
}

void sji_report_unknown(sj_reader *reader, const cJSON *node, const sj_key *rows, size_t n)
{
    const char *names[SJI_MOST_KEYS];
    char hint[256], shown[SJI_SHOWN];
    for (size_t i = 0; i < n; i++) {
        names[i] = rows[i].name;
    }
    const char *nearest = nearest_of(reader, node->string, names, n);
    if (nearest == NULL) {
        (void)snprintf(hint, sizeof hint, "known here: ");
        sji_list_words(hint + strlen(hint), sizeof hint - strlen(hint), names, n);
    }
    for (size_t i = 0; nearest != NULL && i < n; i++) {
        if (names[i] == nearest) {
            hint_row(hint, sizeof hint, nearest, &rows[i]);
            break;
        }
    }
    sji_show(shown, sizeof shown, node->string, strlen(node->string));
    sji_report(reader, node, true, SJ_E_UNKNOWN_KEY, reader->state->pointer.text, hint,
               "unknown key \"%s\"", shown);
}

void sji_describe_range(char *out, size_t size, const sj_key *row)
{
    char low[SJ_NUMBER_TEXT], high[SJ_NUMBER_TEXT];
    bool has_low = isfinite(row->low), has_high = isfinite(row->high);
    bool is_open = (row->flags & SJ_KEY_OPEN_LOW) != 0;
    bool has_unit = row->unit != NULL && row->unit[0] != '\0';
    (void)sj_format_number(row->low, low);
    (void)sj_format_number(row->high, high);
    int n = 0;
    out[0] = '\0';
    if (has_low && has_high) {
        n = is_open ? snprintf(out, size, "above %s and at most %s", low, high)
                    : snprintf(out, size, "between %s and %s", low, high);
    } else if (has_low) {
        n = snprintf(out, size, "%s %s", is_open ? "above" : "at least", low);
    } else if (has_high) {
        n = snprintf(out, size, "at most %s", high);
    }
    if (n > 0 && has_unit && (size_t)n < size) {
        (void)snprintf(out + n, size - (size_t)n, " (%s)", row->unit);
    }
}

typedef struct ranked {
    const sj_err *err;
    size_t rank;
} ranked;

static int compare_ranked(const void *left, const void *right)
{
    const ranked *a = left, *b = right;
    int order = strcmp(a->err->source, b->err->source);
    if (order == 0) {
        order = a->err->line != b->err->line
                    ? (a->err->line < b->err->line ? -1 : 1)
                    : (a->err->column > b->err->column) - (a->err->column < b->err->column);
    }
    return order != 0 ? order : a->rank < b->rank ? -1 : 1;
}

/* Stable sort by file, line, column; left as it is when memory ends. */
static void sort_problems(sj_err *at, size_t n)
{
    ranked *order = sj_calloc(n, sizeof *order);
    sj_err *sorted = sj_calloc(n, sizeof *sorted);
    if (order != NULL && sorted != NULL && n > 1) {
        for (size_t i = 0; i < n; i++) {
            order[i] = (ranked){&at[i], i};
        }
        qsort(order, n, sizeof *order, compare_ranked);
        for (size_t i = 0; i < n; i++) {
            sorted[i] = *order[i].err;
        }
        memcpy(at, sorted, n * sizeof *sorted);
    }
    free(order);
    free(sorted);
}

void sji_finish_problems(sj_reader *reader)
{
    struct sj_reader_state *state = reader->state;
    sj_problems *problems = reader->problems;
    if (problems->n > state->first_problem) {
        sort_problems(problems->at + state->first_problem, problems->n - state->first_problem);
    }
    if (state->n_dropped > 0) {
        sj_err err;
        (void)sj_err_set(&err, problems->at[problems->n - 1].status, "",
                         "%zu more problems are not shown", state->n_dropped);
        sj_problems_add(problems, &err);
        state->n_dropped = 0;
    }
}
