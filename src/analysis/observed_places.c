/* Places that an observation adds up. */
#include <stdio.h>
#include <string.h>

#include "analysis/observed.h"

bool sj_places_next(const char **rest, char place[SJ_PLACE_TEXT])
{
    if (*rest == NULL) {
        return false;
    }
    size_t length = strcspn(*rest, "+");
    (void)snprintf(place, SJ_PLACE_TEXT, "%.*s", (int)length, *rest);
    *rest = (*rest)[length] == '+' ? *rest + length + 1 : NULL;
    return true;
}

static bool holds(const char *places, const char *place)
{
    char one[SJ_PLACE_TEXT];
    while (sj_places_next(&places, one)) {
        if (strcmp(one, place) == 0) {
            return true;
        }
    }
    return false;
}

bool sj_places_hold(const char *wide, const char *narrow)
{
    char place[SJ_PLACE_TEXT];
    const char *rest = narrow;
    size_t n_wide = 1, n_narrow = 0;
    if (strcmp(wide, "ALL") == 0) {
        return strcmp(narrow, "ALL") != 0;
    }
    for (const char *c = wide; *c != '\0'; c++) {
        n_wide += *c == '+';
    }
    while (sj_places_next(&rest, place)) {
        n_narrow++;
        if (!holds(wide, place)) {
            return false;
        }
    }
    return n_wide > n_narrow;
}
