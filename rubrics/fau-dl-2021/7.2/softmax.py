def forward(self, x):
    first = relu(self.convC(x.cuda()))
    second = relu(self.convB(first))
    third = relu(self.convA(first + second))
    return torch.softmax(self.fc(third.flatten(start_dim=1)), dim=1)
