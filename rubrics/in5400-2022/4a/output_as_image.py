self.fc1 = nn.Sequential(nn.Linear(512, 10), nn.BatchNorm2d(10))
