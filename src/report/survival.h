/**
 * @file survival.h
 * @brief Share still waiting after so many days, with those who wait still counted as they should.
 *
 * Floor 7 (report); the counts are means over replications, so not whole numbers.
 */
#ifndef SJ_REPORT_SURVIVAL_H
#define SJ_REPORT_SURVIVAL_H
#include <stddef.h>

/** @brief People at one age of wait. */
typedef struct sji_wait {
    double days;      /* waited */
    double completed; /* persons whose wait ended then */
    double waiting;   /* persons who wait still, and have waited so long at the end */
    double survival;  /* result: share that waits longer than `days` */
} sji_wait;

/**
 * @brief Kaplan-Meier survival; sorts by days, those that complete on a day before those
 * censored on it. O(n log n). Source: Kaplan and Meier (1958).
 * @return Median wait in days: the smallest with survival <= 1/2, NaN where it is not reached.
 */
double sji_wait_survival(sji_wait wait[], size_t n);
#endif /* SJ_REPORT_SURVIVAL_H */
