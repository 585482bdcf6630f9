"""From a workload to a recommendation: options, verdicts, sizing, bills, ranking."""
