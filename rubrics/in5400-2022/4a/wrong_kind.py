self.norm4 = nn.BatchNorm1d(32)
h = F.relu(self.norm4(self.conv4(h)))
