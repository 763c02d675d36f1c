/**
 * @file route.h
 * @brief The way to one destination: what it is worth from every place, and how it is shared out.
 *
 * Only efficient links count: their head is nearer to the destination than
 * their tail by least generalised cost (Dial 1971), so one pass in order of
 * cost gives the recursive logit exactly (Fosgerau et al. 2013). No route
 * passes the traveller's own country; a journey ends at the first settled leaf
 * of its destination. The settled leaves of a country are one for starting.
 * Routes are solved when asked for and again when a link has changed.
 * Floor 4 (process).
 */
#ifndef SJ_PROCESS_ROUTE_H
#define SJ_PROCESS_ROUTE_H
#include "process/run.h"

/** @brief Way of one nation to one destination. */
typedef struct sj_route {
    int version; /* of the links it was solved for */
    int nation, destination, way;
    double *cost;        /* leaf: least generalised cost, INFINITY without a way */
    double *value;       /* leaf: logsum, -INFINITY without a way */
    double *start_cost;  /* country: least over its settled leaves */
    double *start_value; /* country: logsum over the links out of all its settled leaves */
    bool has_shares;     /* the next three hold for this version */
    int *first, *edge;   /* tail (leaves, then countries): where its edges begin */
    double *share;       /* of each edge, sum 1 by tail */
} sj_route;

bool sj_routes_create(sj_run *run);
void sj_routes_destroy(sj_run *run);

/** @brief Forget all routes: a link opened, closed or changed. */
void sj_routes_renew(sj_run *run);

/** @brief Route of a nation to a country by a way (n_ways of the world: any link, the way home).
 * Borrowed until sj_routes_renew(). NULL when memory ends (the ledger fails). */
sj_route *sj_route_to(sj_run *run, int nation, int destination, int way);

/** @brief Shares of the edges out of a leaf, or out of all settled leaves of its country
 * (`from_country`); edges in ascending order within a leaf. Returns how many; the arrays are
 * borrowed until sj_routes_renew(). */
int sj_route_shares(sj_run *run, sj_route *route, int leaf, bool from_country, const int **edge,
                    const double **share);

/** @brief Mean days of an edge today, and its generalised cost. */
double sj_edge_days(const sj_run *run, int edge);
double sj_edge_cost(const sj_run *run, int edge);

/** @brief True if the link of an edge is open today. */
bool sj_edge_open(const sj_run *run, int edge);
#endif /* SJ_PROCESS_ROUTE_H */
