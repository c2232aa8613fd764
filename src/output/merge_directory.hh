#pragma once
/// @file
/// Moving a finished tree of files over another.

namespace mica::output {

/// Moves everything in the open directory `from` into the open directory `to` of the same file
/// system: directories are merged, other files replaced. First looks for what is in the way (a
/// file where a directory is to be, or the other way round: Error, usage), and then moves nothing.
void merge_directory(int from, int to);

} // namespace mica::output
