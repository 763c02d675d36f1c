/**
 * @file flows.h
 * @brief flows.csv added up over the run: corridors between places that have a position.
 *
 * Rows of one nationality and channel are added; rows of a sum (`ALL`) count only where they hold
 * more than what they sum. A place without a position stands at its parent's. Where there are
 * more corridors than a reader tells apart, those of few people are left out.
 * Floor 7 (report), inside the room.
 */
#ifndef SJ_REPORT_FLOWS_H
#define SJ_REPORT_FLOWS_H
#include "report/results.h"

/* All are kept up to FEW corridors; of more, the largest MOST at most, each with a part of all
 * people of SHARE at least. */
enum { SJI_FLOW_GROUPS = 5, SJI_FLOWS_FEW = 24, SJI_FLOWS_MOST = 60 };
#define SJI_FLOWS_SHARE 0.0025

/** @brief A place of the map. */
typedef struct sji_node {
    const char *id, *name;
    double lat, lon; /* degrees */
    double people;   /* who set out from it or came to it over the run */
} sji_node;

/** @brief People from one place to another over the run, mean of the replications. */
typedef struct sji_flow {
    const char *from, *to;
    size_t a, b; /* nodes */
    double people;
    size_t group; /* the largest part: colour */
    double detail, sum, part[SJI_FLOW_GROUPS];
} sji_flow;

/** @brief The whole map. Release with sji_flows_clear(). */
typedef struct sji_flows {
    SJ_VEC(sji_flow) flow; /* largest first, once made */
    SJ_VEC(sji_node) node;
    const char *group[SJI_FLOW_GROUPS]; /* what the colours mean */
    size_t n_groups;
    bool by_nationality; /* else by the class of the channel */
    size_t n_without;    /* corridors left out: an end has no position */
    size_t n_all;        /* corridors before those of few people were left out */
    double people;       /* on all of them */
    double way_home;     /* people on links left out, which serve the way home alone */
    sj_day first, last;
} sji_flows;

/** @brief Add up the table, with or without links that serve the way home alone. An empty map
 * where there is no table. */
SJ_MUSTUSE sj_status sji_flows_make(sji_flows *flows, const sji_results *results,
                                    bool with_way_home, sj_err *err);
void sji_flows_clear(sji_flows *flows);
#endif /* SJ_REPORT_FLOWS_H */
