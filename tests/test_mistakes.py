"""Classic mistakes, as code: each gives the numbers that it is known for, and says no more than it should."""

import re
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.special

from autograde import truth
from autograde.cells import exercise_id, is_test
from autograde.course import Course
from autograde.planted import all_patches, answers_of
from helpers import second_probe, toy_problem
from tests.conftest import ROOT

PATCHES = {patch.name: patch for patch in all_patches(Course(ROOT))}
MISTAKES = [patch for name, patch in PATCHES.items() if "/" in name and patch.loses]

#: By name: the loss (1.6) on the toy problem and on the second probe, with this in the place of the exercise's answer.
#: None: no finite number, or an exception.
LOSSES = {
    "loss-penalty-missing": (1.265857052118, 1.931195725391),
    "loss-spectral-norm": (1.284159016878, 2.371959537441),
    "loss-biases-penalised": (1.303787891330, 3.059495725391),
    "loss-sum-instead-of-mean loss/sum-instead-of-mean": (6.367216099802, 14.528470077738),
    "loss-mean-over-all-entries loss/mean-over-all-entries": (0.459883189918, 1.492898931348),
    "cross_entropy/over-the-classes loss/over-the-classes": (2.147692592742, 4.389692519435),
    "loss/over-the-features": (1.620252154359, 3.713774015548),
    "loss/over-the-hidden-units": (0.670859365271, 2.512141119749),
    "cross_entropy/over-twice-n loss/over-twice-n": (0.670859365271, 1.975697862696),
    "cross_entropy/over-n-twice loss/over-n-twice": (0.291102249635, 1.285985103627),
    "cross_entropy/last-sample-only loss/last-sample-only": (1.168655077082, 1.634319684787),
    "cross_entropy/last-sample-over-n loss/last-sample-over-n": (0.264075686786, 1.099274240684),
    "cross_entropy/first-sample-only loss/first-sample-only": (1.047263538948, 1.202281005004),
    "cross_entropy/last-sample-dropped loss/last-sample-dropped": (1.077643043756, 2.852121484707),
    "cross_entropy/median loss/median": (1.215586207128, 2.201607562776),
    "loss-log-of-mean-probability loss/log-of-mean-probability": (1.273547156289, 2.033659416757),
    "loss-minus-sign-missing loss/minus-sign-missing": (-1.227926212906, -0.921095725391),
    "cross_entropy/log-missing loss/log-missing": (-0.252724731950, 0.650786285938),
    "cross_entropy/mean-probability loss/mean-probability": (0.328586410374, 1.369413714062),
    "cross_entropy/inverse-probability loss/inverse-probability": (3.716932698440, 37.992170057563),
    "loss-log-base-2 loss/log-base-2": (1.864176530777, 3.796226496008),
    "cross_entropy/entropy loss/entropy": (1.108295251089, 1.932899860735),
    "cross_entropy/weighted-with-probability loss/weighted-with-probability": (0.389218508985, 1.239938209665),
    "cross_entropy/binary-cross-entropy loss/binary-cross-entropy": (2.193336893603, 3.785309711774),
    "loss-squared-error loss/squared-error": (0.808090378779, 1.756270867670),
    "cross_entropy/half-squared-error loss/half-squared-error": (0.423010608995, 1.383185433835),
    "cross_entropy/hinge loss/hinge": (2.449056217262, 5.432814285714),
    "loss-no-one-hot loss/no-one-hot": (3.424376617516, 9.856597187279),
    "cross_entropy/softmax-over-axis-0 loss/softmax-over-axis-0": (1.798378819414, 4.229543934540),
    "cross_entropy/max-per-column loss/max-per-column": (1.279308504938, 3.172860155649),
    "cross_entropy/max-in-numerator-only loss/max-in-numerator-only": (0.993599549859, 2.734295725391),
    "loss-max-left-out-of-label-score loss/max-in-denominator-only": (1.613976232801, 3.148295725391),
    "cross_entropy/divided-by-the-max loss/divided-by-the-max": (1.547797970322, 3.687718846510),
    "cross_entropy/softmax-first loss-probabilities-as-scores": (1.182228479646, 2.315228210768),
    "cross_entropy/score-alone loss/score-alone": (0.738763669013, 2.577385714286),
    "cross_entropy/label-score-missing loss/label-score-missing": (0.602955061529, 1.374010011105),
    "cross_entropy/sum-without-the-label loss/sum-without-the-label": (0.956418860133, 2.364739481999),
    "cross_entropy/no-exponentials loss/no-exponentials": (0.900344005800, None),
    "cross_entropy/exponents-negated loss/exponents-negated": (1.032042816181, 3.849263912711),
    "cross_entropy/powers-of-two loss/powers-of-two": (1.246321796944, 2.656921157150),
    "loss-labels-counted-from-one loss/labels-counted-from-one": (1.079091775183, 3.567867153963),
    "cross_entropy/classes-from-the-end loss/classes-from-the-end": (1.140123727149, 3.525152868248),
    "cross_entropy/class-0-always loss/class-0-always": (0.934938896067, 3.926438582534),
    "cross_entropy/labels-backward loss/labels-backward": (1.221466239002, 3.004581439677),
    "cross_entropy/labels-sorted loss/labels-sorted": (1.341995597036, 3.567438582534),
    "loss-label-column-for-every-row loss/label-columns-for-every-row": (1.213107539162, 3.381867153963),
    "cross_entropy/label-columns-summed loss/label-columns-summed": (5.913814338965, 17.612470077738),
    "cross_entropy/indices-swapped loss/indices-swapped": (None, None),
    "cross_entropy/after-the-gradient loss/after-the-gradient": (None, None),
    "cross_entropy/tiny-epsilon": (1.303787891326, 2.941295725354),
    "cross_entropy/no-shift": (1.303787891330, 2.941295725391),
    "loss/only-w2-penalised": (1.279178104219, 2.554295725391),
    "loss/mean-of-squares": (1.266916331866, 1.957104058725),
    "loss/square-of-the-sum": (1.438125612086, 3.288695725391),
    "loss/square-of-the-sum-of-norms": (1.339999947681, 3.923415270050),
    "loss/product-of-the-norms": (1.272413617244, 9.969185725391),
    "loss/sum-of-all-products": (1.324076326443, 3.487295725391),
    "loss/penalty-subtracted": (1.227926212906, 0.921095725391),
    "loss/penalty-times-n": (1.455511248177, 9.001895725391),
    "loss/lambda-squared": (1.267753594079, 1.961498725391),
    "loss/whole-loss-negated": (-1.303787891330, -2.941295725391),
    "loss/everything-summed": (6.518939456649, 20.589070077738),
    "forward-relu-on-output loss/relu-on-output": (1.136543127880, 2.489940080749),
    "forward/relu-on-output-only loss/relu-on-output-only": (1.105908337478, 2.960266885463),
    "forward/relu-on-input loss/relu-on-input": (1.214791669637, 3.315824162318),
    "forward/minimum loss/minimum relu/minimum": (1.063783357145, 3.738047918926),
    "forward/absolute-value loss/absolute-value relu-absolute-value": (1.486472034195, 3.424019336135),
    "forward/leaky loss/leaky relu-leaky": (1.302358957013, 2.943113526445),
    "forward/leaky-tenth loss/leaky-tenth relu/leaky-tenth": (1.289859704615, 2.966051347432),
    "forward/sigmoid loss/sigmoid relu/sigmoid": (1.182247980394, 2.447155785689),
    "forward/tanh loss/tanh relu/tanh": (1.154859559912, 2.879262169750),
    "forward/softplus loss/softplus relu/softplus": (1.320972933124, 3.108944121094),
    "forward/step loss/step relu-step": (1.171796798235, 2.528875140990),
    "forward-b1-missing loss/b1-missing": (1.303787891330, 2.898536588642),
    "forward/b2-missing loss/b2-missing": (1.303787891330, 3.154001892638),
    "forward/no-biases loss/no-biases": (1.303787891330, 3.111253057174),
    "forward/b1-after-relu loss/b1-after-relu": (1.303787891330, 2.936669700647),
    "forward/b2-subtracted loss/b2-subtracted": (1.303787891330, 3.474827119701),
    "forward/w1-reshaped loss/w1-reshaped": (1.232060179986, 4.042132472776),
    "forward/both-reshaped loss/both-reshaped": (1.090661543469, 5.351693294045),
    "forward/x-reshaped loss/x-reshaped": (1.174423560336, 4.827695105033),
    "forward/w1-transposed loss/w1-transposed": (None, None),
    "loss/both-transposed": (None, None),
    "forward/layers-swapped loss/layers-swapped": (None, None),
    "forward/x-over-255 loss/x-over-255": (1.137081036449, 2.505070397814),
    "forward/x-centred loss/x-centred": (1.247506595919, 3.154684193955),
    "forward/x-as-integers loss/x-as-integers": (1.299215910579, 2.752746593186),
    "loss-half-penalty": (1.284822471724, 2.436245725391),
    "loss-only-w1-penalised": (1.290466839229, 2.318195725391),
    "loss-norm-not-squared": (1.326743378811, 2.175667781749),
    "loss-penalty-over-n": (1.273443219960, 2.075495725391),
    "loss-log-plus-epsilon": (1.303787854540, 2.941295355571),
}
#: The norms of dW1, db1, dW2 and db2 on both. None: another shape, or an exception.
GRADIENTS = {
    "backward/penalty-missing weights-penalty-missing": (
        (1.466406204345, 0.048470235661, 1.906646941639, 0.262773519350),
        (1.633788257453, 0.431641900872, 0.875090962796, 0.254893282880),
    ),
    "backward/half-penalty weights-half-penalty": (
        (1.473474434635, 0.048470235661, 1.911940866421, 0.262773519350),
        (1.654328533710, 0.431641900872, 0.924346713110, 0.254893282880),
    ),
    "backward/twice-the-penalty weights/twice-the-penalty": (
        (1.499410564831, 0.048470235661, 1.929807362883, 0.262773519350),
        (1.754633688042, 0.431641900872, 1.159582168130, 0.254893282880),
    ),
    "backward/penalty-of-w2-missing": (
        (1.481339813012, 0.048470235661, 1.906646941639, 0.262773519350),
        (1.681535525852, 0.431641900872, 0.875090962796, 0.254893282880),
    ),
    "backward/half-penalty-of-w2": (
        (1.481339813012, 0.048470235661, 1.911940866421, 0.262773519350),
        (1.681535525852, 0.431641900872, 0.924346713110, 0.254893282880),
    ),
    "backward/penalty-over-n weights-penalty-over-n": (
        (1.469137073268, 0.048470235661, 1.908724399720, 0.262773519350),
        (1.638960490745, 0.431641900872, 0.887295277974, 0.254893282880),
    ),
    "backward/penalty-times-n weights/penalty-times-n": (
        (1.571269783308, 0.048470235661, 1.974183492183, 0.262773519350),
        (2.393288041954, 0.431641900872, 2.325675672432, 0.254893282880),
    ),
    "backward/lambda-missing weights/lambda-missing": (
        (2.213842967770, 0.048470235661, 2.341571542602, 0.262773519350),
        (7.615632117812, 0.431641900872, 9.407891778598, 0.254893282880),
    ),
    "backward/squared-weights weights/squared-weights": (
        (1.468680352347, 0.048470235661, 1.905838579894, 0.262773519350),
        (1.619887493768, 0.431641900872, 0.853837073143, 0.254893282880),
    ),
    "backward/absolute-weights weights/absolute-weights": (
        (1.476854618194, 0.048470235661, 1.903451322085, 0.262773519350),
        (1.618311263930, 0.431641900872, 0.878688504450, 0.254893282880),
    ),
    "backward/b1-penalised-with-w2": (
        (1.481339813012, None, 1.917567547319, 0.262773519350),
        (1.681535525852, None, 0.990169429394, 0.254893282880),
    ),
    "backward/over-n-twice-with-penalty": (
        (0.296267962602, 0.009694047132, 0.383513509464, 0.052554703870),
        (0.240219360836, 0.061663128696, 0.141452775628, 0.036413326126),
    ),
    "backward/over-n-twice": (
        (0.314253956662, 0.009694047132, 0.394836698437, 0.052554703870),
        (0.341898291708, 0.061663128696, 0.332239381776, 0.036413326126),
    ),
    "backward/over-k": (
        (2.458306879882, 0.080783726101, 3.188399455945, 0.437955865584),
        (2.901174264044, 0.755373326527, 1.632413819048, 0.446063245040),
    ),
    "backward/over-n-times-k": (
        (0.506835537328, 0.016156745220, 0.647780487338, 0.087591173117),
        (0.491155187303, 0.107910475218, 0.396992869593, 0.063723320720),
    ),
    "backward/not-over-n-in-w2": (
        (1.481339813012, 0.048470235661, 9.543621998601, 0.262773519350),
        (1.681535525852, 0.431641900872, 6.211066945815, 0.254893282880),
    ),
    "backward/not-over-n-in-w1": (
        (7.345685366338, 0.048470235661, 1.917567547319, 0.262773519350),
        (11.472723435216, 0.431641900872, 0.990169429394, 0.254893282880),
    ),
    "backward/not-over-n-in-biases": (
        (1.481339813012, 0.242351178304, 1.917567547319, 1.313867596752),
        (1.681535525852, 3.021493306107, 0.990169429394, 1.784252980161),
    ),
    "backward/not-over-n-in-weights": (
        (7.345685366338, 0.048470235661, 9.543621998601, 0.262773519350),
        (11.472723435216, 0.431641900872, 6.211066945815, 0.254893282880),
    ),
    "backward/over-n-again-on-the-way-down": (
        (0.314253956662, 0.009694047132, 1.917567547319, 0.262773519350),
        (0.341898291708, 0.061663128696, 0.990169429394, 0.254893282880),
    ),
    "backward/biases-averaged bias-mean-instead-of-sum": (
        (1.481339813012, 0.009694047132, 1.917567547319, 0.052554703870),
        (1.681535525852, 0.061663128696, 0.990169429394, 0.036413326126),
    ),
    "backward/biases-one-number bias/one-number": (
        (1.481339813012, 0.139846893288, 1.917567547319, 0.000000000000),
        (1.681535525852, 1.597661900535, 0.990169429394, 0.000000000000),
    ),
    "backward/biases-of-the-last-sample bias-last-sample-only": (
        (1.481339813012, 0.016161872936, 1.917567547319, 0.166026501786),
        (1.681535525852, 0.133147642171, 0.990169429394, 0.086087891675),
    ),
    "backward/b2-averaged": (
        (1.481339813012, 0.048470235661, 1.917567547319, 0.052554703870),
        (1.681535525852, 0.431641900872, 0.990169429394, 0.036413326126),
    ),
    "backward/biases-zero bias/zero": (
        (1.481339813012, 0.000000000000, 1.917567547319, 0.000000000000),
        (1.681535525852, 0.000000000000, 0.990169429394, 0.000000000000),
    ),
    "backward/one-hot-missing scores-one-hot-missing": (
        (1.836064477055, 0.095141179520, 2.869569495209, 0.587420022854),
        (2.655863565014, 0.869990386639, 1.483023209463, 0.533523323922),
    ),
    "backward/one-hot-added scores/one-hot-added": (
        (3.950725656063, 0.206498473731, 5.814846266702, 1.158047772774),
        (5.452389815923, 1.685987501708, 2.843379452574, 1.056678090357),
    ),
    "backward/softmax-dropped scores/softmax-dropped": (
        (2.382279619403, 0.115946744925, 3.263916802018, 0.600000000000),
        (3.073563045704, 0.870374069242, 1.611244721022, 0.553283335172),
    ),
    "backward/sign-flipped scores-sign-flipped": (
        (1.454706357145, 0.048470235661, 1.897068328351, 0.262773519350),
        (1.613643831730, 0.431641900872, 0.837064446401, 0.254893282880),
    ),
    "backward/true-class-only scores/true-class-only": (
        (1.726184546519, 0.081019936514, 2.349811638310, 0.431105255435),
        (1.952142303438, 0.519597852741, 1.048155698468, 0.354678378830),
    ),
    "backward/other-classes-only scores/other-classes-only": (
        (1.325695615038, 0.063543638202, 2.173169046298, 0.429553467587),
        (1.702281317935, 0.551447444427, 0.951113012979, 0.349727967456),
    ),
    "backward/jacobian-diagonal-again scores-jacobian-applied-again": (
        (0.308619123162, 0.009999936394, 0.433102717233, 0.057819493726),
        (0.363220022969, 0.053203357324, 0.337682832423, 0.047842536696),
    ),
    "backward/jacobian-again scores/jacobian-again": (
        (0.442327059600, 0.017131736356, 0.647690844664, 0.085454232662),
        (0.475640372325, 0.043355793973, 0.388833213339, 0.047483881967),
    ),
    "backward/jacobian-missing scores/jacobian-missing": (
        (9.333772863025, 0.405802442380, 12.797520799851, 2.300815460266),
        (118.346363593460, 41.900917933566, 58.530006087902, 25.657444524081),
    ),
    "backward/label-columns-for-every-row scores-label-columns-for-every-row": (
        (3.552430096704, 0.181099331375, 5.676082039798, 1.159768202379),
        (7.338317374771, 2.637232440341, 4.110773734584, 1.511504924626),
    ),
    "backward/most-likely-class scores/most-likely-class": (
        (1.319761338782, 0.071723824687, 2.493089609643, 0.485616274319),
        (0.970214521478, 0.218669715061, 1.064468770049, 0.187827706875),
    ),
    "backward/labels-counted-from-one scores/labels-counted-from-one": (
        (1.654102949092, 0.058215492090, 1.882340888308, 0.195833714473),
        (2.191932580223, 0.688776644964, 1.210974848337, 0.369155109140),
    ),
    "backward/label-after scores/label-after": (
        (1.172263938224, 0.019323764772, 1.435913815305, 0.088238787115),
        (1.802185622392, 0.782958821374, 1.234476329286, 0.311405114094),
    ),
    "backward/factor-2 scores/factor-2": (
        (2.946948869270, 0.096940471322, 3.823881732842, 0.525547038701),
        (3.308657067419, 0.863283801745, 1.848693426220, 0.509786565760),
    ),
    "backward/squared-error scores/squared-error": (
        (0.863543491289, 0.034263472711, 1.283698334026, 0.170908465324),
        (0.867947653139, 0.086711587946, 0.607435106100, 0.094967763933),
    ),
    "backward/over-probabilities scores/over-probabilities": (
        (6.208637863109, 0.186569173442, 7.019874858158, 0.967340717505),
        (115.691652734449, 40.207264213313, 56.854224142833, 24.255727558479),
    ),
    "backward/softmax-not-over-n scores/softmax-not-over-n": (
        (7.590546117101, 0.372839253433, 11.934377790115, 2.409667046989),
        (16.127717922836, 5.343032327353, 9.085328041246, 3.251651759771),
    ),
    "backward/one-hot-not-over-n scores-one-hot-not-divided-by-n": (
        (10.396665830220, 0.494380820559, 13.987639272717, 2.482941900118),
        (19.102304464270, 5.346030895365, 9.574129652160, 3.406472388517),
    ),
    "backward/scores-for-probabilities": (
        (5.915999340514, 0.290415541932, 9.268889885370, 1.628683137670),
        (27.957708087293, 8.508097979740, 15.223254525649, 4.429342932798),
    ),
    "backward/exponentials-for-probabilities": (
        (1.885037575493, 0.069361387242, 2.764643061046, 0.588573804127),
        (7.242550867546, 2.154452883789, 2.542563711450, 1.051008589258),
    ),
    "backward/columns-normalised": (
        (1.705264661851, 0.072083079980, 2.181449982126, 0.282842712475),
        (2.688811101919, 0.615680051251, 1.279969801923, 0.319438282500),
    ),
    "backward/relu-on-output": (
        (0.070156663419, 0.000000000000, 0.051615989967, 0.000000000000),
        (0.915774557128, 0.299224131092, 0.530569026443, 0.135631891275),
    ),
    "backward/mask-missing hidden-mask-missing": (
        (2.313309401229, 0.068607339482, 1.917567547319, 0.262773519350),
        (2.705514532167, 0.401759907449, 0.990169429394, 0.254893282880),
    ),
    "backward/times-activations hidden-times-activations": (
        (4.489699976055, 0.147954319659, 1.917567547319, 0.262773519350),
        (2.471743714680, 0.764291636855, 0.990169429394, 0.254893282880),
    ),
    "backward/times-pre-activations hidden/times-pre-activations": (
        (5.141719606919, 0.206562540618, 1.917567547319, 0.262773519350),
        (3.493497771426, 1.353606787959, 0.990169429394, 0.254893282880),
    ),
    "backward/sigmoid-of-activations hidden/sigmoid-of-activations": (
        (15.307603785626, 0.462022202569, 1.917567547319, 0.262773519350),
        (3.023565879183, 1.031700830280, 0.990169429394, 0.254893282880),
    ),
    "backward/sigmoid-of-pre-activations hidden/sigmoid-of-pre-activations": (
        (0.352635515355, 0.011956021119, 1.917567547319, 0.262773519350),
        (0.564340247458, 0.065629019023, 0.990169429394, 0.254893282880),
    ),
    "backward/leaky hidden/leaky": (
        (1.482927884259, 0.048211033742, 1.917567547319, 0.262773519350),
        (1.685930996939, 0.429553993875, 0.990169429394, 0.254893282880),
    ),
    "backward/mask-of-first-sample hidden-mask-of-first-sample": (
        (1.507454326086, 0.037134878816, 1.917567547319, 0.262773519350),
        (2.379632406412, 0.252969491071, 0.990169429394, 0.254893282880),
    ),
    "backward/mask-per-sample hidden/mask-per-sample": (
        (1.713272431757, 0.022959661317, 1.917567547319, 0.262773519350),
        (1.357122949391, 0.183224875400, 0.990169429394, 0.254893282880),
    ),
    "backward/mask-in-b1-only": (
        (2.313309401229, 0.048470235661, 1.917567547319, 0.262773519350),
        (2.705514532167, 0.431641900872, 0.990169429394, 0.254893282880),
    ),
    "backward/w2-reshaped hidden-weights-transposed-by-reshape": (
        (2.085370068470, 0.056471023070, 1.917567547319, 0.262773519350),
        (1.645003678724, 0.493941879046, 0.990169429394, 0.254893282880),
    ),
    "backward/dw2-reshaped": (
        (1.481339813012, 0.048470235661, 1.898333837997, 0.262773519350),
        (1.681535525852, 0.431641900872, 0.912066108342, 0.254893282880),
    ),
    "backward/dw1-reshaped": (
        (1.462444033340, 0.048470235661, 1.917567547319, 0.262773519350),
        (1.624239309650, 0.431641900872, 0.990169429394, 0.254893282880),
    ),
    "backward/dw2-transposed": (
        (1.481339813012, 0.048470235661, None, 0.262773519350),
        (1.681535525852, 0.431641900872, None, 0.254893282880),
    ),
    "backward/weights-swapped": (
        (None, 0.048470235661, None, 0.262773519350),
        (None, 0.431641900872, None, 0.254893282880),
    ),
    "backward/first-layer-zero": (
        (0.000000000000, 0.000000000000, 1.917567547319, 0.262773519350),
        (0.000000000000, 0.000000000000, 0.990169429394, 0.254893282880),
    ),
    "backward/first-layer-penalty-only": (
        (0.070156663419, 0.000000000000, 1.917567547319, 0.262773519350),
        (0.215499419953, 0.000000000000, 0.990169429394, 0.254893282880),
    ),
    "backward-penalty-of-w1-missing": (
        (1.466406204345, 0.048470235661, 1.917567547319, 0.262773519350),
        (1.633788257453, 0.431641900872, 0.990169429394, 0.254893282880),
    ),
    "hidden/summed-over-samples": (
        (3.081861939229, 0.170664508437, 1.917567547319, 0.262773519350),
        (3.202688569171, 1.288078710621, 0.990169429394, 0.254893282880),
    ),
    "backward-mask-always-true": (
        (2.313309401229, 0.068607339482, 1.917567547319, 0.262773519350),
        (2.705514532167, 0.401759907449, 0.990169429394, 0.254893282880),
    ),
    "backward-w2-from-pre-activations": (
        (1.481339813012, 0.048470235661, 3.011156480014, 0.262773519350),
        (1.681535525852, 0.431641900872, 1.709535579302, 0.254893282880),
    ),
    "backward-w1-transposed": (
        (None, 0.048470235661, 1.917567547319, 0.262773519350),
        (None, 0.431641900872, 0.990169429394, 0.254893282880),
    ),
    "backward-w2-updated-too-early": (
        (1.474910768472, 0.048112021734, 1.917567547319, 0.262773519350),
        (1.681187369705, 0.431520197381, 0.990169429394, 0.254893282880),
    ),
}
#: The first row of the probabilities, and the sum of all of them, on both.
PROBABILITIES = {
    "forward-scores-returned-as-probabilities softmax/scores-as-they-are": (
        ((-0.812337413109, -1.276546240567, -0.703359947778), -8.456865556762),
        ((-3.926000000000, -1.335000000000, -2.615000000000, 0.519000000000), -51.736000000000),
    ),
    "forward/exponentials-only softmax/exponentials-only": (
        ((0.443819463442, 0.278999234591, 0.494919603004), 9.172166417638),
        ((0.019722404602, 0.263158175456, 0.073167788696, 1.680346462783), 20.278964715068),
    ),
    "forward/log-probabilities softmax/log-probabilities": (
        ((-1.009332699736, -1.473541527193, -0.900355234405), -16.932228891521),
        ((-4.637181005004, -2.046181005004, -3.326181005004, -0.192181005004), -61.925480310953),
    ),
    "forward/sigmoid-of-scores softmax/sigmoid": (
        ((0.307392630921, 0.218138703328, 0.331067705587), 5.513264714760),
        ((0.019340954473, 0.208333509270, 0.068179262802, 0.626913903152), 6.979370356259),
    ),
    "forward/no-exponentials softmax/no-exponentials": (
        ((0.290926412254, 0.457175813708, 0.251897774038), 5.000000000000),
        ((0.533641429931, 0.181459834172, 0.355443795025, -0.070545059127), 7.000000000000),
    ),
    "forward/winner-takes-all softmax/winner-takes-all": (
        ((0.000000000000, 0.000000000000, 1.000000000000), 5.000000000000),
        ((0.000000000000, 0.000000000000, 0.000000000000, 1.000000000000), 7.000000000000),
    ),
    "forward/over-the-largest softmax-not-normalised": (
        ((0.896750625249, 0.563726376764, 1.000000000000), 12.042837024100),
        ((0.011737106031, 0.156609473870, 0.043543275340, 1.000000000000), 12.629936503593),
    ),
    "forward/softmax-over-axis-0 softmax-over-axis-0": (
        ((0.118849769799, 0.114123270514, 0.165350276826), 3.000000000000),
        ((0.002603587263, 0.053371351336, 0.030501899961, 0.312658633623), 4.000000000000),
    ),
    "forward/softmax-over-whole-matrix": (
        ((0.048387637471, 0.030418030145, 0.053958855571), 1.000000000000),
        ((0.000972554806, 0.012976903858, 0.003608063317, 0.082861550695), 1.000000000000),
    ),
    "forward/softmax-twice softmax-twice": (
        ((0.342904167713, 0.299496145486, 0.357599686801), 5.000000000000),
        ((0.184712554861, 0.208167569866, 0.189624529851, 0.417495345421), 7.000000000000),
    ),
    "forward-relu-missing": (
        ((0.257599293136, 0.234565761024, 0.507834945839), 5.000000000000),
        ((0.221701577438, 0.034101188320, 0.027013378189, 0.717183856052), 7.000000000000),
    ),
    "forward/absolute-value": (
        ((0.484316660143, 0.210185519133, 0.305497820724), 5.000000000000),
        ((0.000284462542, 0.329259535695, 0.032131803474, 0.638324198290), 7.000000000000),
    ),
    "forward/sigmoid": (
        ((0.374083360474, 0.312271696196, 0.313644943330), 5.000000000000),
        ((0.153743447885, 0.262464694420, 0.183992669335, 0.399799188359), 7.000000000000),
    ),
    "forward/tanh": (
        ((0.267685092963, 0.329578059863, 0.402736847175), 5.000000000000),
        ((0.549976341345, 0.092940619926, 0.133507398015, 0.223575640714), 7.000000000000),
    ),
    "forward/w1-reshaped": (
        ((0.580014469521, 0.168425198496, 0.251560331983), 5.000000000000),
        ((0.000126516253, 0.777136107974, 0.000972987062, 0.221764388710), 7.000000000000),
    ),
    "forward/b2-missing": (
        ((0.364462104102, 0.229112638038, 0.406425257859), 5.000000000000),
        ((0.005471986301, 0.198470738636, 0.027402703512, 0.768654571551), 7.000000000000),
    ),
}


WHOLE = """
def forward(params, X):
    Z2 = affine(X, params["W1"], params["b1"])
    A2 = relu(Z2)
    Z3 = affine(A2, params["W2"], params["b2"])
    return {"X": X, "Z2": Z2, "A2": A2, "Z3": Z3, "P": softmax(Z3)}

def compute_loss(params, X, y, reg):
    penalty = np.vdot(params["W1"], params["W1"]) + np.vdot(params["W2"], params["W2"])
    return cross_entropy(forward(params, X)["Z3"], y) + reg * penalty

def backward(params, cache, y, reg):
    dZ3 = scores_gradient(cache["P"], y)
    dZ2 = hidden_gradient(dZ3, params["W2"], cache["Z2"])
    dW1 = weight_gradient(cache["X"], dZ2, params["W1"], reg)
    dW2 = weight_gradient(cache["A2"], dZ3, params["W2"], reg)
    return {"W1": dW1, "b1": bias_gradient(dZ2), "W2": dW2, "b2": bias_gradient(dZ3)}
"""


def with_mistake(name: str) -> SimpleNamespace:
    """Notebooks 01 and 02, all right but for one exercise."""
    blocks = truth.FORWARD_BLOCKS | truth.BACKWARD_BLOCKS | {"cross_entropy": truth.cross_entropy}
    namespace = {"np": np, "scipy": scipy, **blocks}
    for source in (WHOLE, *PATCHES[name].cells.values()):
        exec(source, namespace)
    return SimpleNamespace(**namespace)


def or_none(compute: Callable, *arguments: Any) -> Any:
    try:
        value = compute(*arguments)
    except (ValueError, IndexError):
        return None
    return value if isinstance(value, dict) or np.isfinite(value) else None


def one_by_one(table: dict[str, tuple]) -> list:
    """Each name with its numbers on each of the two problems."""
    return [pytest.param(name, *both, id=name) for names, both in table.items() for name in names.split()]


@pytest.mark.parametrize(("name", "on_toy", "on_probe"), one_by_one(LOSSES))
def test_each_gives_the_loss_that_it_is_known_for(name, on_toy, on_probe):
    for problem, known in ((toy_problem(), on_toy), (second_probe(), on_probe)):
        with np.errstate(all="ignore"):
            loss = or_none(with_mistake(name).compute_loss, problem.params, problem.X, problem.y, problem.reg)
        assert loss == (known if known is None else pytest.approx(known, rel=1e-10))


@pytest.mark.parametrize(("name", "on_toy", "on_probe"), one_by_one(GRADIENTS))
def test_each_gives_the_gradient_that_it_is_known_for(name, on_toy, on_probe):
    for problem, known in ((toy_problem(), on_toy), (second_probe(), on_probe)):
        grads = or_none(with_mistake(name).backward, problem.params, problem.cache, problem.y, problem.reg)
        assert (grads is None) == (known is None)
        for key, norm in zip(("W1", "b1", "W2", "b2"), known or (), strict=grads is not None):
            if norm is None:
                assert grads[key].shape != problem.params[key].shape
            else:
                assert np.linalg.norm(grads[key]) == pytest.approx(norm, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize(("name", "on_toy", "on_probe"), one_by_one(PROBABILITIES))
def test_each_gives_the_probabilities_that_it_is_known_for(name, on_toy, on_probe):
    for problem, (row, total) in ((toy_problem(), on_toy), (second_probe(), on_probe)):
        P = with_mistake(name).forward(problem.params, problem.X)["P"]
        assert P[0] == pytest.approx(row, rel=1e-9, abs=1e-11)
        assert np.sum(P) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize("patch", MISTAKES, ids=lambda patch: patch.name)
def test_a_nudge_is_short_and_no_answer(patch):
    assert patch.does.endswith(".")
    assert len(patch.says) <= 150
    assert not re.search(r"\bnp\.|\*\*|@|axis=|keepdims|\w\(\w", patch.says)


#: What has no answer in code: a rule about the source of the functions before it, and what is judged on trained weights.
WITHOUT_CODE = {"q1c-vectorised", "q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best"}


def test_every_exercise_with_an_answer_in_code_has_many_right_variants(built):
    right = Counter(key for patch in PATCHES.values() if not patch.loses for key in patch.cells)
    tested = {exercise_id(cell) for item in built for cell in item.full.cells if is_test(cell)}
    assert {exercise: right[exercise] for exercise in tested - WITHOUT_CODE if right[exercise] < 12} == {}
    assert tested - {key for item in built for key in answers_of(item.full)} == WITHOUT_CODE
