/**
 * @file number.h
 * @brief Decimal numbers inside a longer text, by the grammar of RFC 8259. Floor 1 (io).
 */
#ifndef SJ_IO_NUMBER_H
#define SJ_IO_NUMBER_H
#include <stdbool.h>
#include <stddef.h>

enum { SJI_NUMBER_LONGEST = 63 /* characters of a number; cJSON reads no more */ };

/** @brief Length of the number that `text` begins with, 0 where there is none. */
size_t sji_number_length(const char *text, size_t length);

/** @brief Value of a number of exactly `length` (at most SJI_NUMBER_LONGEST) characters, rounded
 * correctly. False where it overflows, or is not 0 and would become 0. */
bool sji_number_value(const char *text, size_t length, double *out);
#endif /* SJ_IO_NUMBER_H */
