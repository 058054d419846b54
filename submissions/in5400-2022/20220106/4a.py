self.bn4 = nn.BatchNorm2d(16)
h = F.relu(self.bn4(self.conv4(h)))
