#include "report/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "report/texts.h"

bool sji_results_has(const sji_results *results, const char *metric)
{
    for (size_t i = 0; i < results->curves.n; i++) {
        if (strcmp(results->curves.at[i].metric, metric) == 0) {
            return true;
        }
    }
    return false;
}

static sj_status save_text(const char *folder, const char *stem, const char *extension,
                           const sj_str *text, sj_err *err)
{
    sj_str path = {0};
    sj_out out = {0};
    sj_str_printf(&path, "%s/%s.%s", folder, stem, extension);
    if (path.failed) {
        sj_str_clear(&path);
        return SJ_FAIL(err, SJ_E_NOMEM, stem, "out of memory");
    }
    sj_status st = sj_out_open(&out, path.text, err);
    if (st == SJ_OK && text->n > 0) {
        (void)fwrite(text->text, 1, text->n, out.stream);
    }
    if (st == SJ_OK) {
        st = sj_out_finish(&out, err); /* finds a failed write */
    }
    sj_str_clear(&path);
    return st;
}

sj_status sji_job_save(sji_job *job, sji_figure *figure, sj_err *err)
{
    sji_fig_add(figure, "\nunset multiplot\nset output\n");
    char *stem = sj_strdup(figure->stem);
    if (!sji_figure_ok(figure) || stem == NULL || !sj_vec_push(&job->stems, stem)) {
        free(stem);
        return SJ_FAIL(err, SJ_E_NOMEM, figure->stem, "out of memory");
    }
    SJ_TRY(save_text(job->folder, stem, "dat", &figure->data, err));
    return save_text(job->folder, stem, "gp", &figure->script, err);
}

static void put_published(sj_str *out, const sji_results *results, const bool is_used[])
{
    const char *shown[4];
    size_t n = 0, more = 0;
    for (size_t i = 0; i < results->observed.n; i++) {
        const char *source = results->observed.at[i].source;
        bool is_new = is_used[i] && source[0] != '\0' && strcmp(source, "NA") != 0;
        for (size_t k = 0; k < n && is_new; k++) {
            is_new = strcmp(shown[k], source) != 0;
        }
        if (is_new && n == 4) {
            more++;
        } else if (is_new) {
            const char *text = sji_results_text(results, "sources", source, "text");
            sj_str_add(out, n == 0 ? "Published: " : "; ");
            sji_words_fit(out, text != NULL ? text : source, 60.0);
            shown[n++] = source;
        }
    }
    if (more > 0) {
        sj_str_add(out, "; and others");
    }
    sj_str_add(out, n > 0 ? ". " : "");
}

static void put_manifest(sj_str *out, const sji_results *results)
{
    const cJSON *root = results->manifest == NULL ? NULL : sj_tree_root(results->manifest);
    const cJSON *seed = cJSON_GetObjectItemCaseSensitive(root, "seed");
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "version");
    if (cJSON_IsNumber(seed)) {
        sj_str_printf(out, ", seed %.0f", seed->valuedouble);
    }
    if (cJSON_IsString(version)) {
        sj_str_add(out, ", Sojourn ");
        sji_words_fit(out, version->valuestring, 20.0);
    }
}

void sji_words_source(sj_str *out, const sji_results *results, const bool is_used[], bool band)
{
    const char *title = sji_results_title(results);
    if (is_used != NULL) {
        put_published(out, results, is_used);
    }
    sj_str_add(out, "Model: ");
    if (title != NULL) {
        sj_str_add(out, "\xE2\x80\x9C");
        sji_words_fit(out, title, 48.0);
        sj_str_add(out, "\xE2\x80\x9D, ");
    }
    if (results->reps > 0) {
        sj_str_printf(out, "%d replications", results->reps);
    } else {
        sj_str_add(out, "mean of all replications");
    }
    sj_str_add(out, band ? ", band 5\xE2\x80\x93"
                           "95 %"
                         : "");
    put_manifest(out, results);
    sj_str_add(out, ".");
}

void sji_words_place(sj_str *out, const sji_results *results, const char *place, const char *item)
{
    sj_str_add(out, strcmp(place, "ALL") == 0 ? "All places"
                                              : sji_results_name(results, "places", place));
    if (strcmp(item, "ALL") != 0) {
        sj_str_add(out, ": ");
        sji_words_of_id(out, item);
    }
}

void sji_words_link(sj_str *out, const sji_results *results, const char *link)
{
    const char *name = sji_results_text(results, "links", link, "name");
    const char *from = sji_results_text(results, "links", link, "from");
    const char *to = sji_results_text(results, "links", link, "to");
    if (name != NULL || from == NULL || to == NULL) {
        sj_str_add(out, name != NULL ? name : link);
        return;
    }
    sj_str_add(out, sji_results_name(results, "places", from));
    sj_str_add(out, " \xE2\x86\x92 ");
    sj_str_add(out, sji_results_name(results, "places", to));
}

bool sji_link_is_way_home(const sji_results *results, const char *link)
{
    return sji_results_list_is(results, "links", link, "classes", "home");
}

bool sji_programme_is_asylum(const sji_results *results, const char *programme)
{
    return sji_results_text(results, "programmes", programme, "pending_status") != NULL;
}

int sji_fig_block_of_curve(sji_figure *figure, const sji_curve *curve)
{
    if (sji_curve_last(curve) == NULL) {
        return -1;
    }
    int block = sji_fig_block(figure, "date mean q05 q95");
    bool in_gap = true;
    for (size_t i = 0; i < curve->n; i++) {
        const sji_sample *at = &curve->at[i];
        if (!isfinite(at->mean)) {
            if (!in_gap) {
                sji_fig_data(figure, "\n"); /* one empty line breaks the line */
            }
            in_gap = true;
            continue;
        }
        bool has_band = isfinite(at->low) && isfinite(at->high);
        sji_fig_data(figure, "%t %n %n %n\n", (int)at->day, at->mean, has_band ? at->low : at->mean,
                     has_band ? at->high : at->mean);
        in_gap = false;
    }
    return block;
}

void sji_fig_band(sji_figure *figure, int block, const char *colour)
{
    if (block >= 0) {
        sji_fig_element(
            figure,
            "data index %d using 1:3:4 with filledcurves lc rgb '%s' fs transparent solid "
            "0.22 noborder",
            block, colour);
    }
}

void sji_fig_mean(sji_figure *figure, int block, const char *colour, double thick)
{
    if (block >= 0) {
        sji_fig_element(figure, "data index %d using 1:2 with lines lc rgb '%s' lw %n", block,
                        colour, thick);
    }
}
