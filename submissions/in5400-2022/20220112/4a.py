self.bn5 = nn.BatchNorm1d(10)
return self.bn5(self.fc1(torch.flatten(h, 1)))
