/**
 * @file csv.h
 * @brief Comma-separated tables (RFC 4180, UTF-8) with a header line, read whole. Floor 1 (io).
 */
#ifndef SJ_IO_CSV_H
#define SJ_IO_CSV_H
#include "base/err.h"
#include <stdint.h>
#include <stdio.h>

typedef struct sj_csv {
    char *text;        /* owns: the file, cells are unescaped in place */
    char *path;        /* owns */
    const char **cell; /* (n_rows + 1) x n_columns, row 0 = header */
    int *line;         /* file line of each row */
    size_t n_rows;     /* without the header */
    size_t n_columns;
} sj_csv;

/** @brief Read a file. Refused with line, column and advice: semicolons, decimal commas, rows of
 * another length, an unclosed quote, a repeated or empty heading, text that is not UTF-8. CRLF and
 * a byte order mark are allowed. */
SJ_MUSTUSE sj_status sj_csv_load(sj_csv *out, const char *path, sj_problems *problems);

/** @brief The same from a text that is copied. */
SJ_MUSTUSE sj_status sj_csv_parse(sj_csv *out, const char *source, const char *text, size_t length,
                                  sj_problems *problems);
void sj_csv_clear(sj_csv *csv);

/** @brief Column of a heading, -1 where there is none. */
int sj_csv_column(const sj_csv *csv, const char *heading);

/** @brief Cell of a row (0 ... n_rows - 1). Borrowed. */
const char *sj_csv_cell(const sj_csv *csv, size_t row, int column);

/** @brief Read a cell as a finite number; false if it is none. */
bool sj_csv_number(const sj_csv *csv, size_t row, int column, double *out);

/** @brief Write one cell, quoted where RFC 4180 asks for it. */
void sj_csv_write(FILE *stream, const char *text);
#endif /* SJ_IO_CSV_H */
