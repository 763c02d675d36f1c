/**
 * @file gnuplot.h
 * @brief Running the external gnuplot on one script. Floor 7 (report).
 */
#ifndef SJ_REPORT_GNUPLOT_H
#define SJ_REPORT_GNUPLOT_H
#include "base/str.h"

/**
 * @brief Run `gnuplot -d STEM.gp` in `folder`; the picture is STEM.FORMAT, under another name
 * until it is whole. No shell takes part: the program is found in PATH and executed.
 *
 * @param[in]  stem, format Words of letters, digits, '-' and '_'.
 * @param[out] is_absent    True where there is no gnuplot to run; then SJ_OK and no picture.
 * @param[in,out] talk      What gnuplot said is appended.
 * @retval SJ_E_IO  gnuplot failed or made no picture; err->text holds its first words.
 */
SJ_MUSTUSE sj_status sji_gnuplot_run(const char *folder, const char *stem, const char *format,
                                     bool *is_absent, sj_str *talk, sj_err *err);
#endif /* SJ_REPORT_GNUPLOT_H */
