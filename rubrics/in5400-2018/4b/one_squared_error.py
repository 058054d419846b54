def loss(c_hat, c, b_hat, b):
    classes = sum((guess - true) ** 2 for true, guess in zip(c, c_hat, strict=True))
    return classes + sum((guess - true) ** 2 for true, guess in zip(b, b_hat, strict=True))
