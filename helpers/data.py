"""Images to train on: CIFAR-10, MNIST, a folder of your own, or a built-in set that needs no network.

They are kept as uint8 arrays in a cache that is read by memory-mapping. Its place is the argument, else the environment
variable COURSE_DATA, else ~/.cache/network-from-scratch. COURSE_IMAGES names the set that `load_images()` loads, COURSE_DIGITS
the one that `load_digits()` loads.
"""

import errno
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError

import numpy as np
from joblib import Parallel, delayed
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from helpers import digits, synthetic

PLACE_VARIABLE = "COURSE_DATA"
SOURCE_VARIABLE = "COURSE_IMAGES"
DIGITS_VARIABLE = "COURSE_DIGITS"

_ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".ppm", ".pgm", ".tif", ".tiff", ".webp")
_PARTS = ("X_train", "y_train", "X_test", "y_test")
_NETWORK_TIMEOUT = 20  # seconds without an answer


class DataError(Exception):
    """Images cannot be had; the message says what is wrong, where, and what to do."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31m✗ {self}\x1b[0m"]


class NoNetwork(DataError):
    """A set that is not here cannot be downloaded now."""

    def __init__(self, what: str, why: object) -> None:
        super().__init__(
            f"{what} cannot be downloaded ({why}). Try again with a network (it starts anew), "
            'or use load_images("synthetic"), which needs none.'
        )
        self.why = why


@dataclass(frozen=True)
class ImageSet:
    """Labelled images, split three ways: X_* (N, height, width, channels) of uint8, y_* (N,) of int64 from 0 on."""

    name: str
    classes: tuple[str, ...]
    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    def __str__(self) -> str:
        size = "x".join(map(str, self.X_train.shape[1:]))
        counts = f"{len(self.y_train):,} training, {len(self.y_val):,} validation and {len(self.y_test):,} test images"
        return f"{self.name}: {counts} of {size} pixels, {len(self.classes)} classes"


def load_images(
    source: str | Path | None = None, *, place: str | Path | None = None, validation: int = 1000
) -> ImageSet:
    """A set of images, from the cache if it is there, with the last `validation` of the training images set aside.

    source: "cifar10", "mnist", "synthetic", or a folder with train/<class>/ and test/<class>/ (or <class>/ alone, of which
    a fifth becomes the test set). None means what the environment variable COURSE_IMAGES says, else CIFAR-10, and when that
    cannot be downloaded the synthetic set, which one printed line then says. The order is shuffled once, with a fixed seed.
    Raises DataError: no network, no such folder, unreadable images, images of different sizes, full disk, too few images.
    """
    chosen = source or os.environ.get(SOURCE_VARIABLE)
    try:
        return _load(str(chosen or "cifar10"), _place(place), validation)
    except NoNetwork as error:
        if chosen:
            raise
        print(
            f"CIFAR-10 cannot be downloaded ({error.why}): these are the built-in synthetic images, "
            "with the same shapes and lessons, but other pictures and numbers."
        )
        return _load("synthetic", _place(place), validation)


def load_digits(
    source: str | Path | None = None, *, place: str | Path | None = None, validation: int = 1000
) -> ImageSet:
    """A set of digits, 28x28 pixels and one channel, with the last `validation` of the training images set aside.

    source: "digits", the built-in ones, which need no network, or "mnist", or a folder as for `load_images`. None means what
    the environment variable COURSE_DIGITS says, else the built-in ones, and one printed line says how to get MNIST.
    Raises DataError as `load_images` does.
    """
    chosen = source or os.environ.get(DIGITS_VARIABLE)
    if not chosen:
        print('These are the built-in digits. load_digits("mnist") loads handwritten ones (12 MB, downloaded once).')
    return _load(str(chosen or "digits"), _place(place), validation)


def as_rows(X: np.ndarray) -> np.ndarray:
    """Images (N, height, width, channels) as rows of a float32 matrix (N, D), values as they are: 0 to 255."""
    return X.reshape(len(X), -1).astype(np.float32)


def read_folder(folder: Path, count: int, rng: np.random.Generator) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Classes, images (n, height, width, channels) of uint8 and labels (n,) of a folder with <class>/ folders in it.

    At most `count` of its images are taken, at random. Raises DataError as `load_images` does.
    """
    classes, files = _files(folder)
    chosen = sorted(rng.permutation(len(files))[:count])
    return classes, *_read([files[index] for index in chosen], "images")


def _place(place: str | Path | None) -> Path:
    return Path(place or os.environ.get(PLACE_VARIABLE) or Path.home() / ".cache" / "network-from-scratch")


def _load(source: str, place: Path, validation: int) -> ImageSet:
    if source == "synthetic":
        rng = np.random.default_rng(2026)
        arrays = [array for count in (11_000, 2_000) for array in synthetic.synthetic_images(count, rng)]
        return _split("synthetic", synthetic.CLASSES, arrays, validation)
    if source == "digits":
        rng = np.random.default_rng(2026)
        arrays = [array for count in (11_000, 2_000) for array in digits.synthetic_digits(count, rng)]
        return _split("digits", tuple(map(str, range(10))), arrays, validation)
    if source in _DOWNLOADS:
        if sys.platform == "emscripten":
            raise NoNetwork(source, "a browser does not let notebooks do that")
        folder = place / "arrays" / source
        return _split(source, *_cached(folder, place, lambda: _DOWNLOADS[source](place)), validation)
    root = Path(source).expanduser()
    if not root.is_dir():
        raise DataError(
            f"{source} is neither a folder nor one of cifar10, mnist, synthetic, digits. "
            f"Check the name, and where you are: {Path.cwd()}"
        )
    classes, train, test = _listing(root)
    folder = place / "arrays" / f"{root.resolve().name}-{_fingerprint(train + test)}"
    cached = _cached(folder, place, lambda: (classes, *_read(train, "train"), *_read(test, "test")))
    return _split(root.resolve().name, *cached, validation)


def _split(name: str, classes: tuple[str, ...], arrays: list[np.ndarray], validation: int) -> ImageSet:
    X, y, X_test, y_test = arrays
    if not 0 < validation < len(y):
        raise DataError(
            f"{validation} validation images cannot be set aside of {len(y)}. Ask for fewer: load_images(..., validation=...)"
        )
    n = len(y) - validation
    return ImageSet(name, classes, X[:n], y[:n], X[n:], y[n:], X_test, y_test)


# --- the cache: four .npy files and the classes' names, in a folder that appears only when it is complete


def _cached(folder: Path, place: Path, make: Callable[[], tuple]) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """What the folder holds, after making it if need be; two notebooks that ask at once make it once."""
    if not folder.exists():
        with _clear_errors(place):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(place):
                if not folder.exists():
                    _store(folder, *make())
    try:
        classes = tuple(json.loads((folder / "classes.json").read_text(encoding="utf-8")))
        arrays = [np.load(folder / f"{part}.npy", mmap_mode="r", allow_pickle=False) for part in _PARTS]
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"The cache {folder} is damaged ({error}). Remove that folder and run this again.") from None
    return classes, arrays


def _one_at_a_time(place: Path) -> AbstractContextManager:
    """While one notebook makes something in the place, the others wait."""
    if sys.platform == "emscripten":  # in a browser each notebook has a place of its own
        return nullcontext()
    import filelock

    return filelock.FileLock(place / ".lock")


def _store(
    folder: Path, classes: tuple[str, ...], X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray
) -> None:
    rng = np.random.default_rng(0)
    orders = rng.permutation(len(y)), rng.permutation(len(y_test))
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as name:
        draft = Path(name, "draft")
        draft.mkdir()
        arrays = X[orders[0]], y[orders[0]].astype(np.int64), X_test[orders[1]], y_test[orders[1]].astype(np.int64)
        for part, array in zip(_PARTS, arrays, strict=True):
            np.save(draft / f"{part}.npy", array)
        (draft / "classes.json").write_text(json.dumps(list(classes)), encoding="utf-8")
        draft.replace(folder)


@contextmanager
def _clear_errors(place: Path) -> Iterator[None]:
    """What goes wrong with disk and network, in words."""
    try:
        yield
    except (URLError, HTTPException, ConnectionError, TimeoutError) as error:
        why = getattr(error, "reason", None) or error
        if isinstance(error, HTTPError):
            why = f"HTTP {error.code}"
            error.close()
        raise NoNetwork(f"The set is not in {place} and", why) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = f"Make room, or set {PLACE_VARIABLE} to a folder on another disk. CIFAR-10 needs about 700 MB"
            raise DataError(f"The disk that holds {place} is full. {remedy}.") from None
        raise DataError(
            f"{place} cannot be used ({error}). Set {PLACE_VARIABLE} to a folder that you can write."
        ) from None


# --- downloads, by torchvision, which checks their checksums


def _cifar10(place: Path) -> tuple:
    from torchvision.datasets import CIFAR10  # slow to import, and not needed once the set is cached

    with _downloading("CIFAR-10", place):
        train, test = (CIFAR10(place, train=part, download=True) for part in (True, False))
    return tuple(train.classes), train.data, np.array(train.targets), test.data, np.array(test.targets)


def _mnist(place: Path) -> tuple:
    from torchvision.datasets import MNIST

    def read() -> list:
        return [MNIST(place, train=part, download=True) for part in (True, False)]

    with _downloading("MNIST", place):
        try:
            train, test = read()
        except (ValueError, RuntimeError, AssertionError, EOFError):
            # torchvision takes a file that an interruption cut short for a whole one.
            shutil.rmtree(place / "MNIST" / "raw", ignore_errors=True)
            train, test = read()
    classes = tuple(str(digit) for digit in range(10))
    return (
        classes,
        train.data.numpy()[..., None],
        train.targets.numpy(),
        test.data.numpy()[..., None],
        test.targets.numpy(),
    )


_DOWNLOADS: dict[str, Callable[[Path], tuple]] = {"cifar10": _cifar10, "mnist": _mnist}


@contextmanager
def _downloading(name: str, place: Path) -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_NETWORK_TIMEOUT)
    try:
        yield
    except (RuntimeError, ValueError, EOFError) as error:
        raise NoNetwork(f"{name} is not whole in {place} and", str(error).splitlines()[0]) from None
    finally:
        socket.setdefaulttimeout(before)


# --- folders of images

Labelled = list[tuple[Path, int]]


def _listing(root: Path) -> tuple[tuple[str, ...], Labelled, Labelled]:
    """The classes of a folder, and its training and test files with their labels."""
    if not (root / "train").is_dir():
        classes, files = _files(root)
        order = np.random.default_rng(0).permutation(len(files))
        held_out = len(files) // 5
        return classes, [files[i] for i in order[held_out:]], [files[i] for i in order[:held_out]]
    if not (root / "test").is_dir():
        raise DataError(f"{root} has a folder train but no folder test. Add one, with the same classes in it.")
    (classes, train), (others, test) = _files(root / "train"), _files(root / "test")
    if classes != others:
        different = ", ".join(sorted(set(classes) ^ set(others)))
        raise DataError(
            f"{root}/train and {root}/test have different classes ({different}). They need the same folders."
        )
    return classes, train, test


def _files(folder: Path) -> tuple[tuple[str, ...], Labelled]:
    classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    files = [
        (path, label)
        for label, name in enumerate(classes)
        for path in sorted((folder / name).iterdir())
        if path.suffix.lower() in _ENDINGS
    ]
    if len(classes) < 2 or not files:
        raise DataError(
            f"{folder} holds no images in one folder for each class, such as {folder}/cat/1.png. Is it the right one?"
        )
    empty = set(range(len(classes))) - {label for _, label in files}
    if empty:
        raise DataError(f"{folder / classes[min(empty)]} holds no images. Remove that folder, or fill it.")
    return tuple(classes), files


def _fingerprint(files: Labelled) -> str:
    """Changes whenever a file comes, goes or changes."""
    digest = hashlib.sha256()
    for path, label in files:
        state = path.stat()
        digest.update(f"{path}\0{label}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _read(files: Labelled, part: str) -> tuple[np.ndarray, np.ndarray]:
    """All images of a part, uint8, in the size and colours of the first one."""
    with _opened(files[0][0]) as image:
        size, mode = image.size, "L" if image.mode in ("1", "L") else "RGB"
    X = np.empty((len(files), size[1], size[0], 1 if mode == "L" else 3), np.uint8)

    def read(index: int) -> None:
        path = files[index][0]
        with _opened(path) as image:
            if image.size != size:
                found, wanted = (f"{width}x{height}" for width, height in (image.size, size))
                raise DataError(f"{path} is {found} pixels, {files[0][0].name} is {wanted}. All images need one size.")
            X[index] = np.asarray(image.convert(mode)).reshape(X.shape[1:])

    tasks = (delayed(read)(index) for index in range(len(files)))
    done = Parallel(n_jobs=-1, prefer="threads", return_as="generator")(tasks)
    for _ in tqdm(done, total=len(files), desc=f"reading {part}", unit="image", file=sys.stdout):
        pass
    return X, np.array([label for _, label in files])


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path) as image:
            yield image
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is not a readable image ({error}). Replace or remove it.") from None
    except OSError as error:  # Pillow's word for a file that is cut short
        raise DataError(f"{path} cannot be read ({error}). Replace or remove it.") from None
