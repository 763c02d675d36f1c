/**
 * @file fit_inside.h
 * @brief The parts of a fit, in the order they are made. Floor 7 (analysis).
 */
#ifndef SJ_ANALYSIS_FIT_INSIDE_H
#define SJ_ANALYSIS_FIT_INSIDE_H
#include "analysis/fit.h"

/** @brief Are two rows of one date: the same target, metric and period? */
bool sji_fit_is_together(const sj_fit_row *a, const sj_fit_row *b);

/** @brief Does the period that is scored hold this day? */
bool sji_fit_is_asked(const sj_fit *fit, sj_day last_day);

/** @brief Fill `step` of all rows. SJ_E_NOMEM. */
sj_status sji_fit_steps(sj_fit *fit);

/** @brief Add the scores of a target's rows, and of its rolling forecasts. SJ_E_NOMEM. */
sj_status sji_fit_score_rows(sj_fit *fit, size_t target);
sj_status sji_fit_score_rolling(sj_fit *fit, size_t target);

/** @brief Fill `all`. SJ_E_NOMEM. */
sj_status sji_fit_score_all(sj_fit *fit);

/** @brief Add the changes since base rows. SJ_E_NOMEM. */
sj_status sji_fit_changes(sj_fit *fit);
#endif /* SJ_ANALYSIS_FIT_INSIDE_H */
