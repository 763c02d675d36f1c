/**
 * @file world.h
 * @brief A loaded world: the scenario's objects, and what follows from them.
 *
 * Everything the runs share and nothing that changes: the spec as the file
 * says it, the table of values, and what is derived once: leaves (where people
 * stand), countries, statuses with the built-in ones, directed edges of links,
 * the flattened list of stages, classes of chains, cut-off dates. Indices are
 * in order of id, so that "drawn in id order" is "drawn in order of index".
 * Thread-safe after loading. Floor 3 (world).
 */
#ifndef SJ_WORLD_WORLD_H
#define SJ_WORLD_WORLD_H
#include "num/uniformize.h"
#include "world/spec.h"

/** @brief Built-in statuses come first; those of the file follow. */
enum {
    SJ_CITIZEN,
    SJ_APPLICANT,
    SJ_RETURNEE,
    SJ_NATURALISED,
    SJ_TRANSIT,
    SJ_STRANDED,
    SJ_DETAINED,
    SJ_FIRST_STATUS /* code of the first status of the file */
};

typedef struct sj_status_of {
    const char *id, *name;
    int standing;
    const sj_spec_status *spec; /* NULL for built-in statuses */
} sj_status_of;

/** @brief Where people stand: a city, a country without cities, the rest of one, a node. */
typedef struct sj_leaf {
    const char *id, *name;
    int place; /* the place it is, or whose rest it is */
    int country;
    bool is_node; /* nobody settles here */
    double population, settle_weight;
} sj_leaf;

typedef struct sj_country {
    const char *id, *name;
    int place;
    bool is_outside;
    int *settled; /* leaves where people settle */
    int n_settled;
    double *settle_share; /* by position in settled, sum 1 */
    sj_day *cutoffs;      /* entered_before dates of its programmes, ascending */
    bool *cutoff_of;      /* cut-off x nation: a window with it is open to the nation */
    int n_cutoffs;
    double population; /* of the file */
} sj_country;

typedef struct sj_nation {
    const char *id, *name;
    const sj_spec_nationality *spec;
    int home; /* country */
    bool departs;
    double group_share[SJ_GROUPS];
} sj_nation;

/** @brief A link in one direction. */
typedef struct sj_edge {
    int link, from, to;                 /* leaves */
    bool back;                          /* the second direction of both_ways */
    bool class_allowed[SJ_CLASSES + 1]; /* the last: named for the way home, which takes any */
    bool *on_way;                       /* by way: channels of that way may use it */
    bool has_risks;                     /* some may die or be caught on it, now or under a policy */
    int post;                           /* the post at its tail, or SJ_NO_REF */
} sj_edge;

enum { SJ_FAIL_NONE = -1 }; /* fail_status of a stage: the status stays */

/** @brief A stage of a programme, or (post >= 0) a border post. */
typedef struct sj_stage_of {
    int programme;             /* SJ_NO_REF for a post */
    int post;                  /* SJ_NO_REF for a programme's stage */
    const sj_spec_stage *spec; /* NULL for a post */
    int next;                  /* stage after a pass, SJ_NO_REF after the last */
    int fail_stage;            /* SJ_NO_REF: none */
    int fail_status;           /* SJ_FAIL_NONE: the status stays */
    bool by_failure;           /* entered only by those who failed elsewhere */
    const char *label;         /* "programme/stage" */
} sj_stage_of;

typedef struct sj_programme_of {
    const sj_spec_programme *spec;
    int country;
    int first_stage, n_stages;                                    /* in order of `order` */
    int pending_status, closed_status, outcome_status, lapses_to; /* codes, SJ_NO_REF = none */
    bool keeps_since; /* something depends on when a case was opened; else it counts from its stage
                       */
} sj_programme_of;

typedef struct sj_move_of {
    int from, to;
    const sj_spec_move *spec;
    int sector; /* SJ_NO_REF: no service */
} sj_move_of;

typedef struct sj_chain_of {
    const sj_spec_chain *spec;
    int n_classes, start, offset; /* offset among the classes of all chains */
    const char *class_id[SJ_CHAIN_MAX];
    bool applies[SJ_GROUPS];
    bool stationary;
    double start_share[SJ_CHAIN_MAX];
    sj_move_of *moves;
    int n_moves;
} sj_chain_of;

/** @brief A channel; index n_channels - 1 is the built-in way home. */
typedef struct sj_channel_of {
    const char *id, *name;
    const sj_spec_channel *spec; /* NULL for home */
    int class;
    int way; /* channels that may use the same links go the same way; home: n_ways */
    int entry_status, lapses_to, applies, requires;
    bool *leads_to; /* by country */
    bool *used_by;  /* by nationality */
} sj_channel_of;

/** @brief One op of a policy with the values it moves. */
typedef struct sj_op_of {
    const sj_spec_op *spec;
    int policy;
    sj_val *values;
    int n_values;
} sj_op_of;

/** @brief A series of a driver: level by day of the run, held. */
typedef struct sj_level_of {
    const sj_spec_level *spec; /* NULL: the country stands at the reference */
    double *series;            /* n_days + 1 values, or NULL */
} sj_level_of;

/** @brief A published count: one host's of one people. */
typedef struct sj_published_of {
    const sj_spec_published *spec;
    int country, nation;
    int programme, stage; /* SJ_NO_REF: never revised; stage: rule verified only */
    sj_val revised;       /* day of the run on which it is revised, or SJ_NO_VALUE */
} sj_published_of;

typedef struct sj_world {
    sj_arena *arena;
    sj_tree *tree;
    sj_values *values;
    sj_spec spec;
    char *path;

    sj_day start;
    int n_days;    /* the run has days 0 ... n_days */
    int *lapse_of; /* by status: what it becomes when its stay or permit ends, or SJ_NO_REF */
    sj_leaf *leaves;
    sj_country *countries;
    sj_nation *nations;
    sj_status_of *statuses;
    sj_channel_of *channels;
    sj_edge *edges;
    sj_stage_of *stages; /* programmes' first, then posts */
    sj_programme_of *programmes;
    sj_chain_of *chains;
    sj_op_of *ops;
    sj_level_of *levels; /* driver x country */
    sj_published_of *published;
    int *published_at; /* country x nation: its published count, or SJ_NO_REF */
    int n_leaves, n_countries, n_nations, n_statuses, n_channels, n_edges, n_ways;
    int n_stages, n_programmes, n_chains, n_chain_classes, n_ops, n_drivers, n_services;
    int n_posts, n_published;
    int home_channel;
    int *leaf_of_place; /* the leaf where a link to the place ends */
    int *country_of_place;
    int *service_at; /* leaf x sector: the service that serves it, or SJ_NO_REF */
    bool *off;       /* by process, see sj_process_words */
    bool by_person;
} sj_world;

/** @brief Processes that /run/off may name. */
typedef enum sj_process {
    SJ_PROCESS_DEPARTURE,
    SJ_PROCESS_ONWARD,
    SJ_PROCESS_RETURN,
    SJ_PROCESS_JOURNEY,
    SJ_PROCESS_PROGRAMMES,
    SJ_PROCESS_CHAINS,
    SJ_PROCESS_DEMOGRAPHY,
    SJ_PROCESS_SERVICES,
    SJ_PROCESS_FUNDS,
    SJ_PROCESS_OPINION,
    SJ_PROCESS_BELIEFS,
    SJ_PROCESS_NOISE,
    SJ_PROCESSES
} sj_process;
extern const char *const sj_process_words[SJ_PROCESSES + 1];

/** @brief What a load adds to the file: policies, removals, settings, in the order of the law. */
typedef struct sj_load_options {
    const char *const *with; /* policy files */
    size_t n_with;
    const char *const *without; /* policy ids */
    size_t n_without;
    const char *const *set; /* "/pointer=value" */
    size_t n_set;
} sj_load_options;

/**
 * @brief Load, compose and check a scenario. Every problem goes to `problems`, warnings too.
 * @param[out] out New world, NULL where there is an error; the caller frees it.
 */
SJ_MUSTUSE sj_status sj_world_load(sj_world **out, const char *path, const sj_load_options *options,
                                   sj_problems *problems);

/** @brief The same from a text (tests, fuzzing); paths in it are relative to `source`. */
SJ_MUSTUSE sj_status sj_world_parse(sj_world **out, const char *source, const char *text,
                                    size_t length, sj_problems *problems);
void sj_world_free(sj_world *world);

/** @brief Vintage of who enters a country on a day: how many of the cut-off dates that concern
 * their nation have passed. */
int sj_world_vintage(const sj_world *world, int country, int nation, sj_day day);

/** @brief Sector by name, SJ_NO_REF where none (NULL too). */
int sj_sector_named(const char *id);

/** @brief Text "programme/stage" index, country, leaf, status by id; SJ_NO_REF where none. */
int sj_world_country(const sj_world *world, const char *id);
int sj_world_leaf(const sj_world *world, const char *id);
int sj_world_status(const sj_world *world, const char *id);
int sj_world_nation(const sj_world *world, const char *id);
int sj_world_stage(const sj_world *world, const char *label);

/** @brief Was the last day given on the command line, and the value at `pointer` was not? Then what
 * of the value lies after that day was left out on purpose, and needs no warning. */
bool sj_world_is_cut(const sj_world *world, const char *pointer);

/** @brief Divide `n` whole people by shares (sum > 0) with largest remainders; ties by order. */
void sj_divide(int64_t n, const double share[], int k, int64_t out[]);
#endif /* SJ_WORLD_WORLD_H */
