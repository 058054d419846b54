def forward(self, x):
    x = self.convblock17(x)
    x = self.convblock3(x)
    x = self.strangeblock1(x)
    x = self.convblock11(x)
    x = x + self.convblock9(x)
    x = self.strangeblock2(x)
    return self.convblock81(x)
