"""Question 11b: two ways to give the optimizer what it needs."""

import torch


def train_everything(net):
    """Every block learns, and so does the classifier."""
    return torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)


def finetune(net, pretrained):
    """The frozen blocks detect something useful from the start; the classifier learns."""
    net.load_state_dict(pretrained, strict=False)
    learned = ("block4", "block5", "block6", "fc")
    chosen = [p for name, p in net.named_parameters() if name.startswith(learned)]
    return torch.optim.SGD(chosen, lr=0.001, momentum=0.9)
