x = self.strangeblock1(x)
x = self.convblock11(x)
x = x + self.convblock9(x)
