self.norm4 = nn.BatchNorm2d(16)
h = F.relu(self.norm4(self.conv4(h)))
