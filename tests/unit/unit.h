/*
 * unit: the main() of a check suite that speaks TAP on stdout, for prove.
 *
 * One suite per module, tests/unit/MODULE.c, which becomes build/unit/MODULE.t.
 */
#ifndef RT_UNIT_H
#define RT_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_set_tap(runner, "/dev/stdout");
    srunner_run_all(runner, CK_SILENT);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
