/* How long people wait: share still waiting after so many days, one panel a programme. */
#include "report/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/survival.h"
#include "report/texts.h"

enum { MOST_PANELS = 8, MOST_STAGES = 7 };

/* The waits at one stage; rows in the order of days once the survival is made. */
typedef struct stage {
    const char *programme, *id;
    SJ_VEC(sji_wait) wait;
    double people, median, order;
    double longest; /* median of the slowest stage of the programme */
} stage;

typedef SJ_VEC(stage) stages;

static stage *find_stage(stages *all, const char *programme, const char *id)
{
    for (size_t i = all->n; i > 0; i--) {
        stage *s = &all->at[i - 1];
        if (strcmp(s->programme, programme) == 0 && strcmp(s->id, id) == 0) {
            return s;
        }
    }
    stage fresh = {.programme = programme, .id = id};
    return sj_vec_push(all, fresh) ? &all->at[all->n - 1] : NULL;
}

static sj_status take_rows(stages *all, const sji_results *r, sj_err *err)
{
    static const char *const heading[] = {"programme", "stage", "days", "completed", "waiting"};
    const sj_csv *csv = &r->waits;
    int c[5];
    SJ_TRY(sji_results_columns(csv, heading, 5, c, err));
    for (size_t i = 0; i < csv->n_rows; i++) {
        stage *s = find_stage(all, sj_csv_cell(csv, i, c[0]), sj_csv_cell(csv, i, c[1]));
        sji_wait wait = {sji_results_number_at(csv, i, c[2]), sji_results_number_at(csv, i, c[3]),
                         sji_results_number_at(csv, i, c[4]), 0.0};
        if (!isfinite(wait.days) || !(wait.completed >= 0.0) || !(wait.waiting >= 0.0)) {
            continue; /* NA: nobody counted */
        }
        if (s == NULL || !sj_vec_push(&s->wait, wait)) {
            return SJ_FAIL(err, SJ_E_NOMEM, csv->path, "out of memory");
        }
        s->people += wait.completed + wait.waiting;
    }
    return SJ_OK;
}

/* The programme with the longest wait first; its stages together, in their order. */
static int by_programme(const void *a, const void *b)
{
    const stage *x = a, *y = b;
    if (x->longest < y->longest || x->longest > y->longest) {
        return x->longest < y->longest ? 1 : -1;
    }
    int programme = strcmp(x->programme, y->programme);
    return programme != 0 ? programme : (x->order > y->order) - (x->order < y->order);
}

/* Median wait at a stage; where more than half wait still, the longest there was. */
static double wait_of(const stage *s)
{
    return isnan(s->median) ? s->wait.at[s->wait.n - 1].days : s->median;
}

static void find_longest(stages *all)
{
    for (size_t i = 0; i < all->n; i++) {
        for (size_t k = 0; k < all->n; k++) {
            if (strcmp(all->at[i].programme, all->at[k].programme) == 0) {
                all->at[i].longest = fmax(all->at[i].longest, wait_of(&all->at[k]));
            }
        }
    }
}

/* Drop the stages nobody came to, make the survivals, bring programmes together. */
static void arrange(stages *all, const sji_results *r)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        stage *s = &all->at[i];
        if (s->people > 0.0) {
            s->median = sji_wait_survival(s->wait.at, s->wait.n);
            s->order = sji_results_stage_order(r, s->programme, s->id);
            all->at[n++] = *s;
        } else {
            sj_vec_clear(&s->wait);
        }
    }
    all->n = n;
    if (n > 0) {
        find_longest(all);
        qsort(all->at, n, sizeof *all->at, by_programme);
    }
}

/* Days until which there is something to see: 2 % still waiting, or the last row. */
static double span_of(const stage *s)
{
    for (size_t i = 0; i < s->wait.n; i++) {
        if (s->wait.at[i].survival <= 0.02) {
            return s->wait.at[i].days;
        }
    }
    return s->wait.at[s->wait.n - 1].days;
}

static int block_of(sji_figure *figure, const stage *s)
{
    int block = sji_fig_block(figure, "days share_still_waiting_percent");
    double last = -1.0;
    if (s->wait.at[0].days > 0.0) {
        sji_fig_data(figure, "0 100\n");
    }
    for (size_t i = 0; i < s->wait.n; i++) {
        if (s->wait.at[i].days > last) {
            sji_fig_data(figure, "%n %n\n", s->wait.at[i].days, 100.0 * s->wait.at[i].survival);
            last = s->wait.at[i].days;
        }
    }
    return block;
}

/* "Biometrics: half wait longer than 96 days", or that half are waiting still. */
static void put_median(sj_str *out, const sji_results *r, const stage *s)
{
    sji_words_fit(out, sji_results_stage_name(r, s->programme, s->id), 22.0);
    if (isnan(s->median)) {
        sj_str_add(out, ": more than half still wait after ");
        sji_words_count(out, s->wait.at[s->wait.n - 1].days);
    } else {
        sj_str_add(out, ": half wait ");
        sji_words_count(out, s->median);
    }
    sj_str_add(out, isnan(s->median) || s->median > 1.0 ? " days" : " day");
    sj_str_add(out, isnan(s->median) ? "" : " or less");
}

/* Share still waiting after so many days. */
static double share_at(const stage *s, double days)
{
    double share = 1.0;
    for (size_t i = 0; i < s->wait.n && s->wait.at[i].days <= days; i++) {
        share = s->wait.at[i].survival;
    }
    return share;
}

/* Is the corner top right taken by a curve, and the one bottom left free? `high` is the part of the
 * panel's height that the texts need; they are wider than half of the panel. */
static bool is_lower_corner_better(const stage s[], size_t n, const sji_panel *panel, double high)
{
    double most = 0.0, least = 1.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, share_at(&s[i], 0.45 * panel->x.high));
        least = fmin(least, share_at(&s[i], 0.75 * panel->x.high));
    }
    return most > 1.0 - high && least > high;
}

/* The medians as dots on the line of one half, and their texts in an empty corner: top right, else
 * bottom left. */
static void draw_medians(sji_figure *figure, const sji_results *r, const stage s[], size_t n,
                         const sji_panel *panel)
{
    bool is_low = is_lower_corner_better(s, n, panel, (18.0 * (double)n + 6.0) / panel->height);
    for (size_t i = 0; i < n; i++) {
        sji_ink ink = {12.0, true, sji_fig_text_colour(i), is_low ? SJI_LEFT : SJI_RIGHT};
        sj_str text = {0};
        put_median(&text, r, &s[i]);
        const char *label = text.text == NULL ? "" : text.text;
        double wide = sji_words_em(label) * 13.2;
        double left = is_low ? panel->left + 8.0 : panel->left + panel->width + 20.0 - wide;
        double y = is_low ? panel->top + panel->height - 14.0 - 18.0 * (double)(n - 1 - i)
                          : panel->top + 14.0 + 18.0 * (double)i;
        sji_fig_box(figure, left, y - 9.0, left + wide + 2.0, y + 9.0, "#40FFFFFF");
        sji_fig_text(figure, is_low ? left : left + wide, y, label, &ink);
        if (!isnan(s[i].median) && s[i].median <= panel->x.high) {
            sji_fig_disc(figure, sji_panel_x(panel, s[i].median), sji_panel_y(panel, 50.0), 5.0,
                         sji_fig_colour(i), true);
        }
        sj_str_clear(&text);
    }
}

static void draw_programme(sji_figure *figure, const sji_results *r, const stage s[], size_t n,
                           const sji_grid *grid, size_t i)
{
    sji_panel panel = {0};
    int block[MOST_STAGES];
    double span = 1.0;
    n = n < MOST_STAGES ? n : MOST_STAGES;
    for (size_t k = 0; k < n; k++) {
        span = fmax(span, span_of(&s[k]));
        block[k] = block_of(figure, &s[k]);
    }
    sji_axis_numbers(&panel.y, 0.0, 100.0, 4, " %");
    sji_axis_numbers(&panel.x, 0.0, span, 6, " d");
    sji_grid_place(grid, i, 40.0, &panel);
    sji_panel_begin(figure, &panel);
    sji_fig_add(figure, "set arrow from graph 0, first 50 to graph 1, first 50 nohead dt 2 lw 1 lc "
                        "rgb '" SJI_GREY "' back\n");
    for (size_t k = 0; k < n; k++) {
        sji_fig_element(figure, "data index %d using 1:2 with steps lc rgb '%s' lw 2.4", block[k],
                        sji_fig_colour(k));
    }
    sji_panel_end(figure);
    sji_fig_page_begin(figure);
    sji_panel_title(figure, &panel, sji_results_name(r, "programmes", s[0].programme), "");
    draw_medians(figure, r, s, n, &panel);
    sji_fig_page_end(figure);
}

/* Stages of the programme that begins at `from`. */
static size_t run_length(const stages *all, size_t from)
{
    size_t n = 1;
    while (from + n < all->n && strcmp(all->at[from + n].programme, all->at[from].programme) == 0) {
        n++;
    }
    return n;
}

static sj_status draw_programmes(sji_job *job, const stages *all, sj_err *err)
{
    const sji_results *r = job->results;
    size_t n = 0, n_all = 0, i = 0;
    sji_figure figure;
    double height;
    sj_str subtitle = {0}, source = {0};
    for (size_t from = 0; from < all->n; from += run_length(all, from)) {
        n_all++;
    }
    n = n_all < MOST_PANELS ? n_all : MOST_PANELS;
    sji_grid grid = sji_grid_for(n, 2, &height);
    sji_figure_init(&figure, "waits", SJI_WIDTH, height);
    sj_str_add(&subtitle,
               "Share of people still waiting after so many days (d) at a stage; those "
               "who wait at the end of the run are counted in (Kaplan-Meier). Dots: half "
               "have waited less.");
    if (n_all > n) {
        sj_str_printf(&subtitle, " The %zu longest of %zu programmes.", n, n_all);
    }
    sji_words_source(&source, r, NULL, false);
    sji_fig_frame(&figure, "How long do people wait at each stage?", subtitle.text, source.text);
    for (size_t from = 0; i < n; from += run_length(all, from)) {
        draw_programme(&figure, r, &all->at[from], run_length(all, from), &grid, i++);
    }
    sj_status st = sji_job_save(job, &figure, err);
    sji_figure_clear(&figure);
    sj_str_clear(&subtitle);
    sj_str_clear(&source);
    return st;
}

sj_status sji_draw_waits(sji_job *job, sj_err *err)
{
    stages all = {0};
    if (job->results->waits.n_columns == 0) {
        return SJ_OK;
    }
    sj_status st = take_rows(&all, job->results, err);
    if (st == SJ_OK) {
        arrange(&all, job->results);
        st = all.n > 0 ? draw_programmes(job, &all, err) : SJ_OK;
    }
    for (size_t i = 0; i < all.n; i++) {
        sj_vec_clear(&all.at[i].wait);
    }
    sj_vec_clear(&all);
    return st;
}
