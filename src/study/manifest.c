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
                sj_status st = data == NULL ? SJ_E_NOMEM : sj_dir_make(data, err);
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

static void add_schema(cJSON *resource, const char *columns)
{
    cJSON *fields = cJSON_AddArrayToObject(cJSON_AddObjectToObject(resource, "schema"), "fields");
    char copy[256];
    (void)snprintf(copy, sizeof copy, "%s", columns);
    for (char *name = copy, *end; name != NULL; name = end) {
        end = strchr(name, ',');
        if (end != NULL) {
            *end++ = '\0';
        }
        static const char *const numbers[] = {"mean", "q05", "q50", "q95", "value", "days",
                                              "completed", "waiting", "utilisation", "overloaded",
                                              "observed", "variance", "monte_carlo_share"};
        const char *type = strcmp(name, "date") == 0 || strcmp(name, "time") == 0 ? "date"
                           : strcmp(name, "rep") == 0 || strcmp(name, "reps") == 0 ? "integer"
                                                                                   : "string";
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            type = strcmp(name, numbers[i]) == 0 ? "number" : type;
        }
        cJSON *field = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(field, "name", name);
        (void)cJSON_AddStringToObject(field, "type", type);
        (void)cJSON_AddItemToArray(fields, field);
    }
}

static void add_resources(cJSON *root)
{
    cJSON *resources = cJSON_AddArrayToObject(root, "resources");
    for (int i = 0; i < sj_n_table_docs; i++) {
        cJSON *resource = cJSON_CreateObject();
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s",
                       (int)(strchr(sj_table_docs[i].file, '.') - sj_table_docs[i].file),
                       sj_table_docs[i].file);
        (void)cJSON_AddStringToObject(resource, "name", name);
        (void)cJSON_AddStringToObject(resource, "path", sj_table_docs[i].file);
        (void)cJSON_AddStringToObject(resource, "description", sj_table_docs[i].doc);
        add_schema(resource, sj_table_docs[i].columns);
        (void)cJSON_AddItemToArray(resources, resource);
    }
}

static void add_metrics(cJSON *root)
{
    cJSON *metrics = cJSON_AddObjectToObject(root, "metrics");
    static const char *const kinds[] = {"level", "flow", "total"};
    for (int i = 0; i < SJ_N_METRICS; i++) {
        cJSON *metric = cJSON_AddObjectToObject(metrics, sj_metric_table[i].id);
        (void)cJSON_AddStringToObject(metric, "unit", sj_metric_table[i].unit);
        (void)cJSON_AddStringToObject(metric, "kind", kinds[sj_metric_table[i].kind]);
        (void)cJSON_AddStringToObject(metric, "meaning", sj_metric_table[i].doc);
    }
}

static void add_defaults(cJSON *root, const sj_world *w)
{
    cJSON *defaults = cJSON_AddObjectToObject(root, "defaults_used");
    for (size_t i = 0; i < sj_values_length(w->values); i++) {
        const sj_value *value = sj_values_row(w->values, (sj_val)i);
        if (value->mark == 'D') {
            (void)cJSON_AddNumberToObject(defaults, value->pointer, value->base);
        }
    }
}

static void add_failures(cJSON *root, const sj_replications *all)
{
    cJSON *failures = cJSON_AddArrayToObject(root, "failed_replications");
    for (int i = 0; i < all->n_main; i++) {
        if (all->at[i].status == SJ_OK) {
            continue;
        }
        cJSON *failure = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(failure, "rep", i);
        (void)cJSON_AddStringToObject(failure, "reason",
                                      all->at[i].status == SJ_E_INTERRUPTED ? "interrupted"
                                                                            : all->at[i].err.text);
        (void)cJSON_AddItemToArray(failures, failure);
    }
}

static void add_versions(cJSON *root)
{
    (void)cJSON_AddStringToObject(root, "sojourn", SJ_VERSION);
    (void)cJSON_AddStringToObject(root, "libm", gnu_get_libc_version());
    (void)cJSON_AddStringToObject(root, "cpu_level", cpu_level());
}

sj_status sji_write_manifest(const sji_results *r, const char *folder,
                             const sj_replicate_options *options, sj_err *err)
{
    const sj_world *w = r->world;
    cJSON *root = cJSON_CreateObject();
    char hex[65] = "", *scenario = sj_tree_print(w->tree);
    if (scenario != NULL) {
        sj_sha256(scenario, strlen(scenario), hex);
    }
    (void)cJSON_AddStringToObject(root, "format", "sojourn-results/1");
    (void)cJSON_AddStringToObject(root, "name", w->spec.id);
    (void)cJSON_AddStringToObject(root, "title", w->spec.title ? w->spec.title : w->spec.id);
    add_versions(root);
    (void)cJSON_AddNumberToObject(root, "seed", (double)options->seed);
    (void)cJSON_AddNumberToObject(root, "reps", r->n);
    (void)cJSON_AddNumberToObject(root, "reps_asked", r->all->n_main);
    (void)cJSON_AddNumberToObject(root, "twins", r->all->n_twins);
    (void)cJSON_AddBoolToObject(root, "fixed", options->fixed);
    (void)cJSON_AddStringToObject(root, "resolution", w->by_person ? "person" : "cohort");
    (void)cJSON_AddStringToObject(root, "scenario_sha256", hex);
    add_failures(root, r->all);
    add_resources(root);
    add_metrics(root);
    add_defaults(root, w);
    char *text = cJSON_Print(root);
    sj_status st = write_text(folder, "manifest.json", text, err);
    if (st == SJ_OK) {
        st = write_text(folder, "datapackage.json", text, err);
    }
    cJSON_free(text);
    cJSON_Delete(root);
    free(scenario);
    return st;
}
