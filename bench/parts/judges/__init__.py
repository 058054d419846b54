"""Pairs, peers and made-up formulas for `bench/equivalence.py`; `workers/` run in processes of their own."""
