#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>

void sj_bug(const char *file, int line, const char *what)
{
    (void)fprintf(stderr, "%s:%d: sojourn: internal fault, please report this text: %s\n", file,
                  line, what);
    abort();
}
