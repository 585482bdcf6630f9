"""The gate: workloads now against before, what each difference is made of, and what fails."""
