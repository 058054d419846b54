y[0, maxind].backward()
rscores = (image.grad * image).abs()
