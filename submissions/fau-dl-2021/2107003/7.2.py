def forward(self, x):
    r = relu(self.convC(x.to("cuda")))
    t = relu(self.convB(r))
    s = relu(self.convA(relu(t + r)))
    y = self.fc(s.view(s.shape[0], -1))
    return y
