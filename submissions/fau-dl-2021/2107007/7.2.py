def forward(self, x):
    x = relu(self.convC(x))
    y = relu(self.convB(x))
    y = relu(self.convA(x + y))
    return self.fc(torch.flatten(y, 1))
