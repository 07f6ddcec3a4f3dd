"""What the front door promises: names, the arguments and defaults that others rely on, and one family of errors."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import cnnlab

ARGUMENTS = {
    "output_size": "size kernel_size stride=1 padding=0 dilation=1 ceil_mode=False",
    "conv2d": "x weight bias=None stride=1 padding=0 dilation=1 groups=1 padding_mode='zeros'",
    "conv3d": "x weight bias=None stride=1 padding=0",
    "conv_transpose2d": "x weight bias=None stride=1 padding=0 output_padding=0 groups=1 dilation=1",
    "max_pool2d": "x kernel_size stride=None padding=0 dilation=1 ceil_mode=False return_indices=False",
    "avg_pool2d": "x kernel_size stride=None padding=0 ceil_mode=False count_include_pad=True",
    "adaptive_avg_pool2d": "x output_size",
    "linear": "x weight bias=None",
    "batch_norm": "x running_mean running_var weight=None bias=None eps=1e-05",
    "relu": "x",
    "leaky_relu": "x negative_slope=0.01",
    "tanh": "x",
    "sigmoid": "x",
    "softmax": "x dim",
    "log_softmax": "x dim",
    "pad": "x padding mode='zeros' value=0.0",
    "conv2d_step": "x weight bias index stride=1 padding=0 dilation=1 groups=1 padding_mode='zeros'",
    "conv2d_input_grad": "grad_output weight input_size stride=1 padding=0 dilation=1 groups=1 padding_mode='zeros'",
    "conv2d_weight_grad": "x grad_output kernel_size stride=1 padding=0 dilation=1 groups=1 padding_mode='zeros'",
    "max_pool2d_grad": "grad_output x kernel_size stride=None padding=0 dilation=1 ceil_mode=False",
    "avg_pool2d_grad": "grad_output input_size kernel_size stride=None padding=0 ceil_mode=False"
    " count_include_pad=True",
    "pool2d_step": "x kernel_size index stride=None padding=0 dilation=1 ceil_mode=False"
    " count_include_pad=True kind='max'",
    "conv_transpose2d_step": "x weight bias index stride=1 padding=0 output_padding=0 groups=1 dilation=1",
    "conv_transpose2d_stamp": "x weight index stride=1 padding=0 output_padding=0 groups=1 dilation=1",
    "lenet5": "in_channels=3 num_classes=10 pooling='avg'",
    "parse_network": "text",
    "receptive_field_region": "layers input_size unit",
    "effective_receptive_field": "network pictures layer=None unit=None weights=None seed=0",
    "load_dataset": "name_or_path",
    "train": "network dataset config=None",
}
TYPES = {"ConvStep", "ConvTransposeStamp", "ConvTransposeStep", "PoolStep"}
TYPES |= {"Dataset", "LayerSummary", "Network", "Progress", "TrainingConfig"}
TYPES |= {"Region"}
ERRORS = {"CnnlabError", "DataError", "ParseError", "ShapeError", "TrainingError"}


def test_nothing_more_and_nothing_less_is_public() -> None:
    assert set(cnnlab.__all__) == ARGUMENTS.keys() | TYPES | ERRORS | {"__version__"}
    assert all(hasattr(cnnlab, name) for name in cnnlab.__all__)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_keep_their_names_their_order_and_their_defaults(name: str) -> None:
    parameters = inspect.signature(getattr(cnnlab, name)).parameters.values()
    written = [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]
    assert " ".join(written) == ARGUMENTS[name]


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_every_error_is_of_one_family(name: str) -> None:
    assert issubclass(getattr(cnnlab, name), cnnlab.CnnlabError)
    assert issubclass(cnnlab.CnnlabError, ValueError)


def test_types_names_and_modules_are_told_alike() -> None:
    source = ast.parse(Path(cnnlab.__file__).read_text("utf-8"))
    [typed] = [node for node in source.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    imports = [node for node in typed.body if isinstance(node, ast.ImportFrom)]
    homes = {alias.name: node.module for node in imports for alias in node.names}
    assert homes == cnnlab._HOMES
    assert homes.keys() | {"__version__"} == set(cnnlab.__all__)


@pytest.mark.parametrize("name", sorted(cnnlab._HOMES))
def test_a_public_name_is_that_of_its_module(name: str) -> None:
    assert getattr(cnnlab, name) is getattr(sys.modules[cnnlab._HOMES[name]], name)


def test_names_are_listed_before_they_are_asked_for() -> None:
    program = "import cnnlab; assert 'conv2d' not in vars(cnnlab); assert set(cnnlab.__all__) <= set(dir(cnnlab))"
    root = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True)
    assert dir(cnnlab) == sorted(set(dir(cnnlab)))


def test_a_misspelt_name_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'cnnlab' has no attribute 'conv2'$") as caught:
        cnnlab.conv2  # noqa: B018
    assert (caught.value.name, caught.value.obj) == ("conv2", cnnlab)
    with pytest.raises(ImportError, match=r"^cannot import name 'conv2' from 'cnnlab'"):
        exec("from cnnlab import conv2")
    assert not hasattr(cnnlab, "conv2")


def test_python_suggests_the_name_that_was_meant() -> None:
    root = Path(__file__).parents[1]
    answer = subprocess.run(
        [sys.executable, "-c", "import cnnlab; cnnlab.conv2"], cwd=root, capture_output=True, text=True
    )
    assert answer.stderr.rstrip().endswith("Did you mean: 'conv2d'?")
