def attack(model, dataset, index=0, rate=0.0001, limit=100):
    picture = dataset[index][0].unsqueeze(0).clone()
    start = torch.argmax(model(picture)[0])
    for _ in range(limit):
        picture.requires_grad_(True)
        gradient = torch.autograd.grad(model(picture)[0, start], picture)[0]
        picture = (picture + rate * gradient).detach()
        if torch.argmax(model(picture)[0]) != start:
            break
    return picture
