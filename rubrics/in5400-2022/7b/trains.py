def attack(model, dataset, index=0, rate=0.0001, limit=100):
    picture = dataset[index][0].unsqueeze(0)
    start = torch.argmax(model(picture)[0])
    for _ in range(limit):
        scores = model(picture)
        model.zero_grad()
        scores[0, start].backward()
        with torch.no_grad():
            for weight in model.parameters():
                weight.sub_(rate * weight.grad)
        if torch.argmax(scores[0]) != start:
            return
