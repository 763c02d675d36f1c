#include "report/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "report/texts.h"

static double round_step(double rough)
{
    double power = pow(10.0, floor(log10(rough)));
    double times = rough / power;
    return power * (times <= 1.5   ? 1.0
                    : times <= 2.2 ? 2.0
                    : times <= 3.5 ? 2.5
                    : times <= 7.0 ? 5.0
                                   : 10.0);
}

static void add_tick(sji_axis *axis, double at, const sj_str *label)
{
    if (axis->n < SJI_TICKS_MAX && !label->failed && label->text != NULL) {
        sji_tick *tick = &axis->tick[axis->n++];
        tick->at = at;
        (void)snprintf(tick->label, sizeof tick->label, "%s", label->text);
    }
}

void sji_axis_numbers(sji_axis *axis, double low, double high, int target, const char *suffix)
{
    memset(axis, 0, sizeof *axis);
    if (!(high > low)) {
        high = low + 1.0;
    }
    double step = round_step((high - low) / target);
    int digits = step < 1.0 ? (int)ceil(-log10(step) - 1e-9) : 0;
    digits += fabs(step * pow(10.0, digits) - 2.5) < 1e-6; /* 0.25, 2.5 */
    axis->low = floor(low / step + 1e-9) * step;
    axis->high = ceil(high / step - 1e-9) * step;
    long n = lround((axis->high - axis->low) / step);
    for (long i = 0; i <= n; i++) {
        sj_str label = {0};
        double at = axis->low + step * (double)i;
        sji_words_decimal(&label, fabs(at) < step * 1e-6 ? 0.0 : at, digits);
        sj_str_add(&label, suffix);
        add_tick(axis, at, &label);
        sj_str_clear(&label);
    }
}

/* Months between two ticks, so that their labels do not touch. */
static int month_step(double months, double width)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    size_t n = sizeof steps / sizeof steps[0];
    for (size_t i = 0; i < n; i++) {
        double label = steps[i] < 12 ? 74.0 : 48.0; /* pixels of "Mar 2022", "2022" */
        if (months / steps[i] * label <= width) {
            return steps[i];
        }
    }
    return steps[n - 1];
}

void sji_axis_dates(sji_axis *axis, sj_day first, sj_day last, double width)
{
    memset(axis, 0, sizeof *axis);
    if (last < first + 28) {
        last = first + 28;
    }
    axis->is_date = true;
    axis->low = first;
    axis->high = last;
    int step = month_step((last - first) / 30.44, width);
    sj_day day = sj_day_is_first(first) ? first : sj_day_next_month(first);
    for (; day <= last; day = sj_day_next_month(day)) {
        if (sj_day_month_index(day) % step != 0) {
            continue;
        }
        sj_str label = {0};
        sji_words_month(&label, day);
        if (step >= 12 && label.text != NULL) {
            memmove(label.text, label.text + 4, strlen(label.text + 4) + 1);
        }
        add_tick(axis, day, &label);
        sj_str_clear(&label);
    }
}

double sji_axis_share(const sji_axis *axis, double value)
{
    return (value - axis->low) / (axis->high - axis->low);
}
