# in __init__, after conv4
self.norm4 = nn.BatchNorm2d(32)

# in forward, replaces the line with conv4
h = F.relu(self.norm4(self.conv4(h)))
