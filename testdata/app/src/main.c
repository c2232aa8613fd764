#include "tally.h"

#include <string.h>

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts(VERSION);
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "--self-test") == 0) {
        FILE *in = tmpfile();
        if (in == NULL)
            return 1;
        fputs("two words\n", in);
        rewind(in);
        struct tally t = tally_count(in);
        return t.lines == 1 && t.words == 2 ? 0 : 1;
    }
    FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
    if (in == NULL) {
        perror(argv[1]);
        return 1;
    }
    struct tally t = tally_count(in);
    printf("%lu lines, %lu words\n", t.lines, t.words);
    return 0;
}
