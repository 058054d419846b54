"""Libraries that start processes."""

import multiprocessing

multiprocessing.Pool(2)
