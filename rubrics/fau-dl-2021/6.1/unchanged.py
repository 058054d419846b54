class ELU:
    def __init__(self, alpha):
        pass

    def forward(self, input_tensor):
        return input_tensor

    def backward(self, error_tensor):
        return error_tensor
