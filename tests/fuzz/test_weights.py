"""Files of trained weights."""

import io
import itertools
import json
import struct
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from safetensors.torch import save
from torch import nn

from helpers.verdicts import CheckFailed
from helpers.weights import LARGEST_FILE, load_model, load_weights
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import as_json, bomb, mutated_bytes, mutated_json, numbers, values


class Net(nn.Module):
    """What a student's network of notebook 04 is asked to be."""

    def __init__(self, input_size, hidden_sizes, num_classes):
        super().__init__()
        sizes = [input_size, *hidden_sizes, num_classes]
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in itertools.pairwise(sizes)])


_PARAMS = {
    "W1": np.ones((4, 3), np.float32),
    "b1": np.ones(3),
    "W2": np.ones((3, 2)),
    "b2": np.ones(2),
    "classes": np.array(["a", "b"]),
}


def _npz(arrays: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in arrays.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def _headed(header: str, data: bytes, version: int) -> bytes:
    """An array's file with a header of one's own."""
    text = header.encode(errors="replace")
    size = struct.pack("<H" if version == 1 else "<I", len(text) % 60_000)
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


_ARRAYS = {name: _npy(array) for name, array in _PARAMS.items()}
_dtypes = st.sampled_from(
    ["<f8", "<f4", "<f2", "<U3", "<U0", "|S0", "|O", "<c16", "|V0", ">f8", "<U99999999", "<M8[s]", "|b1", "<f16"]
)
_shapes = st.lists(st.one_of(st.integers(0, 4), st.sampled_from([-1, 2**31, 2**62, 2**70, 10**11, 1])), max_size=5).map(
    tuple
)
_shapes = st.one_of(_shapes, st.integers(30, 70).map(lambda count: (1,) * count))
_headers = st.one_of(
    st.builds(
        lambda kind, shape, order: str({"descr": kind, "fortran_order": order, "shape": shape}),
        _dtypes,
        _shapes,
        st.booleans(),
    ),
    st.text(max_size=60),
    values.map(lambda value: as_json(value)[:50_000]),
    st.just("(" * 3000),
    st.just("{" * 99 + "}" * 99),
)
_one_changed = st.builds(
    lambda name, header, data, version: _npz(_ARRAYS | {name: _headed(header, data, version)}),
    st.sampled_from(sorted(_PARAMS)),
    _headers,
    st.sampled_from([b"", bytes(8), bytes(24), b"\xff" * 24, bytes(96)]),
    st.sampled_from([1, 2, 3]),
)
npz = st.one_of(
    st.builds(
        lambda name, value: _npz(_ARRAYS | {name: _npy(np.full_like(_PARAMS[name], value))}),
        st.sampled_from(["W1", "b1", "W2", "b2"]),
        st.floats(width=32),
    ),
    mutated_bytes(_npz(_ARRAYS)),
    mutated_bytes(_npz(_ARRAYS, zipfile.ZIP_DEFLATED)),
    _one_changed,
    st.builds(
        lambda name, content: _npz(_ARRAYS | {name: content}),
        st.sampled_from(sorted(_PARAMS)),
        mutated_bytes(_ARRAYS["W1"]),
    ),
    st.builds(
        lambda left: _npz({name: _ARRAYS[name] for name in left}),
        st.lists(st.sampled_from(sorted(_PARAMS)), unique=True),
    ),
    st.deferred(lambda: st.just(_compressed())),
    st.binary(max_size=99),
)


@cache
def _compressed() -> bytes:
    """A file whose W1 is larger than the file by far."""
    others = {f"{name}.npy": content for name, content in _ARRAYS.items() if name != "W1"}
    return bomb(others, "W1.npy", 200)


def _loaded(content: bytes, ending: str, load):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, f"w.{ending}")
        path.write_bytes(content)
        try:
            return load(path)
        except (CheckFailed, NotImplementedError) as error:
            assert len(str(error)) < 5000
            return None


@fuzz(npz, examples=100, memory=100)
def test_a_two_layer_network_is_whole_or_refused(content):
    found = _loaded(content, "npz", load_weights)
    if found is not None:
        assert found.params["W1"].shape[1:] == found.params["b1"].shape
        assert len(found.classes) == found.params["W2"].shape[1]
        assert all(np.isfinite(value).all() for value in found.params.values())
        assert sum(value.nbytes for value in found.params.values()) <= LARGEST_FILE


_SETTINGS = {"settings": {"input_size": 4, "hidden_sizes": [3], "num_classes": 2}, "classes": ["a", "b"], "scale": 2.0}
_MODEL = save(
    {f"model.{name}": value for name, value in Net(4, [3], 2).state_dict().items()} | {"mean": torch.zeros(4)},
    metadata={"course": json.dumps(_SETTINGS)},
)
_SIZE = int.from_bytes(_MODEL[:8], "little")
_HEADER = json.loads(_MODEL[8 : 8 + _SIZE])


def _tensors(header: str, data: bytes = _MODEL[8 + _SIZE :]) -> bytes:
    text = header.encode(errors="replace")
    return struct.pack("<Q", len(text)) + text + data


def _one_kind(kind: str, shape: list, size: int) -> bytes:
    header = _HEADER | {"mean": {"dtype": kind, "shape": shape, "data_offsets": [0, size]}}
    header = {name: about for name, about in header.items() if name in ("mean", "__metadata__")}
    return _tensors(json.dumps(header), bytes(size))


def _with_value(name: str, value: float) -> bytes:
    """The model with one value in the place of another, in this tensor."""
    data = bytearray(_MODEL[8 + _SIZE :])
    struct.pack_into("<f", data, _HEADER[name]["data_offsets"][0], value)
    return _tensors(json.dumps(_HEADER), bytes(data))


def _told(course: Any) -> bytes:
    """The model with other settings."""
    return _tensors(json.dumps(_HEADER | {"__metadata__": {"course": as_json(course)}}))


models = st.one_of(
    mutated_bytes(_MODEL),
    mutated_json(_HEADER).map(lambda header: _tensors(as_json(header))),
    mutated_json(_SETTINGS).map(_told),
    st.builds(
        _one_kind,
        st.sampled_from(
            [
                "F4",
                "F6_E2M3",
                "F8_E4M3",
                "F8_E5M2",
                "F8_E8M0",
                "F16",
                "BF16",
                "F64",
                "C64",
                "BOOL",
                "I8",
                "U8",
                "U16",
                "U64",
            ]
        ),
        st.lists(st.sampled_from([0, 1, 2, 4, 2**32, 2**63]), max_size=3),
        st.sampled_from([0, 1, 2, 4, 8, 16]),
    ),
    st.integers(1, 90).map(lambda count: _one_kind("F32", [1] * count, 4)),
    st.builds(_with_value, st.sampled_from(sorted(set(_HEADER) - {"__metadata__"})), st.floats(width=32)),
    numbers.map(lambda scale: _told(_SETTINGS | {"scale": scale})),
    st.binary(max_size=99),
)


@fuzz(models, examples=100)
def test_a_model_fits_its_class_or_is_refused(content):
    # A class that cannot be made of the settings raises what it does: it is the student's.
    made = []

    def make(**settings):
        made.append(settings)
        if set(settings) != set(_SETTINGS["settings"]) or not _sensible(settings):
            raise CheckFailed("settings that no network has")
        return Net(**settings)

    found = _loaded(content, "safetensors", lambda path: load_model(path, make))
    assert all(type(name) is str for settings in made for name in settings)
    if found is not None:
        assert 0 < found.scale < float("inf")
        assert found.mean.ndim == 1
        assert np.isfinite(found.mean).all()
        assert all(value.isfinite().all() for value in found.model.state_dict().values())
        assert all(type(name) is str for name in found.classes)


def _sensible(settings: dict) -> bool:
    sizes = (
        [settings["input_size"], settings["num_classes"], *(settings["hidden_sizes"] or [])]
        if isinstance(settings["hidden_sizes"], list)
        else [None]
    )
    return all(type(size) is int and 0 < size < 100 for size in sizes)


def test_the_file_is_right_without_a_change():
    assert _loaded(_MODEL, "safetensors", lambda path: load_model(path, Net)) is not None
    assert _loaded(_npz(_ARRAYS), "npz", load_weights) is not None
