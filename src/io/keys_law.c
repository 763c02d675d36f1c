#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/format.h"
#include "io/keys_room.h"

/* The laws as they are written in a file, with the names of their two numbers. */
typedef struct law_row {
    const char *name;
    sj_law law;
    const char *a, *b;
} law_row;

static const law_row law_rows[] = {
    {"uniform", SJ_LAW_UNIFORM, "low", "high"},
    {"loguniform", SJ_LAW_LOGUNIFORM, "low", "high"},
    {"normal", SJ_LAW_NORMAL, "mean", "sd"},
    {"lognormal", SJ_LAW_LOGNORMAL, "mean_log", "sd_log"},
    {"beta", SJ_LAW_BETA, "alpha", "beta"},
    {"discrete", SJ_LAW_DISCRETE, "values", "weights"},
};
enum { N_LAWS = sizeof law_rows / sizeof law_rows[0] };

static bool fail(sj_reader *reader, const cJSON *node, const char *hint, const char *text)
{
    SJI_REPORT(reader, node, SJ_E_DISTRIBUTION, hint, "%s", text);
    return false;
}

static bool read_finite(sj_reader *reader, const cJSON *node, const char *name, double *out)
{
    if (!cJSON_IsNumber(node)) {
        SJI_REPORT(reader, node, SJ_E_DISTRIBUTION, "", "\"%s\" must be a number", name);
        return false;
    }
    *out = node->valuedouble;
    return true;
}

static const law_row *find_law(sj_reader *reader, const cJSON *node)
{
    const char *names[N_LAWS];
    char hint[128], shown[SJI_SHOWN];
    const cJSON *law = cJSON_IsObject(node) ? sji_child(node, "law") : node;
    for (size_t i = 0; i < N_LAWS; i++) {
        names[i] = law_rows[i].name;
        if (cJSON_IsString(law) && strcmp(law->valuestring, names[i]) == 0) {
            return &law_rows[i];
        }
    }
    if (!cJSON_IsString(law)) {
        (void)fail(reader, law == NULL ? node : law,
                   "such as {\"law\": \"lognormal\", \"mean_log\": 0, \"sd_log\": 0.5}",
                   "a distribution names its \"law\"");
        return NULL;
    }
    sji_hint_nearest(reader, hint, sizeof hint, law->valuestring, names, N_LAWS);
    if (hint[0] == '\0') {
        sji_list_words(hint, sizeof hint, names, N_LAWS);
    }
    sji_show(shown, sizeof shown, law->valuestring, strlen(law->valuestring));
    SJI_REPORT(reader, law, SJ_E_DISTRIBUTION, hint, "there is no law \"%s\"", shown);
    return NULL;
}

/* Unknown keys of a distribution. */
static void check_keys(sj_reader *reader, const cJSON *node, const law_row *row)
{
    const sj_key known[] = {{.name = "law", .doc = "name of the law"},
                            {.name = row->a, .doc = "parameter"},
                            {.name = row->b, .doc = "parameter"}};
    for (const cJSON *child = node->child; child != NULL; child = child->next) {
        bool is_known = sji_is_skipped(child->string);
        for (size_t i = 0; i < 3; i++) {
            is_known = is_known || strcmp(child->string, known[i].name) == 0;
        }
        if (!is_known) {
            sji_report_unknown(reader, child, known, 3);
        }
    }
}

/* The value must lie between the ends of its range. */
static bool check_order(sj_reader *reader, const cJSON *node, const sj_value *value)
{
    char low[SJ_NUMBER_TEXT], base[SJ_NUMBER_TEXT], high[SJ_NUMBER_TEXT];
    if (value->a <= value->base && value->base <= value->b) {
        return true;
    }
    (void)sj_format_number(value->a, low);
    (void)sj_format_number(value->base, base);
    (void)sj_format_number(value->b, high);
    SJI_REPORT(reader, node, SJ_E_DISTRIBUTION, "low <= value <= high",
               "the value %s does not lie between low %s and high %s", base, low, high);
    return false;
}

/* Two ends within the range of the key, around the value. */
static bool read_ends(sj_reader *reader, const sj_key *row, const cJSON *low, const cJSON *high,
                      const cJSON *node, sj_value *value)
{
    if (low == NULL || high == NULL) {
        return fail(reader, node, "a range has both ends",
                    low == NULL ? "\"low\" is missing" : "\"high\" is missing");
    }
    bool has_low = sji_read_number(reader, row, low, &value->a);
    return sji_read_number(reader, row, high, &value->b) && has_low &&
           check_order(reader, node, value);
}

static bool read_triangular(sj_reader *reader, const sj_key *row, const cJSON *low,
                            const cJSON *high, const cJSON *node, sj_value *value)
{
    if (low == NULL && high == NULL) {
        return true;
    }
    if (row->type == SJ_KEY_BOOL) {
        return fail(reader, low != NULL ? low : high, "use a discrete distribution",
                    "true and false have no range");
    }
    if (!read_ends(reader, row, low, high, node, value)) {
        return false;
    }
    value->law = value->a < value->b ? SJ_LAW_TRIANGULAR : SJ_LAW_FIXED;
    return true;
}

/* Ends of uniform and loguniform, in the distribution or beside the value. */
static bool read_uniform(sj_reader *reader, const sj_key *row, const cJSON *distribution,
                         const cJSON *low, const cJSON *high, const cJSON *node, sj_value *value)
{
    const cJSON *low_inside = sji_child(distribution, "low");
    const cJSON *high_inside = sji_child(distribution, "high");
    if ((low != NULL && low_inside != NULL) || (high != NULL && high_inside != NULL)) {
        return fail(reader, distribution, "keep one of the two",
                    "an end of the range stands twice");
    }
    low = low_inside != NULL ? low_inside : low;
    high = high_inside != NULL ? high_inside : high;
    if (!read_ends(reader, row, low, high, node, value)) {
        return false;
    }
    if (value->law == SJ_LAW_LOGUNIFORM && value->a <= 0.0) {
        return fail(reader, low, "", "a loguniform law needs ends above 0");
    }
    value->law = value->a < value->b ? value->law : SJ_LAW_FIXED;
    return true;
}

/* normal, lognormal and beta: two numbers of their own. */
static bool read_parameters(sj_reader *reader, const sj_key *row, const law_row *law,
                            const cJSON *distribution, sj_value *value)
{
    const cJSON *a = sji_child(distribution, law->a), *b = sji_child(distribution, law->b);
    if (a == NULL || b == NULL) {
        SJI_REPORT(reader, distribution, SJ_E_DISTRIBUTION, "", "a %s law needs \"%s\" and \"%s\"",
                   law->name, law->a, law->b);
        return false;
    }
    if (!read_finite(reader, a, law->a, &value->a) || !read_finite(reader, b, law->b, &value->b)) {
        return false;
    }
    if (value->b <= 0.0 || (law->law == SJ_LAW_BETA && value->a <= 0.0)) {
        SJI_REPORT(reader, value->b <= 0.0 ? b : a, SJ_E_DISTRIBUTION, "", "\"%s\" must be above 0",
                   value->b <= 0.0 ? law->b : law->a);
        return false;
    }
    if (law->law == SJ_LAW_BETA && (row->low > 0.0 || row->high < 1.0)) {
        return fail(reader, distribution, "", "a beta law lies between 0 and 1, this key does not");
    }
    if (law->law == SJ_LAW_LOGNORMAL && row->high <= 0.0) {
        return fail(reader, distribution, "", "a lognormal law lies above 0, this key does not");
    }
    return true;
}

static double *read_list(sj_reader *reader, const sj_key *row, const cJSON *list, size_t n)
{
    double *numbers = sji_alloc(reader, n, sizeof *numbers);
    size_t i = 0;
    for (const cJSON *child = list->child; numbers != NULL && child != NULL; child = child->next) {
        bool is_good = row != NULL ? sji_read_number(reader, row, child, &numbers[i])
                                   : read_finite(reader, child, "weights", &numbers[i]);
        if (!is_good) {
            return NULL;
        }
        i++;
    }
    return numbers;
}

static bool check_weights(sj_reader *reader, const cJSON *list, const double *weights, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += weights[i];
        if (weights[i] < 0.0) {
            return fail(reader, list, "", "weights are 0 or above");
        }
    }
    return (sum > 0.0 && isfinite(sum)) ||
           fail(reader, list, "", "the weights have no finite sum above 0");
}

static bool read_discrete(sj_reader *reader, const sj_key *row, const cJSON *distribution,
                          sj_value *value)
{
    const cJSON *values = sji_child(distribution, "values");
    const cJSON *weights = sji_child(distribution, "weights");
    size_t n = cJSON_IsArray(values) ? (size_t)cJSON_GetArraySize(values) : 0;
    if (n == 0) {
        return fail(reader, values != NULL ? values : distribution, "such as [1, 2, 3]",
                    "a discrete law needs \"values\", a list");
    }
    if (weights != NULL && (!cJSON_IsArray(weights) || (size_t)cJSON_GetArraySize(weights) != n)) {
        return fail(reader, weights, "", "\"weights\" must be a list as long as \"values\"");
    }
    value->n_choices = n;
    value->choices = read_list(reader, row, values, n);
    value->weights = weights != NULL ? read_list(reader, NULL, weights, n)
                                     : sji_alloc(reader, n, sizeof *value->weights);
    for (size_t i = 0; weights == NULL && value->weights != NULL && i < n; i++) {
        value->weights[i] = 1.0;
    }
    if (value->choices == NULL || value->weights == NULL) {
        return false;
    }
    return weights == NULL || check_weights(reader, weights, value->weights, n);
}

static bool read_named(sj_reader *reader, const sj_key *row, const law_row *law, const cJSON *low,
                       const cJSON *high, const cJSON *distribution, const cJSON *node,
                       sj_value *value)
{
    if (row->type == SJ_KEY_BOOL && law->law != SJ_LAW_DISCRETE) {
        return fail(reader, distribution, "use a discrete distribution",
                    "true and false have no such law");
    }
    if (law->law == SJ_LAW_UNIFORM || law->law == SJ_LAW_LOGUNIFORM) {
        return read_uniform(reader, row, distribution, low, high, node, value);
    }
    if (low != NULL || high != NULL) {
        return fail(reader, low != NULL ? low : high, "leave them out",
                    "\"low\" and \"high\" have no meaning beside this law");
    }
    return law->law == SJ_LAW_DISCRETE ? read_discrete(reader, row, distribution, value)
                                       : read_parameters(reader, row, law, distribution, value);
}

bool sji_read_law(sj_reader *reader, const sj_key *row, const cJSON *low, const cJSON *high,
                  const cJSON *distribution, const cJSON *node, sj_value *value)
{
    if (distribution == NULL) {
        return read_triangular(reader, row, low, high, node, value);
    }
    const law_row *law = find_law(reader, distribution);
    if (law == NULL) {
        return false;
    }
    check_keys(reader, distribution, law);
    value->law = law->law;
    return read_named(reader, row, law, low, high, distribution, node, value);
}
