/**
 * @file axis.h
 * @brief Axes with round ticks and ready labels.
 *
 * gnuplot's own labels depend on the locale for thousands and month names, so
 * ticks and labels are made here. Floor 7 (report).
 */
#ifndef SJ_REPORT_AXIS_H
#define SJ_REPORT_AXIS_H
#include "base/date.h"
#include <stdbool.h>

enum { SJI_TICKS_MAX = 24, SJI_TICK_TEXT = 28 };

typedef struct sji_tick {
    double at;
    char label[SJI_TICK_TEXT];
} sji_tick;

/** @brief A range with its ticks; a date axis counts days (sj_day). */
typedef struct sji_axis {
    double low, high; /* low < high */
    bool is_date;
    int n;
    sji_tick tick[SJI_TICKS_MAX];
} sji_axis;

/** @brief Axis of numbers that covers low ... high, about `target` ticks at 1, 2, 2.5 or 5 times a
 * power of ten; `suffix` follows each label ("" = none). */
void sji_axis_numbers(sji_axis *axis, double low, double high, int target, const char *suffix);

/** @brief Axis of dates from first to last (at least a month apart is made of it); as many ticks
 * on firsts of a month as `width` pixels hold. */
void sji_axis_dates(sji_axis *axis, sj_day first, sj_day last, double width);

/** @brief Where a value lies: 0 at the low end, 1 at the high end; may be outside. */
double sji_axis_share(const sji_axis *axis, double value);
#endif /* SJ_REPORT_AXIS_H */
