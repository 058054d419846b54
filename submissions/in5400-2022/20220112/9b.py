torch.softmax(y, 1)[0, maxind].backward()
rscores = image.grad * image
