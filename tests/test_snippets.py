"""Networks as students find them in public tutorials are read as PyTorch builds them.

Written anew from the layers and numbers of what each case names: what is tested is the ways of writing, which differ.
"""

from dataclasses import dataclass
from typing import Any, cast

import pytest
import torch
from torch import nn

from cnnlab.layers import Shape
from cnnlab.networks import guess_input, parse_network


@dataclass(frozen=True)
class Snippet:
    source: str
    """Where its facts come from."""
    input_shape: Shape
    num_params: int
    shapes: list[Shape]
    """After each layer that learns."""
    text: str


SNIPPETS = {
    "cifar10-tutorial": Snippet(
        "the network of PyTorch's tutorial 'Training a Classifier'",
        (3, 32, 32),
        62_006,
        [(6, 28, 28), (16, 10, 10), (120,), (84,), (10,)],
        """
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = torch.flatten(x, 1)  # all but the batch
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


model = Net()
""",
    ),
    "mnist-example": Snippet(
        "the MNIST example of github.com/pytorch/examples",
        (1, 28, 28),
        1_199_882,
        [(32, 26, 26), (64, 24, 24), (128,), (10,)],
        """
import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = self.conv1(x)
        x = F.relu(x)
        x = self.conv2(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = self.fc1(x)
        x = F.relu(x)
        x = self.dropout2(x)
        x = self.fc2(x)
        output = F.log_softmax(x, dim=1)
        return output

def make():
    return Net()

if __name__ == "__main__":
    model = make()
""",
    ),
    "quickstart": Snippet(
        "the network of PyTorch's 'Quickstart' on FashionMNIST",
        (1, 28, 28),
        669_706,
        [(512,), (512,), (10,)],
        """
from torch import nn

device = "cpu"

class NeuralNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(28*28, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, 10)
        )

    def forward(self, x):
        x = self.flatten(x)
        logits = self.linear_relu_stack(x)
        return logits

model = NeuralNetwork().to(device)
print(model)
""",
    ),
    "lenet5-tanh": Snippet(
        "LeNet-5 (LeCun et al. 1998) with tanh and average pooling, as d2l.ai and many blogs write it",
        (1, 32, 32),
        61_706,
        [(6, 28, 28), (16, 10, 10), (120, 1, 1), (84,), (10,)],
        """
import torch
import torch.nn as nn

NUM_CLASSES = 10

class LeNet5(nn.Module):

    def __init__(self, n_classes=NUM_CLASSES):
        super(LeNet5, self).__init__()
        self.feature_extractor = nn.Sequential(
            nn.Conv2d(in_channels=1, out_channels=6, kernel_size=5, stride=1),
            nn.Tanh(),
            nn.AvgPool2d(kernel_size=2),
            nn.Conv2d(in_channels=6, out_channels=16, kernel_size=5, stride=1),
            nn.Tanh(),
            nn.AvgPool2d(kernel_size=2),
            nn.Conv2d(in_channels=16, out_channels=120, kernel_size=5, stride=1),
            nn.Tanh()
        )
        self.classifier = nn.Sequential(
            nn.Linear(in_features=120, out_features=84),
            nn.Tanh(),
            nn.Linear(in_features=84, out_features=n_classes),
        )

    def forward(self, x):
        x = self.feature_extractor(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)

model = LeNet5(NUM_CLASSES)
""",
    ),
    "kaggle-cifar10": Snippet(
        "three blocks of two 3x3 convolutions with batch normalisation and growing dropout, a habit of Kaggle's "
        "CIFAR-10 notebooks",
        (3, 32, 32),
        551_722,
        [(32, 32, 32)] * 4 + [(64, 16, 16)] * 4 + [(128, 8, 8)] * 4 + [(128,), (128,), (10,)],
        """
import torch.nn as nn

base = 32
model = nn.Sequential(
    # block 1
    nn.Conv2d(3, base, 3, padding='same'), nn.BatchNorm2d(base), nn.ReLU(inplace=True),
    nn.Conv2d(base, base, 3, padding='same'), nn.BatchNorm2d(base), nn.ReLU(inplace=True),
    nn.MaxPool2d((2, 2)), nn.Dropout(.2),
    # block 2
    nn.Conv2d(base, 2*base, 3, padding='same'), nn.BatchNorm2d(2*base), nn.ReLU(inplace=True),
    nn.Conv2d(2*base, 2*base, 3, padding='same'), nn.BatchNorm2d(2*base), nn.ReLU(inplace=True),
    nn.MaxPool2d((2, 2)), nn.Dropout2d(p=.3),
    # block 3
    nn.Conv2d(2*base, 4*base, 3, padding='same'), nn.BatchNorm2d(4*base), nn.ReLU(inplace=True),
    nn.Conv2d(4*base, 4*base, 3, padding='same'), nn.BatchNorm2d(4*base), nn.ReLU(inplace=True),
    nn.MaxPool2d((2, 2)), nn.Dropout2d(p=.4),
    nn.Flatten(),
    nn.Linear(4*base * 4 * 4, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Dropout(),
    nn.Linear(128, 10),
)
""",
    ),
    "alexnet": Snippet(
        "torchvision's AlexNet (Krizhevsky 2014)",
        (3, 224, 224),
        61_100_840,
        [(64, 55, 55), (192, 27, 27), (384, 13, 13), (256, 13, 13), (256, 13, 13), (4096,), (4096,), (1000,)],
        """
import torch
import torch.nn as nn


class AlexNet(nn.Module):
    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        x = self.classifier(x)
        return x


model = AlexNet()
""",
    ),
    "vgg11-cifar10": Snippet(
        "VGG-11 (Simonyan and Zisserman 2015) with batch normalisation and one linear layer, as "
        "github.com/kuangliu/pytorch-cifar has it for CIFAR-10",
        (3, 32, 32),
        9_231_114,
        [(64, 32, 32)] * 2 + [(128, 16, 16)] * 2 + [(256, 8, 8)] * 4 + [(512, 4, 4)] * 4 + [(512, 2, 2)] * 4 + [(10,)],
        """
from torch import nn

class VGG11(nn.Module):
    '''configuration A'''
    def __init__(self):
        super().__init__()
        layers = []
        layers += self.block(3, 64)
        layers.append(nn.MaxPool2d(2, 2))
        layers += self.block(64, 128) + [nn.MaxPool2d(2, 2)]
        layers += self.block(128, 256) + self.block(256, 256) + [nn.MaxPool2d(2, 2)]
        layers += [*self.block(256, 512), *self.block(512, 512), nn.MaxPool2d(2, 2)]
        layers.extend(self.block(512, 512))
        layers.extend(self.block(512, 512))
        layers.extend([nn.MaxPool2d(2, 2), nn.AvgPool2d(kernel_size=1, stride=1)])
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(512, 10)

    def block(self, in_channels, out_channels):
        return [nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1),
                nn.BatchNorm2d(out_channels),
                nn.ReLU(inplace=True)]

    def forward(self, x):
        out = self.features(x)
        out = out.view(out.size(0), -1)
        out = self.classifier(out)
        return out

model = VGG11()
""",
    ),
    "nn-tutorial": Snippet(
        "the CNN of PyTorch's tutorial 'What is torch.nn really?', which is fed rows of 784 numbers",
        (1, 28, 28),
        3_930,
        [(16, 14, 14), (16, 7, 7), (10, 4, 4)],
        """
from torch import nn
import torch.nn.functional as F

class Mnist_CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, kernel_size=3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(16, 16, kernel_size=3, stride=2, padding=1)
        self.conv3 = nn.Conv2d(16, 10, kernel_size=3, stride=2, padding=1)

    def forward(self, xb):
        xb = xb.view(-1, 1, 28, 28)
        xb = F.relu(self.conv1(xb))
        xb = F.relu(self.conv2(xb))
        xb = F.relu(self.conv3(xb))
        xb = F.avg_pool2d(xb, 4)
        return xb.view(-1, xb.size(1))

model = Mnist_CNN()
""",
    ),
    "tiny-vgg": Snippet(
        "the TinyVGG of CNN Explainer as learnpytorch.io writes it for FashionMNIST",
        (1, 28, 28),
        7_740,
        [(10, 28, 28), (10, 28, 28), (10, 14, 14), (10, 14, 14), (10,)],
        """
import torch
from torch import nn

class TinyVGG(nn.Module):
    def __init__(self, input_shape: int, hidden_units: int, output_shape: int):
        super().__init__()
        self.block_1 = nn.Sequential(
            nn.Conv2d(in_channels=input_shape,
                      out_channels=hidden_units,
                      kernel_size=3,  # how large the window is
                      stride=1,
                      padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, 3, 1, 1),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=2,
                         stride=2)
        )
        self.block_2 = nn.Sequential(
            nn.Conv2d(hidden_units, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden_units, hidden_units, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2)
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(in_features=hidden_units*7*7,
                      out_features=output_shape)
        )

    def forward(self, x: torch.Tensor):
        return self.classifier(self.block_2(self.block_1(x)))

class_names = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"]
torch.manual_seed(42)
model = TinyVGG(input_shape=1, hidden_units=10, output_shape=len(class_names)).to("cpu")
""",
    ),
    "udacity": Snippet(
        "the CIFAR-10 CNN of Udacity's deep-learning course: three convolutions, one pooling, dropout",
        (3, 32, 32),
        541_094,
        [(16, 32, 32), (32, 16, 16), (64, 8, 8), (500,), (10,)],
        """
import torch.nn as nn
import torch.nn.functional as F

# define the architecture
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1 = nn.Linear(64 * 4 * 4, 500)
        self.fc2 = nn.Linear(500, 10)
        self.dropout = nn.Dropout(0.25)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = self.pool(F.relu(self.conv3(x)))
        x = x.view(-1, 64 * 4 * 4)
        x = self.dropout(x)
        x = F.relu(self.fc1(x))
        x = self.dropout(x)
        x = self.fc2(x)
        return x

model = Net()
print(model)
import torch
if torch.cuda.is_available():
    model.cuda()
""",
    ),
}

EACH = pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)


@EACH
def test_a_tutorials_network_has_the_shapes_and_the_parameters_that_are_known_of_it(snippet: Snippet) -> None:
    network = parse_network(snippet.text)
    rows = network.summary(snippet.input_shape)
    assert sum(row.num_params for row in rows) == snippet.num_params
    assert [row.output_shape for row in rows if row.num_params] == snippet.shapes


@EACH
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_pytorch_makes_the_same_of_it(snippet: Snippet, capsys, monkeypatch) -> None:
    made: dict[str, Any] = {"__name__": "__main__"}
    monkeypatch.setattr(nn.Module, "to", lambda self, *_: self)
    with torch.device("meta"):  # no memory for the numbers themselves
        exec(snippet.text, made)
        model = cast("nn.Module", made["model"]).eval()
        seen: list[Shape] = []
        for module in model.modules():
            if any(True for _ in module.parameters(recurse=False)):
                module.register_forward_hook(lambda _, __, y: seen.append(tuple(y.shape[1:])))
        y = model(torch.zeros(1, *snippet.input_shape))
    capsys.readouterr()
    rows = parse_network(snippet.text).summary(snippet.input_shape)
    assert [row.output_shape for row in rows if row.num_params] == seen
    assert rows[-1].output_shape == tuple(y.shape[1:])
    assert [value.shape for value in parse_network(snippet.text).to_torch().state_dict().values()] == [
        value.shape for value in model.state_dict().values()
    ]


@EACH
def test_the_input_that_it_was_written_for_is_guessed(snippet: Snippet) -> None:
    network = parse_network(snippet.text)
    guessed = guess_input(network)
    assert guessed is not None
    assert network.summary(guessed)
    assert guessed == snippet.input_shape


@EACH
@pytest.mark.parametrize("around", ["```python\n{}```", "Look at this:\n\n~~~\n{}\n~~~\nDoes it fit?", "\ufeff{}"])
def test_what_stands_around_it_changes_nothing(snippet: Snippet, around: str) -> None:
    assert parse_network(around.format(snippet.text)) == parse_network(snippet.text)
    assert parse_network(snippet.text.replace("\n", "\r\n")) == parse_network(snippet.text)
    prompted = "\n".join(
        f"{'... ' if line.startswith((' ', ')')) else '>>> '}{line}" for line in snippet.text.split("\n")
    )
    assert parse_network(prompted) == parse_network(snippet.text)
