"""Question 4a: batch normalisation after the last convolution, before its ReLU."""

from torch import nn
from torch.nn.functional import relu


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3)
        self.conv2 = nn.Conv2d(16, 16, kernel_size=3)
        self.maxpool1 = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(16, 32, kernel_size=3)
        self.conv4 = nn.Conv2d(32, 32, kernel_size=3)
        self.norm4 = nn.BatchNorm2d(32)
        self.maxpool2 = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(32 * 4 * 4, 10)

    def forward(self, x):
        out = relu(self.conv1(x))
        out = relu(self.conv2(out))
        out = self.maxpool1(out)
        out = relu(self.conv3(out))
        out = relu(self.norm4(self.conv4(out)))
        out = self.maxpool2(out)
        out = out.view(out.size(0), -1)
        return self.fc1(out)
