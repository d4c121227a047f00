"""Trained weights: what is written can be read, what lies is refused with a reason, and grading judges them on unseen images."""

import csv
import io
import json
import pickle
import shutil
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file as save_numbers
from torch import nn

from autograde import truth, unseen
from autograde.build import as_text
from autograde.course import CourseError
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.planted import answer, answers_of
from autograde.trained import MODEL, TWO_LAYER
from helpers import checks, synthetic, weights
from helpers.exercise import SEED_VARIABLE, exercise
from helpers.verdicts import NotAllowed, NotFinite, NotGraded, Raised, WrongShape, WrongType, WrongValue
from helpers.weights import load_model, load_weights, save_model, save_weights
from tests.run_cell import run_cell

CLASSES = ("cat", "dog", "emu")


def params(D=6, H=4, K=3):
    rng = np.random.default_rng(0)
    return {
        "W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H), "W2": rng.normal(size=(H, K)), "b2": rng.normal(size=K),
    }  # fmt: skip


def write(path, classes=CLASSES, **changes):
    np.savez(path, **(params() | {"classes": np.array(classes)} | changes))


def test_what_is_saved_is_loaded(tmp_path):
    save_weights(tmp_path / "w.npz", params(), CLASSES)
    loaded = load_weights(tmp_path / "w.npz")
    assert loaded.classes == CLASSES
    for name, value in params().items():
        assert np.array_equal(loaded.params[name], value.astype(np.float32))


def test_a_missing_file_is_not_done_yet(tmp_path):
    with pytest.raises(NotImplementedError, match=r"w\.npz is not in this folder: save it, and hand it in"):
        load_weights(tmp_path / "w.npz")


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"W1": np.zeros((6, 5))}, WrongShape, r"b1 has the wrong shape.*\(4,\).*\(5,\)"),
        ({"W1": np.zeros(24)}, WrongShape, r"W1 has the wrong shape.*\(24,\).*\(D, H\)"),
        ({"W2": np.zeros((4, 7))}, WrongShape, r"W2 has the wrong shape.*\(4, 7\).*\(4, 3\)"),
        ({"b2": np.full(3, np.nan)}, NotFinite, "b2 holds values that are not finite"),
        ({"W1": np.full((6, 4), np.inf)}, NotFinite, "W1 holds values that are not finite"),
        ({"b1": np.array([None] * 4)}, WrongType, "b1 holds pickled Python objects, which are never loaded"),
        ({"classes": np.array([None, "a", "b"])}, WrongType, "classes holds pickled Python objects"),
        ({"classes": np.zeros(3)}, WrongType, "classes are no list of names"),
        ({"b1": np.zeros(4, dtype=np.float16)}, WrongType, "b1 has the wrong dtype"),
        ({"b1": np.array(["1", "2", "3", "4"])}, WrongType, "b1 has the wrong dtype"),
        ({"b1": np.zeros(4, dtype=complex)}, WrongType, "b1 is no whole array of floating-point numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, changes, kind, says):
    write(tmp_path / "w.npz", **changes)
    with pytest.raises(kind, match="(?s)" + says):
        load_weights(tmp_path / "w.npz")


def test_a_missing_array_is_named(tmp_path):
    np.savez(tmp_path / "w.npz", W1=np.zeros((2, 2)), b1=np.zeros(2))
    with pytest.raises(WrongType, match="has no array W2, b2, classes"):
        load_weights(tmp_path / "w.npz")


class Trap:
    """Unpickling it runs code."""

    def __reduce__(self):
        return pytest.fail, ("it was unpickled",)


@pytest.mark.parametrize(
    "content", [b"", b"no archive", pickle.dumps(Trap()), b"PK\x03\x04 cut short", b"\x93NUMPY\x01\x00"]
)
def test_what_is_no_archive_is_refused_and_never_unpickled(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(WrongType, match=r"is no \.npz file"):
        load_weights(tmp_path / "w.npz")


def npy(value, **header):
    """An .npy file's bytes, with a header that may lie."""
    stream = io.BytesIO()
    told = {"descr": value.dtype.str, "fortran_order": False, "shape": value.shape} | header
    np.lib.format.write_array_header_1_0(stream, told)
    return stream.getvalue() + value.tobytes()


def archive(path, compression=zipfile.ZIP_STORED, **members):
    arrays = params() | {"classes": np.array(CLASSES)}
    with zipfile.ZipFile(path, "w", compression) as file:
        for name in arrays | members:
            file.writestr(f"{name}.npy", members.get(name, npy(arrays.get(name, np.zeros(1)))))


def test_a_header_that_lies_about_its_size_allocates_nothing(tmp_path):
    for shape in ((10**9, 10**9), (-1, 4), (4, 5)):
        archive(tmp_path / "w.npz", b1=npy(np.zeros(4), shape=shape))
        with pytest.raises(WrongType, match="b1 is no whole array"):
            load_weights(tmp_path / "w.npz")
    archive(tmp_path / "w.npz", b1=b"\x93NUMPY\x01\x00\x10\x00{'descr': __import")
    with pytest.raises(WrongType, match="b1 is no NumPy array"):
        load_weights(tmp_path / "w.npz")


def test_oversized_files_are_refused_before_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST_FILE", 100_000)
    write(tmp_path / "big.npz", W1=np.zeros((6000, 4)))
    with pytest.raises(NotAllowed, match="is larger than 0 MB"):
        load_weights(tmp_path / "big.npz")


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressed_files_are_never_unpacked(tmp_path, monkeypatch, compression):
    """A thousand bytes can become a gigabyte, whatever size they declare."""
    archive(tmp_path / "bomb.npz", compression, W1=npy(np.zeros((1000, 1000))))
    content = (
        (tmp_path / "bomb.npz").read_bytes().replace((8_000_128).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    )
    (tmp_path / "bomb.npz").write_bytes(content)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(WrongType, match=r"is compressed\. Write it with save_weights"):
        load_weights(tmp_path / "bomb.npz")


def test_numbers_that_lie_in_other_ways_are_refused(tmp_path):
    archive(tmp_path / "w.npz", W1=npy(np.zeros((6, 4)), shape=(-6, -4)))
    with pytest.raises(WrongType, match="W1 is no whole array"):
        load_weights(tmp_path / "w.npz")


# --- PyTorch


def make_model(hidden, width=2):
    return nn.Sequential(nn.Linear(6, hidden), nn.BatchNorm1d(hidden), nn.ReLU(), nn.Linear(hidden, width + 1))


def write_model(path, settings=None, classes=CLASSES, mean=None, scale=2.0, model=None):
    mean = np.ones(6) if mean is None else mean
    save_model(path, model or make_model(4), settings or {"hidden": 4}, classes, mean, scale)


def test_a_saved_model_is_loaded_in_evaluation_mode(tmp_path):
    torch.manual_seed(0)
    model = make_model(4)
    model(torch.randn(20, 6))  # moves the running statistics
    write_model(tmp_path / "m.safetensors", model=model)
    loaded = load_model(tmp_path / "m.safetensors", make_model)
    X = torch.randn(5, 6)
    assert torch.equal(loaded.model(X), model.eval()(X))
    assert not loaded.model.training
    assert (loaded.classes, loaded.scale) == (CLASSES, 2.0)
    assert np.array_equal(loaded.mean, np.ones(6))


def test_a_missing_model_is_not_done_yet(tmp_path):
    with pytest.raises(NotImplementedError, match="is not in this folder"):
        load_model(tmp_path / "m.safetensors", make_model)


@pytest.mark.parametrize(
    ("changes", "kind", "says"),
    [
        ({"settings": {"hidden": 5}}, WrongShape, r"0\.weight does not fit the network.*\(4, 6\).*\(5, 6\)"),
        ({"model": nn.Linear(6, 3)}, WrongShape, r"0\.weight does not fit the network.*missing.*\(4, 6\)"),
        ({"mean": np.full(6, np.nan)}, NotFinite, "mean holds values that are not finite"),
        ({"mean": np.ones((2, 3))}, WrongType, "does not say how pixels become inputs"),
        ({"scale": 0.0}, WrongType, "does not say how pixels become inputs"),
        ({"scale": float("nan")}, WrongType, "does not say how pixels become inputs"),
        ({"scale": float("inf")}, WrongType, "does not say how pixels become inputs"),
    ],
)
def test_models_that_do_not_fit_are_refused(tmp_path, changes, kind, says):
    write_model(tmp_path / "m.safetensors", **changes)
    with pytest.raises(kind, match="(?s)" + says):
        load_model(tmp_path / "m.safetensors", make_model)


@pytest.mark.parametrize("settings", [{"hidden": 10**12}, {"hidden": 4, "width": 10**13}])
def test_settings_of_a_huge_network_cost_no_memory(tmp_path, settings):
    write_model(tmp_path / "m.safetensors", settings=settings)
    with pytest.raises(WrongShape, match=r"(?s)\.weight does not fit the network.*000"):
        load_model(tmp_path / "m.safetensors", make_model)


def test_a_network_whose_making_needs_numbers_is_loaded(tmp_path):
    def made_with_numbers(**settings):
        model = make_model(**settings)
        assert model[0].weight.sum().item() != 0  # without numbers PyTorch raises
        return model

    write_model(tmp_path / "m.safetensors")
    assert load_model(tmp_path / "m.safetensors", made_with_numbers).classes == CLASSES
    write_model(tmp_path / "m.safetensors", settings={"hidden": 5})
    with pytest.raises(WrongShape, match=r"0\.weight does not fit the network"):
        load_model(tmp_path / "m.safetensors", made_with_numbers)


def test_numpy_numbers_in_settings_are_kept_and_other_things_refused(tmp_path):
    write_model(tmp_path / "m.safetensors", settings={"hidden": np.int64(4), "width": np.int32(2)})
    assert load_model(tmp_path / "m.safetensors", make_model).classes == CLASSES
    with pytest.raises(TypeError, match="settings must be numbers, texts and lists, not Linear"):
        write_model(tmp_path / "m.safetensors", settings={"hidden": nn.Linear(2, 2)})


def test_models_that_are_not_finite_are_refused(tmp_path):
    model = make_model(4)
    with torch.no_grad():
        model[3].bias[1] = torch.nan
    write_model(tmp_path / "m.safetensors", model=model)
    with pytest.raises(NotFinite, match=r"model\.3\.bias holds values that are not finite"):
        load_model(tmp_path / "m.safetensors", make_model)


@pytest.mark.parametrize(
    "content",
    [b"", b"1234567", pickle.dumps(Trap()), (2**60).to_bytes(8, "little") + b"{}", b"\x02" + b"\0" * 7 + b"{}"],
)
def test_what_holds_no_model_is_refused_and_never_unpickled(tmp_path, content):
    (tmp_path / "m.safetensors").write_bytes(content)
    with pytest.raises(WrongType, match="is no file of tensors with settings"):
        load_model(tmp_path / "m.safetensors", make_model)


@pytest.mark.parametrize(
    "told",
    [None, "[]", "{}", '{"settings": 3, "classes": [], "scale": 1}', "[" * 5000,
     '{"settings": {}, "classes": [], "scale": 1' + "0" * 400 + "}"],
)  # fmt: skip
def test_settings_that_lie_are_refused(tmp_path, told):
    metadata = {} if told is None else {"course": told}
    save_numbers({"mean": np.ones(6, np.float32)}, tmp_path / "m.safetensors", metadata)
    with pytest.raises(WrongType, match="is no file of tensors with settings"):
        load_model(tmp_path / "m.safetensors", make_model)


def test_a_header_that_takes_much_memory_is_refused(tmp_path):
    save_numbers({"mean": np.ones(6, np.float32)}, tmp_path / "m.safetensors", {"course": "[]," * 400_000})
    with pytest.raises(NotAllowed, match="has a header of 1 MB; at most 1"):
        load_model(tmp_path / "m.safetensors", make_model)


def test_an_oversized_model_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(weights, "LARGEST_FILE", 500)
    write_model(tmp_path / "m.safetensors")
    with pytest.raises(NotAllowed, match="is larger than 0 MB"):
        load_model(tmp_path / "m.safetensors", make_model)


# --- what they are judged on


def test_accuracy_is_checked_against_the_bar():
    y = np.arange(10) % 2
    checks.check_accuracy(y, y, 0.9)
    with pytest.raises(WrongValue, match=r"(?s)too few of 10 images.*50\.0%.*more than 50\.0%"):
        checks.check_accuracy(np.zeros(10, dtype=int), y, 0.5)
    with pytest.raises(WrongShape):
        checks.check_accuracy(y[:5], y, 0.1)


def test_the_synthetic_draw_is_secret_and_the_same_for_the_class(monkeypatch):
    draws = []
    for seed in ("1", "1", "2"):
        monkeypatch.setenv(SEED_VARIABLE, seed)
        draws.append(unseen.images(synthetic.CLASSES)[0])
    assert np.array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])
    assert draws[0].shape == (unseen.COUNT, 3072)


def folder_of_images(folder, count=30):
    rng = np.random.default_rng(1)
    for label, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            image = rng.integers(80 * label, 80 * label + 80, size=(4, 3, 3), dtype=np.uint8)
            Image.fromarray(image).save(folder / name / f"{number}.png")
    return folder


def test_the_instructors_images_are_kept_and_used_for_their_classes_only(tmp_path, monkeypatch):
    unseen.keep(folder_of_images(tmp_path / "images"), tmp_path / "kept.npz")
    monkeypatch.setenv(unseen.FILE_VARIABLE, str(tmp_path / "kept.npz"))
    X, y = unseen.images(CLASSES)
    assert X.shape == (90, 36)
    assert set(y) == {0, 1, 2}
    with pytest.raises(NotGraded, match=r"(?s)no images with the classes of this network.*fox.*--images FOLDER"):
        unseen.images(("cat", "dog", "fox"))


def test_images_that_cannot_be_kept_are_said(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match=r"--images: .*holds no images in one folder for each class"):
        unseen.keep(tmp_path / "empty", tmp_path / "kept.npz")
    assert not (tmp_path / "kept.npz").exists()


def test_a_student_cannot_claim_that_the_grader_lacks_something():
    namespace = {"NotGraded": NotGraded, "exercise": exercise}
    run_cell("def _check():\n    raise NotGraded('the grader is at fault')\n", "<student>", namespace)
    with pytest.raises(Raised, match="NotGraded"):
        run_cell("with exercise('q'):\n    _check()\n", "<test>", namespace)
    with pytest.raises(NotGraded):
        run_cell("with exercise('q'):\n    raise NotGraded('no images')\n", "<test>", namespace)


# --- graded, as an instructor would

ON_WEIGHTS = ("q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best")


def little_done(item):
    """A submission with only what the exercises on weights need, to save time."""
    done = {key: source for key, source in answers_of(item.full).items() if key == "q4a-model"}
    return answer(item, done)


def hand_in(folder, built, files):
    """The two notebooks, and weights: a path to copy, or bytes."""
    folder.mkdir(parents=True)
    for item in built[2:4]:
        (folder / item.filename).write_text(as_text(little_done(item)))
    for name, content in files.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            shutil.copyfile(content, folder / name)


@pytest.fixture(scope="module")
def classes_work(built, trained, tmp_path_factory):
    """Six students with weights that are right, missing, diverged, untrained, pickled or far too large; and other images."""
    folder = tmp_path_factory.mktemp("weights")
    right = {path.name: path for path in trained}
    start = {name: value * 0 for name, value in load_weights(trained[0]).params.items()}
    save_weights(folder / "untrained.npz", start, synthetic.CLASSES)
    save_weights(folder / "diverged.npz", start | {"b2": np.full(10, np.nan)}, synthetic.CLASSES)
    save_weights(folder / "pets.npz", params(36), CLASSES)
    students = {
        "ann": right,
        "bob": {},
        "cy": {TWO_LAYER: folder / "diverged.npz", MODEL: pickle.dumps({"weights": 1})},
        "di": {TWO_LAYER: folder / "untrained.npz", MODEL: bytes(weights.LARGEST_FILE + 100)},
        "ed": {TWO_LAYER: folder / "pets.npz"},
    }
    for name, files in students.items():
        hand_in(folder / "submissions" / name, built, files)
    course = CourseFolder(folder / "gradebook")
    return folder, course, grade(built, folder / "submissions", folder / "marks", course)


def reasons(graded, student):
    marks = next(marks for marks in graded.marks if marks.student == student)
    return {result.exercise: result for result in marks.results if result.exercise in ON_WEIGHTS}


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("ann", ["passed", "passed", "passed", "passed"]),
        ("bob", ["not attempted", "not attempted", "not attempted", "not attempted"]),
        ("cy", ["not finite", "not finite", "wrong type", "wrong type"]),
        ("di", ["passed", "wrong value", "not allowed", "not allowed"]),
        ("ed", ["passed", "not graded yet", "not attempted", "not attempted"]),
    ],
)
def test_weights_are_graded_with_a_reason(classes_work, student, expected):
    found = reasons(classes_work[2], student)
    assert [found[name].reason for name in ON_WEIGHTS] == expected
    for result in found.values():
        assert result.points == (
            None if result.reason == "not graded yet" else result.max_points * (result.reason == "passed")
        )
        assert result.message or result.reason == "passed"


def test_reasons_say_what_to_do(classes_work):
    _, _, graded = classes_work
    assert (
        "best_two_layer.npz is not in this folder: save it, and hand it in"
        in reasons(graded, "bob")["q3b-weights"].message
    )
    assert "Did this run diverge?" in reasons(graded, "cy")["q3b-weights"].message
    assert "is larger than 50 MB" in reasons(graded, "di")["q4c-weights"].message
    assert "expected  more than 45.8%" in reasons(graded, "di")["q3b-accuracy"].message


def test_what_the_grader_lacks_waits_for_a_person_and_is_no_zero(classes_work):
    folder, course, graded = classes_work
    assert course.work("ed").standing.points["q3b-accuracy"] is None
    with (folder / "marks" / "grades.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["ed"]["q3b-accuracy"] == ""
    assert rows["di"]["q3b-accuracy"] == "0"
    assert [result.exercise for result in next(m for m in graded.marks if m.student == "ed").unjudged] == [
        "q3b-accuracy"
    ]


def test_with_the_instructors_images_it_is_graded(classes_work, built, tmp_path):
    _, course, _ = classes_work
    images = folder_of_images(tmp_path / "images")
    # A network that looks at the mean brightness alone: right for these images.
    brightness = {
        "W1": np.full((36, 1), 1 / 36), "b1": np.zeros(1),
        "W2": np.array([[0.0, 1.0, 2.0]]), "b2": np.array([0.0, -80.0, -240.0]),
    }  # fmt: skip
    hand_in(tmp_path / "submissions" / "ed", built, {})
    save_weights(tmp_path / "submissions" / "ed" / TWO_LAYER, brightness, CLASSES)
    unseen.keep(images, course.images)
    graded = grade(built, tmp_path / "submissions", tmp_path / "marks", course)
    assert reasons(graded, "ed")["q3b-accuracy"].reason == "passed"
    assert course.work("ed").standing.points["q3b-accuracy"] == 6


def test_weights_travel_with_the_submission_and_nothing_else_does(classes_work):
    _, course, _ = classes_work
    assert {path.name for path in course.path("submitted", "ann").iterdir()} == {
        "03_sgd.ipynb", "04_pytorch.ipynb", TWO_LAYER, MODEL, "timestamp.txt", "handed-in.json",
    }  # fmt: skip
    assert (course.path("submitted", "di") / MODEL).stat().st_size == weights.LARGEST_FILE + 1


def test_the_judge_agrees_with_the_network(trained):
    loaded = load_weights(trained[0])
    X, y = synthetic.synthetic_images(300, np.random.default_rng(5))
    X = X.reshape(300, -1).astype(np.float32)
    assert np.array_equal(truth.predict(loaded.params, X), truth.cache(loaded.params, X)["P"].argmax(axis=1))
    assert np.mean(truth.predict(loaded.params, X) == y) > 0.45


def test_links_are_no_weights(built, trained, tmp_path):
    hand_in(tmp_path / "submissions" / "eve", built, {})
    (tmp_path / "submissions" / "eve" / TWO_LAYER).symlink_to(trained[0])
    graded = grade(built, tmp_path / "submissions", tmp_path / "marks", CourseFolder(tmp_path / "gradebook"))
    assert str(graded.refusals[0]) == "eve/best_two_layer.npz: is not a regular file. Ask for the file itself."


def test_saved_files_hold_no_paths_or_names(tmp_path):
    write_model(tmp_path / "m.safetensors")
    content = (tmp_path / "m.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert json.loads(header["__metadata__"]["course"]) == {
        "settings": {"hidden": 4}, "classes": list(CLASSES), "scale": 2.0,
    }  # fmt: skip
