"""Close everything, also the way back."""

import os

os.closerange(0, 256)
