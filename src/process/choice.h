/**
 * @file choice.h
 * @brief Where to, and how: the nested logit over destinations and channels.
 *
 * V_d = b_w ln(e w) + b_n ln(1 + M/1000) + b_pop ln(pop) + b_l L - b_x X
 *       - b_r max(0, rho - 1) + xi
 * v_dm = -b_c ln(1 + G) - b_t wait + b_s rights,  G = max(0, -route value)
 * I_d = ln sum_m exp(v_dm / tau); P(d) ~ exp(V_d + tau I_d); P(m|d) ~ exp(v_dm / tau)
 *
 * Those with access choose among all channels open to them, those without
 * among the irregular ones. The tables of V_d and of the channels are renewed
 * weekly and on a day when a rule that enters them changes. Floor 4 (process).
 */
#ifndef SJ_PROCESS_CHOICE_H
#define SJ_PROCESS_CHOICE_H
#include "process/run.h"

/** @brief Options of one group of people, with their probabilities. */
typedef struct sj_options {
    int n;
    int *country, *channel; /* of each option, ascending by country, then channel */
    double *p;              /* P(d) P(m|d), sum 1 */
    double inclusive;       /* ln sum_d exp(V_d + tau I_d), -INFINITY without an option */
    double best;            /* max of V'_d + tau I_d: V without network and overload */
} sj_options;

/** @brief What an option must not be. SJ_NO_REF: no such exclusion. */
typedef struct sj_without {
    int destination, channel;
    int residence;       /* country where they live: not a destination of onward movement */
    bool no_application; /* channels that require a programme are left out */
    bool from_country;   /* they live there: any link of the country is theirs to take */
    bool applicant;      /* they wait at home: going home makes them citizens, setting out is a
                            departure */
} sj_without;
#define SJ_WITHOUT_NOTHING ((sj_without){SJ_NO_REF, SJ_NO_REF, SJ_NO_REF, false, false, false})

bool sj_choice_create(sj_run *run);
void sj_choice_destroy(sj_run *run);

/** @brief Once a day, before anybody asks: forget kept answers where they have grown large. */
void sj_choice_tidy(sj_run *run);

/** @brief Renew V_d, waits and rights of channels from the state of now. */
void sj_choice_renew(sj_run *run);

/** @brief Options of a nation's people who stand at a leaf; `from_country`: as residents, from any
 * leaf of its country. Worked out once for all who ask the same; borrowed until the tables are
 * renewed. Where memory ends the ledger fails and there are no options. */
const sj_options *sj_choice_options(sj_run *run, int nation, int leaf, bool from_country,
                                    bool has_access, sj_without without);

/** @brief The most options that anybody can have. */
size_t sj_choice_most_options(const sj_world *world);

/** @brief Share of a nation with a legal channel in reach. */
double sj_choice_access(const sj_run *run, int nation);

/** @brief V of living in a country (G = 0, no channel sum) without network and overload terms. */
double sj_choice_here(const sj_run *run, int nation, int country, int status);

/** @brief Wait in years for the first decision of a programme, as its queue stands. */
double sj_programme_wait(const sj_run *run, int programme);
#endif /* SJ_PROCESS_CHOICE_H */
