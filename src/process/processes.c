/* The table of processes: the one line that a new process adds. They are created and begin in
 * this order; when they act is a matter of phases (run.h), not of this list. */
#include "process/belief.h"
#include "process/capacity.h"
#include "process/chain.h"
#include "process/demography.h"
#include "process/departure.h"
#include "process/driver.h"
#include "process/exits.h"
#include "process/fund.h"
#include "process/institution.h"
#include "process/journey.h"
#include "process/policy.h"

const sj_process_kind *const sj_process_kinds[] = {
    &sj_policy_process,    &sj_driver_process,   &sj_noise_process,   &sj_journey_process,
    &sj_programme_process, &sj_fund_process,     &sj_opinion_process, &sj_service_process,
    &sj_belief_process,    &sj_chain_process,    &sj_table_process,   &sj_demography_process,
    &sj_exit_process,      &sj_departure_process};
const int sj_n_process_kinds = sizeof sj_process_kinds / sizeof sj_process_kinds[0];
