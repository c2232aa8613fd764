#!/usr/bin/env bats
# The fault campaign: 200 schedules over an image of 300 MiB.
load lib/helpers

@test "200 schedules of faults: the right image or a clear error, never a wrong tag, never a hang" {
    python3 "$SOURCE_ROOT/tests/functional/faults/campaign.py" "$MICA" "$WORK" --seeds 1-200 --mib "${CAMPAIGN_MIB:-300}" --jobs 2
}
