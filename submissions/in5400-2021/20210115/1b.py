s = x
x = self.strangeblock1(x)
x = self.convblock11(x)
x = s + self.convblock9(x)
