"""A segmenter of another build than ours, in plain torch.nn, and what cannot be converted."""

import torch
from torch import nn
from torch.nn import functional

SIZE = 64


class Pyramid(nn.Module):
    """Strided separable convolutions down, sums and bilinear enlargement up; one logit a pixel."""

    def __init__(self, width=8, levels=3):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.Hardswish())
        self.down = nn.ModuleList(separable(width) for _ in range(levels))
        self.across = nn.ModuleList(nn.Conv2d(width, width, 1) for _ in range(levels))
        self.head = nn.Sequential(nn.GroupNorm(2, width), nn.Dropout(0.3), nn.Conv2d(width, 1, 1))

    def forward(self, x):
        maps = [self.stem(x)]
        for step in self.down:
            maps.append(step(maps[-1]))
        x = maps.pop()
        for lateral in self.across:
            finer = lateral(maps.pop())
            x = finer + functional.interpolate(
                x, size=finer.shape[2:], mode="bilinear", align_corners=False
            )
        return {"out": self.head(x)}


def separable(width):
    return nn.Sequential(
        nn.Conv2d(width, width, 3, stride=2, padding=1, groups=width, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU6(),
        nn.Conv2d(width, width, 1),
        nn.LeakyReLU(0.1),
    )


def pyramid():
    """The network with weights of a fixed seed, and statistics that a training would leave."""
    torch.manual_seed(5)
    network = Pyramid()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network


def not_a_network():
    return [1, 2]


class Wide(nn.Module):
    """Three classes, of which our contract knows nothing."""

    def forward(self, x):
        return torch.cat([x, x, x], dim=1)[:, :3]


class Branching(nn.Module):
    """Goes another way for bright pictures, which no graph can say."""

    def forward(self, x):
        return x[:, :1] if x.mean() > 0.5 else -x[:, :1]


class Strange(nn.Module):
    """An operation that LiteRT does not have."""

    def forward(self, x):
        return torch.linalg.svd(x[:, :1]).S[..., None] * x[:, :1]
