"""Units as factors: those of time, and those of AWS's billing texts.

In AWS's prices a GB of memory, log text or transfer is 2**30 bytes, and so KB and MB are binary
too.
"""

KB_PER_MB = 1024
MB_PER_GB = 1024
KB_PER_GB = 1024 * 1024
MS_PER_SECOND = 1000
SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
HOURS_PER_DAY = 24
SECONDS_PER_DAY = HOURS_PER_DAY * SECONDS_PER_HOUR
PERCENT = 100
