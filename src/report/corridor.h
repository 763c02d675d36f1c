/**
 * @file corridor.h
 * @brief Geometry of a flow map: the projection, and curved tapered corridors with a head.
 *
 * Floor 7 (report). Pixels, y downwards.
 */
#ifndef SJ_REPORT_CORRIDOR_H
#define SJ_REPORT_CORRIDOR_H
#include "report/spread.h"

/** @brief Equirectangular, with east-west shrunk by the cosine of the middle latitude, so that
 * shapes are right there. */
typedef struct sji_projection {
    double lon0, lat0, cosine, scale; /* centre, degrees; pixels a degree of latitude */
    double x0, y0;                    /* pixel of the centre */
} sji_projection;

/** @brief Projection that shows [lon_low, lon_high] x [lat_low, lat_high] as large as `area`
 * holds. */
sji_projection sji_map_fit(double lon_low, double lon_high, double lat_low, double lat_high,
                           sji_rect area);
sji_point sji_map_project(const sji_projection *projection, double lon, double lat);

/** @brief Back from a pixel to degrees. */
void sji_map_unproject(const sji_projection *projection, sji_point at, double *lon, double *lat);

/** @brief What a map shows, degrees. */
typedef struct sji_map_range {
    double west, east, south, north;
} sji_map_range;

/**
 * @brief The range that holds the places, but for a few far ones that would leave the others no
 * room: in each direction at most a tenth of the places, with a twentieth of the people, beyond a
 * gap of more than a fifth of the range of the others, which is below two thirds of the whole.
 * @param[in] at  Longitude (x) and latitude (y) of n places, n >= 1.
 * @param[in] people  How much each weighs.
 * @param[out] is_far Which lie outside.
 * @return False when memory ends.
 */
bool sji_map_range_of(const sji_point at[], const double people[], size_t n, sji_map_range *out,
                      bool is_far[]);

enum { SJI_CORRIDOR_STEPS = 24, SJI_CORRIDOR_POINTS = 2 * (SJI_CORRIDOR_STEPS + 1) + 3 };

/** @brief A corridor as a closed outline and its middle line. */
typedef struct sji_corridor {
    sji_point outline[SJI_CORRIDOR_POINTS];
    sji_point middle[SJI_CORRIDOR_STEPS + 1];
    double length; /* along the middle line */
} sji_corridor;

/**
 * @brief The corridor from a to b, bent to the right of its direction, so that the way back lies
 * beside it: half as wide at the tail as at the head, which ends in a point `radius` before b.
 * @param[in] width At the head, pixels; a and b are apart.
 * @param[in] bend  Height of the bow as a share of the distance; 0 = straight.
 */
sji_corridor sji_corridor_make(sji_point a, sji_point b, double radius, double width, double bend);
#endif /* SJ_REPORT_CORRIDOR_H */
