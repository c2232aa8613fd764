#include "tally.h"

#include <ctype.h>

struct tally tally_count(FILE *in)
{
    struct tally result = {0, 0};
    int in_word = 0;
    int c;
    while ((c = getc(in)) != EOF) {
        if (c == '\n')
            ++result.lines;
        if (!isspace(c) && !in_word)
            ++result.words;
        in_word = !isspace(c);
    }
    return result;
}
