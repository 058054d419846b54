s = x
x = self.strangeblock1(x)
x = self.convblock11(x)
x = self.convblock9(x)
x = torch.cat([x, s], dim=1)
