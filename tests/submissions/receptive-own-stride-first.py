"""Multiplies with the layer's own stride before it adds.

loses: q8c-receptive

says: In (8.8) a layer's stride counts for the layers after it, not for itself.
"""


# %% q8c-receptive
def receptive_field(layers):
    side, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        side += (kernel - 1) * jump
    return side
