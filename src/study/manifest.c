/* scenario.json (resolved, with its tables beside it) and manifest.json. */
#include "study/table_inside.h"

#include <cjson/cJSON.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>

static sj_status write_text(const char *folder, const char *file, const char *text, sj_err *err)
{
    char *path = sj_path_join(folder, file);
    sj_out out = {0};
    sj_status st = path == NULL || text == NULL ? SJ_FAIL(err, SJ_E_NOMEM, file, "out of memory")
                                                : sj_out_open(&out, path, err);
    if (st == SJ_OK) {
        (void)fputs(text, out.stream);
        st = sj_out_finish(&out, err);
    }
    free(path);
    return st;
}

/* The series of one level, one row a day of the run where it changes. */
static sj_status copy_series(const sji_results *r, const char *folder, int driver, int country,
                             sj_err *err)
{
    const sj_world *w = r->world;
    const sj_level_of *level = &w->levels[driver * w->n_countries + country];
    char file[300], pointer[320];
    (void)snprintf(file, sizeof file, "data/%.100s-%.100s.csv", w->spec.drivers.at[driver].item.id,
                   w->countries[country].id);
    char *path = sj_path_join(folder, file);
    sj_out out = {0};
    sj_status st = path == NULL ? SJ_FAIL(err, SJ_E_NOMEM, file, "out of memory")
                                : sj_out_open(&out, path, err);
    free(path);
    if (st != SJ_OK) {
        return st;
    }
    (void)fprintf(out.stream, "date,value\n");
    for (int day = 0; day <= w->n_days; day++) {
        if (day == 0 || level->series[day] != level->series[day - 1]) {
            char date[SJ_DATE_TEXT];
            sj_day_format(w->start + day, date);
            (void)fputs(date, out.stream);
            sji_put(out.stream, level->series[day]);
            (void)fputc('\n', out.stream);
        }
    }
    SJ_TRY(sj_out_finish(&out, err));
    (void)snprintf(pointer, sizeof pointer, "%s/series", level->spec->item.pointer);
    return sj_tree_put(w->tree, pointer, cJSON_CreateString(file), "results", 0, 0, err);
}

sj_status sji_write_scenario(const sji_results *r, const char *folder, sj_err *err)
{
    const sj_world *w = r->world;
    bool made = false;
    for (int k = 0; k < w->n_drivers; k++) {
        for (int c = 0; c < w->n_countries; c++) {
            if (w->levels[k * w->n_countries + c].series == NULL) {
                continue;
            }
            if (!made) {
                char *data = sj_path_join(folder, "data");
                sj_status st = data == NULL ? SJ_FAIL(err, SJ_E_NOMEM, "data", "out of memory")
                                            : sj_dir_make(data, err);
                free(data);
                SJ_TRY(st);
                made = true;
            }
            SJ_TRY(copy_series(r, folder, k, c, err));
        }
    }
    char *text = sj_tree_print(w->tree);
    sj_status st = write_text(folder, "scenario.json", text, err);
    free(text);
    return st;
}

static const char *cpu_level(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") ? "x86-64-v4"
           : __builtin_cpu_supports("avx2")  ? "x86-64-v3"
                                             : "x86-64-v2";
#else
    return "other";
#endif
}

/* The document under way; memory that ends is remembered. */
typedef struct maker {
    cJSON *root;
    bool failed;
} maker;

/* Puts `item` (taken over) under a key, or at the end of a list where there is none. */
static cJSON *put(maker *m, cJSON *parent, const char *key, cJSON *item)
{
    bool done = item != NULL && parent != NULL &&
                (key == NULL ? cJSON_AddItemToArray(parent, item)
                             : cJSON_AddItemToObject(parent, key, item));
    if (!done) {
        cJSON_Delete(item);
        m->failed = true;
        return NULL;
    }
    return item;
}

static void put_text(maker *m, cJSON *parent, const char *key, const char *text)
{
    (void)put(m, parent, key, cJSON_CreateString(text));
}

static void put_number(maker *m, cJSON *parent, const char *key, double number)
{
    (void)put(m, parent, key, cJSON_CreateNumber(number));
}

static const char *type_of_column(const char *name)
{
    static const char *const numbers[] = {
        "mean",     "q05",      "q25",         "q50",        "q75",
        "q95",      "value",    "days",        "completed",  "waiting",
        "observed", "variance", "utilisation", "overloaded", "monte_carlo_share"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i]) == 0) {
            return "number";
        }
    }
    return strcmp(name, "date") == 0 || strcmp(name, "time") == 0  ? "date"
           : strcmp(name, "rep") == 0 || strcmp(name, "reps") == 0 ? "integer"
                                                                   : "string";
}

static void add_schema(maker *m, cJSON *resource, const char *columns)
{
    cJSON *schema = put(m, resource, "schema", cJSON_CreateObject());
    cJSON *fields = put(m, schema, "fields", cJSON_CreateArray());
    char copy[256];
    (void)snprintf(copy, sizeof copy, "%s", columns);
    for (char *name = copy, *end; name != NULL; name = end) {
        end = strchr(name, ',');
        if (end != NULL) {
            *end++ = '\0';
        }
        cJSON *field = put(m, fields, NULL, cJSON_CreateObject());
        put_text(m, field, "name", name);
        put_text(m, field, "type", type_of_column(name));
    }
}

static void add_resources(maker *m)
{
    cJSON *resources = put(m, m->root, "resources", cJSON_CreateArray());
    for (int i = 0; i < sj_n_table_docs; i++) {
        const sj_table_doc *doc = &sj_table_docs[i];
        cJSON *resource = put(m, resources, NULL, cJSON_CreateObject());
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(doc->file, "."), doc->file);
        put_text(m, resource, "name", name);
        put_text(m, resource, "path", doc->file);
        put_text(m, resource, "description", doc->doc);
        add_schema(m, resource, doc->columns);
    }
}

static void add_metrics(maker *m)
{
    cJSON *metrics = put(m, m->root, "metrics", cJSON_CreateObject());
    static const char *const kinds[] = {"level", "flow", "total"};
    for (int i = 0; i < SJ_N_METRICS; i++) {
        cJSON *metric = put(m, metrics, sj_metric_table[i].id, cJSON_CreateObject());
        put_text(m, metric, "unit", sj_metric_table[i].unit);
        put_text(m, metric, "kind", kinds[sj_metric_table[i].kind]);
        put_text(m, metric, "meaning", sj_metric_table[i].doc);
    }
}

static void add_defaults(maker *m, const sj_world *w)
{
    cJSON *defaults = put(m, m->root, "defaults_used", cJSON_CreateObject());
    for (size_t i = 0; i < sj_values_length(w->values); i++) {
        const sj_value *value = sj_values_row(w->values, (sj_val)i);
        if (value->mark == 'D') {
            put_number(m, defaults, value->pointer, value->base);
        }
    }
}

/* Twins too: a failed one is missing from the share of variance. */
static void add_failures(maker *m, const sj_replications *all)
{
    cJSON *failures = put(m, m->root, "failed_replications", cJSON_CreateArray());
    for (int i = 0; i < all->n_main + all->n_twins; i++) {
        const sj_replication *task = &all->at[i];
        if (task->status != SJ_OK) {
            cJSON *failure = put(m, failures, NULL, cJSON_CreateObject());
            put_number(m, failure, "rep", i);
            put_text(m, failure, "reason",
                     task->status == SJ_E_INTERRUPTED ? "interrupted" : task->err.text);
        }
    }
}

static void add_versions(maker *m)
{
    put_text(m, m->root, "sojourn", SJ_VERSION);
    put_text(m, m->root, "libm", gnu_get_libc_version());
    put_text(m, m->root, "cpu_level", cpu_level());
}

sj_status sji_write_manifest(const sji_results *r, const char *folder,
                             const sj_replicate_options *options, sj_err *err)
{
    const sj_world *w = r->world;
    maker m = {cJSON_CreateObject(), false};
    char hex[65] = "", *scenario = sj_tree_print(w->tree);
    if (scenario != NULL) {
        sj_sha256(scenario, strlen(scenario), hex);
    }
    put_text(&m, m.root, "format", "sojourn-results/1");
    put_text(&m, m.root, "name", w->spec.id);
    put_text(&m, m.root, "title", w->spec.title ? w->spec.title : w->spec.id);
    add_versions(&m);
    put_number(&m, m.root, "seed", (double)options->seed);
    put_number(&m, m.root, "reps", r->n);
    put_number(&m, m.root, "reps_asked", r->all->n_main);
    put_number(&m, m.root, "twins", r->all->n_twins);
    (void)put(&m, m.root, "fixed", cJSON_CreateBool(options->fixed));
    put_text(&m, m.root, "resolution", w->by_person ? "person" : "cohort");
    put_text(&m, m.root, "scenario_sha256", hex);
    add_failures(&m, r->all);
    add_resources(&m);
    add_metrics(&m);
    add_defaults(&m, w);
    char *text = scenario == NULL || m.failed ? NULL : cJSON_Print(m.root);
    sj_status st = write_text(folder, "datapackage.json", text, err);
    if (st == SJ_OK) {
        st = write_text(folder, "manifest.json", text, err); /* the last file: all is there */
    }
    cJSON_free(text);
    cJSON_Delete(m.root);
    free(scenario);
    return st;
}
