/* Boarding: whole days on a leg per person. A batch that boards is split over days by one
 * multinomial, so that cohorts and persons have the same law; the law of an edge is kept until its
 * mean changes. */
#include "process/journey_inside.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "process/route.h"

/* Law of the whole days of an edge: day j gets F(j + 1/2) - F(j - 1/2), day 1 all below 1.5. */
static sj_split *new_split(sj_run *run, int edge, double mean)
{
    const sj_world *w = run->world;
    double cv = run->value[w->spec.links.at[w->edges[edge].link].days_cv];
    double weight[SJ_LEG_DAYS];
    int n = 0, mode = 0;
    if (cv < 1e-6) {
        int day = (int)floor(mean + 0.5);
        n = day < 1 ? 1 : day > SJ_LEG_DAYS ? SJ_LEG_DAYS : day;
        for (int i = 0; i < n; i++) {
            weight[i] = i == n - 1;
        }
        mode = n - 1;
    } else {
        double shape = 1 / (cv * cv), scale = mean / shape, below = 0;
        do {
            double up_to = gsl_cdf_gamma_P(n + 1.5, shape, scale);
            weight[n] = up_to - below;
            mode = weight[n] > weight[mode] ? n : mode;
            below = up_to;
            n++;
        } while (below < 1 - 1e-12 && n < SJ_LEG_DAYS);
        weight[n - 1] += 1 - below; /* who would be longer on the way arrives on the last day */
        mode = weight[n - 1] > weight[mode] ? n - 1 : mode;
    }
    double first = weight[0];
    weight[0] = weight[mode];
    weight[mode] = first;
    run->journeys->mode_day[edge] = mode;
    run->journeys->n_days[edge] = n;
    return sj_split_new((size_t)n, weight);
}

static const sj_split *split_of(sj_run *run, int edge)
{
    sj_journeys *j = run->journeys;
    double mean = sj_edge_days(run, edge);
    if (j->leg_split[edge] == NULL || j->split_days[edge] != mean) {
        sj_split_free(j->leg_split[edge]);
        j->leg_split[edge] = new_split(run, edge, mean);
        j->split_days[edge] = mean;
        if (j->leg_split[edge] == NULL) {
            run->ledger->status = SJ_E_NOMEM;
        }
    }
    return j->leg_split[edge];
}

static void post_end(sj_run *run, int days)
{
    sj_event event = {.kind = 0, .index = 0, .data = run->day + days};
    if (sj_calendar_post(run->calendar, run->day + days, SJ_PHASE_ARRIVALS, event) == 0) {
        run->ledger->status = SJ_E_NOMEM;
    }
}

static void board_days(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot, int days)
{
    bool is_new = false;
    (void)sj_ledger_board(run->ledger, parcel, edge, slot, days, &is_new);
    if (is_new) {
        post_end(run, days);
    }
}

/* How many of n take each whole number of days on an edge. */
static void draw_days(sj_journeys *j, const sj_split *split, int edge, int64_t n, sj_rng *rng,
                      int64_t count[])
{
    int mode = j->mode_day[edge];
    sj_split_draw(split, rng, n, count);
    SJ_SWAP(int64_t, count[0], count[mode]);
}

/* Whole days that one person takes. */
static size_t draw_day(const sj_journeys *j, const sj_split *split, int edge, sj_rng *rng)
{
    size_t class = sj_split_one(split, rng), mode = (size_t)j->mode_day[edge];
    return 1 + (class == 0 ? mode : class == mode ? 0 : class);
}

/* With permits, which are drawn along with the people. */
static void board_holders(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                          const sj_split *split, sj_rng *rng)
{
    int64_t *count = run->journeys->count;
    draw_days(run->journeys, split, edge, parcel->n, rng, count);
    for (int day = 0; parcel->n > 0; day++) {
        if (count[day] == parcel->n) {
            board_days(run, parcel, edge, slot, day + 1);
        } else if (count[day] > 0) {
            sj_ledger_split(run->ledger, parcel, count[day], rng, &run->third);
            board_days(run, &run->third, edge, slot, day + 1);
        }
    }
}

static void board_some(sj_run *run, int nation, const int64_t by_group[SJ_GROUPS], int edge,
                       uint64_t slot, int days)
{
    bool is_new = false;
    (void)sj_ledger_board_groups(run->ledger, nation, by_group, edge, slot, days, &is_new);
    if (is_new) {
        post_end(run, days);
    }
}

enum { FEW = 6 };

/* Few people draw their days one by one; those of a day board together. */
static void board_few(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                      const sj_split *split, sj_rng *rng)
{
    int64_t by_group[FEW][SJ_GROUPS] = {0};
    size_t days[FEW], n = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        for (int64_t i = 0; i < parcel->by_group[g]; i++) {
            size_t day = draw_day(run->journeys, split, edge, rng), at = 0;
            while (at < n && days[at] != day) {
                at++;
            }
            n += at == n;
            days[at] = day;
            by_group[at][g]++;
        }
    }
    for (size_t i = 0; i < n; i++) {
        board_some(run, parcel->nation, by_group[i], edge, slot, (int)days[i]);
    }
    sj_parcel_open(parcel, parcel->nation);
}

/* Groups draw their days one after the other; the people of a day board together. */
static void board_groups(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                         const sj_split *split, sj_rng *rng)
{
    sj_journeys *j = run->journeys;
    int n_days = j->n_days[edge];
    int64_t left = parcel->n;
    for (int g = 0; g < SJ_GROUPS; g++) {
        int64_t *count = j->by_day + g * n_days;
        if (parcel->by_group[g] > 0) {
            draw_days(j, split, edge, parcel->by_group[g], rng, count);
        } else {
            memset(count, 0, (size_t)n_days * sizeof count[0]);
        }
    }
    for (int day = 0; day < n_days && left > 0; day++) {
        int64_t by_group[SJ_GROUPS], n = 0;
        for (int g = 0; g < SJ_GROUPS; g++) {
            by_group[g] = j->by_day[g * n_days + day];
            n += by_group[g];
        }
        if (n > 0) {
            board_some(run, parcel->nation, by_group, edge, slot, day + 1);
            left -= n;
        }
    }
    sj_parcel_open(parcel, parcel->nation);
}

void sji_board(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot, sj_rng *rng)
{
    const sj_split *split = split_of(run, edge);
    if (split == NULL || parcel->n == 0) {
        return;
    }
    sj_ledger_end_cases(run->ledger, parcel, false);
    if (parcel->permits.n > 0) {
        board_holders(run, parcel, edge, slot, split, rng);
        return;
    }
    sj_parcel_mix(parcel);
    if (parcel->n <= FEW) {
        board_few(run, parcel, edge, slot, split, rng);
    } else {
        board_groups(run, parcel, edge, slot, split, rng);
    }
}
