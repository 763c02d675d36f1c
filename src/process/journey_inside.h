/**
 * @file journey_inside.h
 * @brief Shared by the files of the journey, and by nobody else. Floor 4 (process).
 */
#ifndef SJ_PROCESS_JOURNEY_INSIDE_H
#define SJ_PROCESS_JOURNEY_INSIDE_H
#include "num/draw.h"
#include "process/journey.h"

/* So many people take an option of a list; -1 = they go home. */
typedef struct sji_taken {
    int option;
    int64_t n;
} sji_taken;

/* Scratch of one second choice. */
typedef struct sji_choosing {
    sj_parcel with_access, some;
    SJ_VEC(sji_taken) taken;
} sji_choosing;

/* People of a nation who hold nothing: they have got to where they were going, or were caught and
 * stand at a leaf. */
typedef struct sji_together {
    int nation;
    int leaf; /* of the caught */
    sj_intent intent;
    int64_t by_group[SJ_GROUPS];
} sji_together;
typedef SJ_VEC(sji_together) sji_togethers;

struct sj_journeys {
    sji_togethers arrivals, caught;   /* of today, until all legs have ended */
    SJ_VEC(sji_choosing *) choosings; /* those not in use */
    sj_split **leg_split;             /* edge: law of the whole days, most likely first */
    double *split_days;               /* edge: the mean it was made for */
    int *mode_day;                    /* edge: days of the split's class 0 */
    int *n_days;                      /* edge: classes of the split */
    double *weight;                   /* scratch: options + home */
    int64_t *count;
    int64_t *by_edge;         /* scratch: people by edge out */
    double *settled;          /* leaf x group x RING: arrivals / retention, by day */
    int64_t *in_country;      /* country x 365: settled by day */
    sj_parcel held, settling; /* scratch of leg ends and of arrival */
    sj_parcel chosen;         /* scratch of routes */
    sj_parcel reached;        /* scratch of legs: those who got to the end */
    sj_parcel lapsed;         /* scratch of those whose stay ended on the way */
    int64_t *by_day;          /* scratch: group x days of a leg */
    int ended_day;            /* the day whose legs have ended */
    sj_batches batches;
};

enum { SJI_RING = 366 };

/** @brief Put a parcel on an edge: whole days drawn per person. Emptied. */
void sji_board(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot, sj_rng *rng);

/** @brief Travellers at a leaf take the edges of their route: link or queue of the post. */
void sji_take_edges(sj_run *run, sj_parcel *parcel, int leaf, bool from_country, sj_intent intent,
                    sj_rng *rng);

/** @brief A parcel waits at a leaf with its intent, today. Emptied. */
void sji_wait(sj_run *run, sj_parcel *parcel, int leaf, int status, uint64_t slot);

/** @brief Remember a mixed parcel's arrival for the needs of the first days and for opinion. */
void sji_remember_arrival(sj_run *run, int leaf, const sj_parcel *parcel);

void sji_choosing_free(sji_choosing *choosing);

/** @brief Daily reviews of nodes and posts (nodes.c). */
void sji_review_nodes(sj_run *run);
void sji_review_posts(sj_run *run);
#endif /* SJ_PROCESS_JOURNEY_INSIDE_H */
