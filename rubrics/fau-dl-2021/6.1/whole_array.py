class ELU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        self.input_tensor = input_tensor
        if input_tensor > 0:
            return input_tensor
        return self.alpha * (np.exp(input_tensor) - 1)

    def backward(self, error_tensor):
        if self.input_tensor > 0:
            return error_tensor
        return error_tensor * self.alpha * np.exp(self.input_tensor)
