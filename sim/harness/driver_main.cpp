// The harness with the C driver in the place of its own register writes: every case is loaded, started and read by
// driver/nba.c, while the harness plays the memory and compares every tensor as always.
//
// Each case prints one more line: what the driver read of results and counters. Run it where mem/ lies.
#define NBA_HOST "driver_host.hpp"
#include "harness.cpp"
