"""The trainer: a network, a data set and settings in; records of progress out, and a tested network at the end.

    run = train(lenet5(), load_dataset("cifar10-mini"), TrainingConfig(epochs=2))
    for progress in run:
        print(progress.fraction, progress.losses)
    print(run.finish().test_accuracy)

Whoever asks for the records is in charge. Not asking for the next one pauses the run, and that time is not counted;
`run.learning_rate = 0.01` changes the peak of the schedule from the next step on; `run.close()` or simply
`run.finish()` ends it early. With epochs, the same seed gives the same losses on the same processor with the same
number of threads; with a time budget the schedule follows the clock, so no two runs are quite the same. Nor are they on
a GPU, whose sums may be taken in any order.
"""

# torch leaves parts of its own signatures untyped; ours are complete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from cnnlab.data import Dataset
from cnnlab.errors import TrainingError, quoted
from cnnlab.networks import Network
from cnnlab.texts import one_of, plural
from cnnlab.training.batches import Pictures
from cnnlab.training.config import MAX_STEPS, TrainingConfig, check_learning_rate, count_kept
from cnnlab.training.fast_layers import fast_twin
from cnnlab.training.feasibility import MAX_KERNEL_CHANNELS, MAX_KERNEL_NUMBERS, check_fit, usual_rate
from cnnlab.training.optimizers import OPTIMIZERS
from cnnlab.training.progress import End, Progress, RateChange, Reason, as_float32, with_change

RECORD_SECONDS = 0.25  # between records; with those of the validation that makes four to eight a second
KERNEL_SECONDS = 0.5  # between pictures of the first kernels
VALIDATION_SECONDS = 2.0  # between validations of a run with a time budget
VALIDATION_SHARE = 0.03  # of the training time, at most, for validations of a run with a time budget
WARM_UP = 0.25  # the part of a run in which the learning rate rises
FIRST_RATE = 0.04  # of the peak, at the first step
TEST_BATCH = 500  # pictures at a time where nothing is learned
TEST_BYTES = 2**28  # for what a layer reads and gives then; a large network is tested on fewer pictures at a time
SHOWN_KERNELS = 64  # of the first convolution


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """What a run came to. The test set was not looked at before."""

    reason: Reason
    test_accuracy: float
    test_loss: float
    confusion: NDArray[np.int64]  # (true class, predicted class)
    validation_accuracy: float | None
    seconds: float
    images_per_second: float
    steps: int
    rate_changes: tuple[RateChange, ...]  # of the learning rate's peak, while the run went on
    weights: dict[str, NDArray[np.generic]]  # by PyTorch's names: "0.weight", "0.bias", ...

    def to_end(self, weights_path: str | None = None) -> End:
        """The last record of a run, with the path that the weights were saved under."""
        return End(
            reason=self.reason,
            test_accuracy=self.test_accuracy,
            test_loss=self.test_loss,
            confusion=self.confusion.tolist(),
            validation_accuracy=self.validation_accuracy,
            seconds=self.seconds,
            images_per_second=self.images_per_second,
            steps=self.steps,
            weights=weights_path,
        )


class Run(Iterator[Progress]):
    """A training run: an iterator of its progress."""

    def __init__(self, network: Network, dataset: Dataset, config: TrainingConfig) -> None:
        """Check that all goes together, put the pictures on the device and draw the first weights.

        Raises:
            TrainingError: the network cannot take these pictures, there are too few of them, or the device is missing.
        """
        if reason := check_fit(network, dataset.facts, config.batch_size):
            raise TrainingError(reason)
        training, validation = _split(len(dataset.x_train), config)
        self.config = config
        steps = len(training) // config.batch_size * (config.epochs or 0)
        if steps > MAX_STEPS:
            raise TrainingError(
                "{epochs} epochs with batches of {batch} would take {steps:,} steps, more than {most:,}: use fewer "
                "epochs or a larger batch.",
                epochs=config.epochs,
                batch=config.batch_size,
                steps=steps,
                most=MAX_STEPS,
            )
        self.device = find_device(config.device)
        self.step = 0
        self._peak = config.peak
        self._usual_rate = usual_rate(network, config.optimizer)
        self._rate_changes: tuple[RateChange, ...] = ()
        self._generator = torch.Generator().manual_seed(config.seed)
        with torch.random.fork_rng(devices=[]):  # the seed is this run's own affair
            torch.manual_seed(config.seed)
            self.model: nn.Sequential = network.without_inplace().to_torch().to(self.device)
        self.model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stub forgets it
        on_processor = self.device.type == "cpu"
        layers = fast_twin(self.model, dataset.image_shape) if on_processor else self.model
        self._body, self._head = layers[:-1], layers[-1]
        self._half = on_processor and has_native_bfloat16()
        self._optimizer = OPTIMIZERS[config.optimizer](self.model.parameters(), config.weight_decay)

        def resident(pixels: NDArray[np.uint8], labels: NDArray[np.int64]) -> Pictures:
            return Pictures(pixels, labels, dataset.mean, dataset.std, self.device)

        self._training = resident(dataset.x_train[training], dataset.y_train[training])
        self._validation = resident(dataset.x_train[validation], dataset.y_train[validation])
        self._test = resident(dataset.x_test, dataset.y_test)
        self._classes = dataset.num_classes
        self._test_batch = _test_batch(network, dataset.image_shape)
        self._clock = Clock()
        self._losses: list[Tensor] = []  # on the device, until the next record
        self._rates: list[float] = []  # of the same steps
        self._speed: deque[tuple[float, int]] = deque([(0.0, 0)], maxlen=10)  # (seconds, steps) at the last records
        self._told = self._drawn = -math.inf  # when the last record was made, and the last kernels were in it
        self._validated, self._validation_cost = 0.0, 0.0
        self._validation_accuracy: float | None = None
        self._result: TrainingResult | None = None
        self._records = self._train()

    @property
    def parameters(self) -> int:
        """How many numbers the network learns."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    @property
    def images(self) -> tuple[int, int, int]:
        """How many pictures are for training, for validation and for the test."""
        return len(self._training), len(self._validation), len(self._test)

    @property
    def steps_per_epoch(self) -> int:
        return len(self._training) // self.config.batch_size

    @property
    def steps_total(self) -> int | None:
        """Steps of the whole run; None where a time budget decides."""
        return None if self.config.epochs is None else self.config.epochs * self.steps_per_epoch

    @property
    def fraction(self) -> float:
        """The part of the run that is done, 0 to 1: of its steps, or of its time."""
        if self.steps_total is not None:
            return min(1.0, self.step / self.steps_total)
        return min(1.0, self._clock.seconds / (self.config.seconds or 1.0))

    @property
    def learning_rate(self) -> float:
        """The peak of the learning rate's schedule. A new one counts from the next step."""
        return self._peak

    @learning_rate.setter
    def learning_rate(self, peak: float) -> None:
        self._peak = check_learning_rate(peak)
        change = RateChange(self.step + 1, self._peak)
        self._rate_changes = with_change(self.config.peak, self._rate_changes, change)

    @property
    def rate_changes(self) -> tuple[RateChange, ...]:
        """The changes of the peak that have counted for a step."""
        return tuple(change for change in self._rate_changes if change.step <= self.step)

    def __iter__(self) -> Run:
        return self

    def __next__(self) -> Progress:
        return next(self._records)

    def close(self) -> None:
        """End the training where it is; `finish` still gives the result."""
        self._records.close()
        self._clock.stop()  # it may still run, where a step was broken off

    def finish(self) -> TrainingResult:
        """End the training if it has not ended, and try the network on the test set."""
        if self._result is None:
            self.close()
            loss, confusion = self._evaluate(self._test)
            self._result = TrainingResult(
                reason="finished" if self.fraction >= 1 else "stopped",
                test_accuracy=float(np.trace(confusion) / confusion.sum()),
                test_loss=loss,
                confusion=confusion,
                validation_accuracy=self._validation_accuracy,
                seconds=self._clock.seconds,
                images_per_second=self._images_per_second(0.0, 0),
                steps=self.step,
                rate_changes=self.rate_changes,
                weights={name: _as_saved(value) for name, value in self.model.state_dict().items()},
            )
        return self._result

    def _train(self) -> Generator[Progress]:
        config, clock = self.config, self._clock
        self.model.train()
        clock.start()
        while self.fraction < 1:
            for images, labels in self._training.shuffled(
                config.batch_size, self._generator, flip=config.flip, crop=config.crop
            ):
                self._learn(images, labels)
                done = self.fraction >= 1
                validate = self._validation_due(done)
                if done or validate or clock.seconds - self._told >= RECORD_SECONDS:
                    record = self._record(validate, done)
                    clock.stop()  # nobody may ask for the next record for a while
                    yield record
                    clock.start()
                if done:
                    break
        clock.stop()

    def _learn(self, images: Tensor, labels: Tensor) -> None:
        """One step. Nothing here waits for the device."""
        rate = self._peak * one_cycle(self.fraction)
        loss = functional.cross_entropy(self._logits(images, half=self._half), labels)
        loss.backward()
        self._optimizer.step(rate)
        self._rates.append(rate)
        self._losses.append(loss.detach())
        self.step += 1

    def _logits(self, images: Tensor, *, half: bool) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            features = self._body(images)
        # In full: the loss wants all digits, and a product as narrow as there are classes is no faster in half of them.
        return self._head(features.float())

    def _validation_due(self, done: bool) -> bool:
        """At the end of each epoch, or every few seconds of a time budget; not more often than there are records."""
        if not len(self._validation):
            return False
        since = self._clock.seconds - self._validated
        if done:
            return True
        if self.steps_total is not None:
            return self.step % self.steps_per_epoch == 0 and since >= RECORD_SECONDS
        return since >= max(VALIDATION_SECONDS, self._validation_cost / VALIDATION_SHARE)

    def _record(self, validate: bool, done: bool) -> Progress:
        rate = self._rates[-1]
        losses = self._collect_losses()
        loss = accuracy = None
        if validate:
            started = self._clock.seconds
            loss, confusion = self._evaluate(self._validation, half=self._half)
            accuracy = self._validation_accuracy = float(np.trace(confusion) / confusion.sum())
            self._validated = self._clock.seconds
            self._validation_cost = self._validated - started
        seconds = self._clock.seconds
        kernels = None
        if done or seconds - self._drawn >= KERNEL_SECONDS:
            self._drawn = seconds
            kernels = first_kernels(self.model)
        self._told = seconds
        speed = self._images_per_second(*self._speed[0])
        self._speed.append((seconds, self.step))
        return Progress(
            step=self.step,
            steps_total=self.steps_total,
            epoch=self.step / self.steps_per_epoch,
            fraction=1.0 if done else self.fraction,
            seconds=seconds,
            eta_seconds=0.0 if done else self._eta(seconds),
            images_per_second=speed,
            learning_rate=rate,
            losses=losses,
            validation_loss=loss,
            validation_accuracy=accuracy,
            kernels=kernels,
        )

    def _collect_losses(self) -> tuple[float, ...]:
        """The losses since the last record: the one place where the device is waited for.

        Raises:
            TrainingError: one of them is no number any more.
        """
        losses: list[float] = as_float32(torch.stack(self._losses).cpu().float().numpy())
        rates = self._rates.copy()
        self._losses.clear()
        self._rates.clear()
        for index, (loss, rate) in enumerate(zip(losses, rates, strict=True)):
            if not math.isfinite(loss):
                raise self._lost(loss, self.step - len(losses) + index + 1, rate)
        return tuple(losses)

    def _lost(self, loss: float, step: int, rate: float) -> TrainingError:
        values = {"step": step, "rate": rate, "peak": self._peak, "lower": self._tamer_peak()}
        if math.isnan(loss):
            return TrainingError(
                "The training loss became NaN at step {step}, with a learning rate of {rate:.3g} where the highest "
                "was to be {peak:g}: start again with a lower highest learning rate, {lower:g} for instance.",
                **values,
            )
        return TrainingError(
            "The training loss became infinite at step {step}, with a learning rate of {rate:.3g} where the highest "
            "was to be {peak:g}: start again with a lower highest learning rate, {lower:g} for instance.",
            **values,
        )

    def _tamer_peak(self) -> float:
        """What to try where the loss was lost: the usual rate, or a tenth where that was not exceeded."""
        return self._usual_rate if self._peak > self._usual_rate else self._peak / 10

    def _images_per_second(self, since_seconds: float, since_step: int) -> float:
        seconds = self._clock.seconds - since_seconds
        return (self.step - since_step) * self.config.batch_size / seconds if seconds > 0 else 0.0

    def _eta(self, seconds: float) -> float:
        if self.steps_total is not None:
            return seconds / self.step * (self.steps_total - self.step)
        return max(0.0, (self.config.seconds or 0.0) - seconds)

    def _evaluate(self, pictures: Pictures, *, half: bool = False) -> tuple[float, NDArray[np.int64]]:
        """The mean loss, and how often each class (row) was taken for each (column)."""
        self.model.eval()
        total = torch.zeros((), device=self.device)
        counts = torch.zeros(self._classes**2, dtype=torch.int64, device=self.device)
        with torch.inference_mode():
            for images, labels in pictures.in_order(self._test_batch):
                logits = self._logits(images, half=half)
                total += functional.cross_entropy(logits, labels, reduction="sum")
                cells = labels * self._classes + logits.argmax(1)
                counts += torch.bincount(cells, minlength=self._classes**2)
        self.model.train()
        return total.item() / len(pictures), counts.reshape(self._classes, self._classes).cpu().numpy()


class Clock:
    """A stop watch: the seconds between `start` and `stop`, summed up."""

    def __init__(self) -> None:
        self._before = 0.0
        self._started: float | None = None

    @property
    def seconds(self) -> float:
        running = 0.0 if self._started is None else time.perf_counter() - self._started
        return self._before + running

    def start(self) -> None:
        self._started = time.perf_counter()

    def stop(self) -> None:
        self._before = self.seconds
        self._started = None


def one_cycle(fraction: float) -> float:
    """The learning rate at a point of the run, as a part of its peak: up along a line, down along half a cosine.

    It follows the part of the run that is done, not the steps, so a run with a time budget comes down to nothing at its
    end even where it was slowed down on its way.

    >>> [round(one_cycle(part), 3) for part in (0, 0.25, 0.625, 1)]
    [0.04, 1.0, 0.5, 0.0]
    """
    if fraction < WARM_UP:
        return FIRST_RATE + (1 - FIRST_RATE) * fraction / WARM_UP
    return 0.5 + 0.5 * math.cos(math.pi * (fraction - WARM_UP) / (1 - WARM_UP))


def find_device(wanted: str) -> torch.device:
    """The device to train on; "auto" takes a GPU where there is one.

    Raises:
        TrainingError: this machine, or this build of PyTorch, has no such device.
    """
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        wanted = next(name for name, there in found.items() if there)
    if not found.get(wanted):
        raise TrainingError(
            "PyTorch {version} does not find the device {given} here: choose {known}.",
            version=torch.__version__,
            given=quoted(wanted),
            known=one_of(["auto", *(name for name, is_there in found.items() if is_there)]),
        )
    return torch.device(wanted)


def has_native_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; where it must be imitated it is slower than float32."""
    abilities: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # not in older versions
    return any(abilities.get(name) for name in ("avx512_bf16", "amx_bf16"))


def first_kernels(model: nn.Module) -> list[list[list[list[float]]]] | None:
    """The weights (O, C, FH, FW) of the first convolution, as far as they make pictures."""
    first = next((layer for layer in model.modules() if isinstance(layer, nn.Conv2d)), None)
    if first is None or first.weight.shape[1] > MAX_KERNEL_CHANNELS:
        return None
    count = min(SHOWN_KERNELS, MAX_KERNEL_NUMBERS // first.weight[0].numel())
    return as_float32(first.weight[:count].detach().cpu().float().numpy()) or None


def _as_saved(value: Tensor) -> NDArray[np.generic]:
    """Weights as float32, whatever they were learned in; what counts batches stays a whole number."""
    kept = value.detach().cpu()
    return np.array((kept.float() if kept.is_floating_point() else kept).numpy(), order="C")


def _test_batch(network: Network, image_shape: tuple[int, int, int]) -> int:
    rows = network.summary(image_shape)
    numbers = max(math.prod(row.input_shape) + math.prod(row.output_shape) for row in rows)
    return max(1, min(TEST_BATCH, TEST_BYTES // (4 * numbers)))


def _split(count: int, config: TrainingConfig) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which pictures are trained on and which are kept for validation: the seed decides."""
    order = np.random.default_rng(config.seed).permutation(count)
    kept = count_kept(count, config.validation)
    training, validation = np.sort(order[kept:]), np.sort(order[:kept])
    if not len(training):
        raise TrainingError("There are no training pictures left of the {count} that were given.", count=count)
    if len(training) < config.batch_size:
        raise TrainingError(
            plural(
                "A batch of {batch} does not fit into {n} training picture: use a batch size of 1.",
                "A batch of {batch} does not fit into {n} training pictures: use a batch size of at most {n}.",
                n=len(training),
                batch=config.batch_size,
            )
        )
    return training, validation
