torch.softmax(y, dim=1)[0, maxind].backward()
rscores = image.grad * image
