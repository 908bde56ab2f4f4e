#include "libretain/both.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct errand {
    void (*work)(void *what);
    void *what;
};

static void *run(void *of)
{
    const struct errand *errand = of;
    errand->work(errand->what);
    return NULL;
}

void rt_both(void (*work)(void *what), void *first, void *second)
{
    struct errand errand = {work, second};
    pthread_t thread;
    const bool threaded = second != NULL && pthread_create(&thread, NULL, run, &errand) == 0;
    work(first);
    if (threaded)
        pthread_join(thread, NULL);
    else if (second != NULL)
        work(second);
}
