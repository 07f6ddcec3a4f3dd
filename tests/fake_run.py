"""A stand-in for `python -m cnnlab train --json --standby`: it speaks the protocol at once and learns nothing.

How it behaves is its first argument, or the name of the data set where that is one of these:

    normal    20 records of 5 steps, then the end
    slow      the same, ten times slower
    forever   never ends by itself
    crash     dies with a traceback after two records
    killed    kills itself with signal 9
    memory    the same, before its first record
    silent    ends with status 0 and no last word
    nan       reports an error in words
    deaf      never reads what it is told
    stubborn  deaf, and SIGTERM does nothing either
    garbage   mixes its records with lines that are none
    flood     writes a thousand records without a pause
    blind     takes every picture for a frog
    linger    says its last word and stays
    unsaved   cannot write its weights, and says where
    blurts    reports an error with the paths of its data and of its weights
    unready   dies before it reads its settings
"""

import json
import math
import os
import queue
import signal
import sys
import threading
import time

MODES = tuple(line.split()[0] for line in (__doc__ or "").splitlines() if line.startswith("    "))
CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
RECORDS, STEPS = 20, 5


def say(event: str, **values: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()


def kernels(step: int) -> list[list[list[list[float]]]]:
    return [
        [[[math.sin(o + c + y * x + step / 20) / 5 for x in range(5)] for y in range(5)] for c in range(3)]
        for o in range(6)
    ]


def progress(record: int, rate: float, of: int | None, pause: float) -> None:
    step = record * STEPS
    total = None if of is None else of * STEPS
    ends_epoch = record % 5 == 0
    say(
        "progress",
        step=step,
        steps_total=total,
        epoch=record / 5,
        fraction=0.5 if of is None else record / of,
        seconds=record * pause,
        eta_seconds=None if of is None else (of - record) * pause,
        images_per_second=12345.6,
        learning_rate=rate,
        losses=[2.3 * math.exp(-n / 60) + 0.1 * math.sin(n * 7) for n in range(step - STEPS, step)],
        validation_loss=2.2 * math.exp(-step / 80) + 0.1 if ends_epoch else None,
        validation_accuracy=1 - 0.9 * math.exp(-step / 80) if ends_epoch else None,
        kernels=kernels(step) if record % 2 else None,
    )


def end(reason: str, step: int, save: str | None, *, blind: bool = False, full: bool = False) -> None:
    if full:
        say("message", text=f"The weights could not be written to {save} (No space left on device): make room.")
        save = None
    if save:
        with open(save, "wb") as file:
            file.write(b"weights of a run that was not one")
    say(
        "end",
        reason=reason,
        test_accuracy=0.1 if blind else 0.625,
        test_loss=2.3 if blind else 1.1,
        confusion=[
            [
                (100 if column == 6 else 0) if blind else 80 if row == column else (row + column) % 4
                for column in range(10)
            ]
            for row in range(10)
        ],
        validation_accuracy=0.6,
        seconds=12.5,
        images_per_second=12345.6,
        steps=step,
        weights=save,
    )


def main() -> int:
    mode = sys.argv[1] if len(sys.argv) > 1 else "normal"
    if mode == "unready":
        raise RuntimeError("torch could not be loaded")
    say("ready", devices=["cpu", "cuda"])
    line = sys.stdin.readline()
    if not line:
        return 0
    settings = json.loads(line)
    mode = settings["data"] if settings["data"] in MODES else mode
    commands: queue.Queue[str | None] = queue.Queue()

    def listen() -> None:
        for command in sys.stdin:
            commands.put(command.strip())
        commands.put(None)

    if mode in ("deaf", "stubborn"):
        if mode == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        threading.Thread(target=listen, daemon=True).start()
    if mode == "memory":
        os.kill(os.getpid(), signal.SIGKILL)

    config = settings.get("config", settings)
    rate = config["learning_rate"]
    say(
        "start",
        **{key: settings[key] for key in ("name", "network", "input")},
        parameters=64102,
        device="cpu",
        train_images=4500,
        validation_images=500,
        test_images=1000,
        classes=CLASSES,
        config=config,
        data=settings["data"],
    )
    pause = {"slow": 0.2, "flood": 0.0}.get(mode, 0.02)
    records = {
        "flood": 1000, "normal": RECORDS, "slow": RECORDS, "blind": RECORDS, "linger": 2, "garbage": 6, "unsaved": 2
    }.get(mode)  # fmt: skip
    record, is_paused = 0, False
    while records is None or record < records:
        while not commands.empty() or is_paused:
            command = commands.get()
            if command in ("stop", None):
                end("stopped", record * STEPS, settings["save"])
                return 0
            if command == "pause":
                is_paused = True
                say("paused")
            elif command == "resume":
                is_paused = False
                say("resumed")
            elif command.startswith("lr "):
                rate = float(command[3:])
                say("learning_rate", step=record * STEPS + 1, learning_rate=rate)
        record += 1
        progress(record, rate, records, pause)
        if record == 2 and mode == "crash":
            raise RuntimeError("something broke")
        if record == 2 and mode == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if record == 2 and mode == "silent":
            return 0
        if record == 2 and mode == "nan":
            say("error", message="The loss is no longer a number: lower the learning rate (it is 0.05) and try again.")
            return 1
        if record == 2 and mode == "blurts":
            say("error", message=f"Neither {settings['data']} nor {settings['save']} nor '/srv/a/b.npz' can be read.")
            return 1
        if mode == "garbage":
            sys.stdout.write('this is no JSON\n[1, 2]\n{"event": 7}\n' + "x" * 3_000_000 + "\n")
            sys.stdout.write('{"event":"progress","step":"seven"}\n{"event":"unheard of"}\n')
            sys.stdout.flush()
        time.sleep(pause)
    end("finished", record * STEPS, settings["save"], blind=mode == "blind", full=mode == "unsaved")
    if mode == "linger":
        time.sleep(60)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
