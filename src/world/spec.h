/**
 * @file spec.h
 * @brief What a scenario says: one struct for every kind of object of the file.
 *
 * The structs mirror the file key by key; the key tables (keys_*.c) fill them
 * and carry unit, range, default, meaning and source of each field. Numbers
 * are sj_val: indices into the table of values that every run copies, draws
 * and lets policies move. Nothing here changes after loading, and it is shared
 * by all threads. Floor 3 (world).
 */
#ifndef SJ_WORLD_SPEC_H
#define SJ_WORLD_SPEC_H
#include "engine/stage.h"
#include "io/keys.h"

/** @brief Age groups; the only ones there are. */
enum { SJ_GROUP_0_4, SJ_GROUP_5_17, SJ_GROUP_18_59, SJ_GROUP_60, SJ_GROUPS };
extern const char *const sj_group_words[SJ_GROUPS + 1];

/** @brief Rights that a status gives. */
enum { SJ_RIGHT_WORK, SJ_RIGHT_SCHOOL, SJ_RIGHT_HEALTH, SJ_RIGHTS };

typedef enum sj_place_kind {
    SJ_PLACE_COUNTRY,
    SJ_PLACE_CITY,
    SJ_PLACE_NODE,
    SJ_PLACE_OUTSIDE
} sj_place_kind;

typedef struct sj_spec_source {
    sj_item item;
    const char *text, *url, *licence;
} sj_spec_source;

typedef struct sj_spec_place {
    sj_item item;
    int kind, parent;
    const char *name, *language;
    sj_val population, income_usd_per_year, lat, lon;
    sj_val leave_per_day, turn_share, settle_weight;
    sj_val xenophobia_start, campaign, employment_rate, formal_share, enrolment_rate,
        health_coverage;
    sj_numbers default_status_shares;
} sj_spec_place;

typedef struct sj_spec_nationality {
    sj_item item;
    int home;
    const char *name;
    sj_val departs, rate_at_start_per_year, inflow_per_year;
    sj_numbers group_shares, season;
} sj_spec_nationality;

typedef struct sj_spec_permit_range {
    sj_item item; /* item.ref = status */
    sj_day from, to;
} sj_spec_permit_range;

typedef struct sj_spec_stock {
    sj_item item; /* item.ref = country */
    sj_val count, settled_last_year;
    sj_numbers leaf_shares, status_shares, group_shares;
    SJ_MAP_OF(sj_spec_permit_range) permit_expiry;
} sj_spec_stock;

typedef struct sj_spec_stocks {
    sj_item item; /* item.ref = nationality */
    SJ_MAP_OF(sj_spec_stock) in;
} sj_spec_stocks;

typedef struct sj_spec_level {
    sj_item item; /* item.ref = place */
    sj_val start, mean, return_per_year, sd_per_sqrt_year, shift;
    const char *series;
} sj_spec_level;

typedef struct sj_spec_driver {
    sj_item item;
    const char *name;
    sj_val weight, reference;
    SJ_MAP_OF(sj_spec_level) levels;
} sj_spec_driver;

enum { SJ_DRIVERS_MAX = 32 };

typedef struct sj_spec_departure {
    sj_item item;
    sj_val rate_per_year, network, returnee_factor, returnee_settles_per_year;
    sj_val hump, hump_income_usd_per_year, hump_width;
    sj_val anticipation, anticipation_days;
    sj_numbers group_weights;
} sj_spec_departure;

typedef struct sj_spec_choice {
    sj_item item;
    sj_val income, diaspora, population, route, language, xenophobia, overload, nest;
    sj_val wait_per_year, rights, home;
    sj_numbers access, host_constants;
} sj_spec_choice;

typedef struct sj_spec_route {
    sj_item item;
    sj_val usd_per_unit, per_day, per_death, scale;
    sj_val motor_km_per_day, foot_km_per_day, water_km_per_day, air_km_per_day;
} sj_spec_route;

typedef struct sj_spec_belief_starts {
    sj_item item;  /* item.ref = channel */
    sj_numbers at; /* by country */
} sj_spec_belief_starts;

typedef struct sj_spec_beliefs {
    sj_item item;
    sj_val lag_days, event_lag_days, event_days, window_days, floor, recovery_per_month;
    SJ_MAP_OF(sj_spec_belief_starts) start, reached;
} sj_spec_beliefs;

typedef struct sj_spec_noise {
    sj_item item;
    sj_val channel_sd, pool_sd, host_sd, persistence;
} sj_spec_noise;

typedef struct sj_spec_rights {
    sj_item item;
    sj_val has[SJ_RIGHTS];
} sj_spec_rights;

typedef enum sj_standing {
    SJ_STANDING_NONE,
    SJ_STANDING_TEMPORARY,
    SJ_STANDING_PERMANENT,
    SJ_STANDING_CITIZEN /* built-in statuses only */
} sj_standing;

typedef struct sj_spec_status {
    sj_item item;
    const char *name;
    int standing;
    sj_spec_rights rights;
    sj_val birth_factor, work_after_days;
} sj_spec_status;

typedef enum sj_class { SJ_CLASS_REGULAR, SJ_CLASS_IRREGULAR, SJ_CLASSES } sj_class;

typedef struct sj_spec_channel {
    sj_item item;
    const char *name;
    int class, entry_status, lapses_to, applies, requires;
    sj_refs to, nationalities;
    sj_val stay_days, open;
} sj_spec_channel;

typedef enum sj_mode { SJ_MODE_MOTOR, SJ_MODE_FOOT, SJ_MODE_WATER, SJ_MODE_AIR } sj_mode;

typedef struct sj_spec_link {
    sj_item item;
    const char *name;
    int from, to, mode;
    sj_refs classes, channels;
    sj_val both_ways, km, cost_usd, days, days_cv, death_per_journey, caught, retry, open;
    sj_val policy_cost;
} sj_spec_link;

typedef struct sj_spec_post {
    sj_item item;
    const char *name;
    int link, calendar;
    sj_val slots_per_day, officers, cases_per_officer_day, admitted;
} sj_spec_post;

typedef struct sj_spec_eligible {
    sj_item item;
    sj_refs nationalities, statuses, places;
    sj_day entered_before;
    sj_val permit_expires_within_days;
} sj_spec_eligible;

typedef struct sj_spec_window {
    sj_item item;
    const char *name;
    sj_day opens, closes, announced;
    sj_spec_eligible eligible;
} sj_spec_window;

typedef struct sj_spec_take_up {
    sj_item item;
    sj_val rate_per_day, opening_factor, opening_days, wait_effect;
} sj_spec_take_up;

/** @brief A share that may differ by nationality. */
typedef struct sj_spec_share {
    sj_item item;
    sj_val all;
    sj_numbers of; /* by nationality */
} sj_spec_share;

typedef struct sj_spec_stage {
    sj_item item;
    const char *name, *fail;
    int calendar, discipline;
    sj_day opens;
    sj_val order, slots_per_day, officers, cases_per_officer_day, served_per_day;
    sj_val no_show, lost_if_no_show, handover_days, share;
    sj_spec_share pass;
} sj_spec_stage;

typedef struct sj_spec_outcome {
    sj_item item;
    int status, lapses_to, channel;
    sj_val permit_days;
} sj_spec_outcome;

typedef struct sj_spec_act {
    sj_item item;
    sj_day date;
    int rule; /* 0 close, 1 grant */
    sj_val n;
} sj_spec_act;

typedef struct sj_spec_programme {
    sj_item item;
    const char *name, *owner;
    int country, pending_status, closed_status;
    sj_val open, deadline_rush, cost_usd_per_case, backlog_age_days, closure_per_year,
        hire_lag_days;
    sj_val reapply_days;
    sj_spec_take_up take_up;
    sj_spec_outcome outcome;
    sj_numbers backlog; /* by nationality */
    SJ_MAP_OF(sj_spec_window) windows;
    SJ_MAP_OF(sj_spec_stage) stages;
    SJ_MAP_OF(sj_spec_act) acts;
} sj_spec_programme;

typedef struct sj_spec_without_right {
    sj_item item;
    sj_val per_year[SJ_RIGHTS];
} sj_spec_without_right;

typedef struct sj_spec_move {
    sj_item item; /* id "from>to" */
    sj_val per_year, xenophobia;
    const char *service;
    sj_spec_without_right without_right;
} sj_spec_move;

typedef struct sj_spec_chain {
    sj_item item;
    const char *name, *start;
    sj_refs groups;
    const cJSON *start_shares;
    sj_val limbo;
    SJ_MAP_OF(sj_spec_move) moves;
} sj_spec_chain;

typedef struct sj_spec_need {
    sj_item item;
    sj_refs groups, statuses;
    sj_val first_days, per_person;
} sj_spec_need;

typedef struct sj_spec_service {
    sj_item item;
    const char *name;
    int place, sector;
    sj_val capacity, host_use;
    sj_spec_need need;
} sj_spec_service;

/** @brief Sectors of host capacity. */
enum { SJ_SECTOR_SHELTER, SJ_SECTOR_LABOUR = 5, SJ_SECTORS = 10 };
extern const char *const sj_sector_words[SJ_SECTORS + 1];

typedef struct sj_spec_unit_cost {
    sj_item item; /* id = sector */
    sj_val build_usd_per_place, run_usd_per_place_year, delay_days;
} sj_spec_unit_cost;

typedef struct sj_spec_appeal {
    sj_item item;
    sj_val funded_share; /* SJ_NO_VALUE: the fund makes no appeal */
    sj_val fatigue_per_year, concentration, overload_response, severe_from;
} sj_spec_appeal;

typedef struct sj_spec_fund {
    sj_item item;
    const char *name;
    int country;
    sj_val overhead, lag_days, run_years;
    sj_spec_appeal appeal;
    sj_numbers pledges; /* by date, USD */
    sj_numbers spend;   /* by service, shares */
} sj_spec_fund;

typedef struct sj_spec_demography {
    sj_item item;
    sj_val births_per_adult_year;
    sj_numbers deaths_per_1000_year; /* by group */
} sj_spec_demography;

typedef struct sj_spec_onward {
    sj_item item;
    sj_val rate_per_year, difference, irregular, overload, index, limit;
} sj_spec_onward;

typedef struct sj_spec_return {
    sj_item item;
    sj_val rate_per_year, drivers, xenophobia, index, limit;
} sj_spec_return;

typedef struct sj_spec_opinion {
    sj_item item;
    sj_val inflow, inflow_threshold, overload, shock_effect, shock, campaign_effect, decay_per_year,
        rest;
} sj_spec_opinion;

typedef struct sj_spec_where {
    sj_item item;
    const char *country, *sector, *class;
} sj_spec_where;

typedef struct sj_spec_trigger {
    sj_item item;
    const char *metric, *place, *of;
    sj_val above, below, for_days;
    sj_val around, hazard_per_year, sensitivity; /* around: it happens by chance */
} sj_spec_trigger;

typedef struct sj_spec_op {
    sj_item item;
    const char *at;
    sj_val set, scale, add, ramp_days;
    sj_day from, to, announced;
    sj_spec_where where;
    sj_spec_trigger when, release;
} sj_spec_op;

typedef struct sj_spec_policy {
    sj_item item;
    const char *format, *id, *title;
    sj_val marked;
    sj_refs tightening; /* nationalities */
    SJ_MAP_OF(sj_spec_op) ops;
} sj_spec_policy;

typedef struct sj_spec_time {
    sj_item item;
    sj_day start, end;
    int report;
} sj_spec_time;

typedef struct sj_spec_run {
    sj_item item;
    sj_val seed, reps;
    int resolution;
    sj_texts off;
} sj_spec_run;

typedef struct sj_spec_reviews {
    sj_item item;
    sj_val departure_days, onward_days, choice_days;
    int integration, demography;
} sj_spec_reviews;

typedef struct sj_spec_record {
    sj_item item;
    sj_texts per_rep;
    sj_texts dates; /* YYYY-MM-DD, checked by record/check.h */
} sj_spec_record;

typedef struct sj_spec_observation {
    sj_item item;
    const char *metric, *place, *nationality, *of, *label;
    sj_day date;
    sj_val value, fitted;
} sj_spec_observation;

/** @brief How a published count counts: see record/published.h. */
typedef enum sj_revision { SJ_REVISION_VERIFIED, SJ_REVISION_REGISTRANTS } sj_revision;

typedef struct sj_spec_published {
    sj_item item;
    int place, nationality, programme, rule;
    const char *stage;
    sj_val start, counted, multiplier, share, revise;
    sj_day revised_from, revised_to;
} sj_spec_published;

/** @brief The whole file. */
typedef struct sj_spec {
    sj_item item;
    const char *format, *id, *title;
    SJ_MAP_OF(sj_spec_source) sources;
    sj_spec_time time;
    sj_spec_run run;
    sj_spec_reviews reviews;
    SJ_MAP_OF(sj_spec_place) places;
    SJ_MAP_OF(sj_spec_nationality) nationalities;
    SJ_MAP_OF(sj_spec_stocks) stocks;
    SJ_MAP_OF(sj_spec_driver) drivers;
    sj_spec_departure departure;
    sj_spec_choice choice;
    sj_spec_route route;
    sj_spec_beliefs beliefs;
    sj_spec_noise noise;
    SJ_MAP_OF(sj_spec_status) statuses;
    SJ_MAP_OF(sj_spec_channel) channels;
    SJ_MAP_OF(sj_spec_link) links;
    SJ_MAP_OF(sj_spec_post) posts;
    SJ_MAP_OF(sj_spec_programme) programmes;
    SJ_MAP_OF(sj_spec_chain) chains;
    SJ_MAP_OF(sj_spec_service) services;
    SJ_MAP_OF(sj_spec_unit_cost) unit_costs;
    SJ_MAP_OF(sj_spec_fund) funds;
    sj_spec_demography demography;
    sj_spec_onward onward;
    sj_spec_return return_home;
    sj_spec_opinion opinion;
    SJ_MAP_OF(sj_spec_policy) policies;
    sj_spec_record record;
    SJ_MAP_OF(sj_spec_observation) observations;
    SJ_MAP_OF(sj_spec_published) published;
} sj_spec;

/** @brief The table of the whole file: what `explain`, the schema and the reference read. */
extern const sj_key_table sj_scenario_keys;
#endif /* SJ_WORLD_SPEC_H */
