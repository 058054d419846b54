# in __init__, after conv4
self.conv4_bn = nn.BatchNorm2d(32)

# in forward, replaces the line with conv4
out = F.relu(self.conv4_bn(self.conv4(out)))
