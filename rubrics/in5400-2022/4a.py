"""Question 4a: batch normalisation after the last convolution, before its ReLU."""

import torch
from torch import nn
from torch.nn.functional import relu


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 16, 3), nn.Conv2d(16, 16, 3)
        self.maxpool1 = nn.MaxPool2d(2)
        self.conv3, self.conv4 = nn.Conv2d(16, 32, 3), nn.Conv2d(32, 32, 3)
        self.norm4 = nn.BatchNorm2d(32)
        self.maxpool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(512, 10)

    def forward(self, x):
        h = relu(self.conv2(relu(self.conv1(x))))
        h = relu(self.conv3(self.maxpool1(h)))
        h = relu(self.norm4(self.conv4(h)))
        return self.fc1(torch.flatten(self.maxpool2(h), 1))
