"""What the benchmarks are made of; each benchmark itself is a file of the folder above."""
