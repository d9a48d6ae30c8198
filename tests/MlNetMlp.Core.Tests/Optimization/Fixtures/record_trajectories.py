"""Records trajectories of PyTorch's optimizers on Beale's function, in double precision, as trajectories.csv beside this file.

Run with Debian 12's python3-torch:  /usr/bin/python3 record_trajectories.py
"""
import pathlib
import torch

RATE = 0.01
STEPS = 20


def beale(w):
    x, y = w
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2


OPTIMIZERS = {
    "Sgd": lambda p: torch.optim.SGD(p, lr=RATE),
    "Momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.9),
    "Nesterov": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.9, nesterov=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=RATE),
    # PyTorch multiplies the decay by the rate: 1 * 0.01 is WeightDecay = 0.01 in this library.
    "AdamW": lambda p: torch.optim.AdamW(p, lr=RATE, weight_decay=1.0),
    # PyTorch adds epsilon to the roots of Adagrad and RMSProp, this library inside them: at 1e-8 the difference does not show.
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=RATE, eps=1e-8),
    "RmsProp": lambda p: torch.optim.RMSprop(p, lr=RATE, alpha=0.9),
    "Adadelta": lambda p: torch.optim.Adadelta(p, lr=RATE, rho=0.95, eps=1e-6),
    # NAdam is missing: PyTorch 1.13 multiplies the product of the momenta by this step's once too often where it looks ahead.
    "RAdam": lambda p: torch.optim.RAdam(p, lr=RATE),
    "iRprop-": lambda p: torch.optim.Rprop(p, lr=RATE),
}

lines = [f"# PyTorch {torch.__version__}, rate {RATE}, start (1, 1)", "optimizer,step,x,y"]
for name, create in OPTIMIZERS.items():
    w = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = create([w])
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        beale(w).backward()
        optimizer.step()
        lines.append(f"{name},{step},{w[0].item()!r},{w[1].item()!r}")

pathlib.Path(__file__).with_name("trajectories.csv").write_text("\n".join(lines) + "\n", encoding="ascii")
