/* Money that buys places: pledges, of the scenario or in answer to an appeal, arrive late, pay
 * their overhead, and order whole places by fixed shares; a project is built at once, runs for its
 * years and is taken down (model.md 4.14). All in cents, and the running cost of a day is a
 * difference of rounded totals, so that nothing is lost to rounding. */
#include "process/fund.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/capacity.h"

/* Places that one disbursement has ordered for one service. */
typedef struct project {
    int fund, service;
    int64_t places;
    int opens, days;   /* day of the run they come into use, and for how many days */
    int64_t run_cents; /* to be paid in equal parts on those days */
    int64_t paid_cents;
} project;

/* Promised money on its way. */
typedef struct promise {
    int fund;
    int due; /* day of the run */
    int64_t cents;
} promise;

struct sj_funds {
    sj_account *account;
    SJ_VEC(promise) promises;
    SJ_VEC(project) projects;
};

sj_account sj_fund_account(const sj_run *run, int fund)
{
    return run->funds->account[fund];
}

static bool create(sj_run *run)
{
    run->funds = sj_calloc(1, sizeof *run->funds);
    if (run->funds == NULL) {
        return false;
    }
    run->funds->account = sj_calloc(run->world->spec.funds.n, sizeof(sj_account));
    return run->funds->account != NULL;
}

static void destroy(sj_run *run)
{
    if (run->funds != NULL) {
        free(run->funds->account);
        sj_vec_clear(&run->funds->promises);
        sj_vec_clear(&run->funds->projects);
        free(run->funds);
        run->funds = NULL;
    }
}

static const sj_spec_unit_cost *unit_cost(const sj_world *w, int service)
{
    for (size_t i = 0; i < w->spec.unit_costs.n; i++) {
        const sj_spec_unit_cost *cost = &w->spec.unit_costs.at[i];
        const char *sector = sj_sector_words[w->spec.services.at[service].sector];
        if (strcmp(cost->item.id, sector) == 0) {
            return cost;
        }
    }
    return NULL;
}

/* Cents to build a place, and to run it for the years of the fund. */
static void price(const sj_run *run, int fund, int service, int64_t *build, int64_t *run_one)
{
    const sj_spec_unit_cost *cost = unit_cost(run->world, service);
    double years = run->value[run->world->spec.funds.at[fund].run_years];
    *build = cost == NULL ? 0 : llround(100 * run->value[cost->build_usd_per_place]);
    *run_one = cost == NULL ? 0 : llround(100 * years * run->value[cost->run_usd_per_place_year]);
}

int64_t sj_fund_place_cents(const sj_run *run, int fund, int service)
{
    int64_t build, run_one;
    price(run, fund, service, &build, &run_one);
    return build + run_one;
}

/* Whole places that the money buys and runs for the fund's years. */
static void order(sj_run *run, int fund, int service, int64_t cents)
{
    const sj_spec_unit_cost *cost = unit_cost(run->world, service);
    int64_t build, run_one;
    price(run, fund, service, &build, &run_one);
    if (build + run_one <= 0) {
        return;
    }
    double years = run->value[run->world->spec.funds.at[fund].run_years];
    int64_t places = cents / (build + run_one);
    project p = {.fund = fund,
                 .service = service,
                 .places = places,
                 .opens = run->day + (int)run->value[cost->delay_days],
                 .days = (int)lround(SJ_DAYS_A_YEAR * years),
                 .run_cents = places * run_one};
    if (places == 0) {
        return;
    }
    p.days = p.days < 1 ? 1 : p.days;
    sj_account *a = &run->funds->account[fund];
    a->built += places * build;
    a->balance -= places * build;
    if (!sj_vec_push(&run->funds->projects, p)) {
        run->ledger->status = SJ_E_NOMEM;
    }
}

/* The overhead is spent on the day, the shares of the rest are rounded down to the cent. */
static void disburse(sj_run *run, int fund, int64_t cents)
{
    const sj_spec_fund *spec = &run->world->spec.funds.at[fund];
    sj_account *a = &run->funds->account[fund];
    int64_t overhead = llround(run->value[spec->overhead] * (double)cents);
    a->received += cents;
    a->overhead += overhead;
    a->balance += cents - overhead;
    for (size_t i = 0; i < spec->spend.n; i++) {
        double share = run->value[spec->spend.at[i].value];
        order(run, fund, spec->spend.at[i].ref, (int64_t)floor(share * (double)(cents - overhead)));
    }
}

/* One day of a project: it opens, is paid in equal parts (rounded cumulatively), and closes. */
static void step_project(sj_run *run, project *p)
{
    int age = run->day - p->opens;
    if (age == 0) {
        sj_capacity_add(run, p->service, p->places);
    }
    if (age >= 0 && age < p->days) {
        int64_t due = (int64_t)llround((double)p->run_cents * (age + 1) / p->days);
        sj_account *a = &run->funds->account[p->fund];
        a->run += due - p->paid_cents;
        a->balance -= due - p->paid_cents;
        p->paid_cents = due;
    }
    if (age == p->days) {
        sj_capacity_add(run, p->service, -p->places);
    }
}

void sj_fund_ask(sj_run *run, int fund, int64_t cents)
{
    run->funds->account[fund].appealed += cents;
}

void sj_fund_pledge(sj_run *run, int fund, int64_t cents)
{
    promise p = {.fund = fund,
                 .due = run->day + (int)run->value[run->world->spec.funds.at[fund].lag_days],
                 .cents = cents};
    run->funds->account[fund].pledged += cents;
    if (!sj_vec_push(&run->funds->promises, p)) {
        run->ledger->status = SJ_E_NOMEM;
    }
}

/* Pledges of before the start are on their way on its first day. */
static void begin(sj_run *run)
{
    const sj_world *w = run->world;
    for (int f = 0; f < (int)w->spec.funds.n; f++) {
        const sj_spec_fund *fund = &w->spec.funds.at[f];
        for (size_t i = 0; i < fund->pledges.n; i++) {
            int due = fund->pledges.at[i].day + (int)run->value[fund->lag_days] - w->start;
            promise p = {f, due, llround(100 * run->value[fund->pledges.at[i].value])};
            if (fund->pledges.at[i].day < w->start && due >= 0 &&
                !sj_vec_push(&run->funds->promises, p)) {
                run->ledger->status = SJ_E_NOMEM;
            }
        }
    }
}

static void pledge_by_date(sj_run *run, int f)
{
    const sj_spec_fund *fund = &run->world->spec.funds.at[f];
    for (size_t i = 0; i < fund->pledges.n; i++) {
        if (fund->pledges.at[i].day == run->today) {
            sj_fund_pledge(run, f, llround(100 * run->value[fund->pledges.at[i].value]));
        }
    }
}

/* Appeals and pledges of today, those that fall due, then a day of every project. */
static void review(sj_run *run)
{
    for (int f = 0; f < (int)run->world->spec.funds.n; f++) {
        pledge_by_date(run, f);
        sj_fund_appeal(run, f);
    }
    for (size_t i = 0; i < run->funds->promises.n; i++) {
        promise p = run->funds->promises.at[i];
        if (p.due == run->day) {
            disburse(run, p.fund, p.cents);
        }
    }
    for (size_t i = 0; i < run->funds->projects.n; i++) {
        step_project(run, &run->funds->projects.at[i]);
    }
}

static sj_status verify(const sj_run *run, sj_err *err)
{
    for (size_t f = 0; f < run->world->spec.funds.n; f++) {
        const sj_account *a = &run->funds->account[f];
        if (a->received != a->overhead + a->built + a->run + a->balance || a->balance < 0) {
            return SJ_FAIL(err, SJ_E_CONSERVATION, "funds",
                           "fund %s: received %lld, spent %lld, balance %lld cents",
                           run->world->spec.funds.at[f].item.id, (long long)a->received,
                           (long long)(a->overhead + a->built + a->run), (long long)a->balance);
        }
    }
    return SJ_OK;
}

const sj_process_kind sj_fund_process = {
    .name = "funds",
    .doc = "pledges, disbursement, places bought and run, in cents",
    .switch_off = SJ_PROCESS_FUNDS,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .verify = verify,
    .steps = {{SJ_PHASE_MONEY, SJ_DAILY, review}},
    .n_steps = 1};
