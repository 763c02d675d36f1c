#include "report/flows.h"

#include <math.h>
#include <string.h>

#include "report/draw.h"

enum {
    REGULAR,
    IRREGULAR,
    HOME,
    OTHER,
    C_DATE = 0,
    C_FROM,
    C_TO,
    C_NATIONALITY,
    C_CHANNEL,
    C_MEAN,
    C_LINK,
    N_HEADINGS
};

/* Nationalities of the table; colours are theirs where there are two to five. */
static void choose_groups(sji_flows *flows, const sji_results *r, const int c[])
{
    static const char *const classes[] = {"regular channels", "irregular channels", "way home",
                                          "other channels"};
    const char *seen[SJI_FLOW_GROUPS + 1];
    size_t n = 0;
    for (size_t i = 0; i < r->flows.n_rows && n <= SJI_FLOW_GROUPS; i++) {
        const char *nationality = sj_csv_cell(&r->flows, i, c[C_NATIONALITY]);
        size_t k = 0;
        while (k < n && strcmp(seen[k], nationality) != 0) {
            k++;
        }
        if (k == n && !sji_is_all(nationality)) {
            seen[n++] = nationality;
        }
    }
    flows->by_nationality = n >= 2 && n <= SJI_FLOW_GROUPS;
    flows->n_groups = flows->by_nationality ? n : 4;
    for (size_t k = 0; k < flows->n_groups; k++) {
        flows->group[k] = flows->by_nationality ? seen[k] : classes[k];
    }
}

static size_t group_of(const sji_flows *flows, const sji_results *r, const char *nationality,
                       const char *channel)
{
    if (flows->by_nationality) {
        size_t k = 0;
        while (k + 1 < flows->n_groups && strcmp(flows->group[k], nationality) != 0) {
            k++;
        }
        return k;
    }
    const char *kind = sji_results_text(r, "channels", channel, "class");
    if (strcmp(channel, "home") == 0) {
        return HOME;
    }
    if (kind == NULL) {
        return OTHER;
    }
    return strcmp(kind, "irregular") == 0 ? IRREGULAR : REGULAR;
}

/* The flow of a row; the search goes on from the last one, as the table is sorted. */
static sji_flow *find_flow(sji_flows *flows, const char *from, const char *to, size_t *hint)
{
    for (size_t i = 0; i < flows->flow.n; i++) {
        size_t k = (*hint + i) % flows->flow.n;
        sji_flow *flow = &flows->flow.at[k];
        if (strcmp(flow->from, from) == 0 && strcmp(flow->to, to) == 0) {
            *hint = k;
            return flow;
        }
    }
    sji_flow fresh = {.from = from, .to = to};
    if (!sj_vec_push(&flows->flow, fresh)) {
        return NULL;
    }
    *hint = flows->flow.n - 1;
    return &flows->flow.at[*hint];
}

/* Is the row's link left out? Asked of the same link many times in a row. */
static bool is_left_out(const sji_results *r, const char *link, bool with_way_home,
                        const char **last, bool *answer)
{
    if (*last == NULL || strcmp(*last, link) != 0) {
        *last = link;
        *answer = !with_way_home && sji_link_is_way_home(r, link);
    }
    return *answer;
}

static sj_status add_rows(sji_flows *flows, const sji_results *r, const int c[], bool with_way_home,
                          sj_err *err)
{
    const sj_csv *csv = &r->flows;
    const char *last = NULL;
    bool answer = false;
    size_t hint = 0;
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *nationality = sj_csv_cell(csv, i, c[C_NATIONALITY]);
        const char *channel = sj_csv_cell(csv, i, c[C_CHANNEL]);
        double people = sji_results_number_at(csv, i, c[C_MEAN]);
        sj_day day;
        if (!isfinite(people) || !sji_results_day_at(csv, i, c[C_DATE], &day)) {
            continue;
        }
        if (is_left_out(r, sj_csv_cell(csv, i, c[C_LINK]), with_way_home, &last, &answer)) {
            flows->way_home += sji_is_all(nationality) || sji_is_all(channel) ? 0.0 : people;
            continue;
        }
        sji_flow *flow =
            find_flow(flows, sj_csv_cell(csv, i, c[C_FROM]), sj_csv_cell(csv, i, c[C_TO]), &hint);
        if (flow == NULL) {
            return SJ_FAIL(err, SJ_E_NOMEM, csv->path, "out of memory");
        }
        if (sji_is_all(nationality) || sji_is_all(channel)) {
            flow->sum += sji_is_all(nationality) && sji_is_all(channel) ? people : 0.0;
        } else {
            flow->detail += people;
            flow->part[group_of(flows, r, nationality, channel)] += people;
        }
        flows->first = flows->last == 0 || day < flows->first ? day : flows->first;
        flows->last = flows->last == 0 || day > flows->last ? day : flows->last;
    }
    return SJ_OK;
}

/* Position of a place, else of what it belongs to: its parent, or `col` for `col-rest`. */
static bool position_of(const sji_results *r, const char *id, double *lat, double *lon)
{
    char whole[128];
    const char *parent = sji_results_text(r, "places", id, "parent");
    if (sji_results_number(r, "places", id, "lat", lat) &&
        sji_results_number(r, "places", id, "lon", lon)) {
        return fabs(*lat) <= 90.0 && fabs(*lon) <= 360.0;
    }
    if (parent == NULL && sji_results_is_rest(id, whole, sizeof whole)) {
        parent = whole;
    }
    return parent != NULL && sji_results_number(r, "places", parent, "lat", lat) &&
           sji_results_number(r, "places", parent, "lon", lon) && fabs(*lat) <= 90.0 &&
           fabs(*lon) <= 360.0;
}

/* Index of a place as a node, made where it is new; SIZE_MAX without memory. */
static size_t node_of(sji_flows *flows, const sji_results *r, const char *id)
{
    sji_node node = {id, sji_results_name(r, "places", id), 0.0, 0.0, 0.0};
    for (size_t i = 0; i < flows->node.n; i++) {
        if (strcmp(flows->node.at[i].id, id) == 0) {
            return i;
        }
    }
    (void)position_of(r, id, &node.lat, &node.lon);
    return sj_vec_push(&flows->node, node) ? flows->node.n - 1 : SIZE_MAX;
}

static int by_people(const void *a, const void *b)
{
    double x = ((const sji_flow *)a)->people, y = ((const sji_flow *)b)->people;
    return (x < y) - (x > y);
}

static bool has_position(const sji_results *r, const char *id)
{
    double lat, lon;
    return position_of(r, id, &lat, &lon);
}

/* Totals and largest parts, the largest first; drops who cannot be drawn. */
static void add_up(sji_flows *flows, const sji_results *r)
{
    size_t n = 0;
    for (size_t i = 0; i < flows->flow.n; i++) {
        sji_flow flow = flows->flow.at[i];
        flow.people = fmax(flow.detail, flow.sum);
        flow.group = flow.detail > 0.0 ? 0 : flows->n_groups - 1;
        for (size_t k = 0; k < flows->n_groups; k++) {
            flow.group = flow.part[k] > flow.part[flow.group] ? k : flow.group;
        }
        if (!(flow.people > 0.0) || strcmp(flow.from, flow.to) == 0) {
            continue;
        }
        if (!has_position(r, flow.from) || !has_position(r, flow.to)) {
            flows->n_without++;
            continue;
        }
        flows->people += flow.people;
        flows->flow.at[n++] = flow;
    }
    flows->flow.n = flows->n_all = n;
    if (n > 0) {
        qsort(flows->flow.at, n, sizeof *flows->flow.at, by_people);
    }
}

/* Leave out corridors of few people, then make the places at the ends of the others. */
static sj_status choose(sji_flows *flows, const sji_results *r, sj_err *err)
{
    size_t n = flows->n_all <= SJI_FLOWS_FEW ? flows->n_all : 0;
    while (n < flows->n_all && n < SJI_FLOWS_MOST &&
           flows->flow.at[n].people >= SJI_FLOWS_SHARE * flows->people) {
        n++;
    }
    flows->flow.n = n;
    for (size_t i = 0; i < n; i++) {
        sji_flow *flow = &flows->flow.at[i];
        flow->a = node_of(flows, r, flow->from);
        flow->b = node_of(flows, r, flow->to);
        if (flow->a == SIZE_MAX || flow->b == SIZE_MAX) {
            return SJ_FAIL(err, SJ_E_NOMEM, "map", "out of memory");
        }
        flows->node.at[flow->a].people += flow->people;
        flows->node.at[flow->b].people += flow->people;
    }
    return SJ_OK;
}

sj_status sji_flows_make(sji_flows *flows, const sji_results *results, bool with_way_home,
                         sj_err *err)
{
    static const char *const heading[N_HEADINGS] = {"date",    "from", "to",  "nationality",
                                                    "channel", "mean", "link"};
    int c[N_HEADINGS];
    memset(flows, 0, sizeof *flows);
    if (results->flows.n_columns == 0) {
        return SJ_OK;
    }
    SJ_TRY(sji_results_columns(&results->flows, heading, N_HEADINGS, c, err));
    choose_groups(flows, results, c);
    SJ_TRY(add_rows(flows, results, c, with_way_home, err));
    add_up(flows, results);
    return choose(flows, results, err);
}

void sji_flows_clear(sji_flows *flows)
{
    sj_vec_clear(&flows->flow);
    sj_vec_clear(&flows->node);
}
