/**
 * @file fuzz_csv.c
 * @brief libFuzzer target: any bytes as a table. What must hold: no crash, no leak; a table that is
 * accepted is rectangular, and written out again it reads the same. Usage: fuzz_csv corpus/csv.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

static void write_row(FILE *stream, const sj_csv *csv, size_t row)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        (void)fputs(i == 0 ? "" : ",", stream);
        const char *cell = csv->cell[row * csv->n_columns + i];
        if (csv->n_columns == 1 && cell[0] == '\0') {
            (void)fputs("\"\"", stream); /* an empty line would be no row */
        } else {
            sj_csv_write(stream, cell);
        }
    }
    (void)fputc('\n', stream);
}

static void check_again(const sj_csv *csv)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    for (size_t row = 0; row <= csv->n_rows; row++) {
        write_row(stream, csv, row);
    }
    (void)fclose(stream);
    sj_csv again;
    sj_problems problems = {0};
    require(sj_csv_parse(&again, "again", text, length, &problems) == SJ_OK, "it reads again");
    require(again.n_rows == csv->n_rows && again.n_columns == csv->n_columns, "in the same shape");
    for (size_t i = 0; i < (csv->n_rows + 1) * csv->n_columns; i++) {
        require(strcmp(again.cell[i], csv->cell[i]) == 0, "with the same cells");
    }
    sj_csv_clear(&again);
    sj_problems_clear(&problems);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sj_csv csv;
    sj_problems problems = {0};
    sj_status st = sj_csv_parse(&csv, "t.csv", (const char *)data, size, &problems);
    require((problems.n_errors > 0) == (st != SJ_OK), "a table or a problem");
    for (size_t i = 0; i < problems.n; i++) {
        char text[4096];
        require(problems.at[i].line >= 1 && problems.at[i].column >= 1, "a problem has a place");
        (void)sj_err_format(&problems.at[i], text, sizeof text);
    }
    if (st == SJ_OK) {
        double value;
        require(csv.n_columns > 0 && sj_csv_column(&csv, csv.cell[0]) == 0, "headings are found");
        for (size_t row = 0; row < csv.n_rows; row++) {
            (void)sj_csv_number(&csv, row, (int)csv.n_columns - 1, &value);
        }
        check_again(&csv);
    }
    sj_csv_clear(&csv);
    sj_problems_clear(&problems);
    return 0;
}
