#include "report/survival.h"

#include <math.h>
#include <stdlib.h>

static int by_days(const void *a, const void *b)
{
    double x = ((const sji_wait *)a)->days, y = ((const sji_wait *)b)->days;
    return (x > y) - (x < y);
}

double sji_wait_survival(sji_wait wait[], size_t n)
{
    double at_risk = 0.0, survival = 1.0, median = NAN;
    qsort(wait, n, sizeof *wait, by_days);
    for (size_t i = 0; i < n; i++) {
        at_risk += wait[i].completed + wait[i].waiting;
    }
    for (size_t i = 0; i < n;) {
        size_t end = i;
        double done = 0.0, left = 0.0;
        for (; end < n && (end == i || wait[end].days <= wait[i].days); end++) {
            done += wait[end].completed;
            left += wait[end].waiting;
        }
        if (done > 0.0) {
            survival *= fmax(0.0, 1.0 - done / fmax(at_risk, done));
        }
        if (isnan(median) && survival <= 0.5) {
            median = wait[i].days;
        }
        at_risk = fmax(0.0, at_risk - done - left);
        for (; i < end; i++) {
            wait[i].survival = survival;
        }
    }
    return median;
}
