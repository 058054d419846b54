h = self.strangeblock1(h)
h = self.convblock11(h)
h = h + self.convblock9(h)
