// The one translation unit with Boost.Test's main; each folder's test executable links it.
#define BOOST_TEST_MODULE mica
#include <boost/test/unit_test.hpp>
