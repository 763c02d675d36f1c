#include "report/ranking.h"

#include <math.h>
#include "report/texts.h"

/* "1  Venezuela to Cúcuta   1,560,000" over a bar. */
static void draw_entry(sji_figure *figure, const sji_flows *flows, size_t i, double y)
{
    static const sji_ink rank_ink = {12.0, true, SJI_BLACK, SJI_RIGHT};
    static const sji_ink name_ink = {12.5, false, SJI_BLACK, SJI_LEFT};
    static const sji_ink count_ink = {12.5, true, SJI_BLACK, SJI_RIGHT};
    const sji_flow *flow = &flows->flow.at[i];
    const double start = 852.0, end = SJI_WIDTH - SJI_MARGIN;
    sj_str rank = {0}, name = {0}, count = {0};
    sj_str_printf(&rank, "%zu", i + 1);
    sji_words_count(&count, flow->people);
    double em = (end - start) / 12.5 - sji_words_em(count.text == NULL ? "" : count.text) * 1.1;
    double other = sji_words_em(flows->node.at[flow->b].name);
    sji_words_fit(&name, flows->node.at[flow->a].name, fmax(em / 2.0 - 1.0, em - other) - 2.0);
    sj_str_add(&name, " \xE2\x86\x92 ");
    sji_words_fit(&name, flows->node.at[flow->b].name,
                  em - 1.0 - sji_words_em(name.text == NULL ? "" : name.text));
    sji_fig_text(figure, start - 10.0, y, rank.text, &rank_ink);
    sji_fig_text(figure, start, y, name.text, &name_ink);
    sji_fig_text(figure, end, y, count.text, &count_ink);
    sji_fig_box(figure, start, y + 11.0,
                start + (end - start) * flow->people / flows->flow.at[0].people, y + 18.0,
                sji_fig_colour(flow->group));
    sj_str_clear(&rank);
    sj_str_clear(&name);
    sj_str_clear(&count);
}

void sji_draw_ranking(sji_figure *figure, const sji_results *r, const sji_flows *flows, size_t most,
                      double y)
{
    static const sji_ink head = {14.0, true, SJI_BLACK, SJI_LEFT};
    static const sji_ink text = {12.5, false, SJI_BLACK, SJI_LEFT};
    bool is_used[SJI_FLOW_GROUPS] = {false};
    sji_fig_page_begin(figure);
    sji_fig_text(figure, 828.0, y, "The largest corridors, people over the run", &head);
    size_t n = flows->flow.n < most ? flows->flow.n : most;
    for (size_t i = 0; i < n; i++) {
        draw_entry(figure, flows, i, y + 34.0 + 44.0 * (double)i);
    }
    y += 34.0 + 44.0 * (double)n + 20.0;
    for (size_t i = 0; i < flows->flow.n; i++) {
        is_used[flows->flow.at[i].group] = true;
    }
    sji_fig_text(figure, 828.0, y,
                 flows->by_nationality ? "Most of a corridor's people are from"
                                       : "Most of a corridor's people use",
                 &head);
    for (size_t k = 0; k < flows->n_groups; k++) {
        if (is_used[k]) {
            sj_str name = {0};
            y += 24.0;
            sji_words_fit(&name,
                          flows->by_nationality
                              ? sji_results_name(r, "nationalities", flows->group[k])
                              : flows->group[k],
                          22.0);
            sji_fig_box(figure, 828.0, y - 6.0, 858.0, y + 6.0, sji_fig_colour(k));
            sji_fig_text(figure, 868.0, y, name.text, &text);
            sj_str_clear(&name);
        }
    }
    sji_fig_page_end(figure);
}
