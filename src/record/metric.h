/**
 * @file metric.h
 * @brief The table of metrics: every name that a table of results can hold.
 *
 * One row a metric: id, unit, kind, meaning. `list metrics`, the manifest and
 * the recorder read it. A level is the state at a date; a flow is what
 * happened since the record before; a total is a flow since the start.
 * Floor 4 (record).
 */
#ifndef SJ_RECORD_METRIC_H
#define SJ_RECORD_METRIC_H
#include <stddef.h>

typedef enum sj_metric_kind { SJ_METRIC_LEVEL, SJ_METRIC_FLOW, SJ_METRIC_TOTAL } sj_metric_kind;

/* id, unit, kind, place, item, meaning */
#define SJ_METRICS(X)                                                                              \
    X(STOCK, "stock", "persons", LEVEL, "country, leaf", "status", "people present")               \
    X(STOCK_PUBLISHED, "stock_published", "persons", LEVEL, "country", "",                         \
      "foreigners as the host publishes them (/published); where it has no count of a people, "    \
      "those present, at its nodes too")                                                           \
    X(FOREIGN, "foreign", "persons", LEVEL, "country, leaf", "",                                   \
      "residents of other nationalities, in transit too")                                          \
    X(HOME_POOL, "home_pool", "persons", LEVEL, "country", "", "nationals at home")                \
    X(ON_LINK, "on_link", "persons", LEVEL, "ALL", "", "people on links")                          \
    X(ARRIVALS, "arrivals", "persons", FLOW, "country, leaf", "channel",                           \
      "journeys that ended with settling")                                                         \
    X(ENTRIES, "entries", "persons", FLOW, "country", "class of channel",                          \
      "people who crossed into the country, to stay or to pass")                                   \
    X(DEPARTURES, "departures", "persons", FLOW, "home country", "",                               \
      "nationals who set out from home")                                                           \
    X(ATTRIBUTION, "attribution", "persons", FLOW, "home country", "cause",                        \
      "expected departures that a cause made; adds up exactly, may be negative")                   \
    X(RETURNS, "returns", "persons", FLOW, "country", "",                                          \
      "settled foreigners who set out for home")                                                   \
    X(ONWARD, "onward", "persons", FLOW, "country", "",                                            \
      "settled foreigners who set out for another country")                                        \
    X(DEATHS, "deaths", "persons", FLOW, "country, leaf, link", "",                                \
      "deaths at places and on links")                                                             \
    X(CAUGHT, "caught", "persons", FLOW, "link", "", "captures: events, not people")               \
    X(CROSSINGS, "crossings", "persons", FLOW, "link", "",                                         \
      "got to the end of the link, from -> to only: those of flows.csv and those caught there, "   \
      "not the dead; a person counts each time")                                                   \
    X(IRREGULAR_SHARE, "irregular_share", "share", LEVEL, "country", "",                           \
      "share of the period's arrivals by irregular channels")                                      \
    X(REGULAR_SHARE, "regular_share", "share", LEVEL, "country", "",                               \
      "settled foreigners whose status has a standing")                                            \
    X(QUEUE_LENGTH, "queue_length", "persons", LEVEL, "country", "programme/stage, post",          \
      "people waiting")                                                                            \
    X(QUEUE_AGE, "queue_age_p50", "days", LEVEL, "country", "programme/stage, post",               \
      "median days since joining the queue")                                                       \
    X(WAIT_P50, "wait_p50", "days", LEVEL, "country", "programme/stage, post",                     \
      "median wait of all served so far")                                                          \
    X(WAIT_P90, "wait_p90", "days", LEVEL, "country", "programme/stage, post",                     \
      "90 % quantile of that wait")                                                                \
    X(COMPLETED, "completed", "persons", FLOW, "country", "programme/stage, post",                 \
      "people who passed the stage")                                                               \
    X(APPLIED_TOTAL, "applied_total", "persons", TOTAL, "country", "programme", "applications")    \
    X(COMPLETED_TOTAL, "completed_total", "persons", TOTAL, "country", "programme/stage, post",    \
      "people who passed the stage")                                                               \
    X(GRANTED_TOTAL, "granted_total", "persons", TOTAL, "country", "programme", "cases granted")   \
    X(REFUSED_TOTAL, "refused_total", "persons", TOTAL, "country", "programme", "cases refused")   \
    X(DEMAND, "demand", "places", LEVEL, "country, place of service", "sector",                    \
      "places needed, hosts' use too")                                                             \
    X(CAPACITY, "capacity", "places", LEVEL, "country, place of service", "sector",                \
      "places there are")                                                                          \
    X(UTILISATION, "utilisation", "ratio", LEVEL, "country, place of service", "sector",           \
      "demand over capacity; inf without capacity")                                                \
    X(SERVICE_LEVEL, "service_level", "share", LEVEL, "place of service", "sector",                \
      "min(1, capacity/demand)")                                                                   \
    X(UNMET_NEED, "unmet_need", "places", LEVEL, "country, place of service", "sector",            \
      "demand beyond capacity")                                                                    \
    X(OVERLOAD, "overload_person_days", "person-days", FLOW, "country, place of service",          \
      "sector", "area of unmet need over time")                                                    \
    X(EMPLOYED, "employed", "persons", LEVEL, "country", "status",                                 \
      "settled foreigners 18-59 with work")                                                        \
    X(EMPLOYMENT, "employment_rate", "share", LEVEL, "country", "status",                          \
      "share of settled foreigners 18-59 with work")                                               \
    X(FORMAL, "formal_share", "share", LEVEL, "country", "status", "of those, in formal work")     \
    X(ENROLMENT, "enrolment_rate", "share", LEVEL, "country", "status",                            \
      "settled foreigners 5-17 at school")                                                         \
    X(HEALTH, "health_coverage", "share", LEVEL, "country", "status",                              \
      "settled foreigners with health cover")                                                      \
    X(INDEX, "integration_index", "index", LEVEL, "country", "status",                             \
      "mean of the sub-scores whose chains exist")                                                 \
    X(XENOPHOBIA, "xenophobia", "index", LEVEL, "country", "", "hostility of opinion, 0 to 1")     \
    X(PERMITS, "permits_valid", "permits", LEVEL, "ALL", "", "permits and stays in force")         \
    X(APPEALED, "appealed_usd", "USD", FLOW, "country", "fund", "asked of donors")                 \
    X(PLEDGED, "pledged_usd", "USD", FLOW, "country", "fund",                                      \
      "promised by donors, in answer to an appeal or by date")                                     \
    X(BALANCE, "fund_balance_usd", "USD", LEVEL, "country", "fund", "money not yet spent")         \
    X(SPENT, "spent_usd", "USD", FLOW, "country", "fund, programme", "money spent")

typedef enum sj_metric {
#define X(name, id, unit, kind, place, item, doc) SJ_##name,
    SJ_METRICS(X)
#undef X
        SJ_N_METRICS
} sj_metric;

typedef struct sj_metric_row {
    const char *id, *unit;
    sj_metric_kind kind;
    const char *place, *item, *doc;
} sj_metric_row;

/** @brief All metrics, by number. */
extern const sj_metric_row sj_metric_table[SJ_N_METRICS];

/** @brief Number of a metric by id, -1 where none. */
int sj_metric_named(const char *id);
#endif /* SJ_RECORD_METRIC_H */
