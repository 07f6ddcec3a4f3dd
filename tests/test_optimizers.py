"""What the screen calls an optimizer is what the trainer does, and what a script that is taken away does."""

import ast
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.cli import _parser
from cnnlab.errors import TrainingError
from cnnlab.networks import lenet5, to_script
from cnnlab.optimizers import FORMER_WORDS, OPTIMIZER_TYPES, WEIGHT_DECAY
from cnnlab.training import TrainingConfig
from cnnlab.training.optimizers import OPTIMIZERS

EVERY = pytest.mark.parametrize("word", OPTIMIZER_TYPES)


def optimizer_of(script: str, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer that a script makes, for other parameters: its own line, run after its own lines above `main`."""
    tree = ast.parse(script)
    (main,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    (made,) = [
        node.value for node in main.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "optimizer"
    ]
    names: dict[str, Any] = {"__name__": "a script"}
    exec(script, names)
    names["model"] = SimpleNamespace(parameters=lambda: parameters)
    return eval(ast.unparse(made), names)


def test_all_tables_hold_the_same_optimizers() -> None:
    assert set(OPTIMIZERS) == set(OPTIMIZER_TYPES)
    assert TrainingConfig().weight_decay == WEIGHT_DECAY


@EVERY
def test_the_screens_name_is_that_of_pytorchs_class(word: str) -> None:
    one = OPTIMIZER_TYPES[word]
    assert one.title.split()[0] == one.torch_name
    assert word == one.torch_name.lower()
    made = optimizer_of(to_script(lenet5(), data="own.npz", optimizer=word), [torch.nn.Parameter(torch.zeros(1))])
    assert type(made) is getattr(torch.optim, one.torch_name)


@EVERY
@given(data=st.data())
@settings(max_examples=40)
def test_the_trainer_moves_weights_as_the_scripts_optimizer_does(word: str, data: st.DataObject) -> None:
    chance = torch.Generator().manual_seed(data.draw(st.integers(0, 2**31)))
    shapes = data.draw(st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=4), min_size=1, max_size=3))
    starts = [torch.randn(shape, generator=chance, dtype=torch.float64) for shape in shapes]
    ours, theirs = ([torch.nn.Parameter(start.clone()) for start in starts] for _ in range(2))
    witness = optimizer_of(to_script(lenet5(), data="own.npz", optimizer=word), theirs)
    optimizer = OPTIMIZERS[word](ours, TrainingConfig(optimizer=word).weight_decay)
    rates = data.draw(st.lists(st.floats(1e-5, 1), min_size=1, max_size=5))
    assert witness.param_groups[0]["lr"] == OPTIMIZER_TYPES[word].steady_rate
    for rate in [OPTIMIZER_TYPES[word].steady_rate, *rates]:
        for mine, other in zip(ours, theirs, strict=True):
            mine.grad = torch.randn(mine.shape, generator=chance, dtype=torch.float64)
            other.grad = mine.grad.clone()
        witness.param_groups[0]["lr"] = rate
        witness.step()
        optimizer.step(rate)
        for mine, other in zip(ours, theirs, strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-12, atol=1e-12)
            assert mine.grad is None


def test_a_script_takes_adamw_unless_another_is_asked_for() -> None:
    line = "    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.001)"
    assert line in to_script(lenet5()).splitlines()
    with pytest.raises(TrainingError, match="There is no optimizer 'lion': choose sgd or adamw"):
        to_script(lenet5(), optimizer="lion")


@pytest.mark.parametrize(("former", "word"), FORMER_WORDS.items())
def test_what_records_commands_and_scripts_once_said_still_means_the_same(former: str, word: str) -> None:
    old = {**TrainingConfig(optimizer=word).to_dict(), "optimizer": former}
    assert TrainingConfig.from_dict(old) == TrainingConfig(optimizer=word)
    assert TrainingConfig(optimizer=former).learning_rate == OPTIMIZER_TYPES[word].peak_rate
    assert _parser().parse_args(["train", "--optimizer", former]).optimizer == word
    assert to_script(lenet5(), optimizer=former) == to_script(lenet5(), optimizer=word)
