"""What `bench/fuzz_reader.py` checks, and its engine in an environment that has atheris."""
