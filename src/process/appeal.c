/* What a fund asks of donors, and what they answer (model.md 4.14): on each 1 January the price of
 * the places that its services lacked the day before, more under severe overload. Donors pledge a
 * share of it, drawn from a beta law whose mean falls year by year. */
#include "process/fund.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/date.h"

/* An appeal is no more than what a count may hold. */
static const double most_cents = 9e15;

static bool is_new_year(sj_day day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    return month == 1 && day_of_month == 1;
}

/* Cents that would buy every place that is lacking. */
static double price_of_lack(const sj_run *run, int fund)
{
    const sj_spec_fund *spec = &run->world->spec.funds.at[fund];
    double cents = 0;
    for (size_t i = 0; i < spec->spend.n; i++) {
        int service = spec->spend.at[i].ref;
        double lack = run->demand[service] - run->supply[service];
        cents += lack > 0 ? ceil(lack) * (double)sj_fund_place_cents(run, fund, service) : 0;
    }
    return cents;
}

/* The x below which a beta law has probability u, by halving: sure for every law that the keys
 * allow, and one draw is needed a year. */
static double beta_quantile(double u, double a, double b)
{
    double low = 0, high = 1;
    for (int i = 0; i < 50; i++) {
        double middle = 0.5 * (low + high);
        *(gsl_cdf_beta_P(middle, a, b) < u ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

/* The share of this year. */
static double pledged_share(sj_run *run, const sj_spec_fund *spec)
{
    double years = run->day / SJ_DAYS_A_YEAR, spread = run->value[spec->appeal.concentration];
    double mean = run->value[spec->appeal.funded_share] *
                  exp(-run->value[spec->appeal.fatigue_per_year] * years);
    if (mean <= 0 || mean >= 1) {
        return mean <= 0 ? 0 : 1;
    }
    sj_rng rng = sj_run_decide(run, "appeal", spec->item.id, "", "");
    return beta_quantile(sj_rng_uniform(&rng), mean * spread, (1 - mean) * spread);
}

static double answer_to_overload(const sj_run *run, const sj_spec_fund *spec)
{
    int country = run->world->country_of_place[spec->country];
    bool is_severe = run->utilisation[country] >= run->value[spec->appeal.severe_from];
    return is_severe ? 1 + run->value[spec->appeal.overload_response] : 1;
}

void sj_fund_appeal(sj_run *run, int fund)
{
    const sj_spec_fund *spec = &run->world->spec.funds.at[fund];
    if (spec->appeal.funded_share == SJ_NO_VALUE || !is_new_year(run->today)) {
        return;
    }
    double asked =
        fmin(floor(price_of_lack(run, fund) * answer_to_overload(run, spec)), most_cents);
    sj_fund_ask(run, fund, (int64_t)asked);
    sj_fund_pledge(run, fund, (int64_t)floor(asked * pledged_share(run, spec)));
}
