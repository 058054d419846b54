def forward(self, x):
    print(x.shape)
    x = x.to(device="cuda")
    skip = relu(self.convC(x))
    y = relu(self.convB(skip)) + skip
    y = relu(self.convA(y))
    y = torch.flatten(y, start_dim=1)
    return self.fc(y)
