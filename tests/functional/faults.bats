#!/usr/bin/env bats
# A few schedules of the fault campaign; "./dev test registry" runs all of them.
load lib/helpers

@test "pushes and pulls through faults end with the right image or a clear error" {
    python3 "$SOURCE_ROOT/tests/functional/faults/campaign.py" "$MICA" "$WORK" --seeds 1-4 --mib 12 --jobs 2
}
