import numpy as np

class ELU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        self.mask = input_tensor > 0
        return np.where(self.mask, input_tensor, self.alpha * (np.exp(input_tensor) - 1))

    def backward(self, error_tensor):
        return error_tensor * self.mask
