"""Does the text of a submission tell what its names stand for, whatever it does to mislead?"""

import pytest

from autograde.definitions import definitions
from helpers.syntax import check_calls_none_of, check_no_loops
from helpers.verdicts import NotAllowed

LOOP = "def loopy(Z):\n    return [z for z in Z]\n"
FAST = "def softmax(Z):\n    return Z\n"


class Stand:
    """What a test sees of a function that lives elsewhere."""

    def __init__(self, source: str) -> None:
        self.sources = source.split("# %%\n")

    def text(self):
        return definitions(self.sources)["softmax"]


@pytest.mark.parametrize(
    "source",
    [
        FAST,
        LOOP + FAST,  # which does not use it
        "def softmax(Z):\n    return [z for z in Z]\n" + FAST,  # a first try
        FAST + "for i in range(3):\n    print(i)\n",
        FAST.replace("return Z", "i = Z\n    return i") + "for i in range(3):\n    print(i)\n",  # its own i
        FAST + "%timeit -n 10 softmax(3)\n",
        FAST + "%matplotlib inline\nx = [softmax(z) for z in (1, 2)]\n",
        FAST + "from IPython.display import display\n",
        FAST + "import sys\nsys.stderr.write('x')\nprint(sys.version, file=sys.stdout)\n",
        FAST + "import gc\ngc.collect()\nfrom sys import stdout\n",
        FAST + "import importlib\nimport helpers\nimportlib.reload(helpers)\n",
        "def softmax(Z):\n    return helper(Z)\n\nhelper = lambda Z: Z\n",
        FAST + "a, b = 1, 2\nclass Model:\n    def __init__(self):\n        self.x = 1\n",
        "def softmax(Z):\n    P = Z\n    return locals()\n",
        FAST + "# %%\nthis is no Python\n",
    ],
)
def test_what_has_no_loop_passes(source):
    check_no_loops(Stand(source))


@pytest.mark.parametrize(
    "source",
    [
        LOOP + FAST + "softmax = loopy\n",
        LOOP + FAST + "softmax, _ = loopy, 1\n",
        LOOP + FAST + "[softmax] = [loopy]\n",
        LOOP + FAST + "softmax: object = loopy\n",
        LOOP + FAST + "for softmax in (loopy,):\n    pass\n",
        LOOP + FAST + "if True:\n    softmax = loopy\n",
        LOOP + FAST + "(softmax := loopy)\n",
        LOOP + FAST + "print([softmax := loopy for _ in range(1)])\n",
        LOOP + FAST + "def swap():\n    global softmax\n    softmax = loopy\n\nswap()\n",
        LOOP + FAST + "match loopy:\n    case softmax:\n        pass\n",
        LOOP + FAST + "with manager(loopy) as softmax:\n    pass\n",
        LOOP + FAST + "try:\n    pass\nfinally:\n    softmax = loopy\n",
        LOOP + FAST + "%time softmax = loopy\n",
        LOOP + FAST + "(softmax := loopy).run_line_magic('matplotlib')\n",
        LOOP + FAST + "softmax = thing.run_line_magic('matplotlib', loopy)\n",
        "def g(Z):\n    return [z for z in Z]\n\nsoftmax = g\n\ndef g(Z):\n    return Z\n",
        "if True:\n    def softmax(Z):\n        return [z for z in Z]\nif False:\n    def softmax(Z):\n        return Z\n",
        LOOP
        + "@change\ndef softmax(Z):\n    return Z\n\ndef change(f):\n    return loopy\n".replace("@change\n", "")
        + "softmax = change(softmax)\n",
        LOOP + "def change(f):\n    return loopy\n\n@change\ndef softmax(Z):\n    return Z\n",
        LOOP + "class Box:\n    f = staticmethod(loopy)\n\ndef softmax(Z):\n    return Box.f(Z)\n",
        LOOP + "def softmax(Z):\n    return helper(Z)\n\nif True:\n    helper = loopy\n",
        LOOP + "def tools():\n    f = loopy\n    return locals()\n\ndef softmax(Z):\n    return tools()['f'](Z)\n",
    ],
)
def test_a_loop_behind_another_binding_is_found(source):
    with pytest.raises(NotAllowed, match="loop"):
        check_no_loops(Stand(source))


@pytest.mark.parametrize(
    "source",
    [
        "globals()['softmax'] = loopy",
        "vars()['softmax'] = loopy",
        "exec('softmax = loopy')",
        "locals()['softmax'] = loopy",
        "class A:\n    locals()['f'] = loopy",
        "def f(a=locals()):\n    return a",
        "def f():\n    g = locals()\n    return g",
        "def f():\n    try:\n        return locals()\n    finally:\n        g()",
        "def f():\n    return locals",
        "f = lambda: locals()",
        "import __main__\n__main__.softmax = loopy",
        "import importlib as i\ni.import_module('__main__').softmax = loopy",
        "from os import sys",
        "import sys\nsys.modules['__main__'].softmax = loopy",
        "import sys as s\nm = s",
        "import sys\nsys._getframe().f_globals['softmax'] = loopy",
        "from sys import modules",
        "import IPython\nIPython.get_ipython().run_cell('softmax = loopy')",
        "import gc\nfor d in gc.get_referrers(softmax):\n    d['softmax'] = loopy",
        "import os\nos.sys.modules['__main__'].softmax = loopy",
        "softmax.__code__ = loopy.__code__",
        "getattr(softmax, '__glo' + 'bals__')['softmax'] = loopy",
        "getattr(softmax, '__globals__')['softmax'] = loopy",
        "from operator import attrgetter\nattrgetter('__globals__')(softmax)['softmax'] = loopy",
        "import pickle\npickle.loads(payload)",
        "softmax = get_ipython().run_line_magic('timeit', 'loopy')",
        "get_ipython().run_line_magic('matplotlib', x=(softmax := loopy))",
        "import numpy as np\nnp.exp = loopy",
        "import numpy as np\nnp.linalg.norm = loopy",
        "from helpers import *",
        "get_ipython().run_cell('softmax = loopy')",
        "%run other.py",
        "%%capture\nsoftmax = loopy",
        "\n".join(f"if a:\n    b = {i}" for i in range(60)),
    ],
)
def test_what_the_text_does_not_tell_is_refused(source):
    with pytest.raises(NotAllowed, match="cannot be told"):
        check_no_loops(Stand(f"{LOOP}{FAST}# %%\n{source}\n"))


def test_a_module_is_found_under_a_condition():
    source = (
        "try:\n    import torch as helper\nexcept ImportError:\n    pass\n\ndef softmax(Z):\n    return helper.exp(Z)\n"
    )
    with pytest.raises(NotAllowed, match="torch"):
        check_calls_none_of(Stand(source), ("torch",))


def test_what_another_notebook_defines_is_not_judged_here():
    source = "from helpers import carry\n(softmax,) = carry('02_backprop.ipynb', 'softmax')\n"
    with pytest.raises(NotAllowed, match="another notebook"):
        check_no_loops(Stand(source))
