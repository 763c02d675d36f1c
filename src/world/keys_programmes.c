/* Key tables: programmes, chains, services, money, policies and the whole file. */
#include "world/rows.h"

const char *const sj_sector_words[SJ_SECTORS + 1] = {
    "shelter",  "registration", "health",     "school",     "childcare", "labour",
    "training", "legal",        "protection", "enterprise", NULL};

static const char *const calendars[] = {"all", "mon-fri", "mon-sat", NULL};
static const char *const disciplines[] = {"fifo", "lifo", "priority", "random", NULL};
static const char *const act_rules[] = {"close", "grant", NULL};

#define T sj_spec_eligible
static const sj_key eligible_rows[] = {
    REFS(T, nationalities, 0, "nationalities", "default: everybody"),
    REFS(T, statuses, 0, "statuses", "default: every status but the built-in ones"),
    REFS(T, places, 0, "places", "cities or countries; default: the whole country"),
    DATE(T, entered_before, 0, "entered the country before this day"),
    INT(T, permit_expires_within_days, 0, "days", 0, 36525, 0,
        "holds a permit that expires within so many days (renewal)", NONE),
};
#undef T
static TABLE(eligible_keys, "eligible", sj_spec_eligible, eligible_rows, "Who may apply.");

#define T sj_spec_window
static const sj_key window_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    DATE(T, opens, REQ, "first day"),
    DATE(T, closes, 0, "last day; default never"),
    DATE(T, announced, 0, "when the dates became known (deadline_rush)"),
    OBJECT(T, eligible, 0, &eligible_keys, "who may apply in this window"),
};
#undef T
static TABLE(window_keys, "window", sj_spec_window, window_rows,
             "When a programme takes applications.");

#define T sj_spec_take_up
static const sj_key take_up_rows[] = {
    NUM(T, rate_per_day, REQ | DYN, "1/day", 0, 10, 0, "hazard of applying of an eligible person",
        NONE),
    NUM(T, opening_factor, DEF, "factor", 0, 1000, 0, "how much more at the opening",
        "model.md 4.6"),
    NUM(T, opening_days, DEF | SJ_KEY_OPEN_LOW, "days", 0, 3650, 14,
        "how fast the opening rush fades", "model.md 4.6"),
    NUM(T, wait_effect, DEF | DYN, "log/year", -20, 20, 0,
        "of a year of expected wait: above 0 a long queue draws applications, below 0 it deters",
        "model.md 4.7"),
};
#undef T
static TABLE(take_up_keys, "take_up", sj_spec_take_up, take_up_rows,
             "How fast the eligible apply.");

#define T sj_spec_share
static const sj_key share_rows[] = {
    NUM_AS("default", T, all, DEF | DYN | SJ_KEY_SHORTHAND, "share", 0, 1, 1.0,
           "for every nationality that is not named", NONE),
    NUMS_AS("*", T, of, DYN, "share", 0, 1, "nationalities", NULL, "by nationality"),
};
#undef T
static TABLE(share_keys, "share", sj_spec_share, share_rows,
             "A share, by nationality where named.");

#define T sj_spec_stage
static const sj_key stage_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    INT(T, order, REQ, NONE, 0, 1000, 0, "place in the sequence of stages", NONE),
    DATE(T, opens, 0, "no service before this day; default the start"),
    NUM(T, slots_per_day, DYN, "persons/day", 0, 1e9, 0,
        "persons per open day of the stage's calendar", NONE),
    NUM(T, officers, DYN, "officers", 0, 1e7, 0, "instead of slots", NONE),
    NUM(T, cases_per_officer_day, DYN, "cases/day", 0, 1e4, 0, "of one officer", NONE),
    NUM(T, served_per_day, DYN, "1/day", 0, 1, 0,
        "instead of slots: every person waiting is served with this chance on an open day", NONE),
    ENUM(T, calendar, 0, calendars, 0, "open days"),
    ENUM(T, discipline, 0, disciplines, 0, "order of service"),
    NUM(T, no_show, DEF | DYN, "share", 0, 1, 0, "of those called; their slot is used up", NONE),
    NUM(T, lost_if_no_show, DEF | DYN, "share", 0, 1, 0, "of the no-shows who give up", NONE),
    INT(T, handover_days, DEF | DYN, "days", 0, 3650, 0,
        "from arrival at the stage to the first call", NONE),
    OBJECT(T, pass, 0, &share_keys, "share that passes"),
    TEXT(T, fail, 0, "status or stage of those who do not pass, or none (default): status stays"),
    NUM(T, share, DEF | DYN, "share", 0, 1, 1, "of those failed into this stage who enter it",
        NONE),
};
#undef T
static TABLE(stage_keys, "stage", sj_spec_stage, stage_rows, "One stage of a programme.");

#define T sj_spec_outcome
static const sj_key outcome_rows[] = {
    REF(T, status, 0, "statuses", "status granted"),
    INT(T, permit_days, 0, "days", 1, 36525, 0, "validity; default for ever", NONE),
    REF(T, lapses_to, 0, "statuses", "status after the permit; required with permit_days"),
    REF(T, channel, 0, "channels", "instead of a status: a journey by this channel"),
};
#undef T
static TABLE(outcome_keys, "outcome", sj_spec_outcome, outcome_rows,
             "What a pass of the last stage gives.");

#define T sj_spec_act
static const sj_key act_rows[] = {
    DATE(T, date, REQ, "day of the act"),
    ENUM(T, rule, REQ, act_rules, 0, "close or grant"),
    INT(T, n, REQ, "persons", 0, 9e15, 0,
        "cases concerned, stage by stage in their order of service; all where fewer wait", NONE),
};
#undef T
static TABLE(act_keys, "act", sj_spec_act, act_rows, "A dated act on many cases at once.");

#define T sj_spec_programme
static const sj_key programme_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    REF(T, country, REQ, "places", "country whose institution it is"),
    TEXT(T, owner, 0, "who runs it: state, agency, ..."),
    BOOL(T, open, DEF | DYN, 1, "takes new applications"),
    REF(T, pending_status, 0, "statuses", "status while the case is open"),
    REF(T, closed_status, 0, "statuses",
        "status of the lost and closed; default the last stage's fail"),
    MAP(T, windows, 0, &window_keys, "when and for whom; none: open to all who come"),
    BOOL(T, deadline_rush, DEF, 0, "take-up rises before a window closes"),
    OBJECT(T, take_up, 0, &take_up_keys,
           "hazard of applying; without it people come by channel only"),
    MAP(T, stages, REQ, &stage_keys, "stages in order"),
    OBJECT(T, outcome, REQ, &outcome_keys, "what is granted"),
    NUM(T, cost_usd_per_case, DEF | DYN, "USD/case", 0, 1e6, 0, "paid when a case is completed",
        NONE),
    NUMS(T, backlog, 0, "persons", 0, 9e15, "nationalities", NULL, "cases open at the start"),
    INT(T, backlog_age_days, DEF, "days", 1, 36525, 365, "age of the oldest of them", NONE),
    NUM(T, closure_per_year, DEF | DYN, "1/year", 0, 100, 0, "hazard of closure without a decision",
        NONE),
    INT(T, hire_lag_days, DEF, "days", 0, 3650, 0, "a rise of officers works after so many days",
        NONE),
    INT(T, reapply_days, DEF, "days", -1, 36525, 0,
        "the lost and refused may apply again after so many days; -1 = never", "semantics A4"),
    MAP(T, acts, 0, &act_keys, "dated acts"),
};
#undef T
TABLE(sji_programme_keys, "programme", sj_spec_programme, programme_rows,
      "An institution: who may enter, stages, outcomes, cost.");

#define T sj_spec_without_right
static const sj_key without_rows[] = {
    NUM_AS("work", T, per_year[SJ_RIGHT_WORK], DYN, "1/year", 0, 1000, 0,
           "without the right to work", NONE),
    NUM_AS("school", T, per_year[SJ_RIGHT_SCHOOL], DYN, "1/year", 0, 1000, 0,
           "without the right to school", NONE),
    NUM_AS("health", T, per_year[SJ_RIGHT_HEALTH], DYN, "1/year", 0, 1000, 0,
           "without the right to health cover", NONE),
};
#undef T
static TABLE(without_keys, "without_right", sj_spec_without_right, without_rows,
             "Rate of those who lack a right.");

#define T sj_spec_move
static const sj_key move_rows[] = {
    NUM(T, per_year, REQ | DYN, "1/year", 0, 1000, 0, "hazard", NONE),
    OBJECT(T, without_right, 0, &without_keys, "hazard of those who lack a right"),
    TEXT(T, service, 0, "sector whose service level multiplies the hazard"),
    NUM(T, xenophobia, DEF | DYN, "log", -20, 20, 0, "effect of hostility on the log hazard", NONE),
};
#undef T
static TABLE(move_keys, "move", sj_spec_move, move_rows, "A transition of a chain, \"from>to\".");

#define T sj_spec_chain
static const sj_key chain_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    WORDS(T, groups, REQ, sj_group_words, "age groups it applies to"),
    TEXT(T, start, REQ, "class of newcomers"),
    ANY(T, start_shares, 0, "classes at the start of the run: shares, or \"stationary\" (default)"),
    BOOL(T, limbo, DEF, 0, "waiting for a decision slows the moves that name a service"),
    MAP(T, moves, REQ | SJ_KEY_FREE_IDS, &move_keys, "transitions by \"from>to\""),
};
#undef T
TABLE(sji_chain_keys, "chain", sj_spec_chain, chain_rows, "A multi-state process of integration.");

#define T sj_spec_need
static const sj_key need_rows[] = {
    WORDS(T, groups, 0, sj_group_words, "age groups; default all"),
    REFS(T, statuses, 0, "statuses", "statuses; default all"),
    INT(T, first_days, 0, "days", 1, 365, 0, "only those who settled in the last so many days",
        NONE),
    NUM(T, per_person, REQ | DYN, "places/person", 0, 1000, 0, "places a person needs", NONE),
};
#undef T
static TABLE(need_keys, "need", sj_spec_need, need_rows, "Who needs the service, and how much.");

#define T sj_spec_service
static const sj_key service_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    REF(T, place, REQ, "places", "the place that has it"),
    ENUM(T, sector, REQ, sj_sector_words, 0, "sector"),
    NUM(T, capacity, REQ | DYN, "places", 0, 1e12, 0, "places", NONE),
    NUM(T, host_use, DEF | DYN, "places", 0, 1e12, 0, "used by the hosts", NONE),
    OBJECT(T, need, REQ, &need_keys, "what foreign residents need"),
};
#undef T
TABLE(sji_service_keys, "service", sj_spec_service, service_rows,
      "Capacity of a place in a sector.");

#define T sj_spec_unit_cost
static const sj_key unit_cost_rows[] = {
    NUM(T, build_usd_per_place, REQ, "USD/place", 0, 1e7, 0, "to build a place", NONE),
    NUM(T, run_usd_per_place_year, REQ, "USD/place/year", 0, 1e7, 0, "to run a place", NONE),
    INT(T, delay_days, REQ, "days", 0, 3650, 0, "from order to use", NONE),
};
#undef T
TABLE(sji_unit_cost_keys, "unit_cost", sj_spec_unit_cost, unit_cost_rows,
      "Cost of a sector's places.");

#define T sj_spec_appeal
static const sj_key appeal_rows[] = {
    NUM(T, funded_share, REQ | DYN, "share", 0, 1, 0, "mean share of it that donors pledge",
        "model.md 4.14"),
    NUM(T, fatigue_per_year, DEF, "1/year", 0, 10, 0.05, "how fast that share falls",
        "model.md 4.14"),
    NUM(T, concentration, DEF, "1", 1, 1000, 20,
        "of the beta law of the share: the higher, the less chance", "model.md 4.14"),
    NUM(T, overload_response, DEF | DYN, "factor", 0, 10, 0.5,
        "how much more is asked for under severe overload", "model.md 4.14"),
    NUM(T, severe_from, DEF, "share", 0, 3, 1.5, "utilisation of the country that is severe",
        "model.md 4.14"),
};
#undef T
TABLE(
    appeal_keys, "appeal", sj_spec_appeal, appeal_rows,
    "Asked of donors on each 1 January: the price of the places that were lacking the day before.");

#define T sj_spec_fund
static const sj_key fund_rows[] = {
    TEXT(T, name, 0, "name in plots and tables; default the id"),
    REF(T, country, REQ, "places", "country that receives it"),
    NUM(T, overhead, DEF, "share", 0, 1, 0.12, "kept back on arrival", "model.md 4.14"),
    INT(T, lag_days, DEF, "days", 0, 3650, 120, "from pledge to disbursement", "model.md 4.14"),
    OBJECT(T, appeal, 0, &appeal_keys, "what is asked of donors, and what they answer"),
    NUMS(T, pledges, SJ_KEY_BY_DATE, "USD", 0, 1e12, NULL, NULL, "pledges by date"),
    NUMS(T, spend, REQ, "share", 0, 1, "services", NULL, "by service; sum at most 1"),
    NUM(T, run_years, DEF | SJ_KEY_OPEN_LOW, "years", 0, 50, 1, "how long a place is paid for",
        "model.md 4.13"),
};
#undef T
TABLE(sji_fund_keys, "fund", sj_spec_fund, fund_rows, "Money for capacity.");

#define T sj_spec_demography
static const sj_key demography_rows[] = {
    NUM(T, births_per_adult_year, DEF, "1/year", 0, 1, 0.0275, "births per person aged 18 to 59",
        "model.md 4.17"),
    NUMS(T, deaths_per_1000_year, 0, "1/1000/year", 0, 1000, NULL, sj_group_words,
         "by age group; default 1 0.3 2.5 30"),
};
#undef T
TABLE(sji_demography_keys, "demography", sj_spec_demography, demography_rows, "Births and deaths.");

#define T sj_spec_onward
static const sj_key onward_rows[] = {
    NUM(T, rate_per_year, DEF | DYN, "1/year", 0, 2, 0.020, "mean rate at the start",
        "model.md 4.12"),
    NUM(T, difference, DEF, "log", -20, 20, 1.5, "of the value elsewhere over here",
        "model.md 4.12"),
    NUM(T, irregular, DEF, "log", -20, 20, 1.0, "of a status without standing", "model.md 4.12"),
    NUM(T, overload, DEF, "log", -20, 20, 0.8, "of utilisation above 1", "model.md 4.12"),
    NUM(T, index, DEF, "log", -20, 20, 0.8, "of -(integration index - 0.5)", "model.md 4.12"),
    NUM(T, limit, DEF, "log", 0, 20, 1.5, "the exponent is cut off here", "model.md 4.12"),
};
#undef T
TABLE(sji_onward_keys, "onward", sj_spec_onward, onward_rows, "Moving on to another country.");

#define T sj_spec_return
static const sj_key return_rows[] = {
    NUM(T, rate_per_year, DEF | DYN, "1/year", 0, 2, 0.026, "mean rate at the start",
        "model.md 4.12"),
    NUM(T, drivers, DEF, "log", -20, 20, 2.0, "of drivers at home below their start",
        "model.md 4.12"),
    NUM(T, xenophobia, DEF, "log", -20, 20, 0.5, "of hostility", "model.md 4.12"),
    NUM(T, index, DEF, "log", -20, 20, 0.8, "of -(integration index - 0.5)", "model.md 4.12"),
    NUM(T, limit, DEF, "log", 0, 20, 3.0, "the exponent is cut off here", "model.md 4.12"),
};
#undef T
TABLE(sji_return_keys, "return", sj_spec_return, return_rows, "Going home.");

#define T sj_spec_opinion
static const sj_key opinion_rows[] = {
    NUM(T, inflow, DEF, "1/year", 0, 100, 5, "a1: of the inflow above the threshold",
        "model.md 4.16"),
    NUM(T, inflow_threshold, DEF, "share", 0, 1, 0.005, "g0: yearly inflow per head",
        "model.md 4.16"),
    NUM(T, overload, DEF, "1/year", 0, 100, 0.3, "a2: of overload", "model.md 4.16"),
    NUM(T, shock_effect, DEF, "1/year", 0, 100, 0.1, "a3: of a unit shock", "model.md 4.16"),
    NUM(T, shock, DEF | DYN, "units", -100, 100, 0, "shock in force, in every country", NONE),
    NUM(T, campaign_effect, DEF, "1/year", 0, 100, 0.2, "a5: of a campaign of intensity 1",
        "model.md 4.16"),
    NUM(T, decay_per_year, DEF, "1/year", 0, 100, 0.5, "a4: back to rest", "model.md 4.16"),
    NUM(T, rest, DEF, "index", 0, 1, 0.2, "X0", "model.md 4.16"),
};
#undef T
TABLE(sji_opinion_keys, "opinion", sj_spec_opinion, opinion_rows, "Hostility of opinion.");
