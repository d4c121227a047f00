"""Trained weights as files to hand in: written in formats that hold numbers only, and read with suspicion."""

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.beside import beside
from helpers.verdicts import NotAllowed, NotFinite, WrongShape, WrongType

if TYPE_CHECKING:
    import torch

#: A two-layer network with 1,500 hidden units in float64, or 3,000 in float32, fits in.
LARGEST_FILE = 50_000_000  # bytes
_LARGEST_HEADER = 1_000_000  # bytes
_MOST_DIMENSIONS = 32
_TWO_LAYER = ("W1", "b1", "W2", "b2")


@dataclass(frozen=True)
class TwoLayerWeights:
    """What a handed-in .npz holds: params W1 (D, H), b1 (H,), W2 (H, K), b2 (K,), and the names of the K classes."""

    params: dict[str, np.ndarray]
    classes: tuple[str, ...]


def save_weights(path: str | Path, params: Mapping[str, np.ndarray], classes: Sequence[str]) -> None:
    """Write a two-layer network as .npz. params: W1, b1, W2, b2, acting on rows of raw pixels from 0 to 255."""
    arrays = {name: np.asarray(params[name], dtype=np.float32) for name in _TWO_LAYER}
    np.savez(path, **arrays, classes=np.array(list(classes)))


def load_weights(path: str | Path) -> TwoLayerWeights:
    """Read and check a two-layer network that was handed in.

    Raises NotImplementedError when there is no such file; NotAllowed for one that is too large; WrongType, WrongShape or
    NotFinite for contents that are not W1 (D, H), b1 (H,), W2 (H, K), b2 (K,) and K names of classes.
    """
    file = _handed_in(path)
    try:
        with zipfile.ZipFile(file) as archive:
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                # Decompressing takes as much memory as the file pleases, whatever sizes it declares.
                raise WrongType(f"{file.name} is compressed. Write it with save_weights.")
            sizes = {entry.filename for entry in archive.infolist()}
            missing = [name for name in (*_TWO_LAYER, "classes") if f"{name}.npy" not in sizes]
            if missing:
                raise WrongType(f"{file.name} has no array {', '.join(missing)}. Write it with save_weights.")
            arrays = {name: _array(archive.read(f"{name}.npy"), name, file.name) for name in (*_TWO_LAYER, "classes")}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise WrongType(f"{file.name} is no .npz file ({error}). Write it with save_weights.") from None
    classes = arrays.pop("classes")
    if classes.dtype.kind != "U" or classes.ndim != 1:
        raise WrongType(f"{file.name}: classes are no list of names. Write it with save_weights.")
    _check_shapes(file.name, arrays, len(classes))
    try:
        names = tuple(str(name) for name in classes)
    except (ValueError, SystemError):  # numbers that are no letters
        raise WrongType(f"{file.name}: classes are no list of names. Write it with save_weights.") from None
    return TwoLayerWeights(arrays, names)


def _handed_in(path: str | Path) -> Path:
    """The path, if there is a file of an allowed size."""
    file = Path(path)
    if not file.is_file():
        raise NotImplementedError(f"{file.name} is not in this folder: save it, and hand it in with the notebook")
    if file.stat().st_size > LARGEST_FILE:
        raise NotAllowed(
            f"{file.name} is larger than {LARGEST_FILE / 1e6:.0f} MB. Hand in a smaller network, or float32."
        )
    return file


def _array(content: bytes, name: str, file: str) -> np.ndarray:
    """An array from the bytes of an .npy file, whose size must be what its header says: nothing is allocated on its word."""
    stream = BytesIO(content)
    try:
        read_header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, _, dtype = read_header[np.lib.format.read_magic(stream)](stream)
    except Exception:  # the parser of NumPy's headers raises a kind of its own for each way to be broken
        raise WrongType(f"{file}: {name} is no NumPy array. Write it with save_weights.") from None
    if dtype.hasobject:
        raise WrongType(
            f"{file}: {name} holds pickled Python objects, which are never loaded. Write it with save_weights."
        )
    if (
        min(shape, default=0) < 0
        or len(shape) > _MOST_DIMENSIONS
        or dtype.kind not in "fU"
        or not dtype.itemsize
        or dtype.itemsize * int(np.prod(shape, dtype=object)) != len(content) - stream.tell()
    ):
        raise WrongType(f"{file}: {name} is no whole array of floating-point numbers. Write it with save_weights.")
    return np.load(BytesIO(content), allow_pickle=False)


def _check_shapes(file: str, params: Mapping[str, np.ndarray], classes: int) -> None:
    for name, value in params.items():
        if value.dtype.kind != "f" or value.dtype.itemsize not in (4, 8):
            raise WrongType(
                f"{file}: {name} has the wrong dtype.", f"yours     {value.dtype}", "expected  float32 or float64"
            )
    W1 = params["W1"]
    inputs, hidden = W1.shape if W1.ndim == 2 else (0, 0)
    wanted = {"W1": (inputs, hidden), "b1": (hidden,), "W2": (hidden, classes), "b2": (classes,)}
    for name, shape in wanted.items():
        if params[name].shape != shape:
            expected = "(D, H)" if name == "W1" else str(shape)
            raise WrongShape(
                f"{file}: {name} has the wrong shape.", f"yours     {params[name].shape}", f"expected  {expected}"
            )
    _check_finite(file, params)


def _check_finite(file: str, arrays: Mapping[str, np.ndarray]) -> None:
    for name, value in arrays.items():
        if not np.isfinite(value).all():
            raise NotFinite(f"{file}: {name} holds values that are not finite. Did this run diverge?")


# --- PyTorch


@dataclass(frozen=True)
class ModelWeights:
    """What a handed-in .safetensors holds: a model, and how its inputs are made of raw pixels: (pixels - mean) / scale."""

    model: "torch.nn.Module"
    mean: np.ndarray
    scale: float
    classes: tuple[str, ...]


def save_model(
    path: str | Path,
    model: "torch.nn.Module",
    settings: Mapping[str, Any],
    classes: Sequence[str],
    mean: np.ndarray,
    scale: float = 1.0,
) -> None:
    """Write a model's tensors as .safetensors, with all it takes to use them again.

    settings: the keyword arguments that make a model of this shape: numbers, texts and lists. mean (D,)
    and scale: how its inputs are made of rows of raw pixels from 0 to 255: (pixels - mean) / scale.
    """
    import torch
    from safetensors.torch import save_file

    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    tensors["mean"] = torch.as_tensor(np.asarray(mean, dtype=np.float32))
    told = {"settings": dict(settings), "classes": list(classes), "scale": float(scale)}
    save_file(tensors, Path(path), metadata={"course": json.dumps(told, default=_as_plain)})


def _as_plain(value: Any) -> Any:
    """A NumPy number as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"settings must be numbers, texts and lists, not {type(value).__name__}")


def load_model(path: str | Path, make_model: Callable[..., "torch.nn.Module"]) -> ModelWeights:
    """Read and check a model that was handed in; make_model(**settings) must make one that its tensors fit.

    Raises NotImplementedError when there is no such file; NotAllowed for one that is too large; WrongType, WrongShape or
    NotFinite for contents that do not fit.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load as load_tensors

    file = _handed_in(path)
    content = file.read_bytes()
    size = int.from_bytes(content[:8], "little")
    if _LARGEST_HEADER < size < len(content):  # parsing JSON takes many times its size
        raise NotAllowed(f"{file.name} has a header of {size / 1e6:.0f} MB; at most {_LARGEST_HEADER / 1e6:.0f}.")
    try:
        tensors = load_tensors(content)
        header = json.loads(content[8 : 8 + size])
        told = json.loads(header["__metadata__"]["course"])
        settings, classes, scale = dict(told["settings"]), tuple(map(str, list(told["classes"]))), float(told["scale"])
        if any(value.is_complex() for value in tensors.values()) or not all(type(name) is str for name in settings):
            raise ValueError
        arrays = {name: value.float().numpy() for name, value in tensors.items()}
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError, RecursionError, RuntimeError):
        raise WrongType(f"{file.name} is no file of tensors with settings. Write it with save_model.") from None
    mean = arrays.get("mean")
    if mean is None or mean.ndim != 1 or not 0 < scale < float("inf"):
        raise WrongType(f"{file.name} does not say how pixels become inputs (mean, scale). Write it with save_model.")
    _check_finite(file.name, arrays)
    own = {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}
    # First without memory for the tensors: settings may ask for more than there is. A class that cannot do that is made below.
    shapes = None
    with suppress(Exception):
        shapes = _shapes_of(make_model, settings)
    if shapes is not None:
        _check_fits(file.name, own, shapes)
    model = make_model(**settings)
    _check_fits(file.name, own, {name: tuple(value.shape) for name, value in model.state_dict().items()})
    with torch.no_grad():
        model.load_state_dict(own)
    return ModelWeights(model.eval(), mean, scale, classes)


@beside
def _shapes_of(make_model: Callable[..., "torch.nn.Module"], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors that a model of these settings would have, which is not made."""
    import torch

    with torch.device("meta"):
        return {name: tuple(value.shape) for name, value in make_model(**settings).state_dict().items()}


def _check_fits(file: str, own: "Mapping[str, torch.Tensor]", wanted: Mapping[str, tuple[int, ...]]) -> None:
    for name in [*wanted, *own]:
        yours = tuple(own[name].shape) if name in own else "missing"
        expected = wanted.get(name, "missing")
        if yours != expected:
            raise WrongShape(f"{file}: {name} does not fit the network.", f"yours     {yours}", f"expected  {expected}")
