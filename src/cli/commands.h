/**
 * @file commands.h
 * @brief One function a command: `sojourn NAME ...` calls it with argv[0] = NAME.
 *
 * Each returns the exit status: 0 ok, 1 some runs failed or a check is negative, 2 usage,
 * 3 invalid input, 4 input/output, 5 internal, 130 interrupted. Only cli/ prints: data to
 * standard output, talk to standard error. Floor 8 (cli).
 */
#ifndef SJ_CLI_COMMANDS_H
#define SJ_CLI_COMMANDS_H

int sj_cmd_run(int argc, char **argv);
int sj_cmd_validate(int argc, char **argv);
int sj_cmd_explain(int argc, char **argv);
int sj_cmd_new(int argc, char **argv);
int sj_cmd_compare(int argc, char **argv);
int sj_cmd_fit(int argc, char **argv);
int sj_cmd_diff(int argc, char **argv);
int sj_cmd_need(int argc, char **argv);
int sj_cmd_plot(int argc, char **argv);
int sj_cmd_list(int argc, char **argv);
int sj_cmd_version(int argc, char **argv);
#endif /* SJ_CLI_COMMANDS_H */
