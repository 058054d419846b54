class ELU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        return np.where(input_tensor > 0, input_tensor, self.alpha * (np.exp(input_tensor) - 1))

    def backward(self, error_tensor):
        return error_tensor * np.where(
            self.input_tensor > 0, 1, self.alpha * np.exp(self.input_tensor)
        )
