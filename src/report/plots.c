#include "report/plots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "io/format.h"
#include "report/draw.h"
#include "report/gnuplot.h"

enum { N_KINDS = 11, N_FORMATS = 3 };

static const sj_plot_kind kinds[N_KINDS] = {
    {"stock", "How many people live in each host country, beside published counts", "series.csv"},
    {"capacity", "Where demand for a service goes beyond its capacity, and by how much",
     "series.csv"},
    {"overload", "Which services are overloaded, week by week", "overload.csv"},
    {"funnel", "How far the people of a programme have come, beside published counts",
     "series.csv"},
    {"queue", "How many people wait at each stage of each programme", "series.csv"},
    {"asylum", "How many claims are pending in each asylum programme", "series.csv"},
    {"waits", "How long people wait at each stage of each programme", "waits.csv"},
    {"map", "Which corridors people travel, and how many", "flows.csv"},
    {"corridor", "How many people cross the busiest links, month by month", "series.csv"},
    {"observed", "How near the model comes to observations, target by target",
     "series.csv and --observed"},
    {"compare", "What a policy changes, with its interval", "compare.csv"},
};

static const char *const formats[N_FORMATS] = {"svg", "png", "pdf"};

static sj_status draw_kind(size_t i, sji_job *job, sj_err *err)
{
    static sj_status (*const draw[N_KINDS])(sji_job *, sj_err *) = {
        sji_draw_stock,    sji_draw_capacity, sji_draw_overload, sji_draw_funnel,
        sji_draw_queue,    sji_draw_asylum,   sji_draw_waits,    sji_draw_map,
        sji_draw_corridor, sji_draw_observed, sji_draw_compare};
    return draw[i](job, err);
}

const sj_plot_kind *sj_plot_kinds(size_t *n)
{
    *n = N_KINDS;
    return kinds;
}

static sj_status fail_choice(const char *what, const char *word, const char *const words[],
                             size_t n, sj_err *err)
{
    sj_str all = {0};
    const char *near = sj_suggest(word, words, n);
    for (size_t i = 0; i < n; i++) {
        sj_str_printf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    sj_status st = SJ_FAIL(err, SJ_E_CHOICE, what, "unknown %s \"%.80s\"", what, word);
    if (err != NULL && near != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"? (%s)", near,
                       all.failed ? "" : all.text);
    } else if (err != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "one of %s", all.failed ? "" : all.text);
    }
    sj_str_clear(&all);
    return st;
}

/* Index of a kind, N_KINDS where there is none. */
static size_t find_kind(const char *name)
{
    size_t i = 0;
    while (i < N_KINDS && strcmp(kinds[i].name, name) != 0) {
        i++;
    }
    return i;
}

sj_status sj_plots_check(const sj_plot_request *request, sj_err *err)
{
    const char *names[N_KINDS];
    bool has_corridor = request->kinds == NULL;
    size_t i = 0;
    while (i < N_FORMATS && strcmp(formats[i], request->format) != 0) {
        i++;
    }
    if (i == N_FORMATS) {
        return fail_choice("format", request->format, formats, N_FORMATS, err);
    }
    for (i = 0; i < N_KINDS; i++) {
        names[i] = kinds[i].name;
    }
    for (i = 0; i < request->n_kinds; i++) {
        if (find_kind(request->kinds[i]) == N_KINDS) {
            return fail_choice("kind", request->kinds[i], names, N_KINDS, err);
        }
        has_corridor = has_corridor || strcmp(request->kinds[i], "corridor") == 0;
        if (strcmp(request->kinds[i], "observed") == 0 && request->observed == NULL) {
            return SJ_FAIL(err, SJ_E_USAGE, "",
                           "kind \"observed\" needs --observed, a table of observations");
        }
    }
    if (request->n_links > 0 && !has_corridor) {
        return SJ_FAIL(err, SJ_E_USAGE, "", "--link belongs to kind \"corridor\"");
    }
    return SJ_OK;
}

static bool is_asked(const sj_plot_request *request, size_t kind)
{
    for (size_t i = 0; i < request->n_kinds; i++) {
        if (strcmp(request->kinds[i], kinds[kind].name) == 0) {
            return true;
        }
    }
    return request->kinds == NULL;
}

/* Scripts and data of all kinds asked for. */
static sj_status write_scripts(const sj_plot_request *request, sji_job *job, sj_err *err)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        size_t before = job->stems.n;
        if (!is_asked(request, i)) {
            continue;
        }
        SJ_TRY(draw_kind(i, job, err));
        if (job->stems.n == before && request->kinds != NULL) {
            return SJ_FAIL(err, SJ_E_DOMAIN, kinds[i].name,
                           "nothing to draw: %s in %.200s is absent or holds no such figures",
                           kinds[i].needs, request->folder);
        }
    }
    if (job->stems.n == 0) {
        return SJ_FAIL(err, SJ_E_DOMAIN, request->folder, "the tables hold nothing to draw");
    }
    return SJ_OK;
}

static sj_status add_picture(sj_plot_made *made, const char *folder, const char *stem,
                             const char *format, sj_err *err)
{
    sj_str path = {0};
    sj_str_printf(&path, "%s/%s.%s", folder, stem, format);
    if (path.failed || !sj_grow((void **)&made->pictures, &made->capacity, made->n_pictures + 1,
                                sizeof *made->pictures)) {
        sj_str_clear(&path);
        return SJ_FAIL(err, SJ_E_NOMEM, stem, "out of memory");
    }
    made->pictures[made->n_pictures++] = path.text;
    return SJ_OK;
}

static sj_status run_scripts(const sj_plot_request *request, const sji_job *job, sj_plot_made *made,
                             sj_err *err)
{
    for (size_t i = 0; i < job->stems.n && !made->gnuplot_absent; i++) {
        const char *stem = job->stems.at[i];
        SJ_TRY(sji_gnuplot_run(job->folder, stem, request->format, &made->gnuplot_absent,
                               &made->notes, err));
        if (!made->gnuplot_absent) {
            SJ_TRY(add_picture(made, job->folder, stem, request->format, err));
        }
    }
    return SJ_OK;
}

static void clear_job(sji_job *job)
{
    for (size_t i = 0; i < job->stems.n; i++) {
        free(job->stems.at[i]);
    }
    sj_vec_clear(&job->stems);
}

sj_status sj_plots_draw(const sj_plot_request *request, sj_plot_made *made, sj_err *err)
{
    sji_results results = {0};
    sji_job job = {.results = &results, .request = request};
    char *folder = NULL;
    sj_status st = sj_plots_check(request, err);
    if (st == SJ_OK) {
        st = sji_results_load(&results, request->folder, err);
    }
    if (st == SJ_OK && (folder = sj_path_join(request->folder, "plots")) == NULL) {
        st = SJ_FAIL(err, SJ_E_NOMEM, "plots", "out of memory");
    }
    job.folder = folder;
    if (st == SJ_OK) {
        st = sj_dir_make(folder, err);
    }
    if (st == SJ_OK) {
        st = write_scripts(request, &job, err);
    }
    made->n_scripts = job.stems.n;
    if (st == SJ_OK && !request->scripts_only) {
        st = run_scripts(request, &job, made, err);
    }
    clear_job(&job);
    free(folder);
    sji_results_clear(&results);
    return st;
}

void sj_plot_made_clear(sj_plot_made *made)
{
    for (size_t i = 0; i < made->n_pictures; i++) {
        free(made->pictures[i]);
    }
    free(made->pictures);
    sj_str_clear(&made->notes);
    memset(made, 0, sizeof *made);
}
