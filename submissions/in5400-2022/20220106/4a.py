self.bn4 = nn.BatchNorm2d(16)
out = F.relu(self.bn4(self.conv4(out)))
