def forward(self, x):
    x = self.convblock17(x)
    kept = self.convblock3(x)
    x = self.strangeblock1(kept)
    x = self.convblock11(x)
    x = kept + self.convblock9(x)
    x = self.strangeblock2(x)
    return self.convblock81(x)
