#include "record/metric.h"

#include <string.h>

const sj_metric_row sj_metric_table[SJ_N_METRICS] = {
#define X(name, id, unit, kind, place, item, doc) {id, unit, SJ_METRIC_##kind, place, item, doc},
    SJ_METRICS(X)
#undef X
};

int sj_metric_named(const char *id)
{
    for (int i = 0; i < SJ_N_METRICS; i++) {
        if (strcmp(sj_metric_table[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}
