def forward(self, x):
    first = self.convC(x.cuda())
    second = relu(self.convB(relu(first)))
    third = relu(self.convA(first + second))
    return self.fc(third.flatten(start_dim=1))
