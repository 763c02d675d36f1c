/**
 * @file exits.h
 * @brief Onward movement and return of settled foreigners, weekly (model.md 4.12). Floor 4.
 */
#ifndef SJ_PROCESS_EXITS_H
#define SJ_PROCESS_EXITS_H
#include "process/run.h"

extern const sj_process_kind sj_exit_process;
#endif /* SJ_PROCESS_EXITS_H */
