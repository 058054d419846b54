def forward(self, x):
    h = self.convblock17(x)
    h = self.convblock3(h)
    h = self.strangeblock1(h)
    h = self.convblock11(h)
    h = self.convblock9(h)
    h = h + h
    h = self.strangeblock2(h)
    return self.convblock81(h)
