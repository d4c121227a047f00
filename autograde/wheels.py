"""Pure Python wheels, written as they are defined: a zip archive with two files of metadata."""

import hashlib
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from io import BytesIO

_WHEEL = "Wheel-Version: 1.0\nGenerator: course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Wheel:
    """A pure Python package, and the file it is installed from."""

    name: str
    version: str
    content: bytes

    @property
    def filename(self) -> str:
        """The name that says what it holds and that it goes everywhere."""
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"

    @property
    def sha256(self) -> str:
        """What its content is known by."""
        return hashlib.sha256(self.content).hexdigest()


def wheel(name: str, version: str, files: Mapping[str, bytes]) -> Wheel:
    """A wheel of these files, which asks for no other package; the same files make the same bytes."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    whole = {**files, f"{folder}/METADATA": metadata.encode(), f"{folder}/WHEEL": _WHEEL.encode()}
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in whole.items()]
    whole[f"{folder}/RECORD"] = "\n".join([*record, f"{folder}/RECORD,,", ""]).encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in whole.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return Wheel(name, version, packed.getvalue())


def wheel_of(installed: Distribution) -> Wheel:
    """A wheel of a pure Python package that is installed."""
    files = [file for file in installed.files or [] if ".." not in file.parts and file.suffix != ".pyc"]
    code = {file.as_posix(): file.read_binary() for file in files if not file.parts[0].endswith(".dist-info")}
    return wheel(installed.metadata["Name"], installed.version, code)


def _digest(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
