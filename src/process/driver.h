/**
 * @file driver.h
 * @brief Levels of drivers, noise, hostility of opinion: what moves without people. Floor 4.
 */
#ifndef SJ_PROCESS_DRIVER_H
#define SJ_PROCESS_DRIVER_H
#include "process/run.h"

extern const sj_process_kind sj_driver_process;
extern const sj_process_kind sj_noise_process;
extern const sj_process_kind sj_opinion_process;
#endif /* SJ_PROCESS_DRIVER_H */
