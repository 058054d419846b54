g, = torch.autograd.grad(y[0, maxind], image)
rscores = (g * image).detach()
