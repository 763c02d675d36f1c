#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static bool make_room(sj_str *str, size_t length)
{
    if (str->failed || !sj_grow((void **)&str->text, &str->capacity, str->n + length + 1, 1)) {
        str->failed = true;
        return false;
    }
    return true;
}

void sj_str_add_n(sj_str *str, const char *text, size_t length)
{
    if (make_room(str, length)) {
        memcpy(str->text + str->n, text, length);
        str->n += length;
        str->text[str->n] = '\0';
    }
}

void sj_str_add(sj_str *str, const char *text)
{
    sj_str_add_n(str, text, strlen(text));
}

void sj_str_printf(sj_str *str, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0 || !make_room(str, (size_t)length)) {
        str->failed = true;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(str->text + str->n, (size_t)length + 1, fmt, args);
    va_end(args);
    str->n += (size_t)length;
}

void sj_str_clear(sj_str *str)
{
    free(str->text);
    memset(str, 0, sizeof *str);
}
