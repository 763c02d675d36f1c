#include "analysis/score.h"

#include <math.h>
#include <stdbool.h>

static const double count_offset = 20; /* persons: calibration in logs of count + 20 */

double sj_log_count(double count)
{
    return isnan(count) ? NAN : log((count > 0 ? count : 0) + count_offset);
}

static bool is_pair(double a, double b)
{
    return !isnan(a) && !isnan(b);
}

double sj_score_wape(const double observed[], const double forecast[], size_t n)
{
    double error = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_pair(observed[i], forecast[i])) {
            error += fabs(forecast[i] - observed[i]);
            sum += fabs(observed[i]);
        }
    }
    return sum > 0 ? error / sum : NAN;
}

double sj_score_bias(const double observed[], const double forecast[], size_t n)
{
    double error = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_pair(observed[i], forecast[i])) {
            error += forecast[i] - observed[i];
            sum += fabs(observed[i]);
        }
    }
    return sum > 0 ? error / sum : NAN;
}

double sj_score_log_error(const double observed[], const double forecast[], size_t n)
{
    double error = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_pair(observed[i], forecast[i])) {
            error += fabs(sj_log_count(forecast[i]) - sj_log_count(observed[i]));
            pairs++;
        }
    }
    return pairs > 0 ? error / (double)pairs : NAN;
}

/* Sums over the pairs; returns how many there are. */
static size_t add_pairs(const double observed[], const double forecast[], size_t n,
                        double *sum_observed, double *sum_forecast)
{
    size_t pairs = 0;
    *sum_observed = *sum_forecast = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_pair(observed[i], forecast[i])) {
            *sum_observed += observed[i];
            *sum_forecast += forecast[i];
            pairs++;
        }
    }
    return pairs;
}

double sj_score_share_distance(const double observed[], const double forecast[], size_t n)
{
    double seen, told, distance = 0;
    size_t pairs = add_pairs(observed, forecast, n, &seen, &told);
    if (pairs < 2 || !(seen > 0) || !(told > 0)) {
        return NAN;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_pair(observed[i], forecast[i])) {
            distance += fabs(forecast[i] / told - observed[i] / seen) / 2;
        }
    }
    return distance;
}

void sj_score_scale(const double observed[], const double forecast[], double scaled[], size_t n)
{
    double seen, told;
    (void)add_pairs(observed, forecast, n, &seen, &told);
    for (size_t i = 0; i < n; i++) {
        bool is_good = told > 0 && is_pair(observed[i], forecast[i]);
        scaled[i] = is_good ? forecast[i] * (seen / told) : NAN;
    }
}

int sj_coverage_add(sj_coverage *coverage, double observed, double low, double high)
{
    if (isnan(observed) || !is_pair(low, high)) {
        return -1;
    }
    int is_inside = low <= observed && observed <= high;
    coverage->n++;
    coverage->inside += (size_t)is_inside;
    return is_inside;
}

double sj_coverage_share(const sj_coverage *coverage)
{
    return coverage->n > 0 ? (double)coverage->inside / (double)coverage->n : NAN;
}
