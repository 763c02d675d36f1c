#include "analysis/baseline.h"

#include <math.h>

#include "analysis/score.h"

const sj_rolling sj_rolling_table[SJ_N_ROLLING] = {{"last value", sj_rolling_last},
                                                   {"AR(1), 36 months", sj_rolling_ar1},
                                                   {"12-month trend", sj_rolling_trend},
                                                   {"seasonal mean", sj_rolling_seasonal},
                                                   {"damped momentum", sj_rolling_damped}};

static const double smoothing = 0.2, damping = 0.6;

/* Sums of a straight line through pairs (x, y). */
typedef struct line {
    size_t n;
    double x, y, xx, xy; /* means, and sums of squares and products about them */
} line;

/* One more pair; the sums stay exact about the means (Welford 1962). */
static void add_pair(line *l, double x, double y)
{
    double dx = x - l->x;
    l->n++;
    l->x += dx / (double)l->n;
    l->xx += dx * (x - l->x);
    l->y += (y - l->y) / (double)l->n;
    l->xy += dx * (y - l->y);
}

static size_t first_of(size_t t, size_t months)
{
    return t + 1 > months ? t + 1 - months : 0;
}

double sj_rolling_last(const double x[], size_t t, int h)
{
    (void)h;
    return x[t];
}

double sj_rolling_ar1(const double x[], size_t t, int h)
{
    line l = {0};
    for (size_t i = first_of(t, SJ_AR1_MONTHS); i < t; i++) {
        if (!isnan(x[i]) && !isnan(x[i + 1])) {
            add_pair(&l, x[i], x[i + 1]);
        }
    }
    if (l.n < 2) {
        return NAN;
    }
    double slope = l.xx > 0 ? l.xy / l.xx : 0;
    slope = slope < 0 ? 0 : slope > 1 ? 1 : slope;
    double value = x[t], constant = l.y - slope * l.x;
    for (int i = 0; i < h; i++) {
        value = constant + slope * value;
    }
    return value;
}

double sj_rolling_trend(const double x[], size_t t, int h)
{
    line l = {0};
    size_t first = first_of(t, SJ_TREND_MONTHS);
    for (size_t i = first; i <= t; i++) {
        if (!isnan(x[i])) {
            add_pair(&l, (double)(i - first), x[i]);
        }
    }
    if (l.n < 2 || isnan(x[t])) {
        return NAN;
    }
    return l.y + l.xy / l.xx * ((double)(t - first) + h - l.x);
}

double sj_rolling_seasonal(const double x[], size_t t, int h)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = (t + (size_t)h) % 12; i <= t; i += 12) {
        if (!isnan(x[i])) {
            sum += x[i];
            n++;
        }
    }
    return n > 0 ? sum / (double)n : NAN;
}

double sj_rolling_damped(const double x[], size_t t, int h)
{
    double growth = 0, weight = 1, sum = 0;
    for (size_t i = 1; i <= t; i++) {
        double now = x[i] - x[i - 1];
        if (!isnan(now)) {
            growth = (1 - smoothing) * growth + smoothing * now;
        }
    }
    for (int i = 0; i < h; i++) {
        weight *= damping;
        sum += weight;
    }
    return x[t] + growth * sum;
}

double sj_step_no_change(const sj_history *history)
{
    return history->last;
}

double sj_step_increment(const sj_history *history)
{
    if (!(history->step > 0)) {
        return NAN;
    }
    double per_time = (history->last - history->before_last) / history->step;
    double value = history->last + per_time * history->ahead;
    return isnan(value) || value > 0 ? value : 0;
}

double sj_step_growth(const sj_history *history)
{
    if (!(history->last > 0 && history->before_last > 0 && history->step > 0)) {
        return NAN;
    }
    return history->last *
           pow(history->last / history->before_last, history->ahead / history->step);
}

double sj_step_fluid(double backlog, double applications, double completions, double periods)
{
    double value = backlog + applications - completions * periods;
    return isnan(value) || value > 0 ? value : 0;
}

void sj_step_shares(const double observed[], const double last[], double out[], size_t n)
{
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        pairs += !isnan(observed[i]) && !isnan(last[i]);
    }
    sj_score_scale(observed, last, out, n);
    for (size_t i = 0; pairs < 2 && i < n; i++) {
        out[i] = NAN;
    }
}
