"""What the front door promises: names, the arguments that others pass by name, and one family of errors."""

import inspect

import pytest

import cnnlab

ARGUMENTS = {
    "output_size": "size kernel_size stride padding dilation ceil_mode",
    "conv2d": "x weight bias stride padding dilation groups padding_mode",
    "conv3d": "x weight bias stride padding",
    "conv_transpose2d": "x weight bias stride padding output_padding groups dilation",
    "max_pool2d": "x kernel_size stride padding dilation ceil_mode return_indices",
    "avg_pool2d": "x kernel_size stride padding ceil_mode count_include_pad",
    "pad": "x padding mode value",
    "conv2d_step": "x weight bias index stride padding dilation groups padding_mode",
    "receptive_field_region": "layers input_size unit",
    "effective_receptive_field": "network pictures layer unit weights seed",
    "lenet5": "in_channels num_classes pooling",
    "load_dataset": "name_or_path",
    "train": "network dataset config",
}
TYPES = {"ConvStep", "Dataset", "LayerSummary", "Network", "Progress", "Region", "TrainingConfig"}
ERRORS = {"CnnlabError", "DataError", "ParseError", "ShapeError", "TrainingError"}


def test_nothing_more_and_nothing_less_is_public() -> None:
    assert set(cnnlab.__all__) == ARGUMENTS.keys() | TYPES | ERRORS | {"__version__"}
    assert all(hasattr(cnnlab, name) for name in cnnlab.__all__)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_keep_their_names_and_their_order(name: str) -> None:
    assert list(inspect.signature(getattr(cnnlab, name)).parameters) == ARGUMENTS[name].split()


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_every_error_is_of_one_family(name: str) -> None:
    assert issubclass(getattr(cnnlab, name), cnnlab.CnnlabError)
    assert issubclass(cnnlab.CnnlabError, ValueError)
