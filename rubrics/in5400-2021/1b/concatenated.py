def forward(self, x):
    s = self.convblock3(self.convblock17(x))
    h = self.strangeblock1(s)
    h = self.convblock11(h)
    h = torch.cat([self.convblock9(h), s], dim=1)
    h = self.strangeblock2(h)
    return self.convblock81(h)
