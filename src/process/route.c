/* Ways to a destination (model.md 4.4): least costs by Dijkstra, then one pass over the
 * efficient links (those that bring one nearer), which is a recursive logit on a graph without
 * circles and so exact. A route belongs to a nationality (nobody passes through their own
 * country), a destination and a class, is solved when first asked for and again after links
 * have changed (`version`). */
#include "process/route.h"

#include <math.h>
#include <stdlib.h>

struct sj_routes {
    int version;
    sj_route *at;      /* nation x country x (SJ_CLASSES + 1) */
    double *edge_cost; /* edge, as of this version */
    int *order;        /* scratch: leaves by cost */
    bool *done;
    int *first_out; /* leaf: where its edges begin in `out` */
    int *out;       /* edges by tail, ascending within a tail */
};

static const sj_spec_link *link_of(const sj_run *run, int edge)
{
    return &run->world->spec.links.at[run->world->edges[edge].link];
}

bool sj_edge_open(const sj_run *run, int edge)
{
    return run->value[link_of(run, edge)->open] > 0;
}

double sj_edge_days(const sj_run *run, int edge)
{
    const sj_spec_link *link = link_of(run, edge);
    const sj_spec_route *route = &run->world->spec.route;
    if (link->days != SJ_NO_VALUE) {
        return run->value[link->days];
    }
    const sj_val speed[] = {route->motor_km_per_day, route->foot_km_per_day,
                            route->water_km_per_day, route->air_km_per_day};
    return run->value[link->km] / run->value[speed[link->mode]];
}

/* The tiny constant keeps costs above 0: an edge always brings one strictly nearer. */
double sj_edge_cost(const sj_run *run, int edge)
{
    const sj_spec_link *link = link_of(run, edge);
    const sj_spec_route *route = &run->world->spec.route;
    return run->value[link->cost_usd] / run->value[route->usd_per_unit] +
           run->value[route->per_day] * sj_edge_days(run, edge) +
           run->value[route->per_death] * run->value[link->death_per_journey] +
           run->value[link->policy_cost] + 1e-9;
}

static bool index_edges(sj_run *run)
{
    const sj_world *w = run->world;
    sj_routes *routes = run->routes;
    routes->first_out = sj_calloc((size_t)w->n_leaves + 1, sizeof(int));
    routes->out = sj_calloc((size_t)w->n_edges, sizeof(int));
    if (routes->first_out == NULL || routes->out == NULL) {
        return false;
    }
    int n = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        routes->first_out[leaf] = n;
        for (int e = 0; e < w->n_edges; e++) {
            if (w->edges[e].from == leaf) {
                routes->out[n++] = e;
            }
        }
    }
    routes->first_out[w->n_leaves] = n;
    return true;
}

bool sj_routes_create(sj_run *run)
{
    const sj_world *w = run->world;
    run->routes = sj_calloc(1, sizeof *run->routes);
    if (run->routes == NULL) {
        return false;
    }
    size_t n = (size_t)w->n_nations * (size_t)w->n_countries * (SJ_CLASSES + 1);
    run->routes->at = sj_calloc(n, sizeof(sj_route));
    run->routes->edge_cost = sj_numbers_new((size_t)w->n_edges);
    run->routes->order = sj_calloc((size_t)w->n_leaves, sizeof(int));
    run->routes->done = sj_calloc((size_t)w->n_leaves, sizeof(bool));
    if (run->routes->at == NULL || run->routes->edge_cost == NULL || run->routes->order == NULL ||
        run->routes->done == NULL || !index_edges(run)) {
        return false;
    }
    sj_routes_renew(run);
    return true;
}

void sj_routes_destroy(sj_run *run)
{
    sj_routes *routes = run->routes;
    if (routes == NULL) {
        return;
    }
    const sj_world *w = run->world;
    int n = w->n_nations * w->n_countries * (SJ_CLASSES + 1);
    for (int i = 0; routes->at != NULL && i < n; i++) {
        free(routes->at[i].cost);
    }
    free(routes->at);
    free(routes->edge_cost);
    free(routes->order);
    free(routes->done);
    free(routes->first_out);
    free(routes->out);
    free(routes);
    run->routes = NULL;
}

void sj_routes_renew(sj_run *run)
{
    run->routes->version++;
    for (int e = 0; e < run->world->n_edges; e++) {
        run->routes->edge_cost[e] = sj_edge_open(run, e) ? sj_edge_cost(run, e) : INFINITY;
    }
}

/* May a traveller of the nation use the edge on the way to the destination? */
static bool usable(const sj_run *run, int e, int nation, int class, int destination)
{
    const sj_world *w = run->world;
    const sj_edge *edge = &w->edges[e];
    int head = w->leaves[edge->to].country;
    int home = w->nations[nation].home;
    bool own = head == home && head != destination && w->leaves[edge->from].country != home;
    return !own && (class == SJ_CLASSES || edge->class_allowed[class]) &&
           isfinite(run->routes->edge_cost[e]);
}

static bool ends_there(const sj_world *w, int leaf, int destination)
{
    return w->leaves[leaf].country == destination && !w->leaves[leaf].is_node;
}

/* Least generalised cost of every leaf (Dijkstra, small graphs: a scan for the nearest). Leaves
 * come into routes->order by cost; returns how many have a way. */
static int solve_costs(sj_run *run, sj_route *route, int nation, int class)
{
    const sj_world *w = run->world;
    sj_routes *routes = run->routes;
    int n = 0;
    for (int i = 0; i < w->n_leaves; i++) {
        route->cost[i] = ends_there(w, i, route->destination) ? 0.0 : INFINITY;
        routes->done[i] = false;
    }
    for (;;) {
        int nearest = -1;
        for (int i = 0; i < w->n_leaves; i++) {
            if (!routes->done[i] && isfinite(route->cost[i]) &&
                (nearest < 0 || route->cost[i] < route->cost[nearest])) {
                nearest = i;
            }
        }
        if (nearest < 0) {
            return n;
        }
        routes->done[nearest] = true;
        routes->order[n++] = nearest;
        for (int e = 0; e < w->n_edges; e++) {
            const sj_edge *edge = &w->edges[e];
            double cost = routes->edge_cost[e] + route->cost[nearest];
            if (edge->to == nearest && cost < route->cost[edge->from] &&
                usable(run, e, nation, class, route->destination)) {
                route->cost[edge->from] = cost;
            }
        }
    }
}

/* Adds the edges out of a leaf whose head is nearer than `limit` to a list; mu(-g + V). */
static int efficient(sj_run *run, const sj_route *route, int nation, int class, int leaf,
                     double limit, int edge[], double term[], int n)
{
    const sj_world *w = run->world;
    const sj_routes *routes = run->routes;
    double scale = run->value[w->spec.route.scale];
    for (int i = routes->first_out[leaf]; i < routes->first_out[leaf + 1]; i++) {
        int e = routes->out[i], head = w->edges[e].to;
        if (route->cost[head] < limit && usable(run, e, nation, class, route->destination)) {
            edge[n] = e;
            term[n++] = scale * (route->value[head] - routes->edge_cost[e]);
        }
    }
    return n;
}

static double log_sum(const double term[], int n)
{
    double most = -INFINITY, sum = 0;
    for (int i = 0; i < n; i++) {
        most = term[i] > most ? term[i] : most;
    }
    for (int i = 0; i < n; i++) {
        sum += exp(term[i] - most);
    }
    return n == 0 ? -INFINITY : most + log(sum);
}

/* Settled leaves of a country are joined: a journey may begin at any of them. */
static int start_edges(sj_run *run, const sj_route *route, int nation, int class, int country,
                       int edge[], double term[])
{
    const sj_country *c = &run->world->countries[country];
    int n = 0;
    for (int i = 0; i < c->n_settled; i++) {
        n = efficient(run, route, nation, class, c->settled[i], route->start_cost[country], edge,
                      term, n);
    }
    return n;
}

static bool make_room(const sj_world *w, sj_route *route)
{
    if (route->cost != NULL) {
        return true;
    }
    size_t leaves = (size_t)w->n_leaves, countries = (size_t)w->n_countries;
    route->cost = sj_numbers_new(2 * leaves + 2 * countries);
    if (route->cost == NULL) {
        return false;
    }
    route->value = route->cost + leaves;
    route->start_cost = route->value + leaves;
    route->start_value = route->start_cost + countries;
    return true;
}

enum { MAX_OUT = 4096 /* edges out of one country, checked at creation */ };

/* Places come nearest first, so the value of every head is known when its tail is reached. */
static void solve(sj_run *run, sj_route *route, int nation, int class)
{
    const sj_world *w = run->world;
    double scale = run->value[w->spec.route.scale];
    int edge[MAX_OUT];
    double term[MAX_OUT];
    int n = solve_costs(run, route, nation, class);
    for (int i = 0; i < w->n_leaves; i++) {
        route->value[i] = -INFINITY;
    }
    for (int i = 0; i < n; i++) {
        int leaf = run->routes->order[i];
        if (ends_there(w, leaf, route->destination)) {
            route->value[leaf] = 0;
            continue;
        }
        int out = efficient(run, route, nation, class, leaf, route->cost[leaf], edge, term, 0);
        route->value[leaf] = log_sum(term, out) / scale;
    }
    for (int c = 0; c < w->n_countries; c++) {
        route->start_cost[c] = INFINITY;
        for (int i = 0; i < w->countries[c].n_settled; i++) {
            double cost = route->cost[w->countries[c].settled[i]];
            route->start_cost[c] = cost < route->start_cost[c] ? cost : route->start_cost[c];
        }
        int out = start_edges(run, route, nation, class, c, edge, term);
        route->start_value[c] = log_sum(term, out) / scale;
    }
    route->version = run->routes->version;
}

const sj_route *sj_route_to(sj_run *run, int nation, int destination, int class)
{
    const sj_world *w = run->world;
    size_t at = ((size_t)nation * (size_t)w->n_countries + (size_t)destination) * (SJ_CLASSES + 1) +
                (size_t) class;
    sj_route *route = &run->routes->at[at];
    if (route->version == run->routes->version) {
        return route;
    }
    if (!make_room(w, route)) {
        run->ledger->status = SJ_E_NOMEM;
        return NULL;
    }
    route->destination = destination;
    solve(run, route, nation, class);
    return route;
}

int sj_route_shares(sj_run *run, const sj_route *route, int nation, int class, int leaf,
                    bool from_country, int edge[], double share[])
{
    int n = from_country
                ? start_edges(run, route, nation, class, sj_country_of(run, leaf), edge, share)
                : efficient(run, route, nation, class, leaf, route->cost[leaf], edge, share, 0);
    double sum = log_sum(share, n);
    for (int i = 0; i < n; i++) {
        share[i] = exp(share[i] - sum);
    }
    return n;
}
