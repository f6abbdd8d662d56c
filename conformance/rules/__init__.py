"""Documented business rules, one small function each: what a request, an answer or a row of exchanges has to keep."""
