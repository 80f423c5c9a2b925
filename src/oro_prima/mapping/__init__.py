"""The rules: functions of values. No clock, network, files, randomness or floats."""
