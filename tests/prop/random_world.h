/**
 * @file random_world.h
 * @brief Texts of small random scenarios: two to five countries with whatever may go wrong in them.
 *
 * Everything extreme is meant: nobody, one person, 2^31 people, no capacity, everybody caught or
 * dead, half a slot a day, hazards of a hundred a year. The same number gives the same text.
 */
#ifndef SJ_TESTS_PROP_RANDOM_WORLD_H
#define SJ_TESTS_PROP_RANDOM_WORLD_H
#include <inttypes.h>

#include "base/date.h"
#include "base/str.h"
#include "num/rng.h"

typedef struct maker {
    sj_rng rng;
    sj_str text;
    int countries, programmes, channels, links;
    bool has_city[5], has_node[5], has_outside, by_person, has_regular;
    int64_t population[5];
} maker;

static int below(maker *m, int n)
{
    return (int)sj_rng_below(&m->rng, (uint64_t)n);
}

static bool maybe(maker *m, double p)
{
    return sj_rng_uniform(&m->rng) < p;
}

static double one_of(maker *m, int n, const double list[])
{
    return list[below(m, n)];
}
#define ONE_OF(m, ...)                                                                             \
    one_of((m), (int)(sizeof((double[]){__VA_ARGS__}) / sizeof(double)), (double[]){__VA_ARGS__})

#define SAY(m, ...) sj_str_printf(&(m)->text, __VA_ARGS__)

static void make_places(maker *m)
{
    SAY(m, "'places':{");
    for (int c = 0; c < m->countries; c++) {
        m->population[c] = (int64_t)(m->by_person ? ONE_OF(m, 1, 40, 3000)
                                                  : ONE_OF(m, 1, 2, 900, 50000, 3e6, 0x1p31));
        m->has_city[c] = maybe(m, 0.4);
        m->has_node[c] = maybe(m, 0.4);
        SAY(m,
            "%s'c%d':{'kind':'country','population':%" PRId64 ",'income_usd_per_year':%g,"
            "'xenophobia_start':%g,'leave_per_day':%g,'turn_share':%g,"
            "'default_status_shares':{'guest':%s}}",
            c > 0 ? "," : "", c, m->population[c], ONE_OF(m, 0, 500, 30000), ONE_OF(m, 0, 0.2, 1),
            ONE_OF(m, 0, 0.3, 1), ONE_OF(m, 0, 0.5, 1),
            maybe(m, 0.5) ? "1" : "0.3,'none':0.3,'asked':0.4");
        if (m->has_city[c]) {
            SAY(m,
                ",'t%d':{'kind':'city','parent':'c%d','population':%" PRId64 ",'settle_weight':%g}",
                c, c, (int64_t)((double)m->population[c] * ONE_OF(m, 0, 0.3, 1)),
                ONE_OF(m, 0.5, 3));
        }
        if (m->has_node[c]) {
            SAY(m, ",'n%d':{'kind':'node','parent':'c%d','leave_per_day':%g,'turn_share':%g}", c, c,
                ONE_OF(m, 0, 0.2, 1), ONE_OF(m, 0, 0.1, 1));
        }
    }
    if (m->has_outside) {
        SAY(m, ",'sea':{'kind':'outside','population':1000000,'income_usd_per_year':3000}");
    }
    SAY(m, "},\n");
}

static void make_peoples(maker *m)
{
    SAY(m, "'nationalities':{");
    for (int c = 0; c < m->countries; c++) {
        SAY(m, "%s'p%d':{'home':'c%d','departs':%s%s}", c > 0 ? "," : "", c, c,
            maybe(m, 0.8) ? "true" : "false",
            maybe(m, 0.3) ? ",'group_shares':{'0-4':0.5,'60+':0.5}" : "");
    }
    if (m->has_outside) {
        SAY(m, ",'px':{'home':'sea','inflow_per_year':%g}", ONE_OF(m, 0, 50, 4000));
    }
    SAY(m, "},\n'stocks':{");
    for (int c = 0; c < m->countries; c++) {
        int d = (c + 1) % m->countries;
        double share = m->has_city[d] ? ONE_OF(m, 0, 0.1, 0.3) : ONE_OF(m, 0, 0.1, 0.4, 0.9);
        int64_t n = (int64_t)((double)m->population[d] * share);
        SAY(m, "%s'p%d':{'c%d':{'count':%" PRId64 ",'settled_last_year':%g%s}}", c > 0 ? "," : "",
            c, d, n, n < 40 ? 0 : ONE_OF(m, 0, 40),
            maybe(m, 0.5) ? ",'permit_expiry':{'guest':{'from':'2022-01-01','to':'2022-06-30'}}"
                          : "");
    }
    SAY(m, "},\n");
}

static void make_statuses(maker *m)
{
    SAY(m,
        "'statuses':{"
        "'guest':{'standing':'temporary','rights':{'work':true}},"
        "'none':{'standing':'none','birth_factor':2},"
        "'asked':{'standing':'temporary','rights':{'school':true},'work_after_days':%g},"
        "'card':{'standing':'permanent','rights':{'work':true,'school':true,'health':true}}},\n",
        ONE_OF(m, 0, 20));
}

static void make_channels(maker *m)
{
    SAY(m, "'channels':{");
    SAY(m,
        "'bus':{'class':'regular','to':['c0','c1'],'entry_status':'guest','stay_days':%g,"
        "'lapses_to':'none'}",
        ONE_OF(m, 1, 9, 60, 500));
    SAY(m, ",'path':{'class':'irregular','to':['c0','c1'%s],'entry_status':'none'}",
        m->countries > 2 ? ",'c2'" : "");
    if (m->programmes > 0) {
        SAY(m, ",'ask':{'class':'%s','to':['c0'],'entry_status':'asked','applies':'q0'}",
            maybe(m, 0.5) ? "irregular" : "regular");
    }
    if (m->programmes > 2) {
        SAY(m, ",'visa':{'class':'regular','to':['c1'],'entry_status':'card','requires':'q2'}");
    }
    SAY(m, "},\n");
}

static const char *random_end(maker *m, char name[16], int other)
{
    int c = below(m, m->countries);
    c = c == other ? (c + 1) % m->countries : c;
    char kind = m->has_node[c] && maybe(m, 0.4) ? 'n' : m->has_city[c] && maybe(m, 0.5) ? 't' : 'c';
    (void)snprintf(name, 16, "%c%d", kind, c);
    return name;
}

static void make_links(maker *m)
{
    char from[16], to[16];
    m->links = 2 * m->countries + (m->has_outside ? 2 : 0);
    SAY(m, "'links':{");
    for (int i = 0; i < m->links; i++) {
        const char *tail = random_end(m, from, -1), *head = random_end(m, to, from[1] - '0');
        if (m->has_outside && i >= m->links - 2) {
            tail = "sea";
        } else if (i < m->countries) { /* a ring, so that there is a way */
            (void)snprintf(from, sizeof from, "c%d", i);
            (void)snprintf(to, sizeof to, "c%d", (i + 1) % m->countries);
        }
        SAY(m,
            "%s'l%d':{'from':'%s','to':'%s','both_ways':%s,'km':%g,'mode':'motor','cost_usd':%g,"
            "'classes':[%s],'days_cv':%g,'death_per_journey':%g,'caught':%g,'retry':%g,"
            "'policy_cost':%g}",
            i > 0 ? "," : "", i, tail, head, maybe(m, 0.6) ? "true" : "false",
            ONE_OF(m, 10, 400, 1500), ONE_OF(m, 0, 100, 4000),
            i == 0 || maybe(m, 0.4) ? "'regular','irregular'"
            : maybe(m, 0.5)         ? "'regular'"
                                    : "'irregular'",
            ONE_OF(m, 0, 0.4, 0.8), ONE_OF(m, 0, 0, 0.1, 1), ONE_OF(m, 0, 0, 0.4, 1),
            ONE_OF(m, 0, 0.5, 1), ONE_OF(m, 0, 3));
    }
    SAY(m, "},\n");
    if (maybe(m, 0.6)) {
        SAY(m, "'posts':{'gate':{'link':'l0','slots_per_day':%g,'calendar':'%s','admitted':%g}},\n",
            ONE_OF(m, 0, 0.5, 20, 1e6), maybe(m, 0.5) ? "all" : "mon-fri", ONE_OF(m, 0, 0.5, 1));
    }
}

static void make_stage(maker *m, const char *name, int order, const char *fail)
{
    static const char *const how[] = {"fifo", "lifo", "fifo", "random"};
    bool by_chance = false;
    SAY(m, "'%s':{'order':%d,", name, order);
    switch (below(m, 3)) {
    case 0:
        SAY(m, "'slots_per_day':%g,", ONE_OF(m, 0, 0.5, 7, 1e8));
        break;
    case 1:
        SAY(m, "'officers':%g,'cases_per_officer_day':%g,", ONE_OF(m, 0, 3, 1e4),
            ONE_OF(m, 0.1, 2));
        break;
    default:
        by_chance = true;
        SAY(m, "'served_per_day':%g,", ONE_OF(m, 0, 0.1, 1));
    }
    SAY(m,
        "'discipline':'%s','no_show':%g,'lost_if_no_show':%g,'handover_days':%g,'pass':%g,"
        "'fail':'%s','share':%g}",
        how[below(m, 4)], ONE_OF(m, 0, 0.4, 1), ONE_OF(m, 0, 0.3, 1),
        by_chance ? 0 : ONE_OF(m, 0, 5), ONE_OF(m, 0, 0.6, 1), fail, ONE_OF(m, 0, 0.5, 1));
}

/* q0: asylum with an appeal; q1: a card with renewal; q2: a visa. */
static void make_programme(maker *m, int q)
{
    SAY(m, "%s'q%d':{'country':'c%d',", q > 0 ? "," : "", q, q == 2 ? 1 : 0);
    if (q == 0) {
        SAY(m, "'pending_status':'asked',");
    }
    if (q != 2) {
        SAY(m, "'windows':{'w':{'opens':'2022-01-%02d',%s'eligible':{'statuses':['none'%s]%s}}%s},",
            1 + below(m, 20), maybe(m, 0.5) ? "'closes':'2022-03-09'," : "",
            maybe(m, 0.5) ? ",'guest'" : "", maybe(m, 0.5) ? ",'entered_before':'2022-01-20'" : "",
            q == 1 && maybe(m, 0.6)
                ? ",'v':{'opens':'2022-01-01','eligible':{'statuses':['card','guest'],"
                  "'permit_expires_within_days':12}}"
                : "");
    }
    SAY(m, "'take_up':{'rate_per_day':%g,'opening_factor':%g},'stages':{", ONE_OF(m, 0, 0.05, 2),
        ONE_OF(m, 0, 6));
    make_stage(m, "s1", 1, q == 0 ? "s9" : maybe(m, 0.5) ? "none" : "none");
    SAY(m, ",");
    make_stage(m, "s2", 2, maybe(m, 0.5) ? "none" : "guest");
    if (q == 0) {
        SAY(m, ",");
        make_stage(m, "s9", 9, "none");
    }
    SAY(m, "},'closure_per_year':%g,'reapply_days':%g,'hire_lag_days':%g,'cost_usd_per_case':3.07",
        ONE_OF(m, 0, 2), ONE_OF(m, 0, 5, -1), ONE_OF(m, 0, 30));
    if (maybe(m, 0.5)) {
        SAY(m, ",'acts':{'a':{'date':'2022-02-10','rule':'%s','n':%g}}",
            maybe(m, 0.5) ? "close" : "grant", ONE_OF(m, 0, 10, 1e9));
    }
    SAY(m, ",'outcome':{%s}}",
        q == 2   ? "'channel':'visa'"
        : q == 1 ? "'status':'guest','permit_days':14,'lapses_to':'none'"
                 : "'status':'card'");
}

static void make_integration(maker *m)
{
    if (maybe(m, 0.7)) {
        SAY(m,
            "'chains':{'work':{'groups':['18-59'],'start':'unemployed','limbo':%s,'moves':{"
            "'unemployed>informal':{'per_year':%g,'service':'labour'},"
            "'informal>formal':{'per_year':%g,'without_right':{'work':0}},"
            "'formal>unemployed':{'per_year':%g}}},"
            "'health':{'groups':['0-4','5-17','18-59','60+'],'start':'out','start_shares':"
            "{'out':0.5,'covered':0.5},'moves':{'out>covered':{'per_year':%g,'service':'health'},"
            "'covered>out':{'per_year':0}}}},\n",
            maybe(m, 0.5) ? "true" : "false", ONE_OF(m, 3, 100), ONE_OF(m, 0.1, 5),
            ONE_OF(m, 0.2, 50), ONE_OF(m, 0, 2));
    }
    SAY(m,
        "'services':{'beds':{'place':'%s','sector':'shelter','capacity':%g,'need':"
        "{'first_days':%g,'per_person':0.5}},"
        "'jobs':{'place':'c0','sector':'labour','capacity':%g,'host_use':%g,'need':"
        "{'groups':['18-59'],'per_person':1}},"
        "'clinic':{'place':'c1','sector':'health','capacity':%g,'need':{'statuses':['none'],"
        "'per_person':1}}},\n",
        m->has_city[0] ? "t0" : "c0", ONE_OF(m, 0, 5, 1e6), ONE_OF(m, 1, 30, 365),
        ONE_OF(m, 0, 50, 1e9), ONE_OF(m, 0, 10), ONE_OF(m, 0, 3));
    SAY(m,
        "'unit_costs':{'shelter':{'build_usd_per_place':%g,'run_usd_per_place_year':%g,"
        "'delay_days':%g}},\n'funds':{'f':{'country':'c0','overhead':%g,'lag_days':5,'pledges':"
        "{'2022-01-03':%g,'2022-02-01':1},'spend':{'beds':%g},'run_years':%g}},\n",
        ONE_OF(m, 0, 0.07, 1500), ONE_OF(m, 0.01, 600), ONE_OF(m, 0, 20), ONE_OF(m, 0, 0.12, 1),
        ONE_OF(m, 0, 12.34, 1e6), ONE_OF(m, 0, 0.5, 1), ONE_OF(m, 0.02, 1));
}

static void make_policies(maker *m)
{
    char link[16] = "*";
    if (maybe(m, 0.7)) {
        (void)snprintf(link, sizeof link, "l%d", below(m, m->links));
    }
    SAY(m,
        "'policies':{'shut':{'marked':%s,'tightening':['p0'],'ops':[{'at':'/links/%s/open','set':"
        "false,'from':'2022-01-%02d','to':'2022-%s-01','announced':'2022-01-05'}]},"
        "'ban':{'marked':%s,'ops':[{'at':'/channels/*/open','set':false,'where':{'class':'%s'},"
        "'when':{'metric':'arrivals','place':'c0','above':%g,'for_days':2},'release':"
        "{'metric':'xenophobia','place':'c0','below':%g,'for_days':3}}]},"
        "'more':{'ops':[{'at':'/services/{beds,jobs}/capacity','add':%g,'from':'2022-01-20',"
        "'ramp_days':30},{'at':'/services/*/capacity','scale':%g,'when':{'metric':'utilisation',"
        "'place':'c0','above':0.5}}]}},\n",
        maybe(m, 0.5) ? "true" : "false", link, 6 + below(m, 20), maybe(m, 0.5) ? "03" : "12",
        maybe(m, 0.5) ? "true" : "false", maybe(m, 0.5) ? "regular" : "irregular",
        ONE_OF(m, 0, 5, 1e6), ONE_OF(m, 0.1, 0.9), ONE_OF(m, -50, 400), ONE_OF(m, 0, 0.5, 3));
}

static void make_rates(maker *m)
{
    SAY(m,
        "'departure':{'rate_per_year':%g},'onward':{'rate_per_year':%g},"
        "'return':{'rate_per_year':%g},'demography':{'births_per_adult_year':%g,"
        "'deaths_per_1000_year':{'0-4':%g,'60+':%g}},'noise':{'channel_sd':%g,'pool_sd':%g},"
        "'choice':{'access':{'p0':%g,'p1':%g},'home':%g}\n",
        ONE_OF(m, 0, 0.02, 2), ONE_OF(m, 0, 0.1, 2), ONE_OF(m, 0, 0.1, 2), ONE_OF(m, 0, 0.03, 1),
        ONE_OF(m, 1, 1000), ONE_OF(m, 30, 1000), ONE_OF(m, 0, 0.5), ONE_OF(m, 0, 0.5),
        ONE_OF(m, 0, 0.5, 1), ONE_OF(m, 0, 1), ONE_OF(m, -20, -1, 20));
}

/** The text of world number `number`; the caller clears it. */
static sj_str random_world(uint64_t number)
{
    maker m = {.rng = sj_rng_start(sj_rng_key_of(4711, number), 1, 0, 0)};
    m.countries = 2 + below(&m, 4);
    m.programmes = below(&m, 4);
    m.has_outside = maybe(&m, 0.3);
    m.by_person = maybe(&m, 0.35);
    int day = 60 + below(&m, m.by_person ? 60 : 340);
    SAY(&m, "{'format':'sojourn-scenario/1','id':'w%" PRIu64 "',", number);
    sj_day end = sj_day_of(2022, 1, 1) + day;
    char date[SJ_DATE_TEXT];
    sj_day_format(end, date);
    SAY(&m, "'time':{'start':'2022-01-01','end':'%s'},'run':{'resolution':'%s'},\n", date,
        m.by_person ? "person" : "cohort");
    make_places(&m);
    make_peoples(&m);
    make_statuses(&m);
    make_channels(&m);
    make_links(&m);
    SAY(&m, "'programmes':{");
    for (int q = 0; q < m.programmes; q++) {
        make_programme(&m, q);
    }
    SAY(&m, "},\n");
    make_integration(&m);
    make_policies(&m);
    make_rates(&m);
    SAY(&m, "}");
    return m.text;
}
#endif /* SJ_TESTS_PROP_RANDOM_WORLD_H */
