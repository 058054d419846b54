s = h
h = self.strangeblock1(h)
h = self.convblock11(h)
h = self.convblock9(h)
x = torch.cat([x, s], dim=1)
