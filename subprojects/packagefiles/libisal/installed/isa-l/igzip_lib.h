#include "../../include/igzip_lib.h"
