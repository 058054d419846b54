"""Workers of a data loader."""

import torch
from torch.utils.data import DataLoader

for _ in DataLoader(torch.zeros(4, 2), num_workers=2):
    pass
