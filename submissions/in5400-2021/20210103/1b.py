h = self.convblock17(x)
s = self.convblock3(h)
z = self.convblock9(self.convblock11(self.strangeblock1(s))) + s
return self.convblock81(self.strangeblock2(z))
