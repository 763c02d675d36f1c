/**
 * @file texts.h
 * @brief Texts of a scenario on their way into a picture.
 *
 * A scenario may hold any text. One function, sji_words_quote(), makes a gnuplot
 * literal of it, and no text reaches a script by another way: single quotes
 * (gnuplot expands neither backquotes, macros nor escapes in them), quotes
 * doubled, control characters and bad UTF-8 replaced; all terminals are set
 * `noenhanced`, so `_ ^ { } @` are shown as they are. Characters beyond the basic
 * plane (emoji) need a font that few servers have, and cairo draws what it lacks as a box
 * of page size; so PNG and PDF show a small box unless the script says `symbols = 1`. Widths are
 * estimates for DejaVu Sans, the widest of the usual sans-serif faces, in em of the size. Floor 7
 * (report).
 */
#ifndef SJ_REPORT_TEXTS_H
#define SJ_REPORT_TEXTS_H
#include "base/str.h"

/** @brief Append a text as a gnuplot expression: a literal, quotes included, or where it holds
 * characters beyond the basic plane `(symbols ? LITERAL : LITERAL)`. NULL is the empty text. */
void sji_words_quote(sj_str *out, const char *text);

/** @brief Estimated width of a text in em of its size. */
double sji_words_em(const char *text);

/** @brief Append a text cut to `em`, with an ellipsis where something was cut. */
void sji_words_fit(sj_str *out, const char *text, double em);

/**
 * @brief Where to break a text so that its first line is at most `em` wide.
 * @return Bytes of the first line: up to a space where there is one, else up to what fits; the
 * whole length if all fits.
 */
size_t sji_words_break(const char *text, double em);

/** @brief Append a count rounded to a whole number, with commas between thousands. */
void sji_words_count(sj_str *out, double value);

/** @brief Append a number with `digits` decimals and commas between thousands, in any locale. */
void sji_words_decimal(sj_str *out, double value, int digits);

/** @brief Append a file stem: letters and digits kept, all else an underscore, 60 bytes at most. */
void sji_words_stem(sj_str *out, const char *text);

/** @brief Append an id as words: "public-health" is "public health". */
void sji_words_of_id(sj_str *out, const char *id);

/** @brief "Mar 2022" of a day number, 9 bytes with the NUL for years of four digits. */
void sji_words_month(sj_str *out, int day);

/** @brief "16 Mar 2022" of a day number. */
void sji_words_day(sj_str *out, int day);
#endif /* SJ_REPORT_TEXTS_H */
