# ruff: noqa: F821  (y, maxind and image come from the template)
y[0, maxind].backward()
rscores = image.grad * image
