/* Key tables: places, peoples, stocks, statuses. */
#include "world/rows.h"

const char *const sj_group_words[SJ_GROUPS + 1] = {"0-4", "5-17", "18-59", "60+", NULL};

static const char *const place_kinds[] = {"country", "city", "node", "outside", NULL};
static const char *const standings[] = {"none", "temporary", "permanent", NULL};
static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                     "aug", "sep", "oct", "nov", "dec", NULL};

#define T sj_spec_place
static const sj_key place_rows[] = {
    ENUM(T, kind, REQ, place_kinds, 0,
         "country; city (part of a country); node (border town, nobody settles there); outside "
         "(unbounded source and sink)"),
    REF(T, parent, 0, "places", "the country that a city or node is part of"),
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    INT(T, population, 0, "persons", 0, 9e15, 0,
        "everybody resident at the start, foreigners too; required for country and city", NONE),
    NUM(T, income_usd_per_year, DYN, "USD/year", 0, 1e7, 0,
        "average income per head; required for country and outside", NONE),
    TEXT(T, language, 0, "main language, such as es; shared languages draw people"),
    NUM(T, lat, 0, "degrees", -90, 90, 0, "latitude, for maps", NONE),
    NUM(T, lon, 0, "degrees", -180, 180, 0, "longitude, for maps", NONE),
    NUM(T, leave_per_day, DYN | DEF, "1/day", 0, 1, 1.0,
        "share of those passing through who go on each day, from the day after they came",
        "model.md 4.4"),
    NUM(T, turn_share, DYN | DEF, "share", 0, 1, 0.1,
        "share of those waiting here who choose anew on the day of a marked event", "model.md 4.4"),
    NUM(T, settle_weight, DEF, "weight", 0, 1e6, 1.0,
        "arrivals and starting stocks settle by population x weight", "semantics A1"),
    NUM(T, xenophobia_start, DEF, "index", 0, 1, 0.2, "hostility of opinion at the start",
        "model.md 4.16"),
    NUM(T, campaign, DEF | DYN, "intensity", 0, 1, 0, "against xenophobia, in this country",
        "model.md 4.16"),
    NUM(T, employment_rate, DEF | DYN, "share", 0, 1, 0.6, "of the hosts aged 18 to 59",
        "semantics A9"),
    NUM(T, formal_share, DEF | DYN, "share", 0, 1, 0.5, "of the hosts' workers", "semantics A9"),
    NUM(T, enrolment_rate, DEF | DYN, "share", 0, 1, 0.95, "of the hosts' children 5 to 17",
        "model.md 4.11"),
    NUM(T, health_coverage, DEF | DYN, "share", 0, 1, 0.9, "of the hosts", "model.md 4.11"),
    NUMS(T, default_status_shares, 0, "share", 0, 1, "statuses", NULL,
         "statuses of starting stocks that do not say otherwise; sum 1"),
};
#undef T
TABLE(sji_place_keys, "place", sj_spec_place, place_rows,
      "A country, a city in it, a node on the way, or the outside world.");

#define T sj_spec_nationality
static const sj_key nationality_rows[] = {
    REF(T, home, REQ, "places", "the home country (or an outside)"),
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    BOOL(T, departs, DEF, 1, "false: nobody leaves, the people only live at home"),
    NUM(T, rate_at_start_per_year, 0, "1/year", 0, 2, 0,
        "sets the base rate so that the whole departure hazard equals this at the start",
        "model.md 4.1"),
    NUM(T, inflow_per_year, DYN | DEF, "persons/year", 0, 1e8, 0,
        "people of an outside home who set out each year (Poisson)", "model.md 4.0"),
    NUMS(T, group_shares, 0, "share", 0, 1, NULL, sj_group_words,
         "age groups at home and abroad at the start; default 0.08 0.22 0.58 0.12"),
    NUMS(T, season, DYN, "factor", 0, 10, NULL, months,
         "factor on departure by calendar month; default 1"),
};
#undef T
TABLE(sji_nationality_keys, "nationality", sj_spec_nationality, nationality_rows,
      "A people with a home country.");

#define T sj_spec_permit_range
static const sj_key permit_range_rows[] = {
    DATE(T, from, REQ, "first expiry"),
    DATE(T, to, REQ, "last expiry; uniform in between"),
};
#undef T
static TABLE(permit_range_keys, "permit_range", sj_spec_permit_range, permit_range_rows,
             "When the permits held at the start expire.");

#define T sj_spec_stock
static const sj_key stock_rows[] = {
    INT(T, count, REQ | SJ_KEY_SHORTHAND, "persons", 0, 9e15, 0, "people at the start", NONE),
    NUM(T, settled_last_year, DEF, "persons", 0, 9e15, 0,
        "of these, those who settled in the year before the start", "semantics A8"),
    NUMS(T, leaf_shares, 0, "share", 0, 1, NULL, NULL,
         "by leaf of the country; default population x settle_weight"),
    NUMS(T, status_shares, 0, "share", 0, 1, "statuses", NULL,
         "default: default_status_shares of the country"),
    NUMS(T, group_shares, 0, "share", 0, 1, NULL, sj_group_words,
         "default: group_shares of the nationality"),
    MAP_AS("permit_expiry", T, permit_expiry, 0, "statuses", &permit_range_keys,
           "expiry dates of the permits held; without it they never expire"),
};
#undef T
static TABLE(stock_keys, "stock", sj_spec_stock, stock_rows,
             "People of one nationality in one country at the start.");

static const sj_key stocks_rows[] = {
    MAP_AS("*", sj_spec_stocks, in, 0, "places", &stock_keys, "people by country"),
};
TABLE(sji_stocks_keys, "stocks", sj_spec_stocks, stocks_rows,
      "Where people of one nationality live at the start, outside their home country.");

#define T sj_spec_rights
static const sj_key rights_rows[] = {
    BOOL_AS("work", T, has[SJ_RIGHT_WORK], DEF | DYN, 0, "may work"),
    BOOL_AS("school", T, has[SJ_RIGHT_SCHOOL], DEF | DYN, 0, "may go to school"),
    BOOL_AS("health", T, has[SJ_RIGHT_HEALTH], DEF | DYN, 0, "may join health cover"),
};
#undef T
static TABLE(rights_keys, "rights", sj_spec_rights, rights_rows, "What a status allows.");

#define T sj_spec_status
static const sj_key status_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    ENUM(T, standing, REQ, standings, 0, "none, temporary or permanent; regular means not none"),
    OBJECT(T, rights, 0, &rights_keys, "what the status allows; absent rights are not given"),
    NUM(T, birth_factor, DEF, "factor", 0, 5, 1.0, "on the birth rate", "model.md 4.17"),
    NUM(T, work_after_days, DEF | DYN, "days", 0, 36525, 0,
        "the right to work comes to those whose open case is older", "semantics A4"),
};
#undef T
TABLE(sji_status_keys, "status", sj_spec_status, status_rows, "A legal position with rights.");
