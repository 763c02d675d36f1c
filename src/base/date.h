/**
 * @file date.h
 * @brief Civil dates of the proleptic Gregorian calendar as day numbers.
 *
 * A day number counts days since 1970-01-01 (which is day 0, a Thursday).
 * Algorithms: Hinnant, "chrono-compatible low-level date algorithms" (2013).
 * Floor 0 (base).
 */
#ifndef SJ_BASE_DATE_H
#define SJ_BASE_DATE_H
#include "base/err.h"
#include <stdint.h>

typedef int32_t sj_day;

enum { SJ_DATE_TEXT = 11 /* bytes for YYYY-MM-DD and the NUL */ };

/** @brief Day number of a civil date; month 1-12, day 1-31, any year -9999 to 9999. */
sj_day sj_day_of(int year, int month, int day);

/** @brief Civil date of a day number. */
void sj_day_civil(sj_day day, int *year, int *month, int *day_of_month);

/** @brief 0 = Monday ... 6 = Sunday. */
int sj_day_weekday(sj_day day);

/** @brief First day of the month after the one that `day` lies in. */
sj_day sj_day_next_month(sj_day day);

/** @brief The 15th of the month that `day` lies in. */
sj_day sj_day_mid_month(sj_day day);

/** @brief True on the first of a month. */
bool sj_day_is_first(sj_day day);

/** @brief Months since year 0: equal for two days of one calendar month. */
int sj_day_month_index(sj_day day);

/** @brief Read exactly YYYY-MM-DD, a date that exists; false otherwise and *out untouched. */
bool sj_day_parse(const char *text, sj_day *out);

/** @brief Write YYYY-MM-DD. */
void sj_day_format(sj_day day, char out[SJ_DATE_TEXT]);
#endif /* SJ_BASE_DATE_H */
