/**
 * @file derive.h
 * @brief From the spec to what follows from it, and the checks of meaning on the way.
 *
 * Each function fills a part of the world and reports what contradicts itself
 * at its place in the file. They run in the order of this header; a function
 * is not called when an earlier one found errors. Floor 3 (world).
 */
#ifndef SJ_WORLD_DERIVE_H
#define SJ_WORLD_DERIVE_H
#include "world/world.h"

typedef struct sji_derive {
    sj_world *world;
    sj_reader *reader;
} sji_derive;

/** @brief Zeroed storage of the world's arena; NULL when memory ends. */
void *sji_make(sj_world *world, size_t n, size_t size);

/** @brief Base value of an index, `absent` where there is none. */
double sji_base(const sj_world *world, sj_val value, double absent);

/** @brief The name of an object, else its id; code of a status of the file, SJ_NO_REF for none. */
const char *sji_name_of(const char *name, const char *id);
int sji_status_code(int ref);

/** @brief Report a problem at POINTER/KEY of the file. */
void sji_wrong(sji_derive *d, sj_status status, const char *pointer, const char *key,
               const char *fmt, ...) SJ_PRINTF(5, 6);

/** @brief Shares that must add up to 1 (or at most 1). */
void sji_check_sum(sji_derive *d, const sj_numbers *shares, const char *pointer, const char *key,
                   bool at_most);

SJ_MUSTUSE sj_status sji_derive_time(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_places(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_peoples(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_moves(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_programmes(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_chains(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_services(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_published(sji_derive *d);
SJ_MUSTUSE sj_status sji_derive_drivers(sji_derive *d, sj_problems *problems);
SJ_MUSTUSE sj_status sji_derive_policies(sji_derive *d);

/** @brief Warn where the file, which extends another, or --set changes a value that a policy sets
 * later. */
void sji_warn_of_overruled(sji_derive *d);
#endif /* SJ_WORLD_DERIVE_H */
