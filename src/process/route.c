/* Ways to a destination (model.md 4.4): least costs by Dijkstra, then one pass over the
 * efficient links (those that bring one nearer), which is a recursive logit on a graph without
 * circles and so exact. A route belongs to a nationality (nobody passes through their own
 * country), a destination and a way (the links that a channel may use), is solved when first
 * asked for and again after links have changed (`version`). The shares of its links are worked
 * out when somebody first takes it. */
#include "process/route.h"

#include <math.h>
#include <stdlib.h>

struct sj_routes {
    int version;
    sj_route *at;      /* nation x country x (n_ways + 1) */
    double *edge_cost; /* edge, as of this version */
    int *order;        /* scratch: leaves by cost */
    bool *done;
    int *first_out, *out; /* leaf: where its edges begin in `out`, ascending within a tail */
    int *first_in, *in;   /* the same by head */
    int *edge;            /* scratch: edges out of one leaf or country ... */
    double *term;         /* ... and mu(-g + V) of each */
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

/* Edges by one of their ends: those of leaf i are list[first[i]] ... list[first[i + 1] - 1]. */
static bool index_edges(const sj_world *w, bool by_head, int **first, int **list)
{
    *first = sj_calloc((size_t)w->n_leaves + 1, sizeof(int));
    *list = sj_calloc((size_t)w->n_edges, sizeof(int));
    if (*first == NULL || *list == NULL) {
        return false;
    }
    int n = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        (*first)[leaf] = n;
        for (int e = 0; e < w->n_edges; e++) {
            if ((by_head ? w->edges[e].to : w->edges[e].from) == leaf) {
                (*list)[n++] = e;
            }
        }
    }
    (*first)[w->n_leaves] = n;
    return true;
}

static size_t n_routes(const sj_world *w)
{
    return (size_t)w->n_nations * (size_t)w->n_countries * (size_t)(w->n_ways + 1);
}

bool sj_routes_create(sj_run *run)
{
    const sj_world *w = run->world;
    sj_routes *r = run->routes = sj_calloc(1, sizeof *run->routes);
    if (r == NULL) {
        return false;
    }
    size_t edges = (size_t)w->n_edges, leaves = (size_t)w->n_leaves;
    r->at = sj_calloc(n_routes(w), sizeof(sj_route));
    r->edge_cost = sj_numbers_new(edges);
    r->order = sj_calloc(leaves, sizeof(int));
    r->done = sj_calloc(leaves, sizeof(bool));
    r->edge = sj_calloc(edges, sizeof(int));
    r->term = sj_numbers_new(edges);
    if (r->at == NULL || r->edge_cost == NULL || r->order == NULL || r->done == NULL ||
        r->edge == NULL || r->term == NULL || !index_edges(w, false, &r->first_out, &r->out) ||
        !index_edges(w, true, &r->first_in, &r->in)) {
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
    for (size_t i = 0; routes->at != NULL && i < n_routes(run->world); i++) {
        free(routes->at[i].cost);
        free(routes->at[i].edge);
        free(routes->at[i].share);
        free(routes->at[i].first);
    }
    free(routes->at);
    free(routes->edge_cost);
    free(routes->order);
    free(routes->done);
    free(routes->first_out);
    free(routes->out);
    free(routes->first_in);
    free(routes->in);
    free(routes->edge);
    free(routes->term);
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

/* May a traveller on the route use the edge? */
static bool usable(const sj_run *run, const sj_route *route, int e)
{
    const sj_world *w = run->world;
    const sj_edge *edge = &w->edges[e];
    int head = w->leaves[edge->to].country;
    int home = w->nations[route->nation].home;
    bool own = head == home && head != route->destination && w->leaves[edge->from].country != home;
    return !own && (route->way == w->n_ways || edge->on_way[route->way]) &&
           isfinite(run->routes->edge_cost[e]);
}

static bool ends_there(const sj_world *w, int leaf, int destination)
{
    return w->leaves[leaf].country == destination && !w->leaves[leaf].is_node;
}

/* The nearest leaf that is not done yet; SJ_NO_REF where none has a way. */
static int nearest_leaf(const sj_run *run, const sj_route *route)
{
    const bool *done = run->routes->done;
    int nearest = SJ_NO_REF;
    for (int i = 0; i < run->world->n_leaves; i++) {
        if (!done[i] && isfinite(route->cost[i]) &&
            (nearest == SJ_NO_REF || route->cost[i] < route->cost[nearest])) {
            nearest = i;
        }
    }
    return nearest;
}

/* Least generalised cost of every leaf (Dijkstra, small graphs: a scan for the nearest). Leaves
 * come into routes->order by cost; returns how many have a way. */
static int solve_costs(sj_run *run, sj_route *route)
{
    const sj_world *w = run->world;
    sj_routes *routes = run->routes;
    int n = 0;
    for (int i = 0; i < w->n_leaves; i++) {
        route->cost[i] = ends_there(w, i, route->destination) ? 0.0 : INFINITY;
        routes->done[i] = false;
    }
    for (int at = nearest_leaf(run, route); at != SJ_NO_REF; at = nearest_leaf(run, route)) {
        routes->done[at] = true;
        routes->order[n++] = at;
        for (int i = routes->first_in[at]; i < routes->first_in[at + 1]; i++) {
            int e = routes->in[i], tail = w->edges[e].from;
            double cost = routes->edge_cost[e] + route->cost[at];
            if (cost < route->cost[tail] && usable(run, route, e)) {
                route->cost[tail] = cost;
            }
        }
    }
    return n;
}

/* Adds the edges out of a leaf whose head is nearer than `limit` to the scratch list. */
static int efficient(sj_run *run, const sj_route *route, int leaf, double limit, int n)
{
    const sj_world *w = run->world;
    sj_routes *routes = run->routes;
    double scale = run->value[w->spec.route.scale];
    for (int i = routes->first_out[leaf]; i < routes->first_out[leaf + 1]; i++) {
        int e = routes->out[i], head = w->edges[e].to;
        if (route->cost[head] < limit && usable(run, route, e)) {
            routes->edge[n] = e;
            routes->term[n++] = scale * (route->value[head] - routes->edge_cost[e]);
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
static int start_edges(sj_run *run, const sj_route *route, int country)
{
    const sj_country *c = &run->world->countries[country];
    int n = 0;
    for (int i = 0; i < c->n_settled; i++) {
        n = efficient(run, route, c->settled[i], route->start_cost[country], n);
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

/* Places come nearest first, so the value of every head is known when its tail is reached. */
static void solve(sj_run *run, sj_route *route)
{
    const sj_world *w = run->world;
    double scale = run->value[w->spec.route.scale];
    int n = solve_costs(run, route);
    for (int i = 0; i < w->n_leaves; i++) {
        route->value[i] = -INFINITY;
    }
    for (int i = 0; i < n; i++) {
        int leaf = run->routes->order[i];
        if (ends_there(w, leaf, route->destination)) {
            route->value[leaf] = 0;
            continue;
        }
        int out = efficient(run, route, leaf, route->cost[leaf], 0);
        route->value[leaf] = log_sum(run->routes->term, out) / scale;
    }
    for (int c = 0; c < w->n_countries; c++) {
        route->start_cost[c] = INFINITY;
        for (int i = 0; i < w->countries[c].n_settled; i++) {
            double cost = route->cost[w->countries[c].settled[i]];
            route->start_cost[c] = cost < route->start_cost[c] ? cost : route->start_cost[c];
        }
        int out = start_edges(run, route, c);
        route->start_value[c] = log_sum(run->routes->term, out) / scale;
    }
    route->version = run->routes->version;
    route->has_shares = false;
}

sj_route *sj_route_to(sj_run *run, int nation, int destination, int way)
{
    const sj_world *w = run->world;
    size_t at =
        ((size_t)nation * (size_t)w->n_countries + (size_t)destination) * (size_t)(w->n_ways + 1) +
        (size_t)way;
    sj_route *route = &run->routes->at[at];
    if (route->version == run->routes->version) {
        return route;
    }
    if (!make_room(w, route)) {
        run->ledger->status = SJ_E_NOMEM;
        return NULL;
    }
    route->nation = nation;
    route->destination = destination;
    route->way = way;
    solve(run, route);
    return route;
}

/* The shares of what lies in the scratch list become those of one tail of the route. */
static void keep_shares(sj_run *run, sj_route *route, int tail, int n)
{
    double sum = log_sum(run->routes->term, n);
    int from = route->first[tail];
    for (int i = 0; i < n; i++) {
        route->edge[from + i] = run->routes->edge[i];
        route->share[from + i] = exp(run->routes->term[i] - sum);
    }
    route->first[tail + 1] = from + n;
}

/* Tails are the leaves, then the countries. An edge has one tail of each kind. */
static bool work_out_shares(sj_run *run, sj_route *route)
{
    const sj_world *w = run->world;
    if (route->first == NULL) {
        route->first = sj_calloc((size_t)(w->n_leaves + w->n_countries) + 1, sizeof(int));
        route->edge = sj_calloc(2 * (size_t)w->n_edges, sizeof(int));
        route->share = sj_numbers_new(2 * (size_t)w->n_edges);
    }
    if (route->first == NULL || route->edge == NULL || route->share == NULL) {
        run->ledger->status = SJ_E_NOMEM;
        return false;
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        keep_shares(run, route, leaf, efficient(run, route, leaf, route->cost[leaf], 0));
    }
    for (int c = 0; c < w->n_countries; c++) {
        keep_shares(run, route, w->n_leaves + c, start_edges(run, route, c));
    }
    route->has_shares = true;
    return true;
}

int sj_route_shares(sj_run *run, sj_route *route, int leaf, bool from_country, const int **edge,
                    const double **share)
{
    if (!route->has_shares && !work_out_shares(run, route)) {
        return 0;
    }
    int tail = from_country ? run->world->n_leaves + sj_country_of(run, leaf) : leaf;
    *edge = route->edge + route->first[tail];
    *share = route->share + route->first[tail];
    return route->first[tail + 1] - route->first[tail];
}
