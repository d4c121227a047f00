"""Images from every source, and everything that can be wrong with network, disk and files."""

import errno
import gzip
import hashlib
import http.server
import io
import pickle
import struct
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from torchvision.datasets import CIFAR10, MNIST

from helpers import data, digits, synthetic
from helpers.data import DataError, NoNetwork, as_rows, load_digits, load_images, read_folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv(data.PLACE_VARIABLE, str(tmp_path / "place"))
    monkeypatch.delenv(data.SOURCE_VARIABLE, raising=False)
    return tmp_path / "place"


# --- the synthetic set


def test_the_synthetic_set_is_the_same_every_time_and_balanced():
    first, again, other = (synthetic.synthetic_images(200, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])
    assert first[0].shape == (200, 32, 32, 3)
    assert first[0].dtype == np.uint8
    assert set(np.bincount(first[1])) == {20}
    assert synthetic.synthetic_images(0, np.random.default_rng(0))[0].shape == (0, 32, 32, 3)


def test_the_synthetic_set_needs_no_place_and_says_what_it_is(place):
    images = load_images("synthetic", validation=500)
    assert (
        str(images) == "synthetic: 10,500 training, 500 validation and 2,000 test images of 32x32x3 pixels, 10 classes"
    )
    assert not place.exists()
    together = np.concatenate([images.y_train, images.y_val])
    assert set(np.bincount(together)) == {1100}
    assert not set(map(bytes, images.X_val)) & set(map(bytes, images.X_train))


def test_rows_are_pixels_as_float32():
    X = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    assert as_rows(X).dtype == np.float32
    assert np.array_equal(as_rows(X), np.arange(24.0).reshape(2, 12))


# --- folders


def write_images(folder, counts, size=(6, 5), mode="RGB"):
    rng = np.random.default_rng(0)
    for name, count in counts.items():
        (folder / name).mkdir(parents=True)
        for number in range(count):
            pixels = rng.integers(256, size=(size[1], size[0], 3), dtype=np.uint8)
            Image.fromarray(pixels).convert(mode).save(folder / name / f"{number}.png")


@pytest.fixture
def folder(tmp_path):
    write_images(tmp_path / "pets" / "train", {"cat": 9, "dog": 7})
    write_images(tmp_path / "pets" / "test", {"cat": 2, "dog": 3})
    return tmp_path / "pets"


def test_a_folder_is_read_once_and_shuffled(folder, place, monkeypatch, capsys):
    images = load_images(folder, validation=4)
    assert images.name == "pets"
    assert images.classes == ("cat", "dog")
    assert images.X_train.shape == (12, 5, 6, 3)
    assert images.X_test.shape == (5, 5, 6, 3)
    assert isinstance(images.X_train, np.memmap)
    labels = np.concatenate([images.y_train, images.y_val])
    assert sorted(labels) == [0] * 9 + [1] * 7
    assert list(labels) != sorted(labels)
    by_bytes = {np.asarray(Image.open(path)).tobytes(): path.parent.name for path in folder.glob("train/*/*.png")}
    for image, label in zip(images.X_train, images.y_train, strict=True):
        assert by_bytes[image.tobytes()] == images.classes[label]
    assert capsys.readouterr().err == ""  # the progress bar is no error
    monkeypatch.setattr(data, "_read", lambda *_: pytest.fail("read again"))
    again = load_images(str(folder), validation=4)
    assert np.array_equal(again.X_train, images.X_train)


def test_a_changed_folder_is_read_anew(folder, place):
    assert len(load_images(folder, validation=1).y_test) == 5
    (folder / "test" / "cat" / "0.png").unlink()
    assert len(load_images(folder, validation=1).y_test) == 4


def test_a_folder_of_classes_alone_is_split(tmp_path, place):
    write_images(tmp_path / "digits", {"0": 10, "1": 15}, mode="L")
    images = load_images(tmp_path / "digits", validation=5)
    assert images.X_train.shape == (15, 5, 6, 1)
    assert len(images.y_test) == 5


def test_some_images_of_a_folder(folder):
    classes, X, y = read_folder(folder / "train", 6, np.random.default_rng(0))
    assert classes == ("cat", "dog")
    assert X.shape == (6, 5, 6, 3)
    assert set(y) == {0, 1}


def test_the_environment_names_set_and_place(folder, place, monkeypatch):
    monkeypatch.setenv(data.SOURCE_VARIABLE, str(folder))
    assert load_images(validation=2).name == "pets"
    assert any((place / "arrays").iterdir())
    assert load_images("synthetic").name == "synthetic"


def spoil_text(folder):
    (folder / "train" / "cat" / "3.png").write_text("no image")


def spoil_half(folder):
    path = folder / "train" / "dog" / "1.png"
    path.write_bytes(path.read_bytes()[:60])


def spoil_size(folder):
    Image.new("RGB", (9, 9)).save(folder / "test" / "dog" / "1.png")


def spoil_class(folder):
    (folder / "train" / "emu").mkdir()


def spoil_classes(folder):
    (folder / "test" / "dog").rename(folder / "test" / "fox")


def spoil_test(folder):
    (folder / "test").rename(folder / "tests")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_text, r"3\.png is not a readable image .*Replace or remove it"),
        (spoil_half, r"1\.png (cannot be read|is not a readable image).*Replace or remove it"),
        (spoil_size, r"1\.png is 9x9 pixels, 0\.png is 6x5. All images need one size"),
        (spoil_class, r"emu holds no images. Remove that folder, or fill it"),
        (spoil_classes, r"different classes \(dog, fox\)"),
        (spoil_test, r"no folder test. Add one"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(folder, place, spoil, says):
    spoil(folder)
    with pytest.raises(DataError, match=says):
        load_images(folder, validation=1)
    assert not list(place.glob("arrays/*"))


def test_an_unknown_source_says_what_there_is(place, tmp_path):
    with pytest.raises(DataError, match="neither a folder nor one of cifar10, mnist, synthetic, digits"):
        load_images("cifar", place=place)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no images in one folder for each class"):
        load_images(tmp_path / "empty")
    with pytest.raises(DataError, match="11000 validation images cannot be set aside of 11000"):
        load_images("synthetic", validation=11000)


def test_an_error_is_one_line_in_a_notebook(place):
    with pytest.raises(DataError) as caught:
        load_images("nowhere")
    assert caught.value._render_traceback_() == [f"\x1b[0;31m✗ {caught.value}\x1b[0m"]


# --- the disk


def test_a_full_disk_is_said_and_leaves_nothing_half(folder, place, monkeypatch):
    save, calls = np.save, []

    def full(path, array):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(path, array)

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(DataError, match=r"is full. Make room, or set COURSE_DATA to a folder on another disk"):
        load_images(folder, validation=1)
    assert not list((place / "arrays").iterdir())
    assert load_images(folder, validation=1).name == "pets"  # calls 4 to 7


def test_a_place_that_is_no_folder_is_said(folder, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot be used .*Set COURSE_DATA to a folder that you can write"):
        load_images(folder, place=tmp_path / "file")


def test_a_damaged_cache_is_said(folder, place):
    load_images(folder, validation=1)
    (path,) = place.glob("arrays/*/X_train.npy")
    path.write_bytes(path.read_bytes()[:150])
    with pytest.raises(DataError, match=r"is damaged .*Remove that folder and run this again"):
        load_images(folder, validation=1)


def test_two_at_once_read_it_once(folder, place, monkeypatch):
    read, calls = data._read, []

    def counted(files, part):
        calls.append(part)
        return read(files, part)

    monkeypatch.setattr(data, "_read", counted)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: load_images(folder, validation=1), range(2)))
    assert np.array_equal(both[0].X_train, both[1].X_train)
    assert sorted(calls) == ["test", "train"]


# --- downloads, from a server on this machine


class Server:
    """Serves bytes by path; `spoiled` maps a path to how many of its bytes arrive before the line is cut."""

    def __init__(self):
        self.files, self.spoiled, self.asked = {}, {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                content = outer.files.get(self.path)
                if content is None:
                    return self.send_error(404)
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: outer.spoiled.get(self.path, len(content))])

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def md5(content):
    return hashlib.md5(content).hexdigest()


@pytest.fixture
def cifar(server, monkeypatch):
    """A tiny CIFAR-10 in the layout of the real one: 50 training and 10 test images."""
    rng, files = np.random.default_rng(0), {}
    for name in [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]:
        entry = {"data": rng.integers(256, size=(10, 3072), dtype=np.uint8), "labels": list(range(10))}
        files[name] = pickle.dumps(entry)
    files["batches.meta"] = pickle.dumps({"label_names": list("abcdefghij")})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    server.files["/cifar.tar.gz"] = packed.getvalue()
    monkeypatch.setattr(CIFAR10, "url", f"{server.url}/cifar.tar.gz")
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(packed.getvalue()))
    lists = {name: [name, md5(content)] for name, content in files.items()}
    monkeypatch.setattr(CIFAR10, "train_list", [lists[f"data_batch_{number}"] for number in range(1, 6)])
    monkeypatch.setattr(CIFAR10, "test_list", [lists["test_batch"]])
    meta = {"filename": "batches.meta", "key": "label_names", "md5": lists["batches.meta"][1]}
    monkeypatch.setattr(CIFAR10, "meta", meta)
    return server


def test_cifar10_is_downloaded_once_and_cached(cifar, place, monkeypatch):
    images = load_images("cifar10", validation=5)
    assert images.classes == tuple("abcdefghij")
    assert images.X_train.shape == (45, 32, 32, 3)
    assert images.X_test.shape == (10, 32, 32, 3)
    monkeypatch.setattr(CIFAR10, "__init__", lambda *_, **__: pytest.fail("not from the cache"))
    assert np.array_equal(load_images(validation=5).X_train, images.X_train)
    assert set(cifar.asked) == {"/cifar.tar.gz"}


@pytest.mark.parametrize("arrived", [0, 1000])
def test_an_interrupted_download_is_noticed_and_redone(cifar, place, arrived):
    cifar.spoiled["/cifar.tar.gz"] = arrived
    with pytest.raises(NoNetwork, match=r"cannot be downloaded .*Try again with a network"):
        load_images("cifar10", validation=5)
    assert not list(place.glob("arrays/*"))
    cifar.spoiled.clear()
    assert len(load_images("cifar10", validation=5).y_train) == 45


def test_a_corrupt_download_is_noticed_and_redone(cifar, place):
    whole = cifar.files["/cifar.tar.gz"]
    cifar.files["/cifar.tar.gz"] = whole[:500] + b"\0" + whole[501:]
    with pytest.raises(NoNetwork, match=r"is not whole in .* and cannot be downloaded"):
        load_images("cifar10", validation=5)
    cifar.files["/cifar.tar.gz"] = whole
    assert len(load_images("cifar10", validation=5).y_train) == 45


def test_an_interrupted_unpacking_is_noticed_and_redone(cifar, place):
    (place / "cifar-10-batches-py").mkdir(parents=True)
    (place / "cifar-10-batches-py" / "data_batch_1").write_bytes(b"half")
    (place / "cifar.tar.gz").write_bytes(b"half")
    assert len(load_images("cifar10", validation=5).y_train) == 45


def test_without_a_network_the_offline_set_is_used_and_said_in_one_line(cifar, place, capsys):
    del cifar.files["/cifar.tar.gz"]
    assert load_images().name == "synthetic"
    (line,) = capsys.readouterr().out.splitlines()
    assert "CIFAR-10 cannot be downloaded (HTTP 404)" in line
    assert "synthetic" in line
    assert "other pictures and numbers" in line
    with pytest.raises(NoNetwork, match=r'HTTP 404.*load_images\("synthetic"\)'):
        load_images("cifar10")


def test_a_refused_connection_is_said(cifar, place):
    cifar.close()
    with pytest.raises(NoNetwork, match=r"cannot be downloaded \(.*refused.*\)"):
        load_images("cifar10")


@pytest.fixture
def mnist(server, monkeypatch):
    """A tiny MNIST in the layout of the real one."""
    rng, resources = np.random.default_rng(0), []
    for part, count in (("train", 30), ("t10k", 10)):
        pixels = rng.integers(256, size=(count, 28, 28), dtype=np.uint8).tobytes()
        images = struct.pack(">4i", 2051, count, 28, 28) + pixels
        labels = struct.pack(">2i", 2049, count) + bytes(number % 10 for number in range(count))
        for kind, content in (("images-idx3", images), ("labels-idx1", labels)):
            name, packed = f"{part}-{kind}-ubyte.gz", gzip.compress(content, mtime=0)
            server.files[f"/{name}"] = packed
            resources.append((name, md5(packed)))
    monkeypatch.setattr(MNIST, "resources", resources)
    monkeypatch.setattr(MNIST, "mirrors", [f"{server.url}/"])
    return server


def test_mnist_is_downloaded_once_and_cached(mnist, place):
    images = load_images("mnist", validation=5)
    assert images.X_train.shape == (25, 28, 28, 1)
    assert images.classes == tuple("0123456789")
    asked = len(mnist.asked)
    load_images("mnist", validation=5)
    assert len(mnist.asked) == asked


def test_a_file_of_mnist_that_was_cut_short_is_redone(mnist, place):
    raw = place / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, _ in MNIST.resources:
        (raw / name.removesuffix(".gz")).write_bytes(b"\0\0")
    assert load_images("mnist", validation=5).X_train.shape == (25, 28, 28, 1)


def test_mnist_without_a_network_is_said(mnist, place):
    mnist.close()
    with pytest.raises(NoNetwork, match="cannot be downloaded"):
        load_images("mnist")


def test_digits_are_built_in_unless_another_set_is_named(mnist, place, monkeypatch, capsys):
    images = load_digits()
    assert 'load_digits("mnist")' in capsys.readouterr().out
    assert (images.name, images.X_train.shape, images.X_test.shape) == (
        "digits",
        (10_000, 28, 28, 1),
        (2_000, 28, 28, 1),
    )
    assert not mnist.asked
    monkeypatch.setenv(data.DIGITS_VARIABLE, "mnist")
    assert load_digits(validation=5).X_train.shape == (25, 28, 28, 1)
    assert capsys.readouterr().out == ""


def test_built_in_digits_are_the_same_each_time_and_differ_from_each_other():
    X, y = digits.synthetic_digits(60, np.random.default_rng(3))
    again, _ = digits.synthetic_digits(60, np.random.default_rng(3))
    assert np.array_equal(X, again)
    assert np.array_equal(np.bincount(y), [6] * 10)
    assert X.dtype == np.uint8
    assert len(np.unique(X.reshape(60, -1), axis=0)) == 60
    assert ((X > 0).mean(axis=(1, 2, 3)) > 0.02).all()
    assert digits.synthetic_digits(0, np.random.default_rng(0))[0].shape == (0, 28, 28, 1)
