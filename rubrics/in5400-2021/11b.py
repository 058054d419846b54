def first(net):
    # every block learns, and so does the classifier: everything can adapt to the data
    return torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)


def second(net):
    # the frozen blocks detect something useful from the start; the classifier learns what it means
    net.load_state_dict(torch.load("pretrained.pt"))
    learned = ("block4", "block5", "block6", "fc")
    chosen = [parameter for name, parameter in net.named_parameters() if name.startswith(learned)]
    return torch.optim.SGD(chosen, lr=0.001, momentum=0.9)
