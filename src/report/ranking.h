/**
 * @file ranking.h
 * @brief The list beside a flow map: its largest corridors, and what the colours mean.
 *
 * Floor 7 (report), inside the room.
 */
#ifndef SJ_REPORT_RANKING_H
#define SJ_REPORT_RANKING_H
#include "report/figure.h"
#include "report/flows.h"

/** @brief Draw the list as a page layer, right of the map, its first line centred on pixel y:
 * `most` corridors at most, numbered as they stand in *flows. */
void sji_draw_ranking(sji_figure *figure, const sji_results *results, const sji_flows *flows,
                      size_t most, double y);
#endif /* SJ_REPORT_RANKING_H */
