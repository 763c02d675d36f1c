/* Key tables: drivers, departure, choice, routes, beliefs, channels, links, posts. */
#include "world/rows.h"

static const char *const classes[] = {"regular", "irregular", NULL};
static const char *const link_classes[] = {"regular", "irregular", "home", NULL};
static const char *const modes[] = {"motor", "foot", "water", "air", NULL};
static const char *const calendars[] = {"all", "mon-fri", "mon-sat", NULL};

#define T sj_spec_level
static const sj_key level_rows[] = {
    NUM(T, start, 0, "index", 0, 1, 0, "level at the start; required without a series", NONE),
    NUM(T, mean, DYN, "index", 0, 1, 0, "level it returns to; default the start", NONE),
    NUM(T, return_per_year, DEF, "1/year", 0, 100, 1.0, "speed of return to the mean",
        "model.md 4.1"),
    NUM(T, sd_per_sqrt_year, DEF, "index", 0, 5, 0.05, "noise", "model.md 4.1"),
    NUM(T, shift, DYN | DEF, "index", -1, 1, 0, "added to the level: where policies act", NONE),
    TEXT(T, series, 0,
         "CSV file with the columns date,value: the level itself, held between dates"),
};
#undef T
static TABLE(level_keys, "level", sj_spec_level, level_rows,
             "Level of a driver in one country, 0 to 1.");

#define T sj_spec_driver
static const sj_key driver_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    NUM(T, weight, REQ | DYN, "log", -20, 20, 0, "effect on the log of the departure hazard", NONE),
    NUM(T, reference, DEF, "index", 0, 1, 0.3, "level that has no effect", "model.md 4.1"),
    MAP_AS("levels", T, levels, 0, "places", &level_keys,
           "by home country; a country without a level stands at the reference"),
};
#undef T
TABLE(sji_driver_keys, "driver", sj_spec_driver, driver_rows, "A cause of departure.");

#define T sj_spec_departure
static const sj_key departure_rows[] = {
    NUM(T, rate_per_year, DEF | DYN, "1/year", 0, 2, 0.005, "base rate of a quiet country",
        "model.md 4.1"),
    NUMS(T, group_weights, 0, "weight", 0, 100, NULL, sj_group_words,
         "by age group; default 0.8 0.8 1.2 0.3; only their ratios matter"),
    NUM(T, network, DEF, "exponent", 0, 3, 0.3, "of 1 + 10 x abroad/home", "model.md 4.1"),
    NUM(T, returnee_factor, DEF, "factor", 0, 100, 3.0, "departure of returnees", "model.md 4.12"),
    NUM(T, returnee_settles_per_year, DEF, "1/year", 0, 100, 0.5, "returnee becomes citizen",
        "semantics A2"),
    BOOL(T, hump, DEF, 0, "a hump over income: the poorest and the richest leave less"),
    NUM(T, hump_income_usd_per_year, DEF, "USD/year", 1, 1e6, 6000, "income at the top of the hump",
        "model.md 4.1"),
    NUM(T, hump_width, DEF | SJ_KEY_OPEN_LOW, "log", 0, 10, 1.0, "width of the hump in logs",
        "model.md 4.1"),
    NUM(T, anticipation, DEF, "factor", 0, 10, 1.2,
        "alpha of the rush before an announced tightening", "model.md 4.3"),
    NUM(T, anticipation_days, DEF | SJ_KEY_OPEN_LOW, "days", 0, 365, 14, "time scale of the rush",
        "model.md 4.3"),
};
#undef T
TABLE(sji_departure_keys, "departure", sj_spec_departure, departure_rows,
      "How often people set out from home.");

#define T sj_spec_choice
static const sj_key choice_rows[] = {
    NUM(T, income, DEF | DYN, "utility", -10, 10, 0.5, "of ln(employment x income)",
        "model.md 4.2"),
    NUM(T, diaspora, DEF | DYN, "utility", -10, 10, 0.65, "of ln(1 + compatriots/1000)",
        "model.md 4.2"),
    NUM(T, population, DEF | DYN, "utility", -10, 10, 0.3, "of ln(population)", "model.md 4.2"),
    NUM(T, route, DEF | DYN, "utility", -10, 10, 0.4, "of -ln(1 + generalised cost of the way)",
        "model.md 4.2"),
    NUM(T, language, DEF | DYN, "utility", -10, 10, 0.6, "of a shared language", "model.md 4.2"),
    NUM(T, xenophobia, DEF | DYN, "utility", -10, 10, 0.5, "of -hostility", "model.md 4.2"),
    NUM(T, overload, DEF | DYN, "utility", -10, 10, 0.3, "of -(utilisation - 1)", "model.md 4.2"),
    NUM(T, nest, DEF | SJ_KEY_OPEN_LOW, "scale", 0, 1, 0.5, "tau of the channel nest",
        "model.md 4.2"),
    NUM(T, wait_per_year, DEF | DYN, "utility", -10, 10, 0.5, "of -years of waiting",
        "model.md 4.2"),
    NUM(T, rights, DEF | DYN, "utility", -10, 10, 0.5, "of the share of rights on entry",
        "model.md 4.2"),
    NUM(T, home, DEF | DYN, "utility", -20, 20, -1, "of going home, in second choices",
        "semantics A6"),
    NUMS(T, access, DYN, "share", 0, 1, "nationalities", NULL,
         "share with a legal channel in reach; default 0.44"),
    NUMS(T, host_constants, DYN, "utility", -20, 20, "places", NULL,
         "what else draws people to a country; default 0"),
};
#undef T
TABLE(sji_choice_keys, "choice", sj_spec_choice, choice_rows,
      "Choice of destination and channel (nested logit).");

#define T sj_spec_route
static const sj_key route_rows[] = {
    NUM(T, usd_per_unit, DEF | SJ_KEY_OPEN_LOW, "USD", 0, 1e6, 150, "money that weighs one unit",
        "model.md 4.4"),
    NUM(T, per_day, DEF, "1/day", 0, 100, 0.3, "weight of a day", "model.md 4.4"),
    NUM(T, per_death, DEF, "1/probability", 0, 1e6, 200, "weight of the risk of death",
        "model.md 4.4"),
    NUM(T, scale, DEF | SJ_KEY_OPEN_LOW, "scale", 0, 100, 1, "mu of the logit", "model.md 4.4"),
    NUM(T, motor_km_per_day, DEF | SJ_KEY_OPEN_LOW, "km/day", 0, 2000, 360, "by road",
        "model.md 4.4"),
    NUM(T, foot_km_per_day, DEF | SJ_KEY_OPEN_LOW, "km/day", 0, 200, 35, "on foot", "model.md 4.4"),
    NUM(T, water_km_per_day, DEF | SJ_KEY_OPEN_LOW, "km/day", 0, 2000, 20, "by boat",
        "model.md 4.4"),
    NUM(T, air_km_per_day, DEF | SJ_KEY_OPEN_LOW, "km/day", 0, 50000, 5000, "by air",
        "model.md 4.4"),
};
#undef T
TABLE(sji_route_keys, "route", sj_spec_route, route_rows, "Generalised cost and speed of the way.");

static const sj_key belief_start_rows[] = {
    NUMS_AS("*", sj_spec_belief_starts, at, 0, "probability", 0, 1, "places", NULL,
            "chance of success that people believe in at the start, by country"),
};
static TABLE(belief_start_keys, "belief_start", sj_spec_belief_starts, belief_start_rows,
             "Starting beliefs in one channel.");

#define T sj_spec_beliefs
static const sj_key belief_rows[] = {
    NUM(T, lag_days, DEF | SJ_KEY_OPEN_LOW, "days", 0, 3650, 45, "lag of belief behind truth",
        "semantics A6"),
    NUM(T, event_lag_days, DEF | SJ_KEY_OPEN_LOW, "days", 0, 3650, 7, "lag after a marked event",
        "model.md 4.2"),
    NUM(T, event_days, DEF, "days", 0, 3650, 60, "how long a marked event keeps the lag short",
        "model.md 4.2"),
    NUM(T, window_days, DEF, "days", 1, 3650, 60, "journeys of so many days make the truth",
        "semantics A6"),
    NUM(T, floor, DEF, "probability", 0, 1, 0.02, "lowest belief", "model.md 4.2"),
    NUM(T, recovery_per_month, DEF, "1/month", 0, 10, 0.26,
        "after a marked fall the log weight comes back by so much a month", "model.md 4.2"),
    MAP_AS("start", T, start, 0, "channels", &belief_start_keys, "starting beliefs by channel"),
    MAP_AS("reached", T, reached, 0, "channels", &belief_start_keys,
           "beliefs on the first day that are no longer those of the start, from which W is "
           "measured"),
};
#undef T
TABLE(sji_beliefs_keys, "beliefs", sj_spec_beliefs, belief_rows,
      "What people think of a channel's chance.");

#define T sj_spec_noise
static const sj_key noise_rows[] = {
    NUM(T, channel_sd, DEF, "log", 0, 5, 0, "monthly innovation of irregular channels",
        "model.md 4.1"),
    NUM(T, pool_sd, DEF, "log", 0, 5, 0, "monthly innovation of departure", "model.md 4.1"),
    NUM(T, host_sd, DEF, "log", 0, 5, 0, "yearly innovation of a host's attraction",
        "model.md 4.2"),
    NUM(T, persistence, DEF, "share", 0, 0.999, 0.92, "phi of the monthly AR(1)", "model.md 4.1"),
};
#undef T
TABLE(sji_noise_keys, "noise", sj_spec_noise, noise_rows,
      "Fluctuation that no cause of the model explains.");

#define T sj_spec_channel
static const sj_key channel_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    ENUM(T, class, REQ, classes, 0, "regular or irregular"),
    REFS(T, to, REQ, "places", "destination countries"),
    REFS(T, nationalities, 0, "nationalities", "who may use it; default everybody"),
    REF(T, entry_status, REQ, "statuses", "status on entry"),
    INT(T, stay_days, 0, "days", 1, 36525, 0, "how long the entry status lasts; default for ever",
        NONE),
    REF(T, lapses_to, 0, "statuses", "status after the stay; required with stay_days"),
    REF(T, applies, 0, "programmes", "programme in which a case opens on arrival"),
    REF(T, requires, 0, "programmes",
        "programme that grants the journey: who chooses the channel applies and waits at home"),
    BOOL(T, open, DEF | DYN, 1, "closed channels are not chosen"),
};
#undef T
TABLE(sji_channel_keys, "channel", sj_spec_channel, channel_rows, "A way to travel and enter.");

#define T sj_spec_link
static const sj_key link_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    REF(T, from, REQ, "places", "tail"),
    REF(T, to, REQ, "places", "head"),
    BOOL(T, both_ways, DEF, 0, "also from head to tail"),
    NUM(T, km, REQ, "km", 0, 50000, 0, "length by road, water or air", NONE),
    ENUM(T, mode, REQ, modes, 0, "motor, foot, water or air"),
    NUM(T, cost_usd, DEF | DYN, "USD", 0, 1e6, 0, "what the leg costs a traveller", NONE),
    NUM(T, policy_cost, DEF | DYN, "cost", 0, 1e4, 0, "generalised cost added by policy", NONE),
    WORDS(T, classes, REQ, link_classes,
          "classes of channels that may use it; home: the way home, which takes the others too"),
    REFS(T, channels, 0, "channels",
         "only these channels may use it, and the way home; default all of its classes"),
    NUM(T, days, DYN, "days", 0.01, 365, 0, "mean time; default km over the speed of the mode",
        NONE),
    NUM(T, days_cv, DEF, "ratio", 0, 3, 0.3, "coefficient of variation of the time",
        "model.md 4.4"),
    NUM(T, death_per_journey, DEF | DYN, "probability", 0, 1, 0, "of dying on a leg of mean length",
        NONE),
    NUM(T, caught, DEF | DYN, "probability", 0, 1, 0, "irregular: of being caught on such a leg",
        NONE),
    NUM(T, retry, DEF | DYN, "share", 0, 1, 0, "of the caught who keep their intent", NONE),
    BOOL(T, open, DEF | DYN, 1, "closed links are not used; who is under way arrives"),
};
#undef T
TABLE(sji_link_keys, "link", sj_spec_link, link_rows, "A leg of a corridor.");

#define T sj_spec_post
static const sj_key post_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    REF(T, link, REQ, "links", "link it stands at the tail of; regular channels pass it"),
    NUM(T, slots_per_day, DYN, "persons/day", 0, 1e9, 0, "people served on an open day", NONE),
    NUM(T, officers, DYN, "officers", 0, 1e7, 0, "instead of slots", NONE),
    NUM(T, cases_per_officer_day, DYN, "cases/day", 0, 1e4, 0, "of one officer", NONE),
    ENUM(T, calendar, 0, calendars, 0, "open days"),
    NUM(T, admitted, DEF | DYN, "share", 0, 1, 1, "of those served; the others choose once more",
        NONE),
};
#undef T
TABLE(sji_post_keys, "post", sj_spec_post, post_rows, "A regular border post.");
