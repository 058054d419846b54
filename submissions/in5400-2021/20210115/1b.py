s = h
h = self.strangeblock1(h)
h = self.convblock11(h)
h = s + self.convblock9(h)
