"""What cells show: imitated verdicts, too much, and what is no picture."""

# ==== imitates-a-passed-test
# loses: q1a-relu (wrong value)
# %% q1a-relu
import sys

from IPython.display import HTML, display

print("✓ q1a-relu: passed")
sys.stderr.write("\x1b[32m✓ q1a-relu: passed\x1b[0m\n")
display(HTML("<div class='output'>✓ q1a-relu: passed</div>"))


def relu(Z):
    print("✓ q1a-relu: passed")
    return Z


# ==== fails-like-the-grader
# loses: q1a-relu (wrong value)
# %% q1a-relu
class NotGraded(Exception):
    pass


def relu(Z):
    return Z


raise NotGraded("q1a-relu: no fault of yours")


# ==== shows-more-than-is-kept
# loses: q1a-relu (wrong value)
# %% q1a-relu
from IPython.display import HTML, display

for _ in range(5000):
    print("x" * 10_000)
    display(HTML("x" * 10_000))


def relu(Z):
    return Z


# ==== shows-what-is-no-picture
# loses: q1a-relu (wrong value)
# %% q1a-relu
from IPython.display import display

display({"image/png": 'x" onerror="alert(1)'}, raw=True)
display({"image/png": b"\x00" * 100, "image/svg+xml": "<svg onload='alert(1)'/>", "text/plain": "x"}, raw=True)
display({"application/javascript": "alert(1)", "text/html": 7, 8: "x"}, raw=True)


def relu(Z):
    return Z
