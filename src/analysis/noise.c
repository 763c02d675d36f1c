#include "analysis/noise.h"

#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <stdbool.h>

#include "analysis/score.h"

static bool is_known(const sj_spread *spread)
{
    return spread->n >= 2 && spread->variance >= 0;
}

double sj_spread_log_bias(int n)
{
    double half = (n - 1) / 2.0;
    return gsl_sf_psi(half) - log(half);
}

double sj_noise_share(const sj_spread fixed[], const sj_spread drawn[], size_t n, size_t *n_used)
{
    double sum = 0;
    *n_used = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_known(&fixed[i]) && is_known(&drawn[i]) && fixed[i].variance > 0 &&
            drawn[i].variance > 0) {
            sum += log(fixed[i].variance) - sj_spread_log_bias(fixed[i].n);
            sum -= log(drawn[i].variance) - sj_spread_log_bias(drawn[i].n);
            ++*n_used;
        }
    }
    return *n_used > 0 ? exp(sum / (double)*n_used) : NAN;
}

double sj_noise_error_share(const double observed[], const double mean[], const sj_spread spread[],
                            size_t n, size_t *n_used)
{
    double chance = 0, error = 0;
    *n_used = 0;
    for (size_t i = 0; i < n; i++) {
        double miss = sj_log_count(mean[i]) - sj_log_count(observed[i]);
        if (!is_known(&spread[i]) || isnan(miss)) {
            continue;
        }
        double scale = exp(sj_log_count(mean[i])); /* count + 20 */
        chance += spread[i].variance / spread[i].n / (scale * scale);
        error += miss * miss;
        ++*n_used;
    }
    return error > 0 ? chance / error : NAN;
}
