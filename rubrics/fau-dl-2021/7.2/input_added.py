def forward(self, x):
    x = x.cuda()
    first = relu(self.convC(x))
    second = relu(self.convB(first))
    third = relu(self.convA(x + second))
    return self.fc(third.flatten(start_dim=1))
