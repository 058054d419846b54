import torch


def first(net):
    # every parameter is optimised, fc and the first blocks too: the whole network fits the data
    return torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)


def second(net):
    # weights from a big data set are good features already, so the first blocks may stay frozen
    net.load_state_dict(torch.load("weights.pt"), strict=False)
    parts = [net.block4, net.block5, net.block6, net.fc]
    return torch.optim.SGD([p for part in parts for p in part.parameters()], lr=0.001, momentum=0.9)
