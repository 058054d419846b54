class Momentum:
    def step(self w, v):
        return w + v
