/* Names of decisions, and small things that all processes share. */
#include "process/run.h"

#include <math.h>

sj_rng sj_run_decide(sj_run *run, const char *process, const char *a, const char *b, const char *c)
{
    const char *const ids[] = {a, b, c};
    uint64_t name = sj_hash_text(SJ_HASH_START, process);
    for (int i = 0; i < 3; i++) {
        if (ids[i][0] != '\0') {
            name = sj_hash_text(sj_hash_byte(name, '/'), ids[i]);
        }
    }
    return sj_chance_decide(&run->chance, name);
}

sj_rng sj_run_decide_travellers(sj_run *run, const char *process, const char *entity, int nation,
                                uint64_t slot, int days)
{
    uint64_t name = sj_hash_text(SJ_HASH_START, process);
    name = sj_hash_text(sj_hash_byte(name, '/'), entity);
    name = sj_hash_text(sj_hash_byte(name, '/'), run->world->nations[nation].id);
    name = sj_hash_byte(name, '/');
    for (int shift = 60; shift >= 0; shift -= 4) {
        name = sj_hash_byte(name, (unsigned char)"0123456789abcdef"[slot >> shift & 15]);
    }
    name =
        sj_hash_byte(sj_hash_byte(name, (unsigned char)(days & 255)), (unsigned char)(days >> 8));
    return sj_chance_decide(&run->chance, name);
}

double *sj_numbers_new(size_t n)
{
    return sj_calloc(n, sizeof(double));
}

double sj_rush(const sj_run *run, double days_left)
{
    const sj_spec_departure *d = &run->world->spec.departure;
    double days = run->value[d->anticipation_days];
    double early = days_left - 2 * days;
    return 1 + run->value[d->anticipation] * (early > 0 ? exp(-early / days) : 1);
}

double sj_chance_within(double rate_per_year, double days)
{
    return -expm1(-rate_per_year * days / SJ_DAYS_A_YEAR);
}
