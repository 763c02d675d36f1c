#include "base/date.h"

#include <string.h>

sj_day sj_day_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void sj_day_civil(sj_day day, int *year, int *month, int *day_of_month)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

int sj_day_weekday(sj_day day)
{
    int weekday = (day + 3) % 7;
    return weekday < 0 ? weekday + 7 : weekday;
}

sj_day sj_day_next_month(sj_day day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    return month == 12 ? sj_day_of(year + 1, 1, 1) : sj_day_of(year, month + 1, 1);
}

sj_day sj_day_mid_month(sj_day day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    return day - day_of_month + 15;
}

bool sj_day_is_first(sj_day day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    return day_of_month == 1;
}

int sj_day_month_index(sj_day day)
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    return 12 * year + month - 1;
}

static bool parse_digits(const char *text, int n, int *out)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = 10 * value + (text[i] - '0');
    }
    *out = value;
    return true;
}

bool sj_day_parse(const char *text, sj_day *out)
{
    int year, month, day;
    if (strlen(text) != SJ_DATE_TEXT - 1 || text[4] != '-' || text[7] != '-' ||
        !parse_digits(text, 4, &year) || !parse_digits(text + 5, 2, &month) ||
        !parse_digits(text + 8, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31) {
        return false;
    }
    int year_back, month_back, day_back;
    sj_day number = sj_day_of(year, month, day);
    sj_day_civil(number, &year_back, &month_back, &day_back);
    if (year_back != year || month_back != month || day_back != day) {
        return false;
    }
    *out = number;
    return true;
}

/* The last digits of a number, so many as there is room for. */
static void put_digits(char *at, int room, int n)
{
    for (int i = room - 1; i >= 0 && n > 0; i--, n /= 10) {
        at[i] = (char)('0' + n % 10);
    }
}

void sj_day_format(sj_day day, char out[SJ_DATE_TEXT])
{
    int year, month, day_of_month;
    sj_day_civil(day, &year, &month, &day_of_month);
    memcpy(out, "0000-00-00", SJ_DATE_TEXT);
    put_digits(out, 4, year);
    put_digits(out + 5, 2, month);
    put_digits(out + 8, 2, day_of_month);
}
