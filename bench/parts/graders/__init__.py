"""What the benchmark `bench/peer_code.py` is made of: the class, the tests of a teacher, and the peers that run them."""
