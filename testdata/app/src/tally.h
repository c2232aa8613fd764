#ifndef TALLY_H
#define TALLY_H

#include <stdio.h>

struct tally {
    unsigned long lines, words;
};

struct tally tally_count(FILE *in);

#endif
