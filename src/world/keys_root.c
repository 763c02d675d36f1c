/* Key tables: policies, and the whole scenario file. */
#include "world/rows.h"

static const char *const revisions[] = {"verified", "registrants", NULL};
static const char *const report_steps[] = {"month", "week", "day", NULL};
static const char *const resolutions[] = {"cohort", "person", NULL};
static const char *const months_only[] = {"month", NULL};

#define T sj_spec_where
static const sj_key where_rows[] = {
    TEXT(T, country, 0, "only things of this country"),
    TEXT(T, sector, 0, "only services of this sector"),
    TEXT(T, class, 0, "only channels or links of this class"),
};
#undef T
static TABLE(where_keys, "where", sj_spec_where, where_rows, "Narrows a pattern.");

#define T sj_spec_trigger
static const sj_key trigger_rows[] = {
    TEXT(T, metric, REQ, "utilisation, queue_length, stock, arrivals or xenophobia"),
    TEXT(T, place, 0, "place it is looked at"),
    TEXT_AS("item", T, of, 0, "sector, programme/stage or status"),
    NUM(T, above, 0, NONE, -1e15, 1e15, 0, "in force once strictly above", NONE),
    NUM(T, below, 0, NONE, -1e15, 1e15, 0, "in force once strictly below", NONE),
    INT(T, for_days, DEF, "days", 1, 3650, 1, "so many days in a row", NONE),
    NUM(T, around, 0, NONE, -1e15, 1e15, 0,
        "by chance, at hazard_per_year here and the more the higher it stands", "model.md 4.16"),
    NUM(T, hazard_per_year, DEF, "1/year", 0, 1000, 0.1,
        "with around: hazard where it stands there", "model.md 4.16"),
    NUM(T, sensitivity, DEF, "log", -1000, 1000, 6, "with around: of a step of 1 above",
        "model.md 4.16"),
};
#undef T
static TABLE(trigger_keys, "trigger", sj_spec_trigger, trigger_rows,
             "When an op comes into force.");

#define T sj_spec_op
static const sj_key op_rows[] = {
    TEXT(T, at, REQ, "JSON pointer of the value moved; a segment may be * or {a,b}"),
    NUM(T, set, SJ_KEY_OR_BOOL, NONE, -1e15, 1e15, 0, "the new value", NONE),
    NUM(T, scale, 0, "factor", -1e9, 1e9, 0, "factor on the value", NONE),
    NUM(T, add, 0, NONE, -1e15, 1e15, 0, "added to the value", NONE),
    DATE(T, from, 0, "first day in force; default the start"),
    DATE(T, to, 0, "day it drops out; default never"),
    NUM(T, ramp_days, DEF, "days", 0, 36525, 0, "comes in gradually over so many days", NONE),
    DATE(T, announced, 0, "when it became known"),
    OBJECT(T, where, 0, &where_keys, "narrows a pattern"),
    OBJECT(T, when, 0, &trigger_keys, "in force once this has been met, instead of from"),
    OBJECT(T, release, 0, &trigger_keys, "drops out once this is met"),
};
#undef T
static TABLE(op_keys, "op", sj_spec_op, op_rows, "One change of one value, or of all that match.");

#define T sj_spec_policy
#define POLICY_ROWS                                                                                \
    TEXT(T, title, 0, "one line"),                                                                 \
        BOOL(T, marked, DEF, 0,                                                                    \
             "people hear of it at once: beliefs adapt faster, some turn back"),                   \
        REFS(T, tightening, 0, "nationalities",                                                    \
             "nationalities for whom a door closes: they hurry"),                                  \
        LIST(T, ops, REQ, &op_keys, "changes, in order")
static const sj_key policy_entry_rows[] = {
    TEXT(T, format, 0, "sojourn-policy/1, in a file of its own"),
    TEXT(T, id, 0, "id, in a file of its own"),
    POLICY_ROWS,
};
#undef T
TABLE(sji_policy_entry_keys, "policy", sj_spec_policy, policy_entry_rows,
      "A dated set of changes.");

#define T sj_spec_source
static const sj_key source_rows[] = {
    TEXT(T, text, REQ, "what it is"),
    TEXT(T, url, 0, "where it stands"),
    TEXT(T, licence, 0, "terms"),
};
#undef T
static TABLE(source_keys, "source", sj_spec_source, source_rows, "Where figures come from.");

#define T sj_spec_time
static const sj_key time_rows[] = {
    DATE(T, start, REQ, "day 0"),
    DATE(T, end, REQ, "last day"),
    ENUM(T, report, 0, report_steps, 0, "month, week or day"),
};
#undef T
static TABLE(time_keys, "time", sj_spec_time, time_rows, "When the run begins and ends.");

#define T sj_spec_run
static const sj_key run_rows[] = {
    INT(T, seed, DEF, NONE, 0, 9007199254740992.0, 1, "seed of all chance", NONE),
    INT(T, reps, DEF, "replications", 1, 1e6, 20, "replications", "semantics A12"),
    ENUM(T, resolution, 0, resolutions, 0, "cohort, or person: the oracle for small worlds"),
    TEXTS(T, off, 0, "processes that do not run"),
};
#undef T
static TABLE(run_keys, "run", sj_spec_run, run_rows, "How the scenario is run.");

#define T sj_spec_reviews
static const sj_key review_rows[] = {
    INT(T, departure_days, DEF, "days", 1, 1, 1, "departure is reviewed daily", "semantics A7"),
    INT(T, onward_days, DEF, "days", 1, 365, 7, "onward and return; closure of cases",
        "semantics A7"),
    INT(T, choice_days, DEF, "days", 1, 365, 7, "choice tables", "semantics A7"),
    ENUM(T, integration, 0, months_only, 0, "chains"),
    ENUM(T, demography, 0, months_only, 0, "births, deaths, ageing"),
};
#undef T
static TABLE(review_keys, "reviews", sj_spec_reviews, review_rows, "How often processes look.");

static const sj_key record_rows[] = {
    TEXTS(sj_spec_record, per_rep, 0, "metrics whose every replication is written to reps.csv"),
    TEXTS(sj_spec_record, dates, 0,
          "days that have a record besides those of /time/report (00:00, so the end of the day "
          "before)"),
};
static TABLE(record_keys, "record", sj_spec_record, record_rows, "What else is written.");

#define T sj_spec_observation
static const sj_key observation_rows[] = {
    TEXT(T, metric, REQ, "metric that was observed"),
    TEXT(T, place, 0, "default ALL"),
    TEXT(T, nationality, 0, "default ALL"),
    TEXT_AS("item", T, of, 0, "default ALL"),
    DATE(T, date, REQ, "day of the count"),
    NUM(T, value, REQ, NONE, -1e15, 1e15, 0, "the published figure", NONE),
    BOOL(T, fitted, DEF, 0, "the figure was used to set parameters"),
    TEXT(T, label, 0, "words for plots"),
};
#undef T
static TABLE(observation_keys, "observation", sj_spec_observation, observation_rows,
             "A published figure beside the model's.");

#define T sj_spec_published
static const sj_key published_rows[] = {
    REF(T, place, REQ, "places", "the host country that counts"),
    REF(T, nationality, REQ, "nationalities", "the people counted, foreign there"),
    INT(T, start, 0, "persons", 0, 9e15, 0, "published at the start; default the people present",
        NONE),
    NUM(T, counted, DEF, "share", 0, 2, 1.0,
        "share of the net change of the people present that the count takes in", "semantics A8"),
    REF(T, programme, 0, "programmes",
        "registration of that country that reveals who was not counted; none: never revised"),
    ENUM(T, rule, 0, revisions, 0,
         "verified (default): the count is at least multiplier x people verified, from the day of "
         "revision on; registrants: it rises once, on that day, by share x applications so far"),
    TEXT(T, stage, 0,
         "rule verified: the stage of the programme that verifies whoever passes; default the last "
         "that nobody fails into"),
    NUM(T, multiplier, DEF, "factor", 0, 100, 1.0,
        "rule verified: people published for each verified", "semantics A8"),
    NUM(T, share, DEF, "share", 0, 10, 0.8,
        "rule registrants: share of them who were not counted before", "semantics A8"),
    DATE(T, revised_from, 0,
         "first possible day of the revision, drawn uniformly; required with programme"),
    DATE(T, revised_to, 0, "last possible day; required with programme; equal dates: that day"),
    BOOL(T, revise, DEF, 1, "false: the old count goes on, whoever registers"),
};
#undef T
static TABLE(published_keys, "published", sj_spec_published, published_rows,
             "What one host publishes about one people: an observation, which moves nobody.");

#define T sj_spec
static const sj_key root_rows[] = {
    TEXT(T, format, REQ, "sojourn-scenario/1"),
    TEXT(T, id, REQ, "name of the results folder"),
    TEXT(T, title, 0, "one line"),
    MAP(T, sources, SJ_KEY_COLLECTION, &source_keys, "sources of figures"),
    OBJECT(T, time, REQ, &time_keys, "when"),
    OBJECT(T, run, 0, &run_keys, "seed, replications, resolution"),
    OBJECT(T, reviews, 0, &review_keys, "how often processes look"),
    MAP(T, places, REQ | SJ_KEY_COLLECTION, &sji_place_keys, "places"),
    MAP(T, nationalities, REQ | SJ_KEY_COLLECTION, &sji_nationality_keys, "peoples"),
    MAP_AS("stocks", T, stocks, 0, "nationalities", &sji_stocks_keys, "people abroad at the start"),
    MAP(T, drivers, SJ_KEY_COLLECTION, &sji_driver_keys, "causes of departure"),
    OBJECT(T, departure, 0, &sji_departure_keys, "departure"),
    OBJECT(T, choice, 0, &sji_choice_keys, "choice of destination and channel"),
    OBJECT(T, route, 0, &sji_route_keys, "choice of the way"),
    OBJECT(T, beliefs, 0, &sji_beliefs_keys, "beliefs"),
    OBJECT(T, noise, 0, &sji_noise_keys, "noise"),
    MAP(T, statuses, SJ_KEY_COLLECTION, &sji_status_keys, "legal positions"),
    MAP(T, channels, SJ_KEY_COLLECTION, &sji_channel_keys, "ways to travel and enter"),
    MAP(T, links, SJ_KEY_COLLECTION, &sji_link_keys, "legs of corridors"),
    MAP(T, posts, SJ_KEY_COLLECTION, &sji_post_keys, "regular border posts"),
    MAP(T, programmes, SJ_KEY_COLLECTION, &sji_programme_keys, "institutions"),
    MAP(T, chains, SJ_KEY_COLLECTION, &sji_chain_keys, "integration"),
    MAP(T, services, SJ_KEY_COLLECTION, &sji_service_keys, "capacity of places"),
    MAP(T, unit_costs, SJ_KEY_COLLECTION, &sji_unit_cost_keys, "cost of places by sector"),
    MAP(T, funds, SJ_KEY_COLLECTION, &sji_fund_keys, "money"),
    OBJECT(T, demography, 0, &sji_demography_keys, "births and deaths"),
    OBJECT(T, onward, 0, &sji_onward_keys, "moving on"),
    OBJECT_AS("return", T, return_home, 0, &sji_return_keys, "going home"),
    OBJECT(T, opinion, 0, &sji_opinion_keys, "hostility of opinion"),
    MAP(T, policies, SJ_KEY_COLLECTION, &sji_policy_entry_keys,
        "dated changes, all in force, in this order"),
    OBJECT(T, record, 0, &record_keys, "what else is written"),
    MAP(T, observations, SJ_KEY_COLLECTION, &observation_keys, "published figures to hold against"),
    MAP(T, published, 0, &published_keys,
        "counts as hosts publish them; where there is none they publish the people present"),
};
#undef T
TABLE(sj_scenario_keys, "scenario", sj_spec, root_rows, "A whole scenario (sojourn-scenario/1).");
