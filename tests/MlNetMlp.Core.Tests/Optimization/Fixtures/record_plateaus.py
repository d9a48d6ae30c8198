"""Records the rates that PyTorch's ReduceLROnPlateau makes of random losses as plateaus.csv beside this file.

Run with Debian 12's python3-torch:  /usr/bin/python3 record_plateaus.py
"""
import pathlib
import random
import torch

EPOCHS = 40
# factor, patience, minDelta, cooldown, floor
CASES = [(0.5, 1, 0.0, 0, 0.0), (0.5, 3, 0.0, 0, 0.0), (0.1, 2, 0.05, 0, 0.001), (0.5, 2, 0.0, 1, 0.0), (0.7, 3, 0.02, 4, 0.1)]

lines = [f"# PyTorch {torch.__version__}, first rate 1", "factor,patience,minDelta,cooldown,floor,epoch,loss,rate"]
for number, (factor, patience, delta, cooldown, floor) in enumerate(CASES):
    chance = random.Random(number)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    # PyTorch waits for one epoch more than its patience.
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience - 1, threshold=delta, threshold_mode="abs", cooldown=cooldown, min_lr=floor, eps=0)
    for epoch in range(1, EPOCHS + 1):
        loss = round(1 / epoch + chance.uniform(0, 0.3), 3)
        schedule.step(loss)
        rate = optimizer.param_groups[0]["lr"]
        lines.append(f"{factor},{patience},{delta},{cooldown},{floor},{epoch},{loss},{rate!r}")

pathlib.Path(__file__).with_name("plateaus.csv").write_text("\n".join(lines) + "\n", encoding="ascii")
