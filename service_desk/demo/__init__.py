"""A desk that looks lived in: three months of made-up work, done through the actions and nothing else."""

from .fill import fill_demo
from .people import Newcomer

__all__ = ["Newcomer", "fill_demo"]
