"""Repartir el lote entre dos dispositivos da lo mismo, si la normalización se sincroniza."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from course_utils.networks.replicas import split_cpu


@pytest.fixture(scope="module")
def found(root):
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}
    command = [sys.executable, "-m", "course_utils.networks.replicas"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=root)
    return json.loads(result.stdout)


def test_two_copies_give_the_loss_of_one(found):
    assert found["replicas"] == 2
    one, mirrored = (np.array(found["losses"][key]) for key in ("one", "mirrored"))
    assert one[-1] < one[0]
    np.testing.assert_allclose(mirrored, one, rtol=0, atol=1e-5)


def test_without_synchronizing_the_loss_is_another(found):
    assert np.abs(np.array(found["losses"]["not_synchronized"]) - found["losses"]["one"]).max() > 1e-4


def test_devices_cannot_be_split_once_in_use():
    import tensorflow as tf

    tf.zeros(1)
    with pytest.raises(RuntimeError, match="llama a split_cpu lo primero"):
        split_cpu(2)
