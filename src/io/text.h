/**
 * @file text.h
 * @brief Places in a text: lines, columns, UTF-8, and the excerpt an error shows.
 *
 * Shared by the readers of this room. Columns count code points from 1. What
 * comes from a file is shown with control characters and broken bytes
 * replaced by "?", so a message never moves the cursor of a terminal.
 * Floor 1 (io).
 */
#ifndef SJ_IO_TEXT_H
#define SJ_IO_TEXT_H
#include "base/err.h"

/** @brief A place in a text; line 0 = no place. */
typedef struct sji_spot {
    size_t at;        /* byte offset */
    int line, column; /* from 1; columns in code points */
} sji_spot;

/** @brief A text that places refer to. Borrows both. */
typedef struct sji_text {
    const char *name; /* of the file */
    const char *text; /* NULL where there is only a name */
    size_t length;
} sji_text;

/** @brief What is said where a number has a comma. */
#define SJI_THOUSANDS_HINT                                                                         \
    "no comma and no point between thousands: 900000; the decimal point is 1.5"

enum { SJI_SHOWN = 64 /* bytes for a text shown inside a message, with the NUL */ };

/** @brief Bytes of the UTF-8 character at `text` (1 to 4), 0 where it is not valid. */
size_t sji_utf8_size(const char *text, size_t length);

/** @brief Bytes of the whole text that are valid UTF-8; equals length where all is. */
size_t sji_utf8_valid(const char *text, size_t length);

/** @brief Bytes of a UTF-8 byte order mark at the start: 3 or 0. */
size_t sji_bom_size(const char *text, size_t length);

/** @brief Move a spot forward to byte `to`, counting lines and code points. */
void sji_spot_move(sji_spot *spot, const char *text, size_t to);

/** @brief Code points of a block. */
int sji_characters(const char *text, size_t length);

/** @brief Copy a text for a message: cut to the room with "...", unprintable bytes as "?". */
void sji_show(char *out, size_t size, const char *text, size_t length);

/**
 * @brief Fill source, line, column, length and excerpt of *err; set its hint before.
 *
 * A line longer than the excerpt is cut after the caret; where the caret lies
 * beyond, the excerpt stays empty (the caret is drawn at `column`) and the
 * hint begins with what stands there.
 */
void sji_err_place(sj_err *err, const sji_text *text, sji_spot spot, int length);
#endif /* SJ_IO_TEXT_H */
