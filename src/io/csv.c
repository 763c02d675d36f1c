#include "io/csv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "io/format.h"
#include "io/number.h"
#include "io/text.h"

enum { MOST_PROBLEMS = 100 };

/* State of a reading: cells are copied, unescaped, from `from` to `out->text`. */
typedef struct csv_reader {
    sji_text from;
    sj_csv *out;
    sj_problems *problems;
    size_t first_problem;
    SJ_VEC(const char *) cells;
    SJ_VEC(int) lines;
    size_t at;     /* next byte */
    size_t to;     /* next byte of out->text */
    sji_spot spot; /* last place that was counted */
    size_t n_columns;
    bool no_memory;
} csv_reader;

static sji_spot spot_at(csv_reader *r, size_t at)
{
    sji_spot_move(&r->spot, r->from.text, at);
    return r->spot;
}

static bool fail(csv_reader *r, sj_status status, sji_spot spot, int length, const char *hint,
                 const char *fmt, ...) SJ_PRINTF(6, 7);

static bool fail(csv_reader *r, sj_status status, sji_spot spot, int length, const char *hint,
                 const char *fmt, ...)
{
    sj_err err;
    char text[300];
    if (r->problems->n >= r->first_problem + MOST_PROBLEMS) {
        return false;
    }
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    (void)sj_err_set(&err, status, "", "%s", text);
    (void)snprintf(err.hint, sizeof err.hint, "%s", hint);
    sji_err_place(&err, &r->from, spot, length);
    sj_problems_add(r->problems, &err);
    return false;
}

static bool is_at_end(const csv_reader *r)
{
    return r->at >= r->from.length;
}

static char peek(const csv_reader *r)
{
    return is_at_end(r) ? '\0' : r->from.text[r->at];
}

static bool is_line_end(const csv_reader *r)
{
    return is_at_end(r) || peek(r) == '\n' || peek(r) == '\r';
}

static void put(csv_reader *r, char c)
{
    r->out->text[r->to++] = c;
}

/* A cell in quotes; "" is a quote. */
static bool read_quoted(csv_reader *r)
{
    sji_spot opened = spot_at(r, r->at++);
    for (;; r->at++) {
        if (is_at_end(r)) {
            return fail(r, SJ_E_CSV, opened, 1, "a cell in quotes ends with a quote",
                        "a quote is not closed");
        }
        if (peek(r) != '"') {
            put(r, peek(r));
        } else if (r->at + 1 < r->from.length && r->from.text[r->at + 1] == '"') {
            put(r, '"');
            r->at++;
        } else {
            break;
        }
    }
    r->at++;
    if (!is_line_end(r) && peek(r) != ',') {
        return fail(r, SJ_E_CSV, spot_at(r, r->at), 1, "a quote inside a cell is written twice",
                    "text follows a closing quote");
    }
    return true;
}

static bool read_plain(csv_reader *r)
{
    for (; !is_line_end(r) && peek(r) != ','; r->at++) {
        if (peek(r) == '"') {
            return fail(r, SJ_E_CSV, spot_at(r, r->at), 1,
                        "a cell with quotes stands in quotes, with each quote inside twice",
                        "a quote inside a cell");
        }
        put(r, peek(r));
    }
    return true;
}

/* "1,5" or "1.234,5", with blanks around it or not: a number of a spreadsheet in another language.
 */
static bool is_decimal_comma(const char *cell)
{
    cell += strspn(cell, " ");
    size_t whole = strspn(cell + (cell[0] == '-'), "0123456789.") + (cell[0] == '-');
    if (whole == 0 || cell[whole] != ',') {
        return false;
    }
    size_t decimals = strspn(cell + whole + 1, "0123456789");
    const char *rest = cell + whole + 1 + decimals;
    return decimals > 0 && rest[strspn(rest, " ")] == '\0';
}

/* One cell and the delimiter behind it stays. False ends the reading. */
static bool read_cell(csv_reader *r)
{
    size_t start = r->at;
    const char *cell = r->out->text + r->to;
    if (!sj_vec_push(&r->cells, cell)) {
        r->no_memory = true;
        return false;
    }
    if (!(peek(r) == '"' ? read_quoted(r) : read_plain(r))) {
        return false;
    }
    put(r, '\0');
    if (is_decimal_comma(cell)) {
        sji_spot spot = spot_at(r, start);
        (void)fail(r, SJ_E_CSV, spot, sji_characters(r->from.text + start, r->at - start),
                   "write numbers with a point and without thousands separators",
                   "\"%s\" has a comma as its decimal point", cell);
    }
    return true;
}

static bool end_line(csv_reader *r)
{
    if (peek(r) == '\r') {
        if (r->at + 1 >= r->from.length || r->from.text[r->at + 1] != '\n') {
            return fail(r, SJ_E_CSV, spot_at(r, r->at), 1, "lines end with LF or CR LF",
                        "a carriage return stands alone");
        }
        r->at++;
    }
    r->at += is_at_end(r) ? 0 : 1;
    return true;
}

/* True where all cells of the row that has just been read are digits: "0,5" read as two cells. */
static bool looks_like_decimal_comma(const csv_reader *r, size_t n_cells)
{
    for (size_t i = r->cells.n - n_cells; i + 1 < r->cells.n; i++) {
        const char *cell = r->cells.at[i], *next = r->cells.at[i + 1];
        bool is_pair = cell[0] != '\0' && next[0] != '\0' &&
                       cell[strspn(cell, "-0123456789")] == '\0' &&
                       next[strspn(next, "0123456789")] == '\0';
        if (is_pair) {
            return true;
        }
    }
    return false;
}

static const char *separator_hint(const char *line, size_t length)
{
    if (memchr(line, ';', length) != NULL) {
        return "semicolons: save the table with commas between cells and points in numbers";
    }
    if (memchr(line, '\t', length) != NULL) {
        return "tabs: save the table with commas between cells";
    }
    return "";
}

static void check_width(csv_reader *r, sji_spot start, size_t n_cells)
{
    if (n_cells == r->n_columns) {
        return;
    }
    const char *hint = separator_hint(r->from.text + start.at, r->at - start.at);
    if (hint[0] == '\0' && n_cells > r->n_columns && looks_like_decimal_comma(r, n_cells)) {
        hint = "a decimal comma? numbers are written with a point, such as 0.5";
    }
    (void)fail(r, SJ_E_CSV, start, sji_characters(r->from.text + start.at, r->at - start.at), hint,
               "the row has %zu cell%s, the header %zu", n_cells, n_cells == 1 ? "" : "s",
               r->n_columns);
    r->cells.n -= n_cells; /* keep the table rectangular */
    r->lines.n--;
}

static bool read_row(csv_reader *r)
{
    sji_spot start = spot_at(r, r->at);
    size_t before = r->cells.n;
    if (!sj_vec_push(&r->lines, start.line)) {
        r->no_memory = true;
        return false;
    }
    for (;; r->at++) {
        if (!read_cell(r)) {
            return false;
        }
        if (peek(r) != ',' || is_at_end(r)) {
            break;
        }
    }
    if (r->n_columns == 0) {
        r->n_columns = r->cells.n;
    } else {
        check_width(r, start, r->cells.n - before);
    }
    return end_line(r);
}

/* Blanks around a heading do not count. */
static char *trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
    return text + strspn(text, " ");
}

static void check_header(csv_reader *r, sji_spot start)
{
    size_t length = r->at - start.at;
    const char *line = r->from.text + start.at;
    const char *hint = separator_hint(line, length);
    if (r->n_columns == 1 && hint[0] != '\0') {
        (void)fail(r, SJ_E_CSV, start, 1, hint, "the header has only one cell");
        return;
    }
    for (size_t i = 0; i < r->n_columns; i++) {
        r->cells.at[i] = trim(r->out->text + (r->cells.at[i] - r->out->text));
        if (r->cells.at[i][0] == '\0') {
            (void)fail(r, SJ_E_CSV, start, 1, "every column has a name",
                       "the heading of column %zu is empty", i + 1);
        }
        for (size_t j = 0; j < i && r->cells.at[i][0] != '\0'; j++) {
            if (strcmp(r->cells.at[i], r->cells.at[j]) == 0) {
                char shown[SJI_SHOWN];
                sji_show(shown, sizeof shown, r->cells.at[i], strlen(r->cells.at[i]));
                (void)fail(r, SJ_E_CSV, start, 1, "every column has a name of its own",
                           "the heading \"%s\" stands twice", shown);
                break;
            }
        }
    }
}

/* Bytes that may not stand in a table at all. */
static bool check_bytes(csv_reader *r)
{
    size_t valid = sji_utf8_valid(r->from.text, r->from.length);
    const char *nul = memchr(r->from.text, '\0', r->from.length);
    size_t at = nul != NULL ? (size_t)(nul - r->from.text) : r->from.length;
    if (at == r->from.length && valid == r->from.length) {
        return true;
    }
    sji_spot spot = {.at = r->at, .line = 1, .column = 1};
    sji_spot_move(&spot, r->from.text, at < valid ? at : valid);
    return fail(r, SJ_E_ENCODING, spot, 1, "save the table as UTF-8",
                at < valid ? "the table holds a NUL byte" : "the table is not UTF-8");
}

static void read_table(csv_reader *r)
{
    r->at = sji_bom_size(r->from.text, r->from.length);
    r->spot = (sji_spot){.at = r->at, .line = 1, .column = 1};
    if (!check_bytes(r)) {
        return;
    }
    while (!is_at_end(r)) {
        sji_spot start = spot_at(r, r->at);
        bool is_header = r->n_columns == 0;
        bool is_good = is_line_end(r) ? end_line(r) : read_row(r);
        if (!is_good) {
            return;
        }
        if (is_header && r->n_columns > 0) {
            check_header(r, start);
        }
    }
    if (r->n_columns == 0) {
        (void)fail(r, SJ_E_CSV, (sji_spot){.line = 1, .column = 1}, 1,
                   "the first line holds the names of the columns", "the table is empty");
    }
}

static sj_status finish(csv_reader *r, size_t n_errors)
{
    sj_status st = SJ_OK;
    if (r->no_memory) {
        st = SJ_E_NOMEM;
    } else if (r->problems->n_errors > n_errors) {
        st = r->problems->n > r->first_problem ? r->problems->at[r->first_problem].status
                                               : SJ_E_NOMEM;
    }
    if (st != SJ_OK) {
        sj_vec_clear(&r->cells);
        sj_vec_clear(&r->lines);
        sj_csv_clear(r->out);
        return st;
    }
    r->out->cell = r->cells.at;
    r->out->line = r->lines.at;
    r->out->n_columns = r->n_columns;
    r->out->n_rows = r->lines.n - 1;
    return SJ_OK;
}

sj_status sj_csv_parse(sj_csv *out, const char *source, const char *text, size_t length,
                       sj_problems *problems)
{
    csv_reader r = {.from = {source, text, length},
                    .out = out,
                    .problems = problems,
                    .first_problem = problems->n};
    size_t n_errors = problems->n_errors;
    memset(out, 0, sizeof *out);
    out->text = sj_calloc(length + 2, 1); /* a cell and its NUL need no more than it and its end */
    out->path = sj_strdup(source);
    if (out->text == NULL || out->path == NULL || length > 0x3FFFFFFF) {
        r.no_memory = true;
    } else {
        read_table(&r);
    }
    if (r.no_memory) {
        sj_err err;
        (void)SJ_FAIL(&err, SJ_E_NOMEM, source, "out of memory");
        sj_problems_add(problems, &err);
    }
    return finish(&r, n_errors);
}

sj_status sj_csv_load(sj_csv *out, const char *path, sj_problems *problems)
{
    char *text;
    size_t length;
    sj_err err;
    memset(out, 0, sizeof *out);
    sj_status st = sj_file_read(path, &text, &length, &err);
    if (st != SJ_OK) {
        sj_problems_add(problems, &err);
        return st;
    }
    st = sj_csv_parse(out, path, text, length, problems);
    free(text);
    return st;
}

void sj_csv_clear(sj_csv *csv)
{
    free(csv->text);
    free(csv->path);
    free(csv->cell);
    free(csv->line);
    memset(csv, 0, sizeof *csv);
}

int sj_csv_column(const sj_csv *csv, const char *heading)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (strcmp(csv->cell[i], heading) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *sj_csv_cell(const sj_csv *csv, size_t row, int column)
{
    return csv->cell[(row + 1) * csv->n_columns + (size_t)column];
}

bool sj_csv_number(const sj_csv *csv, size_t row, int column, double *out)
{
    const char *cell = sj_csv_cell(csv, row, column);
    cell += strspn(cell, " ");
    size_t length = strlen(cell);
    while (length > 0 && cell[length - 1] == ' ') {
        length--;
    }
    return length > 0 && length <= SJI_NUMBER_LONGEST &&
           sji_number_length(cell, length) == length && sji_number_value(cell, length, out);
}

void sj_csv_write(FILE *stream, const char *text)
{
    size_t length = strlen(text);
    bool has_blank = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
    bool has_mark = sji_bom_size(text, length) > 0; /* at the start of a file it would be skipped */
    if (strpbrk(text, ",\"\r\n") == NULL && !has_blank && !has_mark) {
        (void)fputs(text, stream);
        return;
    }
    (void)fputc('"', stream);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', stream);
        }
        (void)fputc(*text, stream);
    }
    (void)fputc('"', stream);
}
