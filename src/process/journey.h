/**
 * @file journey.h
 * @brief Under way: setting out, legs, nodes, posts, capture, choosing once more, arriving.
 *
 * Travellers keep their intent (destination, channel) from node to node; the
 * way is drawn again at each. The caught who do not retry, the refused and
 * those with no way left choose once more from where they stand. Floor 4.
 */
#ifndef SJ_PROCESS_JOURNEY_H
#define SJ_PROCESS_JOURNEY_H
#include "process/choice.h"

/**
 * @brief A parcel of residents of a leaf's country sets out with an intent: on the first link or
 * into the queue of its post. Cases end. The parcel is empty afterwards. With no way it chooses
 * once more.
 */
void sj_journey_set_out(sj_run *run, sj_parcel *parcel, int leaf, bool from_country,
                        sj_intent intent, sj_rng *rng);

/** @brief A parcel who stand at a leaf choose anew, without what failed. Emptied. */
void sj_journey_choose_again(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent,
                             sj_without without);

/** @brief A parcel settles in the intent's country by its channel: status, vintage, stay, case. */
void sj_journey_arrive(sj_run *run, sj_parcel *parcel, sj_intent intent, sj_rng *rng);

/** @brief Ends all legs that are due today; nothing where that has happened. */
void sj_journey_legs_end(sj_run *run);

/** @brief On a marked event: the share turn_share of those waiting whom it concerns turn. */
void sj_journey_turn(sj_run *run, const bool channel[], const bool country[]);

/** @brief A link has closed: who queues at its post stands free again. */
void sj_journey_links_changed(sj_run *run);

/** @brief Foreigners who settled at a leaf in the last `days` and are still there; all groups of
 * the mask. Used by needs and by opinion. */
double sj_settled_lately(const sj_run *run, int leaf, const bool group[SJ_GROUPS], int days);

/** @brief Foreigners who settled in a country in the last 365 days (none subtracted). */
double sj_settled_in_year(const sj_run *run, int country);

extern const sj_process_kind sj_journey_process;
#endif /* SJ_PROCESS_JOURNEY_H */
