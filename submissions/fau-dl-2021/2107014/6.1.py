import numpy as np


class ELU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        self.input_tensor = input_tensor
        output = np.array(input_tensor, dtype=float)
        negative = output <= 0
        output[negative] = self.alpha * (np.exp(output[negative]) - 1)
        return output

    def backward(self, error_tensor):
        gradient = np.array(error_tensor, dtype=float)
        negative = self.input_tensor <= 0
        gradient[negative] *= self.alpha * np.exp(self.input_tensor[negative])
        return gradient
