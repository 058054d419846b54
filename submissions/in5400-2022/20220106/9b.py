rscores = y * image
