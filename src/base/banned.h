/**
 * @file banned.h
 * @brief Functions nobody may call here; the compiler includes this file before every source.
 *
 * Each is banned because it cannot be used safely: no bound on what it writes,
 * no report of bad text, or hidden state shared by threads. Use snprintf, the
 * text functions of base/str.h, strtod and strtoll, sj_rng and base/date.h.
 * What library code may not do besides (print, end the process) is checked by
 * scripts/check-printing on the compiled objects. Floor 0 (base).
 */
#ifndef SJ_BASE_BANNED_H
#define SJ_BASE_BANNED_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SJ_BANNED(function) sj_banned_##function##_see_base_banned_h

#undef sprintf
#define sprintf(...) SJ_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) SJ_BANNED(vsprintf)
#undef gets
#define gets(...) SJ_BANNED(gets)
#undef strcpy
#define strcpy(...) SJ_BANNED(strcpy)
#undef strcat
#define strcat(...) SJ_BANNED(strcat)
#undef strtok
#define strtok(...) SJ_BANNED(strtok)
#undef atoi
#define atoi(...) SJ_BANNED(atoi)
#undef atol
#define atol(...) SJ_BANNED(atol)
#undef atoll
#define atoll(...) SJ_BANNED(atoll)
#undef atof
#define atof(...) SJ_BANNED(atof)
#undef rand
#define rand(...) SJ_BANNED(rand)
#undef srand
#define srand(...) SJ_BANNED(srand)
#undef localtime
#define localtime(...) SJ_BANNED(localtime)
#undef gmtime
#define gmtime(...) SJ_BANNED(gmtime)
#undef ctime
#define ctime(...) SJ_BANNED(ctime)
#undef asctime
#define asctime(...) SJ_BANNED(asctime)
#endif /* SJ_BASE_BANNED_H */
