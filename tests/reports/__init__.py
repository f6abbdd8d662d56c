"""Tests of the reports; `runs` makes the runs that they show."""
