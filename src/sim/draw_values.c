#include "sim/draw_values.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/hash.h"
#include "num/rng.h"

static double triangular(double u, double low, double mode, double high)
{
    double width = high - low;
    if (width <= 0) {
        return mode;
    }
    double left = (mode - low) / width;
    return u < left ? low + sqrt(u * width * (mode - low))
                    : high - sqrt((1 - u) * width * (high - mode));
}

static double discrete(double u, const sj_value *v)
{
    double sum = 0, reached = 0;
    for (size_t i = 0; i < v->n_choices; i++) {
        sum += v->weights[i];
    }
    for (size_t i = 0; i < v->n_choices; i++) {
        reached += v->weights[i] / sum;
        if (u < reached) {
            return v->choices[i];
        }
    }
    return v->choices[v->n_choices - 1];
}

static double quantile(double u, const sj_value *v)
{
    switch (v->law) {
    case SJ_LAW_TRIANGULAR:
        return triangular(u, v->a, v->base, v->b);
    case SJ_LAW_UNIFORM:
        return v->a + u * (v->b - v->a);
    case SJ_LAW_LOGUNIFORM:
        return exp(log(v->a) + u * (log(v->b) - log(v->a)));
    case SJ_LAW_NORMAL:
        return v->a + v->b * gsl_cdf_ugaussian_Pinv(u);
    case SJ_LAW_LOGNORMAL:
        return exp(v->a + v->b * gsl_cdf_ugaussian_Pinv(u));
    case SJ_LAW_BETA:
        return gsl_cdf_beta_Pinv(u, v->a, v->b);
    case SJ_LAW_DISCRETE:
        return discrete(u, v);
    case SJ_LAW_FIXED:
        break;
    }
    return v->base;
}

static double within_key(const sj_value *v, double x)
{
    const sj_key *key = v->key;
    if (key == NULL) {
        return x;
    }
    x = x < key->low ? key->low : x > key->high ? key->high : x;
    return key->type == SJ_KEY_INTEGER ? round(x) : x;
}

void sj_draw_values(const sj_values *values, uint64_t seed, uint64_t draw, bool fixed,
                    double value[])
{
    sj_rng_key key = sj_rng_key_of(seed, draw);
    uint64_t prefix = sj_hash_text(SJ_HASH_START, "parameter");
    for (size_t i = 0; i < sj_values_length(values); i++) {
        const sj_value *v = sj_values_row(values, (sj_val)i);
        value[i] = v->base;
        if (v->law != SJ_LAW_FIXED && !fixed) {
            sj_rng rng = sj_rng_start(key, sj_hash_text(prefix, v->pointer), 0, 0);
            value[i] = within_key(v, quantile(sj_rng_uniform_positive(&rng), v));
        }
    }
}
