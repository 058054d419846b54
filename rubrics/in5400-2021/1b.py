def forward(self, x):
    kept = self.convblock3(self.convblock17(x))
    h = self.convblock11(self.strangeblock1(kept))
    h = self.convblock9(h) + kept
    return self.convblock81(self.strangeblock2(h))
