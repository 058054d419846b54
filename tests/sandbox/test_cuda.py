"""The simulated GPU: where tensors are, and the errors of mixing devices."""

from __future__ import annotations

import numpy as np
import pytest

from grader.sandbox import Call, Case, Jail, Job, Let, Ref, Run, Status, Tensor, TensorValue

X = np.ones((4, 3), dtype="f4")
ELEMENTWISE = (
    "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
)


def run(jail: Jail, body: str, x: Tensor, before: str = "") -> Run:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    source = f"import torch\nfrom torch import nn\n{before}\ndef f(x):\n{lines}\n"
    return jail.run(Job(source.encode(), [Case([Let("x", x), Call("f", [Ref("x")])])], cuda=True))


WORKS = [
    "return x.cuda().device.type == 'cuda'",
    "return x.to('cuda').is_cuda and not x.is_cuda",
    "return x.to(torch.device('cuda:0')).device == torch.device('cuda:0')",
    "return (x.cuda() + 1).is_cuda",
    "return torch.cuda.is_available() and torch.cuda.device_count() == 1",
    "return torch.zeros(2, device='cuda').is_cuda",
    "return torch.zeros_like(x.cuda()).is_cuda",
    "return bool(x.cuda().cpu().numpy().sum() == 12)",
    "return x.cuda().sum().item() == 12",
    "return str(x.cuda().device) == 'cuda:0'",
    "return x.cuda().type() == 'torch.cuda.FloatTensor'",
    "return (x.cuda() * torch.tensor(2.0)).is_cuda",
    "return all(p.is_cuda for p in nn.Linear(3, 2).cuda().parameters())",
    "return nn.Linear(3, 2).to('cuda')(x.cuda()).is_cuda",
    "m = nn.BatchNorm1d(3).cuda()\nreturn m.running_mean.is_cuda and m(x.cuda()).is_cuda",
    "m = nn.Linear(3, 2).cuda()\nm(x.cuda()).sum().backward()\nreturn m.weight.grad.is_cuda",
    "y = x.cuda()\nreturn y[0].is_cuda and y[torch.tensor([0, 1])].is_cuda and y.T.is_cuda",
    "y = torch.zeros(4, 3)\ny.copy_(x.cuda())\nreturn not y.is_cuda and y.sum().item() == 12",
    "y = x.cuda()\nreturn y.to('cpu').is_cpu and y.double().is_cuda and y.to(torch.float64).is_cuda",
    "return torch.cat([x.cuda(), x.cuda()]).is_cuda and torch.stack([x, x]).is_cpu",
    "d = torch.device('cuda' if torch.cuda.is_available() else 'cpu')\nreturn x.to(d).is_cuda",
    "m = nn.Linear(3, 2).cuda().cpu()\nreturn m(x).is_cpu",
    "return x.cuda().get_device() == 0",
]


@pytest.mark.parametrize("body", WORKS)
def test_as_on_a_gpu(jail: Jail, body: str) -> None:
    done = run(jail, body, Tensor(X))
    assert done.status is Status.OK, done
    assert done.cases[0].values == (True,)


FAILS = {
    "return x.cuda() + x": ELEMENTWISE,
    "return x + x.cuda()": ELEMENTWISE,
    "return torch.cat([x, x.cuda()])": ELEMENTWISE,
    "return nn.Linear(3, 2).cuda()(x)": "Expected all tensors to be on the same device, but got mat1 is on cpu, "
    "different from other tensors on cuda:0 (when checking argument in method wrapper_CUDA_addmm)",
    "return nn.Linear(3, 2)(x.cuda())": "Expected all tensors to be on the same device, but got mat1 is on cuda:0, "
    "different from other tensors on cpu (when checking argument in method wrapper_CUDA_addmm)",
    "return nn.Conv1d(3, 2, 1).cuda()(x.T)": "Input type (torch.FloatTensor) and weight type "
    "(torch.cuda.FloatTensor) should be the same",
    "return x.cuda().numpy()": "can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the "
    "tensor to host memory first.",
    "return x.to('cuda:3')": "CUDA error: invalid device ordinal",
}


@pytest.mark.parametrize("body", FAILS)
def test_fails_as_on_a_gpu(jail: Jail, body: str) -> None:
    raised = run(jail, body, Tensor(X)).cases[0].raised
    assert raised is not None
    assert raised.message == FAILS[body]


def test_a_forgotten_transfer_in_a_model_is_found(jail: Jail) -> None:
    model = (
        "class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv = nn.Conv2d(1, 2, 3).cuda()\n        self.fc = nn.Linear(8, 1).cuda()\n"
        "    def forward(self, x):\n        x = {}\n        return self.fc(self.conv(x).flatten(start_dim=1))\n"
    )
    picture = Tensor(np.ones((2, 1, 4, 4), "f4"))
    good = run(jail, "return M()(x)", picture, model.format("x.cuda()"))
    assert isinstance(good.cases[0].values[0], TensorValue)
    assert good.cases[0].values[0].device == "cuda:0"
    bad = run(jail, "return M()(x)", picture, model.format("x"))
    assert bad.cases[0].raised is not None
    assert bad.cases[0].raised.type_name == "RuntimeError"


def test_training_on_it(jail: Jail) -> None:
    body = """model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)).cuda()
optimizer = torch.optim.Adam(model.parameters())
target = torch.zeros(4, 1, device="cuda")
for _ in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x.cuda()), target)
    loss.backward()
    optimizer.step()
return loss.is_cuda and next(model.parameters()).grad.is_cuda"""
    assert run(jail, body, Tensor(X)).cases[0].values == (True,)


def test_inputs_may_start_on_it(jail: Jail) -> None:
    done = run(jail, "return x.is_cuda and (x * 2).is_cuda", Tensor(X, device="cuda"))
    assert done.cases[0].values == (True,)


def test_it_is_off_unless_asked_for(jail: Jail) -> None:
    source = b"import torch\ndef f():\n    return torch.cuda.is_available()"
    assert jail.run(Job(source, [Case([Call("f")])])).cases[0].values == (False,)
