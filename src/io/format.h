/**
 * @file format.h
 * @brief Numbers as text and back, independent of the locale; suggestions. Floor 1 (io).
 */
#ifndef SJ_IO_FORMAT_H
#define SJ_IO_FORMAT_H
#include <stdbool.h>
#include <stddef.h>

enum { SJ_NUMBER_TEXT = 32 };

/** @brief Fewest digits that read back the same; whole numbers below 2^53 without exponent; NaN is
 * "NA", infinities "inf" and "-inf". Returns the length. */
size_t sj_format_number(double value, char out[SJ_NUMBER_TEXT]);

/** @brief Read a whole text as a finite decimal number; false if it is none. */
bool sj_parse_number(const char *text, double *out);

/** @brief The nearest of n words (optimal string alignment distance at most a third of the
 * length, at least 1; ties by order); where none is near, the shortest that has the word (of 4
 * letters or more) as a part between "-" or "_"; else NULL. */
const char *sj_suggest(const char *word, const char *const words[], size_t n);
#endif /* SJ_IO_FORMAT_H */
