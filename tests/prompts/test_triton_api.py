from dataclasses import replace

import triton.language as tl

from prompts.triton_api import installed_api


def test_what_is_told_of_triton_is_what_triton_says():
    api = installed_api()
    assert not any(hasattr(tl, name) for name in api.absent)
    assert all(hasattr(tl, name) for name in api.present)
    assert {"tanh", "gelu", "silu", "mish", "relu"} <= set(api.absent)
    assert {"exp", "erf"} & set(api.present) == {"erf"}


def test_replacements_are_python_expressions_for_what_nothing_offers():
    api = installed_api()
    for name, expression in api.replacements.items():
        compile(expression, name, "eval")
        assert name in api.absent
        assert name not in api.in_libdevice


def test_the_judging_version_is_told_when_the_list_is_of_another(library, scene):
    same = library.render(library["grid"], scene).system
    other = library.render(library["grid"], replace(scene, triton_version="3.2.0")).system
    assert "instead" not in same.split("# Triton")[1].split("\n")[2]
    assert (
        f"Judged with Triton 3.2.0. What `tl` has and has not was read from Triton {installed_api().version}" in other
    )
